// SPDX-License-Identifier: GPL-3.0-or-later
// MONITOR of several nodes at once, on real servers.
#include "core/profiler/profiler.h"
#include "core/slowlog/slowlogreader.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTcpSocket>
#include <QTest>

#include <csignal>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestProfiler : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyServer_data();
    void everyServer();
    void limits();
    void aFloodOnThreeNodes();
    void aNodeThatIsKilled();
    void aNodeThatStandsStill();
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
    static ProfileOrder orderFor(ClusterSession &session, TestCluster &cluster)
    {
        ProfileOrder order;
        for (int node = 0; node < nodes; ++node)
            order.nodes.append(nodeAt(*session.view(), cluster.address(node))->id);
        return order;
    }
    static Result<> begin(Profiler &profiler, const ProfileOrder &order)
    {
        return QCoro::waitFor(profiler.start(order));
    }
    static std::unique_ptr<QTcpSocket> client(TestCluster &cluster, int node)
    {
        auto socket = std::make_unique<QTcpSocket>();
        const Endpoint endpoint = cluster->nodes()[size_t(node)].endpoint;
        socket->connectToHost(endpoint.host, endpoint.port);
        return socket->waitForConnected(10'000) ? std::move(socket) : nullptr;
    }
    static std::vector<ProfileLine> linesWith(const Profiler &profiler, const QByteArray &word)
    {
        ProfileLook look;
        look.filter.words = {word};
        return profiler.look(look).newest;
    }
    static qint64 memoryOfThisProgram()
    {
        QFile file(u"/proc/self/statm"_s);
        return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() * 4096 : 0;
    }
};

void TestProfiler::everyServer_data()
{
    QTest::addColumn<QString>("path");
    for (const auto &[name, path] : serversFound())
        QTest::addRow("%s", name.constData()) << path;
}

/// Commands of a client and of a script, and arguments that look like parts of the MONITOR line format, are all parsed
/// exactly.
void TestProfiler::everyServer()
{
    QFETCH(const QString, path);
    const auto cluster = start(path);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    Profiler profiler(session.get());
    QVERIFY(begin(profiler, orderFor(*session, *cluster)));
    for (const ProfileNode &node : profiler.look({}).nodes)
        QVERIFY(node.state == ProfileNode::State::Watched);
    // one node owns the slot, the others see the command too and answer MOVED
    for (int node = 0; node < nodes; ++node) {
        std::ignore = cluster->run(node, {"SET", "{odd}a", "] "});
        std::ignore = cluster->run(node, {"SET", "{odd}b", "x\"y\\z"});
        std::ignore = cluster->run(node, {"EVAL", "redis.call('SET', KEYS[1], '1')", "1", "{odd}c"});
    }
    const auto heard = [&] {
        const ProfileSnapshot all = profiler.look({});
        QByteArray text = QByteArray::number(all.lines) + " lines, " + QByteArray::number(all.odd) + " odd, end "
            + QByteArray::number(int(all.end));
        for (const ProfileNode &each : all.nodes)
            text += ' ' + QByteArray::number(int(each.state)) + ':' + QByteArray::number(each.lines);
        return text;
    };
    QTRY_VERIFY2(linesWith(profiler, "{odd}a").size() >= 1 && linesWith(profiler, "{odd}b").size() >= 1,
                 heard().constData());
    QTRY_VERIFY(linesWith(profiler, "{odd}c").size() >= 2); // the EVAL command and the SET that it called
    QCOMPARE(linesWith(profiler, "{odd}a").front().line.command, (Command{"SET", "{odd}a", "] "}));
    QCOMPARE(linesWith(profiler, "{odd}b").front().line.command, (Command{"SET", "{odd}b", "x\"y\\z"}));
    const MonitorLine called = linesWith(profiler, "{odd}c").front().line;
    QVERIFY(called.source == MonitorLine::Source::Script);
    QCOMPARE(called.command, (Command{"SET", "{odd}c", "1"}));
    std::ignore = cluster->run(0, {"CONFIG", "SET", "masterauth", "s3cret"});
    std::ignore = cluster->run(0, {"AUTH", "default", "s3cret"});
    std::ignore = cluster->run(0, {"ECHO", "done"});
    QTRY_VERIFY(!linesWith(profiler, "done").empty());
    QVERIFY(linesWith(profiler, "s3cret").empty());
    QCOMPARE(profiler.look({}).odd, 0U);
    profiler.stop();
    QVERIFY(profiler.look({}).end == ProfileEnd::Asked && !profiler.look({}).isRunning);
    const QByteArray written = QCoro::waitFor(profiler.written({.words = {"{odd}b"}}, true)).value();
    QCOMPARE(QJsonDocument::fromJson(written.left(written.indexOf('\n'))).object().value(u"command").toArray().at(2),
             QJsonValue(u"x\"y\\z"_s));
}

