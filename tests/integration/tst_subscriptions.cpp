// SPDX-License-Identifier: GPL-3.0-or-later
// Pub/Sub of real clusters: each subscription where it belongs, refusals, a flood, publishing, the command line.
#include "core/cluster/slot.h"
#include "core/pubsub/pubsubwords.h"
#include "integration/subscriptiontest.h"
#include "tests/support/testmain.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSet>
#include <QTcpSocket>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestSubscriptions : public SubscriptionTest
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { SKIP_WITHOUT_SERVER; }
    void eachWhereItBelongs_data();
    void eachWhereItBelongs();
    void pausedAndRemoved();
    void keyEventsOfThreePrimaries();
    void aFlood();
    void usersWithoutRights();
    void activeChannels();
    void publishingIsAChange();
    void aStandaloneServer();
    void theCommandLine();
};

void TestSubscriptions::eachWhereItBelongs_data()
{
    QTest::addColumn<bool>("resp3");
    QTest::newRow("RESP3") << true;
    QTest::newRow("RESP2") << false;
}

void TestSubscriptions::eachWhereItBelongs()
{
    QFETCH(const bool, resp3);
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    Subscriptions subscriptions(session.get());
    subscriptions.setResp3(resp3);
    const QByteArray odd("a\0\xff{x} ", 7);
    const auto channel = subscriptions.add({SubscriptionKind::Channel, odd});
    const auto pattern = subscriptions.add({SubscriptionKind::Pattern, "order.*"});
    const auto shard = subscriptions.add({SubscriptionKind::Shard, "price:{tea}"});
    QVERIFY(channel && pattern && shard);
    QVERIFY(!subscriptions.add({SubscriptionKind::Pattern, "order.*"}));
    QVERIFY(!subscriptions.add({SubscriptionKind::Pattern, ""}));
    QTRY_VERIFY(isOn(subscriptions));
    const PubSubSnapshot snapshot = subscriptions.look({});
    QCOMPARE(snapshot.subscriptions[2].slot, int(slotOfKey("price:{tea}")));
    const QByteArray owner = session->view()->nodes[size_t(session->view()->owner[slotOfKey("tea")])].id;
    QCOMPARE(snapshot.subscriptions[2].places[0].nodeId, owner);
    QCOMPARE(snapshot.subscriptions[0].places[0].nodeId, snapshot.subscriptions[1].places[0].nodeId);
    const QByteArray large(3 * 1024 * 1024, '\0');
    for (int node = 0; node < nodes; ++node) { // a message reaches the subscription from any node
        QVERIFY(cluster->run(node, {"PUBLISH", odd, QByteArray("a\0b\r\n\xc3", 6)}));
        QVERIFY(cluster->run(node, {"PUBLISH", "order.paid", QByteArray::number(node)}));
        std::ignore = cluster->run(node, {"SPUBLISH", "price:{tea}", "18900"}); // all nodes but the owner answer MOVED
    }
    QVERIFY(cluster->run(0, {"PUBLISH", "order.large", large}));
    QTRY_COMPARE(heard(subscriptions).size(), 8U);
    const PubSubMessages of = heard(subscriptions, {.subscription = *channel});
    QCOMPARE(of.size(), 3U);
    QCOMPARE(of[0]->channel, odd);
    QCOMPARE(of[0]->payload, QByteArray("a\0b\r\n\xc3", 6));
    const PubSubMessages price = heard(subscriptions, {.subscription = *shard});
    QCOMPARE(price.size(), 1U);
    QCOMPARE(price[0]->nodeId, owner);
    const PubSubMessages largest = heard(subscriptions, {.text = "ORDER.LARGE"});
    QCOMPARE(largest.size(), 1U);
    QVERIFY(largest[0]->bytes == large.size() && largest[0]->isCut());
    QVERIFY(!gapIn(subscriptions));
}

