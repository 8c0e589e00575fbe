// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/command.h"
#include "core/protocol/value.h"

#include <QHash>
#include <QStringList>

#include <memory>

namespace slotscope {

/// One argument of a command, as described by COMMAND DOCS.
struct CommandArgument
{
    QByteArray name, type, token;
    bool isOptional = false, isMultiple = false, repeatsToken = false;
    QList<CommandArgument> arguments; ///< the alternatives of a "oneof", or the parts of a "block"

    [[nodiscard]] bool isPureToken() const { return type == "pure-token"; }
    [[nodiscard]] QString syntax() const; ///< Returns the syntax, such as "[WEIGHTS weight [weight …]]".
};

struct CommandDoc
{
    QByteArray name; ///< lower case, subcommands as "config|get"
    QString summary, since, complexity, group;
    QList<CommandArgument> arguments;
    QByteArrayList subcommands; ///< lower case, without the container's name
};

/// The argument of a command at the cursor.
struct ArgumentPlace
{
    const CommandDoc *doc = nullptr; ///< null: unknown command
    int argument = -1; ///< index into its arguments; -1: none left, or the cursor is in the name
    QByteArray name, type; ///< of the innermost argument: "key", "node-id", …
    int repetition = 0; ///< for a repeatable argument: how often it occurred before
    int expected = 0; ///< number of repetitions given by numkeys; 0: not given
    QByteArrayList tokens; ///< option names allowed here
};

/// Documentation of commands, from the server (COMMAND DOCS, 7.0+) or built in. Pure.
class CommandDocs final
{
public:
    [[nodiscard]] static Result<CommandDocs> parse(const Value &reply);
    /// Documentation of common commands, for servers without COMMAND DOCS.
    [[nodiscard]] static const CommandDocs &builtIn();

    /// The documentation of a command, or of its subcommand if the second word names one.
    [[nodiscard]] const CommandDoc *find(const Command &command) const;
    [[nodiscard]] const CommandDoc *named(const QByteArray &name) const;
    [[nodiscard]] QByteArrayList names() const; ///< names of commands without subcommands, sorted
    /// The argument at word `index` (words.size(): the next word).
    [[nodiscard]] ArgumentPlace placeOf(const Command &words, qsizetype index) const;
    [[nodiscard]] bool isEmpty() const { return m_docs.isEmpty(); }

private:
    QHash<QByteArray, CommandDoc> m_docs;
};
using CommandDocsPtr = std::shared_ptr<const CommandDocs>;

/// "destination numkeys key [key …] [WEIGHTS weight …]" as a list with one part per argument.
[[nodiscard]] QStringList syntaxParts(const CommandDoc &doc);
/// "ZUNIONSTORE destination numkeys key [key …] …"; of a command with subcommands "CONFIG GET | RESETSTAT | …".
[[nodiscard]] QString syntaxLine(const CommandDoc &doc);

} // namespace slotscope
