// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/tr.h"
#include "core/operations/planners/shardloss.h"
#include "core/operations/planners/fitchecks.h"
#include "core/operations/planners/slotrepair.h"
#include "core/operations/facts/waiting.h"

#include "core/base/text.h"

#include <QMap>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Condition = PlanStep::Condition;

/// Builds the plan of one repair.
class Repair
{
public:
    Repair(PlanDraft &planDraft, const FixRequest &fixRequest) : draft(planDraft), request(fixRequest) { }
    Result<> resolve();
    void takeOver();
    void decide();
    void plan();
    void tellLeftAlone();
    [[nodiscard]] bool concernsSlots() const { return !wanted.isEmpty(); }

private:
    [[nodiscard]] const NodeState &node(int index) const { return draft.view.nodes[size_t(index)]; }
    [[nodiscard]] NodeRef ref(int index) const { return PlanDraft::ref(node(index)); }
    [[nodiscard]] QString nameAt(int index) const { return index < 0 ? tr("no node") : node(index).name; }
    void report(const SlotFindings &found, const SlotRepair &repair);
    void refuseAll();
    void disown();
    void claim();
    void release();
    void gather();
    [[nodiscard]] QList<int> staleOnReplicas(const SlotRepair &repair) const;
    void close();
    void move();
    void tell();

    PlanDraft &draft;
    const FixRequest &request;
    SlotSet wanted;
    SlotSet leftOpen; ///< open slots of shards in which a replica takes over first
    PlanDraft::Nodes leftAlone; ///< primaries that do not answer us but have not been reported as failed
    QList<SlotRepair> repairs;
};

Result<> Repair::resolve()
{
    for (auto it = request.assign.cbegin(); it != request.assign.cend(); ++it)
        if (const auto known = draft.find(it.value()); !known)
            return failure(known.error());
    const ClusterView &view = draft.view;
    wanted = view.uncovered.united(view.disputed);
    for (auto it = view.openSlots.cbegin(); it != view.openSlots.cend(); ++it)
        wanted.add(it.key());
    for (const SlotSet &denied : view.denied)
        wanted = wanted.united(denied);
    for (const NodeState *primary : draft.primaries())
        if (isGone(*primary) || primary->condition == NodeCondition::Failed || isSilent(draft, *primary))
            wanted = wanted.united(primary->slots);
        else if (!primary->slots.isEmpty() && !PlanDraft::answers(*primary))
            leftAlone.append(primary);
    if (!request.slots.isEmpty())
        wanted = wanted.intersected(request.slots);
    for (auto it = request.assign.cbegin(); it != request.assign.cend(); ++it)
        wanted.add(it.key());
    return {};
}

/// Adds takeovers by living replicas, which have the keys and so are better than assigning the slots elsewhere.
void Repair::takeOver()
{
    for (const NodeState *primary : draft.primaries()) {
        const SlotSet concerned = primary->slots.intersected(wanted);
        const bool dead = isGone(*primary) || primary->condition == NodeCondition::Failed || isSilent(draft, *primary);
        if (concerned.isEmpty() || !dead || PlanDraft::answers(*primary))
            continue;
        const NodeState *replica =
            request.takeover && hasFailed(draft, *primary) ? livingReplica(draft, *primary) : nullptr;
        if (!replica)
            continue;
        if (isSilent(draft, *primary))
            draft.plan.dataLoss.append(
                tr("No majority of the primaries answers, so there is no vote whether %1 has failed. If only this "
                   "computer cannot reach it, writes of its clients are lost.")
                    .arg(primary->name));
        if (replicaOffsetOf(*replica) == 0)
            draft.plan.dataLoss.append(
                tr("%1 was restarted while %2 was away: it is not known whether its %3 are all that %2 had.")
                    .arg(replica->name, primary->name, keysText(*replica->info->keys)));
        else if (const qint64 lost = linkLostBeforeMs(draft, *replica, *primary); lost > 0)
            draft.plan.dataLoss.append(
                tr("%1 had lost its link to %2 about %3 before that failed: writes in between are lost.")
                    .arg(replica->name, primary->name, duration(lost)));
        PlanStep &step = draft.step(PlanStep::Kind::Failover,
                                    tr("%1 takes over the %2 of %3, which has failed")
                                        .arg(replica->name, slotsText(primary->slots.count()), primary->name));
        step.nodes = {PlanDraft::ref(*replica), PlanDraft::ref(*primary)};
        step.mode = u"TAKEOVER"_s;
        step.deadlineMs = int(10000 + 2 * draft.nodeTimeoutMs());
        step.risk =
            tr("There is no vote. Writes that the failed primary had not sent are lost, as in an automatic failover.");
        draft.warn(tr("%1 has failed, its replica %2 answers").arg(primary->name, replica->name),
                   tr("The replica takes over with the data that it has."));
        const SlotSet open = concerned.intersected(openIn(draft.view));
        leftOpen = leftOpen.united(open);
        if (!open.isEmpty())
            draft.plan.notes.append(tr("Slots %1 are in migration too: run fix again when %2 has taken over.")
                                        .arg(open.toString(rangesShown), replica->name));
        wanted = wanted.subtracted(primary->slots);
    }
}

