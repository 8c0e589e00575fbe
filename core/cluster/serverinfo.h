// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QList>
#include <optional>

namespace slotscope {

/// A replica as listed in its primary's INFO (slave0:…).
struct AttachedReplica
{
    QString host;
    quint16 port = 0;
    QByteArray state; ///< "online", "wait_bgsave", "send_bulk", …
    qint64 offset = 0;
    qint64 lagSeconds = 0;
};

/// The parts of INFO that a cluster view needs. A missing field is nullopt or empty, never 0.
struct ServerInfo
{
    QByteArray product; ///< "redis" or "valkey"
    QByteArray version; ///< valkey_version if present, else redis_version
    QByteArray mode; ///< "cluster", "standalone", "sentinel"
    QByteArray os;
    QByteArray runId; ///< changes with each start of a server; shows whether two addresses lead to the same process
    std::optional<qint64> processId, uptimeSeconds, connectedClients, blockedClients;
    std::optional<qint64> usedMemory, maxMemory, peakMemory, totalSystemMemory;
    std::optional<double> fragmentation;
    std::optional<qint64> opsPerSecond, totalCommands, netInBytes, netOutBytes, hits, misses, evicted, expired;
    std::optional<qint64> keys, expiringKeys; ///< sums over all databases
    int highestDatabase = 0; ///< highest number of a database that contains keys
    QByteArray role; ///< "master" or "slave"
    QString primaryHost; ///< only for replicas
    quint16 primaryPort = 0;
    std::optional<bool> primaryLinkUp;
    std::optional<qint64> primaryLinkDownSeconds, primaryLastIoSeconds, replicaOffset,
        primaryOffset; ///< primaryOffset: master_repl_offset
    std::optional<bool> syncInProgress, loading;
    QList<AttachedReplica> replicas; ///< only for primaries
};

/// Parses any subset of INFO's sections. Fails if the text has no "key:value" line.
[[nodiscard]] Result<ServerInfo> parseServerInfo(QByteArrayView text);

} // namespace slotscope
