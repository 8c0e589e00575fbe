// SPDX-License-Identifier: GPL-3.0-or-later
// Subscriptions over killed and frozen nodes, failovers, moved slots, and servers that only refuse.
#include "core/cluster/slot.h"
#include "core/pubsub/pubsubwords.h"
#include "integration/subscriptiontest.h"
#include "tests/support/fakeserver.h"
#include "tests/support/testmain.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestSubscriptionFaults : public SubscriptionTest
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { SKIP_WITHOUT_SERVER; }
    void aNodeThatIsKilled();
    void aPrimaryThatIsReplaced();
    void aNodeThatStandsStill();
    void aSlotThatMoves();
    void aShardThatIsGone();
    void movedToWhereNothingIs_data();
    void movedToWhereNothingIs();
    void aPasswordThatIsRefused();
    void keyEventsByAnyName();
    void theCommandLineAtItsEnd();
    void theCommandLineHasADatabase();

private:
    /// A cluster of one fake node, which answers what `script` returns, or the usual replies if that is empty.
    static std::unique_ptr<FakeServer> lonelyNode(const std::function<QByteArray(const QByteArrayList &)> &script)
    {
        const auto port = std::make_shared<quint16>(0);
        auto server = std::make_unique<FakeServer>([script, port](const QByteArrayList &command) -> QByteArray {
            const QByteArray own(40, 'a'), name = command.value(0).toUpper() + ' ' + command.value(1).toUpper();
            if (const QByteArray answer = script(command); !answer.isEmpty())
                return answer;
            if (name == "CLUSTER MYID")
                return bulk(own);
            if (name == "CLUSTER NODES")
                return bulk(own + " 127.0.0.1:" + QByteArray::number(*port)
                            + "@1 myself,master - 0 0 1 connected 0-16383\n");
            return "-ERR unknown command\r\n";
        });
        *port = server->serverPort();
        return server;
    }
    static std::unique_ptr<ClusterSession> sessionAt(const FakeServer &server, const QString &password = {})
    {
        ConnectionTarget target;
        target.seeds = {server.endpoint()};
        target.credentials.password = password;
        SessionOptions options;
        options.pollMs = 0;
        auto session = std::make_unique<ClusterSession>(target, options);
        session->start();
        return QCoro::waitFor(session->connected(10'000)) ? std::move(session) : nullptr;
    }
    static qsizetype countOf(const FakeServer &server, const QByteArray &command)
    {
        return std::count_if(server.received.begin(), server.received.end(),
                             [&](const QByteArrayList &each) { return each.value(0).toUpper() == command; });
    }
    static std::unique_ptr<QProcess> cli(const QString &uri, const QStringList &words)
    {
        auto process = std::make_unique<QProcess>();
        process->start(qEnvironmentVariable("SLOTSCOPE_CLI"), QStringList{u"--uri"_s, uri, u"pubsub"_s} + words);
        return process;
    }
    static std::unique_ptr<TestCluster> standalone()
    {
        LocalClusterOptions options;
        options.serverPath = serversFound().front().second;
        options.clusterMode = false;
        options.primaries = 1;
        options.replicasPerPrimary = 0;
        auto server = std::make_unique<TestCluster>(options);
        return server->start() ? std::move(server) : nullptr;
    }
};

void TestSubscriptionFaults::aNodeThatIsKilled()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0, 1, 2}));
    QVERIFY(session);
    Subscriptions subscriptions(session.get());
    QVERIFY(subscriptions.add({SubscriptionKind::Channel, "news"}));
    QTRY_VERIFY(isOn(subscriptions));
    const QString home = subscriptions.look({}).subscriptions[0].places[0].node;
    const int killed = indexOf(*cluster, home);
    QVERIFY(killed >= 0);
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    (*cluster)->killNode(killed);
    QTRY_VERIFY(gapIn(subscriptions));
    const PubSubMessage gap = *gapIn(subscriptions);
    QVERIFY(gap.gapFrom >= before - 2500 && gap.at >= gap.gapFrom && gap.at <= QDateTime::currentMSecsSinceEpoch());
    QVERIFY2(gapText(gap).startsWith(u"Messages may be missing between"_s), qPrintable(gapText(gap)));
    QVERIFY(subscriptions.look({}).subscriptions[0].places[0].node != home);
    QVERIFY(cluster->run((killed + 1) % nodes, {"PUBLISH", "news", "after"}));
    QTRY_VERIFY(holds(subscriptions, "after"));
    QCOMPARE(subscriptions.look({}).subscriptions[0].gaps, 1U);
}

