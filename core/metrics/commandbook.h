// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"

#include <deque>

namespace slotscope {

/// What INFO commandstats counts of a command since the statistics began.
struct CommandCounters
{
    double calls = 0, usec = 0;
    double rejected = -1, failed = -1; ///< -1: the server does not tell (before 6.2)
};
/// By name: "get", "config|get".
using CommandCounts = QHash<QByteArray, CommandCounters>;
[[nodiscard]] CommandCounts readCommandStats(QByteArrayView info);

struct CommandsQuery
{
    qint64 from = 0, to = 0; ///< ms since 1970
    int points = 200; ///< at most
    QByteArray node; ///< its id; empty: all primaries, or the one of `shard`
    int shard = 0; ///< number; 0: all
};

/// A command in a window. Rates are of the time that was read.
struct CommandRow
{
    QByteArray name;
    double calls = 0; ///< a second
    double usecPerCall = notKnownCommand; ///< NaN: it did not run
    double failed = 0, rejected = 0; ///< a second; NaN: the server does not tell
    double busy = 0; ///< share of the time that it ran, percent of one core
    std::vector<double> values; ///< calls a second, by bucket; NaN: a node that tells anything did not tell it
    static constexpr double notKnownCommand = std::numeric_limits<double>::quiet_NaN();
};

struct CommandsWindow
{
    qint64 first = 0, step = 1000;
    int buckets = 0;
    std::vector<CommandRow> rows; ///< most calls first
    qint64 recordedFrom = 0; ///< ms since 1970; 0: nothing yet
    int nodes = 0, nodesTold = 0; ///< that were asked for, and those with figures in this time
};

/// Keeps the rates of every command of all nodes for the last 15 minutes at most. Any thread.
class CommandBook final
{
    Q_DISABLE_COPY_MOVE(CommandBook)
public:
    static constexpr size_t mostSamples = 900; ///< of a node
    static constexpr size_t mostRates = 2'000'000; ///< in all: a large cluster is kept for less long

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
        float calls = 0, usec = 0, rejected = 0, failed = 0; ///< in the time of the sample
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
    /// What a node told in a window.
    struct NodeTotals
    {
        struct Command
        {
            CommandCounters sum{0, 0, 0, 0};
            std::vector<double> counts; ///< calls, by bucket, in the time that is `covered`
        };
        double read = 0; ///< ms
        std::vector<double> covered; ///< ms, by bucket, of the readings that speak of it; 0: none does
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
