// SPDX-License-Identifier: GPL-3.0-or-later
// The limits in a MetricPlot: maxmemory, and those that the user set.
#include "ui/metrics/metricplot.h"
#include "ui/metrics/plotcanvas.h"
#include "ui/shared/theme.h"

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr double farAway = 3; // multiple of the largest value; a limit above it would flatten the lines

void addLimitWords(PlotCanvas &canvas, const QPointF &place, QCPItemPosition::PositionType type, const QString &words,
                   const QColor &colour)
{
    auto *label = new QCPItemText(&canvas);
    label->position->setType(type);
    label->position->setCoords(place.x(), place.y());
    label->setPositionAlignment(type == QCPItemPosition::ptPlotCoords ? Qt::AlignLeft | Qt::AlignBottom
                                                                      : Qt::AlignLeft | Qt::AlignTop);
    label->setText(words);
    label->setFont(Theme::smallFont());
    label->setColor(colour);
}

void addLimitLine(PlotCanvas &canvas, const MetricsPicture &picture, double limit, const QString &words,
                  const QColor &line, const QColor &text)
{
    auto *item = new QCPItemStraightLine(&canvas);
    item->point1->setCoords(double(picture.from), limit);
    item->point2->setCoords(double(picture.to), limit);
    item->setPen(QPen(line, 1, Qt::DashLine));
    addLimitWords(canvas, {double(picture.from), limit}, QCPItemPosition::ptPlotCoords, words, text);
}

double largestOf(const MetricsPicture &picture, Metric metric)
{
    const int place = picture.placeOf(metric);
    double largest = 0;
    for (const MetricLine &line : picture.window.lines)
        for (size_t i = 0; place >= 0 && i < line.values[size_t(place)].size(); ++i)
            if (const double value = line.values[size_t(place)][i]; !std::isnan(value))
                largest = std::max(largest, value);
    return largest;
}

} // namespace

void MetricPlot::drawMaxMemory()
{
    const double limit = largestOf(*m_picture, Metric::MaxMemory);
    if (limit <= 0 || limit > m_largest * farAway)
        return;
    m_largest = std::max(m_largest, limit * 1.05);
    addLimitLine(*m_canvas, *m_picture, limit, tr("maxmemory %1").arg(plotNumber(limit, PlotSpec::Scale::Bytes, true)),
                 m_theme.tokens().errorMark, m_theme.tokens().error);
}

/// A limit for the sum is drawn in plots of sums, a limit for nodes in plots of nodes and shards.
void MetricPlot::drawThresholds()
{
    const bool isBars = m_spec.series.front().style == PlotSeries::Style::Bars;
    const bool isSum = isBars || m_picture->query.group == MetricGroup::Sum;
    const bool isSingle = m_picture->window.lines.size() == 1;
    QStringList far;
    for (const Threshold &rule : m_picture->limits) {
        const WatchedFigure figure = rule.watched();
        const bool isShare = figure.other == Metric::MaxMemory;
        const auto series = std::find_if(m_spec.series.begin(), m_spec.series.end(), [&figure](const PlotSeries &each) {
            return each.field == figure.field && (figure.field || each.metric == figure.metric);
        });
        if (series == m_spec.series.end() || m_spec.ratioWith != (isShare ? std::nullopt : figure.other)
            || ((rule.on == Threshold::On::Sum) != isSum && !isSingle))
            continue;
        double limit = isShare ? largestOf(*m_picture, Metric::MaxMemory) * rule.limit / 100 : rule.limit;
        if (isShare && limit <= 0)
            continue;
        const bool isBelow = series->style == PlotSeries::Style::Below;
        const bool isFar = !m_spec.ratioWith && m_spec.scale != PlotSpec::Scale::LogBytes
            && limit > (isBelow ? -m_smallest : m_largest) * farAway;
        const QString words = tr("limit %1").arg(figure.valueText(rule.limit));
        if (isFar) {
            far.append(words);
            continue;
        }
        if (m_spec.scale == PlotSpec::Scale::LogBytes)
            limit = std::max(limit, 1.0);
        if (isBelow)
            limit = -limit;
        m_largest = std::max(m_largest, limit * 1.05);
        m_smallest = std::min(m_smallest, limit * 1.05);
        addLimitLine(*m_canvas, *m_picture, limit, words, m_theme.tokens().warnMark, m_theme.tokens().warn);
    }
    if (!far.isEmpty())
        addLimitWords(*m_canvas, {0, 0}, QCPItemPosition::ptAxisRectRatio, u"↑ "_s + far.join(u", "_s),
                      m_theme.tokens().warn);
}

} // namespace slotscope
