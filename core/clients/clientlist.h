// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArrayList>

#include <memory>
#include <optional>
#include <vector>

namespace slotscope {

/// One line of CLIENT LIST. Fields that the server does not report are empty.
struct ClientLine
{
    qint64 id = 0; ///< unique within one run of a server
    QByteArray address; ///< exactly as the server wrote it
    QByteArray name, user, library, libraryVersion, command, flags;
    std::optional<qint64> age, idle; ///< in seconds
    std::optional<qint64> memory; ///< bytes of all its buffers (tot-mem, Redis 6.2)
    qint64 replyBytes = 0; ///< bytes of unread replies (omem)
    qint64 channels = 0; ///< number of subscriptions of any kind
    qint64 queued = -1; ///< number of commands in its MULTI; -1: no transaction
    int database = 0;
    QList<std::pair<QByteArray, QByteArray>> others; ///< other fields, in order

    [[nodiscard]] bool hasFlag(char flag) const { return flags.contains(flag); }
    [[nodiscard]] bool isServer() const { return hasFlag('S') || hasFlag('M'); } ///< a replication link
    [[nodiscard]] bool isOurs() const; ///< a connection of this program, in this window or another
};
using ClientLines = std::shared_ptr<const std::vector<ClientLine>>;

/// Parses CLIENT LIST: one row per line, whatever the form of its address and its fields. A line without an id is an
/// error.
[[nodiscard]] Result<std::vector<ClientLine>> parseClientList(const QByteArray &text);

/// "10.0.0.1" from "10.0.0.1:4711", "::1" from "[::1]:4711" and "::1:4711", or the path of a Unix socket.
[[nodiscard]] QByteArray clientHost(const QByteArray &address);
[[nodiscard]] bool isSocketAddress(const QByteArray &address); ///< whether it is the address of a Unix socket
/// Such as "redis-py 5.2.1"; empty: unknown.
[[nodiscard]] QByteArray libraryOf(const ClientLine &client);

} // namespace slotscope
