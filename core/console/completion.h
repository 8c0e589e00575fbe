// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/commanddocs.h"

namespace slotscope {

/// What can be completed at the cursor of a typed line.
struct CompletionPoint
{
    ArgumentPlace place; ///< `doc` points into the docs passed to completionAt()
    qsizetype begin = 0, end = 0; ///< range of the word at the cursor, in bytes of the line
    QByteArray typed; ///< the part of the word before the cursor, unquoted
    QByteArrayList words; ///< commands, subcommands or options that start with it
    bool wantsKeys = false; ///< names of keys are possible
    bool wantsNodes = false; ///< ids of nodes are possible
    QByteArrayList keysBefore; ///< earlier words that are keys, whose slot further keys should share
};
/// Finds the possible completions. Pure. `cursor` is in bytes of the line.
[[nodiscard]] CompletionPoint completionAt(const CommandDocs &docs, const QByteArray &line, qsizetype cursor);

/// One command in a block of typed lines. Comments (#) and empty lines are skipped.
struct TypedCommand
{
    int line = 0; ///< number of the line, from 0
    QByteArray text;
    Command command; ///< empty if the line could not be parsed
    qsizetype faultAt = -1; ///< column of the faulty quote; -1: none
    QString fault;
};
[[nodiscard]] QList<TypedCommand> commandsIn(const QByteArray &text);

} // namespace slotscope
