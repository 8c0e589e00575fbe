// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/metricplot.h"

#include "ui/metrics/headvalues.h"
#include "ui/metrics/plotcanvas.h"
#include "ui/metrics/plottickers.h"
#include "ui/metrics/timelane.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QBuffer>
#include <QLabel>
#include <QSvgGenerator>
#include <QVBoxLayout>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr size_t mostLines = 12; // with more lines, the largest ones are drawn and a band for the rest
constexpr size_t largestShown = 5;
constexpr int axisLeft = 64, axisRight = 10, axisTop = 8, axisBottom = 8, timesHeight = 22;

QColor barColour(const PlotSeries &series, const ThemeTokens &tokens)
{
    switch (series.mark) {
    case PlotSeries::Mark::Warning: return tokens.warnMark;
    case PlotSeries::Mark::Error: return tokens.errorMark;
    case PlotSeries::Mark::Neutral: break;
    }
    return tokens.mutedMark;
}

} // namespace

int MetricsPicture::placeOf(Metric metric) const
{
    const auto found = std::find(query.metrics.begin(), query.metrics.end(), metric);
    return found == query.metrics.end() ? -1 : int(found - query.metrics.begin());
}

int MetricsPicture::placeOf(const PlotSeries &series) const
{
    if (!series.field)
        return placeOf(series.metric);
    const auto found = std::find(query.fields.begin(), query.fields.end(), *series.field);
    return found == query.fields.end() ? -1 : int(query.metrics.size()) + int(found - query.fields.begin());
}

int MetricsPicture::shownBucket() const
{
    if (window.buckets == 0)
        return -1;
    if (moment)
        return int(std::clamp<qint64>((*moment - window.first) / window.step, 0, window.buckets - 1));
    return std::max(0, window.buckets - 2); // the last bucket is not complete yet
}

QString lineKey(const MetricLine &line)
{
    return line.shard > 0 && line.name.startsWith(u"Shard") ? u"shard:%1"_s.arg(line.shard)
                                                            : QString::fromLatin1(line.node);
}

QColor lineColour(const MetricLine &line, const Theme &theme)
{
    return line.colour >= 0 ? shardColour(line.colour) : theme.tokens().accentMark;
}

MetricPlot::MetricPlot(const PlotSpec &spec, const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_spec(spec)
    , m_theme(theme)
    , m_title(plainLabel(spec.title, nullptr, this))
    , m_note(new ElidedLabel(spec.note, Qt::ElideRight, this))
    , m_values(new HeadValues(theme, this))
    , m_canvas(new PlotCanvas(this))
{
    setProperty("card", true);
    m_title->setFont(Theme::strongFont());
    m_note->setFont(Theme::smallFont());
    m_note->setProperty("tone", u"muted"_s);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(14, 8, 12, 0);
    head->setSpacing(8);
    head->addWidget(m_title);
    head->addWidget(m_note, 1);
    head->addWidget(m_values);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_canvas, 1);
    setMinimumHeight(170);
    m_canvas->setAccessibleName(tr("%1 over time").arg(spec.title));
    m_canvas->axisRect()->setAutoMargins(QCP::msNone);
    m_canvas->xAxis->setTicker(timeTicker());
    if (spec.scale == PlotSpec::Scale::LogBytes) {
        m_canvas->yAxis->setScaleType(QCPAxis::stLogarithmic);
        m_canvas->yAxis->setTicker(logBytesTicker());
    } else {
        m_canvas->yAxis->setTicker(numberTicker(spec.scale));
    }
    m_canvas->setOverlay([this](QPainter &painter, const QRect &axes) {
        if (!m_picture)
            return;
        paintMoments(painter, axes, *m_picture, m_theme);
        painter.setPen(m_theme.tokens().warn);
        painter.setFont(Theme::smallFont());
        // below the words of a limit at the upper edge
        painter.drawText(axes.adjusted(6, 22, -6, -4), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, problem());
    });
    connect(m_canvas, &PlotCanvas::pointedAt, this,
            [this](std::optional<double> x) { Q_EMIT pointed(x ? std::optional(qint64(*x)) : std::nullopt); });
    connect(m_canvas, &PlotCanvas::clickedAt, this, [this](double x) { Q_EMIT pinned(qint64(x)); });
    connect(m_canvas, &PlotCanvas::dragged, this,
            [this](double from, double to) { Q_EMIT rangeChosen(qint64(from), qint64(to)); });
    connect(m_canvas, &PlotCanvas::wheeled, this, &MetricPlot::panned);
    connect(m_canvas, &PlotCanvas::doubleClicked, this, &MetricPlot::wholeRangeWanted);
    connect(&theme, &Theme::changed, this, [this] {
        dress();
        draw();
    });
    setShowsTimes(false);
    dress();
}