void TestProfiler::limits()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    Profiler profiler(session.get());
    ProfileOrder order = orderFor(*session, *cluster);
    order.milliseconds = 300;
    QVERIFY(begin(profiler, order));
    QTRY_VERIFY(!profiler.isRunning());
    QVERIFY(profiler.look({}).end == ProfileEnd::Time && profiler.look({}).milliseconds >= 300);
    order.milliseconds = 0;
    order.lines = 25;
    QVERIFY(begin(profiler, order));
    QTRY_VERIFY2(!profiler.isRunning(), "our own PINGs are lines too");
    QVERIFY(profiler.look({}).end == ProfileEnd::Lines);
    QCOMPARE(profiler.look({}).lines, 25U);
    // No connection is left in MONITOR mode.
    for (int node = 0; node < nodes; ++node)
        QTRY_VERIFY(!cluster->run(node, {"CLIENT", "LIST"})->bytes().contains("cmd=monitor"));
    QVERIFY(!begin(profiler, ProfileOrder()));
}

/// When more commands arrive than can be processed, the rest is counted and the memory does not grow.
void TestProfiler::aFloodOnThreeNodes()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    std::vector<std::unique_ptr<QTcpSocket>> clients;
    QByteArray burst;
    for (int i = 0; i < 2000; ++i)
        burst += "ECHO flood:" + QByteArray::number(i) + "\r\n";
    Profiler profiler(session.get());
    ProfileOrder order = orderFor(*session, *cluster);
    order.readPerSecond = 20'000;
    QVERIFY(begin(profiler, order));
    for (int node = 0; node < nodes; ++node) {
        clients.push_back(client(*cluster, node));
        QVERIFY(clients.back());
        QTcpSocket *socket = clients.back().get();
        connect(socket, &QTcpSocket::readyRead, socket, [socket, &burst, due = qsizetype(0)]() mutable {
            due += socket->readAll().count('$');
            for (; due >= 2000; due -= 2000)
                socket->write(burst);
        });
        socket->write(burst);
        socket->write(burst);
    }
    QTRY_VERIFY_WITH_TIMEOUT(profiler.look({}).lines >= 100'000, 60'000);
    const qint64 before = memoryOfThisProgram();
    const quint64 linesBefore = profiler.look({}).lines;
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY_WITH_TIMEOUT(profiler.look({}).lines >= linesBefore + 300'000, 60'000);
    const ProfileSnapshot snapshot = profiler.look({});
    qInfo("%lld lines a second, %lld of %lld dropped, memory %+lld KB, own thread at most %lld us late",
          qint64(300'000'000 / std::max<qint64>(1, timer.elapsed())), qint64(snapshot.dropped), qint64(snapshot.lines),
          (memoryOfThisProgram() - before) / 1024, snapshot.ownDelay);
    QVERIFY(snapshot.dropped > 0);
    QVERIFY(snapshot.kept <= 20'000 && snapshot.newest.size() <= 200);
    QVERIFY(snapshot.kept + snapshot.letGo + snapshot.dropped + snapshot.odd == snapshot.lines);
#ifndef __SANITIZE_ADDRESS__ // AddressSanitizer keeps freed memory for a while
    QVERIFY(memoryOfThisProgram() - before < 64 * 1024 * 1024);
#endif
    profiler.stop();
}

void TestProfiler::aNodeThatIsKilled()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    Profiler profiler(session.get());
    QVERIFY(begin(profiler, orderFor(*session, *cluster)));
    using State = ProfileNode::State;
    ::kill(pid_t((*cluster)->nodes()[1].processId), SIGKILL);
    QTRY_VERIFY(profiler.look({}).nodes[1].state == State::Ended);
    QVERIFY(profiler.look({}).nodes[1].problem);
    QVERIFY(profiler.isRunning());
    std::ignore = cluster->run(0, {"ECHO", "still"});
    QTRY_VERIFY(!linesWith(profiler, "still").empty());
    for (const int node : {0, 2})
        ::kill(pid_t((*cluster)->nodes()[size_t(node)].processId), SIGKILL);
    QTRY_VERIFY(!profiler.isRunning());
    QVERIFY(profiler.look({}).end == ProfileEnd::NoNode);
}

