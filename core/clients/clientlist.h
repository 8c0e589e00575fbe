// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArrayList>

#include <memory>
#include <optional>
#include <vector>

namespace slotscope {

/// One line of CLIENT LIST. What a server does not tell is absent.
struct ClientLine
{
    qint64 id = 0; ///< never given twice by one run of a server
    QByteArray address; ///< exactly as the server wrote it
    QByteArray name, user, library, libraryVersion, command, flags;
    std::optional<qint64> age, idle; ///< seconds
    std::optional<qint64> memory; ///< of all its buffers (tot-mem, Redis 6.2)
    qint64 replyBytes = 0; ///< of replies that it has not read (omem)
    qint64 channels = 0; ///< subscriptions of any kind
    qint64 queued = -1; ///< commands in its MULTI; -1: none is open
    int database = 0;
    QList<std::pair<QByteArray, QByteArray>> others; ///< fields that are not among these, in order

    [[nodiscard]] bool hasFlag(char flag) const { return flags.contains(flag); }
    [[nodiscard]] bool isServer() const { return hasFlag('S') || hasFlag('M'); } ///< a link of replication
    [[nodiscard]] bool isOurs() const; ///< of this program, in this window or another
};
using ClientLines = std::shared_ptr<const std::vector<ClientLine>>;

/// CLIENT LIST's text: a row for each line, whatever its address looks like and whatever fields it has. A line without
/// an id is refused.
[[nodiscard]] Result<std::vector<ClientLine>> parseClientList(const QByteArray &text);

/// "10.0.0.1" of "10.0.0.1:4711", "::1" of "[::1]:4711" and of "::1:4711", the path of a unix socket.
[[nodiscard]] QByteArray clientHost(const QByteArray &address);
[[nodiscard]] bool isSocketAddress(const QByteArray &address); ///< of a unix socket
/// "redis-py 5.2.1"; empty: not told.
[[nodiscard]] QByteArray libraryOf(const ClientLine &client);

} // namespace slotscope
