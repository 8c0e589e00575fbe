// SPDX-License-Identifier: GPL-3.0-or-later
// Analyses of real clusters: every key once, exact sums, and nothing said that was not read.
#include "core/analysis/analyser.h"
#include "core/analysis/keysizesreader.h"
#include "core/base/errortext.h"
#include "core/cluster/slot.h"
#include "support/testcluster.h"
#include "support/testmain.h"
#include "tests/support/clirun.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int usersMade = 3000, sessionsMade = 2000;

QCoro::Task<> sendEach(ClusterSession *session, std::vector<Command> commands)
{
    constexpr size_t atOnce = 500;
    for (size_t first = 0; first < commands.size(); first += atOnce) {
        std::vector<QCoro::Task<Result<Value>>> tasks;
        for (size_t i = first; i < std::min(commands.size(), first + atOnce); ++i)
            tasks.push_back(session->execute(commands[i]));
        for (auto &task : tasks) {
            const auto done = co_await task;
            if (!done)
                qWarning() << describe(done.error());
        }
    }
}

void send(ClusterSession &session, std::vector<Command> commands)
{
    QCoro::waitFor(sendEach(&session, std::move(commands)));
}

std::vector<Command> shopKeys()
{
    std::vector<Command> commands;
    for (int i = 0; i < usersMade; ++i)
        commands.push_back({"SET"_ba, "user:" + QByteArray::number(i), QByteArray(40, 'u')});
    for (int i = 0; i < sessionsMade; ++i)
        commands.push_back(
            {"SET"_ba, "session:web:" + QByteArray::number(i), QByteArray(100, 's'), "EX"_ba, "3000"_ba});
    Command hash{"HSET"_ba, "report:all"_ba};
    for (int i = 0; i < 5000; ++i)
        hash << "field" + QByteArray::number(i) << QByteArray(100, 'v');
    commands.push_back(hash);
    commands.push_back({"SET"_ba, "picture"_ba, QByteArray(200'000, 'p')});
    commands.push_back({"ZADD"_ba, "{board}:all"_ba, "1"_ba, "a"_ba, "2"_ba, "b"_ba});
    commands.push_back({"XADD"_ba, "{board}:log"_ba, "*"_ba, "f"_ba, "v"_ba});
    commands.push_back({"SADD"_ba, QByteArray("odd\0\xff", 5), "1"_ba});
    commands.push_back({"RPUSH"_ba, "queue"_ba, "1"_ba});
    return commands;
}
constexpr qint64 othersMade = 6;

AnalysisReportPtr analysed(ClusterSession &session, const AnalysisRequest &request,
                           const std::function<void(Analyser &, const AnalysisProgress &)> &meanwhile = {})
{
    Analyser analyser(&session);
    const auto report = QCoro::waitFor(analyser.analyse(request, [&](const AnalysisProgress &progress) {
        if (meanwhile)
            meanwhile(analyser, progress);
    }));
    if (!report)
        qWarning() << describe(report.error());
    return report ? *report : nullptr;
}

AnalysisRequest quickly()
{
    AnalysisRequest request;
    request.heatMs = 0;
    request.touches = true;
    return request;
}

const ReportType *typeIn(const AnalysisReport &report, const QByteArray &type)
{
    for (const ReportType &one : report.types)
        if (one.type == type)
            return &one;
    return nullptr;
}

KeySum sumOf(const AnalysisReport &report, const QByteArray &name)
{
    const int index = report.namespaceOf(name);
    return index < 0 ? KeySum{-1, -1} : report.namespaces[index].sum;
}

} // namespace

class TestAnalysis final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void addsUpAllKeys();
    void fromReplicas();
    void partsOnly();
    void asksNoLengthsThatTouch();
    void tellsRefusals();
    void pausesAndStops();
    void commandLine();
    void storesShowsAndCompares();
    void newerServers();
    void sizesOfAllKeys_data();
    void sizesOfAllKeys();
    void whileSlotsMove();
    void aNodeDies();
    void standalone();

private:
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<ClusterSession> m_session;
    qint64 m_keys = usersMade + sessionsMade + othersMade;
};

void TestAnalysis::initTestCase()
{
    m_cluster = std::make_unique<TestCluster>();
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    m_session = std::make_unique<ClusterSession>(m_cluster->target({0}));
    m_session->start();
    QVERIFY(waitForView(*m_session, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 6; }));
    send(*m_session, shopKeys());
}

