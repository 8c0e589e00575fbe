// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/command.h"
#include "core/protocol/value.h"

#include <QHash>
#include <QStringList>

namespace slotscope {

/// Where one key specification (Redis 7.0+) finds its keys.
struct KeySpec
{
    enum class Begin : quint8 { Index, Keyword, Unknown };
    enum class Find : quint8 { Range, KeyNumber, Unknown };
    Begin begin = Begin::Unknown;
    int index = 0; ///< Begin::Index: position; Begin::Keyword: where the search starts (negative: from the end)
    QByteArray keyword;
    Find find = Find::Unknown;
    int lastKey = 0, step = 1, limit = 0; ///< Find::Range
    int keyNumberIndex = 0, firstKey = 0; ///< Find::KeyNumber; step as above
};

/// What the server's own COMMAND says of a command.
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

/// The commands that a server has, from COMMAND (7.0+: with subcommands).
class CommandTable
{
public:
    [[nodiscard]] static Result<CommandTable> parse(const Value &reply);
    /// What stands by a name that rename-command gave it is known by its own, too: upper case -> the server's name.
    void addOwnNames(const QHash<QByteArray, QByteArray> &renamed);
    /// Specification of a command or of its subcommand; nullptr where the server has none.
    [[nodiscard]] const CommandSpec *find(const Command &command) const;
    [[nodiscard]] bool isEmpty() const { return m_specs.isEmpty(); }
    /// Lower case, subcommands as "config|get"; in no order.
    [[nodiscard]] QByteArrayList names() const { return m_specs.keys(); }
    [[nodiscard]] qsizetype size() const { return m_specs.size(); }
    /// The keys among the arguments, by key specifications where there are complete ones, else by first / last / step.
    /// Error::InvalidArgument where the command is unknown; nothing found is an empty list.
    [[nodiscard]] Result<QByteArrayList> keysOf(const Command &command) const;

private:
    QHash<QByteArray, CommandSpec> m_specs;
};

} // namespace slotscope
