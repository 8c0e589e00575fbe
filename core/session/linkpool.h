// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/connectpacer.h"
#include "core/net/nodelink.h"
#include "core/session/nodedirectory.h"
#include "core/session/sessionoptions.h"

#include <map>

namespace slotscope {

/// A connection to one node for one user alone: MULTI and WATCH, blocking commands, SUBSCRIBE, MONITOR, reads of a
/// replica. It does not reconnect: what it stood for (a transaction, a subscription) is lost with it, so it says that
/// it ended.
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
    /// All commands in one go; the replies in order.
    [[nodiscard]] Awaited<Connection::Replies> sendAll(const std::vector<Command> &commands, int timeoutMs = 0,
                                                       const char *from = __builtin_FILE());
    [[nodiscard]] bool leavesIdle() const { return m_connection->leavesIdle(); }
    /// Connection::tell()
    bool tell(const Command &command, const char *from = __builtin_FILE()) { return m_connection->tell(command, from); }
    /// Ends at once; what waits for a reply fails with the reason.
    void end(const Error &reason) { m_connection->abort(reason); }
    [[nodiscard]] bool isResp3() const { return !m_connection->hello().isNull(); }
    /// Stops reading, or goes on: what is not read holds the server back.
    void setReading(bool reading) { m_connection->setReading(reading); }
    /// Connection::giveOver(), writeRaw(), descriptor()
    bool giveOver(Connection::TakeBytes take) { return m_connection->giveOver(std::move(take)); }
    bool writeRaw(QByteArrayView bytes) { return m_connection->writeRaw(bytes); }
    [[nodiscard]] qintptr descriptor() const { return m_connection->descriptor(); }
    [[nodiscard]] qint64 silentMs() const { return m_connection->silentMs(); } ///< since the last bytes came

Q_SIGNALS:
    void messageReceived(const slotscope::Value &message); ///< a push, or a reply that nobody asked for
    void attributeReceived(const slotscope::Value &attribute, size_t place); ///< Connection::attributeReceived()
    void ended(const slotscope::Error &error); ///< once, whatever the reason

private:
    friend class LinkPool;
    [[nodiscard]] Awaited<bool> opened();

    Connection *m_connection;
    Awaited<bool>::Completer m_opened;
};

/// The only maker of links to the nodes of a cluster. A link for a named node proves that this node answers there,
/// before anything else is sent. Lives on the session's thread.
class LinkPool final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LinkPool)
public:
    enum class Use : quint8 {
        Commands, ///< as any client's: a replica sends commands with keys on to its primary
        ReplicaReads, ///< with READONLY: a replica serves reads of its slots
        Browsing, ///< reads that leave a key's idle time as it is, where the server can
    };
    struct LeaseOptions
    {
        bool listens = false; ///< for SUBSCRIBE and MONITOR
        bool readonlyReplica = false;
        bool resp3 = true;
        bool noTouch = false; ///< as Use::Browsing
        int database = -1; ///< -1: the target's
    };

    LinkPool(const ConnectionTarget &target, const SessionOptions &options, NodeDirectory &directory, QObject *parent);
    ~LinkPool() override;

    /// A link to watch an address over; the caller starts it, and deletes it later.
    [[nodiscard]] NodeLink *makeObserving(const NodeAddress &way);
    /// A shared link to a node that is ready, apart from the one that observes it; Error where it cannot be had.
    /// `evenUnproved`: also where the server is held up (by a script, or loading) and cannot say who it is.
    /// `database` -1: the target's.
    [[nodiscard]] QCoro::Task<Result<NodeLink *>> linkTo(QByteArray nodeId, Use use = Use::Commands,
                                                         bool evenUnproved = false, int database = -1);
    /// A connection of one's own, ready and proved.
    [[nodiscard]] QCoro::Task<Result<std::shared_ptr<DedicatedLink>>> lease(QByteArray nodeId, LeaseOptions options);
    /// Commands that the shared links have given to a node so far.
    [[nodiscard]] quint64 commandsSentTo(const QByteArray &nodeId) const;
    /// Lets go of links to nodes that the directory does not know any more.
    void dropUnknown();
    /// The address map has changed: links that lead elsewhere than it says now end when what they carry is answered.
    void leaveOldPlaces();
    void closeAll();

private:
    using Key = std::tuple<QByteArray, Use, int>; ///< node, use, database
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
    QList<QPointer<NodeLink>> m_leaving; ///< not used for anything new
    QTimer m_leavingTimer;
    bool m_closed = false;
};

} // namespace slotscope
