// SPDX-License-Identifier: GPL-3.0-or-later
// What takes a run back: its slots go home, by the same steps that moved them.
#include "core/base/tr.h"
#include "core/operations/planners/fitchecks.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/planners/planners.h"
#include "core/operations/facts/waiting.h"

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Returns the present primary of a move's shard: the node itself, or a former replica that took over. Nullopt if none
/// of them is a primary now, because an emptied node may be a replica of the very node that received its slots.
std::optional<NodeRef> endToday(const ClusterView &view, const NodeRef &node, const QByteArrayList &heirs)
{
    for (const QByteArray &id : QByteArrayList{node.id} + heirs) {
        const NodeState *state = view.node(id);
        if (state && state->primary && state->shard >= 0)
            return NodeRef{.id = state->id, .address = state->name};
    }
    return {};
}

/// Builds the plan that undoes slot moves.
class RollBack
{
public:
    RollBack(PlanDraft &planDraft, const RollBackRequest &wanted) : draft(planDraft), request(wanted) { }
    void sort();
    void plan();
    /// Open slots that this plan closes.
    [[nodiscard]] SlotSet closed() const { return half.united(returning).united(onReplicas); }

private:
    void sortOne(const SlotMove &planned);
    /// Both nodes of a move in their present state, and the ids that count as each: the node's and its former
    /// replicas'.
    struct Ends
    {
        const NodeState &home, &away;
        QByteArrayList homeIds, awayIds;
    };
    void sortSlot(quint16 slot, const Ends &ends, SlotSet &forthHere, SlotSet &backHere);
    void takeHome(const Ends &ends, SlotSet &forthHere, SlotSet &backHere);
    void bringHome();
    [[nodiscard]] bool isOnReplicasOnly(quint16 slot) const;
    [[nodiscard]] bool isKnownToAll(const NodeState &node) const;
    void closeOnReplicas();

    PlanDraft &draft;
    const RollBackRequest &request;
    QList<SlotMove> forth; ///< half-way slots whose original move is completed first, so that no key is ever missing
    QList<SlotMove> back;
    /// half-way slots that cannot be completed, or of which no key has moved yet: moved from away to home
    QList<SlotMove> homeward;
    SlotSet half;
    SlotSet returning; ///< slots already on their way back, from a roll-back that did not finish
    SlotSet onReplicas; ///< slots that only replicas show as open, because their primary never executed a SETSLOT
    SlotSet elsewhere; ///< slots that a third node owns now
};

bool RollBack::isOnReplicasOnly(quint16 slot) const
{
    const QList<int> holders = draft.view.openSlots.value(slot);
    return !holders.isEmpty() && std::none_of(holders.begin(), holders.end(), [this](int holder) {
        return draft.view.nodes[size_t(holder)].primary;
    });
}

/// Whether a node has the slot migrating to, or importing from, one of the peers.
bool says(const NodeState &node, quint16 slot, bool migrating, const QByteArrayList &peers)
{
    return std::any_of(node.openSlots.begin(), node.openSlots.end(), [&](const OpenSlot &open) {
        return open.slot == slot && open.migrating == migrating && peers.contains(open.peer);
    });
}

bool RollBack::isKnownToAll(const NodeState &node) const
{
    return std::all_of(draft.view.observations.begin(), draft.view.observations.end(),
                       [&node](const NodeObservation &one) {
                           return !one.table || one.reach.state != Reach::State::Ready || one.table->find(node.id);
                       });
}

void RollBack::sortSlot(quint16 slot, const Ends &ends, SlotSet &forthHere, SlotSet &backHere)
{
    const int owner = draft.view.owner[slot];
    if (says(ends.away, slot, true, ends.homeIds) || says(ends.home, slot, false, ends.awayIds)) {
        returning.add(slot);
        backHere.add(slot);
    } else if (says(ends.home, slot, true, ends.awayIds) || says(ends.away, slot, false, ends.homeIds)) {
        half.add(slot);
        forthHere.add(slot);
        backHere.add(slot);
    } else if (owner >= 0 && owner == draft.view.indexOf(ends.away.id)) {
        backHere.add(slot);
    } else if (owner >= 0 && owner != draft.view.indexOf(ends.home.id)) {
        elsewhere.add(slot);
    }
}