/// The round-trip limit ends the profiler even if the node does not answer the PING at all.
void TestProfiler::aNodeThatStandsStill()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    Profiler profiler(session.get());
    ProfileOrder order = orderFor(*session, *cluster);
    order.pingMicroseconds = 300'000;
    QVERIFY(begin(profiler, order));
    QTRY_VERIFY(profiler.look({}).nodes[2].pingMicroseconds >= 0);
    QVERIFY(profiler.isRunning());
    ::kill(pid_t((*cluster)->nodes()[2].processId), SIGSTOP);
    QTRY_VERIFY(!profiler.isRunning());
    ::kill(pid_t((*cluster)->nodes()[2].processId), SIGCONT);
    QVERIFY(profiler.look({}).end == ProfileEnd::Ping);
}

void TestProfiler::aUserWithoutTheRight()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const Command user{"ACL", "SETUSER", "some", "on", ">x", "~*", "&*", "+@all"};
    for (int node = 0; node < nodes; ++node)
        std::ignore = cluster->run(node, node == 1 ? user + Command{"-monitor"} : user);
    ConnectionTarget target = cluster->target({0});
    target.credentials.user = u"some"_s;
    target.credentials.password = u"x"_s;
    const auto session = connectTo(target);
    QVERIFY(session);
    Profiler profiler(session.get());
    QVERIFY(begin(profiler, orderFor(*session, *cluster)));
    const ProfileSnapshot snapshot = profiler.look({});
    QVERIFY(snapshot.isRunning && snapshot.nodes[1].state == ProfileNode::State::Refused);
    QVERIFY(snapshot.nodes[1].problem);
    QCOMPARE(missingRight(*snapshot.nodes[1].problem), "+monitor"_ba);
    QVERIFY(snapshot.nodes[0].state == ProfileNode::State::Watched);
}

void TestProfiler::productionAsks()
{
    const auto cluster = start();
    QVERIFY(cluster);
    ConnectionTarget target = cluster->target({0});
    target.environment = EnvironmentKind::Production;
    const auto session = connectTo(target);
    QVERIFY(session);
    Profiler profiler(session.get());
    ProfileOrder order = orderFor(*session, *cluster);
    const auto refused = begin(profiler, order);
    QVERIFY(!refused && refused.error().code == Error::Code::NeedsConsent);
    QCOMPARE(refused.error().serverPrefix, "NAME"_ba);
    QVERIFY(!profiler.isRunning());
    order.consent = UserConsent::NameTyped;
    QVERIFY(begin(profiler, order));
    QVERIFY(profiler.isRunning());
}

void TestProfiler::theCommandLine()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto run = [&](const QStringList &words) {
        auto process = std::make_unique<QProcess>();
        process->start(qEnvironmentVariable("SLOTSCOPE_CLI"), QStringList{u"--uri"_s, (*cluster)->uri()} + words);
        return process;
    };
    const auto json = run({u"monitor"_s, u"--json"_s, u"--for"_s, u"20"_s, u"--match"_s, u"seen"_s});
    QByteArray output;
    const auto seen = [&] {
        std::ignore = cluster->run(2, {"ECHO", "seen \xff"});
        output += json->readAllStandardOutput();
        return !output.isEmpty();
    };
    QTRY_VERIFY(seen());
    std::ignore = cluster->run(1, {"ECHO", "seen"});
    const auto line = [&] {
        output += json->readAllStandardOutput();
        for (const QByteArray &each : output.split('\n')) {
            const QJsonObject row = QJsonDocument::fromJson(each).object();
            if (row.value(u"node").toString() == cluster->address(1))
                return row.value(u"command").toArray() == QJsonArray{u"ECHO"_s, u"seen"_s};
        }
        return false;
    };
    QTRY_VERIFY(line());
    json->terminate();
    QVERIFY(json->waitForFinished(20'000));
    QCOMPARE(json->exitCode(), 0);
    const auto table = run({u"monitor"_s, u"--by"_s, u"command"_s, u"--count"_s, u"40"_s});
    QVERIFY(table->waitForFinished(30'000));
    QCOMPARE(table->exitCode(), 0);
    QVERIFY(table->readAllStandardOutput().contains("PING"));
    QVERIFY(table->readAllStandardError().contains("40 lines was reached"));
    for (const QStringList &wrong : {QStringList{u"--for"_s, u"-1"_s},
                                     {u"--by"_s, u"x"_s},
                                     {u"--count"_s, u"0"_s},
                                     {u"--latency"_s, u"nan"_s},
                                     {u"--what"_s}}) {
        const auto refused = run(QStringList{u"monitor"_s} + wrong);
        QVERIFY(refused->waitForFinished(20'000));
        QCOMPARE(refused->exitCode(), 2);
    }
}

SLOTSCOPE_TEST(TestProfiler)
#include "tst_profiler.moc"
