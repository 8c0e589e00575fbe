// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/tr.h"
#include "core/operations/planners/fitchecks.h"
#include "core/operations/planners/plandraft.h"

#include "core/base/text.h"

#include <QMap>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Verdict = PlanCheck::Verdict;
using Action = OrphansRequest::Action;

/// Orphan keys on one node that belong to one owner.
struct Batch
{
    SlotSet slots;
    qint64 keys = 0;
};
using Batches = QMap<std::pair<int, int>, Batch>; ///< by the indices of holder and owner; -1: no owner

Batches batchesOf(PlanDraft &draft)
{
    Batches batches;
    for (const OrphanKeys &orphan : draft.facts.orphans) {
        const int owner = draft.view.owner[orphan.slot];
        const int holder = draft.view.indexOf(orphan.nodeId);
        if (holder < 0)
            continue;
        Batch &batch = batches[{holder, owner}];
        batch.slots.add(orphan.slot);
        batch.keys += orphan.keys;
        draft.plan.results.orphans.append({.id = orphan.nodeId,
                                           .address = draft.view.nodes[size_t(holder)].name,
                                           .slot = orphan.slot,
                                           .keys = orphan.keys,
                                           .owner = owner < 0 ? QString() : draft.view.nodes[size_t(owner)].name});
    }
    return batches;
}

void addBatch(PlanDraft &draft, const OrphansRequest &request, const NodeState &holder, const NodeState *owner,
              const Batch &batch)
{
    const bool moves = request.action == Action::Move;
    if (!owner || (moves && !PlanDraft::alive(*owner))) {
        draft.refuse(tr("No node that answers owns slots %1").arg(batch.slots.toString(6)),
                     tr("The copies of their keys on %1 may be the only ones. Use fix first.").arg(holder.name));
        return;
    }
    PlanStep &step =
        draft.step(moves ? PlanStep::Kind::GatherKeys : PlanStep::Kind::DeleteKeys,
                   moves ? tr("Move %1 from %2 to %3").arg(keysText(batch.keys), holder.name, owner->name)
                         : tr("Delete %1 in other nodes' slots on %2").arg(keysText(batch.keys), holder.name));
    step.nodes = {PlanDraft::ref(holder), PlanDraft::ref(*owner)};
    step.slots = batch.slots;
    step.migration = request.migration;
    if (!moves) {
        draft.plan.dataLoss.append(tr("%1 on %2 are deleted. If these are the only copies, they are lost.")
                                       .arg(keysText(batch.keys), holder.name));
    } else {
        step.risk = tr("A key that exists on both nodes with different values stops the operation, unless you chose "
                       "which value to keep.");
        checkKeysFit(draft, step.nodes[0], step.nodes[1]);
        draft.tellBusyKeys(request.migration);
    }
    QList<StepCommand> list;
    for (const SlotRange &range : batch.slots.ranges())
        for (int slot = range.first; slot <= range.last; ++slot)
            list.append({PlanDraft::ref(holder), commandOf("CLUSTER", "SETSLOT", QByteArray::number(slot), "STABLE")});
    draft.commands(tr("Set %1 stable on %2").arg(slotsText(list.size()), holder.name), list);
}

} // namespace

Result<OperationPlan> planOrphans(const OrphansRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Orphans);
    const bool changes = request.action != Action::List;
    draft.checkNobodyElse();
    draft.checkOpenSlots(changes ? Verdict::Refuse : Verdict::Warn);
    draft.checkMigrations(changes ? Verdict::Refuse : Verdict::Warn);
    draft.checkCoverage(changes ? Verdict::Refuse : Verdict::Warn);
    draft.checkCounted(changes ? Verdict::Refuse : Verdict::Warn);
    draft.checkReach();
    const Batches batches = batchesOf(draft);
    qint64 keys = 0;
    int slotCounter = 0;
    for (auto it = batches.cbegin(); it != batches.cend(); ++it) {
        const auto [holder, owner] = it.key();
        const NodeState &where = draft.view.nodes[size_t(holder)];
        const NodeState *whose = owner < 0 ? nullptr : &draft.view.nodes[size_t(owner)];
        keys += it->keys;
        slotCounter += it->slots.count();
        draft.plan.notes.append(
            tr("%1 in slots %2 on %3; the owner is %4")
                .arg(keysText(it->keys), it->slots.toString(6), where.name, whose ? whose->name : tr("no node")));
        if (changes)
            addBatch(draft, request, where, whose, *it);
    }
    draft.plan.estimate.keys = keys;
    draft.plan.estimate.slots = slotCounter;
    draft.plan.title = keys == 0           ? tr("Every key is on the node that owns its slot")
        : request.action == Action::Move   ? tr("Move %1 to the owners of their slots").arg(keysText(keys))
        : request.action == Action::Delete ? tr("Delete %1 in slots of other nodes").arg(keysText(keys))
                                           : tr("%1 in slots of other nodes").arg(keysText(keys));
    if (changes && keys > 0)
        draft.plan.verifies = {tr("The nodes that held these keys have no key of these slots any more")};
    return draft.plan;
}

} // namespace slotscope
