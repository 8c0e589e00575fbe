// SPDX-License-Identifier: GPL-3.0-or-later
// Load tests of real servers: what is counted is what they counted; a stall shows; a failover is survived; the keys go.
#include "core/load/loadgenerator.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestLoads : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("SLOTSCOPE_LOADS", m_folder->filePath(u"loads"_s).toUtf8());
    }
    void countsAreTheServers_data();
    void countsAreTheServers();
    void aStallShows();
    void aFailoverIsSurvived();
    void othersKeysStay();
    void keptKeysStay();
    void refusals();
    void stoppedEarly();
    void readsOfReplicas();
    void afterAKill();
    void stoppedWhileTheServerHangs();
    void renamedCommands();
    void removedWhereNothingWas();

private:
    static std::unique_ptr<TestCluster> start(int replicas = 0)
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = replicas;
        auto cluster = std::make_unique<TestCluster>(options);
        return cluster->start() ? std::move(cluster) : nullptr;
    }
    static std::unique_ptr<TestCluster> startOne(const QStringList &arguments = {})
    {
        LocalClusterOptions options;
        options.serverPath = u"redis-server"_s;
        options.primaries = 1;
        options.replicasPerPrimary = 0;
        options.clusterMode = false;
        options.extraArguments = arguments;
        auto server = std::make_unique<TestCluster>(options);
        return server->start() ? std::move(server) : nullptr;
    }
    static Result<LoadReportPtr> run(LoadGenerator &generator, const LoadSpec &spec,
                                     UserConsent consent = UserConsent::None)
    {
        return QCoro::waitFor(generator.run(spec, consent));
    }
    static qint64 keysIn(const TestCluster &cluster, int node)
    {
        const auto size = cluster.run(node, commandOf("DBSIZE"));
        return size ? size->toInteger() : -1;
    }
    static qint64 callsOf(const TestCluster &cluster, int node, const QByteArray &command)
    {
        const auto info = cluster.run(node, commandOf("INFO", "commandstats"));
        const QByteArray text = info ? info->bytes() : QByteArray();
        const qsizetype at = text.indexOf("cmdstat_" + command + ":calls=");
        if (at < 0)
            return 0;
        const qsizetype begin = text.indexOf('=', at) + 1;
        return text.mid(begin, text.indexOf(',', begin) - begin).toLongLong();
    }
    static LoadSpec shortLoad()
    {
        LoadSpec spec;
        spec.seconds = 1;
        spec.warmUpSeconds = 0;
        spec.keys = 1000;
        spec.clients = 6;
        return spec;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestLoads::countsAreTheServers_data()
{
    QTest::addColumn<double>("rate");
    QTest::addColumn<int>("pipeline");
    QTest::addColumn<int>("threads");
    QTest::newRow("highest rate") << 0.0 << 1 << 1;
    QTest::newRow("pipeline, threads") << 0.0 << 8 << 3;
    QTest::newRow("fixed rate") << 2000.0 << 1 << 2;
}

void TestLoads::countsAreTheServers()
{
    QFETCH(const double, rate);
    QFETCH(const int, pipeline);
    QFETCH(const int, threads);
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    LoadGenerator generator(session.get());
    LoadSpec spec = shortLoad();
    spec.mix = {{.text = "incr", .weight = 1}, {.text = "hset", .weight = 1}};
    spec.rate = rate;
    spec.pipeline = pipeline;
    spec.threads = threads;
    spec.seconds = 0;
    spec.count = 3001;
    const auto report = run(generator, spec);
    QVERIFY2(report, report ? "" : qPrintable(report.error().detail));
    QCOMPARE((*report)->all.ok, 3001);
    QCOMPARE((*report)->all.errorSum(), 0);
    QVERIFY((*report)->cleaned);
    QCOMPARE((*report)->end, LoadReport::End::Count);
    for (const LoadRow &node : (*report)->nodes)
        for (int i = 0; i < 3; ++i)
            if (node.name == cluster->address(i))
                QCOMPARE(callsOf(*cluster, i, "incr") + callsOf(*cluster, i, "hset"), node.ok);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(keysIn(*cluster, i), 0);
    QCOMPARE(QCoro::waitFor(generator.left(true))->size(), 0);
}

/// The load sends requests at fixed times for four seconds, while one of three nodes is frozen for one second. A
/// delayed request counts from the time at which it was due, so about one in twelve of all requests is slow.
void TestLoads::aStallShows()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    LoadGenerator generator(session.get());
    LoadSpec spec = shortLoad();
    spec.rate = 1000;
    spec.seconds = 4;
    spec.fill = false;
    const auto pid = pid_t((*cluster)->nodes()[0].processId);
    QTimer::singleShot(1500, this, [pid] {
        ::kill(pid, SIGSTOP);
        QTimer::singleShot(1000, [pid] { ::kill(pid, SIGCONT); });
    });
    const auto report = run(generator, spec);
    QVERIFY(report);
    QVERIFY2((*report)->all.times.longest > 850'000, qPrintable(QString::number((*report)->all.times.longest)));
    QVERIFY2((*report)->all.times.p99 > 500'000, qPrintable(QString::number((*report)->all.times.p99)));
    QCOMPARE((*report)->all.ok, 4000);
}

void TestLoads::aFailoverIsSurvived()
{
    const auto cluster = start(1);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0, 1, 2}));
    QVERIFY(session);
    LoadGenerator generator(session.get());
    LoadSpec spec = shortLoad();
    spec.rate = 500;
    spec.seconds = 60;
    spec.fill = false;
    const QString dying = cluster->address(0);
    QTimer::singleShot(500, this, [&cluster] { ::kill(pid_t((*cluster)->nodes()[0].processId), SIGKILL); });
    QTimer watch;
    // stops the load after the replica has served as the new primary for a while
    connect(&watch, &QTimer::timeout, this, [&] {
        const LoadReportPtr so = generator.state().report;
        for (qsizetype i = 3; so && i < so->nodes.size(); ++i)
            if (so->nodes[i].ok > 200 && !generator.state().stopping)
                generator.stop();
    });
    watch.start(100);
    const auto report = run(generator, spec);
    QVERIFY(report);
    QVERIFY((*report)->nodes.size() > 3);
    QCOMPARE((*report)->end, LoadReport::End::Asked);
    const auto dead = std::find_if((*report)->nodes.cbegin(), (*report)->nodes.cend(),
                                   [&dying](const LoadRow &row) { return row.name == dying; });
    QVERIFY(dead != (*report)->nodes.cend());
    QVERIFY(!dead->problem.isEmpty());
    QVERIFY(dead->errorSum() > 0);
    QVERIFY((*report)->cleaned);
}

