// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/latency/spectrumplot.h"

#include "core/base/text.h"
#include "core/models/latencyeventmodel.h"
#include "core/models/latencywords.h"
#include "core/models/nodewords.h"
#include "core/models/roundtripmodel.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int spectrumAxisWidth = 60, spectrumAxisHeight = 20, spectrumGap = 12, spectrumTop = 8;
constexpr int rampWidth = 120, legendHeight = 18;
constexpr qint64 slowPing = 10'000; // in microseconds

QString clockOf(qint64 at)
{
    return QDateTime::fromMSecsSinceEpoch(at).toString(u"hh:mm:ss"_s);
}

} // namespace

SpectrumPlot::SpectrumPlot(const Theme &theme, const PingBook &book, const RoundTripModel &model,
                           const LatencyEventModel &events, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_book(book), m_model(model), m_events(events)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Spectrum of round-trip times"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SpectrumPlot::setNode(const QByteArray &nodeId)
{
    m_node = nodeId;
    setColumn(-1);
    refresh();
}

void SpectrumPlot::refresh()
{
    const PingBook::Node *node = m_book.node(m_node);
    static const PingSeries nothing;
    m_grid = spectrumGrid(node ? node->series : nothing, m_book.window(), QDateTime::currentMSecsSinceEpoch(),
                          m_model.lowestRow());
    update();
    Q_EMIT refreshed();
}

int SpectrumPlot::shownPings() const
{
    int sum = 0;
    for (const int count : m_grid.counts)
        sum += count;
    return sum;
}

QString SpectrumPlot::scaleText() const
{
    return tr("%1 in %2").arg(groupedNumber(std::max(1, m_grid.most)), duration(m_grid.columnMs));
}

QString SpectrumPlot::columnText(int column) const
{
    if (column < 0 || column >= m_grid.columns)
        return {};
    const qint64 from = m_grid.from + column * m_grid.columnMs;
    const QString times = tr("%1 to %2").arg(clockOf(from), clockOf(from + m_grid.columnMs));
    int quick = 0, slow = 0;
    qint64 longestQuick = -1, longest = -1;
    const PingBook::Node *node = m_book.node(m_node);
    for (size_t i = 0; node && i < node->series.slices().size(); ++i) {
        const PingSlice &slice = node->series.slices()[i];
        if (slice.start < from || slice.start >= from + m_grid.columnMs)
            continue;
        for (const quint16 bucket : slice.buckets) {
            const qint64 took = std::min(LatencyHistogram::middleOf(bucket), slice.longest);
            (took >= slowPing ? slow : quick) += 1;
            if (took < slowPing)
                longestQuick = std::max(longestQuick, took);
        }
        longest = std::max(longest, slice.longest);
    }
    QStringList parts;
    if (quick > 0)
        parts.append(counted(quick, tr("1 ping"), tr("%1 pings")) + tr(" up to %1").arg(timeText(longestQuick)));
    if (slow > 0)
        parts.append(slow == 1 ? tr("1 took %1").arg(timeText(longest))
                               : tr("%1 took up to %2").arg(slow).arg(timeText(longest)));
    if (m_grid.lost[size_t(column)] > 0)
        parts.append(counted(m_grid.lost[size_t(column)], tr("1 lost"), tr("%1 lost")));
    return times + u'\n' + (parts.isEmpty() ? tr("no values") : parts.join(u", "_s));
}

QRectF SpectrumPlot::area() const
{
    return QRectF(rect()).adjusted(spectrumAxisWidth, spectrumTop, -spectrumGap, -spectrumAxisHeight);
}

double SpectrumPlot::heightOf(double microseconds) const
{
    const double rows = std::log10(std::max(microseconds, 1.0) / spectrumLow(m_grid.lowestRow)) * 10;
    return area().bottom() - std::clamp(rows / m_grid.rows(), 0.0, 1.0) * area().height();
}

void SpectrumPlot::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(Theme::smallFont());
    if (m_grid.columns == 0)
        return;
    paintSpectrum(painter, area(), m_grid, m_theme);
    paintAxes(painter);
    paintEvents(painter);
    if (m_column >= 0) {
        const double width = area().width() / m_grid.columns;
        painter.setPen(m_theme.tokens().text);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(area().left() + m_column * width - 1, area().top(), width + 1, area().height()));
    }
    if (hasFocus()) {
        painter.setPen(m_theme.tokens().accent);
        painter.drawRect(area().adjusted(-1, -1, 1, 1));
    }
}

