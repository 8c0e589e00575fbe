// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/drill/drillforecast.h"

#include "core/base/tr.h"
#include "core/cluster/hostloss.h"
#include "core/cluster/slot.h"

#include <algorithm>
#include <limits>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int mostLanes = 8;
constexpr int pauseMs = 5000;
constexpr int electionMs = 2000; ///< time for an election: a delay of 0.5 to 1 s, the votes, and spreading the news

bool isUp(const NodeState &node)
{
    return node.condition == NodeCondition::Ok && node.reach.state == Reach::State::Ready;
}

/// The remaining electable replica that lags least.
int heirOf(const ClusterView &view, const ShardState &shard, const QList<int> &taken, bool byHand, int &left)
{
    int heir = -1;
    qint64 least = std::numeric_limits<qint64>::max();
    for (const int index : shard.replicas) {
        const NodeState &node = view.nodes[size_t(index)];
        if (node.primary || !isUp(node) || taken.contains(index))
            continue;
        ++left;
        const bool linked = !node.info || node.info->primaryLinkUp.value_or(true);
        if (!linked || (!byHand && node.flags.testFlag(NodeFlag::NoFailover)))
            continue;
        const qint64 lag = node.lagBytes.value_or(std::numeric_limits<qint64>::max() - 1);
        if (lag < least) {
            least = lag;
            heir = index;
        }
    }
    return heir;
}

/// The nodes that the spec takes away; `unknown` explains if there are none.
QList<int> takenBy(const ClusterView &view, const DrillSpec &spec, QString &unknown)
{
    QList<int> list;
    if (!spec.host.isEmpty()) {
        for (size_t i = 0; i < view.nodes.size(); ++i)
            if (view.nodes[i].shard >= 0
                && (hostNameOf(view.nodes[i]) == spec.host || view.nodes[i].host() == spec.host))
                list.append(int(i));
        if (list.isEmpty())
            unknown = tr("No node is on host %1").arg(spec.host);
        return list;
    }
    const NodeState *node = view.node(spec.nodeId);
    const int primary = node && node->shard >= 0 ? view.shards[size_t(node->shard)].primary : -1;
    if (primary >= 0)
        list.append(primary);
    else
        unknown = node ? tr("The shard of %1 has no primary").arg(node->name) : tr("The node is not in the cluster");
    return list;
}

void estimate(DrillForecast &forecast, const DrillSpec &spec)
{
    const qint64 timeout = forecast.nodeTimeoutMs;
    const bool comesBackBefore = spec.milliseconds < timeout && spec.way != DrillWay::Failover;
    switch (spec.way) {
    case DrillWay::Failover:
        forecast.leastMs = 0;
        forecast.mostMs = electionMs;
        return;
    case DrillWay::Pause: forecast.leastMs = forecast.mostMs = spec.milliseconds; return;
    case DrillWay::DebugSleep:
    case DrillWay::OwnCommand: break;
    }
    const bool takenOver = !forecast.shards.isEmpty()
        && std::all_of(forecast.shards.cbegin(), forecast.shards.cend(),
                       [](const DrillForecast::Shard &shard) { return shard.isTakenOver(); });
    const bool elects = !comesBackBefore && takenOver && forecast.hasQuorum();
    // only DebugSleep: with OwnCommand, the server is started again only after a replica has taken over
    forecast.mayElect =
        elects && spec.way == DrillWay::DebugSleep && spec.milliseconds < timeout + timeout / 2 + electionMs;
    forecast.electsByItself = elects && !forecast.mayElect;
    if (!forecast.electsByItself) {
        forecast.leastMs = forecast.mostMs = spec.milliseconds;
        return;
    }
    // a node is pinged after half a timeout, and suspected if it has not answered for a full one
    forecast.leastMs = timeout;
    forecast.mostMs = timeout + timeout / 2 + electionMs;
}

} // namespace

