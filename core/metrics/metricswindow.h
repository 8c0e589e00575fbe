// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/infofield.h"
#include "core/metrics/metric.h"
#include "core/metrics/metricevent.h"

#include <QStringList>

#include <vector>

namespace slotscope {

enum class MetricGroup : quint8 { Sum, Shards, Nodes };

/// Which part of the record to return, and in which resolution.
struct MetricsQuery
{
    qint64 from = 0, to = 0; ///< ms since 1970
    int points = 400; ///< maximum
    MetricGroup group = MetricGroup::Shards;
    bool replicas = false; ///< for group Nodes: include replicas
    std::vector<Metric> metrics;
    InfoFields fields; ///< fields added by the user, behind the metrics
    [[nodiscard]] size_t figures() const { return metrics.size() + fields.size(); }
};

/// One line of each plot.
struct MetricLine
{
    QString name; ///< "Shard 1", "127.0.0.1:7001"; empty for the sum
    QByteArray node; ///< node id; for a shard that of its present primary
    int shard = 0; ///< shard number; 0: none
    int colour = -1; ///< palette index of the shard; -1: none
    bool isReplica = false;
    /// Indexed by position in MetricsQuery (metrics, then fields), then bucket; NaN without data.
    std::vector<std::vector<double>> values;
};

struct MetricsWindow
{
    qint64 first = 0, step = 1000; ///< in ms: bucket i covers [first + i × step, first + (i + 1) × step)
    int buckets = 0;
    std::vector<MetricLine> lines;
    std::vector<MetricEvent> events; ///< events in the window, oldest first
    qint64 recordedFrom = 0; ///< time of our own oldest sample in ms since 1970; 0: none yet
    qint64 historyFrom = 0; ///< time of the oldest external figure before these; 0: none
    QString historyWords; ///< see MetricsHistory::words
    QStringList historyNotes;
    QHash<QByteArray, QString> fieldProblems; ///< see MetricsBook::fieldProblem(), by InfoField::text()
    int nodes = 0, nodesTold = 0; ///< number of nodes, and of those with data in the window
    [[nodiscard]] qint64 timeOf(int bucket) const { return first + bucket * step; } ///< start of the bucket
};

/// The bucket size of a window in ms: a whole number of seconds that divides minutes or hours.
[[nodiscard]] qint64 metricStep(qint64 range, int points);

} // namespace slotscope
