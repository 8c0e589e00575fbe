// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plandraft.h"

namespace slotscope {

/// What is found about one slot that needs repair. Nodes are indices into the view; living primaries only.
struct SlotFindings
{
    quint16 slot = 0;
    int owner = -1; ///< by config epoch; -1: none
    bool ownerAlive = false;
    bool ownerClaims = false; ///< its own table says so
    QList<int> claimants; ///< nodes whose own table gives them the slot
    QHash<int, int> migrating; ///< node -> the primary it goes to; -1: gone
    QHash<int, int> importing; ///< node -> the primary it comes from; -1: gone
    QHash<int, qint64> keys; ///< where there are any
};

/// How one slot is repaired. Done in this order: disown, claim, release, gather, close, move, tell.
struct SlotRepair
{
    quint16 slot = 0;
    int owner = -1; ///< who owns it when all but the move is done
    bool claim = false; ///< the owner has to claim it with a new epoch
    QList<int> disown; ///< claimants that hold keys: else they would delete them when they hear of the owner
    bool release = false; ///< the owner keeps it from now on, and does not send clients away any more
    QList<int> gather; ///< their keys go to gatherAt
    int gatherAt = -1; ///< the owner; where that sends clients away (migrating): where it sends them
    QList<int> close; ///< SETSLOT STABLE, in this order
    int moveTo = -1; ///< then it goes there
    bool returns = false; ///< and comes back: nobody ever misses a key that lay there
    QList<int> tell; ///< SETSLOT NODE
    QString decision; ///< for people: "goes on to 127.0.0.1:7002"
    QString refusal, advice; ///< not empty: cannot be decided
    QString loss; ///< not empty: data may be lost
};

[[nodiscard]] SlotFindings findingsOfSlot(const PlanDraft &draft, quint16 slot);

/// Decides slot after slot; never by the number of keys alone.
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
    QHash<int, int> m_given; ///< slots given to a primary so far
    int m_last = -1, m_lastSlot = -2; ///< whom the last one without keys was given to
};

} // namespace slotscope
