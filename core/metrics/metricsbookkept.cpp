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
        kept.fields = m_fields;
        for (const auto &[id, node] : nodes)
            if (node->minutes.size() > 0)
                newest = std::max(newest, node->minutes.at(node->minutes.size() - 1).at);
        for (const MetricEvent &event : m_events)
            if (event.at > newest - keptFor)
                kept.events.push_back(event);
    }
    const size_t most = KeptMetrics::minutesFor(nodes.size(), kept.fields.size());
    for (const auto &[id, node] : nodes) {
        const QMutexLocker locker(&m_mutex); // locked for each node separately
        const MetricSamples &minutes = node->minutes;
        const size_t first =
            std::max(minutes.firstFrom(newest - keptFor), minutes.size() - std::min(minutes.size(), most));
        if (first == minutes.size())
            continue;
        const bool hasFields = kept.fields == m_fields; // they may have been changed meanwhile
        KeptMetrics::Node made{.id = id, .place = node->place, .minutes = {}, .fields = {}};
        for (size_t i = first; i < minutes.size(); ++i) {
            made.minutes.push_back(minutes.at(i));
            made.fields.push_back(hasFields ? minutes.fields(i) : std::vector<float>());
        }
        kept.nodes.push_back(std::move(made));
    }
    return kept;
}

void MetricsBook::takeKept(const KeptMetrics &kept)
{
    const QMutexLocker locker(&m_mutex);
    // start of the record that is being written now; the maximum if there is none
    qint64 own = std::numeric_limits<qint64>::max();
    std::vector<int> places; // the column of the file for each field that is recorded now; -1: none
    for (const InfoField &field : m_fields) {
        const auto found = std::find(kept.fields.begin(), kept.fields.end(), field);
        places.push_back(found == kept.fields.end() ? -1 : int(found - kept.fields.begin()));
    }
    for (const KeptMetrics::Node &each : kept.nodes) {
        NodePtr &node = m_nodes[each.id];
        if (!node) { // the node has left the cluster meanwhile
            node = newNode();
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
        minutes.setColumns(std::vector<int>(m_fields.size(), -1));
        for (size_t i = 0; i < each.minutes.size(); ++i) {
            const MetricSamples::Sample &minute = each.minutes[i];
            std::vector<float> fields;
            for (const int place : places)
                fields.push_back(place >= 0 && i < each.fields.size() && size_t(place) < each.fields[i].size()
                                     ? each.fields[i][size_t(place)]
                                     : float(notKnown));
            if (minute.at + metricMinuteMs <= until)
                minutes.add(minute.at, minute.isPrimary, minute.values, fields);
        }
        for (size_t i = 0; i < node->minutes.size(); ++i)
            minutes.add(node->minutes.at(i).at, node->minutes.at(i).isPrimary, node->minutes.at(i).values,
                        node->minutes.fields(i));
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
