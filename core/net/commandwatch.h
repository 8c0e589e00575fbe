// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/command.h"
#include "core/protocol/value.h"

#include <memory>
#include <vector>

namespace slotscope {

struct ConnectionOptions;

/// Observes the commands sent over one connection. Lives on that connection's thread, and is deleted with it.
class ConnectionWatch
{
    Q_DISABLE_COPY_MOVE(ConnectionWatch)
public:
    ConnectionWatch() = default;
    virtual ~ConnectionWatch() = default;

    /// Called before commands are sent together. `from` is the calling source file. Returns a number for answered() and
    /// lost(), or 0 if these need not be called.
    [[nodiscard]] virtual quint64 sent(const std::vector<Command> &commands, const char *from) = 0;
    virtual void answered(quint64 number, const std::vector<Value> &replies) = 0;
    /// The connection ended before all replies arrived. `written` means that the commands may have been executed.
    virtual void lost(quint64 number, const std::vector<Value> &replies, bool written) = 0;
    /// The node at the other end is known now.
    virtual void identified(const QByteArray &nodeId) = 0;
};

/// Commands of one form that were sent to one node over connections whose raw socket was handed over
/// (Connection::giveOver()).
struct BulkSent
{
    QString cluster, seeds; ///< the user's name for the connection, and the addresses that the user entered
    QByteArray nodeId;
    QString address; ///< "host:port"
    int database = 0;
    QString user; ///< ACL user of the server; empty: default
    Command example; ///< one of these commands
    qint64 count = 0, failed = 0, unknown = 0; ///< all commands; those answered with an error; those without a reply
};

/// Observes every command that this program sends, over any connection. There is one per program, set before the first
/// connection. Thread-safe.
class CommandWatch
{
    Q_DISABLE_COPY_MOVE(CommandWatch)
public:
    CommandWatch() = default;
    virtual ~CommandWatch() = default;

    [[nodiscard]] virtual std::unique_ptr<ConnectionWatch> watch(const ConnectionOptions &options) = 0;
    /// Returns why commands must not be sent now if one of them changes data; nullopt if they may be sent.
    [[nodiscard]] virtual std::optional<Error> whyNot(const std::vector<Command> &commands) const = 0;
    /// Our own command gate refused a command. `cluster` is the name of the connection, `from` the calling source file.
    virtual void refused(const QString &cluster, const QString &seeds, const Command &command, const Error &error,
                         const char *from) = 0;
    /// Reports commands that were sent without a ConnectionWatch. The sender must call whyNot() before.
    virtual void sentInBulk(const BulkSent &sent, const char *from) = 0;
    /// A program configured by the user was run on this computer for a cluster. `problem` is empty if it succeeded.
    virtual void ranHere(const QString &cluster, const QString &seeds, const Command &words, const QString &problem,
                         const char *from) = 0;
};

/// Sets the watch for new connections; null: none. Existing connections keep the watch they were created with.
void setCommandWatch(std::shared_ptr<CommandWatch> watch);
[[nodiscard]] std::shared_ptr<CommandWatch> commandWatch();

} // namespace slotscope