void TestAnalysis::cleanupTestCase()
{
    m_session.reset();
    m_cluster.reset();
}

void TestAnalysis::addsUpAllKeys()
{
    const AnalysisReportPtr report = analysed(*m_session, quickly());
    QVERIFY(report);
    QVERIFY2(report->outcome.isWhole && !report->outcome.isPartial(), qPrintable(report->outcome.problems.join(u'\n')));
    qint64 size = 0;
    for (int node = 0; node < 3; ++node)
        size += m_cluster->run(node, commandOf("DBSIZE"))->toInteger();
    QCOMPARE(size, m_keys);
    QCOMPARE(report->sum.keys, size);
    QCOMPARE(report->outcome.expected, size);
    QCOMPARE(report->outcome.vanished, 0);
    QCOMPARE(sumOf(*report, "user:").keys, usersMade);
    QCOMPARE(sumOf(*report, "session:web:").keys, sessionsMade);
    QCOMPARE(report->withoutTtl.keys, usersMade + othersMade);
    QCOMPARE(report->ttl[2].keys, sessionsMade);
    QCOMPARE(typeIn(*report, "string")->sum.keys, usersMade + sessionsMade + 1);
    for (const QByteArray &type : {"hash"_ba, "zset"_ba, "stream"_ba, "set"_ba, "list"_ba})
        QCOMPARE(typeIn(*report, type)->sum.keys, 1);
    QCOMPARE(report->byBytes.front().key, "report:all"_ba);
    QCOMPARE(report->byBytes.front().elements, 5000);
    QCOMPARE(report->byBytes.front().encoding, "hashtable"_ba);
    QVERIFY(report->byBytes.front().isSampled);
    QVERIFY(report->sampleError >= 0);
    QCOMPARE(report->byBytes[1].key, "picture"_ba);
    QCOMPARE(report->byElements.front().key, "picture"_ba);
    const auto usage = QCoro::waitFor(m_session->execute(commandOf("MEMORY", "USAGE", "picture")));
    QCOMPARE(report->byBytes[1].bytes, usage->toInteger());
    // only the value of 200,000 equal letters is large enough for a compression test
    QCOMPARE(report->compression.size(), 1);
    QCOMPARE(report->compression.front().tried, 1);
    QVERIFY(report->compression.front().saving > 190'000);
    const ClusterViewPtr view = m_session->view();
    const NodeState &owner = view->nodes[size_t(view->owner[slotOfKey("picture")])];
    QCOMPARE(report->byBytes[1].shard, view->shards[size_t(owner.shard)].number);
    QCOMPARE(report->tags.front().tag, "board"_ba);
    QCOMPARE(report->shards.size(), 3);
}

void TestAnalysis::fromReplicas()
{
    AnalysisRequest request = quickly();
    request.scan.from = ScanRequest::From::Replicas;
    const AnalysisReportPtr report = analysed(*m_session, request);
    QVERIFY(report);
    QVERIFY(report->outcome.isWhole);
    QCOMPARE(report->sum.keys, m_keys);
    QVERIFY(report->scope.fromReplicas);
    QVERIFY2(report->scope.source.contains(u"replicas"_s), qPrintable(report->scope.source));
    for (int node = 0; node < 3; ++node) { // The analysis sent no key commands to the primaries.
        const QByteArray stats = m_cluster->run(node, commandOf("INFO", "commandstats"))->bytes();
        const AnalysisReportPtr again = node == 0 ? analysed(*m_session, request) : report;
        const auto countOf = [](const QByteArray &text) {
            const qsizetype at = text.indexOf("cmdstat_pttl:calls=");
            return at < 0 ? QByteArray() : text.mid(at, text.indexOf(',', at) - at);
        };
        QCOMPARE(countOf(m_cluster->run(node, commandOf("INFO", "commandstats"))->bytes()), countOf(stats));
    }
}

void TestAnalysis::partsOnly()
{
    AnalysisRequest request = quickly();
    request.scan.pattern = "session:*";
    AnalysisReportPtr report = analysed(*m_session, request);
    QVERIFY(report);
    QCOMPARE(report->sum.keys, sessionsMade);
    QCOMPARE(report->scope.pattern, "session:*"_ba);
    request = quickly();
    request.scan.type = "hash";
    report = analysed(*m_session, request);
    QVERIFY(report);
    QCOMPARE(report->sum.keys, 1);
    request = quickly();
    request.scan.pattern = "picture"; // a pattern without wildcards is looked up directly, without SCAN
    report = analysed(*m_session, request);
    QVERIFY(report);
    QCOMPARE(report->sum.keys, 1);
    request = quickly();
    request.scan.pattern = "none:*";
    report = analysed(*m_session, request);
    QVERIFY(report);
    QCOMPARE(report->sum.keys, 0);
    QVERIFY(report->findings.isEmpty());
}

/// The analysis must not change idle times. Redis 7.0 has no CLIENT NO-TOUCH, so there the analysis reads no lengths
/// and says so.
void TestAnalysis::asksNoLengthsThatTouch()
{
    const auto quiet = m_cluster->run(0, commandOf("CLIENT", "NO-TOUCH", "ON"));
    AnalysisRequest request = quickly();
    request.touches = false;
    const AnalysisReportPtr report = analysed(*m_session, request);
    QVERIFY(report);
    const bool isQuiet = quiet && !quiet->isError();
    QCOMPARE(report->byBytes.front().elements >= 0, isQuiet);
    QCOMPARE(report->outcome.problems.isEmpty(), isQuiet);
    QVERIFY(!report->outcome.isPartial());
}

/// For a user who may read only some keys, the other keys are counted as refused and the analysis continues.
void TestAnalysis::tellsRefusals()
{
    for (int node = 0; node < 6; ++node)
        QVERIFY(m_cluster->run(node, commandOf("ACL", "SETUSER", "some", "on", ">pw", "~user:*", "+@all")));
    ConnectionTarget target = m_cluster->target({0});
    target.credentials = {.user = u"some"_s, .password = u"pw"_s};
    ClusterSession session(target);
    session.start();
    QVERIFY(waitForView(session, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 6; }));
    const AnalysisReportPtr report = analysed(session, quickly());
    QVERIFY(report);
    QCOMPARE(report->sum.keys, usersMade);
    QCOMPARE(report->outcome.refused, m_keys - usersMade);
    QVERIFY(report->outcome.isPartial());
    QVERIFY(!report->outcome.problems.isEmpty());
    // Without permission for MEMORY the keys are counted and their sizes are unknown.
    for (int node = 0; node < 6; ++node)
        QVERIFY(m_cluster->run(node, commandOf("ACL", "SETUSER", "some", "~*", "-memory")));
    const AnalysisReportPtr sizeless = analysed(session, quickly());
    QVERIFY(sizeless);
    QCOMPARE(sizeless->sum.keys, m_keys);
    QCOMPARE(sizeless->sizesUnknown, m_keys);
    QVERIFY2(sizeless->outcome.problems.join(u' ').contains(u"memory"_s),
             qPrintable(sizeless->outcome.problems.join(u' ')));
    // Without permission for SCAN the report names each node that refused and is marked as incomplete.
    for (int node = 0; node < 6; ++node)
        QVERIFY(m_cluster->run(node, commandOf("ACL", "SETUSER", "some", "-scan")));
    const AnalysisReportPtr nothing = analysed(session, quickly());
    QVERIFY(nothing);
    QVERIFY(!nothing->outcome.isWhole);
    QCOMPARE(nothing->sum.keys, 0);
    QVERIFY(nothing->outcome.problems.size() >= 3);
}

