// SPDX-License-Identifier: GPL-3.0-or-later
// The painting half of SlotMap.
#include "core/base/text.h"
#include "ui/shared/theme.h"
#include "ui/slots/slotmap.h"

#include <QPainter>

#include <cmath>

namespace slotscope {

void SlotMap::ensureImage()
{
    const qreal ratio = devicePixelRatioF();
    const double cell = m_side / ratio / slotColumns;
    const int left = std::clamp(int(std::floor(-m_origin.x() / cell)) - 1, 0, slotColumns - 1);
    const int top = std::clamp(int(std::floor(-m_origin.y() / cell)) - 1, 0, slotColumns - 1);
    const int right =
        std::clamp(int(std::floor((viewport()->width() - m_origin.x()) / cell)) + 1, left, slotColumns - 1);
    const int bottom =
        std::clamp(int(std::floor((viewport()->height() - m_origin.y()) / cell)) + 1, top, slotColumns - 1);
    const QRect cells(QPoint(left, top), QPoint(right, bottom));
    if (!m_image.isNull() && cells == m_imageCells)
        return;
    m_imageCells = cells;
    m_image = renderSlots({.view = m_view.get(),
                           .values = shownValues(),
                           .tokens = &m_theme.tokens(),
                           .colouring = m_colouring,
                           .highlightedShard = m_highlighted,
                           .side = m_side,
                           .cells = cells});
    m_image.setDevicePixelRatio(ratio);
}

void SlotMap::paintEvent(QPaintEvent *)
{
    if (!m_view)
        return;
    ensureImage();
    QPainter painter(viewport());
    painter.drawImage(corner(m_imageCells.left(), m_imageCells.top()), m_image);
    paintMotion(painter);
    paintAxis(painter);
    paintSelection(painter);
    const ThemeTokens &tokens = m_theme.tokens();
    if (m_selection.cursor() >= 0 && hasFocus())
        paintMark(painter, m_selection.cursor(), tokens.accent, 2);
    if (m_found >= 0) {
        paintMark(painter, m_found, tokens.surface, 5);
        paintMark(painter, m_found, tokens.text, 2);
    }
    if (m_hovered >= 0)
        paintMark(painter, m_hovered, tokens.text, 1);
    paintCard(painter);
}

void SlotMap::paintAxis(QPainter &painter) const
{
    QFont font = Theme::monoFont();
    font.setPixelSize(11);
    painter.setFont(font);
    painter.setPen(m_theme.tokens().faint);
    const int rows = m_zoom < 2 ? 16 : m_zoom < 4 ? 8 : 2;
    const double right = std::max(m_origin.x(), 44.0) - 8;
    for (int row = 0; row < slotCount / slotColumns; row += rows) {
        const double y = rectOf(row * slotColumns).top();
        if (y < -3 || y > viewport()->height() - 4)
            continue;
        QRectF label(right - 44, y - 3, 44, 14);
        label.moveTop(std::clamp(label.top(), 0.0, std::max(0.0, viewport()->height() - label.height())));
        if (m_origin.x() < 44)
            painter.fillRect(label, m_theme.tokens().surface);
        painter.drawText(label, Qt::AlignRight | Qt::AlignTop, groupedNumber(row * slotColumns));
    }
}

void SlotMap::paintSelection(QPainter &painter) const
{
    if (m_outline.isEmpty())
        return;
    const ThemeTokens &tokens = m_theme.tokens();
    QColor veil = m_theme.isDark() ? QColor(Qt::white) : QColor(Qt::black);
    veil.setAlphaF(m_theme.isDark() ? 0.34F : 0.24F);
    for (const SlotRange &range : selected().ranges()) {
        for (int first = range.first; first <= range.last;) {
            const int last = std::min<int>(range.last, first / slotColumns * slotColumns + slotColumns - 1);
            painter.fillRect(rectOf(first).united(rectOf(last)), veil);
            first = last + 1;
        }
    }
    painter.setPen(QPen(tokens.text, 1.5, Qt::SolidLine, Qt::SquareCap));
    for (const QLine &line : m_outline)
        painter.drawLine(corner(line.x1(), line.y1()), corner(line.x2(), line.y2()));
}

void SlotMap::paintMark(QPainter &painter, int slot, const QColor &colour, double width) const
{
    painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rectOf(slot).adjusted(-1.5, -1.5, 0.5, 0.5));
}

void SlotMap::paintCard(QPainter &painter) const
{
    const int slot = m_hovered >= 0 ? m_hovered : m_found;
    if (slot < 0 || m_dragging)
        return;
    const ThemeTokens &tokens = m_theme.tokens();
    const QStringList lines = describe(slot);
    const QFontMetrics strong(Theme::strongFont());
    const QFontMetrics plain(Theme::textFont());
    int width = strong.horizontalAdvance(lines.first());
    for (const QString &line : lines.mid(1))
        width = std::max(width, plain.horizontalAdvance(line) + 20);
    width = std::min(width, viewport()->width() - 60);
    QRectF card(0, 0, width + 26, int(lines.size()) * 20 + 18);
    const QRectF cell = rectOf(slot);
    card.moveTopLeft(cell.bottomRight() + QPointF(12, 8));
    if (card.right() > viewport()->width() - 4)
        card.moveRight(cell.left() - 12);
    if (card.bottom() > viewport()->height() - 4)
        card.moveBottom(cell.top() - 8);
    card.moveLeft(std::round(std::max(4.0, card.left())));
    card.moveTop(std::round(card.top()));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    for (int spread = 4; spread > 0; --spread) {
        painter.setBrush(QColor(0, 0, 0, m_theme.isDark() ? 34 : 12));
        painter.drawRoundedRect(card.adjusted(-spread, -spread + 3, spread, spread + 3), 8 + spread, 8 + spread);
    }
    painter.setPen(tokens.line2);
    painter.setBrush(tokens.raised);
    painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    const int owner = m_view->owner[size_t(slot)];
    QRectF line(card.left() + 13, card.top() + 9, width, 20);
    for (qsizetype i = 0; i < lines.size(); ++i) {
        QRectF text = line;
        if (i == 1 && owner != ClusterView::noOwner && m_view->nodes[size_t(owner)].shard >= 0) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(shardColour(m_view->shards[size_t(m_view->nodes[size_t(owner)].shard)].colour));
            painter.drawRoundedRect(QRectF(line.left(), line.center().y() - 4.5, 9, 9), 2, 2);
            text.setLeft(line.left() + 16);
        }
        painter.setFont(i == 0 ? Theme::strongFont() : Theme::textFont());
        painter.setPen(i == 3 || (i == 1 && owner == ClusterView::noOwner) || (i == 2 && owner == ClusterView::noOwner)
                           ? tokens.warn
                           : i == 2 ? tokens.muted
                                    : tokens.text);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(lines.at(i), Qt::ElideMiddle, int(text.width())));
        line.translate(0, 20);
    }
}

} // namespace slotscope
