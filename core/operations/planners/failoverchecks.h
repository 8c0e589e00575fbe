// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/planners/plandraft.h"

namespace slotscope {

/// The checks before a replica takes over (reference §4).
class FailoverChecks
{
public:
    using Mode = FailoverRequest::Mode;
    using Verdict = PlanCheck::Verdict;

    FailoverChecks(PlanDraft &planDraft, const NodeState &node, const NodeState &former, Mode how)
        : draft(planDraft), replica(node), primary(former), mode(how)
    { }
    void all();
    [[nodiscard]] bool quorum() const;

private:
    [[nodiscard]] Verdict graceful(Verdict otherwise = Verdict::Warn) const
    {
        return mode == Mode::Graceful ? Verdict::Refuse : otherwise;
    }
    [[nodiscard]] PlanDraft::Nodes voters() const;
    void checkPrimary();
    void checkCopy();
    void checkVotes();
    void checkLoad();
    void checkShard();
    void checkFollowers();

    PlanDraft &draft;
    const NodeState &replica;
    const NodeState &primary;
    Mode mode;
};

/// Adds the failover step and, if the old primary is alive, the wait for it.
void addFailover(PlanDraft &draft, const NodeState &replica, const NodeState &primary, FailoverRequest::Mode mode);

} // namespace slotscope