MetricPlot::~MetricPlot() = default;

QWidget *MetricPlot::canvas() const
{
    return m_canvas;
}

QString MetricPlot::problem() const
{
    const auto &field = m_spec.series.front().field;
    return field && m_picture ? m_picture->window.fieldProblems.value(field->text()) : QString();
}

void MetricPlot::setShowsTimes(bool shows)
{
    m_showsTimes = shows;
    m_canvas->xAxis->setTickLabels(shows);
    m_canvas->axisRect()->setMargins({axisLeft, axisTop, axisRight, shows ? timesHeight : axisBottom});
}

void MetricPlot::dress()
{
    const ThemeTokens &tokens = m_theme.tokens();
    m_canvas->setBackground(tokens.surface);
    for (QCPAxis *axis : {m_canvas->xAxis, m_canvas->yAxis}) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelFont(Theme::smallFont());
        axis->setTickLabelColor(tokens.muted);
        axis->setTickLabelPadding(4);
        axis->setTickLengthIn(0);
        axis->setSubTicks(false);
        axis->grid()->setPen(QPen(tokens.grid, 1));
        axis->grid()->setZeroLinePen(axis == m_canvas->yAxis ? QPen(tokens.line2, 1) : QPen(Qt::NoPen));
    }
}

void MetricPlot::setPicture(const MetricsPicture &picture)
{
    m_picture = &picture;
    m_canvas->setAccessibleDescription(problem());
    updateHead();
}

void MetricPlot::updateMoment()
{
    updateHead();
    m_canvas->update();
}

std::vector<double> MetricPlot::valuesOf(const MetricLine &line, const PlotSeries &series) const
{
    const int place = m_picture->placeOf(series);
    std::vector<double> values =
        place < 0 ? std::vector<double>(size_t(m_picture->window.buckets), std::nan("")) : line.values[size_t(place)];
    const int with = m_spec.ratioWith ? m_picture->placeOf(*m_spec.ratioWith) : -1;
    for (size_t i = 0; with >= 0 && i < values.size(); ++i) {
        const double other = line.values[size_t(with)][i], both = values[i] + other;
        values[i] = both > 0 ? 100 * values[i] / both : std::nan(""); // without hits and misses there is no ratio
    }
    if (series.style == PlotSeries::Style::Below)
        for (double &value : values)
            value = -value;
    return values;
}

std::vector<size_t> MetricPlot::shownLines() const
{
    const auto &lines = m_picture->window.lines;
    std::vector<size_t> shown;
    for (size_t i = 0; i < lines.size(); ++i)
        if (!m_picture->hidden.contains(lineKey(lines[i])))
            shown.push_back(i);
    const int place = m_picture->placeOf(m_spec.series.front()), bucket = m_picture->shownBucket();
    if (shown.size() > mostLines && place >= 0 && bucket >= 0)
        std::stable_sort(shown.begin(), shown.end(), [&](size_t a, size_t b) {
            const double left = lines[a].values[size_t(place)][size_t(bucket)];
            const double right = lines[b].values[size_t(place)][size_t(bucket)];
            return !std::isnan(left) && (std::isnan(right) || left > right);
        });
    return shown;
}

std::vector<size_t> MetricPlot::drawnLines() const
{
    std::vector<size_t> shown = shownLines();
    if (shown.size() > mostLines)
        shown.resize(largestShown);
    return shown;
}

