// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"

#include <deque>

namespace slotscope {

/// Counters of one command from INFO commandstats, since the statistics were reset.
struct CommandCounters
{
    double calls = 0, usec = 0;
    double rejected = -1, failed = -1; ///< -1: not reported (before 6.2)
};
/// By command name: "get", "config|get".
using CommandCounts = QHash<QByteArray, CommandCounters>;
[[nodiscard]] CommandCounts readCommandStats(QByteArrayView info);

struct CommandsQuery
{
    qint64 from = 0, to = 0; ///< ms since 1970
    int points = 200; ///< maximum
    QByteArray node; ///< node id; empty: all primaries, or that of `shard`
    int shard = 0; ///< shard number; 0: all
};

/// One command within a time window. Rates refer to the time covered by readings.
struct CommandRow
{
    QByteArray name;
    double calls = 0; ///< per second
    double usecPerCall = notKnownCommand; ///< NaN: it was not called
    double failed = 0, rejected = 0; ///< per second; NaN: not reported
    double busy = 0; ///< time spent on the command, in percent of one core
    std::vector<double> values; ///< calls per second in each bucket; NaN: a node has no data there
    static constexpr double notKnownCommand = std::numeric_limits<double>::quiet_NaN();
};

struct CommandsWindow
{
    qint64 first = 0, step = 1000;
    int buckets = 0;
    std::vector<CommandRow> rows; ///< sorted by calls, largest first
    qint64 recordedFrom = 0; ///< ms since 1970; 0: no data yet
    int nodes = 0, nodesTold = 0; ///< number of requested nodes, and of those with data in this window
};

/// Stores the rates of every command on all nodes for the last 15 minutes at most. Any thread.
class CommandBook final
{
    Q_DISABLE_COPY_MOVE(CommandBook)
public:
    static constexpr size_t mostSamples = 900; ///< limit per node
    /// limit for all nodes together, so a large cluster is stored for a shorter time
    static constexpr size_t mostRates = 2'000'000;

    CommandBook() = default;
    void setNodes(const QHash<QByteArray, MetricNode> &nodes);
    /// `at`: wall clock, ms since 1970. `steadyAt`: monotonic clock, ms; rates are computed from it.
    void add(const QByteArray &node, qint64 at, qint64 steadyAt, const CommandCounts &counts);
    [[nodiscard]] CommandsWindow window(const CommandsQuery &query) const;
    [[nodiscard]] size_t rates() const;

private:
    struct Rate
    {
        quint32 command = 0;
        float calls = 0, usec = 0, rejected = 0, failed = 0; ///< within the sample's interval
    };
    struct Sample
    {
        qint64 at = 0, passed = 0; ///< ms
        std::vector<Rate> rates;
    };
    struct Node
    {
        MetricNode place;
        bool isThere = true;
        qint64 steadyAt = 0;
        CommandCounts last;
        std::deque<Sample> samples;
    };
    /// Sums for one node over a window.
    struct NodeTotals
    {
        struct Command
        {
            CommandCounters sum{0, 0, 0, 0};
            std::vector<double> counts; ///< calls per bucket, within the time given by `covered`
        };
        double read = 0; ///< total time of the readings in ms
        std::vector<double> covered; ///< per bucket, the time in ms of readings that cover it; 0: none
        std::map<quint32, Command> commands;
    };
    [[nodiscard]] static NodeTotals totalsOf(const Node &node, const CommandsWindow &window, qint64 to);
    [[nodiscard]] quint32 numberOf(const QByteArray &name);
    void drop(Node &node);

    mutable QMutex m_mutex;
    std::map<QByteArray, Node> m_nodes;
    QHash<QByteArray, quint32> m_numbers;
    QByteArrayList m_names;
    size_t m_rates = 0;
};

} // namespace slotscope