void Repair::report(const SlotFindings &found, const SlotRepair &repair)
{
    const auto names = [this](const QList<int> &list) {
        QStringList texts;
        for (const int index : list)
            texts.append(nameAt(index));
        return texts;
    };
    RepairedSlots row{.slots = {},
                      .owner = found.owner < 0 ? QString() : nameAt(found.owner),
                      .ownerEpoch = found.owner < 0 ? 0 : qint64(node(found.owner).configEpoch),
                      .claimants = names(found.claimants),
                      .migrating = names(found.migrating.keys()),
                      .importing = names(found.importing.keys()),
                      .keys = {},
                      .decision = repair.decision,
                      .refused = !repair.refusal.isEmpty()};
    for (auto it = found.keys.cbegin(); it != found.keys.cend(); ++it)
        row.keys[nameAt(it.key())] = *it;
    QList<RepairedSlots> &rows = draft.plan.results.repairs;
    // combines thousands of slots of one dead primary into one row
    if (rows.isEmpty() || !rows.constLast().isAlike(row))
        rows.append(row);
    rows.last().slots.add(found.slot);
}

void Repair::decide()
{
    SlotDecider decider(draft, request);
    for (const SlotRange &range : wanted.ranges()) {
        for (int slot = range.first; slot <= range.last; ++slot) {
            const SlotFindings found = findingsOfSlot(draft, quint16(slot));
            repairs.append(decider.decide(found));
            report(found, repairs.constLast());
            const QString &loss = repairs.constLast().loss;
            if (!loss.isEmpty() && !draft.plan.dataLoss.contains(loss))
                draft.plan.dataLoss.append(loss);
        }
    }
    refuseAll();
}

/// Refuses with one check per reason, not per slot.
void Repair::refuseAll()
{
    QMap<std::pair<QString, QString>, SlotSet> reasons;
    for (const SlotRepair &repair : std::as_const(repairs))
        if (!repair.refusal.isEmpty())
            reasons[{repair.refusal, repair.advice}].add(repair.slot);
    for (auto it = reasons.cbegin(); it != reasons.cend(); ++it)
        draft.refuse(it.key().first, tr("Slots %1. %2").arg(it.value().toString(rangesShown), it.key().second));
}

void Repair::disown()
{
    QMap<int, Command> commands;
    for (const SlotRepair &repair : std::as_const(repairs)) {
        for (const int other : repair.disown) {
            Command &command = commands[other];
            if (command.isEmpty())
                command = commandOf("CLUSTER", "DELSLOTS");
            command << QByteArray::number(repair.slot);
        }
    }
    QList<StepCommand> list;
    for (auto it = commands.cbegin(); it != commands.cend(); ++it)
        list.append({ref(it.key()), *it});
    if (list.isEmpty())
        return;
    PlanStep &step =
        draft.commands(tr("Let the other nodes that claim the slots drop their claims and keep their keys"), list);
    step.tolerated = {"already unassigned"_ba};
    step.risk = tr("Otherwise they would delete their keys as soon as they learn the owner's newer epoch.");
}

void Repair::claim()
{
    QMap<int, QList<StepCommand>> commands;
    SlotSet set;
    for (const SlotRepair &repair : std::as_const(repairs)) {
        if (!repair.claim)
            continue;
        QList<StepCommand> &list = commands[repair.owner];
        if (list.isEmpty())
            list.append({ref(repair.owner), commandOf("CLUSTER", "BUMPEPOCH")}); // first, because a claim needs the
                                                                                 // newest epoch
        list.append({ref(repair.owner),
                     commandOf("CLUSTER", "SETSLOT", QByteArray::number(repair.slot), "NODE", node(repair.owner).id)});
        set.add(repair.slot);
        draft.plan.moves.append({NodeRef{}, ref(repair.owner), SlotSet{{repair.slot, repair.slot}}});
    }
    for (auto it = commands.cbegin(); it != commands.cend(); ++it) {
        PlanStep &step =
            draft.commands(tr("%1 becomes the owner of %2").arg(nameAt(it.key()), slotsText(it->size() - 1)), *it);
        step.slots = set;
        step.risk = tr("A former owner that comes back yields to the newer epoch and deletes its keys of these slots.");
    }
}

