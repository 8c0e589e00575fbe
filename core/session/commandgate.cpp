// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/commandgate.h"

#include "core/base/tr.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Whether the set contains the command or its subcommand. The set holds lower-case names, subcommands as "config|get".
bool names(const QSet<QByteArray> &set, const Command &command)
{
    if (command.isEmpty())
        return false;
    const QByteArray name = command.front().toLower();
    return set.contains(name) || (command.size() > 1 && set.contains(name + '|' + command.at(1).toLower()));
}

/// Commands that the server flags as readonly although they write: PFCOUNT stores the count it computed, on replicas
/// too, and TOUCH updates the access time, which affects eviction. (According to COMMAND of Redis 7.0 and later.)
const QSet<QByteArray> &writesAnyway()
{
    static const QSet<QByteArray> set{"pfcount"_ba, "touch"_ba};
    return set;
}

/// Returns the read-only alternative to a command, to suggest to the user; empty if there is none.
QString readingWay(const Command &command)
{
    static const QHash<QByteArray, const char *> ways{{"sort"_ba, "SORT_RO"},
                                                      {"bitfield"_ba, "BITFIELD_RO"},
                                                      {"georadius"_ba, "GEORADIUS_RO"},
                                                      {"georadiusbymember"_ba, "GEORADIUSBYMEMBER_RO"},
                                                      {"eval"_ba, "EVAL_RO"},
                                                      {"evalsha"_ba, "EVALSHA_RO"},
                                                      {"fcall"_ba, "FCALL_RO"},
                                                      {"getex"_ba, "GET"},
                                                      {"getdel"_ba, "GET"},
                                                      {"getset"_ba, "GET"},
                                                      {"keys"_ba, "SCAN"},
                                                      {"xreadgroup"_ba, "XREAD"}};
    return command.isEmpty() ? QString() : QString::fromLatin1(ways.value(command.front().toLower()));
}

Error refusal(Error::Code code, const Command &command, const QString &why)
{
    return {.code = code, .detail = why, .serverPrefix = {}, .node = {}, .command = commandName(command)};
}

/// Commands known to change nothing, whatever COMMAND reports about them or their container command. Monitoring needs
/// them.
const QSet<QByteArray> &harmless()
{
    static const QSet<QByteArray> set{"ping"_ba,
                                      "echo"_ba,
                                      "time"_ba,
                                      "info"_ba,
                                      "role"_ba,
                                      "dbsize"_ba,
                                      "lastsave"_ba,
                                      "command"_ba,
                                      "lolwut"_ba,
                                      "get"_ba,
                                      "mget"_ba,
                                      "exists"_ba,
                                      "type"_ba,
                                      "ttl"_ba,
                                      "pttl"_ba,
                                      "scan"_ba,
                                      "hscan"_ba,
                                      "sscan"_ba,
                                      "zscan"_ba,
                                      "strlen"_ba,
                                      "sort_ro"_ba,
                                      "acl|whoami"_ba,
                                      "acl|list"_ba,
                                      "acl|cat"_ba,
                                      "acl|getuser"_ba,
                                      "acl|users"_ba,
                                      "client|id"_ba,
                                      "client|info"_ba,
                                      "client|list"_ba,
                                      "client|getname"_ba,
                                      "commandlog|get"_ba,
                                      "commandlog|len"_ba,
                                      "config|get"_ba,
                                      "latency|doctor"_ba,
                                      "latency|graph"_ba,
                                      "latency|latest"_ba,
                                      "latency|history"_ba,
                                      "latency|histogram"_ba,
                                      "memory|usage"_ba,
                                      "memory|stats"_ba,
                                      "memory|doctor"_ba,
                                      "memory|malloc-stats"_ba,
                                      "module|list"_ba,
                                      "object|encoding"_ba,
                                      "object|freq"_ba,
                                      "object|idletime"_ba,
                                      "object|refcount"_ba,
                                      "slowlog|get"_ba,
                                      "slowlog|len"_ba,
                                      "pubsub|channels"_ba,
                                      "pubsub|numsub"_ba,
                                      "pubsub|numpat"_ba,
                                      "pubsub|shardchannels"_ba,
                                      "pubsub|shardnumsub"_ba,
                                      "script|exists"_ba,
                                      "function|list"_ba,
                                      "function|stats"_ba,
                                      "function|dump"_ba,
                                      "cluster|info"_ba,
                                      "cluster|nodes"_ba,
                                      "cluster|slots"_ba,
                                      "cluster|shards"_ba,
                                      "cluster|links"_ba,
                                      "cluster|myid"_ba,
                                      "cluster|myshardid"_ba,
                                      "cluster|keyslot"_ba,
                                      "cluster|countkeysinslot"_ba,
                                      "cluster|getkeysinslot"_ba,
                                      "cluster|replicas"_ba,
                                      "cluster|slaves"_ba,
                                      "cluster|slot-stats"_ba,
                                      "cluster|count-failure-reports"_ba};
    return set;
}

