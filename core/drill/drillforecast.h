// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/drill/drillspec.h"

namespace slotscope {

/// What will probably happen in a drill, from one view of the cluster. The servers decide which replica is elected, so
/// this is only a forecast.
struct DrillForecast
{
    struct Shard
    {
        int shard = -1; ///< index into the view's shards
        int primary = -1; ///< index of the node that is taken away
        int heir = -1; ///< index of the replica that lags least; -1: none can take over
        int replicasLeft = 0; ///< number of living replicas that are not taken away
        [[nodiscard]] bool isTakenOver() const { return heir >= 0; }
    };
    QString unknown; ///< why there is no forecast: no such node or host; empty if there is one
    QList<Shard> shards; ///< shards whose primary is taken away
    QList<int> nodes; ///< all nodes taken away, as indices into the view
    int voters = 0; ///< number of primaries with slots
    int votersLeft = 0; ///< number of those that answer and are not taken away
    [[nodiscard]] bool hasQuorum() const { return votersLeft > voters / 2; }
    bool electsByItself = false; ///< the servers must notice the loss and elect, which takes more than a node timeout
    bool mayElect = false; ///< the loss ends at about the time of an election, which may or may not happen
    qint64 leastMs = 0, mostMs = 0; ///< how long writes to these shards will probably fail
    qint64 nodeTimeoutMs = 0; ///< value used for the forecast
};

/// `nodeTimeoutMs` is cluster-node-timeout. Pure.
[[nodiscard]] DrillForecast forecastOf(const ClusterView &view, const DrillSpec &spec, qint64 nodeTimeoutMs);
/// Returns the spec with a duration of 0 replaced.
[[nodiscard]] DrillSpec withTime(DrillSpec spec, qint64 nodeTimeoutMs);
/// A hash tag that hashes to one of these slots and starts with `salt`; empty if there are no slots.
[[nodiscard]] QByteArray tagIn(const SlotSet &slotSet, const QByteArray &salt);
/// Lanes of a probe: one per shard that loses its primary (at most eight), and one control. Open slots are not used.
[[nodiscard]] QList<DrillLane> lanesFor(const ClusterView &view, const DrillForecast &forecast, const QByteArray &salt);

} // namespace slotscope
