// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/commanddocs.h"

namespace slotscope {

/// What a cursor in a typed line asks for.
struct CompletionPoint
{
    ArgumentPlace place; ///< `doc` points into the docs that were given
    qsizetype begin = 0, end = 0; ///< of the word that the cursor is in, in bytes of the line
    QByteArray typed; ///< its part before the cursor, as what it stands for
    QByteArrayList words; ///< commands, subcommands or options that begin so
    bool wantsKeys = false; ///< names of keys
    bool wantsNodes = false; ///< ids of nodes
    QByteArrayList keysBefore; ///< words before it that are keys: others should be of their slot
};
/// Pure. `cursor` in bytes of the line.
[[nodiscard]] CompletionPoint completionAt(const CommandDocs &docs, const QByteArray &line, qsizetype cursor);

/// A block of lines as the commands that it holds; comments (#) and empty lines are left out.
struct TypedCommand
{
    int line = 0; ///< from 0
    QByteArray text;
    Command command; ///< empty where it could not be read
    qsizetype faultAt = -1; ///< column of the quote that is wrong
    QString fault;
};
[[nodiscard]] QList<TypedCommand> commandsIn(const QByteArray &text);

} // namespace slotscope
