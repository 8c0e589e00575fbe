// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/nodestable.h"
#include "core/protocol/value.h"

namespace slotscope {

/// One row of CLUSTER SLOTS: a contiguous range and its nodes, the primary first.
struct SlotsRow
{
    SlotRange range;
    struct Node
    {
        QString endpoint; ///< preferred endpoint; empty: the node that answered (null or "" in the reply); "?": unknown
        quint16 port = 0;
        QByteArray id; ///< empty before 4.0
        QString ip, hostname; ///< from the additional map (7.0+)
    };
    QList<Node> nodes;
};
[[nodiscard]] Result<QList<SlotsRow>> parseClusterSlots(const Value &reply);

/// Converts CLUSTER SLOTS to a nodes table, for users who may not run CLUSTER NODES. It contains owners and replicas,
/// no flags and no epochs. The observer's own line is the one at host:port, if there is one.
[[nodiscard]] NodesTable tableFromSlots(const QList<SlotsRow> &rows, const QString &host, quint16 port);

/// One entry of CLUSTER SHARDS (7.0+). It may contain several primaries, or none.
struct ShardEntry
{
    SlotSet slots;
    struct Node
    {
        QByteArray id;
        QString ip, endpoint, hostname, availabilityZone;
        quint16 port = 0, tlsPort = 0;
        bool primary = false;
        qint64 replicationOffset = 0;
        QByteArray health; ///< "online", "fail", "loading"
    };
    QList<Node> nodes;
    QByteArray shardId; ///< Valkey 9.0+, else empty
};
[[nodiscard]] Result<QList<ShardEntry>> parseClusterShards(const Value &reply);

} // namespace slotscope