/// Closes slots on their owner before their keys are brought back: it would otherwise redirect clients to the target,
/// and MIGRATE could not store keys there.
void Repair::release()
{
    QList<StepCommand> list;
    bool left = false;
    for (const SlotRepair &repair : std::as_const(repairs)) {
        if (!repair.release)
            continue;
        list.append({ref(repair.owner), commandOf("CLUSTER", "SETSLOT", QByteArray::number(repair.slot), "STABLE")});
        left = left || !draft.facts.slotKeysByNode.value(repair.slot).isEmpty();
    }
    if (list.isEmpty())
        return;
    PlanStep &step = draft.commands(tr("Let %1 stay where they are").arg(slotsText(list.size())), list);
    if (left)
        step.risk = tr("Until the next step has moved them back, moved keys are reported as missing, and clients may "
                       "create them again.");
}

void Repair::gather()
{
    QMap<std::pair<int, int>, SlotSet> sets;
    for (const SlotRepair &repair : std::as_const(repairs))
        for (const int holder : repair.gather)
            if (holder != repair.gatherAt)
                sets[{holder, repair.gatherAt}].add(repair.slot);
    for (auto it = sets.cbegin(); it != sets.cend(); ++it) {
        const auto [holder, owner] = it.key();
        PlanStep &step = draft.step(
            PlanStep::Kind::GatherKeys,
            tr("Move the keys of %1 from %2 to %3").arg(slotsText(it->count()), nameAt(holder), nameAt(owner)));
        step.nodes = {ref(holder), ref(owner)};
        checkKeysFit(draft, step.nodes[0], step.nodes[1]);
        step.slots = *it;
        step.migration = request.migration;
        step.risk = tr("A key that exists on both nodes with different values stops the operation, unless you chose "
                       "which value to keep.");
        draft.tellBusyKeys(request.migration);
    }
}

/// Primaries whose replicas show stale open slots, except those that a move or a STABLE of the repair informs anyway.
QList<int> Repair::staleOnReplicas(const SlotRepair &repair) const
{
    QList<int> list = primariesToTell(draft.view, repair.slot);
    list.removeIf([&](int primary) {
        const bool moves = repair.moveTo >= 0 && (primary == repair.moveTo || primary == repair.owner);
        return moves || repair.close.contains(primary);
    });
    return list;
}

void Repair::close()
{
    QList<StepCommand> list;
    int count = 0;
    for (const SlotRepair &repair : std::as_const(repairs)) {
        for (const int other : repair.close)
            list.append({ref(other), commandOf("CLUSTER", "SETSLOT", QByteArray::number(repair.slot), "STABLE")});
        const QList<int> told = staleOnReplicas(repair);
        for (const int primary : told)
            list.append({ref(primary), commandOf("CLUSTER", "SETSLOT", QByteArray::number(repair.slot), "STABLE")});
        count += repair.close.isEmpty() && told.isEmpty() ? 0 : 1;
    }
    if (!list.isEmpty())
        draft.commands(tr("Set %1 stable").arg(slotsText(count)), list).tolerated = {"only with masters"_ba};
}

void Repair::move()
{
    QList<SlotMove> moves, back;
    for (const SlotRepair &repair : std::as_const(repairs)) {
        if (repair.moveTo < 0)
            continue;
        const SlotSet slotSet{{repair.slot, repair.slot}};
        moves.append({ref(repair.owner), ref(repair.moveTo), slotSet});
        if (repair.returns)
            back.append({ref(repair.moveTo), ref(repair.owner), slotSet});
    }
    MigrationOptions options = request.migration;
    if (options.method == MigrationMethod::Automatic)
        options.method = MigrationMethod::Classic; // a classic move left half-way is also completed that way
    draft.moveSlots(moves, options);
    if (back.isEmpty())
        return;
    SlotSet returning;
    for (const SlotMove &move : std::as_const(back))
        returning = returning.united(move.slots);
    for (SlotMove &move : draft.plan.moves)
        move.slots = move.slots.subtracted(returning);
    draft.plan.moves.removeIf([](const SlotMove &move) { return move.slots.isEmpty(); });
    draft.moveSlots(back, options);
}

void Repair::tell()
{
    QList<StepCommand> list;
    for (const SlotRepair &repair : std::as_const(repairs)) {
        const int owner = repair.moveTo >= 0 && !repair.returns ? repair.moveTo : repair.owner;
        for (const int other : repair.tell)
            if (other != owner && (repair.claim || repair.disown.contains(other) || !repair.close.contains(other)))
                list.append({ref(other),
                             commandOf("CLUSTER", "SETSLOT", QByteArray::number(repair.slot), "NODE", node(owner).id)});
    }
    if (!list.isEmpty())
        draft.commands(tr("Announce the owner to the nodes involved"), list).tolerated = {"only with masters"_ba};
}

