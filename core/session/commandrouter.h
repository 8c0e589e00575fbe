// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/commandtable.h"
#include "core/protocol/redirect.h"
#include "core/session/commandgate.h"
#include "core/session/linkpool.h"
#include "core/session/nodeselection.h"
#include "core/session/observer.h"

namespace slotscope {

/// Chooses the node each command is sent to, and handles redirects. Lives on the session's thread.
class CommandRouter final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandRouter)
public:
    CommandRouter(const ConnectionTarget &target, const SessionOptions &options, NodeDirectory &directory,
                  LinkPool &pool, Observer &observer, QObject *parent);

    /// The kind of connection a command is sent over.
    struct Way
    {
        LinkPool::Use use = LinkPool::Use::Commands;
        int database = -1; ///< -1: the database of the connection settings
    };
    /// Implements ClusterSession::execute() and browse(). `from` is the source file of the caller, for CommandWatch.
    [[nodiscard]] QCoro::Task<NodeReply> execute(Command command, UserConsent consent, Way way, const char *from);
    /// Implements ClusterSession::call().
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> call(Command command, NodeSelection selection,
                                                             UserConsent consent, const char *from);
    [[nodiscard]] QCoro::Task<Result<std::shared_ptr<const CommandTable>>> commands();
    [[nodiscard]] QCoro::Task<GateVerdict> judge(Command command, GateLink link, const char *from);
    [[nodiscard]] GateVerdict judgeLoad() const { return m_gate.judgeLoad(); }
    void setEnvironment(EnvironmentKind environment) { m_gate.setEnvironment(environment); }
    void unlockWrites(int milliseconds); ///< allows writes for this time; 0 locks them again
    [[nodiscard]] bool isUnlocked() const;
    /// NodeDirectory::targetOf(); also opens a connection if the address was unknown.
    [[nodiscard]] QByteArray targetOf(const Redirect &redirect, const QByteArray &answering);

private:
    /// A command being routed: where it goes next, and the result of the last attempt.
    struct Route
    {
        Command command;
        Way way;
        const char *from = nullptr;
        int slot = -1; ///< -1: the command has no key
        QByteArray target; ///< node id; empty: not chosen yet
        bool asking = false; ///< the target needs ASKING before the command
        bool linked = false; ///< the last attempt had a connection to send over
        QString node; ///< "host:port" used by the last attempt
        QByteArray servedBy; ///< id of the node that answered last
    };
    using RoutePtr = std::shared_ptr<Route>;

    [[nodiscard]] QCoro::Task<Result<>> permitted(Command command, QString node, UserConsent consent, const char *from);
    [[nodiscard]] QCoro::Task<int> slotOf(Command command);
    [[nodiscard]] QByteArray ownerOf(int slot) const;
    [[nodiscard]] QByteArray targetFor(const Route &route) const;
    [[nodiscard]] QList<QByteArray> selected(const NodeSelection &selection) const;
    [[nodiscard]] QCoro::Task<bool> waitForWay(RoutePtr route, int atMostMs);
    [[nodiscard]] QCoro::Task<Result<Value>> route(RoutePtr route);
    [[nodiscard]] QCoro::Task<Result<Value>> sendOnce(RoutePtr route);
    [[nodiscard]] QCoro::Task<Result<>> follow(RoutePtr route, Redirect redirect);
    [[nodiscard]] QCoro::Task<NodeReply> callNode(Command command, QByteArray nodeId, const char *from);

    const ConnectionTarget &m_target;
    NodeDirectory &m_directory;
    LinkPool &m_pool;
    Observer &m_observer;
    CommandGate m_gate;
    qint64 m_unlockedUntil = 0; ///< steadyMs() until which writes are unlocked
    /// the same in ms since 1970, because the steady clock stops while the machine sleeps
    qint64 m_unlockedUntilWall = 0;
    QHash<quint16, QByteArray> m_moved; ///< slot owners learned from MOVED since the last view
    std::shared_ptr<const CommandTable> m_commands;
};

} // namespace slotscope