void TestAnalysis::pausesAndStops()
{
    bool wasPaused = false;
    const AnalysisReportPtr whole =
        analysed(*m_session, quickly(), [&](Analyser &analyser, const AnalysisProgress &now) {
            if (now.isPaused || std::exchange(wasPaused, true))
                return;
            analyser.pause();
            QTimer::singleShot(0, this, [&analyser] { analyser.goOn(); });
        });
    QVERIFY(whole && whole->outcome.isWhole);
    QVERIFY(wasPaused);
    QCOMPARE(whole->sum.keys, m_keys);
    constexpr int many = 300'000; // With fewer keys the analysis would end before the stop takes effect.
    QVERIFY(m_cluster->fill(0, "{06S}many:", many));
    const AnalysisReportPtr part = analysed(*m_session, quickly(), [](Analyser &analyser, const AnalysisProgress &now) {
        if (now.counted > 0)
            analyser.stop();
    });
    QVERIFY(part && part->outcome.isStopped && part->outcome.isPartial());
    QVERIFY2(part->sum.keys > 0 && part->sum.keys < m_keys + many, qPrintable(QString::number(part->sum.keys)));
    QVERIFY(m_cluster->dropFilled(0, "{06S}many:", many));
}

void TestAnalysis::commandLine()
{
    const auto run = [&](const QStringList &words) {
        return runCli(QStringList{u"--uri"_s, (*m_cluster)->uri()} + words);
    };
    const auto [code, out, err] = run({u"analyse"_s, u"--json"_s, u"--heat"_s, u"0"_s});
    QVERIFY2(code == 0, err.constData());
    const QJsonObject json = QJsonDocument::fromJson(out).object();
    QCOMPARE(json[u"sum"_s][u"keys"_s].toInteger(), m_keys);
    QCOMPARE(json[u"outcome"_s][u"whole"_s].toBool(), true);
    QCOMPARE(json[u"biggestByBytes"_s][0][u"key"_s].toString(), u"report:all"_s);
    const auto [textCode, text, textErr] = run({u"analyse"_s, u"--heat"_s, u"0"_s, u"--touch"_s});
    QVERIFY2(textCode == 0, textErr.constData());
    for (const QByteArray &word : {"5,006 keys"_ba, "session:web:"_ba, "report:all"_ba, "hashtable 1"_ba})
        QVERIFY2(text.contains(word), text.constData());
    QVERIFY(run({u"analyse"_s, u"--heat"_s, u"0"_s, u"--csv"_s}).out.contains("namespace,\"session:web:\",2000,"));
    QVERIFY(run({u"analyse"_s, u"--heat"_s, u"0"_s, u"--html"_s}).out.startsWith("<!DOCTYPE html>"));
    QCOMPARE(run({u"analyse"_s, u"--samples"_s, u"0"_s}).code, 2);
    QCOMPARE(run({u"analyse"_s, u"--frobnicate"_s}).code, 2);
    QCOMPARE(run({u"analyse"_s, u"--help"_s}).code, 0);
}

