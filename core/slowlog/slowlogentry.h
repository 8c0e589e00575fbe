// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/command.h"
#include "core/protocol/value.h"

#include <memory>
#include <vector>

namespace slotscope {

/// Which of a server's logs: SLOWLOG, or one of Valkey's COMMANDLOG (8.1+).
enum class SlowlogKind : quint8 {
    Slow, ///< commands that ran for long; the cost is in microseconds
    LargeRequest, ///< in bytes, as the next
    LargeReply,
};

/// One entry of one node's log. Ids go on after a RESET and begin at 0 after a restart, so an entry is known by the
/// server's run and its id.
struct SlowlogEntry
{
    SlowlogKind kind = SlowlogKind::Slow;
    QByteArray runId; ///< of the process that logged it
    qint64 id = 0;
    qint64 serverSeconds = 0; ///< since 1970, by the server's clock: all that a log keeps
    qint64 at = 0; ///< ms since 1970, by our clock as far as the two were compared
    qint64 cost = 0; ///< microseconds or bytes
    Command command; ///< as the server kept it: long ones are cut there
    QByteArray clientAddress, clientName; ///< empty before Redis 4
    QByteArray nodeId;
    QString nodeName; ///< "host:port"
    QByteArray shape; ///< shapeOf(command)
};
using SlowlogEntryPtr = std::shared_ptr<const SlowlogEntry>;

/// The reply to SLOWLOG GET or COMMANDLOG GET, newest first as it came; id, time, cost, command and client are filled.
/// Secrets in commands are blotted out.
[[nodiscard]] Result<std::vector<SlowlogEntry>> parseSlowlog(const Value &reply);

/// By time, then node, then id.
[[nodiscard]] bool isEarlier(const SlowlogEntry &left, const SlowlogEntry &right);

/// Sent by this program.
[[nodiscard]] bool isOurs(const SlowlogEntry &entry);

/// The server kept only a part: it cuts arguments at 128 bytes, and commands at 32 arguments, where it says so.
[[nodiscard]] bool isCut(const Command &command);

/// A command for people: toDisplay() of its words, those with blanks in quotes.
[[nodiscard]] QString commandText(const Command &command);
/// The same exactly, as parseCommandLine() and redis-cli read it.
[[nodiscard]] QByteArray wholeCommandLine(const Command &command);

/// A cost for people: "812 µs", "12.4 ms", "1.06 s"; "12.4 KB".
[[nodiscard]] QString costText(SlowlogKind kind, qint64 cost);

/// Names of a log's commands and settings.
struct SlowlogWords
{
    QByteArray type; ///< word of COMMANDLOG
    QByteArray thresholdSetting, lengthSetting;
};
[[nodiscard]] SlowlogWords wordsOf(SlowlogKind kind);
/// SLOWLOG or COMMANDLOG `verb` ("GET", "LEN", "RESET") for a log; `count` of GET.
[[nodiscard]] Command logCommand(SlowlogKind kind, const QByteArray &verb, const QByteArray &count = {});

} // namespace slotscope
