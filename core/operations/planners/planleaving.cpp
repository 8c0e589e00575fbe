// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes that leave: one that is emptied first, or several that are gone.
#include "core/base/tr.h"
#include "core/operations/planners/neediest.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/planners/planners.h"
#include "core/operations/planners/slottaking.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Verdict = PlanCheck::Verdict;
using Condition = PlanStep::Condition;

void checkDrain(PlanDraft &draft, const NodeState &node, const PlanDraft::Nodes &targets)
{
    if (targets.isEmpty() && !draft.plan.isRefused()) // otherwise the requested targets were refused already
        draft.refuse(tr("No other node can take its slots"),
                     tr("This node is the last primary. Add another one first."));
    qsizetype left = 0;
    for (const NodeState *other : draft.primaries())
        left += other != &node && !other->slots.isEmpty() ? 1 : 0;
    if (left < quorumPrimaries)
        draft.warn(tr("%1 primaries with slots would remain").arg(left),
                   tr("Fewer than three primaries cannot agree on a failover when one of them fails."));
}

QList<SlotMove> drainMoves(const NodeState &node, const PlanDraft::Nodes &targets)
{
    QList<SlotMove> moves;
    SlotSet from = node.slots;
    const QList<qint64> parts = shares(from.count(), QList<qint64>(targets.size(), 1));
    for (qsizetype i = 0; i < targets.size(); ++i)
        moves.append(
            {PlanDraft::ref(node), PlanDraft::ref(*targets[i]), extractSlots(from, int(parts[i]), targets[i]->slots)});
    return moves;
}

Result<PlanDraft::Nodes> drainTargets(PlanDraft &draft, const RemoveNodeRequest &request, const NodeState &node)
{
    PlanDraft::Nodes targets;
    for (const QByteArray &id : request.drainTo) {
        const auto target = draft.find(id);
        if (!target)
            return failure(target.error());
        if (*target == &node)
            return failure(Error::Code::InvalidArgument, tr("%1 cannot take over its own slots").arg(node.name));
        if (!(*target)->primary)
            draft.refuse(tr("%1 is a replica").arg((*target)->name), tr("Only a primary can take slots."));
        else if (!targets.contains(*target))
            targets.append(*target);
    }
    if (!request.drainTo.isEmpty())
        return targets;
    for (const NodeState *other : draft.primaries())
        if (other != &node && PlanDraft::alive(*other) && !other->slots.isEmpty())
            targets.append(other);
    return targets;
}

/// Prevents automatic moves: without this, the emptied primary and its replicas would attach themselves to another
/// primary and copy its data.
void holdReplicas(PlanDraft &draft, const PlanDraft::Nodes &nodes, bool hold)
{
    QList<StepCommand> list;
    for (const NodeState *node : nodes)
        if (draft.factsOf(node->id).allowReplicaMigration.value_or(false))
            list.append({PlanDraft::ref(*node),
                         commandOf("CONFIG", "SET", "cluster-allow-replica-migration", hold ? "no" : "yes")});
    if (list.isEmpty())
        return;
    PlanStep &step = draft.commands(hold ? tr("Keep the emptied primaries from becoming replicas by themselves")
                                         : tr("Allow replica migration again"),
                                    list);
    step.mayFail = true;
    if (hold)
        step.risk = tr("If the operation does not finish, cluster-allow-replica-migration stays set to no on them.");
}

void repointReplicas(PlanDraft &draft, const NodeState &node, const PlanDraft::Nodes &replicas)
{
    QHash<QByteArray, int> extra;
    for (const NodeState *replica : replicas) {
        if (!PlanDraft::alive(*replica)) {
            draft.warn(tr("Its replica %1 does not answer").arg(replica->name),
                       tr("No other primary can take this replica: remove it together with its primary."));
            continue;
        }
        const NodeState *above =
            node.primary ? nullptr : draft.primaryOf(node); // the replicas of a replica are given to its primary
        const NodeState *primary =
            above && PlanDraft::alive(*above) ? above : neediest(draft, replica->host(), extra, {&node});
        if (!primary) {
            draft.refuse(tr("There is no other primary for its replica %1").arg(replica->name),
                         tr("Remove the replica first."));
            continue;
        }
        ++extra[primary->id];
        draft.followPrimary(PlanDraft::ref(*replica), PlanDraft::ref(*primary),
                            primary->info ? primary->info->usedMemory.value_or(0) : 0);
        draft.plan.verifies.append(tr("%1 is a replica of %2").arg(replica->name, primary->name));
    }
}