/// Takes home half-way slots whose move need not, or cannot, be completed first.
void RollBack::takeHome(const Ends &ends, SlotSet &forthHere, SlotSet &backHere)
{
    const NodeRef there = PlanDraft::ref(ends.away), here = PlanDraft::ref(ends.home);
    const bool blocked = request.home || !keysFit(draft, here, there);
    const bool counted = draft.facts.counted.contains(ends.away.id);
    SlotSet set;
    for (const quint16 slot : forthHere.toList())
        if (blocked || (counted && draft.facts.slotKeysByNode.value(slot).value(ends.away.id) == 0))
            set.add(slot);
    if (set.isEmpty())
        return;
    forthHere = forthHere.subtracted(set);
    backHere = backHere.subtracted(set);
    homeward.append({.source = there, .target = here, .slots = set});
}

/// Closes slots on their owner and then brings their keys back: see Repair::release().
void RollBack::bringHome()
{
    for (const SlotMove &move : std::as_const(homeward)) {
        QList<StepCommand> stay, close;
        for (const quint16 slot : move.slots.toList()) {
            const Command stable = commandOf("CLUSTER", "SETSLOT", QByteArray::number(slot), "STABLE");
            stay.append({move.target, stable});
            close.append({move.source, stable});
        }
        draft.commands(tr("Let %1 stay with %2").arg(slotsText(stay.size()), move.target.address), stay).risk =
            tr("Until the next step has moved them back, moved keys are reported as missing, and clients may create "
               "them again.");
        PlanStep &step =
            draft.step(PlanStep::Kind::GatherKeys,
                       tr("Move their keys on %1 back to %2").arg(move.source.address, move.target.address));
        step.nodes = {move.source, move.target};
        step.slots = move.slots;
        step.migration = request.migration;
        step.risk = tr("A key that exists on both nodes with different values stops the operation, unless you chose "
                       "which value to keep.");
        checkKeysFit(draft, move.source, move.target);
        draft.commands(tr("Set them stable on %1").arg(move.source.address), close);
    }
}

void RollBack::sortOne(const SlotMove &planned)
{
    const ClusterView &view = draft.view;
    for (const quint16 slot : planned.slots.toList())
        if (isOnReplicasOnly(slot))
            onReplicas.add(slot);
    const auto home = endToday(view, planned.source, planned.sourceHeirs);
    const auto away = endToday(view, planned.target, planned.targetHeirs);
    if (!home || !away || home->id == away->id) {
        const NodeRef &missing = home ? planned.target : planned.source;
        const NodeState *state = view.node(missing.id);
        draft.refuse(
            state ? tr("%1 is no longer a primary").arg(missing.address)
                  : tr("%1 is no longer in the cluster").arg(missing.address),
            state ? tr(
                "It has become a replica since. First make it an empty primary (replicate --promote), then roll back.")
                  : tr("This part of the operation cannot be rolled back. Move the slots with reshard, or use fix."));
        return;
    }
    const Ends ends{.home = *view.node(home->id),
                    .away = *view.node(away->id),
                    .homeIds = QByteArrayList{planned.source.id} + planned.sourceHeirs,
                    .awayIds = QByteArrayList{planned.target.id} + planned.targetHeirs};
    SlotSet forthHere, backHere;
    for (const quint16 slot : planned.slots.toList())
        sortSlot(slot, ends, forthHere, backHere);
    takeHome(ends, forthHere, backHere);
    if (!backHere.isEmpty() && !isKnownToAll(ends.home))
        draft.refuse(tr("Some nodes do not know %1 any more").arg(ends.home.name),
                     tr("They have already forgotten it. Finish the removal, or MEET the node again first."));
    forth.append({.source = *home, .target = *away, .slots = forthHere});
    back.append({.source = *away, .target = *home, .slots = backHere});
}

void RollBack::sort()
{
    for (const SlotMove &planned : request.moves)
        sortOne(planned);
}

