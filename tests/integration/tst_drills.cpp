// SPDX-License-Identifier: GPL-3.0-or-later
// Failure drills on real servers: each way, what is measured, and that all is as before afterwards.
#include "core/base/errortext.h"
#include "core/base/underway.h"
#include "core/drill/drillwords.h"
#include "core/models/runwords.h"
#include "core/cluster/slot.h"
#include "core/operations/run/drillend.h"
#include "core/operations/journal/journal.h"
#include "core/operations/plan/planvalidity.h"
#include "support/operating.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>

#include <csignal>
#include <sys/resource.h>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_Drills : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        LocalClusterOptions options;
        options.extraArguments = {u"--enable-debug-command"_s, u"yes"_s};
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        QVERIFY(m_scripts.isValid());
        for (int i = 0; i < 6; ++i)
            m_pids.append((**m_cluster).nodes()[size_t(i)].processId);
        writeScripts();
        m_operator = std::make_unique<Operator>(m_cluster->target({1, 2}));
        QVERIFY2(m_operator->connect(), qPrintable(m_operator->failure()));
    }
    void cleanupTestCase()
    {
        for (const QFileInfo &file : QDir(m_scripts.path()).entryInfoList({u"*.pid"_s}))
            if (const qint64 pid = pidIn(file.filePath()); pid > 0 && !m_pids.contains(pid))
                ::kill(pid_t(pid), SIGKILL); // kills the server that the drill's start command started
        m_operator.reset();
        m_cluster.reset();
    }
    void cleanup() { QVERIFY2(isAsBefore(), "the layout is not the one from before"); }

    void gracefulFailover()
    {
        const RunSnapshotPtr run = m_operator->run(drillOf(DrillWay::Failover));
        VERIFY_DONE(run);
        checkReport(*run);
        QVERIFY(hasEvent(*run, DrillEvent::Kind::Elected));
        QVERIFY(hasEvent(*run, DrillEvent::Kind::Restored));
        QVERIFY(!hasEvent(*run, DrillEvent::Kind::Failed));
        const auto read = Journal::readRun(m_operator->journalFolder(), run->id);
        QVERIFY(read && read->drill);
        QVERIFY(*read->drill == *run->drill); // the drill read from the journal equals the original
        QVERIFY(Journal::report(*read).contains(u"Elected"_s));
        QVERIFY(noKeysLeft());
    }

    void aPauseLetsNobodyTakeOver()
    {
        DrillSpec spec = drillOf(DrillWay::Pause).spec;
        spec.milliseconds = 2000;
        const RunSnapshotPtr run = m_operator->run(DrillRequest{.spec = spec});
        VERIFY_DONE(run);
        checkReport(*run);
        QVERIFY(!hasEvent(*run, DrillEvent::Kind::Elected));
        const DrillLaneReport &lane = run->drill->lanes.constFirst();
        QVERIFY(lane.away && lane.away->over);
        QVERIFY2(lane.away->length() > 1500 && lane.away->length() < 6000, qPrintable(drillText(*run->drill)));
    }

    void debugSleepIsAFailure()
    {
        const RunSnapshotPtr run = m_operator->run(drillOf(DrillWay::DebugSleep), true);
        VERIFY_DONE(run);
        checkReport(*run);
        checkElection(*run);
    }

    void ownCommandsStopAndStart()
    {
        const RunSnapshotPtr run = m_operator->run(ownCommands(), true);
        VERIFY_DONE(run);
        checkReport(*run);
        checkElection(*run);
        QVERIFY(hasEvent(*run, DrillEvent::Kind::Starting));
        QVERIFY(run->drill->offsets.constFirst().missingBytes().has_value());
    }

    /// A drill works with a start command that does not return because it is the server itself.
    void theStartCommandStaysInTheForeground()
    {
        DrillRequest request = ownCommands();
        request.spec.start = {m_scripts.filePath(u"foreground.sh"_s), u"{port}"_s};
        const RunSnapshotPtr run = m_operator->run(request, true);
        VERIFY_DONE(run);
        checkElection(*run);
        QVERIFY(m_cluster->run(0, {"PING"}));
    }

    /// A second stop ends the drill before the server is started again: the server would be empty, because it saves no
    /// data, and its replicas would copy that.
    void aSecondStopStartsNobody()
    {
        const QByteArray key = keptKey();
        const RunSnapshotPtr run = stoppedBeforeTheHeir();
        QVERIFY(run);
        QCOMPARE(int(run->state), int(RunState::Stopped));
        QVERIFY(!hasEvent(*run, DrillEvent::Kind::Starting));
        QVERIFY(run->error);
        const QString said = describe(*run->error);
        QVERIFY2(said.contains(m_cluster->address(0)) && said.contains(u"NOT started"_s), qPrintable(said));
        QVERIFY2(said.contains(u"resume "_s + run->id), qPrintable(said));
        QVERIFY(drillText(*run->drill).startsWith(u"! The drill was stopped"_s));
        QVERIFY(canResume(*run));
        VERIFY_DONE(resumed(*run));
        QVERIFY(isKept(key));
    }

    /// After a stopped drill the node was started by hand and made a replica of another shard's primary. Resuming the
    /// drill refuses to change that until the node belongs to its own shard again.
    void handedBackToItsOwnShardAlone()
    {
        const QByteArray key = keptKey();
        const RunSnapshotPtr stopped = stoppedBeforeTheHeir();
        QVERIFY(stopped);
        const QByteArray heir = m_operator->idAt(m_cluster->address(3)),
                         other = m_operator->idAt(m_cluster->address(1));
        QTRY_VERIFY_WITH_TIMEOUT(m_operator->look()->node(heir)->primary, 20000);
        const QString port = QString::number((**m_cluster).nodes()[0].endpoint.port);
        QCOMPARE(QProcess::execute(m_scripts.filePath(u"start.sh"_s), {port}), 0);
        const auto follows = [this](const QByteArray &primary) {
            const ClusterViewPtr view = m_operator->look();
            const NodeState *node = view ? nodeAt(*view, m_cluster->address(0)) : nullptr;
            return node && node->primaryId == primary && node->info && node->info->primaryLinkUp.value_or(false);
        };
        QTRY_VERIFY_WITH_TIMEOUT(follows(heir), 20000);
        QVERIFY(m_cluster->run(0, {"CLUSTER", "REPLICATE", other}));
        QTRY_VERIFY_WITH_TIMEOUT(follows(other), 20000);
        const RunSnapshotPtr refused = resumed(*stopped);
        QCOMPARE(int(refused->state), int(RunState::Failed));
        QVERIFY2(describe(*refused->error).contains(u"another shard"_s), qPrintable(describe(*refused->error)));
        QVERIFY(m_operator->look()->node(other)->primary);
        QVERIFY(m_cluster->run(0, {"CLUSTER", "REPLICATE", heir}));
        QTRY_VERIFY_WITH_TIMEOUT(follows(heir), 20000);
        VERIFY_DONE(resumed(*refused));
        QVERIFY(isKept(key));
    }

    /// Stopping a drill does not wait for a frozen node, and writes that could not be checked there are reported as
    /// unchecked.
    void theEndIsNotHeldUp()
    {
        DrillRequest request = drillOf(DrillWay::DebugSleep);
        request.spec.milliseconds = 9000;
        QElapsedTimer sinceStop;
        const RunSnapshotPtr run = stoppedTwice(request, u"to answer"_s, &sinceStop);
        QVERIFY(run);
        QVERIFY2(sinceStop.elapsed() < 25000, qPrintable(QString::number(sinceStop.elapsed())));
        QCOMPARE(int(run->state), int(RunState::Stopped));
        QVERIFY(run->error);
        const QString said = describe(*run->error);
        QVERIFY2(said.contains(m_cluster->address(0)) && said.contains(u"resume "_s + run->id), qPrintable(said));
        for (const DrillLaneReport &lane : run->drill->lanes)
            QVERIFY(lane.unread == 0 || outcomeNote(*run->drill).contains(u"could"_s));
        VERIFY_DONE(resumed(*run));
    }

    void aStopCommandThatFails()
    {
        DrillRequest request = ownCommands();
        request.spec.stop = {u"false"_s};
        QElapsedTimer clock;
        clock.start();
        const RunSnapshotPtr run = m_operator->run(request, true);
        QCOMPARE(int(run->state), int(RunState::Failed));
        QVERIFY2(clock.elapsed() < 12000, "it waited for an heir of a node that was never away");
        QVERIFY(!hasEvent(*run, DrillEvent::Kind::Begun));
        QVERIFY(drillText(*run->drill).startsWith(u"! The drill failed"_s));
        QVERIFY(!canResume(*run));
    }

    void stoppedInTheMidst_data()
    {
        QTest::addColumn<int>("way");
        QTest::newRow("a stopped server is started") << int(DrillWay::OwnCommand);
        QTest::newRow("a pause is waited for") << int(DrillWay::Pause);
        QTest::newRow("a sleep is waited for") << int(DrillWay::DebugSleep);
    }
    void stoppedInTheMidst()
    {
        QFETCH(const int, way);
        DrillRequest request = ownCommands();
        request.spec.way = DrillWay(way);
        const auto plan = m_operator->plan(request);
        QVERIFY(plan && !plan->isRefused());
        OperationRun operation(*plan, m_operator->target(), m_operator->sharedSession(),
                               {.journalFolder = m_operator->journalFolder(), .dataLossAccepted = true});
        bool stopped = false;
        QObject::connect(&operation, &OperationRun::changed, &operation, [&](const RunSnapshotPtr &snapshot) {
            if (!stopped && snapshot->drill && snapshot->drill->startedAt > 0 && snapshot->drill->endedAt > 300) {
                stopped = true;
                operation.stop();
            }
        });
        const RunSnapshotPtr run = QCoro::waitFor(operation.run());
        QVERIFY(stopped);
        QCOMPARE(int(run->state), int(RunState::Stopped));
        QVERIFY2(!canResume(*run), "nothing of it is left to be done");
        checkReport(*run);
    }

    /// When the window is closed during a drill, nothing waits for the drill's end and its probes stop.
    void givenUp()
    {
        QTRY_COMPARE(Underway::count(), 0); // tasks of earlier drills, of which those of a server that slept end last
        {
            const auto plan = m_operator->plan(drillOf(DrillWay::Failover));
            QVERIFY(plan && !plan->isRefused());
            auto operation = std::make_unique<OperationRun>(*plan, m_operator->target(), m_operator->sharedSession(),
                                                            RunOptions{.journalFolder = m_operator->journalFolder()});
            const auto task = operation->run();
            QTRY_VERIFY(operation->snapshot()->drill);
            QVERIFY(Underway::count() > 0);
            operation.reset();
        }
        QTRY_COMPARE(Underway::count(), 0);
        // removes the probe keys before they expire, because the next tests check for leftover keys
        for (int i = 0; i < 3; ++i)
            QVERIFY(m_cluster->run(i, {"FLUSHALL"}));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("why");
        QTest::newRow("no majority is left") << u"Without a majority"_s;
        QTest::newRow("no replica") << u"No replica can take over"_s;
        QTest::newRow("too short") << u"is shorter than the node timeout"_s;
        QTest::newRow("a password") << u"seems to contain a password"_s;
    }
    void refusals()
    {
        QFETCH(const QString, why);
        DrillSpec spec = ownCommands().spec;
        const QString tag = QString::fromUtf8(QTest::currentDataTag());
        if (tag.startsWith(u"no majority")) {
            spec.nodeId.clear();
            spec.host = u"127.0.0.1"_s; // all nodes are on this host
        } else if (tag == u"no replica") {
            spec.nodeId.clear();
            spec.host = u"127.0.0.1"_s;
        } else if (tag == u"too short") {
            spec.milliseconds = 1000;
        } else {
            spec.start.append(u"--password=x"_s);
        }
        const auto plan = m_operator->plan(DrillRequest{.spec = spec});
        QVERIFY(plan);
        const QString said = test::refusals(*plan).join(u'\n');
        QVERIFY2(said.contains(why), qPrintable(said));
    }

    /// Kills the drill's program with SIGKILL. The next program reports the unfinished drill, and resuming only
    /// restores the cluster layout.
    void killedInTheMidst_data()
    {
        QTest::addColumn<bool>("early");
        QTest::newRow("before a replica has taken over") << true;
        QTest::newRow("after") << false;
    }
    void killedInTheMidst()
    {
        QFETCH(const bool, early);
        const QByteArray key = keptKey();
        const QByteArray until = m_cluster->address(0).toUtf8();
        const QByteArray sign = early ? until + " is made unavailable" : "marks " + until + " as failed";
        QProcess tool;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SLOTSCOPE_JOURNAL"_s, m_operator->journalFolder());
        environment.insert(u"SLOTSCOPE_AUDIT"_s, m_operator->journalFolder() + u"/audit"_s);
        tool.setProcessEnvironment(environment);
        tool.setProcessChannelMode(QProcess::MergedChannels);
        const DrillSpec spec = ownCommands().spec;
        tool.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                   {u"--uri"_s, m_operator->target().toUri(), u"drill"_s, u"--node"_s, m_cluster->address(0),
                    u"--way"_s, u"command"_s, u"--stop-command"_s, localLine(spec.stop), u"--start-command"_s,
                    localLine(spec.start), u"--yes"_s, u"--accept-data-loss"_s});
        QVERIFY(tool.waitForStarted());
        QByteArray said;
        QTRY_VERIFY2_WITH_TIMEOUT((said += tool.readAll()).contains(sign) || tool.state() == QProcess::NotRunning,
                                  said.constData(), 40000);
        QVERIFY2(tool.state() == QProcess::Running, said.constData());
        tool.kill();
        QVERIFY(tool.waitForFinished());
        const QList<RunSnapshot> runs = Journal::readAll(m_operator->journalFolder());
        const auto open = std::find_if(runs.begin(), runs.end(),
                                       [](const RunSnapshot &run) { return run.state == RunState::Interrupted; });
        QVERIFY(open != runs.end());
        QVERIFY(canResume(*open));
        // the start command is shown for confirmation
        QVERIFY(destructiveRest(*open).join(u' ').contains(u"start.sh"_s));
        if (early)
            QTRY_VERIFY(!m_cluster->run(0, {"PING"})); // the stop command continues without the killed program
        else
            QTRY_VERIFY(m_operator->look()->node(m_operator->idAt(m_cluster->address(3)))->primary);
        VERIFY_DONE(resumed(*open));
        QVERIFY2(isKept(key), "it came back empty");
        QVERIFY(noKeysLeft());
    }

    /// Repeated drills, in turn with a manual failover and with a sleeping primary, lose no write that the replicas
    /// have acknowledged.
    void manyInARow()
    {
        const int rounds = qEnvironmentVariableIntValue("SLOTSCOPE_DRILL_ROUNDS") > 0
            ? qEnvironmentVariableIntValue("SLOTSCOPE_DRILL_ROUNDS")
            : 2;
        LiveWriters writers(m_operator->target(), 2, 200);
        writers.start();
        qint64 certain = 0;
        for (int round = 0; round < rounds; ++round) {
            const DrillWay way = round % 2 == 0 ? DrillWay::Failover : DrillWay::DebugSleep;
            const RunSnapshotPtr run = m_operator->run(drillOf(way), true);
            VERIFY_DONE(run);
            for (const DrillLaneReport &lane : run->drill->lanes) {
                QVERIFY2(lane.missingByReplicas == 0, qPrintable(drillText(*run->drill)));
                QCOMPARE(lane.unread, 0);
                certain += lane.byReplicas;
            }
        }
        QVERIFY(writers.stop());
        QVERIFY(certain > 0);
        qInfo("%d drills, %lld writes that the replicas had acknowledged, none missing", rounds, qlonglong(certain));
    }

    /// A stopped server is started again even if the journal cannot be written. This test must be the last one, because
    /// it leaves an incomplete journal.
    void aFullDisk()
    {
        struct rlimit before = {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        std::signal(SIGXFSZ, SIG_IGN);
        const auto plan = m_operator->plan(ownCommands());
        QVERIFY(plan && !plan->isRefused());
        OperationRun operation(*plan, m_operator->target(), m_operator->sharedSession(),
                               {.journalFolder = m_operator->journalFolder(), .dataLossAccepted = true});
        QObject::connect(&operation, &OperationRun::changed, &operation, [before](const RunSnapshotPtr &snapshot) {
            struct rlimit full = before;
            full.rlim_cur = 1;
            if (snapshot->drill && snapshot->drill->startedAt > 0)
                ::setrlimit(RLIMIT_FSIZE, &full);
        });
        const RunSnapshotPtr run = QCoro::waitFor(operation.run());
        ::setrlimit(RLIMIT_FSIZE, &before);
        QCOMPARE(int(run->state), int(RunState::Failed));
        QVERIFY2(hasEvent(*run, DrillEvent::Kind::Starting), qPrintable(drillText(*run->drill)));
    }

private:
    /// Returns a key of the first shard that its replica has received.
    QByteArray keptKey()
    {
        const ClusterViewPtr view = m_operator->look();
        for (int i = 0; view && i < 1000; ++i) {
            const QByteArray key = "kept:" + QByteArray::number(i);
            const int owner = view->owner[slotOfKey(key)];
            if (owner < 0 || view->nodes[size_t(owner)].name != m_cluster->address(0))
                continue;
            const bool set = m_cluster->run(0, {"SET", key, "1"}).has_value();
            for (const QDeadlineTimer deadline(5000); set && !deadline.hasExpired();)
                if (const auto sent = m_cluster->run(0, {"WAIT", "1", "500"}); sent && sent->toInteger() >= 1)
                    return key;
        }
        return {};
    }
    bool isKept(const QByteArray &key)
    {
        const auto value = m_cluster->run(0, {"GET", key});
        return !key.isEmpty() && value && value->bytes() == "1";
    }
    RunSnapshotPtr resumed(const RunSnapshot &run)
    {
        OperationRun later(run, m_operator->target(), m_operator->sharedSession(),
                           {.journalFolder = m_operator->journalFolder(), .dataLossAccepted = true});
        return QCoro::waitFor(later.run());
    }
    /// Stops the drill once the node is away, and again when the drill waits for something whose description contains
    /// `wait`.
    RunSnapshotPtr stoppedTwice(const DrillRequest &request, const QString &wait, QElapsedTimer *sinceStop)
    {
        const auto plan = m_operator->plan(request);
        if (!plan || plan->isRefused())
            return nullptr;
        OperationRun operation(*plan, m_operator->target(), m_operator->sharedSession(),
                               {.journalFolder = m_operator->journalFolder(), .dataLossAccepted = true});
        int stops = 0;
        QObject::connect(&operation, &OperationRun::changed, &operation, [&](const RunSnapshotPtr &snapshot) {
            const bool away = snapshot->drill && snapshot->drill->startedAt > 0;
            const bool again = stops == 1 && snapshot->waitingFor.contains(wait);
            if ((stops == 0 && away) || again) {
                ++stops;
                sinceStop->start();
                operation.stop();
            }
        });
        const RunSnapshotPtr run = QCoro::waitFor(operation.run());
        return stops == 2 ? run : nullptr;
    }
    RunSnapshotPtr stoppedBeforeTheHeir()
    {
        QElapsedTimer clock;
        return stoppedTwice(ownCommands(), u"before the server is started again"_s, &clock);
    }
    static qint64 pidIn(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toLongLong() : 0;
    }
    void writeFile(const QString &name, const QByteArray &text)
    {
        QFile file(m_scripts.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }
    void writeScripts()
    {
        const QByteArray scripts = m_scripts.path().toUtf8(), folder = (**m_cluster).folder().toUtf8();
        for (int i = 0; i < 6; ++i) {
            const QByteArray port = QByteArray::number((**m_cluster).nodes()[size_t(i)].endpoint.port);
            writeFile(QString::fromLatin1(port) + u".pid"_s, QByteArray::number(m_pids[i]));
            writeFile(QString::fromLatin1(port) + u".dir"_s, folder + "/node-" + QByteArray::number(i + 1));
        }
        writeFile(u"stop.sh"_s, "#!/bin/sh\nkill -9 $(cat " + scripts + "/$1.pid)\n");
        writeFile(u"foreground.sh"_s,
                  "#!/bin/sh\ncd $(cat " + scripts + "/$1.dir) || exit 1\necho $$ > " + scripts
                      + "/$1.pid\nexec redis-server --port $1 --bind 127.0.0.1 --save '' --cluster-enabled yes "
                        "--cluster-config-file nodes.conf --cluster-node-timeout 2000 --enable-debug-command yes\n");
        writeFile(u"start.sh"_s,
                  "#!/bin/sh\nulimit -S -f unlimited\ncd $(cat " + scripts
                      + "/$1.dir) || exit 1\nexec redis-server --port $1 --bind 127.0.0.1 "
                        "--daemonize yes --save '' --cluster-enabled yes --cluster-config-file nodes.conf "
                        "--cluster-node-timeout 2000 --enable-debug-command yes --pidfile "
                      + scripts + "/$1.pid\n");
    }
    DrillRequest drillOf(DrillWay way)
    {
        return {.spec = {.nodeId = m_operator->idAt(m_cluster->address(0)), .way = way}};
    }
    DrillRequest ownCommands()
    {
        DrillRequest request = drillOf(DrillWay::OwnCommand);
        request.spec.stop = {m_scripts.filePath(u"stop.sh"_s), u"{port}"_s};
        request.spec.start = {m_scripts.filePath(u"start.sh"_s), u"{port}"_s};
        return request;
    }
    static bool hasEvent(const RunSnapshot &run, DrillEvent::Kind kind)
    {
        return std::any_of(run.drill->events.begin(), run.drill->events.end(),
                           [kind](const DrillEvent &event) { return event.kind == kind; });
    }
    static void checkReport(const RunSnapshot &run)
    {
        QVERIFY(run.drill && run.drill->over && run.drill->startedAt > 0);
        QVERIFY2(run.drill->keysRemoved, qPrintable(drillText(*run.drill)));
        QCOMPARE(run.drill->lanes.size(), 2);
        for (const DrillLaneReport &lane : run.drill->lanes) {
            QVERIFY(lane.readBack && lane.acknowledged > 0 && lane.byReplicas > 0);
            QVERIFY2(lane.missingByReplicas == 0, qPrintable(drillText(*run.drill)));
            QCOMPARE(lane.unread, 0);
        }
        QVERIFY(!run.drill->lanes.constFirst().control && run.drill->lanes.constLast().control);
    }
    /// Checks that the events of an election are in the right order.
    static void checkElection(const RunSnapshot &run)
    {
        const QString text = drillText(*run.drill);
        const DrillLaneReport &lane = run.drill->lanes.constFirst();
        QHash<int, qint64> at;
        for (const DrillPhase &phase : phasesOf(*run.drill, lane))
            at.insert(int(phase.kind), phase.at);
        using Kind = DrillPhase::Kind;
        for (const Kind kind : {Kind::LastAnswer, Kind::Failed, Kind::Elected, Kind::FirstWrite, Kind::Follows,
                                Kind::HandingBack, Kind::Restored})
            QVERIFY2(at.contains(int(kind)), qPrintable(text));
        QVERIFY2(at[int(Kind::LastAnswer)] < at[int(Kind::Failed)], qPrintable(text));
        QVERIFY2(at[int(Kind::Failed)] <= at[int(Kind::Elected)] + run.drill->pollMs * 3, qPrintable(text));
        QVERIFY2(at[int(Kind::FirstWrite)] > at[int(Kind::Failed)] - run.drill->pollMs * 3, qPrintable(text));
        QVERIFY2(at[int(Kind::Restored)] > at[int(Kind::Follows)], qPrintable(text));
        QVERIFY2(lane.away->length() > 1500, qPrintable(text)); // longer than 1.5 s, as the node timeout is 2 s
        // With cluster-require-full-coverage the other primaries also refuse writes between failure and election.
        const DrillLaneReport &control = run.drill->lanes.constLast();
        QVERIFY2(!control.away || control.errors.contains(u"CLUSTERDOWN"_s), qPrintable(text));
    }
    bool isAsBefore()
    {
        const ClusterViewPtr view = m_operator->look();
        for (int i = 0; view && i < 6; ++i) {
            const NodeState *node = nodeAt(*view, m_cluster->address(i));
            if (!node || node->primary != (i < 3) || node->condition != NodeCondition::Ok)
                return false;
        }
        return view && view->agreed;
    }
    bool noKeysLeft()
    {
        for (int i = 0; i < 3; ++i) {
            const auto keys = m_cluster->run(i, {"KEYS", drillKeyPrefix + '*'});
            if (!keys || !keys->items().empty())
                return false;
        }
        return true;
    }

    QTemporaryDir m_scripts;
    QList<qint64> m_pids;
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<Operator> m_operator;
};

SLOTSCOPE_TEST(tst_Drills)
#include "tst_drills.moc"
