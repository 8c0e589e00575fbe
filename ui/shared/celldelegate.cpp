// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/celldelegate.h"

#include "core/models/tableroles.h"
#include "ui/shared/badge.h"
#include "ui/shared/theme.h"

#include <QPainter>

namespace slotscope {
namespace {

constexpr int margin = 8;
constexpr int arrowWidth = 10; ///< what the header keeps free for its sort mark

QFont fontOf(const QModelIndex &index)
{
    return index.data(MonospaceRole).toBool() ? Theme::monoFont() : Theme::textFont();
}

} // namespace

CellDelegate::CellDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const QString text = index.data().toString();
    const auto tone = Tone(index.data(ToneRole).toInt());
    QRect area = option.rect.adjusted(margin, 0, -margin, 0);
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, tokens.sel);
    painter->setPen(tokens.line);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(tokens.accent);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -2));
    }
    if (index.data(BadgeRole).toBool() && !text.isEmpty()) {
        QRect badge(QPoint(area.left(), 0), badgeSize(text));
        badge.moveTop(area.center().y() - badge.height() / 2);
        paintBadge(*painter, badge, text, tone, tokens);
        painter->restore();
        return;
    }
    if (const QVariant colour = index.data(ShardColourRole); colour.isValid() && colour.toInt() >= 0) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(shardColour(colour.toInt()));
        painter->drawRoundedRect(QRect(area.left(), area.center().y() - 4, 9, 9), 2, 2);
        area.setLeft(area.left() + 16);
    }
    const QFont font = fontOf(index);
    painter->setFont(font);
    painter->setPen(tone == Tone::Neutral ? tokens.text : toneColours(tokens, tone).text);
    const bool number = index.data(NumberRole).toBool();
    const bool middle = index.data(MonospaceRole).toBool() && !number;
    if (number)
        area.setRight(area.right() - arrowWidth);
    painter->drawText(area, int(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft)),
                      QFontMetrics(font).elidedText(text, middle ? Qt::ElideMiddle : Qt::ElideRight, area.width()));
    painter->restore();
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const QString text = index.data().toString();
    if (index.data(BadgeRole).toBool())
        return {badgeSize(text).width() + 2 * margin, 32};
    const bool chip = index.data(ShardColourRole).isValid() && index.data(ShardColourRole).toInt() >= 0;
    return {QFontMetrics(fontOf(index)).horizontalAdvance(text) + 2 * margin + (chip ? 18 : 2), 32};
}

} // namespace slotscope
