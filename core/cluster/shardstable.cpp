// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/shardstable.h"

#include "core/cluster/parse.h"
#include "core/protocol/print.h"

#include <QHash>

namespace slotscope {

namespace {

bool isSlot(const Value &value)
{
    return value.type() == Value::Type::Integer && value.toInteger() >= 0 && value.toInteger() < slotCount;
}

/// Reads a port, which both servers send as an integer; 0 means none.
bool readPort(const Value &value, quint16 &port)
{
    if (value.type() != Value::Type::Integer || value.toInteger() < 0 || value.toInteger() > 0xffff)
        return false;
    port = quint16(value.toInteger());
    return true;
}

bool readSlotsNode(const Value &value, SlotsRow::Node &node)
{
    const Value::List &items = value.items();
    if (items.size() < 2 || (!items[0].isString() && !items[0].isNull()) || !readPort(items[1], node.port))
        return false;
    node.endpoint = latin(items[0].bytes());
    if (items.size() > 2) {
        if (!items[2].isString())
            return false;
        node.id = items[2].bytes();
    }
    if (items.size() > 3) {
        if (const Value *ip = items[3].find("ip"))
            node.ip = latin(ip->bytes());
        if (const Value *hostname = items[3].find("hostname"))
            node.hostname = latin(hostname->bytes());
    }
    return true;
}

bool readSlotsRow(const Value &value, SlotsRow &row)
{
    const Value::List &items = value.items();
    if (items.size() < 3 || !isSlot(items[0]) || !isSlot(items[1]) || items[0].toInteger() > items[1].toInteger())
        return false;
    row.range = {quint16(items[0].toInteger()), quint16(items[1].toInteger())};
    for (size_t i = 2; i < items.size(); ++i) {
        if (!readSlotsNode(items[i], row.nodes.emplaceBack()))
            return false;
    }
    return true;
}

bool readShardNode(const Value &value, ShardEntry::Node &node)
{
    const auto text = [&value](QByteArrayView key) {
        const Value *found = value.find(key);
        return found ? found->bytes() : QByteArray();
    };
    node.id = text("id");
    node.ip = latin(text("ip"));
    node.endpoint = latin(text("endpoint"));
    node.hostname = latin(text("hostname"));
    node.availabilityZone = QString::fromUtf8(text("availability-zone"));
    node.health = text("health");
    const QByteArray role = text("role");
    node.primary = role == "master" || role == "primary";
    if (const Value *offset = value.find("replication-offset"))
        node.replicationOffset = offset->toInteger();
    const Value *port = value.find("port");
    const Value *tlsPort = value.find("tls-port");
    return !node.id.isEmpty() && (node.primary || role == "slave" || role == "replica")
        && (!port || readPort(*port, node.port)) && (!tlsPort || readPort(*tlsPort, node.tlsPort));
}

bool readShard(const Value &value, ShardEntry &shard)
{
    const Value *ranges = value.find("slots");
    const Value *nodes = value.find("nodes");
    if (!ranges || !nodes || !ranges->isAggregate() || !nodes->isAggregate() || ranges->items().size() % 2 != 0)
        return false;
    const Value::List &bounds = ranges->items();
    for (size_t i = 0; i < bounds.size(); i += 2) {
        if (!isSlot(bounds[i]) || !isSlot(bounds[i + 1]) || bounds[i].toInteger() > bounds[i + 1].toInteger())
            return false;
        shard.slots.add(SlotRange{quint16(bounds[i].toInteger()), quint16(bounds[i + 1].toInteger())});
    }
    for (const Value &node : nodes->items()) {
        if (!readShardNode(node, shard.nodes.emplaceBack()))
            return false;
    }
    if (const Value *id = value.find("id"))
        shard.shardId = id->bytes();
    return true;
}

template <typename Row>
Result<QList<Row>> readList(const Value &reply, bool (*read)(const Value &, Row &), const char *wrong)
{
    constexpr size_t maximumRows = 1000 * 1000;
    if (!reply.isAggregate() || reply.items().size() > maximumRows)
        return failure(parseError(QT_TRANSLATE_NOOP("slotscope", "this is not a list"), printForTerminal(reply)));
    QList<Row> rows;
    rows.reserve(qsizetype(reply.items().size()));
    for (const Value &item : reply.items()) {
        if (!read(item, rows.emplaceBack()))
            return failure(parseError(wrong, printForTerminal(item)));
    }
    return rows;
}

} // namespace

Result<QList<SlotsRow>> parseClusterSlots(const Value &reply)
{
    return readList<SlotsRow>(reply, readSlotsRow,
                              QT_TRANSLATE_NOOP("slotscope", "this is not a row of CLUSTER SLOTS"));
}

Result<QList<ShardEntry>> parseClusterShards(const Value &reply)
{
    return readList<ShardEntry>(reply, readShard,
                                QT_TRANSLATE_NOOP("slotscope", "this is not an entry of CLUSTER SHARDS"));
}

NodesTable tableFromSlots(const QList<SlotsRow> &rows, const QString &host, quint16 port)
{
    NodesTable table;
    table.tellsOpenSlots = false;
    QHash<QByteArray, size_t> known;
    for (const SlotsRow &row : rows) {
        for (qsizetype i = 0; i < row.nodes.size(); ++i) {
            const SlotsRow::Node &node = row.nodes[i];
            const QString address = !node.ip.isEmpty()             ? node.ip
                : node.endpoint == u"?" || node.endpoint.isEmpty() ? host
                                                                   : node.endpoint;
            const QByteArray id = node.id.isEmpty() ? address.toUtf8() + ':' + QByteArray::number(node.port) : node.id;
            if (!known.contains(id)) {
                known.insert(id, table.lines.size());
                NodeLine &line = table.lines.emplace_back();
                line.id = id;
                line.address = {.host = address, .port = node.port, .busPort = 0, .hostname = node.hostname};
                line.flags = i == 0 ? NodeFlag::Primary : NodeFlag::Replica;
                line.primaryId = i == 0 ? QByteArray() : row.nodes.front().id;
                line.linkConnected = true;
                if (node.port == port && (address == host || node.hostname == host)) {
                    line.flags |= NodeFlag::Myself;
                    table.myself = int(table.lines.size()) - 1;
                }
            }
            if (i == 0)
                table.lines[known.value(id)].slots.add(row.range);
        }
    }
    for (NodeLine &line : table.lines)
        table.digest += line.claimHash = claimHashOf(line);
    return table;
}

} // namespace slotscope
