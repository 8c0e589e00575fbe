// SPDX-License-Identifier: GPL-3.0-or-later
// Clients of real servers: listed, and killed by what they are.
#include "core/clients/clientsreader.h"
#include "core/slowlog/slowlogreader.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTcpSocket>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestClients : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void listedOnEveryServer_data();
    void listedOnEveryServer();
    void killedByIdAndAddress();
    void anotherWithTheSameIdStays();
    void pausesAreSeen();
    void aUserWithoutTheRight();
    void productionAsks();
    void theCommandLine();

private:
    static constexpr int nodes = 3;
    static std::unique_ptr<TestCluster> start(const QString &path = serversFound().front().second)
    {
        LocalClusterOptions options;
        options.serverPath = path;
        options.replicasPerPrimary = 0;
        auto cluster = std::make_unique<TestCluster>(options);
        return cluster->start() ? std::move(cluster) : nullptr;
    }
    static QByteArray idOf(ClusterSession &session, TestCluster &cluster, int node)
    {
        return nodeAt(*session.view(), cluster.address(node))->id;
    }
    /// Returns a connected client that looks like another tool's: it sets a client name, sends `more` and stays
    /// connected.
    static std::unique_ptr<QTcpSocket> visitor(TestCluster &cluster, int node, const QByteArray &more = "PING\r\n")
    {
        auto socket = std::make_unique<QTcpSocket>();
        const Endpoint endpoint = cluster->nodes()[size_t(node)].endpoint;
        socket->connectToHost(endpoint.host, endpoint.port);
        socket->write("CLIENT SETNAME visitor\r\n" + more);
        return socket->waitForReadyRead(10'000) ? std::move(socket) : nullptr;
    }
    static std::optional<ClientToKill> visitorIn(const NodeClients &heard)
    {
        for (const ClientLine &client : *heard.clients)
            if (client.name == "visitor")
                return ClientToKill{heard.nodeId, heard.runId, client.id, client.address};
        return std::nullopt;
    }
};

void TestClients::listedOnEveryServer_data()
{
    QTest::addColumn<QString>("path");
    for (const auto &[name, path] : serversFound())
        QTest::addRow("%s", name.constData()) << path;
}

void TestClients::listedOnEveryServer()
{
    QFETCH(const QString, path);
    const auto cluster = start(path);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    const auto subscriber = visitor(*cluster, 1, "SUBSCRIBE a b\r\n");
    QVERIFY(subscriber);
    ClientsReader reader(session.get());
    const auto find = [&]() -> std::optional<ClientLine> {
        const auto heard = QCoro::waitFor(reader.read(idOf(*session, *cluster, 1)));
        if (!heard || !heard->clients || !heard->maxClients)
            return std::nullopt;
        for (const ClientLine &client : *heard->clients)
            if (client.name == "visitor" && client.channels == 2)
                return client;
        return std::nullopt;
    };
    QTRY_VERIFY(find());
    const ClientLine client = *find();
    QCOMPARE(client.address, "127.0.0.1:" + QByteArray::number(subscriber->localPort()));
    QVERIFY(client.memory && client.age && client.idle);
    QCOMPARE(client.command, "subscribe"_ba);
    const auto heard = QCoro::waitFor(reader.read(idOf(*session, *cluster, 1)));
    const auto raw = cluster->run(1, {"CLIENT"_ba, "LIST"_ba});
    const int lines = int(raw->bytes().count('\n')) - 1; // without the connection that sent CLIENT LIST
    QTRY_COMPARE(int(QCoro::waitFor(reader.read(idOf(*session, *cluster, 1)))->clients->size()), lines);
    QVERIFY(std::any_of(heard->clients->begin(), heard->clients->end(),
                        [](const ClientLine &each) { return each.isOurs(); }));
    QVERIFY(heard->pausedActions.isEmpty());
}

