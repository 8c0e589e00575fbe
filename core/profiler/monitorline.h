// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/command.h"

#include <limits>

namespace slotscope {

/// One line of MONITOR: a command that a server ran.
struct MonitorLine
{
    enum class Source : quint8 {
        Client, ///< `client` is "127.0.0.1:60866" or "[::1]:53144"
        Socket, ///< over a unix socket; `client` is "unix:" and its path
        Script, ///< called by a script or function: nobody's client
    };
    qint64 microseconds = 0; ///< since 1970, by the server's clock
    int database = 0;
    Source source = Source::Client;
    QByteArray client;
    Command command; ///< every byte as it was; never empty
    bool isCut = false; ///< an argument was longer than asked for
    bool isGuessed = false; ///< the server left quotes as they are (Valkey 8.1): where an argument ends is likely only
};

/// The line as the server sends it, without "+". Arguments are cut behind so many bytes.
[[nodiscard]] Result<MonitorLine> parseMonitorLine(QByteArrayView line,
                                                   qsizetype mostOfArgument = std::numeric_limits<qsizetype>::max());
/// Blots out what secretsIn() finds.
void redact(MonitorLine &line);

} // namespace slotscope