/// Commands that change nothing but the state of the connection they are sent over. EXEC is among them because the gate
/// checked its commands when they were queued.
const QSet<QByteArray> &ofTheConnection()
{
    static const QSet<QByteArray> set{"multi"_ba,
                                      "exec"_ba,
                                      "discard"_ba,
                                      "watch"_ba,
                                      "unwatch"_ba,
                                      "select"_ba,
                                      "reset"_ba,
                                      "hello"_ba,
                                      "auth"_ba,
                                      "quit"_ba,
                                      "subscribe"_ba,
                                      "psubscribe"_ba,
                                      "ssubscribe"_ba,
                                      "unsubscribe"_ba,
                                      "punsubscribe"_ba,
                                      "sunsubscribe"_ba,
                                      "readonly"_ba,
                                      "readwrite"_ba,
                                      "asking"_ba,
                                      "client|reply"_ba,
                                      "client|setname"_ba,
                                      "client|setinfo"_ba,
                                      "client|tracking"_ba,
                                      "client|caching"_ba,
                                      "client|no-touch"_ba,
                                      "client|trackinginfo"_ba,
                                      "client|getredir"_ba,
                                      "monitor"_ba};
    return set;
}

/// Whether the command destroys much data at once or blocks the server. On production the user must type the
/// connection's name first.
bool isDestructive(const Command &command)
{
    static const QSet<QByteArray> set{"flushall"_ba,
                                      "flushdb"_ba,
                                      "keys"_ba,
                                      "debug"_ba,
                                      "shutdown"_ba,
                                      "swapdb"_ba,
                                      "cluster|reset"_ba,
                                      "cluster|flushslots"_ba,
                                      "script|flush"_ba,
                                      "function|flush"_ba,
                                      "function|restore"_ba,
                                      "replicaof"_ba,
                                      "slaveof"_ba,
                                      "module|load"_ba,
                                      "module|unload"_ba,
                                      "monitor"_ba};
    if (names(set, command))
        return true;
    const bool failover = command.size() > 2 && command[0].toLower() == "cluster" && command[1].toLower() == "failover";
    return failover && command[2].toLower() == "takeover";
}

/// Whether the command deletes data irrecoverably, or keeps the server or the cluster from serving clients. The user
/// must confirm it on every connection not marked as development.
bool losesData(const Command &command)
{
    static const QSet<QByteArray> set{"flushall"_ba,         "flushdb"_ba,
                                      "shutdown"_ba,         "swapdb"_ba,
                                      "cluster|reset"_ba,    "cluster|flushslots"_ba,
                                      "cluster|delslots"_ba, "cluster|delslotsrange"_ba,
                                      "cluster|forget"_ba,   "cluster|setslot"_ba,
                                      "client|pause"_ba,     "function|flush"_ba,
                                      "replicaof"_ba,        "slaveof"_ba};
    return names(set, command);
}

} // namespace

Error consentError(const GateVerdict &verdict, const Command &command)
{
    if (verdict.kind == GateVerdict::Kind::Refuse)
        return verdict.error;
    return {.code = Error::Code::NeedsConsent,
            .detail = verdict.why,
            .serverPrefix = verdict.kind == GateVerdict::Kind::AskForName ? "NAME"_ba : QByteArray(),
            .node = {},
            .command = commandName(command)};
}

const QSet<QByteArray> &harmlessCommands()
{
    return harmless();
}

const QSet<QByteArray> &connectionCommands()
{
    return ofTheConnection();
}

