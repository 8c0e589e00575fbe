// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/value.h"

#include <QList>

namespace slotscope {

/// CLUSTER INFO: one node's clusterInfo of the whole cluster.
struct ClusterInfo
{
    bool stateOk = false;
    int slotsAssigned = 0;
    int slotsOk = 0;
    int slotsMaybeFailed = 0;
    int slotsFailed = 0;
    int knownNodes = 0;
    int size = 0; ///< number of primaries that own slots
    quint64 currentEpoch = 0;
    quint64 myEpoch = 0;
    /// Hash of the fields above. A change shows that the node's CLUSTER NODES is worth reading again.
    [[nodiscard]] size_t digest() const;
    friend bool operator==(const ClusterInfo &, const ClusterInfo &) = default;
};
[[nodiscard]] Result<ClusterInfo> parseClusterInfo(QByteArrayView text);

/// One cluster bus link, as listed by CLUSTER LINKS (Redis 7.0+).
struct ClusterLink
{
    bool outgoing = false; ///< direction "to": opened by the node that answered
    QByteArray nodeId;
    qint64 createdAt = 0; ///< ms since 1970
    QByteArray events;
    qint64 sendBufferAllocated = 0;
    qint64 sendBufferUsed = 0;
};
[[nodiscard]] Result<QList<ClusterLink>> parseClusterLinks(const Value &reply);

} // namespace slotscope
