// SPDX-License-Identifier: GPL-3.0-or-later
// Who replicates and who knows whom: replicate, forget, reset, meet. The guards that the servers do not give.
#include "core/base/tr.h"
#include "core/operations/planners/outsidechecks.h"
#include "core/operations/planners/plandraft.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Verdict = PlanCheck::Verdict;
using Condition = PlanStep::Condition;

qint64 keysOf(const NodeState &node)
{
    return node.info ? node.info->keys.value_or(0) : 0;
}

/// Checks that a primary that gets another role owns no slots and holds no keys.
void checkFree(PlanDraft &draft, const NodeState &node)
{
    if (!PlanDraft::answers(node))
        draft.refuse(tr("%1 does not answer").arg(node.name), tr("A node that does not answer cannot take commands."));
    if (!node.slots.isEmpty())
        draft.refuse(tr("%1 owns %2").arg(node.name, slotsText(node.slots.count())),
                     tr("These slots would have no owner. First move them away: remove-node or reshard."));
    else if (node.primary && keysOf(node) > 0)
        draft.refuse(tr("%1 contains %2 that belong to other nodes").arg(node.name, keysText(keysOf(node))),
                     tr("First handle these keys with orphans: move or delete them."));
    if (!node.primary && PlanDraft::isLastCopy(draft.view, node))
        draft.refuse(tr("%1 has the last copy of its shard's data").arg(node.name),
                     tr("The primary of this replica does not answer. Let the replica take over instead."));
    const PlanDraft::Nodes replicas = draft.replicasOf(node.id);
    if (!replicas.isEmpty())
        draft.refuse(tr("%1 has replicas: %2").arg(node.name, namesOf(replicas)),
                     tr("First give these replicas another primary."));
}

void checkCost(PlanDraft &draft, const NodeState &node, const NodeState &primary)
{
    const qint64 bytes = primary.info ? primary.info->usedMemory.value_or(-1) : -1;
    const qint64 backlog = draft.factsOf(primary.id).backlogBytes.value_or(-1);
    draft.warn(tr("%1 copies all data of %2").arg(node.name, primary.name),
               tr("Full synchronization: %1; the primary forks for it. Its replication backlog has %2.")
                   .arg(bytes < 0 ? tr("the size is not known") : byteSize(bytes),
                        backlog < 0 ? tr("not known") : byteSize(backlog)));
    draft.plan.estimate.bytes = bytes;
    const ServerInfo *info = node.info.get();
    const qint64 limit = info ? info->maxMemory.value_or(0) : 0;
    if (limit > 0 && bytes > limit)
        draft.warn(tr("The maxmemory of %1 is %2").arg(node.name, byteSize(limit)),
                   tr("The data does not fit into that."));
    if (node.host() == primary.host())
        draft.warn(tr("%1 is on the same host as %2").arg(node.name, primary.name),
                   tr("If that host fails, both nodes fail."));
}

/// Stores the node's former role, needed to undo the run.
void rememberRole(PlanDraft &draft, const NodeState &node)
{
    FormerRole role{.node = node.id, .shard = {}};
    if (!node.primary) {
        role.shard.append(node.primaryId);
        for (const NodeState *replica : draft.replicasOf(node.primaryId))
            if (replica->id != node.id)
                role.shard.append(replica->id);
    }
    draft.plan.results.formerRole = role;
}