std::optional<Error> sharedLinkRefusal(const Command &command)
{
    static const QSet<QByteArray> outOfStep{"subscribe"_ba,    "psubscribe"_ba,   "ssubscribe"_ba,  "unsubscribe"_ba,
                                            "punsubscribe"_ba, "sunsubscribe"_ba, "monitor"_ba,     "sync"_ba,
                                            "psync"_ba,        "replconf"_ba,     "client|reply"_ba};
    static const QSet<QByteArray> changing{"multi"_ba, "exec"_ba,  "discard"_ba, "watch"_ba, "select"_ba,
                                           "reset"_ba, "hello"_ba, "auth"_ba,    "quit"_ba,  "script|debug"_ba};
    if (names(outOfStep, command))
        return refusal(Error::Code::NotShareable, command, tr("the server does not answer it with exactly one reply"));
    if (names(changing, command))
        return refusal(Error::Code::NotShareable, command,
                       tr("it changes the state of a connection that other commands use too"));
    return std::nullopt;
}

static std::optional<QString> whyNotReading(const Command &command, const CommandTable *table)
{
    if (names(harmless(), command))
        return std::nullopt;
    if (names(writesAnyway(), command))
        return tr("it also writes, although the server classifies it as readonly");
    if (!table)
        return tr("the server did not describe the command (COMMAND), so only well-known read commands are sent");
    const CommandSpec *spec = table->find(command);
    if (!spec)
        return tr("the server does not list this command");
    if (spec->hasFlag("write"))
        return tr("the server classifies it as a write command");
    if (spec->hasFlag("admin") || spec->categories.contains("@admin"))
        return tr("the server classifies it as an admin command");
    if (spec->categories.contains("@dangerous"))
        return tr("the server classifies it as dangerous");
    if (!spec->hasFlag("readonly"))
        return tr("the server does not classify it as read-only");
    return std::nullopt;
}

std::optional<Error> ownLinkRefusal(const Command &command)
{
    static const QSet<QByteArray> otherProtocol{"sync"_ba, "psync"_ba, "replconf"_ba, "script|debug"_ba};
    if (names(otherProtocol, command))
        return refusal(Error::Code::NotShareable, command, tr("it would switch the connection to another protocol"));
    return std::nullopt;
}

std::optional<Error> readOnlyRefusal(const Command &command, const CommandTable *table)
{
    const auto why = whyNotReading(command, table);
    if (!why)
        return std::nullopt;
    const QString way = readingWay(command);
    return refusal(Error::Code::ReadOnly, command,
                   way.isEmpty() ? *why : tr("%1; %2 is the read-only variant").arg(*why, way));
}

bool CommandGate::needsTable(const Command &command, GateLink link) const
{
    return (m_readOnly || m_environment == EnvironmentKind::Production) && !names(harmless(), command)
        && !(link == GateLink::Own && names(ofTheConnection(), command));
}

GateVerdict CommandGate::judge(const Command &command, const CommandTable *table, GateLink link, bool unlocked) const
{
    const auto refused = [](Error error) {
        return GateVerdict{.kind = GateVerdict::Kind::Refuse, .why = {}, .error = std::move(error)};
    };
    const bool isOwn = link == GateLink::Own;
    if (std::optional<Error> unfit = isOwn ? ownLinkRefusal(command) : sharedLinkRefusal(command))
        return refused(std::move(*unfit));
    std::optional<Error> changes;
    if (!isOwn || !names(ofTheConnection(), command))
        changes = readOnlyRefusal(command, table);
    if (!changes && !isDestructive(command))
        return {};
    if (m_readOnly && changes && !unlocked)
        return refused(std::move(*changes));
    if (m_environment != EnvironmentKind::Production) {
        if (m_environment == EnvironmentKind::Development || !losesData(command))
            return {};
        return {.kind = GateVerdict::Kind::Ask,
                .why = tr("%1 may discard data or stop the server, and cannot be undone").arg(commandName(command)),
                .error = {}};
    }
    const bool destructive = isDestructive(command);
    if (unlocked && !destructive)
        return {};
    const QString why = destructive
        ? tr("%1 destroys data or blocks the server, and this connection is marked as production")
        : tr("%1 may change the servers of this connection, which is marked as production");
    return {.kind = destructive ? GateVerdict::Kind::AskForName : GateVerdict::Kind::Ask,
            .why = why.arg(commandName(command)),
            .error = {}};
}

GateVerdict CommandGate::judgeLoad() const
{
    if (m_environment != EnvironmentKind::Production)
        return {};
    return {.kind = GateVerdict::Kind::AskForName,
            .why = tr("A load test uses the servers' capacity, and this connection is marked as production"),
            .error = {}};
}

} // namespace slotscope
