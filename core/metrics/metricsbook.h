// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"

#include <QHash>
#include <QMutex>
#include <QStringList>

#include <map>
#include <memory>
#include <vector>

namespace slotscope {

/// Something that happened, for the time axis.
struct MetricEvent
{
    enum class Kind : quint8 {
        Failover, ///< a shard has another primary
        NodeLost,
        NodeBack,
        Restart,
        StatsReset, ///< CONFIG RESETSTAT: counters began anew
        Topology, ///< nodes came or went
        SlotsMoved, ///< to other shards: `count` of them; those within ten seconds are one event
        Config, ///< a parameter has another value
        Save, ///< an RDB file was written
        SaveFailed,
        Operation, ///< one of ours
    };
    Kind kind = Kind::Topology;
    qint64 at = 0; ///< ms since 1970, by our clock: when it was seen
    qint64 until = 0; ///< of something that lasts; 0: a moment
    QByteArray node; ///< its id; empty: of the cluster
    QString words;
    int count = 0;
    friend bool operator==(const MetricEvent &, const MetricEvent &) = default;
};

enum class MetricGroup : quint8 { Sum, Shards, Nodes };

/// Which part of the record is wanted, and how fine.
struct MetricsQuery
{
    qint64 from = 0, to = 0; ///< ms since 1970
    int points = 400; ///< at most
    MetricGroup group = MetricGroup::Shards;
    bool replicas = false; ///< of Nodes: also those
    std::vector<Metric> metrics;
};

/// One line of each plot.
struct MetricLine
{
    QString name; ///< "Shard 1", "127.0.0.1:7001"; empty of the sum
    QByteArray node; ///< its id; of a shard: that of its primary now
    int shard = 0; ///< number; 0: none
    int colour = -1; ///< index into the shard palette; -1: none
    bool isReplica = false;
    /// By place in MetricsQuery::metrics, then by bucket; NaN where nothing is known.
    std::vector<std::vector<double>> values;
};

struct MetricsHistory;

struct MetricsWindow
{
    qint64 first = 0, step = 1000; ///< ms: bucket i is the time [first + i × step, first + (i + 1) × step)
    int buckets = 0;
    std::vector<MetricLine> lines;
    std::vector<MetricEvent> events; ///< in the window, oldest first
    qint64 recordedFrom = 0; ///< ms since 1970: of the oldest sample of our own; 0: none yet
    qint64 historyFrom = 0; ///< of the oldest figure from elsewhere that is older than these; 0: there is none
    QString historyWords; ///< MetricsHistory::words
    QStringList historyNotes;
    int nodes = 0, nodesTold = 0; ///< all, and those with a sample in the window
    [[nodiscard]] qint64 timeOf(int bucket) const { return first + bucket * step; } ///< its beginning
};

/// Where a node stands, from the cluster's view.
struct MetricNode
{
    QString name;
    int shard = 0, colour = -1;
    bool isPrimary = true;
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
    /// What stands before the record of each node, in place of what was given before; null: nothing.
    void setHistory(std::shared_ptr<const MetricsHistory> history);
    [[nodiscard]] MetricsWindow window(const MetricsQuery &query) const;
    /// The newest figures of a node; nothing before its second reading (rates need two).
    [[nodiscard]] std::optional<std::array<double, metricCount>> latest(const QByteArray &node) const;

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

/// The step, in ms, of the buckets of a window: a whole number of seconds that divides minutes or hours.
[[nodiscard]] qint64 metricStep(qint64 range, int points);

} // namespace slotscope
