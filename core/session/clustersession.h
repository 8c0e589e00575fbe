// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/cluster/commandtable.h"
#include "core/net/nodelink.h"
#include "core/protocol/redirect.h"
#include "core/session/nodeselection.h"
#include "core/session/pollschedule.h"

#include <QHash>
#include <QSet>

#include <map>

namespace slotscope {

struct SessionOptions
{
    int pollMs = 500; ///< tick of the observing timer; 0: observes only when told to (command line)
    int pollTimeoutMs = 2000; ///< a node that says nothing for so long counts as unreachable from here
    int connectTimeoutMs = 5000;
    int commandTimeoutMs = 30000;
    int searchAfterMs = 700; ///< an announced address that has not answered by then is looked for elsewhere
    PollBudget budget = {};
};

/// One cluster, or one standalone server: finds its nodes, watches them through all of them, routes commands. Lives on
/// the core thread; SessionDoor is the way in from others.
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
    [[nodiscard]] bool isReadOnly() const { return m_target.readOnly; }
    [[nodiscard]] SessionState state() const { return m_state; }
    [[nodiscard]] const Error &error() const { return m_error; }
    /// When a seed is tried next, ms since 1970; 0 while one answers, is being tried, or none is due.
    [[nodiscard]] qint64 retryAt() const { return m_retryAt; }
    [[nodiscard]] ClusterViewPtr view() const { return m_view; }

    /// Waits until a node has answered and every reachable node was asked, `timeoutMs` at most. The error says what
    /// each seed said.
    [[nodiscard]] QCoro::Task<Result<ClusterViewPtr>> connected(int timeoutMs);
    /// Asks every node for everything, at once; the view follows.
    void refresh();
    /// Asks every node for everything and waits for the answers (bounded by the poll timeout); the view from these.
    [[nodiscard]] QCoro::Task<Result<ClusterViewPtr>> fullCheck();

    /// Runs a command where its keys live, following MOVED, ASK, TRYAGAIN, CLUSTERDOWN and LOADING within bounds.
    /// `servedBy`, where given, is told the id of the node that answered last.
    [[nodiscard]] QCoro::Task<Result<Value>> execute(Command command, std::shared_ptr<QByteArray> servedBy = {});
    /// Runs a command on each selected node, all at once; a result for each.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> call(Command command, NodeSelection selection);
    [[nodiscard]] QCoro::Task<Result<SlotKeyCountsPtr>> countKeys();
    /// A ready link to a node for commands, apart from the one that observes it; Error where it cannot be had.
    [[nodiscard]] QCoro::Task<Result<NodeLink *>> linkTo(QByteArray nodeId);
    /// Node id for an id, a unique id prefix, or "host:port"; Error says why not.
    [[nodiscard]] Result<QByteArray> resolveNode(const QString &name) const;
    /// What the servers' own COMMAND says; fetched once.
    [[nodiscard]] QCoro::Task<Result<std::shared_ptr<const CommandTable>>> commands();

Q_SIGNALS:
    void stateChanged(slotscope::SessionState state); ///< or error(), or retryAt()
    void viewChanged(slotscope::ClusterViewPtr view);

private:
    /// How an address came to us, which decides what it is told: a guess is sent no credentials before it has answered
    /// like a Redis server without them.
    enum class Origin : quint8 { Seed, Announced, Guessed };
    /// One place where a node may be.
    struct Candidate
    {
        Endpoint endpoint;
        Origin origin = Origin::Guessed;
    };
    /// One address that we talk to; becomes a node's when its CLUSTER NODES tells its id.
    struct Peer
    {
        NodeLink *link = nullptr;
        bool seed = false;
        bool asking = false;
        bool standalone = false; ///< cluster mode is off there
        bool tableRefused = false; ///< CLUSTER NODES is not permitted: CLUSTER SLOTS stands in
        bool linksRefused = false; ///< no CLUSTER LINKS there (before 7.0), or not permitted
        qint64 linksAt = 0; ///< ms since 1970 of the last CLUSTER LINKS
        std::optional<QByteArray> left; ///< who a seed was that was found to be no part of the cluster any more
        bool gone = false; ///< dropped; an answer still on its way is ignored
        int answers = 0; ///< rounds of questions answered
        QByteArray wantedId; ///< whom we hope to find there
        NodeObservation seen; ///< seen.id: who it is, empty until told
        PollEntry poll;
        /// Who is there, and what it said, is not known any more; how it is reached is.
        void forget()
        {
            NodeObservation blank;
            blank.reach = seen.reach;
            seen = std::move(blank);
        }
        size_t opinionDigest = 0, tableOpinionDigest = 0; ///< of CLUSTER INFO: now, and when the table was read
    };
    using PeerPtr = std::shared_ptr<Peer>;
    static constexpr size_t largeCluster = 100; ///< nodes from which a view is built at most once a second, and not
                                                ///< everybody is asked because something happened to one

    /// A command on its way: where it goes next, and what the last attempt came to.
    struct Journey
    {
        Command command;
        int slot = -1; ///< -1: no key
        QByteArray target; ///< node id; empty: to be chosen
        bool asking = false; ///< the target wants ASKING first
        bool linked = false; ///< the last attempt had a link to send it over
        QString node; ///< "host:port" of the last attempt
    };
    using JourneyPtr = std::shared_ptr<Journey>;

