// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/command.h"
#include "core/protocol/value.h"

#include <QHash>
#include <QStringList>

#include <memory>

namespace slotscope {

/// One argument as COMMAND DOCS describes it.
struct CommandArgument
{
    QByteArray name, type, token;
    bool isOptional = false, isMultiple = false, repeatsToken = false;
    QList<CommandArgument> arguments; ///< of a "oneof" or a "block"

    [[nodiscard]] bool isPureToken() const { return type == "pure-token"; }
    [[nodiscard]] QString syntax() const; ///< "[WEIGHTS weight [weight …]]"
};

struct CommandDoc
{
    QByteArray name; ///< lower case, subcommands as "config|get"
    QString summary, since, complexity, group;
    QList<CommandArgument> arguments;
    QByteArrayList subcommands; ///< lower case, without their container
};

/// Where a cursor stands among the arguments of a command.
struct ArgumentPlace
{
    const CommandDoc *doc = nullptr; ///< null: the command is not known
    int argument = -1; ///< index into its arguments; -1: none is left, or the name itself
    QByteArray name, type; ///< of the innermost argument: "key", "node-id", …
    int repetition = 0; ///< of an argument that may come several times: how many came before
    int expected = 0; ///< as a number of keys said; 0: not said
    QByteArrayList tokens; ///< words of options that may come here
};

/// What the server says of its commands (COMMAND DOCS, 7.0+), or what is built in. Pure.
class CommandDocs final
{
public:
    [[nodiscard]] static Result<CommandDocs> parse(const Value &reply);
    /// The commands that everybody uses, for servers that do not tell theirs.
    [[nodiscard]] static const CommandDocs &builtIn();

    /// Of the command, or its subcommand where the second word names one.
    [[nodiscard]] const CommandDoc *find(const Command &command) const;
    [[nodiscard]] const CommandDoc *named(const QByteArray &name) const;
    [[nodiscard]] QByteArrayList names() const; ///< of commands, no subcommands, sorted
    /// The place of word `index` (words.size(): the one that comes next).
    [[nodiscard]] ArgumentPlace placeOf(const Command &words, qsizetype index) const;
    [[nodiscard]] bool isEmpty() const { return m_docs.isEmpty(); }

private:
    QHash<QByteArray, CommandDoc> m_docs;
};
using CommandDocsPtr = std::shared_ptr<const CommandDocs>;

/// "destination numkeys key [key …] [WEIGHTS weight …]" in parts, one for each argument.
[[nodiscard]] QStringList syntaxParts(const CommandDoc &doc);

} // namespace slotscope
