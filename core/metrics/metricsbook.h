// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricswindow.h"

#include <QHash>
#include <QMutex>

#include <map>
#include <memory>
#include <vector>

namespace slotscope {

struct KeptMetrics;
struct MetricsHistory;

/// Where a node stands, from the cluster's view.
struct MetricNode
{
    QString name;
    int shard = 0, colour = -1;
    bool isPrimary = true;
};

/// What a node told last.
struct NewestFigures
{
    QByteArray id;
    MetricNode place;
    bool isKnown = false; ///< it told twice: there are rates
    qint64 readAt = 0; ///< steady ms
    qint64 interval = 1000; ///< ms between its readings
    MetricFigures values{};
};

/// The record of all nodes: each sample for an hour, means and peaks of minutes for a day, then it forgets. Some 800 KB
/// a node when it is full. Any thread; what is read by one waits for the writing of one node at most.
class MetricsBook final
{
    Q_DISABLE_COPY_MOVE(MetricsBook)
public:
    static constexpr size_t mostSamples = 3600, mostMinutes = 1440, mostEvents = 2000;

    MetricsBook();
    ~MetricsBook();

    /// Where the nodes stand now; those that are missing keep what was recorded of them.
    void setNodes(const QHash<QByteArray, MetricNode> &nodes);
    /// What the reading says beside its figures: a restart, a reset of the counters, a save. These are in the record
    /// already.
    std::vector<MetricEvent> add(const QByteArray &node, const MetricReading &reading);
    void addEvent(const MetricEvent &event);
    [[nodiscard]] std::vector<MetricEvent>
    latestEvents(size_t most) const; ///< newest first; no saves, which come all the time
    /// An event that was added lasts until then.
    void prolongEvent(const MetricEvent &event, qint64 until);
    /// What stands before the record of each node, in place of what was given before; null: nothing.
    void setHistory(std::shared_ptr<const MetricsHistory> history);
    /// The whole minutes and what happened, for a file; and back, before what was recorded meanwhile.
    [[nodiscard]] KeptMetrics kept() const;
    void takeKept(const KeptMetrics &kept);
    [[nodiscard]] MetricsWindow window(const MetricsQuery &query) const;
    /// The newest figures of a node; nothing before its second reading (rates need two).
    [[nodiscard]] std::optional<MetricFigures> latest(const QByteArray &node) const;
    /// The same of all that are in the newest view.
    [[nodiscard]] std::vector<NewestFigures> newest() const;

private:
    struct Node;
    using NodePtr = std::shared_ptr<Node>;
    struct Track;
    class Collecting;

    [[nodiscard]] Track trackOf(const QByteArray &id, const NodePtr &node, const MetricsQuery &query,
                                const MetricsWindow &window) const;

    mutable QMutex m_mutex; ///< of all that is here and in the nodes
    std::map<QByteArray, NodePtr> m_nodes;
    std::vector<MetricEvent> m_events; ///< oldest first
    std::shared_ptr<const MetricsHistory> m_history;
};

} // namespace slotscope
