// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords, ACL users who may little, standalone servers, primaries with replicas, and each server version that is
// here.
#include "core/base/errortext.h"
#include "core/session/connectiontest.h"
#include "core/session/corethread.h"
#include "support/testcluster.h"
#include "core/session/keycounting.h"
#include "tests/support/testmain.h"

#include <QCoro/QCoroTask>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;
using Code = Error::Code;

namespace {

Credentials credentials(const QString &user, const QString &password)
{
    return {.user = user, .password = password};
}

} // namespace

class tst_Access : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void passwordsAndUsers()
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        options.extraArguments = {
            u"--requirepass"_s, u"s3cret pass"_s, u"--masterauth"_s, u"s3cret pass"_s, u"--user"_s,
            u"reader"_s,        u"on"_s,          u">pw"_s,          u"~*"_s,          u"+@read"_s,
            u"-@dangerous"_s,   u"+ping"_s,       u"--user"_s,       u"router"_s,      u"on"_s,
            u">pw"_s,           u"~*"_s,          u"+@read"_s,       u"+@write"_s,     u"+ping"_s,
            u"+cluster|slots"_s};
        options.credentials = credentials({}, u"s3cret pass"_s);
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));

        ConnectionTarget target = cluster.target({0});
        target.credentials = credentials({}, u"s3cret pass"_s);
        ClusterSession good(target);
        good.start();
        QVERIFY(waitForView(good, [](const ClusterView &view) { return view.observers == 3 && view.agreed; }));

        target.credentials = credentials({}, u"wrong"_s);
        ClusterSession wrong(target);
        wrong.start();
        QTRY_COMPARE(wrong.state(), SessionState::Failed);
        QCOMPARE(int(wrong.error().code), int(Code::WrongPassword));

        target.credentials = {};
        ClusterSession none(target);
        none.start();
        QTRY_COMPARE(none.state(), SessionState::Failed);
        QCOMPARE(int(none.error().code), int(Code::AuthRequired));

        // A user without permission for CLUSTER and INFO can still connect and sees which commands the server refused.
        target.credentials = credentials(u"reader"_s, u"pw"_s);
        ClusterSession reader(target);
        reader.start();
        QVERIFY(waitForView(reader, [](const ClusterView &view) {
            return !view.nodes.empty() && view.nodes.front().refused.contains(u"NOPERM"_s);
        }));
        QTRY_COMPARE(reader.state(), SessionState::Ready);
        QVERIFY(hasFinding(*reader.view(), Finding::Kind::NotLearnt));

        // A user with permission for CLUSTER SLOTS sees all nodes and all slot owners.
        target.credentials = credentials(u"router"_s, u"pw"_s);
        ClusterSession router(target);
        router.start();
        QVERIFY(waitForView(router, [](const ClusterView &view) {
            return view.nodes.size() == 3 && view.observers == 3 && view.covered.count() == slotCount;
        }));
        for (const QByteArray &key : {"a"_ba, "b"_ba, "c"_ba})
            QVERIFY(QCoro::waitFor(router.execute(commandOf("SET", key, "1"))));
    }

    void theTestNamesWhatFailed()
    {
        LocalClusterOptions options;
        options.primaries = 1;
        options.replicasPerPrimary = 0;
        options.clusterMode = false;
        TestCluster server(options);
        QVERIFY2(server.start(), qPrintable(server.failure()));
        CoreThread thread;
        ConnectionTarget target = server.target({0});
        target.seeds.append({.host = u"127.0.0.1"_s, .port = 1, .socketPath = {}});
        QFuture<ConnectionReport> future = testConnection(thread, target);
        QTRY_VERIFY(future.isFinished());
        const ConnectionReport report = future.result();
        QVERIFY(report.usable);
        QVERIFY(report.seeds[0].outcome);
        QVERIFY(report.warning.contains(u"cluster mode"_s));
        QVERIFY(!report.seeds[1].outcome);
        QCOMPARE(int(report.seeds[1].outcome.error().code), int(Code::ConnectionRefused));
    }

    void aReplicaSetIsOneShard()
    {
        LocalClusterOptions options;
        options.primaries = 1;
        options.replicasPerPrimary = 2;
        options.clusterMode = false;
        TestCluster set(options);
        QVERIFY2(set.start(), qPrintable(set.failure()));
        for (const int seed : {0, 2, -1}) {
            ConnectionTarget target = set.target({std::max(seed, 0)});
            if (seed < 0) // With -1 the seed is "localhost", while the replicas report their primary by its IP address.
                target.seeds.front().host = u"localhost"_s;
            ClusterSession session(target);
            session.start();
            QVERIFY(
                waitForView(session, [](const ClusterView &view) { return !view.cluster && view.nodes.size() == 3; }));
            QVERIFY(waitForView(session, [](const ClusterView &view) {
                return view.nodes.size() == 3 && view.shards.size() == 1 && view.shards.front().replicas.size() == 2;
            }));
            QVERIFY(QCoro::waitFor(session.execute(commandOf("SET", "k", "v"))));
            QCOMPARE(QCoro::waitFor(session.execute(commandOf("GET", "k")))->bytes(), "v"_ba);
        }
    }

    void aUnixSocket()
    {
        LocalClusterOptions options;
        options.primaries = 1;
        options.replicasPerPrimary = 0;
        options.clusterMode = false;
        options.extraArguments = {u"--unixsocket"_s, u"redis.sock"_s};
        TestCluster server(options);
        QVERIFY2(server.start(), qPrintable(server.failure()));
        const auto target = ConnectionTarget::parse(u"unix://"_s + server->folder() + u"/node-1/redis.sock"_s);
        QVERIFY(target);
        ClusterSession session(*target);
        session.start();
        QVERIFY(waitForView(session,
                            [](const ClusterView &view) { return view.nodes.size() == 1 && view.nodes.front().info; }));
    }

    void everyServerVersion_data()
    {
        QTest::addColumn<QString>("server");
        for (const auto &[name, path] : serversFound())
            QTest::newRow(name.constData()) << path;
    }
    void everyServerVersion()
    {
        QFETCH(const QString, server);
        LocalClusterOptions options;
        options.serverPath = server;
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        QVERIFY(QCoro::waitFor(cluster->loadSampleData(1)));
        ClusterSession session(cluster.target({3}));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) {
            return view.observers == 6 && view.agreed && view.covered.count() == slotCount;
        }));
        QVERIFY(waitForView(session, [](const ClusterView &view) {
            return std::all_of(view.nodes.begin(), view.nodes.end(),
                               [](const NodeState &node) { return node.info && !node.info->version.isEmpty(); });
        }));
        const bool valkey = server.contains(u"valkey"_s);
        QCOMPARE(session.view()->nodes.front().info->product, valkey ? "valkey"_ba : "redis"_ba);
        QCOMPARE(QCoro::waitFor(session.execute(commandOf("INCRBY", "counter:orders", "0")))->toInteger(),
                 qint64(9007199254740993));
        const auto counts = QCoro::waitFor(countKeys(&session));
        QVERIFY(counts && (*counts)->errors.isEmpty());
        const NodeState dead = session.view()->nodes[size_t(session.view()->shards.front().primary)];
        for (int i = 0; i < 3; ++i)
            if (cluster.address(i) == dead.address.toString())
                cluster->killNode(i);
        QVERIFY(waitForView(session, [&](const ClusterView &view) { return view.health() == Severity::Error; }));
        QVERIFY(waitForView(
            session,
            [&](const ClusterView &view) {
                const NodeState *node = view.node(dead.id);
                return view.health() != Severity::Error && node && node->slots.isEmpty()
                    && node->condition == NodeCondition::Failed;
            },
            30000));
    }
};

SLOTSCOPE_TEST(tst_Access)
#include "tst_access.moc"
