// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/serverinfo.h"

#include "core/cluster/parse.h"

#include <QHash>

namespace slotscope {

namespace {

constexpr qsizetype maximumInfo = 16 * 1024 * 1024;
constexpr qsizetype maximumReplicas = 10000;

using IntegerField = std::optional<qint64> ServerInfo::*;

const QHash<QByteArrayView, IntegerField> &integerFields()
{
    static const QHash<QByteArrayView, IntegerField> fields = {
        {"process_id", &ServerInfo::processId},
        {"uptime_in_seconds", &ServerInfo::uptimeSeconds},
        {"connected_clients", &ServerInfo::connectedClients},
        {"blocked_clients", &ServerInfo::blockedClients},
        {"used_memory", &ServerInfo::usedMemory},
        {"maxmemory", &ServerInfo::maxMemory},
        {"used_memory_peak", &ServerInfo::peakMemory},
        {"total_system_memory", &ServerInfo::totalSystemMemory},
        {"instantaneous_ops_per_sec", &ServerInfo::opsPerSecond},
        {"total_commands_processed", &ServerInfo::totalCommands},
        {"total_net_input_bytes", &ServerInfo::netInBytes},
        {"total_net_output_bytes", &ServerInfo::netOutBytes},
        {"keyspace_hits", &ServerInfo::hits},
        {"keyspace_misses", &ServerInfo::misses},
        {"evicted_keys", &ServerInfo::evicted},
        {"expired_keys", &ServerInfo::expired},
        {"master_link_down_since_seconds", &ServerInfo::primaryLinkDownSeconds},
        {"master_last_io_seconds_ago", &ServerInfo::primaryLastIoSeconds},
        {"slave_repl_offset", &ServerInfo::replicaOffset},
        {"master_repl_offset", &ServerInfo::primaryOffset},
    };
    return fields;
}

qint64 saturatingSum(qint64 a, qint64 b)
{
    qint64 sum = 0;
    return qAddOverflow(a, b, &sum) ? std::numeric_limits<qint64>::max() : sum;
}

/// "keys=1,expires=0,avg_ttl=0"
void readDatabase(QByteArrayView value, ServerInfo &info)
{
    while (!value.isEmpty()) {
        QByteArrayView part = takeUntil(value, ',');
        const QByteArrayView key = takeUntil(part, '=');
        const qint64 number = std::max<qint64>(0, toInteger(part).value_or(0));
        if (key == "keys")
            info.keys = saturatingSum(info.keys.value_or(0), number);
        else if (key == "expires")
            info.expiringKeys = saturatingSum(info.expiringKeys.value_or(0), number);
    }
}

quint16 port(QByteArrayView text)
{
    const quint64 number = toUnsigned(text).value_or(0);
    return number <= 0xffff ? quint16(number) : quint16(0);
}

/// "ip=127.0.0.1,port=7001,state=online,offset=14,lag=1"
void readReplica(QByteArrayView value, ServerInfo &info)
{
    AttachedReplica replica;
    while (!value.isEmpty()) {
        QByteArrayView part = takeUntil(value, ',');
        const QByteArrayView key = takeUntil(part, '=');
        if (key == "ip")
            replica.host = latin(part);
        else if (key == "port")
            replica.port = port(part);
        else if (key == "state")
            replica.state = part.toByteArray();
        else if (key == "offset")
            replica.offset = toInteger(part).value_or(0);
        else if (key == "lag")
            replica.lagSeconds = toInteger(part).value_or(0);
    }
    if (info.replicas.size() < maximumReplicas)
        info.replicas.append(replica);
}

bool isNumbered(QByteArrayView key, QByteArrayView prefix)
{
    return key.startsWith(prefix) && toUnsigned(key.sliced(prefix.size()));
}

/// Reads fields that are not plain numbers: words, flags and composed values.
void readWord(QByteArrayView key, QByteArrayView value, ServerInfo &info)
{
    if (key == "redis_version" && info.version.isEmpty())
        info.version = value.toByteArray();
    else if (key == "valkey_version")
        info.version = value.toByteArray();
    else if (key == "server_name")
        info.product = value.toByteArray();
    else if (key == "redis_mode" || key == "server_mode")
        info.mode = value.toByteArray();
    else if (key == "run_id")
        info.runId = value.toByteArray();
    else if (key == "os")
        info.os = value.toByteArray();
    else if (key == "role")
        info.role = value.toByteArray();
    else if (key == "master_host")
        info.primaryHost = latin(value);
    else if (key == "master_port")
        info.primaryPort = port(value);
    else if (key == "master_link_status")
        info.primaryLinkUp = value == "up";
    else if (key == "master_sync_in_progress")
        info.syncInProgress = value != "0";
    else if (key == "loading")
        info.loading = value != "0";
    else if (key == "mem_fragmentation_ratio") {
        bool ok = false;
        const double ratio = value.toByteArray().toDouble(&ok);
        if (ok)
            info.fragmentation = ratio;
    } else if (isNumbered(key, "slave"))
        readReplica(value, info);
    else if (isNumbered(key, "db")) {
        readDatabase(value, info);
        const quint64 number = toUnsigned(key.sliced(2)).value_or(0);
        info.highestDatabase = std::max(info.highestDatabase, int(std::min<quint64>(number, 1'000'000)));
    }
}

} // namespace

Result<ServerInfo> parseServerInfo(QByteArrayView text)
{
    if (text.size() > maximumInfo)
        return failure(parseError(QT_TRANSLATE_NOOP("slotscope", "the reply of INFO is larger than 16 MB"), text));
    ServerInfo info;
    bool anything = false;
    bool keyspace = false;
    const QByteArrayView whole = text;
    while (!text.isEmpty()) {
        const QByteArrayView line = takeLine(text);
        if (line.isEmpty())
            continue;
        if (line.startsWith('#')) {
            keyspace = keyspace || line == "# Keyspace";
            continue;
        }
        QByteArrayView value = line;
        const QByteArrayView key = takeUntil(value, ':');
        if (key.isEmpty() || key.size() == line.size())
            continue;
        anything = true;
        const auto field = integerFields().constFind(key);
        if (field == integerFields().cend())
            readWord(key, value, info);
        else if (const std::optional<qint64> number = toInteger(value))
            info.**field = number;
    }
    if (!anything)
        return failure(parseError(QT_TRANSLATE_NOOP("slotscope", "this is not a reply of INFO"), whole));
    if (info.product.isEmpty() && !info.version.isEmpty())
        info.product = whole.contains("valkey_version:") ? "valkey" : "redis";
    if (keyspace && !info.keys) { // INFO lists no lines for empty databases
        info.keys = 0;
        info.expiringKeys = 0;
    }
    return info;
}

} // namespace slotscope