/// Turns a replica into an empty primary.
void promote(PlanDraft &draft, const NodeState &node)
{
    draft.plan.title = tr("Make %1 an empty primary").arg(node.name);
    if (node.primary) {
        draft.plan.notes.append(tr("%1 is already a primary.").arg(node.name));
        return;
    }
    rememberRole(draft, node);
    draft.warn(tr("The copy of the data on %1 is deleted").arg(node.name), tr("Its primary keeps the data."));
    if (draft.factsOf(node.id).replicateNoOne) {
        draft.commands(tr("Make %1 replicate no node").arg(node.name),
                       {{PlanDraft::ref(node), commandOf("CLUSTER", "REPLICATE", "NO", "ONE")}});
    } else {
        draft.commands(tr("Reset %1: it becomes an empty primary").arg(node.name),
                       {{PlanDraft::ref(node), commandOf("CLUSTER", "RESET", "SOFT")}});
        QList<StepCommand> list;
        for (const NodeState *other : draft.reachable())
            if (other->id != node.id && other->shard >= 0 && !other->address.host.isEmpty() && list.size() < 8)
                list.append({PlanDraft::ref(node), meetCommand(other->address, draft.factsOf(other->id))});
        draft.commands(tr("Introduce the node to the cluster again"), list);
        draft.wait(Condition::Joined, tr("Wait until every node knows the new node"), {PlanDraft::ref(node)},
                   int(30000 + 2 * draft.nodeTimeoutMs()));
    }
    draft.wait(Condition::Primary, tr("Wait until every node sees the node as a primary"), {PlanDraft::ref(node)});
    draft.plan.verifies.append(tr("Every node that answers sees %1 as a primary").arg(node.name));
    draft.plan.notes.append(
        tr("The new node has no slots yet: rebalance afterwards, and include primaries without slots."));
}

void checkOthersReached(PlanDraft &draft, const NodeState &node)
{
    PlanDraft::Nodes away;
    for (const NodeState *other : draft.members())
        if (other != &node && !PlanDraft::answers(*other))
            away.append(other);
    if (!away.isEmpty())
        draft.warn(tr("These nodes do not answer and cannot be told: %1").arg(namesOf(away)),
                   tr("When these nodes come back, they announce %1 to the others again. Repeat the operation then.")
                       .arg(node.name));
}

} // namespace

Result<OperationPlan> planReplicate(const ReplicateRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Replicate);
    const auto found = draft.find(request.nodeId);
    if (!found)
        return failure(found.error());
    const NodeState &node = **found;
    draft.checkWhole(Verdict::Warn);
    if (request.primaryId.isEmpty()) {
        if (!node.primary)
            checkFree(draft, node);
        promote(draft, node);
        return draft.plan;
    }
    const auto primary = draft.find(request.primaryId);
    if (!primary)
        return failure(primary.error());
    if (*primary == &node)
        return failure(Error::Code::InvalidArgument, tr("%1 cannot replicate itself").arg(node.name));
    draft.plan.title = tr("Make %1 a replica of %2").arg(node.name, (*primary)->name);
    if (!node.primary && node.primaryId == (*primary)->id) {
        draft.plan.notes.append(tr("The node is already a replica of this primary. Repeating the command would start a "
                                   "new full synchronization."));
        return draft.plan;
    }
    rememberRole(draft, node);
    checkFree(draft, node);
    if (!(*primary)->primary)
        draft.refuse(tr("%1 is a replica").arg((*primary)->name), tr("A replica needs a primary."));
    else if (!PlanDraft::alive(**primary))
        draft.refuse(tr("%1 does not answer or has failed").arg((*primary)->name),
                     tr("A replica cannot copy data from it now."));
    checkCost(draft, node, **primary);
    draft.followPrimary(PlanDraft::ref(node), PlanDraft::ref(**primary), draft.plan.estimate.bytes);
    draft.plan.verifies = {tr("Every node that answers sees %1 as a replica of %2").arg(node.name, (*primary)->name),
                           tr("The replication link is up")};
    return draft.plan;
}

