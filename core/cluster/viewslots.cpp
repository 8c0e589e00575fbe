// SPDX-License-Identifier: GPL-3.0-or-later
// Who owns which slot, and what is disputed, denied or nobody's.
#include "core/cluster/viewbuilder.h"

#include <algorithm>

namespace slotscope {

namespace {

constexpr qint64 denialSettlesMs = 3000;

} // namespace

void ViewBuilder::claimSlots(const Group &group, std::array<quint64, slotCount> &epochs,
                             std::array<qint16, slotCount> &first, bool isFirst)
{
    std::array<qint16, slotCount> named;
    named.fill(ClusterView::noOwner);
    for (const NodeLine &line : group.table->lines) {
        if (line.slots.isEmpty())
            continue;
        const auto node = qint16(m_view.indexOf(line.id));
        for (const SlotRange &range : line.slots.ranges()) {
            for (size_t slot = range.first; slot <= range.last; ++slot) {
                m_disputed[slot] = m_disputed[slot] || named[slot] != ClusterView::noOwner;
                named[slot] = node;
                if (m_view.owner[slot] == ClusterView::noOwner || line.configEpoch > epochs[slot]) {
                    m_view.owner[slot] = node;
                    epochs[slot] = line.configEpoch;
                }
            }
        }
    }
    if (isFirst) {
        first = named;
        return;
    }
    for (size_t slot = 0; slot < slotCount; ++slot) {
        if (first[slot] == ClusterView::noOwner)
            first[slot] = named[slot];
        else if (named[slot] != ClusterView::noOwner && named[slot] != first[slot])
            m_disputed[slot] = true;
    }
}

void ViewBuilder::mapSlots()
{
    m_view.slotsKnown = true;
    std::array<quint64, slotCount> epochs{};
    std::array<qint16, slotCount> first{};
    for (size_t i = 0; i < m_groups.size(); ++i)
        claimSlots(m_groups[i], epochs, first, i == 0);
    denyClaims();
    finishSlots();
}

/// Lets a node's own claim win over what others report: a slot that its supposed owner does not claim is served by
/// nobody (after CLUSTER DELSLOTS, which gossip does not spread). Applies only if it lasts, because tables read at
/// different moments look the same.
void ViewBuilder::denyClaims()
{
    std::vector<const NodeLine *> own(m_view.nodes.size(), nullptr);
    std::array<qint16, slotCount> claimant;
    claimant.fill(ClusterView::noOwner);
    for (const NodeObservation &observation : m_observations) {
        const NodeLine *self =
            observation.table && observation.reach.state == Reach::State::Ready ? observation.table->self() : nullptr;
        const int node = self ? m_view.indexOf(observation.id) : -1;
        if (node < 0 || !isRecent(observation))
            continue;
        own[size_t(node)] = self;
        for (const SlotRange &range : self->slots.ranges()) {
            for (size_t slot = range.first; slot <= range.last; ++slot) {
                const qint16 other = claimant[slot];
                if (other == ClusterView::noOwner || own[size_t(other)]->configEpoch < self->configEpoch)
                    claimant[slot] = qint16(node);
            }
        }
    }
    for (size_t slot = 0; slot < slotCount; ++slot) {
        qint16 &owner = m_view.owner[slot];
        if (owner == ClusterView::noOwner || !own[size_t(owner)] || own[size_t(owner)]->slots.contains(quint16(slot)))
            continue;
        if (claimant[slot] != ClusterView::noOwner)
            owner = claimant[slot];
        else
            m_view.denied[owner].add(quint16(slot));
    }
    if (m_view.denied.isEmpty())
        m_names.deniedSince = 0;
    else if (m_names.deniedSince == 0)
        m_names.deniedSince = m_view.takenAt;
    const bool lasts = !m_view.denied.isEmpty() && m_view.takenAt - m_names.deniedSince >= denialSettlesMs;
    for (const SlotSet &slotSet : std::as_const(m_view.denied)) {
        for (const SlotRange &range : slotSet.ranges()) {
            for (size_t slot = range.first; slot <= range.last; ++slot) {
                m_disputed[slot] = true;
                if (lasts)
                    m_view.owner[slot] = ClusterView::noOwner;
            }
        }
    }
}

/// Adds runs of consecutive slots with the same owner to the sets of nodes and shards.
void ViewBuilder::finishSlots()
{
    for (int begin = 0; begin < slotCount;) {
        const qint16 owner = m_view.owner[size_t(begin)];
        const bool disputed = m_disputed[size_t(begin)];
        int end = begin + 1;
        while (end < slotCount && m_view.owner[size_t(end)] == owner && m_disputed[size_t(end)] == disputed)
            ++end;
        const SlotRange range{quint16(begin), quint16(end - 1)};
        begin = end;
        if (disputed)
            m_view.disputed.add(range);
        if (owner == ClusterView::noOwner) {
            m_view.uncovered.add(range);
            continue;
        }
        m_view.covered.add(range);
        m_view.nodes[size_t(owner)].slots.add(range);
        const NodeState &node = m_view.nodes[size_t(owner)];
        const bool silent = node.reach.state == Reach::State::Waiting;
        if (node.condition == NodeCondition::Failed || node.condition == NodeCondition::NoAddress
            || (silent && m_current))
            m_view.unserved.add(range);
    }
    for (ShardState &shard : m_view.shards) {
        if (shard.primary >= 0)
            shard.slots = m_view.nodes[size_t(shard.primary)].slots;
    }
    for (size_t i = 0; i < m_view.nodes.size(); ++i) {
        for (const OpenSlot &open : std::as_const(m_view.nodes[i].openSlots))
            m_view.openSlots[open.slot].append(int(i));
    }
}

} // namespace slotscope