/// A report is stored in the chosen folder, found again, and compared with a later one to show what grew.
void TestAnalysis::storesShowsAndCompares()
{
    const QTemporaryDir folder;
    qputenv("SLOTSCOPE_REPORTS", folder.filePath(u"reports"_s).toUtf8());
    const auto run = [&](const QStringList &words) {
        return runCli(QStringList{u"--uri"_s, (*m_cluster)->uri(), u"analyse"_s} + words);
    };
    const QStringList made{u"--heat"_s, u"0"_s, u"--touch"_s};
    QCOMPARE(run(made).code, 0);
    CliRun list = run({u"--list"_s});
    QCOMPARE(list.code, 0);
    QVERIFY2(list.out.contains("no report"), list.out.constData()); // reports are only stored on request
    QCOMPARE(run(made + QStringList{u"--compare"_s, u"last"_s}).code, 1);
    const CliRun saved = run(made + QStringList{u"--save"_s});
    QCOMPARE(saved.code, 0);
    QVERIFY2(saved.err.contains("saved as " + folder.path().toUtf8()), saved.err.constData());
    list = run({u"--list"_s, u"--json"_s});
    const QJsonArray reports = QJsonDocument::fromJson(list.out).object()[u"reports"_s].toArray();
    QCOMPARE(reports.size(), 1);
    QCOMPARE(reports[0][u"keys"_s].toInteger(), m_keys);
    const QString path = reports[0][u"file"_s].toString();
    QCOMPARE(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    // A stored report is found by its path, by its file name and as “last”. Showing one needs no server.
    for (const QString &name : {path, QFileInfo(path).fileName()}) {
        const CliRun shown = runCli({u"--uri"_s, u"redis://127.0.0.1:1"_s, u"analyse"_s, u"--show"_s, name});
        QVERIFY2(shown.code == 0 && shown.out.contains("5,006 keys"), shown.err.constData());
    }
    QVERIFY(run({u"--show"_s, u"last"_s, u"--csv"_s}).out.contains("namespace,\"session:web:\",2000,"));
    // The JSON export for other programs can be read back as a report.
    QFile exported(folder.filePath(u"before.json"_s));
    QVERIFY(exported.open(QIODevice::WriteOnly));
    exported.write(run({u"--show"_s, u"last"_s, u"--json"_s}).out);
    exported.close();
    constexpr int grown = 300;
    std::vector<Command> commands;
    for (int i = 0; i < grown; ++i)
        commands.push_back({"SET"_ba, "grown:" + QByteArray::number(i), QByteArray(1000, 'g')});
    send(*m_session, std::move(commands));
    for (const QString &before : {u"last"_s, exported.fileName()}) {
        const CliRun json = run(made + QStringList{u"--compare"_s, before, u"--json"_s});
        QVERIFY2(json.code == 0, json.err.constData());
        const QJsonObject told = QJsonDocument::fromJson(json.out).object();
        QCOMPARE(told[u"after"_s][u"keys"_s].toInteger() - told[u"before"_s][u"keys"_s].toInteger(), grown);
        QCOMPARE(told[u"unlike"_s].toString(), QString());
        bool isTold = false;
        for (const QJsonValue &change : told[u"changes"_s].toArray())
            isTold = isTold
                || (change[u"kind"_s] == u"namespace"_s && change[u"name"_s] == u"grown:"_s
                    && change[u"keys"_s].toInteger() == grown && change[u"bytes"_s].toInteger() > grown * 1000);
        QVERIFY2(isTold, json.out.constData());
    }
    const CliRun text = run(made + QStringList{u"--save"_s, u"--compare"_s, u"last"_s});
    QCOMPARE(text.code, 0);
    QVERIFY2(text.out.contains("grown:") && text.out.contains("+300") && text.out.contains("before  "),
             text.out.constData());
    // Two stored reports can be compared in either order.
    const CliRun two = run({u"--show"_s, exported.fileName(), u"--compare"_s, u"last"_s});
    QVERIFY2(two.code == 0 && two.out.contains("+300"), two.err.constData());
    for (int i = 0; i < grown; ++i)
        std::ignore = QCoro::waitFor(m_session->execute(commandOf("DEL", "grown:" + QByteArray::number(i))));
    // A damaged file is refused as a report and stays in its place.
    QVERIFY(exported.resize(exported.size() / 2));
    const CliRun broken = run({u"--show"_s, exported.fileName()});
    QVERIFY2(broken.code == 1 && broken.err.contains("before.json"), broken.err.constData());
    QVERIFY(exported.exists());
    QCOMPARE(run({u"--show"_s, u"not-there.report"_s}).code, 1);
    for (const QStringList &wrong : {QStringList{u"--show"_s},
                                     {u"--show"_s, u"last"_s, u"--save"_s},
                                     {u"--list"_s, u"--save"_s},
                                     {u"--rdb"_s, u"x.rdb"_s, u"--save"_s},
                                     {u"--rdb"_s, u"x.rdb"_s, u"--compare"_s, u"last"_s},
                                     {u"--compare"_s, u"last"_s, u"--html"_s},
                                     {u"--keysizes"_s, u"--show"_s, u"last"_s}})
        QCOMPARE(run(wrong).code, 2);
    qunsetenv("SLOTSCOPE_REPORTS");
}

/// Tests what only newer servers report: lengths read without changing idle times, the CPU time of slots, and how often
/// keys are used.
void TestAnalysis::newerServers()
{
    for (const auto &[name, path] : serversFound()) {
        if (name == "debian")
            continue;
        LocalClusterOptions options;
        options.serverPath = path;
        options.replicasPerPrimary = 0;
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        for (int node = 0; node < 3; ++node) {
            QVERIFY(cluster.run(node, commandOf("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu")));
            std::ignore = cluster.run(node, commandOf("CONFIG", "SET", "cluster-slot-stats-enabled", "yes"));
        }
        ClusterSession session(cluster.target({0}));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 3; }));
        send(session, shopKeys());
        send(session, std::vector<Command>(2000, commandOf("GET", "user:7")));
        AnalysisRequest request;
        request.heatMs = 300;
        bool hasSent = false;
        const AnalysisReportPtr report = analysed(session, request, [&](Analyser &, const AnalysisProgress &now) {
            if (now.step == AnalysisProgress::Step::Heat && now.elapsedMs > 0 && !std::exchange(hasSent, true))
                std::ignore = sendEach(&session, std::vector<Command>(500, commandOf("GET", "user:7")));
        });
        QVERIFY(report);
        QCOMPARE(report->sum.keys, m_keys);
        QCOMPARE(report->byBytes.front().elements, 5000);
        QVERIFY2(report->outcome.problems.isEmpty(), qPrintable(report->outcome.problems.join(u'\n')));
        QVERIFY(!report->hottest.isEmpty());
        QCOMPARE(report->hottest.front().key, "user:7"_ba);
        if (!report->heat.slots_.isEmpty())
            QCOMPARE(report->heat.slots_.front().slot, int(slotOfKey("user:7")));
        else
            // no commands ran while the heat was measured
            QVERIFY(!report->heat.problem.isEmpty() || report->heat.overMs > 0);
        qInfo() << name << "slots told:" << report->heat.slots_.size() << report->heat.problem;
    }
}

