// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/health.h"

#include <QMap>

#include <algorithm>

namespace slotscope {

namespace {

/// Gossip spreads a change of owner in well under a second, so a dispute that lasts longer than this is permanent.
constexpr qint64 disputeSettlesMs = 3000;

} // namespace

bool Health::isEmptyNode() const
{
    if (!m_view.cluster || m_view.nodes.size() != 1 || !m_view.slotsKnown || !m_view.covered.isEmpty())
        return false;
    const NodeState &node = m_view.nodes.front();
    return node.reach.state == Reach::State::Ready && node.info && node.info->keys.value_or(0) == 0;
}

void Health::checkSlots(qint64 disputedSince)
{
    const bool anyTable = std::any_of(m_view.observations.begin(), m_view.observations.end(),
                                      [](const NodeObservation &o) { return o.table != nullptr; });
    if (isEmptyNode()) {
        const QString name = m_view.nodes.front().name;
        Finding &finding = m_memory.numberOfNode.size() > 1 // other nodes were seen in this session
            ? add(
                Finding::Kind::EmptyNode, Severity::Error,
                tr("%1 is empty now: the cluster that it belonged to cannot be seen through it any more").arg(name),
                tr("The node was reset, or restarted without its nodes.conf: it owns no slot and knows no other node."),
                tr("Connect through another node of the cluster. If all nodes were reset, create the cluster again."))
            : add(Finding::Kind::EmptyNode, Severity::Warning,
                  tr("%1 is empty: it owns no slot and knows no other node").arg(name),
                  tr("The node is in no cluster with other nodes, and serves no keys until it owns slots."),
                  tr("Create a cluster with this node, or add it to a cluster (connect to that cluster, then Add "
                     "node)."));
        finding.nodes = {m_view.nodes.front().id};
    } else if (!m_view.uncovered.isEmpty() && anyTable) {
        Finding &finding = add(Finding::Kind::UncoveredSlots, Severity::Error,
                               tr("Slots without an owner: %1").arg(m_view.uncovered.toString(rangesShown)),
                               tr("Keys in these slots cannot be read or written; with cluster-require-full-coverage "
                                  "the whole cluster refuses commands."),
                               tr("Restart the node that owned them, or assign them to a primary."));
        finding.slots = m_view.uncovered;
    }
    checkOpenSlots();
    checkDisputes(disputedSince);
    QHash<quint64, int> byEpoch;
    for (size_t i = 0; i < m_view.nodes.size(); ++i) {
        const NodeState &node = m_view.nodes[i];
        if (!node.primary || node.slots.isEmpty() || node.configEpoch == 0)
            continue;
        const auto other = byEpoch.constFind(node.configEpoch);
        if (other == byEpoch.cend()) {
            byEpoch.insert(node.configEpoch, int(i));
            continue;
        }
        const NodeState &first = m_view.nodes[size_t(*other)];
        add(Finding::Kind::SameEpoch, Severity::Warning,
            tr("%1 and %2 have the same config epoch %3").arg(first.name, node.name).arg(node.configEpoch),
            tr("If both nodes claimed the same slot, the cluster could not tell which claim is newer."),
            tr("The servers resolve this by themselves within seconds. If it lasts longer, the two nodes cannot reach "
               "each other: check the network between them."))
            .nodes = {first.id, node.id};
    }
}

/// Reports open slots: one finding for each pair of source and target, not for each slot.
void Health::checkOpenSlots()
{
    struct Move
    {
        SlotSet leaving, arriving;
    };
    QMap<std::pair<QByteArray, QByteArray>, Move> moves;
    // Since Valkey 8, replicas also list the open slots of their primary. A slot that only the replica lists is
    // reported.
    const auto repeats = [this](const NodeState &node, const OpenSlot &open) {
        const NodeState *primary = node.primary ? nullptr : m_view.node(node.primaryId);
        return primary && primary->openSlots.contains(open);
    };
    for (const NodeState &node : m_view.nodes) {
        for (const OpenSlot &open : node.openSlots) {
            if (repeats(node, open))
                continue;
            if (open.migrating)
                moves[{node.id, open.peer}].leaving.add(open.slot);
            else
                moves[{open.peer, node.id}].arriving.add(open.slot);
        }
    }
    const auto name = [this](const QByteArray &id) {
        const NodeState *node = m_view.node(id);
        return node ? node->name : tr("the unknown node %1").arg(QString::fromLatin1(id.left(8)));
    };
    for (auto it = moves.cbegin(); it != moves.cend(); ++it) {
        const auto &[source, target] = it.key();
        const SlotSet slots = it->leaving.united(it->arriving);
        QString title =
            tr("Slots in migration, from %1 to %2: %3").arg(name(source), name(target), slots.toString(rangesShown));
        if (it->arriving.isEmpty())
            title += tr(" (only %1 reports it)").arg(name(source));
        else if (it->leaving.isEmpty())
            title += tr(" (only %1 reports it)").arg(name(target));
        Finding &finding = add(Finding::Kind::OpenSlots, Severity::Warning, title,
                               tr("While a slot is in migration, its keys may be on either node, and commands with "
                                  "several of its keys may fail with TRYAGAIN."),
                               tr("If a reshard is running, wait until it ends. Otherwise one was interrupted: finish "
                                  "moving the keys, then assign the slot."));
        finding.nodes = {source, target};
        finding.slots = slots;
    }
}

void Health::checkDisputes(qint64 disputedSince)
{
    // which primary claims each slot in its own table, for primaries that answer now
    std::array<qint16, slotCount> claimant;
    claimant.fill(ClusterView::noOwner);
    QMap<std::pair<int, int>, SlotSet> twice;
    SlotSet twiceAll;
    if (!m_view.disputed.isEmpty()) {
        for (const NodeObservation &observation : m_view.observations) {
            const NodeLine *self = observation.table && observation.reach.state == Reach::State::Ready
                ? observation.table->self()
                : nullptr;
            const int node = self ? m_view.indexOf(observation.id) : -1;
            if (node < 0 || !self->flags.testFlag(NodeFlag::Primary))
                continue;
            for (const SlotRange &range : self->slots.ranges()) {
                for (int slot = range.first; slot <= range.last; ++slot) {
                    qint16 &first = claimant[size_t(slot)];
                    if (first != ClusterView::noOwner)
                        twice[{int(first), node}].add(quint16(slot));
                    first = qint16(node);
                }
            }
        }
    }
    for (auto it = twice.cbegin(); it != twice.cend(); ++it) {
        const NodeState &a = m_view.nodes[size_t(it.key().first)];
        const NodeState &b = m_view.nodes[size_t(it.key().second)];
        Finding &finding = add(Finding::Kind::SlotClaimedTwice, Severity::Error,
                               tr("%1 and %2 both claim the slots %3").arg(a.name, b.name, it->toString(rangesShown)),
                               tr("Both accept writes for these slots; when they reach each other, the writes of the "
                                  "one with the lower config epoch are lost."),
                               tr("Check that the two nodes reach each other on the cluster bus; then assign the slots "
                                  "to the node that should keep them."));
        finding.nodes = {a.id, b.id};
        finding.slots = *it;
        twiceAll = twiceAll.united(*it);
    }
    for (auto it = m_view.denied.cbegin(); it != m_view.denied.cend(); ++it) {
        const NodeState &node = m_view.nodes[size_t(it.key())];
        const bool lasts = m_view.uncovered.intersected(*it).count() == it->count();
        Finding &finding =
            add(Finding::Kind::Disagreement, lasts ? Severity::Error : Severity::Warning,
                tr("%1 does not claim the slots %2, although others report it as their owner")
                    .arg(node.name, it->toString(rangesShown)),
                tr("No node serves these slots; the others redirect clients to a node that refuses them. CLUSTER "
                   "DELSLOTS on the owner causes this, because gossip does not spread it."),
                tr("Assign the slots again with CLUSTER ADDSLOTS on the node that shall own them."));
        finding.nodes = {node.id};
        finding.slots = *it;
        twiceAll = twiceAll.united(*it);
    }
    const SlotSet rest = m_view.disputed.subtracted(twiceAll);
    if (rest.isEmpty())
        return;
    const auto slot = rest.ranges().constFirst().first;
    QMap<QByteArray, QList<int>> named;
    for (const NodeObservation &observation : m_view.observations) {
        if (!observation.table || observation.reach.state != Reach::State::Ready)
            continue;
        for (const NodeLine &line : observation.table->lines) {
            if (line.slots.contains(slot))
                named[line.id].append(m_view.indexOf(observation.id));
        }
    }
    QStringList versions;
    for (auto it = named.begin(); it != named.end(); ++it) {
        it->removeAll(-1);
        std::sort(it->begin(), it->end());
        const NodeState *owner = m_view.node(it.key());
        versions.append(tr("%1 %2").arg(sayers(*it), owner ? owner->name : QString::fromLatin1(it.key().left(8))));
    }
    const bool lasts = m_view.takenAt - disputedSince >= disputeSettlesMs;
    Finding &finding =
        add(Finding::Kind::Disagreement, lasts ? Severity::Error : Severity::Warning,
            tr("Nodes report different owners of the slots %1 (slot %2: %3)")
                .arg(rest.toString(rangesShown))
                .arg(slot)
                .arg(versions.join(QStringLiteral(", "))),
            tr("Nodes redirect clients back and forth, and a part of the cluster works with an outdated slot map."),
            tr("Right after a failover or a migration this resolves by itself. If it lasts, look for nodes that do not "
               "reach each other on the cluster bus."));
    finding.slots = rest;
    finding.nodes = named.keys();
}

} // namespace slotscope
