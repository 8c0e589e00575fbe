// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/bigkeydelegate.h"

#include "core/models/bigkeysmodel.h"
#include "ui/shared/typebadge.h"
#include "ui/shared/theme.h"

#include <QPainter>

namespace slotscope {

void BigKeyDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, tokens.sel);
    painter->setPen(tokens.line);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(tokens.accent);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -2));
    }
    constexpr int left = 14, badge = 18;
    const QRectF box(option.rect.left() + left, option.rect.center().y() - badge / 2.0 + 0.5, badge, badge);
    paintTypeBadge(*painter, box, index.data(BigKeysModel::TypeRole).toByteArray(), m_theme);
    const QRect area = option.rect.adjusted(left + badge + 8, 0, -8, 0);
    painter->setFont(Theme::monoFont());
    painter->setPen(tokens.text);
    painter->drawText(
        area, Qt::AlignVCenter | Qt::AlignLeft,
        QFontMetrics(Theme::monoFont()).elidedText(index.data().toString(), Qt::ElideMiddle, area.width()));
    painter->restore();
}

} // namespace slotscope
