// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/nodestable.h"

#include <QHash>

namespace slotscope {

/// A node's slots as it reports them at one moment.
struct SlotWitness
{
    SlotSet owned;
    SlotSet leaving; ///< slots in `owned` that are migrating to another node
    QHash<quint16, QByteArray> coming; ///< slots being imported, and from which node
    quint64 epoch = 0;
    [[nodiscard]] static SlotWitness of(const NodeLine &line);
};

/// Tracks which slots a scan has read completely while slots move. SCAN returns every key that was on a node during the
/// whole pass. So a slot is read if the node owned it during the whole pass and it was closed. A slot open from node A
/// to B is read if a pass over A was completed, and then one over B: a key that left A unseen is on B by then. Pure.
class SlotCoverage
{
public:
    explicit SlotCoverage(SlotSet wanted) : m_missing(std::move(wanted)) { }
    [[nodiscard]] const SlotSet &missing() const { return m_missing; }

    /// Call after each completed pass. `disturbed` are slots seen open, or elsewhere, during it.
    void take(const QByteArray &nodeId, const SlotWitness &begin, const SlotWitness &end,
              const SlotSet &disturbed = {});
    /// Call when all parallel passes have ended.
    void endRound();
    /// Returns the nodes to scan next, with the slots that each is scanned for. Omits nodes without such slots, and
    /// slots that nobody in `now` owns.
    [[nodiscard]] QHash<QByteArray, SlotSet> next(const QHash<QByteArray, SlotWitness> &now);

private:
    [[nodiscard]] QByteArray ownerOf(quint16 slot, const QHash<QByteArray, SlotWitness> &now) const;
    [[nodiscard]] static QByteArrayList importersOf(quint16 slot, const QByteArray &owner,
                                                    const QHash<QByteArray, SlotWitness> &now);

    SlotSet m_missing;
    QHash<QByteArray, SlotSet> m_held; ///< for each node, the slots that it owned during a whole pass, open or not
    QHash<QByteArray, SlotSet> m_heldNow; ///< the same for the current round
    SlotSet m_lonely; ///< slots open only on their owner when last checked
};

} // namespace slotscope
