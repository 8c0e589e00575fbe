// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/thresholdwatcher.h"

#include "core/base/clock.h"

#include <QDateTime>

#include <algorithm>

namespace slotscope {

namespace {

constexpr size_t togetherFrom = 5; ///< from this number of nodes on, they share one event
constexpr size_t mostOpen = 200; ///< limit of events whose end is tracked

} // namespace

ThresholdWatcher::ThresholdWatcher(QPointer<ClusterSession>)
{
    m_timer.setParent(this);
    m_timer.setInterval(lookMs);
    connect(&m_timer, &QTimer::timeout, this, &ThresholdWatcher::look);
}

void ThresholdWatcher::watch(std::shared_ptr<MetricsBook> book)
{
    m_book = std::move(book);
    m_open.clear();
}

void ThresholdWatcher::setRules(const std::vector<Threshold> &rules)
{
    note(m_watch.setRules(rules));
    if (m_watch.isEmpty()) {
        m_timer.stop();
        return;
    }
    m_timer.start();
    look();
}

void ThresholdWatcher::look()
{
    if (!m_book || m_watch.isEmpty())
        return;
    note(m_watch.take(m_book->newest(), steadyMs()));
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const Open &open : m_open) // do not extend an event while its figures are unknown
        if (std::any_of(open.nodes.begin(), open.nodes.end(),
                        [&](const QByteArray &node) { return m_watch.isKnown(open.rule, node); }))
            m_book->prolongEvent(open.event, now);
}

void ThresholdWatcher::note(const std::vector<ThresholdChange> &changes)
{
    for (const ThresholdChange &change : changes) {
        m_changes.push_back(change);
        if (m_changes.size() > mostChanges) {
            m_changes.pop_front();
            ++m_dropped;
        }
    }
    if (!m_book)
        return;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const ThresholdChange &change : changes)
        if (!change.fired)
            close(change, now);
    for (size_t i = 0; i < changes.size();) { // changes of one rule are adjacent
        std::vector<ThresholdChange> fired;
        const Threshold &rule = changes[i].rule;
        for (; i < changes.size() && changes[i].rule == rule; ++i)
            if (changes[i].fired)
                fired.push_back(changes[i]);
        if (fired.size() > togetherFrom)
            open(fired, now);
        else
            for (const ThresholdChange &each : fired)
                open({each}, now);
    }
}

void ThresholdWatcher::open(const std::vector<ThresholdChange> &fired, qint64 now)
{
    const ThresholdChange &first = fired.front();
    Open made;
    made.rule = first.rule;
    for (const ThresholdChange &each : fired)
        made.nodes.insert(each.node);
    const bool isOne = fired.size() == 1;
    made.event.kind = MetricEvent::Kind::Threshold;
    made.event.at = now;
    made.event.node = isOne ? first.node : QByteArray();
    made.event.words = isOne ? first.words() : tr("%1: %n node(s)", nullptr, int(fired.size())).arg(first.rule.words());
    m_book->addEvent(made.event);
    m_open.push_back(made);
    if (m_open.size() > mostOpen)
        m_open.pop_front();
}

void ThresholdWatcher::close(const ThresholdChange &change, qint64 now)
{
    for (Open &open : m_open)
        if (open.rule == change.rule && open.nodes.remove(change.node) && open.nodes.isEmpty())
            m_book->prolongEvent(open.event, now);
    std::erase_if(m_open, [](const Open &open) { return open.nodes.isEmpty(); });
}

ThresholdReport ThresholdWatcher::takeReport()
{
    ThresholdReport report;
    report.changes.assign(m_changes.begin(), m_changes.end());
    report.dropped = std::exchange(m_dropped, 0);
    report.rules = m_watch.summary();
    for (ThresholdSummary &each : report.rules)
        if (const auto field = each.rule.watched().field; field && m_book && each.known < each.subjects)
            each.problem = m_book->fieldProblem(*field);
    m_changes.clear();
    return report;
}

QCoro::Task<Result<ThresholdReport>> ThresholdWatcher::report()
{
    co_return Result<ThresholdReport>(takeReport());
}

} // namespace slotscope