void TestClients::killedByIdAndAddress()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    const auto first = visitor(*cluster, 0), second = visitor(*cluster, 1), kept = visitor(*cluster, 2);
    QVERIFY(first && second && kept);
    ClientsReader reader(session.get());
    std::vector<ClientToKill> wanted;
    for (int node = 0; node < 2; ++node) {
        const auto heard = QCoro::waitFor(reader.read(idOf(*session, *cluster, node)));
        QVERIFY(heard && heard->clients && visitorIn(*heard));
        wanted.push_back(*visitorIn(*heard));
    }
    const auto killed = QCoro::waitFor(reader.kill(wanted, UserConsent::None));
    QVERIFY(killed && killed->size() == 2);
    for (size_t i = 0; i < 2; ++i) {
        QVERIFY((*killed)[i].client == wanted[i]);
        QVERIFY((*killed)[i].outcome == KilledClient::Outcome::Killed);
    }
    QTRY_COMPARE(first->state(), QAbstractSocket::UnconnectedState);
    QTRY_COMPARE(second->state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(kept->state(), QAbstractSocket::ConnectedState);
    const auto again = QCoro::waitFor(reader.kill(wanted, UserConsent::None));
    QVERIFY(again && (*again)[0].outcome == KilledClient::Outcome::Gone);
}

/// After a server restart client ids start again, so an id may then belong to another client, which must not be killed.
void TestClients::anotherWithTheSameIdStays()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    const auto stays = visitor(*cluster, 0);
    QVERIFY(stays);
    ClientsReader reader(session.get());
    const auto heard = QCoro::waitFor(reader.read(idOf(*session, *cluster, 0)));
    QVERIFY(heard && heard->clients && visitorIn(*heard));
    ClientToKill other = *visitorIn(*heard);
    other.address = "127.0.0.1:1";
    const auto killed = QCoro::waitFor(reader.kill({other}, UserConsent::None));
    QVERIFY(killed && killed->front().outcome == KilledClient::Outcome::Gone);
    // all clients of a Unix socket have the same address, so the server's run_id must match too
    other.address = "/run/r.sock:0";
    other.runId = "another";
    const auto socket = QCoro::waitFor(reader.kill({other}, UserConsent::None));
    QVERIFY(socket && socket->front().outcome == KilledClient::Outcome::Gone);
    QVERIFY(!stays->waitForDisconnected(100));
    QCOMPARE(stays->state(), QAbstractSocket::ConnectedState);
    other.nodeId = "nobody";
    const auto nowhere = QCoro::waitFor(reader.kill({other}, UserConsent::None));
    QVERIFY(nowhere && nowhere->front().outcome != KilledClient::Outcome::Killed);
}

void TestClients::pausesAreSeen()
{
    QString path;
    for (const auto &[name, server] : serversFound())
        if (name.startsWith("valkey"))
            path = server;
    if (path.isEmpty())
        QSKIP("needs a Valkey 8.1 or later (tests/support/servers.sh)");
    const auto cluster = start(path);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    ClientsReader reader(session.get());
    QVERIFY(cluster->run(2, {"CLIENT"_ba, "PAUSE"_ba, "60000"_ba, "WRITE"_ba}));
    const auto paused = QCoro::waitFor(reader.read(idOf(*session, *cluster, 2)));
    QVERIFY(paused);
    QCOMPARE(paused->pausedActions, "write"_ba);
    QVERIFY(paused->pausedMs > 30'000 && paused->pausedMs <= 60'000);
    const auto ended = QCoro::waitFor(reader.unpause(idOf(*session, *cluster, 2), UserConsent::None));
    QVERIFY(ended && ended->front().reply);
    QVERIFY(QCoro::waitFor(reader.read(idOf(*session, *cluster, 2)))->pausedActions.isEmpty());
}

void TestClients::aUserWithoutTheRight()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const QByteArrayList user{"ACL"_ba, "SETUSER"_ba, "some"_ba, "on"_ba, ">x"_ba, "~*"_ba, "+@all"_ba};
    for (int node = 0; node < nodes; ++node)
        QVERIFY(cluster->run(
            node, node == 1 ? user + QByteArrayList{"-client|list"_ba} : user + QByteArrayList{"-client|kill"_ba}));
    ConnectionTarget target = cluster->target({0});
    target.credentials.user = u"some"_s;
    target.credentials.password = u"x"_s;
    const auto session = connectTo(target);
    QVERIFY(session);
    ClientsReader reader(session.get());
    const auto refused = QCoro::waitFor(reader.read(idOf(*session, *cluster, 1)));
    QVERIFY(refused && refused->problem && !refused->clients);
    QCOMPARE(missingRight(*refused->problem), "+client|list"_ba);
    QVERIFY(refused->maxClients); // what the user is permitted to read is read nevertheless
    const auto stays = visitor(*cluster, 0);
    QVERIFY(stays);
    const auto heard = QCoro::waitFor(reader.read(idOf(*session, *cluster, 0)));
    QVERIFY(heard && heard->clients && visitorIn(*heard));
    const auto killed = QCoro::waitFor(reader.kill({*visitorIn(*heard)}, UserConsent::None));
    QVERIFY(killed && killed->front().outcome == KilledClient::Outcome::Refused);
    QCOMPARE(missingRight(*killed->front().problem), "+client|kill"_ba);
}