void TestAnalysis::sizesOfAllKeys_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("isTold");
    for (const auto &[name, path] : serversFound())
        QTest::newRow(name.constData()) << path << name.startsWith("redis-8");
}

/// INFO keysizes reports for all keys what an analysis finds by reading each key. Servers without INFO keysizes are
/// reported as unsupported.
void TestAnalysis::sizesOfAllKeys()
{
    QFETCH(const QString, path);
    QFETCH(const bool, isTold);
    LocalClusterOptions options;
    options.serverPath = path;
    TestCluster cluster(options);
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    ClusterSession session(cluster.target({0}));
    session.start();
    QVERIFY(waitForView(session, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 6; }));
    send(session, shopKeys());
    const auto sizes = QCoro::waitFor(KeySizesReader(&session).read());
    QVERIFY(sizes);
    QCOMPARE((*sizes)->nodes.size(), 3); // primaries only
    QCOMPARE((*sizes)->isUnsupported(), !isTold);
    QCOMPARE((*sizes)->isWhole(), isTold);
    const auto run = [&cluster](const QStringList &words) {
        return runCli(QStringList{u"--uri"_s, cluster->uri(), u"analyse"_s, u"--keysizes"_s} + words);
    };
    const auto [code, out, err] = run({u"--json"_s});
    const QJsonObject json = QJsonDocument::fromJson(out).object();
    QCOMPARE(code, isTold ? 0 : 1);
    QCOMPARE(json[u"whole"_s].toBool(), isTold);
    QCOMPARE(json[u"primaries"_s].toInt(), 3);
    if (!isTold) {
        QVERIFY2(err.contains("Redis 8.0"), err.constData());
        return;
    }
    AnalysisRequest request = quickly();
    const AnalysisReportPtr report = analysed(session, request);
    QVERIFY(report && report->outcome.isWhole);
    const QList<SizesOfType> told = (*sizes)->all.sum();
    int compared = 0;
    for (const ReportType &type : report->types)
        for (const SizesOfType &one : told)
            if (one.type == type.type && !one.isMemory) {
                QCOMPARE(one.keys, type.lengths);
                ++compared;
            }
    QCOMPARE(compared, 5);
    QCOMPARE((*sizes)->all.untold(), 1); // one key has no known length: the stream
    QVERIFY(keySizesLacks(**sizes, {}).join(u'\n').contains(u"streams"_s));
    const CliRun text = run({});
    QCOMPARE(text.code, 0);
    QVERIFY2(text.out.contains("INFO keysizes of 3 of 3 primaries") && text.out.contains("4,096–8,191"),
             text.out.constData());
    QCOMPARE(run({u"--match"_s, u"user:*"_s}).code, 2);
    // If one primary refuses, the report contains the values of the others and the missing permission.
    for (int node = 0; node < 3; ++node)
        QVERIFY(cluster.run(node, commandOf("ACL", "SETUSER", "some", "on", ">pw", "~*", "+@all")));
    ConnectionTarget target = cluster.target({0});
    target.credentials = {.user = u"some"_s, .password = u"pw"_s};
    ClusterSession limited(target);
    limited.start();
    QVERIFY(waitForView(limited, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 6; }));
    QVERIFY(cluster.run(1, commandOf("ACL", "SETUSER", "some", "-info")));
    const auto part = QCoro::waitFor(KeySizesReader(&limited).read());
    QVERIFY(part);
    QCOMPARE((*part)->told(), 2);
    QVERIFY(!(*part)->isWhole());
    QVERIFY2(keySizesLacks(**part, u"some"_s).join(u'\n').contains(u"ACL SETUSER some +info"_s),
             qPrintable(keySizesLacks(**part, u"some"_s).join(u'\n')));
}

