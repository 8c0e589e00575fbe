// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/celldelegate.h"

#include "core/models/tableroles.h"
#include "ui/shared/badge.h"
#include "ui/shared/theme.h"

#include <QPainter>

namespace slotscope {
namespace {

constexpr int margin = 8;
constexpr int arrowWidth = 10; ///< width that the header reserves for its sort arrow

constexpr int squareSize = 10; ///< of the shard colour
constexpr int longestBar = 92;

QFont fontOf(const QModelIndex &index)
{
    return index.data(MonospaceRole).toBool() ? Theme::monoFont() : Theme::textFont();
}

void paintSquares(QPainter &painter, QRect area, const QVariantList &colours, const ThemeTokens &tokens)
{
    painter.setRenderHint(QPainter::Antialiasing);
    for (const QVariant &colour : colours) {
        const QRectF square(area.left() + 0.5, area.center().y() - squareSize / 2 + 0.5, squareSize - 1,
                            squareSize - 1);
        const bool isFilled = colour.toInt() >= 0;
        painter.setPen(isFilled ? QPen(Qt::NoPen) : QPen(tokens.line2));
        painter.setBrush(isFilled ? QBrush(shardColour(colour.toInt())) : QBrush(Qt::NoBrush));
        painter.drawRoundedRect(square, 2, 2);
        area.setLeft(area.left() + squareSize + 4);
    }
}

/// Paints a bar on the right of `area`, and returns the area that is left.
QRect paintBar(QPainter &painter, QRect area, double share, const QColor &colour, const ThemeTokens &tokens)
{
    const int width = std::min(longestBar, area.width() / 2);
    const QRectF track(area.right() - width + 1, area.center().y() - 1, width, 4);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.grid);
    painter.drawRoundedRect(track, 2, 2);
    if (share > 0) {
        painter.setBrush(colour);
        painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(std::max(3.0, track.width() * share), 4)), 2, 2);
    }
    area.setRight(area.right() - width - margin);
    return area;
}

/// Paints the first `lead` characters in the pen's colour, the others in `rest`.
void paintLed(QPainter &painter, QRect area, const QString &text, int lead, const QColor &rest)
{
    const QString first = text.left(lead);
    painter.drawText(area, Qt::AlignVCenter | Qt::AlignLeft, first);
    area.setLeft(area.left() + painter.fontMetrics().horizontalAdvance(first));
    painter.setPen(rest);
    painter.drawText(area, Qt::AlignVCenter | Qt::AlignLeft, text.mid(lead));
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
    if (const QVariant colours = index.data(ShardColoursRole); colours.isValid()) {
        paintSquares(*painter, area, colours.toList(), tokens);
        painter->restore();
        return;
    }
    const QVariant colour = index.data(ShardColourRole);
    const bool hasColour = colour.isValid() && colour.toInt() >= 0;
    const QVariant share = index.data(ShareRole);
    if (share.isValid()) {
        const QColor bar = hasColour ? shardColour(colour.toInt()) : tokens.mutedMark;
        area = paintBar(*painter, area, share.toDouble(), bar, tokens);
    } else if (hasColour) {
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
    const bool middle = index.data(MonospaceRole).toBool() && !number && !index.data(ElideEndRole).toBool();
    if (number && !share.isValid())
        area.setRight(area.right() - arrowWidth);
    const QString shown = QFontMetrics(font).elidedText(text, middle ? Qt::ElideMiddle : Qt::ElideRight, area.width());
    if (const int lead = index.data(LeadRole).toInt(); lead > 0)
        paintLed(*painter, area, shown, lead, tokens.muted);
    else
        painter->drawText(area, int(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft)), shown);
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