void MetricPlot::draw()
{
    if (!m_picture)
        return;
    m_canvas->clearPlottables();
    m_canvas->clearItems();
    m_canvas->xAxis->setRange(double(m_picture->from), double(m_picture->to));
    m_largest = m_spec.least;
    m_smallest = 0;
    drawEarlier();
    if (m_spec.series.front().style == PlotSeries::Style::Bars)
        drawBars();
    else
        for (const PlotSeries &series : m_spec.series)
            drawLines(series);
    if (m_spec.hasLimit)
        drawMaxMemory();
    drawThresholds();
    scaleAxis();
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void MetricPlot::drawLines(const PlotSeries &series)
{
    std::vector<size_t> shown = shownLines();
    std::vector<size_t> rest;
    if (shown.size() > mostLines) {
        rest.assign(shown.begin() + largestShown, shown.end());
        shown.resize(largestShown);
        drawRest(series, rest);
    }
    const MetricsWindow &window = m_picture->window;
    for (const size_t at : shown) {
        const MetricLine &line = window.lines[at];
        const std::vector<double> values = valuesOf(line, series);
        QCPGraph *graph = m_canvas->addGraph();
        QPen pen(lineColour(line, m_theme), series.style == PlotSeries::Style::Dashed ? 1.2 : 1.5);
        if (series.style == PlotSeries::Style::Dashed || line.isReplica)
            pen.setStyle(Qt::DashLine);
        graph->setPen(pen);
        QVector<QCPGraphData> points;
        points.reserve(int(values.size()));
        // a logarithmic axis has no 0, which is placed at its lower end
        const bool isLog = m_spec.scale == PlotSpec::Scale::LogBytes;
        for (size_t i = 0; i < values.size(); ++i) {
            const double value = isLog && values[i] < 1 ? 1 : values[i];
            points.append({double(window.timeOf(int(i)) + window.step / 2), value});
            if (!std::isnan(value)) {
                m_largest = std::max(m_largest, value);
                m_smallest = std::min(m_smallest, value);
            }
        }
        graph->data()->set(points, true);
    }
}

/// Draws the range between the smallest and largest of the lines that are not drawn separately.
void MetricPlot::drawRest(const PlotSeries &series, const std::vector<size_t> &lines)
{
    const MetricsWindow &window = m_picture->window;
    const size_t buckets = size_t(window.buckets);
    std::vector<double> low(buckets, std::nan("")), high(buckets, std::nan(""));
    for (const size_t at : lines) {
        const std::vector<double> values = valuesOf(window.lines[at], series);
        for (size_t i = 0; i < buckets; ++i) {
            low[i] = std::fmin(low[i], values[i]);
            high[i] = std::fmax(high[i], values[i]);
        }
    }
    QColor fill = m_theme.tokens().mutedMark;
    fill.setAlphaF(0.25F);
    QCPGraph *lower = m_canvas->addGraph(), *upper = m_canvas->addGraph();
    for (QCPGraph *graph : {lower, upper}) {
        graph->setPen(Qt::NoPen);
        graph->setAntialiased(false);
        graph->setAntialiasedFill(false);
    }
    upper->setBrush(fill);
    upper->setChannelFillGraph(lower);
    for (size_t i = 0; i < buckets; ++i) {
        const double time = double(window.timeOf(int(i)) + window.step / 2);
        lower->addData(time, low[i]);
        upper->addData(time, high[i]);
        if (!std::isnan(high[i]))
            m_largest = std::max(m_largest, high[i]);
    }
}

void MetricPlot::drawBars()
{
    const MetricsWindow &window = m_picture->window;
    const double pixels = m_canvas->axisRect()->width() * double(window.step)
        / double(std::max<qint64>(1, m_picture->to - m_picture->from));
    const double share = pixels < 4 ? 1.0 : 0.8; // gaps between thin bars would be rounded to different widths
    QCPBars *below = nullptr;
    std::vector<double> heights(size_t(window.buckets), 0.0);
    for (const PlotSeries &series : m_spec.series) {
        auto *bars = new QCPBars(m_canvas->xAxis, m_canvas->yAxis);
        bars->setWidthType(QCPBars::wtPlotCoords);
        bars->setWidth(double(window.step) * share);
        bars->setPen(Qt::NoPen);
        bars->setBrush(barColour(series, m_theme.tokens()));
        bars->setAntialiased(false);
        if (below)
            bars->moveAbove(below);
        below = bars;
        std::vector<double> sums(size_t(window.buckets), 0.0);
        for (const size_t at : shownLines()) {
            const std::vector<double> values = valuesOf(window.lines[at], series);
            for (size_t i = 0; i < values.size(); ++i)
                sums[i] += std::isnan(values[i]) ? 0 : values[i];
        }
        for (size_t i = 0; i < sums.size(); ++i) {
            heights[i] += sums[i];
            m_largest = std::max(m_largest, heights[i]);
            if (sums[i] > 0)
                bars->addData(double(window.timeOf(int(i)) + window.step / 2), sums[i]);
        }
    }
}

void MetricPlot::scaleAxis()
{
    if (m_spec.scale == PlotSpec::Scale::LogBytes) {
        m_canvas->yAxis->setRange(1, std::max(m_largest * 2, 1024.0 * 32));
        return;
    }
    double low = m_smallest < 0 ? m_smallest * 1.1 : 0;
    double high = m_largest > 0 ? m_largest * 1.1 : 1;
    if (m_spec.ratioWith) { // a ratio near 100 gets a narrower axis
        const double lowest = [this] {
            double least = 100;
            for (int i = 0; i < m_canvas->graphCount(); ++i) {
                bool found = false;
                const QCPRange range = m_canvas->graph(i)->data()->valueRange(found);
                if (found)
                    least = std::min(least, range.lower);
            }
            return least;
        }();
        high = 100;
        low = lowest > 90 ? 80 : lowest > 50 ? 50 : 0;
    }
    m_canvas->yAxis->setRange(low, high);
}

void MetricPlot::updateHead()
{
    const int bucket = m_picture ? m_picture->shownBucket() : -1;
    QList<HeadValues::Entry> entries;
    if (bucket < 0) {
        m_values->setEntries(entries);
        return;
    }
    const auto addChange = [&] {
        if (const QString words = changeWords(); !words.isEmpty())
            entries.append({{}, words, false});
    };
    const bool isBars = m_spec.series.front().style == PlotSeries::Style::Bars;
    const std::vector<size_t> shown = shownLines();
    if (isBars) {
        for (const PlotSeries &series : m_spec.series) {
            double sum = std::nan("");
            for (const size_t at : shown)
                if (const double value = valuesOf(m_picture->window.lines[at], series)[size_t(bucket)];
                    !std::isnan(value))
                    sum = std::isnan(sum) ? value : sum + value;
            entries.append(
                {barColour(series, m_theme.tokens()), plotNumber(sum, m_spec.scale) + u' ' + series.label, false});
        }
        addChange();
        m_values->setEntries(entries);
        return;
    }
    double sum = 0;
    bool isWhole = true;
    for (size_t i = 0; i < shown.size(); ++i) {
        const MetricLine &line = m_picture->window.lines[shown[i]];
        const double value = valuesOf(line, m_spec.series.front())[size_t(bucket)];
        sum += value;
        isWhole = isWhole && !std::isnan(value);
        if (shown.size() <= mostLines || i < largestShown)
            entries.append({lineColour(line, m_theme), plotNumber(value, m_spec.scale), false});
    }
    if (!m_spec.ratioWith && m_spec.isAddable && shown.size() > 1 && isWhole)
        entries.append({{}, u"Σ "_s + plotNumber(sum, m_spec.scale), true});
    addChange();
    m_values->setEntries(entries);
}

QString MetricPlot::headText() const
{
    QStringList words;
    for (const HeadValues::Entry &entry : m_values->entries())
        words.append(entry.text);
    return words.join(u' ');
}

QByteArray MetricPlot::svg() const
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(m_canvas->size());
    generator.setViewBox(m_canvas->rect());
    generator.setTitle(m_spec.title);
    QCPPainter painter;
    painter.begin(&generator);
    m_canvas->toPainter(&painter, m_canvas->width(), m_canvas->height());
    painter.end();
    return bytes;
}

} // namespace slotscope