/// When a primary's replica takes over, shard channels and key events are subscribed at the new primary.
void TestSubscriptionFaults::aPrimaryThatIsReplaced()
{
    const auto cluster = start(1);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0, 1, 2, 3, 4, 5}));
    QVERIFY(session);
    for (int node = 0; node < 6; ++node)
        QVERIFY(cluster->run(node, {"CONFIG", "SET", "notify-keyspace-events", "KEA"}));
    Subscriptions subscriptions(session.get());
    const int shard = *subscriptions.add({SubscriptionKind::Shard, "price:{tea}"});
    const int events = *subscriptions.add({SubscriptionKind::KeyEvents, "__keyevent@0__:set"});
    QTRY_VERIFY(isOn(subscriptions));
    const QByteArray first = subscriptions.look({}).subscriptions[0].places[0].nodeId;
    (*cluster)->killNode(indexOf(*cluster, subscriptions.look({}).subscriptions[0].places[0].node));
    QTRY_VERIFY_WITH_TIMEOUT(isOn(subscriptions) && subscriptions.look({}).subscriptions[0].places[0].nodeId != first
                                 && subscriptions.look({}).subscriptions[1].gaps == 1,
                             40'000);
    QVERIFY(subscriptions.look({}).subscriptions[0].gaps >= 1);
    QVERIFY(QCoro::waitFor(session->execute(commandOf("SPUBLISH", "price:{tea}", "after"))));
    QTRY_VERIFY(holds(subscriptions, "after"));
    QVERIFY(QCoro::waitFor(session->execute(commandOf("SET", "{tea}", "x"))));
    QTRY_VERIFY(holds(subscriptions, "{tea}"));
    QCOMPARE(heard(subscriptions, {.text = "after", .subscription = shard}).front()->nodeId,
             heard(subscriptions, {.text = "{tea}", .subscription = events}).front()->nodeId);
}

void TestSubscriptionFaults::aNodeThatStandsStill()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0, 1, 2}));
    QVERIFY(session);
    Subscriptions subscriptions(session.get());
    QVERIFY(subscriptions.add({SubscriptionKind::Pattern, "*"}));
    QTRY_VERIFY(isOn(subscriptions));
    const int frozen = indexOf(*cluster, subscriptions.look({}).subscriptions[0].places[0].node);
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    (*cluster)->pauseNode(frozen, true);
    QTRY_VERIFY_WITH_TIMEOUT(gapIn(subscriptions), 40'000);
    (*cluster)->pauseNode(frozen, false);
    QVERIFY(gapIn(subscriptions)->gapFrom
            < before + 1500); // the gap begins when the node last answered, not when the connection was given up
    QVERIFY(cluster->run((frozen + 1) % nodes, {"PUBLISH", "news", "after"}));
    QTRY_VERIFY(holds(subscriptions, "after"));
}

void TestSubscriptionFaults::aSlotThatMoves()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    Subscriptions subscriptions(session.get());
    QVERIFY(subscriptions.add({SubscriptionKind::Shard, "price:{tea}"}));
    QTRY_VERIFY(isOn(subscriptions));
    const int from = indexOf(*cluster, subscriptions.look({}).subscriptions[0].places[0].node);
    const int to = (from + 1) % nodes;
    const QByteArray slot = QByteArray::number(slotOfKey("tea"));
    const auto idOf = [&](int node) { return nodeAt(*session->view(), cluster->address(node))->id; };
    const QByteArray target = idOf(to), source = idOf(from);
    QVERIFY(cluster->run(to, {"CLUSTER", "SETSLOT", slot, "IMPORTING", source}));
    QVERIFY(cluster->run(from, {"CLUSTER", "SETSLOT", slot, "MIGRATING", target}));
    QVERIFY(cluster->run(from, {"SPUBLISH", "price:{tea}", "during"}));
    QTRY_VERIFY(holds(subscriptions, "during"));
    for (const int node : {to, from, 3 - to - from})
        QVERIFY(cluster->run(node, {"CLUSTER", "SETSLOT", slot, "NODE", target}));
    QTRY_VERIFY(subscriptions.look({}).subscriptions[0].places[0].nodeId == target && isOn(subscriptions));
    QVERIFY(gapIn(subscriptions));
    QVERIFY2(gapText(*gapIn(subscriptions)).contains(u"moved to another node"_s),
             qPrintable(gapText(*gapIn(subscriptions))));
    QVERIFY(cluster->run(to, {"SPUBLISH", "price:{tea}", "after"}));
    QTRY_VERIFY(holds(subscriptions, "after"));
}

