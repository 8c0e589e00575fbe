// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

namespace slotscope {

/// What happens where all nodes of one host stop at once.
struct HostLoss
{
    struct Successor
    {
        int shard = -1, node = -1; ///< indices into the view
    };
    QString host; ///< as hostNameOf
    QList<int> nodes; ///< indices into the view
    QList<Successor> successors; ///< replicas elsewhere that may take over: of each shard the one that lacks least
    QList<int> lostShards; ///< nobody serves their slots any more; indices into the view
    QList<int> bareShards; ///< served still, and without a replica from then on
    /// More than half of the primaries with slots stay: only then can replicas be elected (cluster specification,
    /// "Replica election and promotion").
    bool hasMajority = true;

    /// Every slot stays served.
    [[nodiscard]] bool isSurvived() const { return lostShards.isEmpty(); }
};

/// The name by which nodes share a host: the announced host name, else the address.
[[nodiscard]] QString hostNameOf(const NodeState &node);

/// The hosts of all members, each once, in the order of their names.
[[nodiscard]] QStringList hostNamesOf(const ClusterView &view);

/// For each host, in the order of their names. Nodes that have failed, or that nobody reaches, take nothing over and
/// have no vote; replicas that may not be elected, or have lost a primary that is up, take nothing over. Nothing is
/// said of shards without slots. Pure.
[[nodiscard]] std::vector<HostLoss> hostLosses(const ClusterView &view);

} // namespace slotscope
