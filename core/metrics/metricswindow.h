// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"
#include "core/metrics/metricevent.h"

#include <QStringList>

#include <vector>

namespace slotscope {

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

/// The step, in ms, of the buckets of a window: a whole number of seconds that divides minutes or hours.
[[nodiscard]] qint64 metricStep(qint64 range, int points);

} // namespace slotscope
