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

/// Watches a cluster through all of its nodes: whom to ask what and when, what the answers mean, and the view that
/// comes of them. Lives on the session's thread.
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
    /// Who the primary and its replicas are, as the Sentinels say; until the first word nothing is settled.
    void setSentinels(SentinelStatePtr state);
    [[nodiscard]] SessionState state() const { return m_state; }
    [[nodiscard]] const Error &error() const { return m_error; }
    [[nodiscard]] qint64 retryAt() const { return m_retryAt; }
    [[nodiscard]] ClusterViewPtr view() const { return m_view; }

    [[nodiscard]] QCoro::Task<Result<ClusterViewPtr>> connected(int timeoutMs, WaitFor what);
    /// Asks every node for everything, at once. `byUser`: also those that refused our password.
    void refresh(bool byUser = false);
    [[nodiscard]] QCoro::Task<Result<ClusterViewPtr>> fullCheck();
    /// What a command met says that the picture is old: the nodes concerned are asked again; in a small cluster all.
    void lookAgainAt(const QList<QByteArray> &ids);
    /// The node and the other members of its shard: those whose word counts when something happens to it.
    [[nodiscard]] QList<QByteArray> shardOf(const QByteArray &id) const;
    /// True after so many milliseconds, false where the session ends before.
    [[nodiscard]] Awaited<bool> pause(int ms);
    [[nodiscard]] Awaited<bool> news(int atMostMs); ///< a pause that ends early when a node answered or a link changed
    /// Opens and closes ways as the directory wants it; whoever asked the directory for something calls this.
    void carryOut();
    /// Links that are up, one a node, by address.
    [[nodiscard]] QList<NodeLink *> readyLinks() const;
    [[nodiscard]] QByteArray anyReadyNode() const;
    /// What the user calls a shard from now on, in later sessions too; empty: nothing.
    [[nodiscard]] Result<> nameShard(int number, const QString &name);

Q_SIGNALS:
    void stateChanged(slotscope::SessionState state);
    void viewChanged(slotscope::ClusterViewPtr view);
    void infoTold(const slotscope::InfoTold &info);
    void refreshing(bool byUser); ///< everybody is asked anew: Sentinels too

private:
    static constexpr size_t largeCluster = 100; ///< nodes from which a view is built at most once a second, and not
                                                ///< everybody is asked because something happened to one
    /// One address that is watched, and what was heard over it.
    struct Watched
    {
        QString address;
        NodeLink *link = nullptr;
        bool asking = false;
        bool standalone = false; ///< cluster mode is off there
        bool tableRefused = false; ///< CLUSTER NODES is not permitted: CLUSTER SLOTS stands in
        bool clusterMissing = false; ///< the server knows no CLUSTER: INFO tells whether it is one without cluster mode
        bool linksRefused = false; ///< no CLUSTER LINKS there (before 7.0), or not permitted
        qint64 linksAt = 0;
        bool settingsRefused = false; ///< no CONFIG GET for this user
        qint64 settingsAt = 0;
        bool gone = false; ///< dropped; an answer still on its way is ignored
        int answers = 0; ///< rounds of questions answered
        struct Refusal
        {
            QString command, text;
            bool isDenied = false; ///< for lack of a right
        };
        QList<Refusal> refusals; ///< of the last answer to each question: not every round asks all of them
        Error misread; ///< why its last answers make no picture; of no meaning where there is a table
        NodeObservation seen;
        PollEntry poll;
        quint64 sentBefore = 0; ///< commands of ours to this node, when its INFO was read last
        size_t infoDigest = 0, tableInfoDigest = 0; ///< of CLUSTER INFO: now, and when the table was read
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
    void recallShards(); ///< before the first view of a cluster, and where another tab named a shard
    void keepShards();
    [[nodiscard]] QHash<QByteArray, int> shardNumbers() const;
    void retryReturned(const ClusterView &before); ///< whom the others reach again need not be waited for
    [[nodiscard]] std::vector<NodeObservation> observations();
    void addOutside(std::vector<NodeObservation> &list, const QSet<QByteArray> &present) const;
    [[nodiscard]] bool isNamed(const QByteArray &id) const; ///< the user named an address of it
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
    bool m_established = false; ///< the seeds were found to agree: a foreign one that comes later is left out
    std::map<QString, WatchedPtr> m_watched; ///< by address
    ShardNames m_shardNames;
    bool m_shardsRecalled = false;
    quint64 m_namesRevision = 0; ///< of the ShardMemory, when names were read last
    QHash<QByteArray, int> m_keptNumbers; ///< as the ShardMemory has them
    ClusterViewPtr m_view;
    SentinelStatePtr m_sentinels; ///< null where the connection goes through none, or before their first word
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
