// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/cluster/commandtable.h"
#include "core/session/commandgate.h"
#include "core/session/infotold.h"
#include "core/session/linkpool.h"
#include "core/session/nodeselection.h"
#include "core/session/sessionoptions.h"

namespace slotscope {

class CommandRouter;
class Observer;
class PasswordSource;
class SentinelWatch;
class CommandTunnel;
class SshTunnel;

/// One cluster, or one standalone server: finds its nodes, watches them through all of them, routes commands. A façade:
/// its parts are NodeDirectory (who is where), LinkPool (connections), Observer (the view), CommandRouter and
/// CommandGate. Lives on the core thread; SessionDoor is the way in from others.
class ClusterSession final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ClusterSession)
public:
    explicit ClusterSession(ConnectionTarget target, SessionOptions options = {}, QObject *parent = nullptr);
    ~ClusterSession() override;

    void start();
    [[nodiscard]] const ConnectionTarget &target() const { return m_target; }
    /// The user wants nothing changed: execute() and call() refuse what does not only read. Whoever sends over linkTo()
    /// asks this first.
    [[nodiscard]] bool isReadOnly() const; ///< and not unlocked
    [[nodiscard]] SessionState state() const;
    [[nodiscard]] const Error &error() const;
    /// When a seed is tried next, as Clock::ms(); 0 while one answers, is being tried, or none is due.
    [[nodiscard]] qint64 retryAt() const;
    [[nodiscard]] ClusterViewPtr view() const;
    /// Why the command gave no new password while the connection lives; nothing where it did, or there is no command.
    [[nodiscard]] std::optional<Error> passwordProblem() const;

    /// Waits until a node has answered and every reachable node was asked, `timeoutMs` at most; with WaitFor::OneNode
    /// only until the seeds have answered or failed, which is enough for a command by key. The error says what each
    /// seed said.
    [[nodiscard]] QCoro::Task<Result<ClusterViewPtr>> connected(int timeoutMs, WaitFor what = WaitFor::EveryNode);
    /// Asks every node for everything, at once; the view follows. `byUser`: also those that refused our password.
    void refresh(bool byUser = false);
    /// Asks every node for everything and waits for the answers (bounded by the poll timeout); the view from these.
    [[nodiscard]] QCoro::Task<Result<ClusterViewPtr>> fullCheck();

    // `from` of these: who sends, for CommandWatch.

    /// Runs a command where its keys live, following MOVED, ASK, TRYAGAIN, CLUSTERDOWN and LOADING within bounds.
    [[nodiscard]] QCoro::Task<Result<Value>> execute(Command command, UserConsent consent = UserConsent::None,
                                                     const char *from = __builtin_FILE());
    /// The same, with the node that answered last, and the time it took.
    [[nodiscard]] QCoro::Task<NodeReply> executeTold(Command command, UserConsent consent = UserConsent::None,
                                                     const char *from = __builtin_FILE());
    /// The same, in another database: -1 is the target's.
    [[nodiscard]] QCoro::Task<NodeReply> executeIn(int database, Command command, UserConsent consent,
                                                   const char *from = __builtin_FILE());
    /// A reading command as execute() runs it, which leaves the key's idle time and frequency as they are where the
    /// server can (CLIENT NO-TOUCH: Redis >= 7.2, Valkey). `database` -1: the target's.
    [[nodiscard]] QCoro::Task<NodeReply> browse(Command command, int database = -1,
                                                const char *from = __builtin_FILE());
    /// Runs a command on each selected node, all at once; a result for each. A replica is asked with READONLY.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> call(Command command, NodeSelection selection,
                                                             UserConsent consent = UserConsent::None,
                                                             const char *from = __builtin_FILE());
    /// What the gate says of a command on this connection. Whoever sends over a lease asks with GateLink::Own.
    [[nodiscard]] QCoro::Task<GateVerdict> judge(Command command, GateLink link = GateLink::Shared,
                                                 const char *from = __builtin_FILE());
    /// CommandGate::judgeLoad()
    [[nodiscard]] GateVerdict judgeLoad() const;
    /// The environment that this cluster is known by, where its nodes were recognised only after connecting.
    void setEnvironment(EnvironmentKind environment);
    /// The user lets writes pass for so long: over a read-only connection, and unasked on production except for what
    /// destroys much. 0: locked again.
    void unlockWrites(int milliseconds);
    /// A ready link to a node for commands, apart from the one that observes it; Error where it cannot be had.
    /// `database` -1: the target's.
    [[nodiscard]] QCoro::Task<Result<NodeLink *>> linkTo(QByteArray nodeId, int database = -1);
    /// A connection to a node for one user alone, which ends when the last holder lets go of it.
    [[nodiscard]] QCoro::Task<Result<std::shared_ptr<DedicatedLink>>> lease(QByteArray nodeId,
                                                                            LinkPool::LeaseOptions options);
    /// Where announced addresses are reached from here, from now on: nodes reached otherwise move there at once.
    void setAddressMap(const QHash<QString, Endpoint> &map);
    /// The user's name for a shard, in later sessions too; empty: none. An error: it holds for this session only.
    [[nodiscard]] Result<> nameShard(int number, const QString &name);
    /// For trying an address; the caller starts and deletes it. `isGuess`: PING first, without credentials.
    [[nodiscard]] NodeLink *linkForTrial(const Endpoint &endpoint, bool isGuess);
    /// Node id for an id, a unique id prefix, or "host:port"; Error says why not.
    [[nodiscard]] Result<QByteArray> resolveNode(const QString &name) const;
    /// Node id behind the address of a MOVED or ASK that `answering` gave; empty where no such node is known.
    [[nodiscard]] QByteArray targetOf(const Redirect &redirect, const QByteArray &answering);
    /// One command to a Sentinel of this connection; NoRoute where there is none. It is not judged by the gate.
    [[nodiscard]] QCoro::Task<Result<Value>> askSentinel(Command command);
    /// What the servers' own COMMAND says; fetched once.
    [[nodiscard]] QCoro::Task<Result<std::shared_ptr<const CommandTable>>> commands();

Q_SIGNALS:
    void stateChanged(slotscope::SessionState state); ///< or error(), or retryAt()
    void viewChanged(slotscope::ClusterViewPtr view);
    void passwordProblemChanged();
    /// For services on this thread: each INFO that the session reads to observe.
    void infoTold(const slotscope::InfoTold &info);

private:
    void begin();
    QCoro::Task<> fetchPassword();

    ConnectionTarget m_target;
    SessionOptions m_options;
    [[nodiscard]] QCoro::Task<> programStanding();

    std::shared_ptr<SshTunnel> m_tunnel; ///< null where the way is not SSH
    QList<std::shared_ptr<CommandTunnel>> m_programs; ///< to the seeds, where the way is a command
    std::shared_ptr<PasswordSource> m_source; ///< null where no command gives the password
    bool m_fetching = false; ///< the first run of the command
    bool m_begun = false; ///< observing waits for these: the first login of SSH may ask the user
    std::unique_ptr<NodeDirectory> m_directory;
    LinkPool *m_pool; ///< these three are children, in order of their making
    Observer *m_observer;
    CommandRouter *m_router;
    SentinelWatch *m_sentinels = nullptr; ///< null where the connection goes through none
};

} // namespace slotscope
