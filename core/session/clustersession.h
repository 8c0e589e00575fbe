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

/// A session with one cluster or one standalone server: finds its nodes, watches all of them, and routes commands. A
/// façade for NodeDirectory (which node is at which address), LinkPool (connections), Observer (the view),
/// CommandRouter and CommandGate. Lives on the core thread; other threads use it through SessionDoor.
class ClusterSession final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ClusterSession)
public:
    explicit ClusterSession(ConnectionTarget target, SessionOptions options = {}, QObject *parent = nullptr);
    ~ClusterSession() override;

    void start();
    [[nodiscard]] const ConnectionTarget &target() const { return m_target; }
    /// Whether the connection is read-only and writes are not unlocked: execute() and call() then refuse all commands
    /// that do more than read. Code that sends over linkTo() must check this first.
    [[nodiscard]] bool isReadOnly() const;
    [[nodiscard]] SessionState state() const;
    [[nodiscard]] const Error &error() const;
    /// Time of the next attempt to reach a seed, in Clock::ms(); 0 if a seed answers or is being tried, or no attempt
    /// is due.
    [[nodiscard]] qint64 retryAt() const;
    [[nodiscard]] ClusterViewPtr view() const;
    /// Why the password command failed to give a new password during the session; nullopt if it succeeded or there is
    /// no command.
    [[nodiscard]] std::optional<Error> passwordProblem() const;

    /// Waits, for at most `timeoutMs`, until a node has answered and every reachable node has been queried. With
    /// WaitFor::OneNode it waits only until each seed has answered or failed, which is enough for a command with a key.
    /// The error contains each seed's error.
    [[nodiscard]] QCoro::Task<Result<ClusterViewPtr>> connected(int timeoutMs, WaitFor what = WaitFor::EveryNode);
    /// Queries every node for all data immediately and then updates the view. `byUser` also retries nodes that refused
    /// our password.
    void refresh(bool byUser = false);
    /// Queries every node for all data, waits for the replies (at most the poll timeout), and returns the view built
    /// from them.
    [[nodiscard]] QCoro::Task<Result<ClusterViewPtr>> fullCheck();

    // The `from` parameter of the functions below is the calling source file, for CommandWatch.

    /// Runs a command on the node that serves its keys. Retries on MOVED, ASK, TRYAGAIN, CLUSTERDOWN and LOADING a
    /// limited number of times.
    [[nodiscard]] QCoro::Task<Result<Value>> execute(Command command, UserConsent consent = UserConsent::None,
                                                     const char *from = __builtin_FILE());
    /// Like execute(), but also returns which node answered last and how long it took.
    [[nodiscard]] QCoro::Task<NodeReply> executeTold(Command command, UserConsent consent = UserConsent::None,
                                                     const char *from = __builtin_FILE());
    /// Like executeTold(), but in database `database`; -1 means the connection's database.
    [[nodiscard]] QCoro::Task<NodeReply> executeIn(int database, Command command, UserConsent consent,
                                                   const char *from = __builtin_FILE());
    /// Runs a read command like execute(), but does not change the key's idle time and access frequency if the server
    /// supports that (CLIENT NO-TOUCH: Redis >= 7.2, Valkey). `database` -1 means the connection's database.
    [[nodiscard]] QCoro::Task<NodeReply> browse(Command command, int database = -1,
                                                const char *from = __builtin_FILE());
    /// Runs a command on all selected nodes at the same time and returns one result per node. Replicas are queried with
    /// READONLY.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> call(Command command, NodeSelection selection,
                                                             UserConsent consent = UserConsent::None,
                                                             const char *from = __builtin_FILE());
    /// Asks the command gate whether a command may be sent. Code that sends over a lease passes GateLink::Own.
    [[nodiscard]] QCoro::Task<GateVerdict> judge(Command command, GateLink link = GateLink::Shared,
                                                 const char *from = __builtin_FILE());
    /// forwards to CommandGate::judgeLoad()
    [[nodiscard]] GateVerdict judgeLoad() const;
    /// Sets the environment (such as production), for a cluster recognised by its nodes only after connecting.
    void setEnvironment(EnvironmentKind environment);
    /// Allows writes for this time: also over a read-only connection, and on production without a question, except for
    /// commands that destroy much data. 0 locks writes again.
    void unlockWrites(int milliseconds);
    /// Returns a ready connection to a node for sending commands, separate from the one that polls it; Error if there
    /// is none. `database` -1 means the connection's database.
    [[nodiscard]] QCoro::Task<Result<NodeLink *>> linkTo(QByteArray nodeId, int database = -1);
    /// Opens a connection to a node for one caller alone. It closes when the last shared_ptr to it is released.
    [[nodiscard]] QCoro::Task<Result<std::shared_ptr<DedicatedLink>>> lease(QByteArray nodeId,
                                                                            LinkPool::LeaseOptions options);
    /// Replaces the map from announced addresses to the addresses at which nodes are reached. Connections to other
    /// addresses move immediately.
    void setAddressMap(const QHash<QString, Endpoint> &map);
    /// Stores the user's name for a shard, for later sessions too; an empty name removes it. On error, the name applies
    /// to this session only.
    [[nodiscard]] Result<> nameShard(int number, const QString &name);
    /// Creates a connection for trying out an address; the caller starts and deletes it. With `isGuess`, a PING is sent
    /// first, before any credentials.
    [[nodiscard]] NodeLink *linkForTrial(const Endpoint &endpoint, bool isGuess);
    /// Resolves a node id, a unique prefix of one, or "host:port" to a node id; the Error says why that failed.
    [[nodiscard]] Result<QByteArray> resolveNode(const QString &name) const;
    /// Returns the id of the node a MOVED or ASK reply points to; empty if unknown. `answering` is the id of the node
    /// that sent the redirect.
    [[nodiscard]] QByteArray targetOf(const Redirect &redirect, const QByteArray &answering);
    /// Sends one command to a Sentinel of this connection; NoRoute if there is none. The command gate does not check
    /// this command.
    [[nodiscard]] QCoro::Task<Result<Value>> askSentinel(Command command);
    /// Returns the servers' command table, from COMMAND. It is fetched only once.
    [[nodiscard]] QCoro::Task<Result<std::shared_ptr<const CommandTable>>> commands();

Q_SIGNALS:
    void stateChanged(slotscope::SessionState state); ///< also emitted if error() or retryAt() changes
    void viewChanged(slotscope::ClusterViewPtr view);
    void passwordProblemChanged();
    /// Emitted for each INFO reply that the session reads while polling, for services on this thread.
    void infoTold(const slotscope::InfoTold &info);

private:
    void begin();
    QCoro::Task<> fetchPassword();

    ConnectionTarget m_target;
    SessionOptions m_options;
    [[nodiscard]] QCoro::Task<> programStanding();

    std::shared_ptr<SshTunnel> m_tunnel; ///< null if the connection does not use SSH
    QList<std::shared_ptr<CommandTunnel>> m_programs; ///< one tunnel per seed, if connections run through a command
    std::shared_ptr<PasswordSource> m_source; ///< null if the password does not come from a command
    bool m_fetching = false; ///< the password command is running for the first time
    /// polling has started; it waits for the SSH login, which may prompt the user, and for the password
    bool m_begun = false;
    std::unique_ptr<NodeDirectory> m_directory;
    LinkPool *m_pool; ///< child objects, in order of creation
    Observer *m_observer;
    CommandRouter *m_router;
    SentinelWatch *m_sentinels = nullptr; ///< null if the connection uses no Sentinels
};

} // namespace slotscope
