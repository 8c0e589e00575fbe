// SPDX-License-Identifier: GPL-3.0-or-later
// Who is at the other end: proxies, two clusters, servers that load or run a script, users with few rights.
#include "core/base/errortext.h"
#include "core/session/clustersession.h"
#include "support/roundrobin.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QCoro/QCoroTask>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int connectMs = 8000;

SessionOptions onlyWhenAsked()
{
    SessionOptions options;
    options.pollMs = 0;
    return options;
}

bool isLoading(const Result<Value> &reply)
{
    return reply ? reply->errorCode() == "LOADING" : reply.error().code == Error::Code::Loading;
}

NodeSelection node(const QByteArray &id)
{
    return {.kind = NodeSelection::Kind::Node, .nodeId = id};
}

} // namespace

class tst_Identity : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_cluster = std::make_unique<TestCluster>();
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    }
    void cleanupTestCase() { m_cluster.reset(); }

    void reachesTheNodeThatIsNamedThroughAProxy()
    {
        QList<Endpoint> servers;
        for (const LocalCluster::Node &server : (*m_cluster)->nodes())
            servers.append(server.endpoint);
        RoundRobin proxy(servers);
        ConnectionTarget target;
        target.seeds = {proxy.endpoint()};
        // in each round the proxy connects the session to another server first
        for (int round = 0; round < 7; ++round) {
            ClusterSession session(target, onlyWhenAsked());
            session.start();
            const auto view = QCoro::waitFor(session.connected(connectMs));
            QVERIFY2(view, view ? "" : qPrintable(describe(view.error())));
            QCOMPARE((*view)->nodes.size(), servers.size());
            for (const NodeState &known : (*view)->nodes) {
                const auto replies = QCoro::waitFor(session.call(commandOf("CLUSTER", "MYID"), node(known.id)));
                QVERIFY(replies && replies->size() == 1);
                QVERIFY2(replies->front().reply, qPrintable(known.name));
                QCOMPARE(replies->front().reply->bytes(), known.id);
            }
            for (int i = 0; i < 6; ++i)
                QVERIFY(QCoro::waitFor(session.execute(commandOf("SET", "proxied:" + QByteArray::number(i), "1"))));
        }
        QVERIFY(proxy.connections > 0);
    }

    /// Only the proxy can be reached, and it leads to another node: no command is sent to the wrong node, and the error
    /// says so.
    void sendsNothingToAnotherNode()
    {
        const Endpoint first = (*m_cluster)->nodes()[0].endpoint, second = (*m_cluster)->nodes()[1].endpoint;
        ConnectionTarget direct = m_cluster->target({0});
        ClusterSession session(direct, onlyWhenAsked());
        session.start();
        const auto view = QCoro::waitFor(session.connected(connectMs));
        QVERIFY(view);
        const NodeState *wanted = nodeAt(**view, first.toString());
        QVERIFY(wanted);
        ConnectionOptions options;
        options.endpoint = second;
        options.expectedId = wanted->id;
        NodeLink link(options);
        link.start();
        QVERIFY(!QCoro::waitFor([](NodeLink &to) -> QCoro::Task<bool> { co_return co_await to.settled(); }(link)));
        QCOMPARE(link.error().code, Error::Code::WrongNode);
        QVERIFY2(link.error().detail.contains(QString::fromLatin1(wanted->id.left(8))),
                 qPrintable(link.error().detail));
    }

    void refusesSeedsOfTwoClusters()
    {
        TestCluster other({.primaries = 3, .replicasPerPrimary = 0});
        QVERIFY2(other.start(), qPrintable(other.failure()));
        ConnectionTarget target = m_cluster->target({0});
        target.seeds += other.target({1}).seeds;
        for (int round = 0; round < 2; ++round) {
            ClusterSession session(target, onlyWhenAsked());
            QSignalSpy views(&session, &ClusterSession::viewChanged);
            session.start();
            const auto view = QCoro::waitFor(session.connected(connectMs));
            QVERIFY(!view);
            QCOMPARE(view.error().code, Error::Code::TwoClusters);
            const auto names = [&view](TestCluster &cluster) {
                for (int i = 0; i < int(cluster->nodes().size()); ++i)
                    if (view.error().detail.contains(cluster.address(i)))
                        return true;
                return false;
            };
            QVERIFY2(names(*m_cluster) && names(other), qPrintable(view.error().detail));
            QCOMPARE(session.state(), SessionState::Failed);
            QVERIFY2(views.isEmpty(), "nothing may be shown of both together");
            QVERIFY(!session.view());
            std::reverse(target.seeds.begin(), target.seeds.end());
        }
    }

    void readsFromReplicas()
    {
        ClusterSession session(m_cluster->target({0}), onlyWhenAsked());
        session.start();
        QVERIFY(QCoro::waitFor(session.connected(connectMs)));
        QVERIFY(QCoro::waitFor(session.execute(commandOf("SET", "replicated", "1"))));
        const int slot = slotOfKey("replicated");
        const ClusterViewPtr view = session.view();
        const ShardState &shard = view->shards[size_t(view->nodes[size_t(view->owner[size_t(slot)])].shard)];
        const NodeState &replica = view->nodes[size_t(shard.replicas.front())];
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto replies = QCoro::waitFor(session.call(commandOf("GET", "replicated"), node(replica.id)));
                return replies && replies->front().fromReplica && replies->front().reply
                    && replies->front().reply->bytes() == "1";
            },
            5000));
        const NodeReply told = QCoro::waitFor(session.executeTold(commandOf("GET", "replicated")));
        QVERIFY(told.reply && !told.fromReplica);
        QCOMPARE(told.nodeId, view->nodes[size_t(view->owner[size_t(slot)])].id);
    }

    void refusesADatabaseThatIsNotThere()
    {
        ConnectionTarget target = m_cluster->target({0});
        target.database = 3;
        ClusterSession session(target, onlyWhenAsked());
        session.start();
        const auto view = QCoro::waitFor(session.connected(connectMs));
        QVERIFY(!view);
        QCOMPARE(view.error().code, Error::Code::NoDatabase);
        QCOMPARE(view.error().node, m_cluster->address(0));
    }

    void worksForAUserWithoutTheTable()
    {
        for (int i = 0; i < 6; ++i)
            QVERIFY(m_cluster->run(i, {"ACL", "SETUSER", "few", "on", ">pw", "+@all", "-cluster|nodes", "~*"}));
        ConnectionTarget target = m_cluster->target({0});
        target.credentials = {.user = u"few"_s, .password = u"pw"_s};
        ClusterSession session(target, onlyWhenAsked());
        session.start();
        const auto view = QCoro::waitFor(session.connected(connectMs));
        QVERIFY2(view, view ? "" : qPrintable(describe(view.error())));
        QVERIFY((*view)->uncovered.isEmpty());
        QVERIFY(QCoro::waitFor(session.execute(commandOf("SET", "few:1", "v"))));
        QCOMPARE(QCoro::waitFor(session.execute(commandOf("GET", "few:1")))->bytes(), "v"_ba);
    }

    void sendsKillToANodeThatRunsAScript()
    {
        const int busy = 1;
        QVERIFY(m_cluster->run(busy, {"CONFIG", "SET", "busy-reply-threshold", "100"}));
        ConnectionOptions options;
        options.endpoint = (*m_cluster)->nodes()[busy].endpoint;
        options.commandTimeoutMs = 60000;
        NodeLink runner(options);
        runner.start();
        QTRY_VERIFY(runner.isReady());
        auto script = runner.send(commandOf("EVAL", "while true do end", "0"));
        QTRY_VERIFY(!m_cluster->run(busy, {"PING"}) || m_cluster->run(busy, {"PING"})->isError());
        ClusterSession session(m_cluster->target({0}), onlyWhenAsked());
        session.start();
        const auto view = QCoro::waitFor(session.connected(connectMs));
        QVERIFY(view);
        const auto id = session.resolveNode(m_cluster->address(busy));
        QVERIFY(id);
        const auto get = QCoro::waitFor(session.call(commandOf("DBSIZE"), node(*id)));
        QVERIFY(get && !get->front().reply);
        QCOMPARE(get->front().reply.error().code, Error::Code::Busy);
        const auto killed = QCoro::waitFor(session.call(commandOf("SCRIPT", "KILL"), node(*id)));
        QVERIFY(killed && killed->front().reply);
        const auto ended = QCoro::waitFor(std::move(script));
        QVERIFY(ended && ended->isError());
        const auto after = QCoro::waitFor(session.call(commandOf("DBSIZE"), node(*id)));
        QVERIFY2(after && after->front().reply, "a link that was made meanwhile proves itself again");
    }

    /// A leased connection can run a transaction and subscribe, its reading can be paused, and its end is reported.
    void leasesConnections()
    {
        ClusterSession session(m_cluster->target({0}), onlyWhenAsked());
        session.start();
        const auto view = QCoro::waitFor(session.connected(connectMs));
        QVERIFY(view);
        const NodeState *owner = &(*view)->nodes[size_t((*view)->owner[slotOfKey("{t}a")])];
        LinkPool::LeaseOptions options;
        options.listens = true;
        options.resp3 = false; // in RESP2, messages arrive as ordinary replies without a command
        const auto link = QCoro::waitFor(session.lease(owner->id, options));
        QVERIFY2(link, link ? "" : qPrintable(describe(link.error())));
        QVERIFY(QCoro::waitFor((*link)->send(commandOf("MULTI"))));
        QCOMPARE(QCoro::waitFor((*link)->send(commandOf("INCR", "{t}a")))->bytes(), "QUEUED"_ba);
        QCOMPARE(QCoro::waitFor((*link)->send(commandOf("EXEC")))->items().size(), size_t(1));
        QList<QByteArray> messages;
        connect(link->get(), &DedicatedLink::messageReceived, this, [&messages](const Value &message) {
            messages.append(message.items().empty() ? QByteArray() : message.items().back().bytes());
        });
        QVERIFY(QCoro::waitFor((*link)->send(commandOf("SUBSCRIBE", "news"))));
        (*link)->setReading(false);
        QVERIFY(QCoro::waitFor(session.call(commandOf("PUBLISH", "news", "one"), node(owner->id))));
        QVERIFY(messages.isEmpty());
        (*link)->setReading(true);
        QTRY_COMPARE(messages, QList<QByteArray>{"one"_ba});
        QSignalSpy ended(link->get(), &DedicatedLink::ended);
        QVERIFY(QCoro::waitFor(session.call(commandOf("CLIENT", "KILL", "TYPE", "pubsub"), node(owner->id))));
        QTRY_COMPARE(ended.size(), 1);
        QVERIFY(!QCoro::waitFor((*link)->send(commandOf("PING"))));
    }

    void waitsForASeedThatLoads()
    {
        const auto isSlow = std::make_shared<bool>(false);
        LocalClusterOptions options;
        options.primaries = 1;
        options.replicasPerPrimary = 0;
        options.form = false;
        options.extraArguments = {u"--enable-debug-command"_s, u"yes"_s};
        options.argumentsAt = [isSlow](quint16) {
            return *isSlow
                ? QStringList{u"--key-load-delay"_s, u"2500"_s, u"--loading-process-events-interval-bytes"_s, u"1024"_s}
                : QStringList();
        };
        TestCluster slow(options);
        QVERIFY2(slow.start(), qPrintable(slow.failure()));
        QVERIFY(slow.run(0, {"CLUSTER", "ADDSLOTSRANGE", "0", "16383"}));
        QTRY_VERIFY(slow.run(0, {"CLUSTER", "INFO"})->bytes().contains("cluster_state:ok"));
        QVERIFY(slow.run(0, {"DEBUG", "POPULATE", "2000"}));
        QVERIFY(slow.run(0, {"SAVE"}));
        slow->killNode(0);
        *isSlow = true;
        auto restarting = slow->restartNode(0); // the restarted server loads its data for some seconds
        QTRY_VERIFY(isLoading(slow.run(0, {"PING"})));
        ClusterSession hasty(slow.target({0}), onlyWhenAsked());
        hasty.start();
        const auto early = QCoro::waitFor(hasty.connected(1500));
        QVERIFY(!early);
        QCOMPARE(early.error().code, Error::Code::Loading);
        QCOMPARE(early.error().node, slow.address(0));
        ClusterSession patient(slow.target({0}), onlyWhenAsked());
        patient.start();
        const auto view = QCoro::waitFor(patient.connected(30000));
        QVERIFY2(view, view ? "" : qPrintable(describe(view.error())));
        QVERIFY(*view);
        QVERIFY(QCoro::waitFor(std::move(restarting)));
    }

private:
    std::unique_ptr<TestCluster> m_cluster;
};

SLOTSCOPE_TEST(tst_Identity)
#include "tst_identity.moc"