/// A node is lost and later removed from the cluster. The subscription drops the node and reports the gap until then.
void TestSubscriptionFaults::aShardThatIsGone()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0, 1}));
    QVERIFY(session);
    Subscriptions subscriptions(session.get());
    QVERIFY(subscriptions.add({SubscriptionKind::KeyEvents, "__keyevent@0__:set"}));
    QTRY_VERIFY(isOn(subscriptions));
    const auto places = [&] { return subscriptions.look({}).subscriptions[0].places; };
    QCOMPARE(places().size(), 3U);
    const QByteArray gone = nodeAt(*session->view(), cluster->address(2))->id;
    (*cluster)->killNode(2);
    QTRY_VERIFY(!isOn(subscriptions));
    QVERIFY(!gapIn(subscriptions));
    for (const int node : {0, 1})
        QVERIFY(cluster->run(node, {"CLUSTER", "FORGET", gone}));
    QTRY_VERIFY_WITH_TIMEOUT(places().size() == 2 && gapIn(subscriptions), 40'000);
    QVERIFY(isOn(subscriptions));
    QCOMPARE(gapIn(subscriptions)->nodeId, gone);
}

void TestSubscriptionFaults::movedToWhereNothingIs_data()
{
    QTest::addColumn<QByteArray>("where"); // the address in the MOVED error (empty: the node's own)
    QTest::newRow("the node itself") << QByteArray();
    QTest::newRow("no known node") << "10.255.255.1:7000"_ba;
    QTest::newRow("nowhere") << ":0"_ba;
}