/// The primary has no such open slots; repeating STABLE there makes it update its replicas (Valkey 8).
void RollBack::closeOnReplicas()
{
    QList<StepCommand> list;
    for (const NodeState *node : draft.reachable()) {
        const NodeState *primary = node->primary ? nullptr : draft.view.node(node->primaryId);
        for (const OpenSlot &open : node->openSlots)
            if (primary && PlanDraft::alive(*primary) && onReplicas.contains(open.slot))
                list.append({PlanDraft::ref(*primary),
                             commandOf("CLUSTER", "SETSLOT", QByteArray::number(open.slot), "STABLE")});
    }
    if (!list.isEmpty())
        draft.commands(
            tr("Set %1 stable that only replicas still show in migration").arg(slotsText(onReplicas.count())), list);
}

void RollBack::plan()
{
    if (!elsewhere.isEmpty())
        draft.warn(tr("Other nodes own these slots now: %1").arg(elsewhere.toString(rangesShown)),
                   tr("They were moved again since. They are left where they are."));
    if (!request.left.isEmpty())
        draft.warn(tr("Not everything is rolled back"), tr("This is not changed: %1.").arg(request.left.join(u"; "_s)));
    closeOnReplicas();
    bringHome();
    const qsizetype first = draft.plan.steps.size();
    draft.moveSlots(forth, request.migration);
    SlotSet arriving;
    for (const SlotMove &move : std::as_const(forth))
        arriving = arriving.united(move.slots);
    if (!arriving.isEmpty()) {
        draft.plan.steps[first].title = arriving.count() == 1
            ? tr("Finish the migration of 1 slot")
            : tr("Finish the migration of %1").arg(slotsText(arriving.count()));
        draft.plan.moves.clear(); // these slots end where they began
        draft.plan.verifies.clear();
        draft.plan.notes.clear();
    }
    const PlanEstimate there = draft.plan.estimate;
    draft.checkEmptied(back);
    draft.moveSlots(back, request.migration);
    draft.plan.verifies.removeDuplicates();
    if (there.keys > 0 && draft.plan.estimate.keys >= 0) { // their keys move twice
        draft.plan.estimate.keys += there.keys;
        draft.plan.estimate.bytes += std::max<qint64>(there.bytes, 0);
        draft.plan.estimate.milliseconds += std::max<qint64>(there.milliseconds, 0);
    }
    if (!request.restores.isEmpty())
        draft.commands(tr("Restore the settings that the operation would have restored at its end"), request.restores)
            .mayFail = true;
    if (draft.plan.steps.isEmpty()) // a final check lets the run be marked as undone
        draft.wait(PlanStep::Condition::SameSlots, tr("Check that every slot is where it was"), {});
}

/// Describes what a run changed besides slots and is not undone: replicas that it assigned to other primaries.
QStringList leftOf(const RunSnapshot &run)
{
    QStringList list;
    for (qsizetype i = 0; i < run.plan->steps.size(); ++i) {
        const PlanStep &step = run.plan->steps[i];
        const bool repoints = std::any_of(step.commands.begin(), step.commands.end(), [](const StepCommand &one) {
            return one.command.size() > 1 && one.command[0] == "CLUSTER" && one.command[1] != "SETSLOT";
        });
        if (repoints && run.steps.value(i).state != StepState::State::Pending)
            list.append(step.title);
    }
    return list;
}

/// Temporary setting changes of a run, as its last steps restore them.
QList<StepCommand> restoresOf(const OperationPlan &plan)
{
    QList<StepCommand> list;
    bool moved = false;
    for (const PlanStep &step : plan.steps) {
        moved = moved || step.kind == PlanStep::Kind::MoveSlots;
        for (const StepCommand &one : step.commands)
            if (moved && one.command.size() > 1 && one.command[0] == "CONFIG" && one.command[1] == "SET")
                list.append(one);
    }
    return list;
}

/// The former primary of each handover that may have happened, if it is now a replica of its successor.
QList<QByteArray> formerPrimaries(const RunSnapshot &run, const ClusterView &view)
{
    QList<QByteArray> ids;
    for (qsizetype i = 0; i < run.plan->steps.size(); ++i) {
        const PlanStep &step = run.plan->steps[i];
        if (step.kind != PlanStep::Kind::Failover || step.nodes.size() < 2
            || run.steps.value(i).state == StepState::State::Pending)
            continue;
        const NodeState *former = view.node(step.nodes[1].id);
        if (former && !former->primary && former->primaryId == step.nodes[0].id)
            ids.append(former->id);
    }
    return ids;
}

