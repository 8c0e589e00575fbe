// SPDX-License-Identifier: GPL-3.0-or-later
// Round trips to real servers, and their latency monitors: frozen, killed and restarted nodes, users without rights.
#include "core/latency/latencyreader.h"
#include "core/latency/pingrecorder.h"
#include "core/slowlog/slowlogreader.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestLatencies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyNodeIsPinged();
    void aFrozenNodeIsSeen();
    void aNodeThatComesBackKeepsItsFigures();
    void paceForManyNodes();
    void eventsOfEveryServer_data();
    void eventsOfEveryServer();
    void thresholdsAndReset();
    void aUserWithoutTheRight();
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
    static PingFigures figuresOf(const PingBook &book, const QByteArray &id)
    {
        const PingBook::Node *node = book.node(id);
        return node ? node->series.figures() : PingFigures();
    }
};

void TestLatencies::everyNodeIsPinged()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    PingBook book;
    PingRecorder recorder(session.get());
    recorder.start([&](PingEvent event) { book.take(event); }, 10);
    for (int node = 0; node < nodes; ++node)
        QTRY_VERIFY(figuresOf(book, idOf(*session, *cluster, node)).answered >= 50);
    const PingFigures figures = figuresOf(book, idOf(*session, *cluster, 0));
    QVERIFY(figures.shortest > 0 && figures.shortest <= figures.p50 && figures.p50 <= figures.p99
            && figures.p99 <= figures.p999 && figures.p999 <= figures.longest);
    QCOMPARE(figures.lost, qint64(0));
    QTRY_VERIFY(book.jitter().figures().answered >= 20);
    const auto clients = cluster->run(0, {"CLIENT"_ba, "LIST"_ba});
    QCOMPARE(clients->bytes().count("cmd=ping"), 1); // the pings use one separate connection per node
    recorder.stop();
    QTRY_COMPARE(cluster->run(0, {"CLIENT"_ba, "LIST"_ba})->bytes().count("cmd=ping"), 0);
    const qint64 answered = figuresOf(book, idOf(*session, *cluster, 1)).answered;
    PingEvent none;
    book.slideTo(QDateTime::currentMSecsSinceEpoch());
    QCOMPARE(figuresOf(book, idOf(*session, *cluster, 1)).answered, answered);
}