    PeerPtr openPeer(const Endpoint &endpoint, Origin origin, const QByteArray &wantedId);
    void dropPeer(const PeerPtr &peer);
    void dismiss(const PeerPtr &peer);
    void handleLink(const PeerPtr &peer);
    [[nodiscard]] Questions everything() const;
    void updateReach(Peer &peer) const;
    [[nodiscard]] PeerPtr peerOf(const QByteArray &id) const;
    [[nodiscard]] std::vector<PeerPtr> nodePeers() const; ///< the one peer of each identified node
    void tick();
    [[nodiscard]] bool isLarge() const { return m_peers.size() > largeCluster; }
    [[nodiscard]] QList<QByteArray> shardOf(const QByteArray &id) const;
    void lookAgainAt(const QList<QByteArray> &ids);
    QCoro::Task<> ask(PeerPtr peer, Questions questions);
    void take(const PeerPtr &peer, const Command &command, const Value &reply);
    void takeTable(const PeerPtr &peer, const Value &reply);
    void takeSlots(const PeerPtr &peer, const Value &reply);
    void takeLinks(const PeerPtr &peer, const Value &reply);
    void adoptTable(const PeerPtr &peer, NodesTable table);
    [[nodiscard]] bool isForeign(const NodesTable &table) const;
    [[nodiscard]] bool hasLeft(const QByteArray &id, const NodesTable &table) const;
    void takeOpinion(const PeerPtr &peer, const Value &reply);
    void takeInfo(const PeerPtr &peer, const Value &reply);
    void identify(const PeerPtr &peer, const QByteArray &id);
    void refuse(Peer &peer, const QString &command, const Value &reply);
    void discover(const PeerPtr &observer);
    void searchMissing();
    [[nodiscard]] QList<Candidate> candidatesFor(const QByteArray &id) const;
    void forgetUnknown();
    void askStrangers();
    [[nodiscard]] bool isReplaced() const;
    void scheduleView(int delayMs);
    void publishView();
    void updateState();
    void setState(SessionState state, const Error &error, qint64 retryAt);
    [[nodiscard]] Awaited<bool> pause(int ms);
    [[nodiscard]] Awaited<bool> news(int atMostMs); ///< a pause that ends early when a node answered or a link changed
    void tellNews();
    [[nodiscard]] ConnectionOptions connectionOptions(const Endpoint &endpoint) const;
    [[nodiscard]] QList<QByteArray> selected(const NodeSelection &selection) const;
    [[nodiscard]] bool isKnownHost(const QString &host) const;
    [[nodiscard]] QByteArray targetOf(const Redirect &redirect, const QByteArray &answering);
    [[nodiscard]] QByteArray anyReadyNode() const;
    [[nodiscard]] QByteArray ownerOf(int slot) const;
    [[nodiscard]] QCoro::Task<Result<>> permitted(Command command, QString node);
    [[nodiscard]] QCoro::Task<int> slotOf(Command command);
    [[nodiscard]] QByteArray targetFor(const Journey &journey) const;
    [[nodiscard]] QCoro::Task<Result<Value>> sendOnce(JourneyPtr journey);
    [[nodiscard]] QCoro::Task<Result<>> follow(JourneyPtr journey, Redirect redirect);
    QCoro::Task<NodeReply> callNode(Command command, QByteArray nodeId);
    QCoro::Task<> countNode(QByteArray nodeId, SlotSet slotSet, std::shared_ptr<SlotKeyCounts> counts);

    /// An announced address, where nodes were last found, and the search for one that does not answer.
    struct KnownNode
    {
        AnnouncedAddress address;
        QString tellerHost; ///< host of the peer that named it, for nodes that do not know their own address
        std::optional<Endpoint> reachedAt; ///< where it answered last
        qint64 searchedAt = 0; ///< ms since 1970; 0: not yet
        bool named = false; ///< some current table still has it
        bool replaced = false; ///< where it answered last, another node answers now
    };

    ConnectionTarget m_target;
    SessionOptions m_options;
    SessionState m_state = SessionState::Connecting;
    Error m_error;
    qint64 m_retryAt = 0;
    bool m_standalone = false;
    std::map<QString, PeerPtr> m_peers; ///< by endpoint
    QHash<QByteArray, KnownNode> m_known; ///< by node id
    QHash<QByteArray, NodeLink *> m_workLinks; ///< by node id
    QHash<quint16, QByteArray> m_moved; ///< owners learnt from MOVED since the last view
    std::shared_ptr<const CommandTable> m_commands;
    ShardNames m_shardNames;
    ClusterViewPtr m_view;
    quint64 m_revision = 0;
    PollSchedule m_schedule;
    QTimer m_ticker, m_viewTimer;
    QElapsedTimer m_sinceTick;
    qint64 m_lastBuild = 0;
    std::map<quint64, Awaited<bool>::Completer> m_pauses;
    quint64 m_nextPause = 0;
    std::vector<quint64> m_awaitingNews; ///< numbers of pauses
    bool m_tellingNews = false;
};

} // namespace slotscope
