// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QList>
#include <optional>

namespace slotscope {

/// A replica as its primary's INFO names it (slave0:…).
struct AttachedReplica
{
    QString host;
    quint16 port = 0;
    QByteArray state; ///< "online", "wait_bgsave", "send_bulk", …
    qint64 offset = 0;
    qint64 lagSeconds = 0;
};

/// What INFO says, as far as a cluster view needs it. Nothing is "0 for unknown": an absent field stays empty.
struct ServerInfo
{
    QByteArray product; ///< "redis" or "valkey"
    QByteArray version; ///< valkey_version where there is one, else redis_version
    QByteArray mode; ///< "cluster", "standalone", "sentinel"
    QByteArray os;
    QByteArray runId; ///< of this run of the server: tells two addresses of one server from two servers
    std::optional<qint64> processId, uptimeSeconds, connectedClients, blockedClients;
    std::optional<qint64> usedMemory, maxMemory, peakMemory, totalSystemMemory;
    std::optional<double> fragmentation;
    std::optional<qint64> opsPerSecond, totalCommands, netInBytes, netOutBytes, hits, misses, evicted, expired;
    std::optional<qint64> keys, expiringKeys; ///< over all databases
    int highestDatabase = 0; ///< of those that hold keys
    QByteArray role; ///< "master" or "slave"
    QString primaryHost; ///< of a replica
    quint16 primaryPort = 0;
    std::optional<bool> primaryLinkUp;
    std::optional<qint64> primaryLinkDownSeconds, primaryLastIoSeconds, replicaOffset,
        primaryOffset; ///< primaryOffset: master_repl_offset
    std::optional<bool> syncInProgress, loading;
    QList<AttachedReplica> replicas; ///< of a primary
};

/// Reads any subset of INFO's sections; refuses a text without a single "key:value" line.
[[nodiscard]] Result<ServerInfo> parseServerInfo(QByteArrayView text);

} // namespace slotscope
