// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArrayList>

namespace slotscope {

/// A command as byte arguments; the first is its name. Binary-safe.
using Command = QByteArrayList;

/// A command from its words: GCC 12 cannot take an initializer list inside a co_await expression.
template <typename... Words>
[[nodiscard]] Command commandOf(const Words &...words)
{
    Command command;
    (command << ... << QByteArray(words));
    return command;
}

/// Appends the RESP encoding (array of bulk strings) of `command` to `out`.
void appendEncoded(const Command &command, QByteArray &out);

/// One word of a typed line: what it stands for, and where it is.
struct LineWord
{
    QByteArray bytes;
    qsizetype begin = 0, end = 0; ///< with its quotes
};
/// A typed line in words, as far as it can be read.
struct LineReading
{
    QList<LineWord> words;
    qsizetype faultAt = -1; ///< place of the quote that is wrong; -1: none is. The word that it is in is the last one
    QString fault; ///< what is wrong with it, without the line's text

    [[nodiscard]] Command command() const;
};
[[nodiscard]] LineReading readCommandLine(QByteArrayView line);

/// A typed line as arguments, with redis-cli's quoting: "…" with \xNN \n \r \t \b \a \\ \" escapes, '…' with \'.
/// A closing quote must be followed by a blank or the end. Error::Parse quotes what is wrong.
[[nodiscard]] Result<Command> parseCommandLine(QByteArrayView line);

/// A byte string quoted so that parseCommandLine gives it back; bare where no quoting is needed.
[[nodiscard]] QByteArray quoted(QByteArrayView bytes);

/// The words of a command that are secrets: passwords of AUTH, HELLO, MIGRATE, ACL SETUSER, and of a CONFIG SET.
[[nodiscard]] QByteArrayList secretsIn(const Command &command);

/// A command as one line that parseCommandLine() reads, cut where it is long: for logs. Never for one with a secret.
[[nodiscard]] QString commandLine(const Command &command);

/// Name of a command for logs and errors: "GET", "CLUSTER NODES" (container commands with their subcommand), upper
/// case, no further arguments.
[[nodiscard]] QString commandName(const Command &command);

} // namespace slotscope
