// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/planners/slotrepair.h"

#include "core/base/tr.h"
#include "core/operations/planners/fitchecks.h"
#include "core/operations/planners/shardloss.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Prefer = FixRequest::Prefer;

/// The living primary that now stands for the node id in a slot's migrating or importing mark. If that node is no
/// longer primary after a failover, returns the primary that replaced it.
int primaryBehind(const ClusterView &view, const QByteArray &id)
{
    const NodeState *node = view.node(id);
    if (node && !node->primary)
        node = view.node(node->primaryId);
    if (node && !PlanDraft::alive(*node) && node->shard >= 0)
        if (const int heir = view.shards[size_t(node->shard)].primary; heir >= 0)
            node = &view.nodes[size_t(heir)];
    return node && PlanDraft::alive(*node) ? view.indexOf(node->id) : -1;
}

QList<int> sorted(QList<int> list)
{
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    return list;
}

} // namespace

SlotFindings findingsOfSlot(const PlanDraft &draft, quint16 slot)
{
    const ClusterView &view = draft.view;
    SlotFindings found;
    found.slot = slot;
    found.owner = view.owner[slot];
    found.ownerAlive = found.owner >= 0 && PlanDraft::alive(view.nodes[size_t(found.owner)]);
    for (const NodeState *node : draft.reachable()) {
        const int index = view.indexOf(node->id);
        if (!node->primary)
            continue; // Valkey's replicas repeat the open slots of their primary
        const NodeObservation *observation = view.observationOf(node->id);
        const NodeLine *self = observation && observation->table ? observation->table->self() : nullptr;
        if (self && self->slots.contains(slot))
            found.claimants.append(index);
        for (const OpenSlot &open : node->openSlots)
            if (open.slot == slot)
                (open.migrating ? found.migrating : found.importing).insert(index, primaryBehind(view, open.peer));
    }
    found.ownerClaims = found.claimants.contains(found.owner);
    const auto keys = draft.facts.slotKeysByNode.value(slot);
    for (auto it = keys.cbegin(); it != keys.cend(); ++it)
        if (const int index = view.indexOf(it.key()); *it > 0 && index >= 0)
            found.keys.insert(index, *it);
    return found;
}

SlotRepair SlotDecider::refused(const SlotFindings &found, const QString &why, const QString &advice) const
{
    SlotRepair repair;
    repair.slot = found.slot;
    repair.owner = found.owner;
    repair.refusal = why;
    repair.advice = advice;
    repair.decision = why;
    return repair;
}

/// Lets `owner` take a slot that no living node owns; keys on other nodes are brought to it.
SlotRepair SlotDecider::claimed(const SlotFindings &found, int owner) const
{
    SlotRepair repair;
    repair.slot = found.slot;
    repair.owner = owner;
    repair.gatherAt = owner;
    repair.claim = true;
    for (const int claimant : found.claimants)
        if (claimant != owner)
            repair.disown.append(claimant); // it serves clients, so keys may be added at any moment
    for (const int holder : sorted(found.keys.keys() + repair.disown))
        if (holder != owner)
            repair.gather.append(holder);
    const QList<int> open = found.importing.keys() + found.migrating.keys() + repair.gather;
    for (const int other : sorted(open))
        if (other != owner)
            repair.close.append(other);
    repair.tell = sorted(repair.close + found.claimants);
    repair.tell.removeAll(owner);
    repair.decision = tr("%1 becomes the owner").arg(node(owner).name);
    return repair;
}

/// Whether a half-way slot is closed on its owner before its keys are brought back: no key has left, the move cannot be
/// completed, or the user chose this.
bool SlotDecider::goesHome(const SlotFindings &found, int owner, int target) const
{
    const Prefer prefer = preferOf(found.slot);
    if (prefer == Prefer::Home)
        return true;
    const bool blocked = !keysFit(m_draft, PlanDraft::ref(node(owner)), PlanDraft::ref(node(target)));
    const bool noneLeft = !found.keys.contains(target) && m_draft.facts.counted.contains(node(target).id);
    return prefer == Prefer::RollBack ? blocked || noneLeft : prefer == Prefer::Ask && blocked;
}

SlotRepair SlotDecider::broughtHome(const SlotFindings &found, int owner, int target) const
{
    SlotRepair repair;
    repair.slot = found.slot;
    repair.owner = owner;
    repair.release = true;
    repair.gatherAt = owner;
    // clients may have stored keys on the target meanwhile
    for (const int holder : sorted(found.keys.keys() + QList<int>{target}))
        if (holder != owner)
            repair.gather.append(holder);
    for (const int other : sorted(found.importing.keys() + found.migrating.keys() + repair.gather))
        if (other != owner)
            repair.close.append(other);
    repair.tell = repair.close;
    repair.decision = found.keys.contains(target)
        ? tr("stays with %1; its keys on %2 are moved back").arg(node(owner).name, node(target).name)
        : tr("stays with %1").arg(node(owner).name);
    return repair;
}