/// If MOVED leads to no usable node, SSUBSCRIBE is repeated with growing pauses, and the nodes are not asked for their
/// tables without end.
void TestSubscriptionFaults::movedToWhereNothingIs()
{
    QFETCH(QByteArray, where);
    const auto server = lonelyNode([&where](const QByteArrayList &command) {
        return command.value(0).toUpper() == "SSUBSCRIBE" ? "-MOVED 1 " + where + "\r\n" : QByteArray();
    });
    if (where.isEmpty())
        where = "127.0.0.1:" + QByteArray::number(server->serverPort());
    const auto session = sessionAt(*server);
    QVERIFY(session);
    Subscriptions subscriptions(session.get());
    QVERIFY(subscriptions.add({SubscriptionKind::Shard, "price:{tea}"}));
    QTRY_VERIFY(countOf(*server, "SSUBSCRIBE") >= 1);
    const qsizetype asked = countOf(*server, "CLUSTER");
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY_WITH_TIMEOUT(timer.elapsed() > 4000, 20'000);
    const qsizetype tries = countOf(*server, "SSUBSCRIBE"); // repeated after 0.5, 1.5 and 3.5 s
    QVERIFY2(tries >= 2 && tries <= 5, qPrintable(QString::number(tries)));
    const qsizetype looks = countOf(*server, "CLUSTER") - asked;
    QVERIFY2(looks <= 40, qPrintable(QString::number(looks)));
    const SubscriptionPlace place = subscriptions.look({}).subscriptions[0].places[0];
    QVERIFY(place.state == State::Opening && place.problem && place.problem->serverPrefix == "MOVED");
}

/// A refused password is reported and not tried again automatically, because that could lock the user out.
void TestSubscriptionFaults::aPasswordThatIsRefused()
{
    bool isRefused = false;
    const auto server = lonelyNode([&](const QByteArrayList &command) -> QByteArray {
        const QByteArray name = command.value(0).toUpper();
        if (name == "AUTH")
            return isRefused ? "-WRONGPASS invalid username-password pair or user is disabled.\r\n" : "+OK\r\n";
        return name == "SUBSCRIBE" ? "*3\r\n" + bulk("subscribe") + bulk(command.value(1)) + ":1\r\n" : QByteArray();
    });
    const auto session = sessionAt(*server, u"x"_s);
    QVERIFY(session);
    isRefused = true;
    Subscriptions subscriptions(session.get());
    QVERIFY(subscriptions.add({SubscriptionKind::Channel, "news"}));
    const auto place = [&] { return subscriptions.look({}).subscriptions[0].places[0]; };
    QTRY_VERIFY(place().state == State::Refused);
    QCOMPARE(place().problem->code, Error::Code::WrongPassword);
    QVERIFY(!problemsOf(subscriptions.look({}).subscriptions[0], {}).isEmpty());
    const qsizetype tries = countOf(*server, "AUTH");
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY_WITH_TIMEOUT(timer.elapsed() > 4000, 20'000); // longer than the pause after a failed connection
    QCOMPARE(countOf(*server, "AUTH"), tries);
    isRefused = false;
    subscriptions.askAgain();
    QTRY_VERIFY(place().state == State::On);
}

void TestSubscriptionFaults::keyEventsByAnyName()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    for (int node = 0; node < nodes; ++node)
        QVERIFY(cluster->run(node, {"CONFIG", "SET", "notify-keyspace-events", "KEA"}));
    Subscriptions subscriptions(session.get());
    QVERIFY(subscriptions.add({SubscriptionKind::Channel, "__keyspace@0__:a*{b}"}));
    QVERIFY(subscriptions.add({SubscriptionKind::Channel, "__keyring"}));
    QVERIFY(subscriptions.add({SubscriptionKind::Pattern, "__key*"}));
    QTRY_VERIFY(isOn(subscriptions));
    const auto states = subscriptions.look({}).subscriptions;
    QVERIFY(states[0].order.kind == SubscriptionKind::KeyEvents && states[0].places.size() == 3);
    QCOMPARE(states[0].order.name, "__keyspace@0__:a\\*{b}"_ba);
    QVERIFY(states[1].order.kind == SubscriptionKind::Channel && states[1].places.size() == 1);
    QVERIFY(states[2].order.kind == SubscriptionKind::Pattern && states[2].places.size() == 1);
    // a warning says that the pattern receives only some key events
    QTRY_VERIFY(subscriptions.look({}).subscriptions[2].hearsSomeKeyEvents);
    QVERIFY(!subscriptions.look({}).subscriptions[1].hearsSomeKeyEvents);
    for (const QByteArray &key : {"axx{b}"_ba, "a*{b}"_ba}) // the escaped star is a literal character of the key name
        QVERIFY(QCoro::waitFor(session->execute(commandOf("SET", key, "1"))));
    QTRY_COMPARE(heard(subscriptions, {.subscription = states[0].id}).size(), 1U);
    QVERIFY(cluster->run(1, {"PUBLISH", "__keyring", "plain"}));
    QTRY_COMPARE(heard(subscriptions, {.subscription = states[1].id}).size(), 1U);
    for (int node = 0; node < nodes; ++node)
        QVERIFY(cluster->run(node, {"CONFIG", "SET", "notify-keyspace-events", ""}));
    subscriptions.askAgain();
    // with notifications switched off there are no key events that could be missed
    QTRY_VERIFY(!subscriptions.look({}).subscriptions[2].hearsSomeKeyEvents);
}

/// A node is gone when the requested time is over. No later line reports the gap, so exit code 0 would wrongly mean
/// that all messages were received.
void TestSubscriptionFaults::theCommandLineAtItsEnd()
{
    const auto server = standalone();
    QVERIFY(server);
    const auto hearing = cli((*server)->uri(), {u"news"_s, u"--for"_s, u"6"_s, u"--json"_s});
    QTRY_COMPARE_WITH_TIMEOUT(server->run(0, {"PUBSUB", "NUMSUB", "news"})->items()[1].toInteger(), 1, 20'000);
    QVERIFY(server->run(0, {"PUBLISH", "news", "before"}));
    QByteArray printed;
    QTRY_VERIFY((printed += hearing->readAllStandardOutput()).contains("before"));
    (*server)->killNode(0);
    QVERIFY(hearing->waitForFinished(30'000));
    QCOMPARE(hearing->exitCode(), 1);
    const QByteArray said = hearing->readAllStandardError();
    QVERIFY2(said.contains("nothing received from") && said.contains("up to the end"), said.constData());
    const QByteArrayList lines = (printed + hearing->readAllStandardOutput()).trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    const QJsonObject gap = QJsonDocument::fromJson(lines[1]).object();
    QVERIFY(gap.value(u"kind").toString() == u"gap" && gap.value(u"open").toBool());
}

void TestSubscriptionFaults::theCommandLineHasADatabase()
{
    const auto server = standalone();
    QVERIFY(server);
    QVERIFY(server->run(0, {"CONFIG", "SET", "notify-keyspace-events", "KEA"}));
    const auto hearing = cli((*server)->uri() + u"/3"_s,
                             {u"--events"_s, u"set"_s, u"--count"_s, u"1"_s, u"--json"_s, u"--for"_s, u"20"_s});
    QTRY_COMPARE_WITH_TIMEOUT(server->run(0, {"PUBSUB", "NUMPAT"})->toInteger(), 1, 20'000);
    QVERIFY(server->run(0, {"EVAL", "redis.call('SELECT', 3) return redis.call('SET', 'k', 'v')", "0"}));
    QVERIFY(hearing->waitForFinished(30'000));
    const QJsonObject event = QJsonDocument::fromJson(hearing->readAllStandardOutput().trimmed()).object();
    QCOMPARE(event.value(u"channel").toString(), u"__keyevent@3__:set"_s);
}

SLOTSCOPE_TEST(TestSubscriptionFaults)
#include "tst_subscriptionfaults.moc"
