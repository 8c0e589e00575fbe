// SPDX-License-Identifier: GPL-3.0-or-later
// How long a plan holds: between it and its steps lie a question, a stop or a crash.
#include "core/operations/planners/staleness.h"

#include "core/operations/facts/nodefacts.h"
#include "core/operations/planners/plandraft.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

bool canWait(const RunSnapshot &run)
{
    const OperationPlan &plan = *run.plan;
    bool first = true;
    for (qsizetype index = 0; index < plan.steps.size(); ++index) {
        if (run.steps[index].state == StepState::State::Done)
            continue;
        const PlanStep &step = plan.steps[index];
        const bool decides = std::any_of(step.commands.begin(), step.commands.end(), [](const StepCommand &one) {
            return one.command.size() > 1 && (one.command[1] == "BUMPEPOCH" || one.command[1] == "DELSLOTS");
        });
        const bool looks = step.kind == PlanStep::Kind::MoveSlots || step.kind == PlanStep::Kind::GatherKeys;
        if (decides || step.kind == PlanStep::Kind::DeleteKeys || (first && plan.operation == Operation::Fix && !looks))
            return false;
        first = false;
    }
    return true;
}

namespace {

/// Lists nodes that have died or come back since.
QString livingDifference(const ClusterView &before, const ClusterView &now, bool &unclear)
{
    for (const NodeState &node : now.nodes) {
        const NodeState *old = before.node(node.id);
        if (!old || PlanDraft::alive(*old) == PlanDraft::alive(node))
            continue;
        if (PlanDraft::alive(node))
            return PlanDraft::tr("%1 answers again").arg(node.name);
        const bool away = node.reach.state == Reach::State::Waiting || node.reach.state == Reach::State::Refused;
        if (away || node.condition == NodeCondition::Failed)
            return PlanDraft::tr("%1 does not answer any more").arg(node.name);
        unclear = true;
    }
    return {};
}

} // namespace

QString outdatedBy(const OperationPlan &plan, const ClusterView &now, bool &unclear)
{
    const ClusterView &before = *plan.basis.view;
    const QString difference = differenceOf(before, now);
    // these operations decide about slots of dead nodes, which nodes get another primary, and which are forgotten
    const bool livingCounts = plan.operation == Operation::Fix || plan.operation == Operation::RemoveNode
        || plan.operation == Operation::Drill || (plan.operation == Operation::Failover && !now.cluster);
    if (!difference.isEmpty() || !livingCounts)
        return difference;
    return livingDifference(before, now, unclear);
}

} // namespace slotscope