void TestLoads::othersKeysStay()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    // only one of these names is within the range of key names that the load uses
    for (const char *name : {"mine:s:17", "mine:s:1000", "mine:s:0", "mine:s", "mine:"})
        QVERIFY(QCoro::waitFor(session->execute(commandOf("SET", name, "precious"))));
    LoadGenerator generator(session.get());
    LoadSpec spec = shortLoad();
    spec.prefix = "mine:";
    const auto report = run(generator, spec);
    QVERIFY(report && (*report)->cleaned);
    QCOMPARE(keysIn(*cluster, 0) + keysIn(*cluster, 1) + keysIn(*cluster, 2), 5);
    for (const char *name : {"mine:s:17", "mine:s:0"}) {
        const auto value = QCoro::waitFor(session->execute(commandOf("GET", name)));
        QVERIFY(value);
        QCOMPARE(value->bytes(), "precious"_ba);
    }
}

/// Keys that the user wants to keep are not deleted by a later load test with the same prefix.
void TestLoads::keptKeysStay()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    LoadGenerator generator(session.get());
    LoadSpec spec = shortLoad();
    spec.prefix = "kept:";
    spec.keep = true;
    QVERIFY(run(generator, spec));
    const qint64 kept = keysIn(*cluster, 0) + keysIn(*cluster, 1) + keysIn(*cluster, 2);
    QCOMPARE(kept, spec.keys);
    spec.keep = false;
    const auto report = run(generator, spec);
    QVERIFY(report && (*report)->cleaned);
    QCOMPARE((*report)->removed, spec.keys);
    QCOMPARE(keysIn(*cluster, 0) + keysIn(*cluster, 1) + keysIn(*cluster, 2), kept);
    QCOMPARE(QCoro::waitFor(generator.left(false))->size(), 0);
    const auto records = QCoro::waitFor(generator.left(true));
    QVERIFY(records);
    QCOMPARE(records->size(), 1);
    QCOMPARE(QCoro::waitFor(generator.clean(records->front(), UserConsent::None)), Result<qint64>(kept));
}

