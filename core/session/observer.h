// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/net/nodelink.h"
#include "core/session/infotold.h"
#include "core/session/linkpool.h"
#include "core/session/nodedirectory.h"
#include "core/session/nodeselection.h"
#include "core/session/pollschedule.h"

#include <QHash>

#include <map>

namespace slotscope {

/// Polls all nodes of a cluster: decides which node to query when, interprets the replies, and builds the view. Lives
/// on the session's thread.
class Observer final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Observer)
public:
    Observer(const ConnectionTarget &target, const SessionOptions &options, NodeDirectory &directory, LinkPool &pool,
             QObject *parent);
    ~Observer() override;

    void start();
    void close();
    /// Takes the primary and its replicas as the Sentinels report them. isSettled() is false until the first report.
    void setSentinels(SentinelStatePtr state);
    [[nodiscard]] SessionState state() const { return m_state; }
    [[nodiscard]] const Error &error() const { return m_error; }
    [[nodiscard]] qint64 retryAt() const { return m_retryAt; }
    [[nodiscard]] ClusterViewPtr view() const { return m_view; }

    [[nodiscard]] QCoro::Task<Result<ClusterViewPtr>> connected(int timeoutMs, WaitFor what);
    /// Queries every node for everything immediately. `byUser` also retries nodes that refused our password.
    void refresh(bool byUser = false);
    [[nodiscard]] QCoro::Task<Result<ClusterViewPtr>> fullCheck();
    /// Call when a command's result shows that the view is outdated: the given nodes are queried again, in a small
    /// cluster all nodes.
    void lookAgainAt(const QList<QByteArray> &ids);
    /// Returns the node and the other members of its shard, which are the best witnesses of a change to it.
    [[nodiscard]] QList<QByteArray> shardOf(const QByteArray &id) const;
    /// Waits `ms` milliseconds, then returns true; false if the session ends before.
    [[nodiscard]] Awaited<bool> pause(int ms);
    /// like pause(), but ends early if a node answers or a connection changes
    [[nodiscard]] Awaited<bool> news(int atMostMs);
    /// Opens and closes connections as the NodeDirectory requests. Call after each call that changes the directory.
    void carryOut();
    /// Connections that are ready, one per node, sorted by address.
    [[nodiscard]] QList<NodeLink *> readyLinks() const;
    [[nodiscard]] QByteArray anyReadyNode() const;
    /// Stores the user's name for a shard, for later sessions too; an empty name removes it.
    [[nodiscard]] Result<> nameShard(int number, const QString &name);

Q_SIGNALS:
    void stateChanged(slotscope::SessionState state);
    void viewChanged(slotscope::ClusterViewPtr view);
    void infoTold(const slotscope::InfoTold &info);
    void refreshing(bool byUser); ///< every node is being queried again, so the Sentinels should be queried, too

