// SPDX-License-Identifier: GPL-3.0-or-later
// The half of MetricsBook that outlives the program: what is kept of it, and how that comes back.
#include "core/metrics/metricsbooknode.h"
#include "core/metrics/metricskept.h"

#include <algorithm>

namespace slotscope {

namespace {

constexpr qint64 keptFor = qint64(MetricsBook::mostMinutes) * metricMinuteMs;

} // namespace

KeptMetrics MetricsBook::kept() const
{
    KeptMetrics kept;
    std::vector<std::pair<QByteArray, NodePtr>> nodes;
    qint64 newest = 0;
    {
        const QMutexLocker locker(&m_mutex);
        nodes.assign(m_nodes.begin(), m_nodes.end());
        for (const auto &[id, node] : nodes)
            if (node->minutes.size() > 0)
                newest = std::max(newest, node->minutes.at(node->minutes.size() - 1).at);
        for (const MetricEvent &event : m_events)
            if (event.at > newest - keptFor)
                kept.events.push_back(event);
    }
    const size_t most = KeptMetrics::minutesFor(nodes.size());
    for (const auto &[id, node] : nodes) {
        const QMutexLocker locker(&m_mutex); // locked for each node separately
        const MetricSamples &minutes = node->minutes;
        const size_t first =
            std::max(minutes.firstFrom(newest - keptFor), minutes.size() - std::min(minutes.size(), most));
        if (first == minutes.size())
            continue;
        KeptMetrics::Node made{.id = id, .place = node->place, .minutes = {}};
        for (size_t i = first; i < minutes.size(); ++i)
            made.minutes.push_back(minutes.at(i));
        kept.nodes.push_back(std::move(made));
    }
    return kept;
}

void MetricsBook::takeKept(const KeptMetrics &kept)
{
    const QMutexLocker locker(&m_mutex);
    // start of the record that is being written now; the maximum if there is none
    qint64 own = std::numeric_limits<qint64>::max();
    for (const KeptMetrics::Node &each : kept.nodes) {
        NodePtr &node = m_nodes[each.id];
        if (!node) { // the node has left the cluster meanwhile
            node = std::make_shared<Node>();
            node->place = each.place;
            node->isThere = false;
        }
        qint64 until = std::numeric_limits<qint64>::max();
        if (node->minutes.size() > 0)
            until = node->minutes.at(0).at;
        if (node->samples.size() > 0)
            until = std::min(until, node->samples.at(0).at);
        own = std::min(own, until);
        MetricSamples minutes(mostMinutes);
        for (const MetricSamples::Sample &minute : each.minutes)
            if (minute.at + metricMinuteMs <= until)
                minutes.add(minute.at, minute.isPrimary, minute.values);
        for (size_t i = 0; i < node->minutes.size(); ++i)
            minutes.add(node->minutes.at(i).at, node->minutes.at(i).isPrimary, node->minutes.at(i).values);
        node->minutes = std::move(minutes);
    }
    std::vector<MetricEvent> events;
    for (const MetricEvent &event : kept.events)
        if (event.at < own)
            events.push_back(event);
    events.insert(events.end(), m_events.begin(), m_events.end());
    if (events.size() > mostEvents)
        events.erase(events.begin(), events.end() - qptrdiff(mostEvents));
    m_events = std::move(events);
}

} // namespace slotscope
