// SPDX-License-Identifier: GPL-3.0-or-later
// What takes a run back: its slots go home, by the same steps that moved them.
#include "core/operations/plandraft.h"
#include "core/operations/planners.h"
#include "core/operations/waiting.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int rangesShown = 6;

QString tr(const char *text)
{
    return PlanDraft::tr(text);
}

/// Steps towards the plan that takes moves back.
class RollBack
{
public:
    RollBack(PlanDraft &planDraft, const RollBackRequest &wanted) : draft(planDraft), request(wanted) { }
    void sort();
    void plan();
    [[nodiscard]] SlotSet open() const;

private:
    void sortOne(const SlotMove &planned);

    PlanDraft &draft;
    const RollBackRequest &request;
    QList<SlotMove> forth; ///< half-way slots: they arrive first, so that no key is ever missing
    QList<SlotMove> back;
    SlotSet elsewhere; ///< a third node owns them by now
};

void RollBack::sortOne(const SlotMove &planned)
{
    const ClusterView &view = draft.view;
    const NodeRef home = primaryNow(view, planned.source, planned.sourceHeirs);
    const NodeRef away = primaryNow(view, planned.target, planned.targetHeirs);
    const int source = view.indexOf(home.id), target = view.indexOf(away.id);
    SlotSet half, moved;
    for (const quint16 slot : planned.slots.toList()) {
        const QList<int> holders = view.openSlots.value(slot);
        const int owner = view.owner[slot];
        if ((source >= 0 && holders.contains(source)) || (target >= 0 && holders.contains(target)))
            half.add(slot);
        else if (owner >= 0 && owner == target)
            moved.add(slot);
        else if (owner >= 0 && owner != source)
            elsewhere.add(slot);
    }
    if (half.isEmpty() && moved.isEmpty())
        return;
    for (const NodeRef *node : {&home, &away}) {
        if (view.indexOf(node->id) < 0) {
            draft.refuse(tr("%1 is in the cluster no more").arg(node->address),
                         tr("Its part of the run cannot be taken back. Move the slots with reshard, or use fix."));
            return;
        }
    }
    forth.append({.source = home, .target = away, .slots = half});
    back.append({.source = away, .target = home, .slots = half.united(moved)});
}

void RollBack::sort()
{
    for (const SlotMove &planned : request.moves)
        sortOne(planned);
}

SlotSet RollBack::open() const
{
    SlotSet all;
    for (const SlotMove &move : forth)
        all = all.united(move.slots);
    return all;
}

void RollBack::plan()
{
    if (!elsewhere.isEmpty())
        draft.warn(tr("Other nodes own these slots by now: %1").arg(elsewhere.toString(rangesShown)),
                   tr("They were moved on since. They are left where they are."));
    draft.moveSlots(forth, request.migration);
    const SlotSet half = open();
    if (!half.isEmpty()) {
        PlanStep &arrive = draft.plan.steps.first();
        arrive.title =
            tr("Let %1 arrive that %2 half-way").arg(slotsText(half.count()), half.count() == 1 ? tr("is") : tr("are"));
        draft.plan.moves.clear(); // they end where they began
        draft.plan.verifies.clear();
        draft.plan.notes.clear();
    }
    const PlanEstimate there = draft.plan.estimate;
    draft.moveSlots(back, request.migration);
    draft.plan.verifies.removeDuplicates();
    if (there.keys > 0 && draft.plan.estimate.keys >= 0) { // their keys travel twice
        draft.plan.estimate.keys += there.keys;
        draft.plan.estimate.bytes += std::max<qint64>(there.bytes, 0);
        draft.plan.estimate.milliseconds += std::max<qint64>(there.milliseconds, 0);
    }
    if (!draft.plan.steps.isEmpty() && !request.restores.isEmpty())
        draft.commands(tr("Set back what the run would have set back at its end"), request.restores).mayFail = true;
}

/// The settings that a run changes for its own time, as its last steps set them.
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

/// Who was primary before each hand-over that may have happened.
QList<QByteArray> formerPrimaries(const RunSnapshot &run)
{
    QList<QByteArray> ids;
    for (qsizetype i = 0; i < run.plan->steps.size(); ++i) {
        const PlanStep &step = run.plan->steps[i];
        if (step.kind == PlanStep::Kind::Failover && step.nodes.size() > 1
            && run.steps.value(i).state != StepState::State::Pending)
            ids.append(step.nodes[1].id);
    }
    return ids;
}

} // namespace

std::optional<OperationRequest> rollBackOf(const RunSnapshot &run, const ClusterView &view)
{
    if (!run.isOver() || run.rolledBack)
        return {};
    const OperationPlan &plan = *run.plan;
    if (auto setting = undoOf(plan)) {
        setting->undoes = run.id;
        return *setting;
    }
    const bool done = run.state == RunState::Done;
    const bool leaves = plan.operation == u"remove-node";
    if ((leaves && !done) || plan.operation == u"reshard" || plan.operation == u"rebalance") {
        RollBackRequest request{.run = run.id, .title = plan.title, .moves = plan.moves, .restores = restoresOf(plan)};
        for (const PlanStep &step : plan.steps)
            if (step.kind == PlanStep::Kind::MoveSlots)
                request.migration = step.migration;
        return request.moves.isEmpty() ? std::nullopt : std::optional<OperationRequest>(request);
    }
    const QList<QByteArray> former = formerPrimaries(run);
    const bool known =
        std::all_of(former.begin(), former.end(), [&view](const QByteArray &id) { return view.node(id) != nullptr; });
    if (plan.operation == u"rolling-failover" && !former.isEmpty() && known)
        return RollingFailoverRequest{.preferred = former};
    if (plan.operation == u"failover" && done && former.size() == 1 && known)
        return FailoverRequest{.replicaId = former.constFirst()};
    if (plan.operation == u"add-node")
        for (const PlanStep &step : plan.steps)
            if (step.condition == PlanStep::Condition::Joined && !step.nodes.isEmpty())
                for (const NodeState &node : view.nodes)
                    if (node.name == step.nodes.constFirst().address)
                        return RemoveNodeRequest{.nodeId = node.id};
    return {};
}

Result<OperationPlan> planRollBack(const RollBackRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, "roll-back");
    if (request.moves.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("the run has moved no slots"));
    draft.plan.title = tr("Take back: %1").arg(request.title);
    draft.plan.facts[u"rollsBack"_s] = request.run;
    RollBack rollBack(draft, request);
    rollBack.sort();
    draft.checkWhole(PlanCheck::Verdict::Refuse, rollBack.open());
    rollBack.plan();
    if (draft.plan.steps.isEmpty() && !draft.plan.isRefused())
        draft.plan.notes.append(tr("Nothing of it is to be taken back: the slots are where they were."));
    return draft.plan;
}

} // namespace slotscope
