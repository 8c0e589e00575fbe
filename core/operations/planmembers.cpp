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

/// Several nodes at once: only such that nothing is lost with, and that cannot be asked any more.
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
                         tr("Only nodes that are gone are removed together. Remove it by itself."));
        else if (2 * node->saidFailedBy.size() <= draft.view.observers)
            draft.refuse(
                tr("Most nodes do not call %1 failed").arg(node->name),
                tr("It does not answer from here; others may reach it. Remove it by itself where it is gone."));
        else if (!node->slots.isEmpty())
            draft.refuse(tr("%1 does not answer and owns %2").arg(node->name, slotsText(node->slots.count())),
                         tr("Let one of its replicas take over, or use fix; then remove it."));
        else if (!node->primary && PlanDraft::isLastCopy(draft.view, *node))
            draft.refuse(tr("%1 has the last copy of its shard's data").arg(node->name),
                         tr("Its primary does not answer. Let it take over instead."));
    }
    for (const NodeState *node : std::as_const(nodes)) {
        PlanDraft::Nodes replicas = draft.replicasOf(node->id);
        replicas.removeIf([&nodes](const NodeState *replica) { return nodes.contains(replica); });
        repointReplicas(draft, *node, replicas);
        draft.forgetEverywhere(*node, request.waitForBan);
        draft.plan.verifies.append(tr("No node that answers knows %1 any more").arg(node->name));
    }
    draft.warn(tr("They cannot be reset"),
               tr("A node that comes back calls on the others again: stop these for good: %1.").arg(namesOf(nodes)));
    return draft.plan;
}

/// Nodes that join: as primaries, as replicas, or as a shard of their own.
class Joiners
{
public:
    Joiners(PlanDraft &planDraft, const AddNodeRequest &wanted) : draft(planDraft), request(wanted) { }
    Result<> resolve();
    void check();
    void plan();

private:
    struct Joiner
    {
        const OutsideNode *node = nullptr;
        bool isReplica = false;
        NodeRef primary = {}; ///< of a replica; no id: there is none
        QString primaryHost = {};
        qint64 bytes = 0;
    };
    void findPrimary(Joiner &joiner, QHash<QByteArray, int> &extra);
    void checkTwins();
    void follow();
    void giveShares();
    [[nodiscard]] QString title() const;
    [[nodiscard]] bool rebalances() const;

    PlanDraft &draft;
    const AddNodeRequest &request;
    const NodeState *primary = nullptr; ///< that was named
    QList<Joiner> list;
};

Result<> Joiners::resolve()
{
    if (draft.facts.outside.isEmpty() || draft.facts.outside.size() != request.endpoints().size())
        return failure(Error::Code::InvalidArgument, tr("no node was named"));
    if (request.asShard && (request.asReplica || !request.replicaOf.isEmpty()))
        return failure(Error::Code::InvalidArgument, tr("a new shard has a primary of its own"));
    if (!request.replicaOf.isEmpty()) {
        const auto found = draft.find(request.replicaOf);
        if (!found)
            return failure(found.error());
        primary = *found;
    }
    for (const OutsideNode &node : draft.facts.outside)
        list.append(
            {.node = &node, .isReplica = request.asShard ? !list.isEmpty() : request.asReplica || primary != nullptr});
    return {};
}

bool Joiners::rebalances() const
{
    return request.rebalance && !list.constFirst().isReplica;
}

void Joiners::checkTwins()
{
    QHash<QString, QString> seen;
    for (const Joiner &joiner : std::as_const(list)) {
        const OutsideNode &node = *joiner.node;
        const QString name = node.endpoint.toString();
        const QString same = node.id.isEmpty() ? name : QString::fromLatin1(node.id);
        if (const QString other = seen.value(same); !other.isEmpty())
            draft.refuse(tr("%1 and %2 are the same node").arg(other, name), tr("Name each node once."));
        seen.insert(same, name);
    }
}

void Joiners::findPrimary(Joiner &joiner, QHash<QByteArray, int> &extra)
{
    const OutsideNode &node = *joiner.node;
    if (request.asShard) {
        const OutsideNode &first = *list.constFirst().node;
        joiner.primary = PlanDraft::ref(first);
        joiner.primaryHost = first.ip;
        return;
    }
    const NodeState *above =
        primary ? primary : neediest(draft, node.ip.isEmpty() ? node.endpoint.host : node.ip, extra, {});
    if (!above || !above->primary) {
        draft.refuse(above ? tr("%1 is a replica").arg(above->name) : tr("No primary answers"),
                     tr("A replica needs a primary that answers."));
        return;
    }
    ++extra[above->id];
    joiner.primary = PlanDraft::ref(*above);
    joiner.primaryHost = above->host();
    joiner.bytes = bytesOf(above);
}

