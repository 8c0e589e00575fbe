// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArrayList>

namespace slotscope {

/// A command as byte arguments, starting with its name. Binary-safe.
using Command = QByteArrayList;

/// Makes a command from its words, because GCC 12 cannot handle an initializer list inside a co_await expression.
template <typename... Words>
[[nodiscard]] Command commandOf(const Words &...words)
{
    Command command;
    (command << ... << QByteArray(words));
    return command;
}

/// Appends the RESP encoding (array of bulk strings) of `command` to `out`.
void appendEncoded(const Command &command, QByteArray &out);

/// One word of a typed line: its value and position.
struct LineWord
{
    QByteArray bytes;
    qsizetype begin = 0, end = 0; ///< position including its quotes
};
/// A typed line split into words, as far as it is valid.
struct LineReading
{
    QList<LineWord> words;
    qsizetype faultAt = -1; ///< position of the faulty quote, which is in the last word; -1: none
    QString fault; ///< what is wrong with the quote, without the line's text

    [[nodiscard]] Command command() const;
};
[[nodiscard]] LineReading readCommandLine(QByteArrayView line);

/// Parses a typed line with redis-cli's quoting: "…" with the escapes \xNN
///  \r \t \b \a \\ \", and '…' with \'. A closing quote must be followed by a blank or the end. Error::Parse quotes
/// what is wrong.
[[nodiscard]] Result<Command> parseCommandLine(QByteArrayView line);

/// Quotes a byte string so that parseCommandLine() restores it; without quotes if they are not necessary.
[[nodiscard]] QByteArray quoted(QByteArrayView bytes);

/// The secret arguments of a command: passwords in AUTH, HELLO, MIGRATE, ACL SETUSER, and CONFIG SET.
[[nodiscard]] QByteArrayList secretsIn(const Command &command);

/// A command as one line for logs, in the form that parseCommandLine() reads, truncated if long. Not for commands with
/// secrets.
[[nodiscard]] QString commandLine(const Command &command);

/// Name of a command for logs and errors, in upper case: "GET", "CLUSTER NODES" (with the subcommand for container
/// commands), without further arguments.
[[nodiscard]] QString commandName(const Command &command);

} // namespace slotscope