void TestLoads::refusals()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    LoadGenerator generator(session.get());
    LoadSpec spec = shortLoad();
    spec.mix = {{.text = "mset {key} 1 foreign 2", .weight = 1}};
    QCOMPARE(run(generator, spec).error().code, Error::Code::InvalidArgument);
    // refused, because these commands change the state of the connection that all requests share
    for (const char *line : {"watch {key}", "ssubscribe {key}"}) {
        spec.mix = {{.text = line, .weight = 1}};
        QCOMPARE(run(generator, spec).error().code, Error::Code::InvalidArgument);
    }
    session->setEnvironment(EnvironmentKind::Production);
    const auto production = run(generator, shortLoad(), UserConsent::Given);
    QVERIFY(!production);
    QCOMPARE(production.error().code, Error::Code::NeedsConsent);
    QCOMPARE(production.error().serverPrefix, "NAME"_ba);
    QVERIFY(run(generator, shortLoad(), UserConsent::NameTyped));

    ConnectionTarget target = cluster->target({0});
    target.readOnly = true;
    const auto readOnly = connectTo(target);
    QVERIFY(readOnly);
    LoadGenerator locked(readOnly.get());
    QCOMPARE(run(locked, shortLoad()).error().code, Error::Code::ReadOnly);

    for (int i = 0; i < 3; ++i)
        QVERIFY(cluster->run(i, parseCommandLine("ACL SETUSER u on >p ~* &* +@all -unlink").value()));
    target = cluster->target({0});
    target.credentials.user = u"u"_s;
    target.credentials.password = u"p"_s;
    const auto weak = connectTo(target);
    QVERIFY(weak);
    LoadGenerator weakOne(weak.get());
    const auto refused = run(weakOne, shortLoad());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Error::Code::NoPermission);
    QVERIFY(refused.error().detail.contains(u"unlink"_s));
    QCOMPARE(keysIn(*cluster, 0) + keysIn(*cluster, 1) + keysIn(*cluster, 2), 0);
}

void TestLoads::stoppedEarly()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    LoadGenerator generator(session.get());
    LoadSpec spec = shortLoad();
    spec.seconds = 600;
    QTimer watch;
    connect(&watch, &QTimer::timeout, this, [&generator] {
        const LoadReportPtr so = generator.state().report;
        if (so && so->all.ok > 0 && !generator.state().stopping) // a second stop() would leave the keys behind
            generator.stop();
    });
    watch.start(20);
    const auto report = run(generator, spec);
    QVERIFY(report);
    QCOMPARE((*report)->end, LoadReport::End::Asked);
    QVERIFY((*report)->cleaned);
    QCOMPARE(keysIn(*cluster, 0) + keysIn(*cluster, 1) + keysIn(*cluster, 2), 0);
    QCOMPARE(QCoro::waitFor(generator.stored())->size(), 1);
}

void TestLoads::readsOfReplicas()
{
    const auto cluster = start(1);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    LoadGenerator generator(session.get());
    LoadSpec spec = shortLoad();
    spec.replicas = true;
    spec.clients = 12;
    const auto report = run(generator, spec);
    QVERIFY(report);
    QCOMPARE((*report)->all.errorSum(), 0);
    QCOMPARE((*report)->nodes.size(), 6);
    for (const LoadRow &node : (*report)->nodes)
        QVERIFY2(node.ok > 0, qPrintable(node.name));
    for (int i = 0; i < 3; ++i)
        QCOMPARE(callsOf(*cluster, i, "get"), 0);
}