DrillSpec withTime(DrillSpec spec, qint64 nodeTimeoutMs)
{
    if (spec.milliseconds > 0)
        return spec;
    spec.milliseconds = spec.way == DrillWay::Failover ? 0
        : spec.way == DrillWay::Pause                  ? pauseMs
                                      : int(std::min<qint64>(mostDrillMs, 2 * nodeTimeoutMs + 2LL * electionMs));
    return spec;
}

DrillForecast forecastOf(const ClusterView &view, const DrillSpec &spec, qint64 nodeTimeoutMs)
{
    DrillForecast forecast;
    forecast.nodeTimeoutMs = nodeTimeoutMs;
    forecast.nodes = takenBy(view, spec, forecast.unknown);
    const bool goesAway = spec.way == DrillWay::DebugSleep || spec.way == DrillWay::OwnCommand;
    for (size_t index = 0; index < view.shards.size(); ++index) {
        const ShardState &shard = view.shards[index];
        if (shard.primary < 0 || shard.slots.isEmpty())
            continue;
        const NodeState &primary = view.nodes[size_t(shard.primary)];
        const bool isTaken = forecast.nodes.contains(shard.primary);
        ++forecast.voters;
        if (isUp(primary) && !(goesAway && isTaken))
            ++forecast.votersLeft;
        if (!isTaken)
            continue;
        DrillForecast::Shard one{.shard = int(index), .primary = shard.primary, .heir = -1, .replicasLeft = 0};
        one.heir = heirOf(view, shard, forecast.nodes, spec.way == DrillWay::Failover, one.replicasLeft);
        forecast.shards.append(one);
    }
    if (spec.way == DrillWay::Failover) // a graceful failover takes away the primary, not the replica that takes over
        forecast.nodes.removeIf([&view](int node) { return !view.nodes[size_t(node)].primary; });
    estimate(forecast, spec);
    return forecast;
}

QByteArray tagIn(const SlotSet &slotSet, const QByteArray &salt)
{
    constexpr int tries = 2'000'000; // a shard with one slot needs about 16,384 tries
    for (int i = 0; !slotSet.isEmpty() && i < tries; ++i)
        if (QByteArray tag = salt + QByteArray::number(i); slotSet.contains(slotOfKey('{' + tag + '}')))
            return tag;
    return {};
}

QList<DrillLane> lanesFor(const ClusterView &view, const DrillForecast &forecast, const QByteArray &salt)
{
    SlotSet open;
    for (auto it = view.openSlots.cbegin(); it != view.openSlots.cend(); ++it)
        open.add(it.key());
    QList<DrillLane> lanes;
    const auto add = [&](const ShardState &shard, bool control) {
        const QByteArray tag = tagIn(shard.slots.subtracted(open), salt);
        if (tag.isEmpty())
            return;
        const NodeState &primary = view.nodes[size_t(shard.primary)];
        const auto linked = std::count_if(shard.replicas.cbegin(), shard.replicas.cend(), [&view](int index) {
            const NodeState &node = view.nodes[size_t(index)];
            return !node.primary && isUp(node) && (!node.info || node.info->primaryLinkUp.value_or(true));
        });
        lanes.append({.shard = shard.number,
                      .primary = primary.id,
                      .primaryName = primary.name,
                      .tag = tag,
                      .slot = slotOfKey('{' + tag + '}'),
                      .replicas = int(linked),
                      .control = control});
    };
    for (const DrillForecast::Shard &one : forecast.shards)
        if (lanes.size() < mostLanes)
            add(view.shards[size_t(one.shard)], false);
    for (const ShardState &shard : view.shards) {
        if (shard.primary < 0 || shard.slots.isEmpty() || forecast.nodes.contains(shard.primary)
            || !isUp(view.nodes[size_t(shard.primary)]))
            continue;
        add(shard, true);
        break;
    }
    return lanes;
}

} // namespace slotscope
