// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

namespace slotscope {

/// What happens if all nodes of one host stop at once.
struct HostLoss
{
    struct Successor
    {
        int shard = -1, node = -1; ///< indices into the view
    };
    QString host; ///< as returned by hostNameOf()
    QList<int> nodes; ///< indices into the view
    QList<Successor> successors; ///< for each shard the replica elsewhere that lags least and may take over
    QList<int> lostShards; ///< indices of the shards whose slots nobody serves any more
    QList<int> bareShards; ///< indices of the shards still served, but without a replica
    /// More than half of the primaries with slots remain. Only then can replicas be elected (cluster specification,
    /// "Replica election and promotion").
    bool hasMajority = true;

    /// Whether every slot is still served.
    [[nodiscard]] bool isSurvived() const { return lostShards.isEmpty(); }
};

/// The name that tells whether nodes share a host: the announced host name, else the address.
[[nodiscard]] QString hostNameOf(const NodeState &node);

/// The hosts of all nodes that belong to a shard, sorted, without duplicates.
[[nodiscard]] QStringList hostNamesOf(const ClusterView &view);

/// Computes the result for each host, sorted by name. Nodes that have failed or are unreachable do not take over and
/// have no vote. Nor do replicas take over that may not be elected, or that have lost the link to a running primary.
/// Shards without slots are ignored. Pure.
[[nodiscard]] std::vector<HostLoss> hostLosses(const ClusterView &view);

} // namespace slotscope
