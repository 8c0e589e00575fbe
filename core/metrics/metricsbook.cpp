// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/metricsbook.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/metrics/metricsbooknode.h"

#include <algorithm>
#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 togetherMs = 10'000;
/// longest time between two readings, since a node in a large cluster is read rarely
constexpr qint64 longestInterval = 120'000;

QString slotsMovedWords(int count)
{
    return QCoreApplication::translate("slotscope", "%n slot(s) moved", nullptr, count);
}

} // namespace

MetricsBook::MetricsBook() = default;
MetricsBook::~MetricsBook() = default;

void MetricsBook::setNodes(const QHash<QByteArray, MetricNode> &nodes)
{
    const QMutexLocker locker(&m_mutex);
    for (auto &[id, node] : m_nodes)
        node->isThere = nodes.contains(id);
    for (auto each = nodes.constBegin(); each != nodes.constEnd(); ++each) {
        NodePtr &node = m_nodes[each.key()];
        if (!node)
            node = newNode();
        node->place = *each;
        node->isThere = true;
    }
}

std::vector<MetricEvent> MetricsBook::add(const QByteArray &id, const MetricReading &reading)
{
    const QMutexLocker locker(&m_mutex);
    NodePtr &node = m_nodes[id];
    if (!node)
        node = newNode();
    std::vector<MetricEvent> events;
    const auto tell = [&](MetricEvent::Kind kind, const QString &words) {
        events.push_back({.kind = kind,
                          .at = reading.at,
                          .until = 0,
                          .node = id,
                          .words = words.arg(node->place.name),
                          .count = 0,
                          .isGentle = false});
    };
    const MetricReading before = std::exchange(node->last, reading);
    const qint64 passed = reading.steadyAt - before.steadyAt;
    const bool isFirst = before.steadyAt == 0;
    if (!isFirst && passed <= 0)
        return {};
    const bool restarted = !isFirst
        && ((!before.runId.isEmpty() && !reading.runId.isEmpty() && before.runId != reading.runId)
            || (reading.uptimeSeconds >= 0 && reading.uptimeSeconds < before.uptimeSeconds));
    bool wasReset = false;
    std::array<float, metricCount> values;
    for (size_t i = 0; i < metricCount; ++i) {
        const std::optional<double> now = reading.values[i], was = before.values[i];
        double value = now.value_or(notKnown);
        if (isRate(Metric(i))) {
            const bool fell = now && was && *now < *was;
            wasReset = wasReset || (fell && !restarted);
            value = now && was && !fell && !restarted && !isFirst ? (*now - *was) * 1000.0 / double(passed) : notKnown;
        }
        values[i] = float(value);
        node->newest[i] = value;
    }
    node->newestFields = fieldsOf(*node, before, reading, !isFirst && !restarted);
    node->hasNewest = !isFirst;
    if (!isFirst)
        node->interval = std::clamp((node->interval * 3 + passed) / 4, qint64(200), longestInterval);
    node->keep(reading, values);
    if (restarted)
        tell(MetricEvent::Kind::Restart, tr("Restart: %1"));
    else if (wasReset)
        tell(MetricEvent::Kind::StatsReset, tr("Statistics reset: %1"));
    if (!isFirst && !restarted && before.lastSave != 0 && reading.lastSave > before.lastSave)
        tell(MetricEvent::Kind::Save, tr("Saved: %1"));
    if (!isFirst && before.lastSaveOk && !reading.lastSaveOk)
        tell(MetricEvent::Kind::SaveFailed, tr("Saving failed: %1"));
    m_events.insert(m_events.end(), events.begin(), events.end());
    if (m_events.size() > mostEvents)
        m_events.erase(m_events.begin(), m_events.begin() + qsizetype(m_events.size() - mostEvents));
    return events;
}

void MetricsBook::addEvent(const MetricEvent &event)
{
    const QMutexLocker locker(&m_mutex);
    if (event.kind == MetricEvent::Kind::SlotsMoved) {
        const auto before = std::find_if(m_events.rbegin(), m_events.rend(), [&](const MetricEvent &other) {
            return other.kind == event.kind && event.at - std::max(other.at, other.until) < togetherMs;
        });
        if (before != m_events.rend()) {
            before->until = event.at;
            before->count += event.count;
            before->words = slotsMovedWords(before->count);
            return;
        }
    }
    const auto place = std::upper_bound(m_events.begin(), m_events.end(), event,
                                        [](const MetricEvent &a, const MetricEvent &b) { return a.at < b.at; });
    const auto added = m_events.insert(place, event);
    if (event.kind == MetricEvent::Kind::SlotsMoved)
        added->words = slotsMovedWords(event.count);
    if (m_events.size() > mostEvents)
        m_events.erase(m_events.begin());
}

void MetricsBook::prolongEvent(const MetricEvent &event, qint64 until)
{
    const QMutexLocker locker(&m_mutex);
    const auto found = std::find_if(m_events.rbegin(), m_events.rend(), [&event](const MetricEvent &other) {
        return other.kind == event.kind && other.at == event.at && other.node == event.node
            && other.words == event.words;
    });
    if (found != m_events.rend())
        found->until = std::max(found->at, until);
}

std::vector<MetricEvent> MetricsBook::latestEvents(size_t most) const
{
    const QMutexLocker locker(&m_mutex);
    std::vector<MetricEvent> latest;
    for (auto event = m_events.rbegin(); event != m_events.rend() && latest.size() < most; ++event)
        if (event->kind != MetricEvent::Kind::Save)
            latest.push_back(*event);
    return latest;
}

std::vector<NewestFigures> MetricsBook::newest() const
{
    const QMutexLocker locker(&m_mutex);
    std::vector<NewestFigures> all;
    for (const auto &[id, node] : m_nodes)
        if (node->isThere) {
            all.push_back({.id = id,
                           .place = node->place,
                           .isKnown = node->hasNewest,
                           .readAt = node->last.steadyAt,
                           .interval = node->interval,
                           .values = node->newest,
                           .fields = {}});
            for (size_t i = 0; i < m_fields.size(); ++i)
                if (!std::isnan(node->newestFields[i]))
                    all.back().fields.insert(m_fields[i].text(), node->newestFields[i]);
        }
    return all;
}

std::optional<MetricFigures> MetricsBook::latest(const QByteArray &id) const
{
    const QMutexLocker locker(&m_mutex);
    const auto node = m_nodes.find(id);
    if (node == m_nodes.end() || !node->second->hasNewest)
        return std::nullopt;
    return node->second->newest;
}

void MetricsBook::setHistory(std::shared_ptr<const MetricsHistory> history)
{
    const QMutexLocker locker(&m_mutex);
    m_history = std::move(history);
}

} // namespace slotscope
