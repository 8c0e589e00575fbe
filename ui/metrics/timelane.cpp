// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/timelane.h"

#include "ui/metrics/metricplot.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int laneMargin = 10, upperHeight = 26, flagWidth = 9, wordGap = 8, longestWords = 260;

QString clockText(qint64 time, const char *form)
{
    return QDateTime::fromMSecsSinceEpoch(time).toString(QLatin1String(form));
}

} // namespace

qint64 timeTickStep(qint64 span, int most)
{
    static constexpr qint64 second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
    for (const qint64 step :
         {second, 2 * second, 5 * second, 10 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute,
          15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day})
        if (span / step <= most)
            return step;
    return 30 * day;
}

qint64 firstTimeTick(qint64 from, qint64 step)
{
    const qint64 offset = qint64(QDateTime::fromMSecsSinceEpoch(from).offsetFromUtc()) * 1000;
    return (from + offset + step - 1) / step * step - offset;
}

QString timeTickText(qint64 time, qint64 step)
{
    if (step >= 86'400'000)
        return clockText(time, "d MMM");
    return clockText(time, time % 60'000 == 0 ? "HH:mm" : "HH:mm:ss");
}

QColor eventColour(const MetricEvent &event, const Theme &theme)
{
    const ThemeTokens &tokens = theme.tokens();
    switch (event.kind) {
    case MetricEvent::Kind::Failover: return event.isGentle ? tokens.accentMark : tokens.errorMark;
    case MetricEvent::Kind::NodeLost:
    case MetricEvent::Kind::SaveFailed: return tokens.errorMark;
    case MetricEvent::Kind::Restart:
    case MetricEvent::Kind::Config:
    case MetricEvent::Kind::StatsReset:
    case MetricEvent::Kind::Threshold: return tokens.warnMark;
    case MetricEvent::Kind::NodeBack:
    case MetricEvent::Kind::Topology:
    case MetricEvent::Kind::Operation:
    case MetricEvent::Kind::SlotsMoved: return tokens.accentMark;
    case MetricEvent::Kind::Save: break;
    }
    return tokens.mutedMark;
}

void paintMoments(QPainter &painter, const QRect &area, const MetricsPicture &picture, const Theme &theme)
{
    const double span = double(std::max<qint64>(1, picture.to - picture.from));
    const auto xOf = [&](qint64 time) { return area.left() + int(double(time - picture.from) / span * area.width()); };
    painter.setClipRect(area);
    // values that Slotscope has not recorded itself
    if (picture.window.historyFrom > 0 && picture.window.recordedFrom > picture.from) {
        const int begin = std::min(area.right(), xOf(picture.window.recordedFrom));
        QColor hatch = theme.tokens().line2;
        hatch.setAlphaF(0.3F);
        painter.fillRect(QRect(QPoint(area.left(), area.top()), QPoint(begin, area.bottom())),
                         QBrush(hatch, Qt::BDiagPattern));
        painter.setPen(theme.tokens().line2);
        painter.drawLine(begin, area.top(), begin, area.bottom());
    }
    for (const MetricEvent &event : picture.window.events) {
        QColor colour = eventColour(event, theme);
        if (event.until > event.at
            // several thresholds may be exceeded for long; only the lane shows them
            && event.kind != MetricEvent::Kind::Threshold) {
            QColor band = colour;
            band.setAlphaF(0.14F);
            painter.fillRect(QRect(QPoint(xOf(event.at), area.top()), QPoint(xOf(event.until), area.bottom())), band);
        }
        if (event.kind == MetricEvent::Kind::Save)
            continue; // saves happen all the time; only the lane shows them
        painter.setPen(QPen(colour, 1, Qt::DashLine));
        painter.drawLine(xOf(event.at), area.top(), xOf(event.at), area.bottom());
    }
    if (picture.moment) {
        painter.setPen(QPen(theme.tokens().text, 1));
        painter.drawLine(xOf(*picture.moment), area.top(), xOf(*picture.moment), area.bottom());
    }
    painter.setClipping(false);
}

TimeLane::TimeLane(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Events over time"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void TimeLane::setPicture(const MetricsPicture &picture)
{
    m_picture = &picture;
    update();
}

int TimeLane::xOf(qint64 time) const
{
    const double span = double(std::max<qint64>(1, m_picture->to - m_picture->from));
    return laneMargin + int(double(time - m_picture->from) / span * (width() - 2 * laneMargin));
}

qint64 TimeLane::timeAt(int x) const
{
    const double share = double(x - laneMargin) / std::max(1, width() - 2 * laneMargin);
    return m_picture->from + qint64(share * double(m_picture->to - m_picture->from));
}

/// Combines flags whose texts would overlap.
std::vector<TimeLane::Flag> TimeLane::flags() const
{
    std::vector<Flag> all;
    if (!m_picture)
        return all;
    const QFontMetrics metrics(Theme::smallFont());
    for (const MetricEvent &event : m_picture->window.events) {
        const int x = std::max(xOf(event.at), laneMargin);
        if (!all.empty() && x < all.back().right + wordGap) {
            Flag &flag = all.back();
            flag.events.push_back(event);
            const QString more = u" +%1"_s.arg(flag.events.size() - 1);
            flag.words = metrics.elidedText(flag.chief().words, Qt::ElideRight, longestWords) + more;
            flag.x = flag.left = std::max(xOf(flag.chief().at), laneMargin);
            flag.right = std::max(flag.right, flag.x + flagWidth + 6 + metrics.horizontalAdvance(flag.words));
            continue;
        }
        Flag flag;
        flag.x = x;
        flag.words = metrics.elidedText(event.words, Qt::ElideRight, longestWords);
        flag.right = x + flagWidth + 6 + metrics.horizontalAdvance(flag.words);
        flag.events.push_back(event);
        flag.left = x;
        all.push_back(std::move(flag));
    }
    if (all.empty() || all.back().right <= width() - 2)
        return all;
    Flag &last = all.back();
    const int before = last.x - 6 - metrics.horizontalAdvance(last.words);
    const int free = all.size() > 1 ? all[all.size() - 2].right + wordGap : laneMargin;
    if (before >= free) {
        last.left = before;
        last.right = last.x + flagWidth;
    }
    return all;
}

QString TimeLane::sourceWords() const
{
    if (!m_picture)
        return {};
    const MetricsWindow &window = m_picture->window;
    if (window.recordedFrom > 0 && window.recordedFrom <= m_picture->from)
        return {};
    if (window.historyFrom > 0) {
        QStringList words = QStringList{window.historyWords} + window.historyNotes;
        if (!m_picture->historyProblem.isEmpty())
            words.insert(1, m_picture->historyProblem);
        return words.join(u" · "_s);
    }
    return m_picture->historyProblem.isEmpty() ? tr("Not recorded yet")
                                               : tr("Prometheus: %1").arg(m_picture->historyProblem);
}

/// Shows the source of the values: hatched before the own record, with a text if there is room before the first flag.
void TimeLane::paintSources(QPainter &painter, const std::vector<Flag> &all) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const qint64 recordedFrom = m_picture->window.recordedFrom;
    const int begin = recordedFrom > 0 ? std::clamp(xOf(recordedFrom), laneMargin, width()) : width();
    const auto write = [&](int from, int to, const QString &words) {
        for (const Flag &flag : all)
            if (flag.right > from && flag.x < to)
                to = std::max(from, flag.left - wordGap);
        const QFontMetrics metrics(Theme::smallFont());
        painter.setPen(tokens.muted);
        if (to - from > metrics.horizontalAdvance(words.left(6)))
            painter.drawText(QRect(from, 1, to - from, upperHeight), Qt::AlignVCenter,
                             metrics.elidedText(words, Qt::ElideRight, to - from));
    };
    if (begin <= laneMargin + 1)
        return;
    painter.fillRect(QRect(1, 1, begin - 1, upperHeight), QBrush(tokens.line2, Qt::BDiagPattern));
    write(laneMargin, begin - 6, sourceWords());
    if (m_picture->window.historyFrom == 0 || begin >= width())
        return;
    painter.setPen(tokens.line2);
    painter.drawLine(begin, 1, begin, upperHeight);
    write(begin + wordGap, width() - laneMargin, tr("Live"));
}

QStringList TimeLane::shownWords() const
{
    QStringList words;
    for (const Flag &flag : flags())
        words.append(flag.words);
    return words;
}

void TimeLane::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ThemeTokens &tokens = m_theme.tokens();
    painter.setPen(tokens.line);
    painter.setBrush(tokens.surface);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
    if (!m_picture || m_picture->to <= m_picture->from)
        return;
    painter.setFont(Theme::smallFont());
    const QRect upper(1, 1, width() - 2, upperHeight);
    const std::vector<Flag> all = flags();
    paintSources(painter, all);
    painter.setPen(tokens.line);
    painter.drawLine(0, upperHeight, width(), upperHeight);
    for (const Flag &flag : all) {
        const MetricEvent &first = flag.chief();
        const QColor colour = eventColour(first, m_theme);
        if (first.until > first.at) {
            QColor band = colour;
            band.setAlphaF(0.25F);
            painter.fillRect(QRect(flag.x, 1, std::max(2, xOf(first.until) - flag.x), upperHeight - 1), band);
        }
        painter.setPen(QPen(colour, 2));
        painter.drawLine(flag.x, 2, flag.x, upperHeight - 2);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawPolygon(QPolygon({{flag.x, 3},
                                      {flag.x + flagWidth, 3},
                                      {flag.x + flagWidth - 3, 7},
                                      {flag.x + flagWidth, 11},
                                      {flag.x, 11}}));
        painter.setPen(tokens.text);
        const int from = flag.left < flag.x ? flag.left : flag.x + flagWidth + 4;
        const int to = flag.left < flag.x ? flag.x - 4 : upper.right();
        painter.drawText(QRect(from, 1, to - from, upperHeight), Qt::AlignVCenter | Qt::TextSingleLine, flag.words);
    }
    const qint64 step = timeTickStep(m_picture->to - m_picture->from, std::max(2, width() / 130));
    painter.setPen(tokens.muted);
    for (qint64 at = firstTimeTick(m_picture->from, step); at <= m_picture->to; at += step)
        painter.drawText(QRect(xOf(at) - 40, upperHeight, 80, height() - upperHeight), Qt::AlignCenter,
                         timeTickText(at, step));
    if (m_picture->moment) {
        const int x = xOf(*m_picture->moment);
        const QString text = clockText(*m_picture->moment, "HH:mm:ss");
        const int wide = QFontMetrics(Theme::smallFont()).horizontalAdvance(text) + 12;
        const QRect chip(std::clamp(x - wide / 2, 0, std::max(0, width() - wide)), upperHeight + 1, wide,
                         height() - upperHeight - 2);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.text);
        painter.drawRoundedRect(chip, 4, 4);
        painter.setPen(tokens.bg);
        painter.drawText(chip, Qt::AlignCenter, text);
        painter.drawLine(x, 2, x, upperHeight);
    }
}