void TestSubscriptions::pausedAndRemoved()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    auto subscriptions = std::make_unique<Subscriptions>(session.get());
    const int one = *subscriptions->add({SubscriptionKind::Channel, "one"});
    const int two = *subscriptions->add({SubscriptionKind::Channel, "two"});
    QTRY_VERIFY(isOn(*subscriptions));
    const auto subscribersOf = [&](const QByteArray &channel) {
        qint64 sum = 0;
        for (int node = 0; node < nodes; ++node)
            sum += cluster->run(node, {"PUBSUB", "NUMSUB", channel})->items()[1].toInteger();
        return sum;
    };
    QCOMPARE(subscribersOf("one"), 1);
    subscriptions->setPaused(one, true);
    QTRY_COMPARE(subscribersOf("one"), 0);
    subscriptions->setPaused(one, false);
    QTRY_COMPARE(subscribersOf("one"), 1);
    QTRY_VERIFY(isOn(*subscriptions));
    QVERIFY(!gapIn(*subscriptions)); // a pause by the user is not reported as a gap
    subscriptions->remove(two);
    QTRY_COMPARE(subscribersOf("two"), 0);
    QVERIFY(cluster->run(0, {"PUBLISH", "one", "still"}));
    QTRY_VERIFY(holds(*subscriptions, "still"));
    subscriptions.reset(); // leaves no connection open
    QTRY_COMPARE(subscribersOf("one"), 0);
}

void TestSubscriptions::keyEventsOfThreePrimaries()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    QVERIFY(cluster->run(1, {"CONFIG", "SET", "notify-keyspace-events", "Kx"}));
    QVERIFY(cluster->run(2, {"CONFIG", "SET", "notify-keyspace-events", "KEA"}));
    Subscriptions subscriptions(session.get());
    // A pattern of key events is subscribed on all nodes, because nodes do not pass key events on to each other.
    QVERIFY(subscriptions.add({SubscriptionKind::Pattern, "__keyevent@0__:set"}));
    QTRY_VERIFY(isOn(subscriptions));
    QCOMPARE(subscriptions.look({}).subscriptions[0].places.size(), 3U);
    QTRY_COMPARE(subscriptions.look({}).warnings.size(), 2U);
    const auto warnings = subscriptions.look({}).warnings;
    QSet<QByteArray> lacking;
    for (const KeyEventsWarning &each : warnings) {
        QVERIFY(each.node != cluster->address(2));
        lacking.insert(each.setting + '/' + each.missing);
    }
    QCOMPARE(lacking, (QSet<QByteArray>{"/E$", "xK/E$"}));
    for (int node = 0; node < nodes; ++node)
        QVERIFY(cluster->run(node, {"CONFIG", "SET", "notify-keyspace-events", "KEA"}));
    subscriptions.askAgain();
    QTRY_VERIFY(subscriptions.look({}).warnings.empty());
    QSet<QByteArray> owners;
    for (int i = 0; i < 30; ++i) {
        const QByteArray key = "a:b:" + QByteArray::number(i);
        owners.insert(session->view()->nodes[size_t(session->view()->owner[slotOfKey(key)])].id);
        const auto set = QCoro::waitFor(session->execute(commandOf("SET", key, "x")));
        QVERIFY(set);
    }
    QCOMPARE(owners.size(), 3);
    QTRY_COMPARE(heard(subscriptions).size(), 30U); // each event arrives once
    QSet<QByteArray> from, keys;
    for (const PubSubMessagePtr &each : heard(subscriptions)) {
        from.insert(each->nodeId);
        keys.insert(each->payload);
    }
    QCOMPARE(from, owners);
    QCOMPARE(keys.size(), 30);
}

