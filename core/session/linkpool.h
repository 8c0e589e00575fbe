// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/connectpacer.h"
#include "core/net/nodelink.h"
#include "core/session/nodedirectory.h"
#include "core/session/sessionoptions.h"

#include <map>

namespace slotscope {

/// A connection to one node for one caller alone: MULTI and WATCH, blocking commands, SUBSCRIBE, MONITOR, reads from a
/// replica. It does not reconnect, because its state (a transaction, a subscription) is lost with it. It emits ended()
/// instead.
class DedicatedLink final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DedicatedLink)
public:
    explicit DedicatedLink(ConnectionOptions options);
    ~DedicatedLink() override;

    [[nodiscard]] const Endpoint &endpoint() const { return m_connection->endpoint(); }
    [[nodiscard]] bool isOpen() const { return m_connection->state() == Connection::State::Ready; }
    [[nodiscard]] QCoro::Task<Connection::Reply> send(Command command, int timeoutMs = 0,
                                                      const char *from = __builtin_FILE());
    /// Sends all commands at once; the replies come in the same order.
    [[nodiscard]] Awaited<Connection::Replies> sendAll(const std::vector<Command> &commands, int timeoutMs = 0,
                                                       const char *from = __builtin_FILE());
    [[nodiscard]] bool leavesIdle() const { return m_connection->leavesIdle(); }
    /// forwards to Connection::tell()
    bool tell(const Command &command, const char *from = __builtin_FILE()) { return m_connection->tell(command, from); }
    /// Closes immediately; commands still waiting for a reply fail with `reason`.
    void end(const Error &reason) { m_connection->abort(reason); }
    [[nodiscard]] bool isResp3() const { return !m_connection->hello().isNull(); }
    /// Stops or resumes reading. Unread data makes the server wait.
    void setReading(bool reading) { m_connection->setReading(reading); }
    /// These forward to Connection::giveOver(), writeRaw() and descriptor().
    bool giveOver(Connection::TakeBytes take) { return m_connection->giveOver(std::move(take)); }
    bool writeRaw(QByteArrayView bytes) { return m_connection->writeRaw(bytes); }
    [[nodiscard]] qintptr descriptor() const { return m_connection->descriptor(); }
    [[nodiscard]] qint64 silentMs() const { return m_connection->silentMs(); } ///< time since the last bytes arrived

Q_SIGNALS:
    void messageReceived(const slotscope::Value &message); ///< a push message, or a reply without a request
    /// forwards Connection::attributeReceived()
    void attributeReceived(const slotscope::Value &attribute, size_t place);
    void ended(const slotscope::Error &error); ///< emitted once, whatever the reason

private:
    friend class LinkPool;
    [[nodiscard]] Awaited<bool> opened();

    Connection *m_connection;
    Awaited<bool>::Completer m_opened;
};

/// Creates all connections to the nodes of a cluster. Before a connection to a particular node sends anything else, it
/// verifies that this node answers there. Lives on the session's thread.
class LinkPool final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LinkPool)
public:
    enum class Use : quint8 {
        Commands, ///< as for any client: a replica redirects commands with keys to its primary
        ReplicaReads, ///< with READONLY: a replica serves reads of its slots
        Browsing, ///< reads that do not change a key's idle time, if the server supports that
    };
    struct LeaseOptions
    {
        bool listens = false; ///< used for SUBSCRIBE and MONITOR
        bool readonlyReplica = false;
        bool resp3 = true;
        bool noTouch = false; ///< CLIENT NO-TOUCH, as for Use::Browsing
        int database = -1; ///< -1: the database of the connection settings
    };

    LinkPool(const ConnectionTarget &target, const SessionOptions &options, NodeDirectory &directory, QObject *parent);
    ~LinkPool() override;

    /// Creates a connection for polling the node at an address; the caller starts it and later deletes it.
    [[nodiscard]] NodeLink *makeObserving(const NodeAddress &way);
    /// Returns a ready shared connection to a node, separate from the one that polls it; Error if there is none.
    /// `evenUnproved` also accepts a server that cannot identify itself because it runs a script or is loading.
    /// `database` -1 means the database of the connection settings.
    [[nodiscard]] QCoro::Task<Result<NodeLink *>> linkTo(QByteArray nodeId, Use use = Use::Commands,
                                                         bool evenUnproved = false, int database = -1);
    /// Opens a connection for one caller, which is ready and has verified which node answers.
    [[nodiscard]] QCoro::Task<Result<std::shared_ptr<DedicatedLink>>> lease(QByteArray nodeId, LeaseOptions options);
    /// Returns how many commands were sent to a node over shared connections so far.
    [[nodiscard]] quint64 commandsSentTo(const QByteArray &nodeId) const;
    /// Drops connections to nodes that the directory no longer knows.
    void dropUnknown();
    /// Call after the address map has changed: connections to addresses that no longer apply close once their pending
    /// commands are answered.
    void leaveOldPlaces();
    void closeAll();

private:
    using Key = std::tuple<QByteArray, Use, int>; ///< node id, use, database
    [[nodiscard]] ConnectionOptions optionsFor(const NodeDirectory::Candidate &place) const;
    [[nodiscard]] ConnectionOptions optionsFor(const QByteArray &nodeId, const NodeDirectory::Candidate &place) const;
    [[nodiscard]] static Error unproved(const Endpoint &endpoint);
    [[nodiscard]] Error unreachable(const QByteArray &nodeId) const;

    const ConnectionTarget &m_target;
    const SessionOptions &m_options;
    NodeDirectory &m_directory;
    std::shared_ptr<ConnectPacer> m_pacer;
    void endIdle();

    std::map<Key, QPointer<NodeLink>> m_links;
    QList<QPointer<NodeLink>> m_leaving; ///< connections that finish pending commands but take no new ones
    QTimer m_leavingTimer;
    bool m_closed = false;
};

} // namespace slotscope
