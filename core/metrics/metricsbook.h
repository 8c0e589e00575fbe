// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricswindow.h"

#include <QHash>
#include <QMutex>

#include <array>
#include <map>
#include <memory>
#include <vector>

namespace slotscope {

struct KeptMetrics;
struct MetricsHistory;

/// Role and shard of a node, from the cluster view.
struct MetricNode
{
    QString name;
    int shard = 0, colour = -1;
    bool isPrimary = true;
};

/// The latest figures of a node.
struct NewestFigures
{
    QByteArray id;
    MetricNode place;
    bool isKnown = false; ///< there were two readings, so rates are known
    qint64 readAt = 0; ///< monotonic time in ms
    qint64 interval = 1000; ///< time between its readings in ms
    MetricFigures values{};
    QHash<QByteArray, double> fields; ///< fields added by the user, by InfoField::text(); unknown ones are left out
};

/// Why a node did not report the fields that are read for the user only.
struct FieldProblem
{
    QByteArray node; ///< node id; empty: none of the nodes reported them
    QString words;
};

/// The record of all nodes: each sample for an hour, and means and peaks per minute for a day. Needs about 800 KB per
/// node when full, and 20 KB for each field added by the user. Any thread; a reader waits at most while one node's data
/// is written.
class MetricsBook final
{
    Q_DISABLE_COPY_MOVE(MetricsBook)
public:
    static constexpr size_t mostSamples = 3600, mostMinutes = 1440, mostEvents = 2000;

    MetricsBook();
    ~MetricsBook();

    /// Sets role and shard of the nodes; nodes not listed keep their recorded data.
    void setNodes(const QHash<QByteArray, MetricNode> &nodes);
    /// Sets the fields recorded in addition to the metrics, at most mostInfoFields. Those that stay keep their data,
    /// the data of the others is dropped.
    void setFields(const InfoFields &fields);
    [[nodiscard]] InfoFields fields() const;
    /// Replaces what went wrong when fields were last read with CLUSTER INFO, or else with INFO everything.
    void setFieldProblems(bool ofCluster, std::vector<FieldProblem> problems);
    /// Why a field has no value for some nodes, with the name of the first of them; empty: no reason is known.
    [[nodiscard]] QString fieldProblem(const InfoField &field) const;
    /// Adds a reading, and returns events detected in it: a restart, a counter reset, a save. They are already
    /// recorded.
    std::vector<MetricEvent> add(const QByteArray &node, const MetricReading &reading);
    void addEvent(const MetricEvent &event);
    [[nodiscard]] std::vector<MetricEvent>
    latestEvents(size_t most) const; ///< newest first, without saves, which are too frequent
    /// Extends an event already added until that time.
    void prolongEvent(const MetricEvent &event, qint64 until);
    /// Sets the data shown for the time before each node's own record, replacing the previous history; null: none.
    void setHistory(std::shared_ptr<const MetricsHistory> history);
    /// Return the complete minutes and events for storing in a file, and take them back, as data before the present
    /// record.
    [[nodiscard]] KeptMetrics kept() const;
    void takeKept(const KeptMetrics &kept);
    [[nodiscard]] MetricsWindow window(const MetricsQuery &query) const;
    /// The latest figures of a node; nullopt before its second reading, because rates need two.
    [[nodiscard]] std::optional<MetricFigures> latest(const QByteArray &node) const;
    /// The latest figures of all nodes in the newest view.
    [[nodiscard]] std::vector<NewestFigures> newest() const;

private:
    struct Node;
    using NodePtr = std::shared_ptr<Node>;
    struct Track;
    class Collecting;

    [[nodiscard]] Track trackOf(const QByteArray &id, const NodePtr &node, const MetricsQuery &query,
                                const MetricsWindow &window) const;

    [[nodiscard]] NodePtr newNode() const;
    [[nodiscard]] QString problemOf(const InfoField &field) const; ///< fieldProblem(), with m_mutex locked
    /// The place of each field in m_fields; -1: it is not recorded.
    [[nodiscard]] std::vector<int> columnsOf(const InfoFields &fields) const;
    /// The values of the fields in a reading, in the order of m_fields; NaN if unknown.
    [[nodiscard]] std::vector<double> fieldsOf(const Node &node, const MetricReading &before,
                                               const MetricReading &reading, bool goesOn) const;

    mutable QMutex m_mutex; ///< protects everything here and in the nodes
    std::map<QByteArray, NodePtr> m_nodes;
    InfoFields m_fields;
    std::array<std::vector<FieldProblem>, 2> m_fieldProblems; ///< of INFO everything, of CLUSTER INFO
    std::vector<MetricEvent> m_events; ///< oldest first
    std::shared_ptr<const MetricsHistory> m_history;
};

} // namespace slotscope