const TimeLane::Flag *TimeLane::flagAt(const QPoint &point, const std::vector<Flag> &all) const
{
    for (const Flag &flag : all)
        if (point.y() <= upperHeight && point.x() >= flag.left - 2 && point.x() <= flag.right)
            return &flag;
    return nullptr;
}

bool TimeLane::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const std::vector<Flag> all = flags();
    QStringList words;
    if (const Flag *flag = flagAt(help->pos(), all))
        for (const MetricEvent &each : flag->events)
            words.append(clockText(each.at, "HH:mm:ss") + u"  "_s + each.words);
    if (words.isEmpty() && m_picture && timeAt(help->pos().x()) < m_picture->window.recordedFrom)
        words.append(sourceWords().split(u" · "_s));
    if (words.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), plainToolTip(words.mid(0, 30).join(u'\n')), this);
    return true;
}

void TimeLane::mousePressEvent(QMouseEvent *event)
{
    const std::vector<Flag> all = flags();
    if (const Flag *flag = flagAt(event->position().toPoint(), all))
        Q_EMIT eventChosen(flag->chief());
}

void TimeLane::mouseMoveEvent(QMouseEvent *event)
{
    const int x = int(event->position().x());
    if (m_picture && x >= laneMargin && x <= width() - laneMargin)
        Q_EMIT pointed(timeAt(x));
}

void TimeLane::leaveEvent(QEvent *)
{
    Q_EMIT pointed(std::nullopt);
}

} // namespace slotscope
