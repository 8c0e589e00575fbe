// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/command.h"
#include "core/protocol/value.h"

#include <QHash>
#include <QStringList>

namespace slotscope {

/// One key specification (Redis 7.0+): how to find keys among the arguments.
struct KeySpec
{
    enum class Begin : quint8 { Index, Keyword, Unknown };
    enum class Find : quint8 { Range, KeyNumber, Unknown };
    Begin begin = Begin::Unknown;
    /// Begin::Index: position of the first key; Begin::Keyword: where the search for the keyword starts (negative: from
    /// the end)
    int index = 0;
    QByteArray keyword;
    Find find = Find::Unknown;
    int lastKey = 0, step = 1, limit = 0; ///< only for Find::Range
    int keyNumberIndex = 0, firstKey = 0; ///< only for Find::KeyNumber, which also uses `step`
};

/// What the server's COMMAND reports about one command.
struct CommandSpec
{
    QByteArray name; ///< lower case, subcommands as "config|get"
    int arity = 0;
    QList<QByteArray> flags; ///< "write", "readonly", "admin", "movablekeys", …
    QList<QByteArray> categories; ///< "@dangerous", … (6.0+)
    int firstKey = 0, lastKey = 0, step = 0;
    QList<KeySpec> keySpecs; ///< empty before 7.0
    [[nodiscard]] bool hasFlag(QByteArrayView flag) const { return flags.contains(flag); }
};

/// The server's command table, from COMMAND (7.0+: with subcommands).
class CommandTable
{
public:
    [[nodiscard]] static Result<CommandTable> parse(const Value &reply);
    /// Makes commands renamed with rename-command also known by their original names. The hash maps the original name
    /// in upper case to the server's name.
    void addOwnNames(const QHash<QByteArray, QByteArray> &renamed);
    /// Returns the specification of a command or of its subcommand; nullptr if the server does not have it.
    [[nodiscard]] const CommandSpec *find(const Command &command) const;
    [[nodiscard]] bool isEmpty() const { return m_specs.isEmpty(); }
    /// Names in lower case, subcommands as "config|get", unsorted.
    [[nodiscard]] QByteArrayList names() const { return m_specs.keys(); }
    [[nodiscard]] qsizetype size() const { return m_specs.size(); }
    /// Returns the keys among the arguments, by key specifications if they are complete, else by first / last / step.
    /// Error::InvalidArgument if the command is unknown. The list is empty if there are no keys.
    [[nodiscard]] Result<QByteArrayList> keysOf(const Command &command) const;

private:
    QHash<QByteArray, CommandSpec> m_specs;
};

} // namespace slotscope