/// Returns the request that gives a node its former role: an empty primary, or a replica of the present primary of its
/// former shard.
std::optional<OperationRequest> formerRole(const OperationPlan &plan, const ClusterView &view)
{
    const std::optional<FormerRole> &role = plan.results.formerRole;
    const NodeState *node = role ? view.node(role->node) : nullptr;
    if (!node)
        return {};
    if (role->shard.isEmpty())
        return node->primary ? std::nullopt : std::optional<OperationRequest>(ReplicateRequest{.nodeId = node->id});
    for (const QByteArray &member : role->shard) {
        const NodeState *primary = view.node(member);
        if (!primary || !primary->primary)
            continue;
        const bool follows = !node->primary && node->primaryId == primary->id;
        return follows
            ? std::nullopt
            : std::optional<OperationRequest>(ReplicateRequest{.nodeId = node->id, .primaryId = primary->id});
    }
    return {};
}

} // namespace

std::optional<OperationRequest> rollBackOf(const RunSnapshot &run, const ClusterView &view)
{
    const OperationPlan &plan = *run.plan;
    if (!run.isOver() || run.rolledBack || !plan.results.rollsBack.isEmpty())
        return {};
    if (auto setting = undoOf(plan)) {
        setting->undoes = run.id;
        return *setting;
    }
    const bool done = run.state == RunState::Done;
    const bool leaves = plan.operation == Operation::RemoveNode;
    if ((leaves && !done) || plan.operation == Operation::Reshard || plan.operation == Operation::Rebalance) {
        RollBackRequest request{.run = run.id,
                                .title = plan.title,
                                .moves = plan.moves,
                                .restores = restoresOf(plan),
                                .left = leftOf(run),
                                .migration = {}};
        for (const PlanStep &step : plan.steps)
            if (step.kind == PlanStep::Kind::MoveSlots)
                request.migration = step.migration;
        // source and target are swapped, so the policy would mean the opposite
        request.migration.busyKeys = BusyKeyPolicy::Stop;
        request.home = run.error && run.error->command == u"MIGRATE" && !isTransient(*run.error);
        return request.moves.isEmpty() ? std::nullopt : std::optional<OperationRequest>(request);
    }
    const QList<QByteArray> former = formerPrimaries(run, view);
    if (plan.operation == Operation::RollingFailover && !former.isEmpty())
        return RollingFailoverRequest{.preferred = former};
    // even if the old primary could not become a replica
    if (plan.operation == Operation::Failover && former.size() == 1)
        return FailoverRequest{.replicaId = former.constFirst()};
    if (plan.operation == Operation::Replicate)
        return formerRole(plan, view);
    const auto meets = std::count_if(plan.steps.begin(), plan.steps.end(), [](const PlanStep &step) {
        return std::any_of(step.commands.begin(), step.commands.end(), [](const StepCommand &one) {
            return one.command.value(0) == "CLUSTER" && one.command.value(1) == "MEET";
        });
    });
    // after adding several nodes, or moving slots, removing one node would not undo the run
    if (plan.operation == Operation::AddNode && meets == 1 && plan.moves.isEmpty())
        for (const PlanStep &step : plan.steps)
            if (step.condition == PlanStep::Condition::Joined && !step.nodes.isEmpty()
                && view.node(step.nodes.constFirst().id))
                return RemoveNodeRequest{.nodeId = step.nodes.constFirst().id};
    return {};
}

SlotSet stillMoved(const OperationPlan &plan, const ClusterView &view)
{
    SlotSet left;
    if (plan.operation != Operation::Reshard && plan.operation != Operation::Rebalance
        && plan.operation != Operation::RemoveNode)
        return left;
    for (const SlotMove &move : plan.moves)
        if (const auto away = endToday(view, move.target, move.targetHeirs))
            left = left.united(move.slots.intersected(view.node(away->id)->slots));
    return left;
}

Result<OperationPlan> planRollBack(const RollBackRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::RollBack);
    if (request.moves.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("the operation has moved no slots"));
    draft.plan.title = tr("Roll back: %1").arg(request.title);
    draft.plan.results.rollsBack = request.run;
    RollBack rollBack(draft, request);
    rollBack.sort();
    draft.checkWhole(PlanCheck::Verdict::Refuse, rollBack.closed());
    rollBack.plan();
    return draft.plan;
}

} // namespace slotscope
