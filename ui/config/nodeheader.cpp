// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/nodeheader.h"

#include "core/models/configmodel.h"
#include "ui/shared/theme.h"

#include <QPainter>

namespace slotscope {
namespace {

constexpr int headerMargin = 8, chipSize = 10;

} // namespace

NodeHeader::NodeHeader(const Theme &theme, QWidget *parent) : QHeaderView(Qt::Horizontal, parent), m_theme(theme)
{
    setSectionsClickable(false);
}

void NodeHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    if (!model())
        return;
    const ThemeTokens &tokens = m_theme.tokens();
    const QString text = model()->headerData(section, Qt::Horizontal).toString();
    const QVariant shard = model()->headerData(section, Qt::Horizontal, ConfigModel::HeaderShardRole);
    const bool isNumber = model()->headerData(section, Qt::Horizontal, NumberRole).toBool();
    const QRect area = rect.adjusted(headerMargin, 0, -headerMargin, 0);
    painter->save();
    painter->fillRect(rect, tokens.surface);
    painter->setPen(tokens.line);
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    const int side = isNumber ? Qt::AlignRight : Qt::AlignLeft;
    if (!shard.isValid()) {
        painter->setFont(Theme::smallFont());
        painter->setPen(tokens.muted);
        painter->drawText(area, int(side | Qt::AlignVCenter), text);
        painter->restore();
        return;
    }
    const QRect upper(area.left(), rect.top() + 4, area.width(), rect.height() / 2 - 3);
    const QRect lower(area.left(), rect.center().y(), area.width(), rect.height() / 2 - 3);
    painter->setFont(Theme::monoFont());
    painter->setPen(tokens.text);
    painter->drawText(upper, int(Qt::AlignRight | Qt::AlignVCenter),
                      painter->fontMetrics().elidedText(text, Qt::ElideMiddle, upper.width()));
    const QString role = model()->headerData(section, Qt::Horizontal, ConfigModel::HeaderBadgeRole).toString();
    painter->setFont(Theme::smallFont());
    painter->setPen(tokens.accent);
    painter->drawText(lower, int(Qt::AlignRight | Qt::AlignVCenter), role);
    const int width = painter->fontMetrics().horizontalAdvance(role);
    painter->setRenderHint(QPainter::Antialiasing);
    const bool isInShard = shard.toInt() >= 0;
    painter->setPen(isInShard ? QPen(Qt::NoPen) : QPen(tokens.line2));
    painter->setBrush(isInShard ? QBrush(shardColour(shard.toInt())) : QBrush(Qt::NoBrush));
    painter->drawRoundedRect(
        QRect(lower.right() - width - 6 - chipSize, lower.center().y() - chipSize / 2 + 1, chipSize, chipSize), 2, 2);
    painter->restore();
}

} // namespace slotscope
