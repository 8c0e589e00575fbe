// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/commandtable.h"
#include "core/net/uri.h"

#include <QSet>

#include <optional>

namespace slotscope {

/// What a user has agreed to for one command.
enum class UserConsent : quint8 {
    None,
    Given, ///< yes to this command on this connection
    NameTyped, ///< and the connection's name was typed
};

/// Over what a command is to travel.
enum class GateLink : quint8 {
    Shared, ///< others use it too: nothing may change the connection itself
    Own, ///< a connection for this user alone: MULTI, SELECT, SUBSCRIBE and their like may pass
};

/// What the gate says of a command.
struct GateVerdict
{
    enum class Kind : quint8 {
        Allow,
        Ask, ///< UserConsent::Given is enough
        AskForName, ///< UserConsent::NameTyped is needed
        Refuse,
    };
    Kind kind = Kind::Allow;
    QString why; ///< for Ask, AskForName: what the command does, in one sentence
    Error error; ///< for Refuse

    [[nodiscard]] bool isAllowedWith(UserConsent consent) const
    {
        return kind == Kind::Allow || (kind == Kind::Ask && consent != UserConsent::None)
            || (kind == Kind::AskForName && consent == UserConsent::NameTyped);
    }
};

/// Why a command was not sent: the refusal, or Error::Code::NeedsConsent with what the user has to agree to, whose
/// serverPrefix is "NAME" where the name has to be typed.
[[nodiscard]] Error consentError(const GateVerdict &verdict, const Command &command);

/// The one judge of a command, for window and command line alike: from the read-only mode, the environment that the
/// user gave the connection, and the server's own flags and ACL categories. Pure.
class CommandGate
{
public:
    CommandGate(bool readOnly, EnvironmentKind environment) : m_readOnly(readOnly), m_environment(environment) { }

    void setEnvironment(EnvironmentKind environment) { m_environment = environment; }
    /// Whether the verdict depends on what the server's COMMAND says: not so for commands that are known to change
    /// nothing.
    [[nodiscard]] bool needsTable(const Command &command, GateLink link = GateLink::Shared) const;
    /// `table` null: the server did not tell what its commands do; then only well-known reading commands pass unasked.
    /// `unlocked`: the user has unlocked writes for a while. Nothing is then refused for being read-only, and
    /// production asks only for what destroys much.
    [[nodiscard]] GateVerdict judge(const Command &command, const CommandTable *table, GateLink link = GateLink::Shared,
                                    bool unlocked = false) const;
    /// Of a load test as a whole, beside its commands: it takes the servers' time, whatever they do. Production wants
    /// the name typed, also while writes are unlocked.
    [[nodiscard]] GateVerdict judgeLoad() const;

private:
    bool m_readOnly;
    EnvironmentKind m_environment;
};

/// Why a command may not travel over a link that others use too: it would leave the link in another state, end it, or
/// be answered with none or many replies. Nothing where it may. Blocking commands may: they wait on a link of their
/// node's commands only.
[[nodiscard]] std::optional<Error> sharedLinkRefusal(const Command &command);

/// The same for a connection of one's own: only what speaks another protocol afterwards (SYNC, SCRIPT DEBUG).
[[nodiscard]] std::optional<Error> ownLinkRefusal(const Command &command);

/// Names, lower case, subcommands as "config|get": what is known to change nothing, whatever COMMAND says of it, and
/// what changes nothing but the connection that it is sent over.
[[nodiscard]] const QSet<QByteArray> &harmlessCommands();
[[nodiscard]] const QSet<QByteArray> &connectionCommands();

/// Why a read-only connection does not send a command. What the server's own COMMAND marks as reading passes, unless
/// it also marks it as administrative or dangerous; so does a small list that is known to change nothing. Without
/// COMMAND's data (`table` null) only that list does.
[[nodiscard]] std::optional<Error> readOnlyRefusal(const Command &command, const CommandTable *table);

} // namespace slotscope