/// While slots move all the time, no key is counted twice and none is reported as deleted.
void TestAnalysis::whileSlotsMove()
{
    TestCluster cluster;
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    ClusterSession session(cluster.target({0}));
    session.start();
    QVERIFY(waitForView(session, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 6; }));
    constexpr int moving = 20'000;
    std::vector<Command> commands;
    for (int i = 0; i < moving; ++i)
        commands.push_back({"SET"_ba, "moving:" + QByteArray::number(i), "x"_ba});
    send(session, std::move(commands));
    QProcess reshard;
    reshard.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                  {u"--uri"_s, cluster->uri(), u"reshard"_s, u"--from"_s, cluster.address(0), u"--to"_s,
                   cluster.address(1), u"--slots"_s, u"3000"_s, u"--classic"_s, u"--yes"_s});
    QVERIFY(reshard.waitForStarted());
    int analyses = 0;
    while (reshard.state() != QProcess::NotRunning || analyses == 0) {
        const AnalysisReportPtr report = analysed(session, quickly());
        QVERIFY(report);
        QCOMPARE(report->outcome.vanished, 0);
        QCOMPARE(report->sum.keys + report->outcome.unread, moving);
        QVERIFY2(report->outcome.unread == 0 || report->outcome.isPartial(), "not said");
        ++analyses;
        QCoreApplication::processEvents();
    }
    QVERIFY2(reshard.exitCode() == 0, reshard.readAllStandardError().constData());
    qInfo() << analyses << "analyses while slots moved";
}

