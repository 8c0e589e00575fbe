// SPDX-License-Identifier: GPL-3.0-or-later
// Comparing two times: which, its menu on MetricsPage, and how a MetricPlot draws the earlier one.
#include "ui/metrics/comparing.h"

#include "core/metrics/metricscomparison.h"
#include "ui/metrics/metricspage.h"
#include "ui/metrics/plotcanvas.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QMenu>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 hourMs = 3'600'000;
constexpr float faint = 0.55F;

} // namespace

qint64 Comparing::byOf(qint64 from, qint64 to) const
{
    switch (with) {
    case With::SpanBefore: return to - from;
    case With::HourBefore: return hourMs;
    case With::DayBefore: return 24 * hourMs;
    case With::WeekBefore: return 7 * 24 * hourMs;
    case With::RangeA: return aFrom > 0 ? std::max<qint64>(0, from - aFrom) : 0;
    case With::Nothing: break;
    }
    return 0;
}

QString rangeWords(qint64 from, qint64 to)
{
    const QDateTime begin = QDateTime::fromMSecsSinceEpoch(from), end = QDateTime::fromMSecsSinceEpoch(to);
    const QString time = to - from < 600'000 ? u"HH:mm:ss"_s : u"HH:mm"_s;
    const bool isToday = begin.date() == QDate::currentDate();
    return begin.toString(isToday ? time : u"d MMM "_s + time) + u" – "_s
        + end.toString(begin.date() == end.date() ? time : u"d MMM "_s + time);
}

void MetricsPage::fillCompareMenu(QMenu *menu)
{
    menu->clear();
    const auto add = [&](const QString &words, Comparing::With with) {
        QAction *action = menu->addAction(words, this, [this, with] { compareWith(with); });
        action->setCheckable(true);
        action->setChecked(m_comparing.with == with);
        return action;
    };
    add(tr("Nothing"), Comparing::With::Nothing);
    add(tr("The preceding period"), Comparing::With::SpanBefore);
    add(tr("An hour before"), Comparing::With::HourBefore);
    add(tr("A day before"), Comparing::With::DayBefore);
    add(tr("A week before"), Comparing::With::WeekBefore);
    menu->addSeparator();
    menu->addAction(tr("Set the shown period as A: %1").arg(rangeWords(m_picture.from, m_picture.to)), this,
                    [this] { keepAsA(m_picture.from, m_picture.to); });
    const bool hasA = m_comparing.aFrom > 0;
    add(hasA ? tr("A: %1").arg(rangeWords(m_comparing.aFrom, m_comparing.aTo)) : tr("A: not set"),
        Comparing::With::RangeA)
        ->setEnabled(hasA);
}

void MetricsPage::compareWith(Comparing::With with)
{
    m_comparing.with = with;
    ask();
}

void MetricsPage::keepAsA(qint64 from, qint64 to)
{
    m_comparing.aFrom = from;
    m_comparing.aTo = to;
}

const MetricLine *MetricsPicture::earlierOf(const MetricLine &line) const
{
    const auto found = earlierLines.constFind(lineKey(line));
    if (earlierBy > 0 && found != earlierLines.constEnd())
        return &earlier.lines[*found];
    return nullptr;
}

void MetricPlot::addEarlier(const std::vector<double> &values, const QPen &pen, bool stepped)
{
    const MetricsWindow &earlier = m_picture->earlier;
    QCPGraph *graph = m_canvas->addGraph();
    graph->setPen(pen);
    if (stepped)
        graph->setLineStyle(QCPGraph::lsStepCenter);
    const bool isLog = m_spec.scale == PlotSpec::Scale::LogBytes;
    QVector<QCPGraphData> points;
    for (size_t i = 0; i < values.size(); ++i) {
        const double value = isLog && values[i] < 1 ? 1 : values[i];
        points.append({double(earlier.timeOf(int(i)) + m_picture->earlierBy + earlier.step / 2), value});
        if (std::isnan(value))
            continue;
        m_largest = std::max(m_largest, value);
        m_smallest = std::min(m_smallest, value);
    }
    graph->data()->set(points, true);
}

/// Draws the same lines at the earlier time, faint and dashed, below the current ones.
void MetricPlot::drawEarlier()
{
    if (m_picture->earlierBy == 0)
        return;
    const bool isBars = m_spec.series.front().style == PlotSeries::Style::Bars;
    std::vector<double> heights(size_t(m_picture->earlier.buckets), std::nan(""));
    bool hasAny = false;
    for (const size_t at : isBars ? shownLines() : drawnLines()) { // bars show the sum of all lines
        const MetricLine &now = m_picture->window.lines[at];
        const MetricLine *line = m_picture->earlierOf(now);
        if (!line)
            continue;
        for (const PlotSeries &series : m_spec.series) {
            const std::vector<double> values = valuesOf(*line, series);
            if (!isBars) {
                QColor colour = lineColour(now, m_theme);
                colour.setAlphaF(faint);
                const bool isDashed = series.style == PlotSeries::Style::Dashed;
                addEarlier(values, QPen(colour, 1.2, isDashed ? Qt::DotLine : Qt::DashLine), false);
                continue;
            }
            hasAny = true;
            for (size_t i = 0; i < std::min(values.size(), heights.size()); ++i)
                if (!std::isnan(values[i]))
                    heights[i] = std::isnan(heights[i]) ? values[i] : heights[i] + values[i];
        }
    }
    if (hasAny)
        addEarlier(heights, QPen(m_theme.tokens().text, 1, Qt::DashLine), true);
}

/// Change of all shown lines, at the moment under the mouse, or else of the mean values.
QString MetricPlot::changeWords() const
{
    if (m_picture->earlierBy == 0)
        return {};
    const bool isBars = m_spec.series.front().style == PlotSeries::Style::Bars;
    MetricValues before, now;
    for (const size_t at : shownLines()) {
        const MetricLine &line = m_picture->window.lines[at];
        const MetricLine *earlier = m_picture->earlierOf(line);
        if (!earlier)
            return u"Δ –"_s; // some line has no earlier value, and a partial sum would be misleading
        for (const PlotSeries &series : m_spec.series) {
            if (!isBars && &series != &m_spec.series.front())
                break;
            before.push_back(valuesOf(*earlier, series));
            now.push_back(valuesOf(line, series));
        }
    }
    const auto change = m_picture->moment ? changeAt(before, now, size_t(std::max(0, m_picture->shownBucket())))
                                          : changeOfMeans(before, now);
    return change ? u"Δ "_s + change->text() : u"Δ –"_s;
}

} // namespace slotscope
