// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/command.h"

#include <limits>

namespace slotscope {

/// One line of MONITOR: a command that a server executed.
struct MonitorLine
{
    enum class Source : quint8 {
        Client, ///< `client` is "127.0.0.1:60866" or "[::1]:53144"
        Socket, ///< over a Unix socket; `client` is "unix:" and its path
        Script, ///< called by a script or function, so there is no client
    };
    qint64 microseconds = 0; ///< since 1970 on the server's clock
    int database = 0;
    Source source = Source::Client;
    QByteArray client;
    Command command; ///< exact bytes; never empty
    bool isCut = false; ///< an argument was truncated
    bool isGuessed = false; ///< the server does not escape quotes (Valkey 8.1), so the ends of arguments are guessed
};

/// Parses a line as sent by the server, without "+". Arguments are truncated to this many bytes.
[[nodiscard]] Result<MonitorLine> parseMonitorLine(QByteArrayView line,
                                                   qsizetype mostOfArgument = std::numeric_limits<qsizetype>::max());
/// Masks what secretsIn() finds.
void redact(MonitorLine &line);

} // namespace slotscope
