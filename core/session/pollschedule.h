// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace slotscope {

/// What one node is asked in one tick.
struct Questions
{
    bool table = false; ///< CLUSTER NODES
    bool opinion = false; ///< CLUSTER INFO
    bool info = false; ///< INFO
    bool links = false; ///< CLUSTER LINKS; not scheduled here: the session asks now and then in small clusters
    bool settings = false; ///< CONFIG GET cluster-*; not scheduled here: once a minute
    [[nodiscard]] bool any() const { return table || opinion || info || links; }
};

/// How much may be asked a second. Chosen so that 1,000 nodes cost a few per cent of one core
/// (docs/architecture/observing.md, "Observing stays cheap"): a table of n lines costs n; its size grows with the
/// cluster, so the cost of asking everybody is n².
struct PollBudget
{
    int tableLinesPerSecond = 6000;
    int changedTableLinesPerSecond = 40000; ///< for nodes whose CLUSTER INFO says that something changed
    int opinionsPerSecond = 250;
    int infosPerSecond = 60;
    int infoEveryMs = 1000; ///< not more often for one node
    int tableEveryMs = 0; ///< CLUSTER NODES and CLUSTER INFO, where nothing happened to the node
};

/// The state of one node as the schedule needs it.
struct PollEntry
{
    bool askable = false; ///< ready, and no question is under way
    bool changed = false; ///< its CLUSTER INFO differs from what it was when its table was read, or it was never read
    bool due = false; ///< something happened to it: table and CLUSTER INFO come before all others, within the budget
    qint64 tableAt = 0, opinionAt = 0, infoAt = 0; ///< ms of the last question; 0: never
};

/// Decides which node to ask which questions: every node all of them while that is cheap; otherwise the nodes that were
/// not asked for longest, after those that are due or changed. Pure, except that it keeps the unspent rest of the
/// budget.
class PollSchedule
{
public:
    explicit PollSchedule(PollBudget budget = {}) : m_budget(budget) { }
    /// `elapsedMs`: the time since the last call. The budget grows by it, by at most one second's worth per call. The
    /// result has one element for each entry.
    [[nodiscard]] std::vector<Questions> next(const std::vector<PollEntry> &entries, qint64 now, qint64 elapsedMs);

private:
    PollBudget m_budget;
    double m_tableCredit = 0, m_changedCredit = 0, m_opinionCredit = 0, m_infoCredit = 0;
};

} // namespace slotscope
