// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slowlog/plotlegend.h"
#include "core/models/nodewords.h"

#include "ui/shared/theme.h"

#include <QPainter>

namespace slotscope {
namespace {

constexpr int markWidth = 10, afterMark = 7, afterItem = 18;
constexpr size_t mostShardsNamed = 6;

enum class LegendMark { Square, Ring, Line };

struct LegendItem
{
    LegendMark mark;
    QColor colour;
    QString text;
};

void paintMark(QPainter &painter, LegendMark mark, const QColor &colour, double left, double middle)
{
    const QRectF box(left + 0.5, middle - markWidth / 2.0 + 0.5, markWidth - 1, markWidth - 1);
    switch (mark) {
    case LegendMark::Square:
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawRoundedRect(box, 2, 2);
        break;
    case LegendMark::Ring:
        painter.setPen(QPen(colour, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(box.center(), 4, 4);
        break;
    case LegendMark::Line: {
        QPen pen(colour, 1.5, Qt::CustomDashLine);
        pen.setDashPattern({3, 2});
        painter.setPen(pen);
        painter.drawLine(QPointF(left, middle), QPointF(left + 16, middle));
        break;
    }
    }
}

} // namespace

PlotLegend::PlotLegend(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setAccessibleName(tr("Legend"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void PlotLegend::setView(const ClusterViewPtr &view)
{
    m_view = view;
    update();
}

void PlotLegend::setThreshold(const QString &text)
{
    m_threshold = text;
    update();
}

void PlotLegend::setRing(bool shown)
{
    m_ring = shown;
    update();
}

void PlotLegend::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = m_theme.tokens();
    QList<LegendItem> items;
    if (m_view && m_view->shards.size() <= mostShardsNamed)
        for (const ShardState &shard : m_view->shards)
            items.append({LegendMark::Square, shardColour(shard.colour), shardTitle(shard)});
    if (m_ring)
        items.append({LegendMark::Ring, tokens.text, tr("the group selected below")});
    if (!m_threshold.isEmpty())
        items.append({LegendMark::Line, tokens.warnMark, m_threshold});
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::smallFont());
    const double middle = height() / 2.0;
    double left = 0;
    for (const LegendItem &item : items) {
        const double mark = item.mark == LegendMark::Line ? 16 : markWidth;
        const double text = painter.fontMetrics().horizontalAdvance(item.text);
        if (left + mark + afterMark + text > width())
            return;
        paintMark(painter, item.mark, item.colour, left, middle);
        painter.setPen(tokens.muted);
        painter.drawText(QRectF(left + mark + afterMark, 0, text + 4, height()), Qt::AlignVCenter, item.text);
        left += mark + afterMark + text + afterItem;
    }
}

} // namespace slotscope
