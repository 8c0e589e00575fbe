// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slowlog/slowlogplot.h"

#include "core/base/text.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QHelpEvent>
#include <QMap>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int axisWidth = 60, axisHeight = 20, sideGap = 10, topGap = 8;
constexpr int pixelsPerTime = 110; // minimum distance of two labels
constexpr double reach = 9; // maximum distance of the mouse from a dot
constexpr double dotSize = 5, ringRadius = 4.5;
constexpr qint64 shortestSpanMs = 60'000;

double logOf(qint64 cost)
{
    return std::log10(double(std::max<qint64>(cost, 1)));
}

/// Distance of two labels of the time axis, in ms.
qint64 timeStep(qint64 span, int most)
{
    static constexpr qint64 second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
    for (const qint64 step : {5 * second, 10 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute,
                              30 * minute, hour, 2 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 30 * day})
        if (span / step <= most)
            return step;
    return 365 * day;
}

} // namespace

SlowlogPlot::SlowlogPlot(const Theme &theme, const SlowlogModel &model, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_model(model)
{
    setMouseTracking(true);
    setAccessibleName(tr("Entries by duration or size over time"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    connect(&model, &SlowlogModel::entriesChanged, this, qOverload<>(&QWidget::update));
}

void SlowlogPlot::setSpan(qint64 milliseconds)
{
    m_span = milliseconds;
    update();
}

void SlowlogPlot::setThreshold(std::optional<qint64> threshold)
{
    if (std::exchange(m_threshold, threshold) != threshold)
        update();
}

void SlowlogPlot::setSelected(const SlowlogEntryPtr &entry)
{
    m_selected = entry;
    update();
}

QRectF SlowlogPlot::area() const
{
    return QRectF(rect()).adjusted(axisWidth, topGap, -sideGap, -axisHeight);
}

SlowlogPlot::Scale SlowlogPlot::scale() const
{
    Scale scale;
    scale.until = QDateTime::currentMSecsSinceEpoch();
    scale.from = m_span > 0 ? scale.until - m_span : scale.until - shortestSpanMs;
    qint64 least = -1, most = -1;
    for (const SlowlogEntryPtr &entry : m_model.matching()) {
        if (m_span == 0)
            scale.from = std::min(scale.from, entry->at - 1000);
        else if (entry->at < scale.from)
            continue;
        least = least < 0 ? entry->cost : std::min(least, entry->cost);
        most = std::max(most, entry->cost);
        scale.until = std::max(scale.until, entry->at);
    }
    if (m_threshold && *m_threshold > 0) {
        least = least < 0 ? *m_threshold : std::min(least, *m_threshold);
        most = std::max(most, *m_threshold);
    }
    scale.low = logOf(std::max<qint64>(least, 1)) - 0.08;
    scale.high = std::max(logOf(most) + 0.15, scale.low + 1.2);
    return scale;
}

QPointF SlowlogPlot::placeOf(const SlowlogEntry &entry, const Scale &scale) const
{
    const QRectF inside = area();
    const double x = double(entry.at - scale.from) / double(std::max<qint64>(scale.until - scale.from, 1));
    const double y = (logOf(entry.cost) - scale.low) / (scale.high - scale.low);
    return {inside.left() + x * inside.width(), inside.bottom() - y * inside.height()};
}

QPointF SlowlogPlot::placeOf(const SlowlogEntry &entry) const
{
    return placeOf(entry, scale());
}

int SlowlogPlot::shownCount() const
{
    const Scale now = scale();
    return int(std::count_if(m_model.matching().begin(), m_model.matching().end(),
                             [&](const SlowlogEntryPtr &entry) { return entry->at >= now.from; }));
}

int SlowlogPlot::ringedCount() const
{
    const Scale now = scale();
    return int(std::count_if(m_model.matching().begin(), m_model.matching().end(), [&](const SlowlogEntryPtr &entry) {
        return entry->at >= now.from && !m_model.shape().isEmpty() && entry->shape == m_model.shape();
    }));
}

QColor SlowlogPlot::colourOf(const SlowlogEntry &entry) const
{
    const int colour = m_model.colourOf(entry.nodeId);
    return colour < 0 ? m_theme.tokens().mutedMark : shardColour(colour);
}

void SlowlogPlot::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::smallFont());
    const Scale now = scale();
    paintTimes(painter, now);
    paintCosts(painter, now);
    paintDots(painter, now);
}

void SlowlogPlot::paintTimes(QPainter &painter, const Scale &scale) const
{
    const QRectF inside = area();
    const qint64 span = scale.until - scale.from;
    const qint64 step = timeStep(span, std::max(1, int(inside.width()) / pixelsPerTime));
    const qint64 zone = QDateTime::fromMSecsSinceEpoch(scale.until).offsetFromUtc() * 1000LL;
    const bool hasSeconds = step < 60'000, isDays = step >= 86'400'000;
    for (qint64 at = (scale.from + zone) / step * step + step - zone; at < scale.until; at += step) {
        const double x = inside.left() + double(at - scale.from) / double(span) * inside.width();
        painter.setPen(m_theme.tokens().grid);
        painter.drawLine(QPointF(x, inside.top()), QPointF(x, inside.bottom()));
        const QString text = QDateTime::fromMSecsSinceEpoch(at).toString(isDays           ? u"d MMM"_s
                                                                             : hasSeconds ? u"hh:mm:ss"_s
                                                                                          : u"hh:mm"_s);
        const double width = painter.fontMetrics().horizontalAdvance(text);
        if (x + width / 2 > inside.right() + sideGap || x - width / 2 < inside.left())
            continue;
        painter.setPen(m_theme.tokens().muted);
        painter.drawText(QRectF(x - width, inside.bottom() + 3, 2 * width, axisHeight - 3), Qt::AlignCenter, text);
    }
}

void SlowlogPlot::paintCosts(QPainter &painter, const Scale &scale) const
{
    const QRectF inside = area();
    const auto height = [&](double exponent) {
        return inside.bottom() - (exponent - scale.low) / (scale.high - scale.low) * inside.height();
    };
    const bool isTime = m_model.kind() == SlowlogKind::Slow;
    const double step = isTime ? 1 : std::log10(16.0);
    double lastLabel = inside.bottom() + axisHeight;
    for (double exponent = std::ceil(scale.low / step) * step; exponent <= scale.high; exponent += step) {
        const double y = height(exponent);
        painter.setPen(m_theme.tokens().grid);
        painter.drawLine(QPointF(inside.left(), y), QPointF(inside.right(), y));
        if (lastLabel - y < painter.fontMetrics().height())
            continue;
        lastLabel = y;
        const auto cost = qint64(std::llround(std::pow(10, exponent)));
        const QString text = !isTime ? byteSize(cost)
            : cost < 1000            ? tr("%1 µs").arg(cost)
            : cost < 1'000'000       ? tr("%1 ms").arg(cost / 1000)
                                     : tr("%1 s").arg(groupedNumber(cost / 1'000'000));
        painter.setPen(m_theme.tokens().muted);
        painter.drawText(QRectF(0, y - 10, axisWidth - 8, 20), Qt::AlignRight | Qt::AlignVCenter, text);
    }
    if (m_threshold && *m_threshold > 0) {
        QPen pen(m_theme.tokens().warnMark, 1.2, Qt::CustomDashLine);
        pen.setDashPattern({4, 3});
        painter.setPen(pen);
        const double y = height(logOf(*m_threshold));
        painter.drawLine(QPointF(inside.left(), y), QPointF(inside.right(), y));
    }
}

void SlowlogPlot::paintDots(QPainter &painter, const Scale &scale) const
{
    QMap<QRgb, QPolygonF> dots;
    std::vector<SlowlogEntryPtr> ringed;
    for (const SlowlogEntryPtr &entry : m_model.matching()) {
        if (entry->at < scale.from)
            continue;
        if (!m_model.shape().isEmpty() && entry->shape == m_model.shape())
            ringed.push_back(entry);
        else
            dots[colourOf(*entry).rgb()].append(placeOf(*entry, scale));
    }
    for (auto each = dots.constBegin(); each != dots.constEnd(); ++each) {
        QColor colour(each.key());
        colour.setAlphaF(ringed.empty() ? 0.85F : 0.5F);
        painter.setPen(QPen(colour, dotSize, Qt::SolidLine, Qt::RoundCap));
        painter.drawPoints(each.value());
    }
    for (const SlowlogEntryPtr &entry : ringed)
        paintRing(painter, placeOf(*entry, scale), colourOf(*entry), ringRadius);
    if (m_selected && m_selected->at >= scale.from) {
        const bool passes =
            std::find(m_model.matching().begin(), m_model.matching().end(), m_selected) != m_model.matching().end();
        if (passes)
            paintRing(painter, placeOf(*m_selected, scale), colourOf(*m_selected), ringRadius + 1.5);
    }
}

void SlowlogPlot::paintRing(QPainter &painter, const QPointF &place, const QColor &colour, double radius) const
{
    painter.setPen(QPen(m_theme.tokens().text, 1.4));
    painter.setBrush(colour);
    painter.drawEllipse(place, radius, radius);
}

SlowlogEntryPtr SlowlogPlot::nearest(const QPointF &point) const
{
    const Scale now = scale();
    SlowlogEntryPtr found;
    double best = reach * reach;
    for (const SlowlogEntryPtr &entry : m_model.matching()) {
        const QPointF apart = placeOf(*entry, now) - point;
        const double distance = QPointF::dotProduct(apart, apart);
        if (entry->at >= now.from && distance < best) {
            best = distance;
            found = entry;
        }
    }
    return found;
}

void SlowlogPlot::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (const SlowlogEntryPtr entry = nearest(event->position()))
        Q_EMIT entryChosen(entry);
}

bool SlowlogPlot::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const SlowlogEntryPtr entry = nearest(help->pos());
    if (entry)
        QToolTip::showText(help->globalPos(),
                           plainToolTip(u"%1 · %2 · %3\n%4"_s.arg(momentText(entry->at), entry->nodeName,
                                                                  costText(entry->kind, entry->cost),
                                                                  commandText(entry->command).left(300))),
                           this);
    else
        QToolTip::hideText();
    return true;
}

} // namespace slotscope
