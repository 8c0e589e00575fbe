// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/planners/plandraft.h"

namespace slotscope {

/// The state of one slot that needs repair. Nodes are indices into the view, and living primaries only.
struct SlotFindings
{
    quint16 slot = 0;
    int owner = -1; ///< owner by config epoch; -1: none
    bool ownerAlive = false;
    bool ownerClaims = false; ///< the owner's own table says so
    QList<int> claimants; ///< nodes that claim the slot in their own table
    QHash<int, int> migrating; ///< for each node that has the slot migrating, the target primary; -1: that is gone
    QHash<int, int> importing; ///< for each node that has the slot importing, the source primary; -1: that is gone
    QHash<int, qint64> keys; ///< number of keys on each node that has any
};

/// How one slot is repaired. The order is: disown, claim, release, gather, close, move, tell.
struct SlotRepair
{
    quint16 slot = 0;
    int owner = -1; ///< owner before the final move
    bool claim = false; ///< the owner must claim it with a new epoch
    QList<int> disown; ///< claimants that may hold keys, which they would delete when they hear of the owner
    bool release = false; ///< the owner closes the slot first, so that it stops redirecting clients
    QList<int> gather; ///< nodes whose keys are moved to gatherAt
    int gatherAt = -1; ///< the owner or, if that is migrating the slot, the node it redirects clients to
    QList<int> close; ///< nodes that get SETSLOT STABLE, in this order
    int moveTo = -1; ///< node that the slot is then moved to
    bool returns = false; ///< the slot then moves back, so that no key on moveTo is ever missing
    QList<int> tell; ///< nodes that get SETSLOT NODE
    QString decision; ///< for display: "goes on to 127.0.0.1:7002"
    QString refusal, advice; ///< not empty: the repair cannot be decided
    QString loss; ///< not empty: data may be lost
};

[[nodiscard]] SlotFindings findingsOfSlot(const PlanDraft &draft, quint16 slot);

/// Decides how to repair slots, one by one; never by the number of keys alone.
class SlotDecider
{
public:
    SlotDecider(const PlanDraft &planDraft, const FixRequest &wanted) : m_draft(planDraft), m_request(wanted) { }
    [[nodiscard]] SlotRepair decide(const SlotFindings &found);

private:
    [[nodiscard]] SlotRepair refused(const SlotFindings &found, const QString &why, const QString &advice) const;
    [[nodiscard]] SlotRepair claimed(const SlotFindings &found, int owner) const;
    [[nodiscard]] SlotRepair claimedFromNobody(const SlotFindings &found, int owner) const;
    [[nodiscard]] SlotRepair settled(const SlotFindings &found, int owner, int assigned);
    [[nodiscard]] SlotRepair broughtHome(const SlotFindings &found, int owner, int target) const;
    [[nodiscard]] bool goesHome(const SlotFindings &found, int owner, int target) const;
    [[nodiscard]] SlotRepair uncovered(const SlotFindings &found);
    [[nodiscard]] SlotRepair ownedByTheDead(const SlotFindings &found, int assigned) const;
    [[nodiscard]] int emptiest();
    [[nodiscard]] bool sameEpochs(const SlotFindings &found) const;
    [[nodiscard]] FixRequest::Prefer preferOf(quint16 slot) const
    {
        return m_request.perSlot.value(slot, m_request.prefer);
    }
    [[nodiscard]] const NodeState &node(int index) const { return m_draft.view.nodes[size_t(index)]; }

    const PlanDraft &m_draft;
    const FixRequest &m_request;
    QHash<int, int> m_given; ///< number of slots given to each primary so far
    int m_last = -1, m_lastSlot = -2; ///< primary that got the last slot without keys, and that slot
};

} // namespace slotscope