/// The repair of a slot with a living owner, which keeps it, or passes it on if that was begun or requested.
SlotRepair SlotDecider::settled(const SlotFindings &found, int owner, int assigned)
{
    const Prefer prefer = preferOf(found.slot);
    const bool leaving = found.migrating.contains(owner);
    int target = leaving ? found.migrating.value(owner) : -1;
    if (!leaving && prefer == Prefer::Continue && found.importing.size() == 1
        && found.importing.cbegin().value() == owner)
        target = found.importing.cbegin().key();
    const bool stays = prefer == Prefer::RollBack || prefer == Prefer::Home;
    if (leaving && target < 0 && assigned < 0 && !stays)
        return refused(found,
                       tr("Slot %1 is being migrated from %2 to a node that does not answer")
                           .arg(found.slot)
                           .arg(node(owner).name),
                       tr("Restart that node, or roll back: keys that are already there are then missing."));
    const bool begun = leaving && target >= 0 && (found.importing.contains(target) || found.keys.contains(target));
    bool goesOn = prefer == Prefer::Continue ? target >= 0 : prefer == Prefer::Ask && begun;
    if (assigned == owner) {
        goesOn = false;
    } else if (assigned >= 0) {
        if (begun && assigned != target)
            return refused(
                found,
                tr("Slot %1 is in migration from %2 to %3")
                    .arg(QString::number(found.slot), node(owner).name, node(target).name),
                tr("First finish the migration or roll it back, then move the slot to %1.").arg(node(assigned).name));
        target = assigned;
        goesOn = true;
    }
    if (begun && assigned < 0 && goesHome(found, owner, target))
        return broughtHome(found, owner, target);
    // Keys that have left come back only by a move of their own: while the slot is open, the owner redirects clients to
    // the target, and once it is closed, they would be missing. This also applies if no key has left yet, because new
    // keys of clients go to the importing target.
    const bool returns = !goesOn && begun;
    const int spared = (goesOn || returns) && target != owner ? target : owner;
    SlotRepair repair;
    repair.slot = found.slot;
    repair.owner = owner;
    for (const int claimant : found.claimants) {
        if (claimant == owner)
            continue;
        repair.tell.append(claimant);
        repair.disown.append(claimant); // it serves clients, so keys may be added at any moment
    }
    for (const int holder : sorted(found.keys.keys() + repair.disown))
        if (holder != owner && (holder != spared || repair.disown.contains(holder)))
            repair.gather.append(holder);
    for (const int other : sorted(found.importing.keys() + found.migrating.keys() + repair.gather))
        if (other != owner && other != spared)
            repair.close.append(other);
    repair.tell = sorted(repair.tell + repair.close);
    repair.returns = returns;
    repair.gatherAt = leaving && (goesOn || returns) ? target : owner;
    if (goesOn || returns)
        repair.moveTo = target;
    else if (leaving || found.importing.contains(owner))
        repair.close.append(owner); // last, because until then it redirects clients to the keys that have left
    if (leaving && target < 0 && !goesOn)
        repair.loss = tr("Keys of slot %1 that had reached a node that does not answer are missing.").arg(found.slot);
    repair.decision = goesOn ? tr("continues from %1 to %2").arg(node(owner).name, node(target).name)
        : returns
        ? tr("moves to %2, where keys of it are, and comes back to %1").arg(node(owner).name, node(target).name)
        : tr("stays with %1").arg(node(owner).name);
    return repair;
}

/// The living primary with the fewest slots; neighbouring slots go to the same one.
int SlotDecider::emptiest()
{
    int best = -1;
    for (const NodeState *primary : m_draft.primaries()) {
        const int index = m_draft.view.indexOf(primary->id);
        const auto load = [this](int i) { return node(i).slots.count() + m_given.value(i); };
        if (PlanDraft::alive(*primary) && (best < 0 || load(index) < load(best)))
            best = index;
    }
    return best;
}

SlotRepair SlotDecider::uncovered(const SlotFindings &found)
{
    const int single = found.importing.size() == 1 ? found.importing.cbegin().key() : -1;
    int owner = -1;
    if (found.keys.size() == 1)
        owner = found.keys.cbegin().key();
    else if (found.keys.size() > 1)
        return refused(
            found, tr("Slot %1 has no owner, and %2 nodes contain keys of it").arg(found.slot).arg(found.keys.size()),
            tr("Assign it to the node with the right keys; the keys of the others are moved there."));
    else if (single >= 0)
        owner = single;
    else
        owner = m_lastSlot + 1 == found.slot ? m_last : emptiest();
    if (owner < 0)
        return refused(found, tr("Slot %1 has no owner").arg(found.slot), tr("No primary that answers could take it."));
    if (found.keys.isEmpty() && single < 0) {
        m_last = owner;
        m_lastSlot = found.slot;
    }
    ++m_given[owner];
    return claimedFromNobody(found, owner);
}

