// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/viewevents.h"

#include "core/base/text.h"
#include "core/base/tr.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

bool isUsual(const NodeState &node)
{
    return !node.id.isEmpty() && !node.flags.testFlag(NodeFlag::Handshake);
}

const NodeState *primaryOf(const ClusterView &view, const ShardState &shard)
{
    return shard.primary >= 0 ? &view.nodes[size_t(shard.primary)] : nullptr;
}

const ShardState *shardNumbered(const ClusterView &view, int number)
{
    for (const ShardState &shard : view.shards)
        if (shard.number == number)
            return &shard;
    return nullptr;
}

} // namespace

std::vector<MetricEvent> eventsBetween(const ClusterView &before, const ClusterView &now)
{
    std::vector<MetricEvent> events;
    const auto tell = [&](MetricEvent::Kind kind, const QByteArray &node, const QString &words) {
        events.push_back(
            {.kind = kind, .at = now.takenAt, .until = 0, .node = node, .words = words, .count = 0, .isGentle = false});
    };
    using Reached = Reach::State;
    for (const NodeState &node : now.nodes) {
        const NodeState *was = before.node(node.id);
        if (!isUsual(node))
            continue;
        if (!was || !isUsual(*was)) {
            tell(MetricEvent::Kind::Topology, node.id, tr("%1 joined").arg(node.name));
            continue;
        }
        if (was->reach.state == Reached::Ready && node.reach.state != Reached::Ready)
            tell(MetricEvent::Kind::NodeLost, node.id, tr("%1 does not answer").arg(node.name));
        else if (was->reach.state != Reached::Ready && node.reach.state == Reached::Ready && was->info)
            tell(MetricEvent::Kind::NodeBack, node.id, tr("%1 answers again").arg(node.name));
    }
    for (const NodeState &node : before.nodes)
        if (isUsual(node) && !now.node(node.id))
            tell(MetricEvent::Kind::Topology, node.id, tr("%1 left").arg(node.name));
    for (const ShardState &shard : now.shards) {
        const ShardState *was = shardNumbered(before, shard.number);
        const NodeState *primary = primaryOf(now, shard), *former = was ? primaryOf(before, *was) : nullptr;
        if (!primary || !former || primary->id == former->id)
            continue;
        tell(MetricEvent::Kind::Failover, primary->id,
             now.cluster ? tr("Failover, shard %1: %2").arg(shard.number).arg(primary->name)
                         : tr("Failover: %1").arg(primary->name));
        const NodeState *still = now.node(former->id);
        events.back().isGentle = still && still->reach.state == Reached::Ready;
    }
    if (now.cluster && before.slotsKnown && now.slotsKnown) {
        int moved = 0;
        for (size_t slot = 0; slot < size_t(slotCount); ++slot) {
            const qint16 from = before.owner[slot], to = now.owner[slot];
            if (from < 0 || to < 0)
                continue;
            // after a failover, the slots have a new owner but stay in their shard
            const int fromShard = before.nodes[size_t(from)].shard, toShard = now.nodes[size_t(to)].shard;
            if (fromShard >= 0 && toShard >= 0
                && before.shards[size_t(fromShard)].number != now.shards[size_t(toShard)].number)
                ++moved;
        }
        if (moved > 0)
            events.push_back({.kind = MetricEvent::Kind::SlotsMoved,
                              .at = now.takenAt,
                              .until = 0,
                              .node = {},
                              .words = {},
                              .count = moved,
                              .isGentle = false});
    }
    return events;
}

QHash<QByteArray, MetricNode> metricNodesOf(const ClusterView &view)
{
    QHash<QByteArray, MetricNode> nodes;
    for (const NodeState &node : view.nodes) {
        if (!isUsual(node))
            continue;
        MetricNode place{.name = node.name, .shard = 0, .colour = -1, .isPrimary = node.primary};
        if (node.shard >= 0) {
            place.shard = view.shards[size_t(node.shard)].number;
            place.colour = view.shards[size_t(node.shard)].colour;
        }
        nodes.insert(node.id, place);
    }
    return nodes;
}

} // namespace slotscope
