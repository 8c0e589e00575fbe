// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/nodestable.h"

#include <QHash>

namespace slotscope {

/// What a node says of its slots at one moment.
struct SlotWitness
{
    SlotSet owned;
    SlotSet leaving; ///< of `owned`: open for another node to take
    QHash<quint16, QByteArray> coming; ///< being imported, and from whom
    quint64 epoch = 0;
    [[nodiscard]] static SlotWitness of(const NodeLine &line);
};

/// Which slots a scan has read wholly, while slots move. SCAN tells every key that was on a node from the beginning of
/// a pass to its end. So a slot is read when the pass's node owned it all the time and it was closed; and one that is
/// open from node A to B when A was passed over to the end, and B afterwards: a key that left A unseen is on B by then.
/// Pure.
class SlotCoverage
{
public:
    explicit SlotCoverage(SlotSet wanted) : m_missing(std::move(wanted)) { }
    [[nodiscard]] const SlotSet &missing() const { return m_missing; }

    /// A pass came to its end. `disturbed`: slots that were seen open, or elsewhere, in between.
    void take(const QByteArray &nodeId, const SlotWitness &begin, const SlotWitness &end,
              const SlotSet &disturbed = {});
    /// All passes that ran side by side have ended.
    void endRound();
    /// Where the next passes go, with the slots that they are for; nodes that own nothing of it are left out, and slots
    /// that nobody in `now` owns.
    [[nodiscard]] QHash<QByteArray, SlotSet> next(const QHash<QByteArray, SlotWitness> &now);

private:
    [[nodiscard]] QByteArray ownerOf(quint16 slot, const QHash<QByteArray, SlotWitness> &now) const;
    [[nodiscard]] static QByteArrayList importersOf(quint16 slot, const QByteArray &owner,
                                                    const QHash<QByteArray, SlotWitness> &now);

    SlotSet m_missing;
    QHash<QByteArray, SlotSet> m_held; ///< node -> slots that it owned all through a pass, open or not
    QHash<QByteArray, SlotSet> m_heldNow; ///< the same, of this round
    SlotSet m_lonely; ///< open on their owner's side alone when it was last looked
};

} // namespace slotscope