private:
    /// above this number of nodes, a view is built at most once a second, and an event at one node does not lead to
    /// queries to all
    static constexpr size_t largeCluster = 100;
    /// One watched address, and the data received from it.
    struct Watched
    {
        QString address;
        NodeLink *link = nullptr;
        bool asking = false;
        bool standalone = false; ///< the server has no cluster mode
        bool tableRefused = false; ///< CLUSTER NODES is not permitted; CLUSTER SLOTS is used instead
        bool clusterMissing = false; ///< the server has no CLUSTER command; INFO shows whether it has cluster mode
        bool linksRefused = false; ///< CLUSTER LINKS is unknown (before 7.0) or not permitted
        qint64 linksAt = 0;
        bool settingsRefused = false; ///< CONFIG GET is not permitted for this user
        qint64 settingsAt = 0;
        bool gone = false; ///< removed from the list; a reply that still arrives is ignored
        int answers = 0; ///< number of query rounds answered
        struct Refusal
        {
            QString command, text;
            bool isDenied = false; ///< an ACL forbids the command
        };
        QList<Refusal> refusals; ///< refusals in the latest reply to each query, since a round may omit some queries
        Error misread; ///< why the last replies are unusable; meaningless if there is a table
        NodeObservation seen;
        PollEntry poll;
        quint64 sentBefore = 0; ///< number of our commands to this node when its last INFO was read
        /// digests of CLUSTER INFO: the latest, and the one current when the table was read
        size_t infoDigest = 0, tableInfoDigest = 0;
    };
    using WatchedPtr = std::shared_ptr<Watched>;

    [[nodiscard]] qint64 now() const { return m_options.clock->ms(); }
    void openWay(const QString &address);
    void handleLink(const WatchedPtr &watched);
    [[nodiscard]] WatchedPtr watchedAt(const QString &address) const;
    [[nodiscard]] WatchedPtr watchedOf(const QByteArray &id) const;
    [[nodiscard]] std::vector<WatchedPtr> nodeWays() const;
    [[nodiscard]] bool isLarge() const { return m_watched.size() > largeCluster; }
    [[nodiscard]] Questions everything() const;
    static void updateReach(Watched &watched);
    void tick();
    QCoro::Task<> ask(WatchedPtr watched, Questions questions);
    [[nodiscard]] static std::vector<Command> commandsOf(const Watched &watched, Questions questions);
    void take(const WatchedPtr &watched, const Command &command, const Value &reply);
    void takeTable(const WatchedPtr &watched, const Value &reply);
    void takeShards(const WatchedPtr &watched, const Value &reply);
    void takeLinks(const WatchedPtr &watched, const Value &reply);
    void takeSettings(const WatchedPtr &watched, const Value &reply);
    void takeClusterInfo(const WatchedPtr &watched, const Value &reply);
    void takeInfo(const WatchedPtr &watched, const Value &reply);
    [[nodiscard]] qint64 leaveOutOurOwn(Watched &watched, ServerInfo &info) const;
    void adoptTable(const WatchedPtr &watched, NodesTable table);
    static void refuse(Watched &watched, const QString &command, const Value &reply);
    static void forgetRefusals(Watched &watched, const Command &asked);
    static void tellRefusals(Watched &watched);
    void scheduleView(int delayMs);
    void publishView();
    void recallShards(); ///< before the first view, and after another tab named a shard
    void keepShards();
    [[nodiscard]] QHash<QByteArray, int> shardNumbers() const;
    void retryReturned(const ClusterView &before); ///< reconnects at once to nodes that others reach again
    [[nodiscard]] std::vector<NodeObservation> observations();
    void addOutside(std::vector<NodeObservation> &list, const QSet<QByteArray> &present) const;
    [[nodiscard]] bool isNamed(const QByteArray &id) const; ///< whether the user gave an address of it
    void updateState();
    void setState(SessionState state, const Error &error, qint64 retryAt);
    [[nodiscard]] Error whyNoView() const;
    [[nodiscard]] bool isSettled() const;
    [[nodiscard]] bool haveSeedsSettled() const;
    [[nodiscard]] bool haveSentinelsTold() const;
    [[nodiscard]] bool maySettleLater() const;
    void tellNews();

    const ConnectionTarget &m_target;
    const SessionOptions &m_options;
    NodeDirectory &m_directory;
    LinkPool &m_pool;
    SessionState m_state = SessionState::Connecting;
    Error m_error;
    qint64 m_retryAt = 0;
    qint64 m_startedAt = 0;
    bool m_established = false; ///< the seeds were found to agree; a foreign seed found later is left out
    std::map<QString, WatchedPtr> m_watched; ///< by address
    ShardNames m_shardNames;
    bool m_shardsRecalled = false;
    quint64 m_namesRevision = 0; ///< revision of the ShardMemory when names were last read
    QHash<QByteArray, int> m_keptNumbers; ///< shard numbers stored in the ShardMemory
    ClusterViewPtr m_view;
    SentinelStatePtr m_sentinels; ///< null without Sentinels, or before their first report
    quint64 m_revision = 0;
    PollSchedule m_schedule;
    QTimer m_ticker, m_viewTimer;
    QElapsedTimer m_sinceTick;
    qint64 m_lastBuild = 0;
    std::map<quint64, Awaited<bool>::Completer> m_pauses;
    quint64 m_nextPause = 0;
    std::vector<quint64> m_awaitingNews; ///< keys of m_pauses for the callers of news()
    bool m_tellingNews = false;
};

} // namespace slotscope
