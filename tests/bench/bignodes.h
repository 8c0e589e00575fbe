// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace slotscope::bench {

/// Ids and addresses of a made-up cluster whose shards have two nodes each. Nodes with even numbers are primaries, the
/// node after a primary is its replica. Node `i` has an address 127.1.x.y, all nodes use the same port.
[[nodiscard]] inline QByteArray nodeId(int i)
{
    return QByteArray::number(i).rightJustified(8, '0').repeated(5);
}
[[nodiscard]] inline QByteArray nodeHost(int i)
{
    return "127.1." + QByteArray::number(i / 250) + '.' + QByteArray::number(i % 250 + 1);
}
[[nodiscard]] inline QByteArray nodeAddress(int i, int port = 7000)
{
    const QByteArray text = QByteArray::number(port);
    return nodeHost(i) + ':' + text + '@' + QByteArray::number(port > 40'000 ? port - 10'000 : port + 10'000);
}

/// Returns the line of node `i` in the CLUSTER NODES reply of another node, or of the node itself if `myself` is true.
/// `now` is in ms since 1970.
[[nodiscard]] inline QByteArray nodeLine(int count, int i, bool myself, qint64 now, int port = 7000)
{
    const bool primary = i % 2 == 0;
    const QByteArray flags = QByteArray(myself ? "myself," : "") + (primary ? "master" : "slave");
    QByteArray line = nodeId(i) + ' ' + nodeAddress(i, port) + ' ' + flags + ' '
        + (primary ? QByteArray("-") : nodeId(i - 1)) + " 0 " + QByteArray::number(myself ? 0 : now - i % 700) + ' '
        + QByteArray::number(i / 2 + 1) + " connected";
    if (primary) {
        const int shards = (count + 1) / 2;
        const int shard = i / 2;
        line += ' ' + QByteArray::number(shard * 16384 / shards) + '-'
            + QByteArray::number((shard + 1) * 16384 / shards - 1);
    }
    return line + '\n';
}

/// Returns the CLUSTER NODES reply of node `observer`.
[[nodiscard]] inline QByteArray nodesText(int count, int observer, qint64 now, int port = 7000)
{
    QByteArray text;
    text.reserve(count * 130);
    for (int i = 0; i < count; ++i)
        text += nodeLine(count, i, i == observer, now, port);
    return text;
}

} // namespace slotscope::bench
