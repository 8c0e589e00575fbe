// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/commandtable.h"
#include "core/net/uri.h"

#include <QSet>

#include <optional>

namespace slotscope {

/// The user's consent to one command.
enum class UserConsent : quint8 {
    None,
    Given, ///< the user confirmed this command on this connection
    NameTyped, ///< the user confirmed the command and typed the connection's name
};

/// The kind of connection a command would be sent over.
enum class GateLink : quint8 {
    Shared, ///< shared with other callers: no command may change the connection's state
    Own, ///< owned by one caller: MULTI, SELECT, SUBSCRIBE and the like are allowed
};

/// The gate's decision about a command.
struct GateVerdict
{
    enum class Kind : quint8 {
        Allow,
        Ask, ///< needs UserConsent::Given
        AskForName, ///< needs UserConsent::NameTyped
        Refuse,
    };
    Kind kind = Kind::Allow;
    QString why; ///< for Ask and AskForName: one sentence on what the command does
    Error error; ///< reason, if `kind` is Refuse

    [[nodiscard]] bool isAllowedWith(UserConsent consent) const
    {
        return kind == Kind::Allow || (kind == Kind::Ask && consent != UserConsent::None)
            || (kind == Kind::AskForName && consent == UserConsent::NameTyped);
    }
};

/// Returns the error for a command that was not sent: the refusal, or Error::Code::NeedsConsent with what the user must
/// agree to. Its serverPrefix is "NAME" if the user must type the connection's name.
[[nodiscard]] Error consentError(const GateVerdict &verdict, const Command &command);

/// Decides whether a command may be sent, for window and command line alike. The decision depends on the read-only
/// mode, the environment the user assigned to the connection, and the server's command flags and ACL categories. Pure.
class CommandGate
{
public:
    CommandGate(bool readOnly, EnvironmentKind environment) : m_readOnly(readOnly), m_environment(environment) { }

    void setEnvironment(EnvironmentKind environment) { m_environment = environment; }
    /// Whether the decision needs the server's COMMAND data. Commands known to change nothing do not need it.
    [[nodiscard]] bool needsTable(const Command &command, GateLink link = GateLink::Shared) const;
    /// Decides about one command. If `table` is null (no COMMAND data), only well-known read commands are allowed
    /// without consent. `unlocked` means that the user has unlocked writes for a while: nothing is then refused because
    /// of read-only mode, and production asks only about commands that destroy much data.
    [[nodiscard]] GateVerdict judge(const Command &command, const CommandTable *table, GateLink link = GateLink::Shared,
                                    bool unlocked = false) const;
    /// Decides about a load test as a whole, in addition to its commands, because it uses server time whatever they do.
    /// Production requires the connection's name to be typed, even while writes are unlocked.
    [[nodiscard]] GateVerdict judgeLoad() const;

private:
    bool m_readOnly;
    EnvironmentKind m_environment;
};

/// Returns why a command may not be sent over a shared connection: it would change the connection's state, close it, or
/// get no reply or several replies. nullopt if it is allowed. Blocking commands are allowed: they delay only a
/// connection used for commands to that node.
[[nodiscard]] std::optional<Error> sharedLinkRefusal(const Command &command);

/// Returns why a command may not be sent over a connection with one owner: only commands that switch to another
/// protocol (SYNC, SCRIPT DEBUG) are refused.
[[nodiscard]] std::optional<Error> ownLinkRefusal(const Command &command);

/// Returns lower-case command names, subcommands as "config|get": commands known to change nothing whatever COMMAND
/// reports, and commands that change only the connection they are sent over.
[[nodiscard]] const QSet<QByteArray> &harmlessCommands();
[[nodiscard]] const QSet<QByteArray> &connectionCommands();

/// Returns why a read-only connection does not send a command; nullopt if it does. Allowed are commands that COMMAND
/// flags as readonly and not as administrative or dangerous, and a short list known to change nothing. Without COMMAND
/// data (`table` null) only that list is allowed.
[[nodiscard]] std::optional<Error> readOnlyRefusal(const Command &command, const CommandTable *table);

} // namespace slotscope