void SpectrumPlot::paintAxes(QPainter &painter) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const QRectF inside = area();
    static const std::array<std::pair<double, const char *>, 6> marks{{{1e6, QT_TR_NOOP("1 s")},
                                                                       {1e5, QT_TR_NOOP("100 ms")},
                                                                       {1e4, QT_TR_NOOP("10 ms")},
                                                                       {1e3, QT_TR_NOOP("1 ms")},
                                                                       {100, QT_TR_NOOP("0.1 ms")},
                                                                       {10, QT_TR_NOOP("10 µs")}}};
    for (const auto &[microseconds, text] : marks) {
        if (microseconds < spectrumLow(m_grid.lowestRow) - 0.5)
            continue;
        const double y = heightOf(microseconds);
        QColor line = tokens.line;
        line.setAlphaF(0.6F);
        painter.setPen(line);
        painter.drawLine(QPointF(inside.left(), y), QPointF(inside.right(), y));
        painter.setPen(tokens.muted);
        painter.drawText(QRectF(0, y - 10, spectrumAxisWidth - 8, 20), Qt::AlignRight | Qt::AlignVCenter, tr(text));
    }
    const qint64 span = m_grid.columns * m_grid.columnMs;
    const qint64 step = span <= 6 * 60'000 ? 60'000 : 5 * 60'000;
    for (qint64 at = (m_grid.from / step + 1) * step; at < m_grid.from + span; at += step) {
        const double x = inside.left() + double(at - m_grid.from) / double(span) * inside.width();
        painter.setPen(tokens.muted);
        painter.drawText(QRectF(x - 40, inside.bottom() + 3, 80, spectrumAxisHeight - 3), Qt::AlignCenter,
                         QDateTime::fromMSecsSinceEpoch(at).toString(u"hh:mm"_s));
    }
}

/// Paints the events of the node's own monitor within the time shown.
void SpectrumPlot::paintEvents(QPainter &painter) const
{
    const NodeLatency *heard = m_events.heardOf(m_node);
    if (!heard)
        return;
    const qint64 span = m_grid.columns * m_grid.columnMs;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.tokens().warnMark, 1.5));
    painter.setBrush(Qt::NoBrush);
    for (const NodeLatencyEvent &event : heard->events) {
        const qint64 ahead = event.event.serverSeconds * 1000 - event.at;
        for (const LatencySpike &spike : event.history) {
            const qint64 at = spike.serverSeconds * 1000 - ahead;
            if (at < m_grid.from || at >= m_grid.from + span)
                continue;
            const double x = area().left() + double(at - m_grid.from) / double(span) * area().width();
            painter.drawEllipse(QPointF(x, heightOf(double(spike.milliseconds) * 1000)), 4, 4);
        }
    }
}

void SpectrumPlot::setColumn(int column)
{
    if (std::exchange(m_column, column) == column)
        return;
    setAccessibleDescription(columnText(column));
    update();
}

void SpectrumPlot::mouseMoveEvent(QMouseEvent *event)
{
    const double x = event->position().x() - area().left();
    const bool isInside = area().contains(event->position()) && m_grid.columns > 0;
    setColumn(isInside ? int(x / area().width() * m_grid.columns) : -1);
    if (isInside)
        QToolTip::showText(event->globalPosition().toPoint(), plainToolTip(columnText(m_column)), this);
    else
        QToolTip::hideText();
}

void SpectrumPlot::leaveEvent(QEvent *event)
{
    QWidget::leaveEvent(event);
    setColumn(-1);
}

void SpectrumPlot::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Left && event->key() != Qt::Key_Right) {
        QWidget::keyPressEvent(event);
        return;
    }
    const int step = event->key() == Qt::Key_Left ? -1 : 1;
    setColumn(m_column < 0 ? m_grid.columns - 1 : std::clamp(m_column + step, 0, m_grid.columns - 1));
    const double x = area().left() + (m_column + 1) * area().width() / m_grid.columns;
    QToolTip::showText(mapToGlobal(QPoint(int(x), int(area().top()))), plainToolTip(columnText(m_column)), this);
}

bool SpectrumPlot::event(QEvent *event)
{
    // the text is already shown while the mouse moves
    return event->type() == QEvent::ToolTip ? true : QWidget::event(event);
}

SpectrumLegend::SpectrumLegend(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFixedHeight(legendHeight);
    setAccessibleName(tr("Colour legend"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SpectrumLegend::setMost(const QString &text)
{
    if (std::exchange(m_most, text) == text)
        return;
    updateGeometry();
    update();
}

QSize SpectrumLegend::sizeHint() const
{
    const QFontMetrics metrics(Theme::smallFont());
    return {metrics.horizontalAdvance(tr("1 ping")) + metrics.horizontalAdvance(m_most) + rampWidth + 24, legendHeight};
}

void SpectrumLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(Theme::smallFont());
    painter.setPen(m_theme.tokens().muted);
    const int first = painter.fontMetrics().horizontalAdvance(tr("1 ping"));
    painter.drawText(QRect(0, 0, first, height()), Qt::AlignVCenter, tr("1 ping"));
    const int left = first + 8;
    for (int x = 0; x < rampWidth; ++x)
        painter.fillRect(QRect(left + x, height() / 2 - 5, 1, 10),
                         spectrumColour(m_theme.tokens(), m_theme.isDark(), 0.15 + 0.85 * x / rampWidth));
    painter.drawText(QRect(left + rampWidth + 8, 0, width() - left - rampWidth - 8, height()), Qt::AlignVCenter,
                     m_most);
}

} // namespace slotscope
