// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/slotcoverage.h"

#include <utility>

namespace slotscope {

SlotWitness SlotWitness::of(const NodeLine &line)
{
    SlotWitness witness;
    witness.owned = line.slots;
    witness.epoch = line.configEpoch;
    for (const OpenSlot &open : line.openSlots) {
        if (open.migrating)
            witness.leaving.add(open.slot);
        else
            witness.coming.insert(open.slot, open.peer);
    }
    return witness;
}

void SlotCoverage::take(const QByteArray &nodeId, const SlotWitness &begin, const SlotWitness &end,
                        const SlotSet &disturbed)
{
    // if the epoch has changed, a slot may have left and come back
    const SlotSet held = begin.epoch == end.epoch ? begin.owned.intersected(end.owned) : SlotSet();
    m_heldNow[nodeId] = m_heldNow.value(nodeId).united(held);
    m_missing = m_missing.subtracted(held.subtracted(begin.leaving).subtracted(end.leaving).subtracted(disturbed));
    for (auto it = begin.coming.cbegin(); it != begin.coming.cend(); ++it) {
        const quint16 slot = it.key();
        const bool arrived = end.owned.contains(slot) && !end.leaving.contains(slot);
        const bool stillComes = end.coming.value(slot) == it.value();
        if ((arrived || stillComes) && m_held.value(it.value()).contains(slot))
            m_missing.remove({slot, slot});
    }
}

void SlotCoverage::endRound()
{
    for (auto it = m_heldNow.cbegin(); it != m_heldNow.cend(); ++it)
        m_held[it.key()] = m_held.value(it.key()).united(it.value());
    m_heldNow.clear();
}

QByteArray SlotCoverage::ownerOf(quint16 slot, const QHash<QByteArray, SlotWitness> &now) const
{
    QByteArray owner;
    for (auto it = now.cbegin(); it != now.cend(); ++it)
        if (it->owned.contains(slot) && (owner.isEmpty() || it->epoch > now[owner].epoch))
            owner = it.key();
    return owner;
}

QByteArrayList SlotCoverage::importersOf(quint16 slot, const QByteArray &owner,
                                         const QHash<QByteArray, SlotWitness> &now)
{
    QByteArrayList importers;
    for (auto it = now.cbegin(); it != now.cend(); ++it)
        if (it.key() != owner && it->coming.value(slot) == owner)
            importers.append(it.key());
    return importers;
}

QHash<QByteArray, SlotSet> SlotCoverage::next(const QHash<QByteArray, SlotWitness> &now)
{
    QHash<QByteArray, SlotSet> passes;
    SlotSet lonely;
    for (const quint16 slot : m_missing.toList()) {
        const QByteArray owner = ownerOf(slot, now);
        if (owner.isEmpty())
            continue;
        const QByteArrayList importers = importersOf(slot, owner, now);
        const bool ownerIsRead = m_held.value(owner).contains(slot);
        if (importers.isEmpty() && now[owner].leaving.contains(slot) && ownerIsRead) {
            // a slot open only on its owner is accepted when seen so twice, with a scan of the owner in between: no
            // node imports it, so no key can leave
            if (m_lonely.contains(slot)) {
                m_missing.remove({slot, slot});
                continue;
            }
            lonely.add(slot);
        }
        if (importers.isEmpty() || !ownerIsRead)
            passes[owner].add(slot);
        else
            for (const QByteArray &importer : importers)
                passes[importer].add(slot);
    }
    m_lonely = lonely;
    return passes;
}

} // namespace slotscope
