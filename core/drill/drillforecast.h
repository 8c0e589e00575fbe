// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/drill/drillspec.h"

namespace slotscope {

/// What is likely to happen in a drill, by one view of the cluster. A forecast, never a promise: who is elected is
/// decided by the servers.
struct DrillForecast
{
    struct Shard
    {
        int shard = -1; ///< index into the view
        int primary = -1; ///< index of the node that is taken away
        int heir = -1; ///< index of the replica that lacks least; -1: none can take over
        int replicasLeft = 0; ///< living replicas that are not taken away
        [[nodiscard]] bool isTakenOver() const { return heir >= 0; }
    };
    QString unknown; ///< why there is no forecast: no such node or host; empty: there is one
    QList<Shard> shards; ///< whose primary is taken away
    QList<int> nodes; ///< all that are taken away, indices into the view
    int voters = 0; ///< primaries with slots
    int votersLeft = 0; ///< of these, who answer and are not taken away
    [[nodiscard]] bool hasQuorum() const { return votersLeft > voters / 2; }
    bool electsByItself = false; ///< the servers have to notice the loss and elect: it takes a node timeout and more
    bool mayElect = false; ///< the loss ends about when an election would: it may come, or not
    qint64 leastMs = 0, mostMs = 0; ///< how long writes to these shards are likely not to be served
    qint64 nodeTimeoutMs = 0; ///< that this was reckoned with
};

/// `nodeTimeoutMs`: cluster-node-timeout. Pure.
[[nodiscard]] DrillForecast forecastOf(const ClusterView &view, const DrillSpec &spec, qint64 nodeTimeoutMs);
/// The same spec with a time in place of 0.
[[nodiscard]] DrillSpec withTime(DrillSpec spec, qint64 nodeTimeoutMs);
/// A hash tag whose keys lie in one of these slots; `salt` begins it. Empty where there is no slot.
[[nodiscard]] QByteArray tagIn(const SlotSet &slotSet, const QByteArray &salt);
/// Lanes of a probe: one a shard that loses its primary (eight at most), one control; open slots are left alone.
[[nodiscard]] QList<DrillLane> lanesFor(const ClusterView &view, const DrillForecast &forecast, const QByteArray &salt);

} // namespace slotscope