void Joiners::check()
{
    draft.checkWhole(rebalances() ? Verdict::Refuse : Verdict::Warn);
    checkTwins();
    QHash<QByteArray, int> extra;
    for (Joiner &joiner : list) {
        checkJoining(draft, *joiner.node, joiner.isReplica ? Joining::Replica : Joining::Primary);
        if (joiner.isReplica)
            findPrimary(joiner, extra);
    }
}

QString Joiners::title() const
{
    const QString first = list.constFirst().node->endpoint.toString();
    if (list.size() == 1)
        return list.constFirst().isReplica && !list.constFirst().primary.id.isEmpty()
            ? tr("Add %1 as a replica of %2").arg(first, list.constFirst().primary.address)
            : tr("Add %1 as a primary").arg(first);
    if (request.asShard)
        return tr("Add a shard: %1 with %2 replicas").arg(first).arg(list.size() - 1);
    return list.constFirst().isReplica ? tr("Add %1 nodes as replicas").arg(list.size())
                                       : tr("Add %1 nodes as primaries").arg(list.size());
}

void Joiners::follow()
{
    for (const Joiner &joiner : std::as_const(list)) {
        if (!joiner.isReplica || joiner.primary.id.isEmpty())
            continue;
        const NodeRef added = PlanDraft::ref(*joiner.node);
        if (joiner.primaryHost == joiner.node->ip)
            draft.warn(list.size() == 1 ? tr("It is on the host of its primary")
                                        : tr("%1 is on the host of its primary").arg(added.address),
                       tr("If the host fails, both are gone."));
        draft.followPrimary(added, joiner.primary, joiner.bytes);
        if (joiner.bytes > 0)
            draft.plan.estimate.bytes = std::max<qint64>(draft.plan.estimate.bytes, 0) + joiner.bytes;
        draft.plan.verifies.append(list.size() == 1 ? tr("Its replication link is up")
                                                    : tr("The replication link of %1 is up").arg(added.address));
    }
}

/// The slots come when the replicas follow: then no slot is without a copy.
void Joiners::giveShares()
{
    QList<NodeRef> newcomers;
    for (const Joiner &joiner : std::as_const(list))
        if (!joiner.isReplica)
            newcomers.append(PlanDraft::ref(*joiner.node));
    const QList<SlotMove> moves = draft.sharesFor(newcomers);
    if (moves.isEmpty())
        draft.plan.notes.append(tr("No slots are moved: there are too few for one more primary."));
    if (!request.asShard)
        draft.warn(newcomers.size() == 1 ? tr("The new primary has no replica")
                                         : tr("The new primaries have no replicas"),
                   tr("If one fails, the slots that it is given are lost with it. Add replicas too."));
    draft.moveSlots(moves, request.migration);
}

void Joiners::plan()
{
    QList<NodeRef> joined;
    for (const Joiner &joiner : std::as_const(list)) {
        if (!joiner.isReplica)
            copyFunctions(draft, *joiner.node);
        meetThem(draft, *joiner.node);
        joined.append(PlanDraft::ref(*joiner.node));
        draft.plan.verifies.append(tr("Every node that answers knows %1").arg(joiner.node->endpoint.toString()));
    }
    if (list.size() == 1 && list.constFirst().isReplica && !list.constFirst().primary.id.isEmpty())
        joined.append(list.constFirst().primary);
    draft.wait(Condition::Joined,
               list.size() == 1 ? tr("Wait until every node knows it") : tr("Wait until every node knows them"), joined,
               int(30000 + 2 * draft.nodeTimeoutMs()));
    draft.plan.title = title();
    follow();
    if (!list.constFirst().isReplica && !rebalances())
        draft.plan.notes.append(tr("It has no slots yet: rebalance afterwards, with empty primaries taking part."));
    draft.wait(Condition::SameSlots, tr("Wait until all nodes tell the same"), {});
    if (rebalances())
        giveShares();
}

} // namespace

Result<OperationPlan> planAddNode(const AddNodeRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::AddNode);
    Joiners joiners(draft, request);
    if (const auto known = joiners.resolve(); !known)
        return failure(known.error());
    joiners.check();
    joiners.plan();
    return draft.plan;
}

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
        reset.risk = node.primary ? tr("Refused while it still holds keys in slots that are not its own (orphans).")
                                  : tr("Its copy of the data is deleted.");
        draft.plan.steps.insert(gone, reset); // in the same breath: else it calls on the others again
    }
    if (drains)
        holdReplicas(draft, emptied, false);
    return draft.plan;
}

} // namespace slotscope