void TestClients::productionAsks()
{
    const auto cluster = start();
    QVERIFY(cluster);
    ConnectionTarget target = cluster->target({0});
    target.environment = EnvironmentKind::Production;
    const auto session = connectTo(target);
    QVERIFY(session);
    const auto visits = visitor(*cluster, 0);
    QVERIFY(visits);
    ClientsReader reader(session.get());
    const auto heard = QCoro::waitFor(reader.read(idOf(*session, *cluster, 0)));
    QVERIFY(heard && heard->clients && visitorIn(*heard));
    const auto asked = QCoro::waitFor(reader.kill({*visitorIn(*heard)}, UserConsent::None));
    QVERIFY(!asked && asked.error().code == Error::Code::NeedsConsent);
    QVERIFY(!visits->waitForDisconnected(50));
    const auto killed = QCoro::waitFor(reader.kill({*visitorIn(*heard)}, UserConsent::Given));
    QVERIFY(killed && killed->front().outcome == KilledClient::Outcome::Killed);
    target.readOnly = true;
    const auto careful = connectTo(target);
    QVERIFY(careful);
    ClientsReader reading(careful.get());
    const auto denied = QCoro::waitFor(reading.kill({*visitorIn(*heard)}, UserConsent::Given));
    QVERIFY(!denied && denied.error().code == Error::Code::ReadOnly);
}

void TestClients::theCommandLine()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto visits = visitor(*cluster, 1);
    QVERIFY(visits);
    const auto run = [&](const QStringList &words) {
        QProcess process;
        process.start(QCoreApplication::applicationDirPath() + u"/../../app/cli/slotscope-cli"_s,
                      QStringList{u"--uri"_s, (*cluster)->uri()} + words);
        process.waitForFinished(30000);
        return std::pair(process.exitCode(), process.readAllStandardOutput());
    };
    const auto [code, text] = run({u"clients"_s});
    QCOMPARE(code, 0);
    QVERIFY2(text.contains("visitor") && text.contains("slotscope"), text.constData());
    const auto [othersCode, others] = run({u"clients"_s, u"--others"_s});
    QCOMPARE(othersCode, 0);
    QVERIFY2(others.contains("visitor") && !others.contains("slotscope"), others.constData());
    const auto [byCode, by] = run({u"clients"_s, u"--by"_s, u"address"_s});
    QCOMPARE(byCode, 0);
    QVERIFY2(by.contains("127.0.0.1"), by.constData());
    const auto [jsonCode, json] = run({u"--json"_s, u"clients"_s, u"--others"_s});
    QCOMPARE(jsonCode, 0);
    const QJsonObject row = QJsonDocument::fromJson(json.trimmed()).object();
    QCOMPARE(row.value(u"name"_s).toString(), u"visitor"_s);
    QVERIFY(!row.value(u"others"_s).toObject().isEmpty());
    const QString id = QString::number(row.value(u"id"_s).toInt());
    const QStringList kill{u"clients"_s, u"--node"_s, cluster->address(1), u"--kill"_s, id};
    const auto [killCode, killed] = run(kill);
    QVERIFY2(killCode == 0 && killed.contains("killed client " + id.toLatin1()), killed.constData());
    QTRY_COMPARE(visits->state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(run(kill).first, 1); // the client no longer exists
    QCOMPARE(run({u"clients"_s, u"--kill"_s, id}).first, 2); // a client id without a node is a usage error
    QCOMPARE(run({u"clients"_s, u"--by"_s, u"age"_s}).first, 2);
}

SLOTSCOPE_TEST(TestClients)
#include "tst_clients.moc"