/// Like claimed(), but reports possible loss: nodes that do not answer may hold keys, except replicas of a primary that
/// reported its keys.
SlotRepair SlotDecider::claimedFromNobody(const SlotFindings &found, int owner) const
{
    SlotRepair repair = claimed(found, owner);
    const auto isCopy = [this](const NodeState &other) {
        const NodeState *primary = other.primary ? nullptr : m_draft.view.node(other.primaryId);
        return primary && PlanDraft::alive(*primary);
    };
    for (const NodeState &other : m_draft.view.nodes)
        if (!PlanDraft::answers(other) && other.condition != NodeCondition::Handshake && !isCopy(other))
            repair.loss = tr("%1 does not answer: keys of the slots without an owner may be there. They are lost when "
                             "others own these slots.")
                              .arg(other.name);
    return repair;
}

SlotRepair SlotDecider::ownedByTheDead(const SlotFindings &found, int assigned) const
{
    const NodeState &dead = node(found.owner);
    const int holder =
        found.keys.size() == 1 && found.claimants.isEmpty() ? found.keys.cbegin().key() : -1; // perhaps its successor
    if (assigned < 0 && holder >= 0)
        return refused(
            found, tr("Slots of %1, which does not answer").arg(dead.name),
            tr("%1 contains keys of these slots. If it was a replica of %2 and took over, it has all of them and only "
               "has not learnt that it owns the slots: assign them to it. Otherwise restart %2.")
                .arg(node(holder).name, dead.name));
    if (assigned < 0 && isGone(dead))
        return refused(found, tr("Slots of %1, which is gone: no node knows its address").arg(dead.name),
                       tr("If its server was restarted without its nodes.conf, it has a new node id: introduce it "
                          "(meet), it may have the keys. Then assign the slots to the node that has the keys, or to "
                          "another one and lose the keys."));
    if (assigned < 0)
        return refused(found, tr("Slots of %1, which does not answer").arg(dead.name),
                       tr("Restart it: it has the keys. Or assign its slots to others: then its keys are lost."));
    SlotRepair repair = claimed(found, assigned);
    repair.loss = holder >= 0 && holder == assigned && isGone(dead)
        ? tr("Keys of %1 in the slots assigned to %2 that %2 does not have are lost.")
              .arg(dead.name, node(assigned).name)
        : holder >= 0 && holder == assigned
        ? tr("Keys of %1 in the slots assigned to %2 that %2 does not have are lost, even if %1 comes back.")
              .arg(dead.name, node(assigned).name)
        : tr("The keys of %1 in slots assigned to others are lost, even if it comes back.").arg(dead.name);
    return repair;
}

/// Whether two living nodes claim the slot with the same epoch, so that nothing shows whose claim is newer.
bool SlotDecider::sameEpochs(const SlotFindings &found) const
{
    return std::any_of(found.claimants.begin(), found.claimants.end(), [&](int other) {
        return other != found.owner && node(other).configEpoch == node(found.owner).configEpoch;
    });
}

SlotRepair SlotDecider::decide(const SlotFindings &found)
{
    int assigned = -1;
    if (const auto wanted = m_request.assign.constFind(found.slot); wanted != m_request.assign.cend()) {
        assigned = m_draft.view.indexOf(*wanted);
        if (assigned < 0 || !node(assigned).primary || !PlanDraft::alive(node(assigned)))
            return refused(found,
                           tr("Slot %1 cannot be assigned to %2")
                               .arg(found.slot)
                               .arg(assigned < 0 ? QString::fromLatin1(wanted->left(8)) : node(assigned).name),
                           tr("Only a primary that answers can own slots."));
    }
    if (found.owner >= 0 && !found.ownerAlive)
        return ownedByTheDead(found, assigned);
    if (found.owner >= 0 && found.ownerClaims && found.ownerAlive) {
        if (assigned >= 0 && assigned != found.owner && found.claimants.contains(assigned))
            return claimed(found, assigned); // two nodes claim it, and the user chose one
        if (assigned < 0 && sameEpochs(found))
            return refused(found, tr("Slot %1 is claimed by two nodes of the same epoch").arg(found.slot),
                           tr("Assign it to the node with the right keys; the keys of the other are moved there."));
        return settled(found, found.owner, assigned);
    }
    // No living node claims it: use the user's choice, the node that holds its keys, or the one that was to get it.
    if (assigned >= 0)
        return claimedFromNobody(found, assigned);
    if (found.owner >= 0 && found.ownerAlive && found.importing.isEmpty() && found.keys.size() <= 1
        && (found.keys.isEmpty() || found.keys.contains(found.owner)))
        return claimedFromNobody(found, found.owner);
    if (found.importing.size() == 1) // SETSLOT NODE was executed on the source only
        return claimedFromNobody(found, found.importing.cbegin().key());
    return uncovered(found);
}

} // namespace slotscope
