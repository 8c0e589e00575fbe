// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace slotscope {

/// What to query from one node in one tick.
struct Questions
{
    bool table = false; ///< CLUSTER NODES
    bool clusterInfo = false; ///< CLUSTER INFO
    bool info = false; ///< INFO
    bool links = false; ///< CLUSTER LINKS; not set here: the session adds it now and then in small clusters
    bool settings = false; ///< CONFIG GET cluster-*; not set here: the session adds it once a minute
    [[nodiscard]] bool any() const { return table || clusterInfo || info || links; }
};

/// How much may be queried per second. Chosen so that 1,000 nodes cost a few per cent of one core
/// (docs/architecture/observing.md, "Observing stays cheap"). A table of n lines costs n, so querying every node costs
/// n².
struct PollBudget
{
    int tableLinesPerSecond = 6000;
    int changedTableLinesPerSecond = 40000; ///< for nodes whose CLUSTER INFO has changed
    int clusterInfosPerSecond = 250;
    int infosPerSecond = 60;
    int infoEveryMs = 1000; ///< shortest interval for one node
    int tableEveryMs = 0; ///< shortest interval for CLUSTER NODES and CLUSTER INFO of a node without events
};

/// A node's state, as input for the schedule.
struct PollEntry
{
    bool askable = false; ///< connected, and no query is pending
    bool changed = false; ///< its table was never read, or its CLUSTER INFO has changed since
    bool due = false; ///< an event happened: query table and CLUSTER INFO before other nodes, within the budget
    qint64 tableAt = 0, clusterInfoAt = 0, infoAt = 0; ///< time of the last query in ms; 0: never
};

/// Decides what to query from which node. While that is cheap, every node is asked for everything. Otherwise nodes that
/// are due or have changed come first, then those not queried for the longest time. Pure, except that it keeps the
/// unspent budget.
class PollSchedule
{
public:
    explicit PollSchedule(PollBudget budget = {}) : m_budget(budget) { }
    /// Returns the queries for each entry. `elapsedMs` is the time since the last call; the budget grows by that time,
    /// at most by one second's worth.
    [[nodiscard]] std::vector<Questions> next(const std::vector<PollEntry> &entries, qint64 now, qint64 elapsedMs);

private:
    PollBudget m_budget;
    double m_tableCredit = 0, m_changedCredit = 0, m_clusterInfoCredit = 0, m_infoCredit = 0;
};

} // namespace slotscope
