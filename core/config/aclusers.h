// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/result.h"

#include <QByteArrayList>
#include <QStringList>

#include <vector>

namespace slotscope {

/// A user as ACL LIST tells it (Redis 6.0 and later).
struct ServerUser
{
    QByteArray name;
    bool isOn = false, hasNoPassword = false; ///< nopass: anybody who gives the name is let in
    QByteArrayList passwords; ///< marks (secretMark) of their hashes
    QByteArrayList commands; ///< rules in their order: "-@all", "+get", …
    QByteArrayList keys; ///< "~cache:*", "%R~ro:*"
    QByteArrayList channels; ///< "&news.*"
    QByteArrayList selectors; ///< further sets of rules, in parentheses
    QByteArrayList others; ///< what else stands there, as it is
    /// Equal rights. The order of rules counts where one adds commands and the next one takes some away.
    friend bool operator==(const ServerUser &left, const ServerUser &right);
    [[nodiscard]] bool mayEverything() const; ///< every command, key and channel
};

/// "user NAME on #… ~* &* +@all". Hashes of passwords become marks. Error where it is no such line.
[[nodiscard]] Result<ServerUser> parseAclLine(const QByteArray &line);
/// The words of a rule: parts in parentheses stay together.
[[nodiscard]] QByteArrayList splitAclRules(const QByteArray &rules);
/// Why a server would not take these rules, as far as can be told here; empty: nothing is wrong.
[[nodiscard]] QString aclRulesFault(const QByteArrayList &rules);
/// The rules without passwords, as they are given to ACL SETUSER after "reset".
[[nodiscard]] QByteArrayList aclRulesOf(const ServerUser &user);

/// What the user may do, in sentences.
[[nodiscard]] QStringList aclWords(const ServerUser &user);
/// What is dangerous about it, in sentences; empty: nothing.
[[nodiscard]] QStringList aclWarnings(const ServerUser &user);
/// "any", "1 password", "none: cannot log in".
[[nodiscard]] QString aclPasswordText(const ServerUser &user);

/// The users of a node at one moment.
struct NodeUsers
{
    QByteArray nodeId;
    QString nodeName;
    std::vector<ServerUser> users;
    std::optional<bool> hasFile; ///< aclfile is set: ACL SAVE keeps them; nothing: not told
    std::optional<Error> problem; ///< why it told nothing
    qint64 readAt = 0; ///< ms since 1970
};

/// A user over all nodes.
struct UserRow
{
    enum class Cell : quint8 { AsMost, Differs, Missing, NotRead };
    ServerUser most; ///< as most nodes have it
    QList<Cell> cells; ///< by node
    std::vector<ServerUser> users; ///< by node; those that are Missing or NotRead are empty
    int differing = 0; ///< nodes, those without it included
};

/// By name, "default" first. As most nodes have it: of equally many, that of the node that comes first. Pure.
[[nodiscard]] std::vector<UserRow> compareUsers(const std::vector<NodeUsers> &nodes);

} // namespace slotscope
