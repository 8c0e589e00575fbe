// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/command.h"
#include "core/protocol/value.h"

#include <memory>
#include <vector>

namespace slotscope {

struct ConnectionOptions;

/// Hears of what one connection is given to send. Lives on that connection's thread, and goes with it.
class ConnectionWatch
{
    Q_DISABLE_COPY_MOVE(ConnectionWatch)
public:
    ConnectionWatch() = default;
    virtual ~ConnectionWatch() = default;

    /// Commands that are sent in one go, before they are. `from`: the source file that wants them sent. A number for
    /// answered() and lost(); 0: it does not want to hear more of these.
    [[nodiscard]] virtual quint64 sent(const std::vector<Command> &commands, const char *from) = 0;
    virtual void answered(quint64 number, const std::vector<Value> &replies) = 0;
    /// The connection ended before all replies came. `written`: they may have been executed.
    virtual void lost(quint64 number, const std::vector<Value> &replies, bool written) = 0;
    /// Whom the connection leads to, once that is told.
    virtual void identified(const QByteArray &nodeId) = 0;
};

/// Commands of one form that went to one node over connections that were given over (Connection::giveOver()).
struct BulkSent
{
    QString cluster, seeds; ///< what the user calls it, and the addresses that he named
    QByteArray nodeId;
    QString address; ///< "host:port"
    int database = 0;
    QString user; ///< of the server's ACL; empty: default
    Command example; ///< one of them
    qint64 count = 0, failed = 0, unknown = 0; ///< all; of them: answered with an error; not answered
};

/// What is told of every command that this program sends, over whatever connection. One a program, made before the
/// first connection; without one nobody is told. Thread-safe.
class CommandWatch
{
    Q_DISABLE_COPY_MOVE(CommandWatch)
public:
    CommandWatch() = default;
    virtual ~CommandWatch() = default;

    [[nodiscard]] virtual std::unique_ptr<ConnectionWatch> watch(const ConnectionOptions &options) = 0;
    /// Why commands may not be sent now, where one of them changes something.
    [[nodiscard]] virtual std::optional<Error> whyNot(const std::vector<Command> &commands) const = 0;
    /// A command that our own gate did not let pass. `cluster`: what the connection is called; `from` as above.
    virtual void refused(const QString &cluster, const QString &seeds, const Command &command, const Error &error,
                         const char *from) = 0;
    /// What no ConnectionWatch has heard of, after it was sent; who sends asks whyNot() before.
    virtual void sentInBulk(const BulkSent &sent, const char *from) = 0;
    /// A program of the user's own that was run on this computer for a cluster; `problem` empty: it ended well.
    virtual void ranHere(const QString &cluster, const QString &seeds, const Command &words, const QString &problem,
                         const char *from) = 0;
};

/// Null: none from now on. Connections that stand keep the one that they began with.
void setCommandWatch(std::shared_ptr<CommandWatch> watch);
[[nodiscard]] std::shared_ptr<CommandWatch> commandWatch();

} // namespace slotscope
