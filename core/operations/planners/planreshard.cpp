// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/tr.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/planners/planners.h"
#include "core/operations/planners/slottaking.h"

#include "core/base/text.h"
#include "core/cluster/slot.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Builds the plan of one reshard.
class Resharding
{
public:
    Resharding(PlanDraft &planDraft, const ReshardRequest &wanted) : draft(planDraft), request(wanted) { }
    Result<> resolve();
    void checkEnds();
    [[nodiscard]] QList<SlotMove> moves();

private:
    [[nodiscard]] QList<SlotMove> chosenSlots(const SlotSet &wanted);
    [[nodiscard]] QList<SlotMove> byCount();
    [[nodiscard]] QList<SlotMove> everything() const;

    PlanDraft &draft;
    const ReshardRequest &request;
    const NodeState *target = nullptr; ///< null: distribute to all other primaries
    PlanDraft::Nodes sources;
};

Result<> Resharding::resolve()
{
    const bool spread = request.everything && request.target.isEmpty();
    if (!spread) {
        const auto found = draft.find(request.target);
        if (!found)
            return failure(found.error());
        target = *found;
    }
    for (const QByteArray &id : request.sources) {
        const auto found = draft.find(id);
        if (!found)
            return failure(found.error());
        if (*found == target)
            return failure(Error::Code::InvalidArgument, tr("%1 is both source and target").arg((*found)->name));
        if (!sources.contains(*found))
            sources.append(*found);
    }
    if (request.everything && sources.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("no node was given whose slots shall move"));
    if (request.count <= 0 && request.slots.isEmpty() && request.hashTag.isEmpty() && !request.everything)
        return failure(Error::Code::InvalidArgument, tr("no slots were chosen"));
    if (sources.isEmpty())
        for (const NodeState *node : draft.primaries())
            if (node != target && !node->slots.isEmpty())
                sources.append(node);
    return {};
}

void Resharding::checkEnds()
{
    if (target && !target->primary)
        draft.refuse(tr("%1 is a replica").arg(target->name),
                     tr("Only a primary can own slots. Choose its primary, or let it fail over first."));
    for (const NodeState *node : std::as_const(sources))
        if (!node->primary)
            draft.refuse(tr("%1 is a replica").arg(node->name), tr("It owns no slots that could be moved."));
}

QList<SlotMove> Resharding::chosenSlots(const SlotSet &wanted)
{
    QList<SlotMove> list;
    SlotSet left = wanted;
    for (const NodeState *node : std::as_const(sources)) {
        const SlotSet part = wanted.intersected(node->slots);
        if (!part.isEmpty())
            list.append({PlanDraft::ref(*node), PlanDraft::ref(*target), part});
        left = left.subtracted(part);
    }
    const SlotSet there = left.intersected(target->slots);
    if (!there.isEmpty())
        draft.plan.notes.append(tr("%1 owns these already: %2").arg(target->name, there.toString(rangesShown)));
    left = left.subtracted(there);
    if (const SlotSet orphaned = left.intersected(draft.view.uncovered); !orphaned.isEmpty())
        draft.refuse(tr("Slots without an owner: %1").arg(orphaned.toString(rangesShown)),
                     tr("There is no node to take them from. Assign them with fix."));
    left = left.subtracted(draft.view.uncovered);
    if (!left.isEmpty())
        draft.refuse(tr("Slots that none of the sources owns: %1").arg(left.toString(rangesShown)),
                     tr("Leave them out, or add their owners as sources."));
    return list;
}

QList<SlotMove> Resharding::byCount()
{
    QList<qint64> owned;
    qint64 total = 0;
    for (const NodeState *node : std::as_const(sources)) {
        owned.append(node->slots.count());
        total += owned.constLast();
    }
    if (request.count > total)
        draft.refuse(tr("The sources own fewer slots than that"),
                     tr("%1 requested, %2 available.").arg(groupedNumber(request.count), groupedNumber(total)));
    const QList<qint64> parts = shares(std::min<qint64>(request.count, total), owned);
    QList<SlotMove> list;
    SlotSet near = target->slots;
    for (qsizetype i = 0; i < sources.size(); ++i) {
        SlotSet from = sources[i]->slots;
        const SlotSet taken = extractSlots(from, int(parts[i]), near);
        near = near.united(taken);
        list.append({PlanDraft::ref(*sources[i]), PlanDraft::ref(*target), taken});
        if (from.isEmpty() && !sources[i]->slots.isEmpty())
            draft.plan.notes.append(tr("%1 is left without slots.").arg(sources[i]->name));
    }
    return list;
}

QList<SlotMove> Resharding::everything() const
{
    QList<SlotMove> list;
    PlanDraft::Nodes targets;
    for (const NodeState *node : draft.primaries())
        if (target ? node == target : !sources.contains(node) && !node->slots.isEmpty() && PlanDraft::alive(*node))
            targets.append(node);
    if (targets.isEmpty()) {
        draft.refuse(tr("No other primary can take the slots"), tr("Add a primary first."));
        return list;
    }
    for (const NodeState *source : sources) {
        SlotSet from = source->slots;
        const QList<qint64> parts = shares(from.count(), QList<qint64>(targets.size(), 1));
        for (qsizetype i = 0; i < targets.size(); ++i)
            list.append({PlanDraft::ref(*source), PlanDraft::ref(*targets[i]),
                         extractSlots(from, int(parts[i]), targets[i]->slots)});
    }
    return list;
}

QList<SlotMove> Resharding::moves()
{
    if (request.everything)
        return everything();
    if (!request.hashTag.isEmpty()) {
        SlotSet one;
        one.add(slotOfKey(request.hashTag));
        return chosenSlots(one);
    }
    return request.slots.isEmpty() ? byCount() : chosenSlots(request.slots);
}

} // namespace

QList<qint64> shares(qint64 total, const QList<qint64> &weights)
{
    qint64 sum = 0;
    for (const qint64 weight : weights)
        sum += weight;
    QList<qint64> parts(weights.size(), 0);
    if (sum <= 0 || total <= 0)
        return parts;
    __extension__ using Wide = __int128; // total and weights may both be in bytes
    std::vector<std::pair<qint64, qsizetype>> remainders;
    qint64 left = total;
    for (qsizetype i = 0; i < weights.size(); ++i) {
        const Wide exact = Wide(total) * weights[i];
        parts[i] = qint64(exact / sum);
        left -= parts[i];
        remainders.emplace_back(qint64(exact % sum), i);
    }
    std::stable_sort(remainders.begin(), remainders.end(),
                     [](const auto &a, const auto &b) { return a.first > b.first; });
    for (qsizetype i = 0; i < left; ++i)
        ++parts[remainders[size_t(i)].second];
    return parts;
}

Result<OperationPlan> planReshard(const ReshardRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Reshard);
    Resharding resharding(draft, request);
    if (const auto known = resharding.resolve(); !known)
        return failure(known.error());
    draft.checkWhole(PlanCheck::Verdict::Refuse);
    resharding.checkEnds();
    const QList<SlotMove> moves = resharding.moves();
    draft.checkEmptied(moves);
    draft.moveSlots(moves, request.migration);
    draft.plan.title = draft.plan.steps.isEmpty() ? tr("Nothing to move") : draft.plan.steps.constFirst().title;
    return draft.plan;
}

} // namespace slotscope