/// While a node is frozen, the age of the unanswered ping is shown as its latency. Afterwards every ping that was due
/// in that time counts as slow.
void TestLatencies::aFrozenNodeIsSeen()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    const QByteArray frozen = idOf(*session, *cluster, 1), other = idOf(*session, *cluster, 2);
    PingBook book;
    PingRecorder recorder(session.get());
    recorder.start([&](PingEvent event) { book.take(event); }, 20);
    QTRY_VERIFY(figuresOf(book, frozen).answered > 10);
    const qint64 before = figuresOf(book, frozen).answered;
    QVERIFY(::kill(pid_t((*cluster)->nodes()[1].processId), SIGSTOP) == 0);
    QTRY_VERIFY(book.node(frozen)->waiting > 800'000);
    QCOMPARE(book.node(other)->waiting, qint64(0));
    QVERIFY(::kill(pid_t((*cluster)->nodes()[1].processId), SIGCONT) == 0);
    QTRY_COMPARE(book.node(frozen)->waiting, qint64(0));
    QTRY_VERIFY(figuresOf(book, frozen).longest > 800'000);
    QTRY_VERIFY(figuresOf(book, frozen).answered > before + 30);
    // high because all pings that were due count, not only the one that was sent
    QVERIFY(figuresOf(book, frozen).p99 > 300'000);
    QVERIFY(figuresOf(book, other).p50 < 300'000);
    QCOMPARE(figuresOf(book, frozen).lost, qint64(0));
}

void TestLatencies::aNodeThatComesBackKeepsItsFigures()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    const QByteArray id = idOf(*session, *cluster, 2);
    PingBook book;
    PingRecorder recorder(session.get());
    recorder.start([&](PingEvent event) { book.take(event); }, 10);
    QTRY_VERIFY(figuresOf(book, id).answered > 20);
    const qint64 before = figuresOf(book, id).answered;
    (*cluster)->killNode(2);
    QTRY_VERIFY(book.node(id)->problem);
    QVERIFY(!book.node(id)->isLinked);
    QVERIFY(figuresOf(book, id).answered >= before);
    QVERIFY(QCoro::waitFor((*cluster)->restartNode(2)));
    QTRY_VERIFY(book.node(id)->isLinked && !book.node(id)->problem);
    const qint64 back = figuresOf(book, id).answered;
    QTRY_VERIFY(figuresOf(book, id).answered > back + 10);
}

void TestLatencies::paceForManyNodes()
{
    QCOMPARE(PingRecorder::paceFor(100, 6), 100);
    QCOMPARE(PingRecorder::paceFor(100, 1000), 2000);
}

void TestLatencies::eventsOfEveryServer_data()
{
    QTest::addColumn<QString>("path");
    for (const auto &[name, path] : serversFound())
        QTest::addRow("%s", name.constData()) << path;
}

void TestLatencies::eventsOfEveryServer()
{
    QFETCH(const QString, path);
    const auto cluster = start(path);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    LatencyReader reader(session.get());
    const QByteArray id = idOf(*session, *cluster, 1);
    const auto off = QCoro::waitFor(reader.read(id));
    QVERIFY(off && off->events.empty() && !off->problem);
    QCOMPARE(off->threshold, std::optional<qint64>(0));
    QVERIFY(QCoro::waitFor(reader.setThreshold({}, 5, UserConsent::None)));
    const auto before = QCoro::waitFor(reader.commands(id));
    QVERIFY(before && !before->problem && !before->percentilesProblem);
    QVERIFY(cluster->run(1, {"EVAL"_ba, "local n = 0 for i = 1, 3e6 do n = n + i end return n"_ba, "0"_ba}));
    const auto heard = QCoro::waitFor(reader.read(id));
    QVERIFY(heard && !heard->problem && !heard->historyProblem);
    QCOMPARE(heard->threshold, std::optional<qint64>(5));
    QCOMPARE(heard->events.size(), size_t(1));
    QCOMPARE(heard->events[0].event.name, "command"_ba);
    QVERIFY(!heard->events[0].history.empty());
    QVERIFY(qAbs(heard->events[0].at - QDateTime::currentMSecsSinceEpoch()) < 10'000);
    const auto after = QCoro::waitFor(reader.commands(id));
    QVERIFY(after && after->runId == before->runId && !after->runId.isEmpty());
    const CommandLatencies news = difference(after->histogram, before->histogram);
    QCOMPARE(news.value("eval").calls, qint64(1));
    QVERIFY(news.value("eval").longest() >= 5000);
    QVERIFY(after->percentiles.contains("eval"));
    const auto doctors = QCoro::waitFor(reader.doctors(id));
    QVERIFY(doctors && doctors->latency && doctors->memory);
    QVERIFY2(doctors->latency->contains("1. command: 1 latency spikes"), doctors->latency->constData());
    QVERIFY(doctors->memory->contains("instance"));
}

void TestLatencies::thresholdsAndReset()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    LatencyReader reader(session.get());
    const auto set = QCoro::waitFor(reader.setThreshold({}, 7, UserConsent::None));
    QVERIFY(set);
    QCOMPARE(set->size(), nodes);
    for (int node = 0; node < nodes; ++node)
        QCOMPARE(QCoro::waitFor(reader.read(idOf(*session, *cluster, node)))->threshold, std::optional<qint64>(7));
    const QByteArray one = idOf(*session, *cluster, 1);
    QVERIFY(cluster->run(1, {"EVAL"_ba, "local n = 0 for i = 1, 5e6 do n = n + i end return n"_ba, "0"_ba}));
    QCOMPARE(QCoro::waitFor(reader.read(one))->events.size(), size_t(1));
    const auto other = QCoro::waitFor(reader.reset(one, "fork"_ba, UserConsent::None));
    QVERIFY(other && other->front().reply && other->front().reply->toInteger() == 0);
    QCOMPARE(QCoro::waitFor(reader.read(one))->events.size(), size_t(1));
    QVERIFY(QCoro::waitFor(reader.reset({}, {}, UserConsent::None)));
    QVERIFY(QCoro::waitFor(reader.read(one))->events.empty());
    ConnectionTarget careful = cluster->target({0});
    careful.readOnly = true;
    const auto reading = connectTo(careful);
    QVERIFY(reading);
    LatencyReader refused(reading.get());
    const auto denied = QCoro::waitFor(refused.setThreshold({}, 1, UserConsent::Given));
    QVERIFY(!denied && denied.error().code == Error::Code::ReadOnly);
    const auto deniedReset = QCoro::waitFor(refused.reset({}, {}, UserConsent::Given));
    QVERIFY(!deniedReset && deniedReset.error().code == Error::Code::ReadOnly);
    QCOMPARE(QCoro::waitFor(reader.read(one))->threshold, std::optional<qint64>(7));
}

void TestLatencies::aUserWithoutTheRight()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const QByteArrayList user{"ACL"_ba, "SETUSER"_ba, "some"_ba, "on"_ba, ">x"_ba, "~*"_ba, "+@all"_ba};
    for (int node = 0; node < nodes; ++node)
        QVERIFY(
            cluster->run(node, node == 1 ? user + QByteArrayList{"-latency"_ba, "-config|get"_ba, "-ping"_ba} : user));
    ConnectionTarget target = cluster->target({0});
    target.credentials.user = u"some"_s;
    target.credentials.password = u"x"_s;
    const auto session = connectTo(target);
    QVERIFY(session);
    LatencyReader reader(session.get());
    const QByteArray id = idOf(*session, *cluster, 1);
    const auto heard = QCoro::waitFor(reader.read(id));
    QVERIFY(heard && heard->problem && heard->thresholdProblem);
    QCOMPARE(missingRight(*heard->problem), "+latency|latest"_ba);
    const auto doctors = QCoro::waitFor(reader.doctors(id));
    QVERIFY(doctors && !doctors->latency && doctors->memory);
    QCOMPARE(missingRight(doctors->latency.error()), "+latency|doctor"_ba);
    const auto commands = QCoro::waitFor(reader.commands(id));
    // this command only needs INFO, which the user may run
    QVERIFY(commands && commands->problem && !commands->percentilesProblem);
    PingBook book;
    PingRecorder recorder(session.get());
    recorder.start([&](PingEvent event) { book.take(event); }, 20);
    QTRY_VERIFY(figuresOf(book, id).answered > 5); // an error reply “no permission” measures the round trip too
}

void TestLatencies::theCommandLine()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto run = [&](const QStringList &words) {
        QProcess process;
        process.start(QCoreApplication::applicationDirPath() + u"/../../app/cli/slotscope-cli"_s,
                      QStringList{u"--uri"_s, (*cluster)->uri()} + words);
        process.waitForFinished(30000);
        return std::pair(process.exitCode(), process.readAllStandardOutput());
    };
    const auto [code, text] = run({u"latency"_s, u"--for"_s, u"1"_s, u"--interval"_s, u"20"_s});
    QVERIFY2(code == 0, text.constData());
    for (int node = 0; node < nodes; ++node)
        QVERIFY2(text.contains(cluster->address(node).toUtf8()), text.constData());
    QVERIFY(text.contains("delay of this program itself"));
    const auto [jsonCode, json] =
        run({u"--json"_s, u"latency"_s, u"--for"_s, u"1"_s, u"--node"_s, cluster->address(1)});
    QCOMPARE(jsonCode, 0);
    const QJsonObject row = QJsonDocument::fromJson(json.split('\n').first()).object();
    QVERIFY2(row.value(u"answered"_s).toInt() >= 4, json.constData());
    QCOMPARE(row.value(u"node"_s).toString(), cluster->address(1));
    QVERIFY(row.value(u"p99.9"_s).toDouble() > 0);
    for (int node = 0; node < nodes; ++node)
        QVERIFY(cluster->run(node, {"CONFIG"_ba, "SET"_ba, "latency-monitor-threshold"_ba, "5"_ba}));
    QVERIFY(cluster->run(1, {"EVAL"_ba, "local n = 0 for i = 1, 5e6 do n = n + i end return n"_ba, "0"_ba}));
    const auto [eventsCode, events] = run({u"latency"_s, u"--events"_s});
    QCOMPARE(eventsCode, 0);
    QVERIFY2(events.contains("command") && events.contains("slow log"), events.constData());
    const auto [doctorCode, doctor] = run({u"latency"_s, u"--doctor"_s});
    QCOMPARE(doctorCode, 0);
    QVERIFY2(doctor.contains("LATENCY DOCTOR") && doctor.contains("MEMORY DOCTOR"), doctor.constData());
    const auto [commandsCode, commands] = run({u"--json"_s, u"latency"_s, u"--commands"_s});
    QCOMPARE(commandsCode, 0);
    QVERIFY2(commands.contains(R"("command":"eval")"), commands.constData());
    const auto [sinceCode, since] = run({u"--json"_s, u"latency"_s, u"--commands"_s, u"--for"_s, u"1"_s});
    QCOMPARE(sinceCode, 0);
    QVERIFY2(!since.contains(R"("command":"eval")"), since.constData()); // EVAL ran before the measured second
    QCOMPARE(run({u"latency"_s, u"--for"_s, u"0"_s}).first, 2);
    QCOMPARE(run({u"latency"_s, u"--follow"_s, u"--events"_s}).first, 2);
    QCOMPARE(run({u"latency"_s, u"--events"_s, u"--for"_s, u"2"_s}).first, 2);
}

SLOTSCOPE_TEST(TestLatencies)
#include "tst_latencies.moc"