Result<OperationPlan> planForget(const ForgetRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Forget);
    const auto found = draft.find(request.nodeId);
    if (!found)
        return failure(found.error());
    const NodeState &node = **found;
    draft.plan.title = tr("Forget %1").arg(node.name);
    draft.checkNobodyElse();
    if (!node.slots.isEmpty())
        draft.refuse(tr("%1 owns %2").arg(node.name, slotsText(node.slots.count())),
                     tr("These slots would have no owner, and the server does not check that. First move them away, or "
                        "let a replica take over."));
    PlanDraft::Nodes living;
    for (const NodeState *replica : draft.replicasOf(node.id))
        if (PlanDraft::alive(*replica))
            living.append(replica);
    if (!living.isEmpty())
        draft.refuse(tr("%1 has replicas: %2").arg(node.name, namesOf(living)),
                     tr("A replica cannot forget its primary. First give these replicas another primary."));
    if (!node.primary && PlanDraft::isLastCopy(draft.view, node))
        draft.refuse(tr("%1 has the last copy of its shard's data").arg(node.name),
                     tr("The primary of this replica does not answer. Let the replica take over instead."));
    if (PlanDraft::answers(node) && node.shard >= 0)
        draft.warn(tr("%1 is running").arg(node.name),
                   tr("The node keeps contacting the others and may join again when the ban of CLUSTER FORGET expires. "
                      "remove-node removes and resets a node in one operation."));
    checkOthersReached(draft, node);
    draft.forgetEverywhere(node, request.waitForBan);
    draft.plan.verifies.append(tr("No node that answers knows %1 any more").arg(node.name));
    return draft.plan;
}

Result<OperationPlan> planReset(const ResetRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Reset);
    const auto found = draft.find(request.nodeId);
    if (!found)
        return failure(found.error());
    const NodeState &node = **found;
    draft.plan.title =
        request.hard ? tr("Reset %1 and give it a new node id").arg(node.name) : tr("Reset %1").arg(node.name);
    draft.checkNobodyElse();
    checkFree(draft, node);
    checkOthersReached(draft, node);
    if (!node.primary)
        draft.warn(tr("The copy of the data on %1 is deleted").arg(node.name), tr("Its primary keeps the data."));
    draft.forgetEverywhere(node, false);
    PlanStep reset;
    reset.title = tr("Reset %1: it forgets the cluster").arg(node.name);
    reset.commands = {{PlanDraft::ref(node), commandOf("CLUSTER", "RESET", request.hard ? "HARD" : "SOFT")}};
    reset.risk = request.hard ? tr("The node gets a new node id, and its epochs start at 0.") : QString();
    draft.plan.steps.insert(draft.plan.steps.size() - 1, reset); // insert the reset before the wait
    draft.plan.verifies = {tr("No node that answers knows the node any more")};
    return draft.plan;
}

Result<OperationPlan> planMeet(const MeetRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Meet);
    if (facts.outside.size() != 1)
        return failure(Error::Code::InvalidArgument, tr("no node was given"));
    const OutsideNode &node = facts.outside.constFirst();
    draft.plan.title = tr("CLUSTER MEET %1").arg(request.endpoint.toString());
    draft.checkNobodyElse();
    checkJoining(draft, node, Joining::Met);
    if (comesBack(draft, node)) {
        const QByteArray epoch = QByteArray::number(draft.view.currentEpoch + 1);
        PlanStep &step = draft.commands(tr("Give %1 a newer epoch than it had before").arg(request.endpoint.toString()),
                                        {{PlanDraft::ref(node), commandOf("CLUSTER", "SET-CONFIG-EPOCH", epoch)}});
        step.tolerated = {"already non-zero"_ba};
        step.risk = tr("Otherwise the other nodes would take the slots from it, and it would delete its keys.");
    }
    QList<StepCommand> list;
    for (const NodeState *other : draft.reachable()) {
        if (other->shard < 0 || other->id == node.id || list.size() >= 16)
            continue;
        list.append({PlanDraft::ref(*other), meetCommand(node)});
        if (!other->address.host.isEmpty())
            list.append({PlanDraft::ref(node), meetCommand(other->address, draft.factsOf(other->id))});
    }
    draft.commands(tr("Introduce %1 and the cluster to each other").arg(request.endpoint.toString()), list).risk =
        tr("OK only means that the nodes try: if a cluster bus port is blocked, they give up after the node timeout.");
    draft.wait(Condition::Joined, tr("Wait until every node knows the new node"), {PlanDraft::ref(node)},
               int(30000 + 2 * draft.nodeTimeoutMs()));
    draft.plan.verifies.append(tr("Every node that answers knows the new node, and it knows them"));
    return draft.plan;
}

} // namespace slotscope