/// If a primary dies during the analysis, its remaining keys are read from the replica that takes over, and each key is
/// counted once.
void TestAnalysis::aNodeDies()
{
    TestCluster cluster;
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    ClusterSession session(cluster.target({1}));
    session.start();
    QVERIFY(waitForView(session, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 6; }));
    constexpr int dying = 9000;
    std::vector<Command> commands;
    for (int i = 0; i < dying; ++i)
        commands.push_back({"SET"_ba, "dying:" + QByteArray::number(i), "x"_ba});
    send(session, std::move(commands));
    bool isDead = false;
    const AnalysisReportPtr report = analysed(session, quickly(), [&](Analyser &, const AnalysisProgress &now) {
        if (now.step == AnalysisProgress::Step::Heat && !std::exchange(isDead, true))
            QTimer::singleShot(5, [&cluster] { cluster->killNode(0); });
    });
    QVERIFY(report);
    QVERIFY(isDead);
    QVERIFY2(report->outcome.isWhole, qPrintable(report->outcome.problems.join(u'\n')));
    QCOMPARE(report->sum.keys + report->outcome.unread, dying);
    QCOMPARE(report->outcome.vanished, 0);
    QCOMPARE(report->outcome.unread, 0);
}

void TestAnalysis::standalone()
{
    TestCluster server({.primaries = 1, .replicasPerPrimary = 1, .clusterMode = false});
    QVERIFY2(server.start(), qPrintable(server.failure()));
    ClusterSession session(server.target({0}));
    session.start();
    QVERIFY(waitForView(session, [](const ClusterView &view) { return !view.shards.empty(); }));
    QVERIFY(server.run(
        0, commandOf("EVAL", "redis.call('SELECT', 3) for i = 1, 3000 do redis.call('SET', 'k:'..i, i) end", "0")));
    AnalysisRequest request = quickly();
    request.scan.database = 3;
    const AnalysisReportPtr report = analysed(session, request);
    QVERIFY(report);
    QCOMPARE(report->sum.keys, 3000);
    QVERIFY(!report->scope.hasSlots);
    QVERIFY(report->slots_.isEmpty());
    QCOMPARE(report->scope.database, 3);
    request.scan.database = 0;
    const AnalysisReportPtr none = analysed(session, request);
    QVERIFY(none);
    QCOMPARE(none->sum.keys, 0);
}

SLOTSCOPE_TEST(TestAnalysis)
#include "tst_analysis.moc"
