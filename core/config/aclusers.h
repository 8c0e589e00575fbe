// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/result.h"

#include <QByteArrayList>
#include <QStringList>

#include <vector>

namespace slotscope {

/// A user from ACL LIST (Redis 6.0 and later).
struct ServerUser
{
    QByteArray name;
    bool isOn = false, hasNoPassword = false; ///< nopass: anybody who gives the name can log in
    QByteArrayList passwords; ///< marks (secretMark) that stand for the hashes
    QByteArrayList commands; ///< rules in order: "-@all", "+get", …
    QByteArrayList keys; ///< such as "~cache:*", "%R~ro:*"
    QByteArrayList channels; ///< such as "&news.*"
    QByteArrayList selectors; ///< further sets of rules, in parentheses
    QByteArrayList others; ///< other words, unchanged
    /// Whether both have equal permissions. The order of rules matters if one adds commands and the next one removes
    /// some.
    friend bool operator==(const ServerUser &left, const ServerUser &right);
    [[nodiscard]] bool mayEverything() const; ///< whether all commands, keys and channels are allowed
};

/// Parses "user NAME on #… ~* &* +@all". Password hashes become marks. Error if the line is invalid.
[[nodiscard]] Result<ServerUser> parseAclLine(const QByteArray &line);
/// Splits a rule into words, keeping parts in parentheses together.
[[nodiscard]] QByteArrayList splitAclRules(const QByteArray &rules);
/// Why a server would refuse these rules, as far as can be checked here; empty if no error is found.
[[nodiscard]] QString aclRulesFault(const QByteArrayList &rules);
/// The rules without passwords, as arguments of ACL SETUSER after "reset".
[[nodiscard]] QByteArrayList aclRulesOf(const ServerUser &user);

/// Describes in sentences what the user is permitted.
[[nodiscard]] QStringList aclWords(const ServerUser &user);
/// Describes dangers in sentences; empty if there are none.
[[nodiscard]] QStringList aclWarnings(const ServerUser &user);
/// "any", "1 password", "none: cannot log in".
[[nodiscard]] QString aclPasswordText(const ServerUser &user);

/// The users of a node at one moment.
struct NodeUsers
{
    QByteArray nodeId;
    QString nodeName;
    std::vector<ServerUser> users;
    std::optional<bool> hasFile; ///< whether aclfile is set, so that ACL SAVE works; nullopt: unknown
    std::optional<Error> problem; ///< why there is no data
    qint64 readAt = 0; ///< ms since 1970
};

/// A user on all nodes.
struct UserRow
{
    enum class Cell : quint8 { AsMost, Differs, Missing, NotRead };
    ServerUser most; ///< definition on most nodes
    QList<Cell> cells; ///< one per node
    std::vector<ServerUser> users; ///< one per node; empty for Missing and NotRead
    int differing = 0; ///< number of differing nodes, including those without the user
};

/// Compares users by name, "default" first. The definition on most nodes is the reference; if several are equally
/// common, the one that occurs first. Pure.
[[nodiscard]] std::vector<UserRow> compareUsers(const std::vector<NodeUsers> &nodes);

} // namespace slotscope
