// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes that join and leave: add, remove.
#include "core/base/tr.h"
#include "core/operations/outsidechecks.h"
#include "core/operations/plandraft.h"
#include "core/operations/planners.h"
#include "core/operations/slottaking.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Verdict = PlanCheck::Verdict;
using Condition = PlanStep::Condition;

qint64 bytesOf(const NodeState *node)
{
    return node && node->info ? node->info->usedMemory.value_or(0) : 0;
}

qsizetype livingReplicas(const PlanDraft &draft, const NodeState &primary)
{
    const PlanDraft::Nodes all = draft.replicasOf(primary.id);
    return std::count_if(all.begin(), all.end(), [](const NodeState *node) { return PlanDraft::alive(*node); });
}

/// The living primary with slots that has fewest replicas, none of `except`; one on another host than `host` where
/// there are several.
const NodeState *neediest(const PlanDraft &draft, const QString &host, const QHash<QByteArray, int> &extra,
                          const PlanDraft::Nodes &except)
{
    const NodeState *best = nullptr;
    std::tuple<qsizetype, bool> bestRank;
    for (const NodeState *node : draft.primaries()) {
        if (!PlanDraft::alive(*node) || node->slots.isEmpty() || except.contains(node))
            continue;
        const std::tuple rank(livingReplicas(draft, *node) + extra.value(node->id), node->host() == host);
        if (!best || rank < bestRank) {
            best = node;
            bestRank = rank;
        }
    }
    return best;
}

/// The nodes that a new one is introduced to: gossip alone takes seconds to tell the rest.
void meetThem(PlanDraft &draft, const OutsideNode &node)
{
    constexpr qsizetype introductions = 8;
    QList<StepCommand> list;
    for (const NodeState *other : draft.reachable()) {
        if (other->shard < 0 || other->address.host.isEmpty() || list.size() == introductions)
            continue;
        list.append({PlanDraft::ref(node), meetCommand(other->address, draft.factsOf(other->id))});
    }
    draft.commands(tr("Introduce %1 to the cluster").arg(node.endpoint.toString()), list).risk =
        tr("If a bus port is blocked, it does not join; then it is made to forget the cluster again.");
}

void copyFunctions(PlanDraft &draft, const OutsideNode &node)
{
    for (const NodeState *primary : draft.primaries()) {
        const NodeFacts &known = draft.factsOf(primary->id);
        if (!PlanDraft::alive(*primary) || known.functionCount.value_or(0) == 0)
            continue;
        draft
            .step(PlanStep::Kind::CopyFunctions,
                  tr("Copy the functions of %1 to %2").arg(primary->name, node.endpoint.toString()))
            .nodes = {PlanDraft::ref(*primary), PlanDraft::ref(node)};
        return;
    }
}

void checkDrain(PlanDraft &draft, const NodeState &node, const PlanDraft::Nodes &targets)
{
    if (targets.isEmpty() && !draft.plan.isRefused()) // else: the targets that were named are refused
        draft.refuse(tr("Nobody can take its slots"), tr("It is the last primary. Add another one first."));
    qsizetype left = 0;
    for (const NodeState *other : draft.primaries())
        left += other != &node && !other->slots.isEmpty() ? 1 : 0;
    if (left < quorumPrimaries)
        draft.warn(tr("%1 primaries with slots would remain").arg(left),
                   tr("Fewer than three cannot agree on a failover when one of them fails."));
}