/// More than 100,000 messages at full speed: each is counted, the memory is bounded and other commands are not delayed.
void TestSubscriptions::aFlood()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    Subscriptions subscriptions(session.get());
    subscriptions.setBounds({.messages = 5000});
    QVERIFY(subscriptions.add({SubscriptionKind::Channel, "flood"}));
    QTRY_VERIFY(isOn(subscriptions));
    const int home = indexOf(*cluster, subscriptions.look({}).subscriptions[0].places[0].node);
    QByteArray burst;
    for (int i = 0; i < 100'000; ++i)
        burst += "PUBLISH flood " + QByteArray::number(i) + "\r\n";
    QTcpSocket socket;
    const Endpoint endpoint = (*cluster)->nodes()[size_t(home)].endpoint;
    socket.connectToHost(endpoint.host, endpoint.port);
    QVERIFY(socket.waitForConnected(10'000));
    connect(&socket, &QTcpSocket::readyRead, &socket, [&] { std::ignore = socket.readAll(); });
    QElapsedTimer timer;
    timer.start();
    socket.write(burst);
    int ticks = 0;
    QTimer other;
    connect(&other, &QTimer::timeout, &other, [&] { ++ticks; });
    other.start(10);
    QTRY_VERIFY_WITH_TIMEOUT(subscriptions.look({}).messages >= 100'000, 60'000);
    qInfo("%lld messages a second, another timer %d times", 100'000'000LL / std::max<qint64>(1, timer.elapsed()),
          ticks);
    const PubSubSnapshot snapshot = subscriptions.look({});
    QCOMPARE(snapshot.messages, 100'000U);
    QCOMPARE(snapshot.kept, 5000U);
    QCOMPARE(snapshot.dropped, 95'000U);
    QVERIFY(ticks > 0);
    QCOMPARE(snapshot.shown->front()->payload, "99999"_ba);
    QCOMPARE(snapshot.shown->back()->payload, "95000"_ba);
    QVERIFY(!gapIn(subscriptions));
}

void TestSubscriptions::usersWithoutRights()
{
    const auto cluster = start();
    QVERIFY(cluster);
    for (int node = 0; node < nodes; ++node)
        QVERIFY(cluster->run(node,
                             {"ACL", "SETUSER", "some", "on", ">x", "~*", "resetchannels", "&open.*", "+@all",
                              "-ssubscribe", "-config"}));
    ConnectionTarget target = cluster->target({0});
    target.credentials.user = u"some"_s;
    target.credentials.password = u"x"_s;
    const auto session = connectTo(target);
    QVERIFY(session);
    Subscriptions subscriptions(session.get());
    const int closed = *subscriptions.add({SubscriptionKind::Channel, "closed"});
    QVERIFY(subscriptions.add({SubscriptionKind::Pattern, "open.*"}));
    QVERIFY(subscriptions.add({SubscriptionKind::Shard, "open.x"}));
    QVERIFY(subscriptions.add({SubscriptionKind::KeyEvents, "__keyevent@0__:set"}));
    const auto state = [&](size_t i) { return subscriptions.look({}).subscriptions[i].places[0].state; };
    QTRY_VERIFY(state(0) == State::Refused && state(2) == State::Refused && state(1) == State::On);
    QTRY_VERIFY(state(3) == State::Refused);
    const PubSubSnapshot snapshot = subscriptions.look({});
    const QString said = problemsOf(snapshot.subscriptions[0], u"some"_s).join(u'\n');
    QVERIFY2(said.contains(u"ACL SETUSER some &closed"_s), qPrintable(said));
    const QString shard = problemsOf(snapshot.subscriptions[2], u"some"_s).join(u'\n');
    QVERIFY2(shard.contains(u"ACL SETUSER some +ssubscribe"_s), qPrintable(shard));
    // CONFIG is refused, so it is unknown whether key events are switched on
    QTRY_COMPARE(subscriptions.look({}).warnings.size(), 3U);
    QVERIFY(subscriptions.look({}).warnings[0].problem);
    QVERIFY(cluster->run(1, {"PUBLISH", "open.a", "heard"}));
    QTRY_VERIFY(holds(subscriptions, "heard"));
    for (int node = 0; node < nodes; ++node)
        QVERIFY(cluster->run(node, {"ACL", "SETUSER", "some", "&closed"}));
    subscriptions.askAgain();
    QTRY_VERIFY(state(0) == State::On);
    // When the permission is removed, the server closes the connection and the refusal is reported.
    for (int node = 0; node < nodes; ++node)
        QVERIFY(cluster->run(node, {"ACL", "SETUSER", "some", "resetchannels", "&open.*"}));
    QTRY_VERIFY(state(0) == State::Refused);
    QTRY_VERIFY(state(1) == State::On);
    QVERIFY(subscriptions.look({}).subscriptions[0].places[0].lostSince > 0);
    subscriptions.remove(closed);
}

void TestSubscriptions::activeChannels()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    Subscriptions subscriptions(session.get());
    std::vector<std::unique_ptr<QTcpSocket>> others;
    for (int node = 0; node < nodes; ++node) {
        const Endpoint endpoint = (*cluster)->nodes()[size_t(node)].endpoint;
        auto &socket = others.emplace_back(std::make_unique<QTcpSocket>());
        socket->connectToHost(endpoint.host, endpoint.port);
        QVERIFY(socket->waitForConnected(10'000));
        socket->write("SUBSCRIBE news\r\nPSUBSCRIBE x*\r\n");
    }
    QVERIFY(subscriptions.add({SubscriptionKind::Shard, "price:{tea}"}));
    QTRY_VERIFY(isOn(subscriptions));
    ActiveChannels channels;
    const auto look = [&] {
        channels = QCoro::waitFor(subscriptions.activeChannels()).value();
        return channels.channels.size() == 2 && channels.channels[0].subscribers == 3 && channels.patterns == 3;
    };
    QTRY_VERIFY(look());
    QCOMPARE(channels.channels[0].name, "news"_ba);
    QCOMPARE(channels.channels[0].nodes.size(), 3);
    QVERIFY(channels.channels[1].isShard && channels.channels[1].subscribers == 1);
    QVERIFY(channels.asked == 3 && channels.answered == 3 && channels.problems.empty());
    (*cluster)->killNode(2);
    QVERIFY(waitForView(*session, [&](const ClusterView &view) {
        const NodeState *node = nodeAt(view, cluster->address(2));
        return node && node->reach.state != Reach::State::Ready;
    }));
    channels = QCoro::waitFor(subscriptions.activeChannels()).value();
    QVERIFY(channels.asked == 3 && channels.answered == 2 && !channels.problems.empty());
}

void TestSubscriptions::publishingIsAChange()
{
    const auto cluster = start();
    QVERIFY(cluster);
    ConnectionTarget target = cluster->target({0});
    const auto session = connectTo(target);
    QVERIFY(session);
    Subscriptions subscriptions(session.get());
    QVERIFY(subscriptions.add({SubscriptionKind::Shard, "a"}));
    QVERIFY(subscriptions.add({SubscriptionKind::Channel, "a"}));
    QTRY_VERIFY(isOn(subscriptions));
    const QByteArray odd("\0\xff", 2);
    const auto sent = QCoro::waitFor(subscriptions.publish("a", odd, true, UserConsent::None));
    QVERIFY(sent && sent->front().reply);
    QCOMPARE(sent->front().reply->toInteger(), 1);
    QVERIFY(QCoro::waitFor(subscriptions.publish("a", odd, false, UserConsent::None)));
    QTRY_COMPARE(heard(subscriptions).size(), 2U);
    QCOMPARE(heard(subscriptions)[0]->payload, odd);
    target.readOnly = true;
    const auto reading = connectTo(target);
    QVERIFY(reading);
    Subscriptions readOnly(reading.get());
    for (const bool shard : {false, true}) {
        const auto refused = QCoro::waitFor(readOnly.publish("a", "x", shard, UserConsent::NameTyped));
        QVERIFY(refused && !refused->front().reply);
        QVERIFY(refused->front().reply.error().code == Error::Code::ReadOnly);
    }
    // allowed on a read-only connection, because subscribing changes no data
    QVERIFY(readOnly.add({SubscriptionKind::Channel, "a"}));
    QTRY_VERIFY(isOn(readOnly));
    target.readOnly = false;
    target.environment = EnvironmentKind::Production;
    const auto production = connectTo(target);
    QVERIFY(production);
    Subscriptions careful(production.get());
    const auto asked = QCoro::waitFor(careful.publish("a", "x", false, UserConsent::None));
    QVERIFY(!asked && asked.error().code == Error::Code::NeedsConsent);
    QVERIFY(QCoro::waitFor(careful.publish("a", "x", false, UserConsent::Given)));
}

void TestSubscriptions::aStandaloneServer()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().front().second;
    options.clusterMode = false;
    options.primaries = 1;
    options.replicasPerPrimary = 0;
    TestCluster server(options);
    QVERIFY2(server.start(), qPrintable(server.failure()));
    const auto session = connectTo(server.target({0}));
    QVERIFY(session);
    QVERIFY(server.run(0, {"CONFIG", "SET", "notify-keyspace-events", "KEA"}));
    Subscriptions subscriptions(session.get());
    QVERIFY(subscriptions.add({SubscriptionKind::Pattern, "*"}));
    QVERIFY(subscriptions.add({SubscriptionKind::Shard, "s"}));
    QVERIFY(subscriptions.add({SubscriptionKind::KeyEvents, "__keyspace@0__:a:b:c"}));
    QTRY_VERIFY(isOn(subscriptions));
    QVERIFY(server.run(0, {"SET", "a:b:c", "1"}));
    QVERIFY(server.run(0, {"SPUBLISH", "s", "shard"}));
    QTRY_VERIFY(holds(subscriptions, "shard") && heard(subscriptions, {.text = "__keyspace@0__:a:b:c"}).size() == 2U);
    // The server restarts: it counts as the same node, with a gap.
    server->killNode(0);
    QVERIFY(QCoro::waitFor(server->restartNode(0)));
    QTRY_VERIFY_WITH_TIMEOUT(isOn(subscriptions) && gapIn(subscriptions), 40'000);
    QVERIFY(server.run(0, {"PUBLISH", "back", "again"}));
    QTRY_VERIFY(holds(subscriptions, "again"));
}

void TestSubscriptions::theCommandLine()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto run = [&](const QStringList &words) {
        auto process = std::make_unique<QProcess>();
        process->start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                       QStringList{u"--uri"_s, (*cluster)->uri(), u"pubsub"_s} + words);
        return process;
    };
    const auto hearing = run({u"news"_s, u"--pattern"_s, u"order.*"_s, u"--count"_s, u"2"_s, u"--json"_s});
    const auto isHeard = [&] {
        qint64 sum = 0;
        for (int node = 0; node < nodes; ++node)
            sum += cluster->run(node, {"PUBSUB", "NUMSUB", "news"})->items()[1].toInteger()
                + cluster->run(node, {"PUBSUB", "NUMPAT"})->toInteger();
        return sum == 2;
    };
    QTRY_VERIFY(isHeard());
    const auto listed = run({u"--channels"_s, u"--json"_s});
    QVERIFY(listed->waitForFinished(30'000));
    const QJsonObject list = QJsonDocument::fromJson(listed->readAllStandardOutput()).object();
    QCOMPARE(list.value(u"channels").toArray().at(0).toObject().value(u"channel").toString(), u"news"_s);
    QVERIFY(list.value(u"patterns").toInt() == 1 && list.value(u"answered").toInt() == 3);
    const auto published = run({u"--publish"_s, u"news"_s, u"a \"b\""_s});
    QVERIFY(published->waitForFinished(30'000));
    QCOMPARE(published->exitCode(), 0);
    QVERIFY(published->readAllStandardOutput().contains("not counted"));
    QVERIFY(cluster->run(2, {"PUBLISH", "order.paid", QByteArray("\0\xff", 2)}));
    QVERIFY(hearing->waitForFinished(30'000));
    QCOMPARE(hearing->exitCode(), 0);
    const QByteArrayList lines = hearing->readAllStandardOutput().trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QCOMPARE(QJsonDocument::fromJson(lines[0]).object().value(u"payload").toString(), u"a \"b\""_s);
    QCOMPARE(QJsonDocument::fromJson(lines[1]).object().value(u"payload").toObject().value(u"base64").toString(),
             u"AP8="_s);
    const auto events = run({u"--events"_s, u"expired"_s, u"--for"_s, u"1.5"_s});
    QVERIFY(events->waitForFinished(30'000));
    const QByteArray said = events->readAllStandardError();
    QVERIFY2(said.contains("notify-keyspace-events is empty on") && said.contains(cluster->address(2).toUtf8()),
             said.constData());
    auto reading = std::make_unique<QProcess>();
    reading->start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                   {u"--uri"_s, (*cluster)->uri(), u"--read-only"_s, u"pubsub"_s, u"--publish"_s, u"a"_s, u"b"_s});
    QVERIFY(reading->waitForFinished(30'000));
    QCOMPARE(reading->exitCode(), 1);
    for (const QStringList &wrong : {QStringList{},
                                     {u"--for"_s, u"-1"_s, u"a"_s},
                                     {u"a"_s, u"--count"_s, u"0"_s},
                                     {u"--publish"_s, u"a"_s},
                                     {u"--channels"_s, u"a"_s},
                                     {u"--what"_s}}) {
        const auto refused = run(wrong);
        QVERIFY(refused->waitForFinished(20'000));
        QCOMPARE(refused->exitCode(), 2);
    }
}

SLOTSCOPE_TEST(TestSubscriptions)
#include "tst_subscriptions.moc"