void Repair::plan()
{
    draft.plan.title = repairs.isEmpty() && draft.plan.steps.isEmpty() ? tr("Nothing to repair")
        : draft.plan.steps.isEmpty()                                   ? tr("Repair %1").arg(slotsText(repairs.size()))
                                                                       : tr("Repair the cluster");
    if (draft.plan.isRefused())
        return;
    disown();
    claim();
    release();
    gather();
    close();
    move();
    tell();
    if (draft.plan.steps.isEmpty())
        return;
    draft
        .wait(Condition::Agreed, tr("Wait until all nodes agree: each slot has one owner, none is in migration"), {},
              int(30000 + 2 * draft.nodeTimeoutMs()))
        .slots = !request.slots.isEmpty() ? wanted
        : leftOpen.isEmpty()              ? SlotSet()
                                          : SlotSet::all().subtracted(leftOpen);
    draft.plan.verifies = {tr("Each slot has one owner, which every node that answers reports"),
                           tr("None of them is in migration")};
    if (draft.plan.estimate.slots < 0)
        draft.plan.estimate.slots = repairs.size();
}

/// Reports unreachable primaries. If nothing else can be done, the plan must not end as "nothing to repair".
void Repair::tellLeftAlone()
{
    const bool idle = draft.plan.steps.isEmpty();
    for (const NodeState *primary : std::as_const(leftAlone))
        draft.check(idle ? PlanCheck::Verdict::Refuse : PlanCheck::Verdict::Warn,
                    tr("%1 does not answer Slotscope, but the others have not marked it as failed").arg(primary->name),
                    tr("Its %1 are not changed. Wait until the others mark it, or repair the network path to it.")
                        .arg(slotsText(primary->slots.count())));
}

} // namespace

namespace {

/// Plans only the reunion if nodes look for each other at wrong addresses, because nothing else can be decided before.
/// Returns false if that is not necessary.
bool reunites(PlanDraft &draft)
{
    const PlanDraft::Nodes all = draft.reachable();
    if (std::none_of(all.begin(), all.end(), [](const NodeState *node) { return node->soughtAt.has_value(); }))
        return false;
    PlanDraft::Nodes members;
    for (const NodeState *node : all)
        if (node->shard >= 0 && !node->address.host.isEmpty())
            members.append(node);
    draft.plan.title = tr("Introduce the nodes to one another at their new addresses");
    draft.checkNobodyElse();
    draft.checkReach();
    draft.introduceAll(members);
    const bool whole = draft.view.openSlots.isEmpty() && draft.view.uncovered.isEmpty();
    draft.wait(whole ? Condition::Agreed : Condition::SameSlots,
               whole ? tr("Wait until all nodes agree and the cluster is ok")
                     : tr("Wait until all nodes show the same topology"),
               {}, int(30000 + 2 * draft.nodeTimeoutMs()));
    draft.plan.verifies = {tr("Every node that answers knows the current address of the others")};
    draft.plan.notes.append(tr("If other faults remain, run fix again when the nodes know one another."));
    return true;
}

} // namespace

Result<OperationPlan> planFix(const FixRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Fix);
    if (reunites(draft))
        return draft.plan;
    Repair repair(draft, request);
    if (const auto known = repair.resolve(); !known)
        return failure(known.error());
    draft.checkNobodyElse();
    draft.checkMigrations(PlanCheck::Verdict::Refuse);
    if (!facts.keysMoving.isEmpty()) {
        // expiring and recreated keys look the same, so if the user has decided where the slots go, it is only a
        // warning
        const bool decided = request.prefer != FixRequest::Prefer::Ask || !request.assign.isEmpty();
        draft.check(
            decided ? PlanCheck::Verdict::Warn : PlanCheck::Verdict::Refuse,
            tr("Keys of slots %1 moved to another node during the check").arg(facts.keysMoving.toString(rangesShown)),
            tr("Another tool seems to be moving them slowly: stop it first, it would work against this operation. If "
               "there is none, choose whether to finish the slot migrations or to roll them back (--prefer)."));
    }
    draft.checkReach();
    repair.takeOver();
    if (repair.concernsSlots())
        draft.checkCounted(PlanCheck::Verdict::Refuse);
    repair.decide();
    repair.plan();
    repair.tellLeftAlone();
    return draft.plan;
}

} // namespace slotscope