void checkLeaving(PlanDraft &draft, const NodeState &node)
{
    if (PlanDraft::answers(node) && !node.slots.isEmpty())
        draft.checkWhole(Verdict::Refuse);
    else
        draft.checkWhole(Verdict::Warn);
    if (!PlanDraft::answers(node) && !node.slots.isEmpty())
        draft.refuse(tr("%1 does not answer and owns %2").arg(node.name, slotsText(node.slots.count())),
                     tr("Let one of its replicas take over, or use fix; then remove the node."));
    if (!node.primary && PlanDraft::isLastCopy(draft.view, node))
        draft.refuse(tr("%1 has the last copy of its shard's data").arg(node.name),
                     tr("The primary of this replica does not answer. Let the replica take over instead."));
    if (node.primary && node.slots.isEmpty() && PlanDraft::answers(node) && node.info
        && node.info->keys.value_or(0) > 0)
        draft.refuse(tr("%1 owns no slot, but contains %2").arg(node.name, keysText(*node.info->keys)),
                     tr("First move these keys to the owners of their slots with orphans: clients cannot find keys on "
                        "a node outside the cluster."));
    if (!PlanDraft::answers(node))
        draft.warn(tr("%1 does not answer").arg(node.name),
                   tr("A node that does not answer cannot be reset. If it comes back, it contacts the other nodes "
                      "again: stop it for good."));
}

/// Plans the removal of several nodes at once: only nodes that no longer answer and whose removal loses nothing.
Result<OperationPlan> planRemoveGone(PlanDraft &draft, const RemoveNodeRequest &request)
{
    PlanDraft::Nodes nodes;
    for (const QByteArray &id : QList<QByteArray>{request.nodeId} + request.more) {
        const auto found = draft.find(id);
        if (!found)
            return failure(found.error());
        if (!nodes.contains(*found))
            nodes.append(*found);
    }
    draft.plan.title = tr("Remove %1 nodes that are gone").arg(nodes.size());
    draft.checkWhole(Verdict::Warn);
    for (const NodeState *node : std::as_const(nodes)) {
        if (PlanDraft::answers(*node))
            draft.refuse(tr("%1 answers").arg(node->name),
                         tr("Only nodes that are gone can be removed together. Remove this node separately."));
        else if (2 * node->saidFailedBy.size() <= draft.view.observers)
            draft.refuse(tr("Most nodes do not consider %1 failed").arg(node->name),
                         tr("The node does not answer Slotscope, but other nodes may reach it. If it is gone, remove "
                            "it separately."));
        else if (!node->slots.isEmpty())
            draft.refuse(tr("%1 does not answer and owns %2").arg(node->name, slotsText(node->slots.count())),
                         tr("Let one of its replicas take over, or use fix; then remove the node."));
        else if (!node->primary && PlanDraft::isLastCopy(draft.view, *node))
            draft.refuse(tr("%1 has the last copy of its shard's data").arg(node->name),
                         tr("The primary of this replica does not answer. Let the replica take over instead."));
    }
    for (const NodeState *node : std::as_const(nodes)) {
        PlanDraft::Nodes replicas = draft.replicasOf(node->id);
        replicas.removeIf([&nodes](const NodeState *replica) { return nodes.contains(replica); });
        repointReplicas(draft, *node, replicas);
        draft.forgetEverywhere(*node, request.waitForBan);
        draft.plan.verifies.append(tr("No node that answers knows %1 any more").arg(node->name));
    }
    draft.warn(
        tr("These nodes cannot be reset"),
        tr("A node that comes back contacts the others again. Stop these nodes for good: %1.").arg(namesOf(nodes)));
    return draft.plan;
}

} // namespace

Result<OperationPlan> planRemoveNode(const RemoveNodeRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::RemoveNode);
    const auto found = draft.find(request.nodeId);
    if (!found)
        return failure(found.error());
    if (!request.more.isEmpty())
        return planRemoveGone(draft, request);
    const NodeState &node = **found;
    draft.plan.title = tr("Remove %1").arg(node.name);
    checkLeaving(draft, node);
    const PlanDraft::Nodes replicas = draft.replicasOf(node.id);
    const PlanDraft::Nodes emptied = PlanDraft::Nodes{&node} + replicas;
    const bool drains = !node.slots.isEmpty() && PlanDraft::answers(node);
    if (drains) {
        const auto targets = drainTargets(draft, request, node);
        if (!targets)
            return failure(targets.error());
        checkDrain(draft, node, *targets);
        holdReplicas(draft, emptied, true);
        draft.moveSlots(drainMoves(node, *targets), request.migration);
    }
    repointReplicas(draft, node, replicas);
    draft.forgetEverywhere(node, request.waitForBan);
    draft.plan.verifies.append(tr("No node that answers knows %1 any more").arg(node.name));
    if (PlanDraft::answers(node)) {
        const auto gone = std::find_if(draft.plan.steps.begin(), draft.plan.steps.end(),
                                       [](const PlanStep &step) { return step.condition == Condition::Gone; });
        PlanStep reset;
        reset.title = tr("Reset %1: it forgets the cluster").arg(node.name);
        reset.commands = {{PlanDraft::ref(node), commandOf("CLUSTER", "RESET", "SOFT")}};
        reset.risk = node.primary
            ? tr("The node refuses this while it still contains keys in slots that it does not own (orphan keys).")
            : tr("The node's copy of the data is deleted.");
        draft.plan.steps.insert(gone, reset); // immediately after FORGET, otherwise the node contacts the others again
    }
    if (drains)
        holdReplicas(draft, emptied, false);
    return draft.plan;
}

} // namespace slotscope