void TestLoads::afterAKill()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const QString uri = u"redis://"_s + cluster->address(0);
    QProcess test;
    test.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
               {u"--uri"_s, uri, u"load"_s, u"--duration"_s, u"60"_s, u"--keys"_s, u"500"_s, u"--mix"_s, u"set"_s});
    QVERIFY(test.waitForStarted());
    QTRY_VERIFY(keysIn(*cluster, 0) > 10);
    test.kill();
    QVERIFY(test.waitForFinished());
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    LoadGenerator generator(session.get());
    QCOMPARE(QCoro::waitFor(generator.left(false))->size(), 1);
    QProcess asks;
    asks.start(qEnvironmentVariable("SLOTSCOPE_CLI"), {u"--uri"_s, uri, u"load"_s, u"--clean"_s});
    QVERIFY(asks.waitForFinished());
    QCOMPARE(asks.exitCode(), 2);
    QVERIFY(asks.readAllStandardError().contains("slotscope:load:"));
    QProcess clean;
    clean.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                {u"--uri"_s, uri, u"--json"_s, u"load"_s, u"--clean"_s, u"--yes"_s});
    QVERIFY(clean.waitForFinished());
    QCOMPARE(clean.exitCode(), 0);
    QVERIFY(QJsonDocument::fromJson(clean.readAllStandardOutput())[u"removed"_s].toInteger() > 10);
    QCOMPARE(keysIn(*cluster, 0) + keysIn(*cluster, 1) + keysIn(*cluster, 2), 0);
    QCOMPARE(QCoro::waitFor(generator.left(false))->size(), 0);
}

/// If a load test is stopped while the server is frozen, its keys are removed once the server answers again.
void TestLoads::stoppedWhileTheServerHangs()
{
    const auto server = startOne();
    QVERIFY(server);
    const auto session = connectTo(server->target({0}));
    QVERIFY(session);
    LoadGenerator generator(session.get());
    LoadSpec spec = shortLoad();
    spec.seconds = 600;
    const auto pid = pid_t((*server)->nodes()[0].processId);
    bool hangs = false;
    QTimer watch;
    connect(&watch, &QTimer::timeout, this, [&] {
        const LoadReportPtr so = generator.state().report;
        if (hangs || !so || so->all.ok == 0)
            return;
        hangs = true;
        ::kill(pid, SIGSTOP);
        generator.stop();
        QTimer::singleShot(3000, [pid] { ::kill(pid, SIGCONT); });
    });
    watch.start(20);
    const auto report = run(generator, spec);
    QVERIFY(report);
    QVERIFY2((*report)->cleaned, (*report)->problem ? qPrintable((*report)->problem->detail) : "");
    QCOMPARE(keysIn(*server, 0), 0);
}

void TestLoads::renamedCommands()
{
    const auto server = startOne(
        {u"--rename-command"_s, u"UNLINK"_s, u"hidden-unlink"_s, u"--rename-command"_s, u"SET"_s, u"hidden-set"_s});
    QVERIFY(server);
    ConnectionTarget target = server->target({0});
    QVERIFY(target.addRename(u"UNLINK=hidden-unlink"_s));
    QVERIFY(target.addRename(u"SET=hidden-set"_s));
    const auto session = connectTo(target);
    QVERIFY(session);
    LoadGenerator generator(session.get());
    const auto report = run(generator, shortLoad());
    QVERIFY2(report, report ? "" : qPrintable(report.error().detail));
    QCOMPARE((*report)->all.errorSum(), 0);
    QCOMPARE((*report)->filled, 1000);
    QVERIFY((*report)->cleaned);
    QCOMPARE(keysIn(*server, 0), 0);
}

/// Late replies to requests of the load test are not counted as removed keys.
void TestLoads::removedWhereNothingWas()
{
    const auto server = startOne();
    QVERIFY(server);
    const auto session = connectTo(server->target({0}));
    QVERIFY(session);
    LoadGenerator generator(session.get());
    LoadSpec spec = shortLoad();
    spec.mix = {{.text = "incr", .weight = 1}};
    spec.seconds = 600;
    bool killed = false;
    QTimer watch;
    connect(&watch, &QTimer::timeout, this, [&] {
        const LoadReportPtr so = generator.state().report;
        if (killed || !so || so->all.ok == 0)
            return;
        killed = true;
        ::kill(pid_t((*server)->nodes()[0].processId), SIGKILL);
        generator.stop();
    });
    watch.start(20);
    const auto report = run(generator, spec);
    QVERIFY(report);
    QCOMPARE((*report)->removed, 0);
    QVERIFY(!(*report)->cleaned);
    QCOMPARE((*report)->left, 1000);
    QVERIFY((*report)->problem && (*report)->problem->code != Error::Code::NotWhole);
}

SLOTSCOPE_TEST(TestLoads)
#include "tst_loads.moc"