QList<SlotMove> drainMoves(const NodeState &node, const PlanDraft::Nodes &targets)
{
    QList<SlotMove> moves;
    SlotSet from = node.slots;
    const QList<qint64> parts = shares(from.count(), QList<qint64>(targets.size(), 1));
    for (qsizetype i = 0; i < targets.size(); ++i)
        moves.append(
            {PlanDraft::ref(node), PlanDraft::ref(*targets[i]), takeSlots(from, int(parts[i]), targets[i]->slots)});
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
            return failure(Error::Code::InvalidArgument, tr("%1 cannot take its own slots").arg(node.name));
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

/// Without this the emptied primary and its replicas turn to another primary by themselves and copy its data.
void holdReplicas(PlanDraft &draft, const PlanDraft::Nodes &nodes, bool hold)
{
    QList<StepCommand> list;
    for (const NodeState *node : nodes)
        if (draft.factsOf(node->id).allowReplicaMigration.value_or(false))
            list.append({PlanDraft::ref(*node),
                         commandOf("CONFIG", "SET", "cluster-allow-replica-migration", hold ? "no" : "yes")});
    if (list.isEmpty())
        return;
    PlanStep &step = draft.commands(hold ? tr("Keep the emptied nodes from turning to another primary by themselves")
                                         : tr("Allow replica migration again"),
                                    list);
    step.mayFail = true;
    if (hold)
        step.risk = tr("If the run is not finished, cluster-allow-replica-migration stays no on them.");
}

void repointReplicas(PlanDraft &draft, const NodeState &node, const PlanDraft::Nodes &replicas)
{
    QHash<QByteArray, int> extra;
    for (const NodeState *replica : replicas) {
        if (!PlanDraft::alive(*replica)) {
            draft.warn(tr("Its replica %1 does not answer").arg(replica->name),
                       tr("It cannot be given another primary; remove it too."));
            continue;
        }
        const NodeState *above =
            node.primary ? nullptr : draft.primaryOf(node); // a replica's replicas go to its primary
        const NodeState *primary =
            above && PlanDraft::alive(*above) ? above : neediest(draft, replica->host(), extra, {&node});
        if (!primary) {
            draft.refuse(tr("There is no other primary for its replica %1").arg(replica->name),
                         tr("Remove the replica first."));
            continue;
        }
        ++extra[primary->id];
        draft.followPrimary(PlanDraft::ref(*replica), PlanDraft::ref(*primary), bytesOf(primary));
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
                     tr("Let one of its replicas take over, or use fix; then remove it."));
    if (!node.primary && PlanDraft::isLastCopy(draft.view, node))
        draft.refuse(tr("%1 has the last copy of its shard's data").arg(node.name),
                     tr("Its primary does not answer. Let it take over instead."));
    if (node.primary && node.slots.isEmpty() && PlanDraft::answers(node) && node.info
        && node.info->keys.value_or(0) > 0)
        draft.refuse(tr("%1 owns no slot and holds %2").arg(node.name, keysText(*node.info->keys)),
                     tr("Bring them to their owners with orphans first: outside the cluster nobody finds them."));
    if (!PlanDraft::answers(node))
        draft.warn(tr("%1 does not answer").arg(node.name),
                   tr("It cannot be reset. If it comes back, it calls on the others again: stop it for good."));
}

} // namespace

Result<OperationPlan> planAddNode(const AddNodeRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::AddNode);
    if (facts.outside.size() != 1)
        return failure(Error::Code::InvalidArgument, tr("no node was named"));
    const OutsideNode &node = facts.outside.constFirst();
    const NodeState *primary = nullptr;
    if (!request.replicaOf.isEmpty()) {
        const auto found = draft.find(request.replicaOf);
        if (!found)
            return failure(found.error());
        primary = *found;
    }
    const bool asReplica = request.asReplica || primary;
    draft.checkWhole(Verdict::Warn);
    checkJoining(draft, node, asReplica ? Joining::Replica : Joining::Primary);
    if (asReplica && !primary)
        primary = neediest(draft, node.ip.isEmpty() ? node.endpoint.host : node.ip, {}, {});
    if (asReplica && (!primary || !primary->primary))
        draft.refuse(primary ? tr("%1 is a replica").arg(primary->name) : tr("No primary answers"),
                     tr("A replica needs a primary that answers."));
    const NodeRef added = PlanDraft::ref(node);
    if (!asReplica)
        copyFunctions(draft, node);
    meetThem(draft, node);
    QList<NodeRef> joined{added};
    if (primary)
        joined.append(PlanDraft::ref(*primary));
    draft.wait(Condition::Joined, tr("Wait until every node knows it"), joined, int(30000 + 2 * draft.nodeTimeoutMs()));
    draft.plan.title = asReplica && primary ? tr("Add %1 as a replica of %2").arg(added.address, primary->name)
                                            : tr("Add %1 as a primary").arg(added.address);
    draft.plan.verifies.append(tr("Every node that answers knows %1").arg(added.address));
    if (asReplica && primary) {
        if (primary->host() == node.ip)
            draft.warn(tr("It is on the host of its primary"), tr("If the host fails, both are gone."));
        draft.followPrimary(added, PlanDraft::ref(*primary), bytesOf(primary));
        draft.plan.estimate.bytes = primary->info && primary->info->usedMemory ? *primary->info->usedMemory : -1;
        draft.plan.verifies.append(tr("Its replication link is up"));
    } else {
        draft.plan.notes.append(tr("It has no slots yet: rebalance afterwards, with empty primaries taking part."));
    }
    draft.wait(Condition::SameSlots, tr("Wait until all nodes tell the same"), {});
    return draft.plan;
}

Result<OperationPlan> planRemoveNode(const RemoveNodeRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::RemoveNode);
    const auto found = draft.find(request.nodeId);
    if (!found)
        return failure(found.error());
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
        reset.risk = node.primary ? tr("Refused while it still holds keys in slots that are not its own (orphans).")
                                  : tr("Its copy of the data is deleted.");
        draft.plan.steps.insert(gone, reset); // in the same breath: else it calls on the others again
    }
    if (drains)
        holdReplicas(draft, emptied, false);
    return draft.plan;
}

} // namespace slotscope
