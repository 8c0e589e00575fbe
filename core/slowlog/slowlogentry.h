// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/command.h"
#include "core/protocol/value.h"

#include <memory>
#include <vector>

namespace slotscope {

/// The kind of log: SLOWLOG, or one of Valkey's COMMANDLOG (8.1+).
enum class SlowlogKind : quint8 {
    Slow, ///< slow commands; the cost is in microseconds
    LargeRequest, ///< the cost of this and the next kind is in bytes
    LargeReply,
};

/// One entry in a node's log. Ids continue after a RESET and start at 0 after a restart, so run id and id together
/// identify an entry.
struct SlowlogEntry
{
    SlowlogKind kind = SlowlogKind::Slow;
    QByteArray runId; ///< run id of the process that logged it
    qint64 id = 0;
    qint64 serverSeconds = 0; ///< since 1970 on the server's clock; logs contain whole seconds only
    qint64 at = 0; ///< in ms since 1970 on our clock, as far as the clocks were compared
    qint64 cost = 0; ///< in microseconds or bytes
    Command command; ///< as stored by the server, which truncates long ones
    QByteArray clientAddress, clientName; ///< empty before Redis 4
    QByteArray nodeId;
    QString nodeName; ///< "host:port"
    QByteArray shape; ///< shapeOf(command)
};
using SlowlogEntryPtr = std::shared_ptr<const SlowlogEntry>;

/// Parses a reply to SLOWLOG GET or COMMANDLOG GET, newest first; sets id, time, cost, command and client. Secrets in
/// commands are masked.
[[nodiscard]] Result<std::vector<SlowlogEntry>> parseSlowlog(const Value &reply);

/// Compares by time, then node, then id.
[[nodiscard]] bool isEarlier(const SlowlogEntry &left, const SlowlogEntry &right);

/// Whether the command was sent by this program.
[[nodiscard]] bool isOurs(const SlowlogEntry &entry);

/// Whether the server stored only part of the command: it truncates arguments to 128 bytes and commands to 32
/// arguments, and marks that.
[[nodiscard]] bool isCut(const Command &command);

/// A command for display: toDisplay() of its arguments, with quotes around those with blanks.
[[nodiscard]] QString commandText(const Command &command);
/// A command in the exact form that parseCommandLine() and redis-cli read.
[[nodiscard]] QByteArray wholeCommandLine(const Command &command);

/// A cost for display: "812 µs", "12.4 ms", "1.06 s"; "12.4 KB".
[[nodiscard]] QString costText(SlowlogKind kind, qint64 cost);

/// Names of a log's commands and settings on a server.
struct SlowlogWords
{
    QByteArray type; ///< type argument of COMMANDLOG
    QByteArray thresholdSetting, lengthSetting;
};
[[nodiscard]] SlowlogWords wordsOf(SlowlogKind kind);
/// Returns SLOWLOG or COMMANDLOG with `verb` ("GET", "LEN", "RESET"); `count` is for GET.
[[nodiscard]] Command logCommand(SlowlogKind kind, const QByteArray &verb, const QByteArray &count = {});

} // namespace slotscope
