// SPDX-License-Identifier: GPL-3.0-or-later
// The pure parts of a failure drill: what is forecast, the time line, the count of losses, the user's commands.
#include "core/drill/drillforecast.h"
#include "core/drill/drillhtml.h"
#include "core/drill/drillrecorder.h"
#include "core/drill/drilltally.h"
#include "core/drill/drillwords.h"
#include "core/cluster/slot.h"
#include "core/operations/run/drillend.h"
#include "planfacts.h"
#include "tests/support/testmain.h"

#include <QJsonArray>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray idA(40, 'a'), idB(40, 'b'), idC(40, 'c'), idD(40, 'd');

DrillPlan planOfA()
{
    DrillPlan plan;
    plan.spec = {.nodeId = idA, .way = DrillWay::DebugSleep, .milliseconds = 8000};
    plan.targets = {{.id = idA, .name = u"10.0.0.1:1"_s, .primary = true, .shard = 1, .heir = {}, .heirName = {}}};
    plan.lanes = {{.shard = 1, .primary = idA, .primaryName = u"10.0.0.1:1"_s, .tag = "x", .replicas = 1}};
    plan.observers = {{idA, u"10.0.0.1:1"_s}, {idB, u"10.0.0.2:1"_s}, {idD, u"10.0.0.2:2"_s}};
    plan.deadlineMs = 20000;
    return plan;
}

/// Returns a node's table, where `ofA` contains the flags and slots of node A and `ofD` those of A's replica.
NodesTable told(const QByteArray &ofA, const QByteArray &ofD)
{
    QByteArray text = idA + " 10.0.0.1:1@10001 " + ofA + '\n' + idB
        + " 10.0.0.2:1@10001 master - 0 0 2 connected 8192-16383\n" + idD + " 10.0.0.2:2@10002 " + ofD + '\n';
    return parseClusterNodes(text).value_or(NodesTable());
}

} // namespace

class tst_Drill : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void forecastNamesTheHeir()
    {
        const ClusterView view = viewOf({});
        const DrillForecast forecast =
            forecastOf(view, withTime({.nodeId = "aa", .way = DrillWay::DebugSleep}, 15000), 15000);
        QVERIFY(forecast.unknown.isEmpty());
        QCOMPARE(forecast.shards.size(), 1);
        QCOMPARE(view.nodes[size_t(forecast.shards.constFirst().heir)].id, QByteArray("dd"));
        QCOMPARE(forecast.voters, 3);
        QCOMPARE(forecast.votersLeft, 2);
        QVERIFY(forecast.hasQuorum() && forecast.electsByItself);
        QVERIFY(forecast.leastMs >= 15000 && forecast.mostMs > forecast.leastMs);
    }

    void aHostTakesAllItsNodes()
    {
        const ClusterView view = viewOf({});
        const DrillForecast forecast =
            forecastOf(view, withTime({.host = u"10.0.0.2"_s, .way = DrillWay::OwnCommand}, 2000), 2000);
        QCOMPARE(forecast.nodes.size(), 2); // the nodes on the host: bb, and dd, which is the replica of aa
        QCOMPARE(forecast.shards.size(), 1);
        // the replica that takes over from bb
        QCOMPARE(view.nodes[size_t(forecast.shards.constFirst().heir)].id, QByteArray("ee"));
        QVERIFY(!forecastOf(view, {.host = u"nowhere"_s}, 2000).unknown.isEmpty());
        QVERIFY(!forecastOf(view, {.nodeId = "zz"}, 2000).unknown.isEmpty());
    }

    void aPauseAndAShortSleepElectNobody()
    {
        const ClusterView view = viewOf({});
        for (const DrillSpec &spec : {DrillSpec{.nodeId = "aa", .way = DrillWay::Pause, .milliseconds = 60000},
                                      DrillSpec{.nodeId = "aa", .way = DrillWay::DebugSleep, .milliseconds = 1000}}) {
            const DrillForecast forecast = forecastOf(view, spec, 2000);
            QVERIFY(!forecast.electsByItself && !forecast.mayElect);
            QCOMPARE(forecast.leastMs, qint64(spec.milliseconds));
        }
    }

    /// A node counts as failed after 1 to 1.5 node timeouts, so here an election is possible but not certain.
    void aSleepLittleLongerThanTheTimeout()
    {
        const ClusterView view = viewOf({});
        const DrillSpec spec{.nodeId = "aa", .way = DrillWay::DebugSleep, .milliseconds = 16000};
        const DrillForecast forecast = forecastOf(view, spec, 15000);
        QVERIFY(forecast.mayElect && !forecast.electsByItself);
    }

    void withoutAMajorityItIsRefused()
    {
        PlanFacts facts;
        facts.replace("10.0.0.2:1@10001", "10.0.0.1:9@10009"); // two of the three primaries are on one host
        const OperationPlan plan =
            facts.plan(DrillRequest{.spec = {.host = u"10.0.0.1"_s, .way = DrillWay::DebugSleep}});
        QVERIFY(plan.isRefused());
        QVERIFY(titlesOf(plan).contains(u"Without a majority"_s));
    }

    void aShardWithoutAReplica()
    {
        PlanFacts facts;
        facts.replace("dd 10.0.0.2:2@10002 slave aa 0 0 1 connected\n", "");
        const OperationPlan graceful = facts.plan(DrillRequest{.spec = {.nodeId = "aa"}});
        QVERIFY(graceful.isRefused());
        QVERIFY(titlesOf(graceful).contains(u"No replica can take over"_s));
        const OperationPlan asleep = facts.plan(DrillRequest{.spec = {.nodeId = "aa", .way = DrillWay::DebugSleep}});
        // the plan warns that the slots are not served meanwhile
        QVERIFY(titlesOf(asleep).contains(u"No replica can take over"_s));
    }

    void theTagLiesInTheShard()
    {
        for (const int slot : {0, 777, 16383}) {
            const QByteArray tag = tagIn(SlotSet{{quint16(slot), quint16(slot)}}, "s-");
            QVERIFY(!tag.isEmpty());
            QCOMPARE(int(slotOfKey("slotscope:drill:{" + tag + "}:7")), slot);
        }
        QVERIFY(tagIn(SlotSet(), "s-").isEmpty());
    }

    void theTimeLineSaysSinceWhen()
    {
        DrillRecorder recorder(planOfA());
        const QByteArray up = "master - 0 0 1 connected 0-8191", follows = "slave " + idA + " 0 0 1 connected";
        recorder.take(idB, 900, 905, told(up, follows));
        recorder.takeReplication(idA, 950, "role:master\r\nmaster_repl_offset:5000\r\n");
        recorder.did(DrillEvent::Kind::Begun, planOfA().targets.constFirst(), 1000);
        recorder.takeReplication(idA, 1001, "role:master\r\nmaster_repl_offset:9999\r\n"); // arrives too late to count
        recorder.silent(idA, 1100, 2100);
        recorder.silent(idA, 2200, 3200); // the silence is recorded only once
        recorder.take(idB, 2900, 2905, told(up, follows));
        recorder.take(idB, 3000, 3005, told("master,fail? - 0 0 1 connected 0-8191", follows));
        recorder.take(idB, 3100, 3105, told("master,fail - 0 0 1 connected 0-8191", follows));
        QVERIFY(!recorder.isTakenOver());
        recorder.take(idB, 4000, 4005, told("master,fail - 0 0 1 connected", "master - 0 0 3 connected 0-8191"));
        QVERIFY(recorder.isTakenOver());
        QCOMPARE(recorder.primaryOf(1), idD);
        recorder.takeReplication(idD, 4100, "role:master\r\nmaster_repl_offset:4000\r\nsecond_repl_offset:4901\r\n");
        recorder.take(idA, 9000, 9005,
                      told("myself,slave " + idD + " 0 0 3 connected", "master - 0 0 3 connected 0-8191"));
        QStringList seen;
        for (const DrillEvent &event : recorder.events())
            seen.append(drillEventName(event.kind) + u'@' + QString::number(event.at) + u'/'
                        + QString::number(event.since));
        QCOMPARE(seen.join(u' '),
                 u"begun@1000/1000 silent@2100/1100 suspected@3005/2900 failed@3105/3000 elected@4005/3100 "
                 "answers@9005/2200 follows@9005/1000"_s);
        const DrillOffsets offsets = recorder.offsets().constFirst();
        QCOMPARE(offsets.formerOffset, 5000);
        QCOMPARE(offsets.heirOffset, 4900);
        QCOMPARE(offsets.missingBytes().value_or(-1), 100);
    }

    /// A table from an observer that still has an older epoch does not count as an election.
    void anOldTableIsNoElection()
    {
        DrillRecorder recorder(planOfA());
        const QByteArray up = "master - 0 0 1 connected 0-8191", follows = "slave " + idA + " 0 0 1 connected";
        recorder.take(idB, 100, 105, told(up, follows));
        recorder.take(idB, 200, 205, told("slave " + idD + " 0 0 3 connected", "master - 0 0 3 connected 0-8191"));
        recorder.take(idD, 300, 305, told(up, follows));
        recorder.take(idB, 400, 405, told("slave " + idD + " 0 0 3 connected", "master - 0 0 3 connected 0-8191"));
        QCOMPARE(recorder.primaryOf(1), idD);
        QCOMPARE(recorder.events().size(), 1);
    }

    void lossesAreCountedByWhoHadThem()
    {
        using Outcome = DrillTally::Outcome;
        DrillTally tally;
        qint64 now = 10'000;
        for (int i = 0; i < 100; ++i, now += 20) {
            const qsizetype number = tally.begin(now, false);
            tally.end(number, i < 40 || i >= 80 ? Outcome::Acknowledged : Outcome::Uncertain, now + 2, {});
        }
        tally.end(tally.begin(now, true), Outcome::Replicated, now + 5);
        tally.end(tally.begin(now, true), Outcome::Failed, now + 5, u"MOVED"_s);
        const QList<qsizetype> all = tally.acknowledged();
        QCOMPARE(all.size(), 61);
        for (const qsizetype number : all)
            tally.found(number, number != 39 && number != 100);
        tally.setReadBack();
        const DrillLaneReport lane = tally.report(planOfA().lanes.constFirst(), 10'800, 0, now);
        QCOMPARE(lane.missing, 2);
        QCOMPARE(lane.missingByReplicas, 1);
        QCOMPARE(lane.uncertain, 40);
        QCOMPARE(lane.failed, 1);
        QCOMPARE(lane.errors.value(u"MOVED"_s), 1);
        QVERIFY(lane.away && lane.away->over);
        QCOMPARE(lane.away->from, qint64(10'782 - 10'800));
        QCOMPARE(lane.away->to, qint64(11'602 - 10'800));
    }

    void aGapWithoutAnEndIsToldAsOne()
    {
        const auto gap = longestGap({100, 120, 140}, 140, 5000, 100);
        QVERIFY(gap && !gap->over);
        QCOMPARE(gap->length(), 4860);
        QVERIFY(!longestGap({100, 120, 140, 160}, 120, 165, 100));
    }

    void theUsersCommands()
    {
        const auto made =
            localCommandFor({u"ssh"_s, u"{host}"_s, u"stop redis@{port} {id}"_s}, u"10.0.0.1:7001"_s, idA);
        QVERIFY(made);
        QCOMPARE(*made, (QStringList{u"ssh"_s, u"10.0.0.1"_s, u"stop redis@7001 "_s + QString::fromLatin1(idA)}));
        // a host name announced by a server must not contain shell syntax
        QVERIFY(!localCommandFor({u"sh"_s, u"-c"_s, u"stop {host}"_s}, u"a;rm -rf x:1"_s, idA));
        // nor may it be read as an option
        QVERIFY(!localCommandFor({u"ssh"_s, u"{host}"_s}, u"-oProxyCommand=x:1"_s, idA));
        QVERIFY(!localCommandFor({}, u"10.0.0.1:1"_s, idA));
        QVERIFY(localWords(u"a 'b c'  \"d e\" ''"_s).value_or(QStringList())
                == (QStringList{u"a"_s, u"b c"_s, u"d e"_s, QString()}));
        const QStringList shell{u"sh"_s, u"-c"_s, u"cd /var && echo 'x' \"y\""_s};
        // the displayed command line can be parsed back
        QVERIFY(localWords(localLine(shell)).value_or(QStringList()) == shell);
        QVERIFY(!localWords(u"sh -c 'cd /var"_s));
        QVERIFY(!localWords(u"sh -c \"cd /var"_s));
        QVERIFY(isLocalProgram({u"sh"_s}) && isLocalProgram({u"/bin/sh"_s}));
        QVERIFY(!isLocalProgram({u"no-such-program-here"_s}) && !isLocalProgram({u"/etc/passwd"_s}));
        for (const QString &word : {u"--password=x"_s, u"-a"_s, u"REDISCLI_AUTH=x"_s, u"redis://u:p@h"_s, u"--token"_s})
            QVERIFY2(!secretLikeWord({u"redis-cli"_s, word}).isEmpty(), qPrintable(word));
        QCOMPARE(secretLikeWord({u"sh"_s, u"-c"_s, u"redis-cli -a hunter2 shutdown"_s}), u"-a"_s);
        QCOMPARE(secretLikeWord({u"sshpass"_s, u"-phunter2"_s, u"ssh"_s}), u"sshpass -p"_s);
        QCOMPARE(secretLikeWord({u"sshpass"_s, u"-v"_s, u"-p"_s, u"hunter2"_s}), u"sshpass -p"_s);
        QCOMPARE(secretLikeWord({u"x"_s, u"--passwordhunter2"_s}), u"--password"_s);
        QVERIFY(secretLikeWord({u"ssh"_s, u"-p"_s, u"22"_s, u"{host}"_s}).isEmpty());
        QVERIFY(secretLikeWord({u"systemctl"_s, u"stop"_s, u"redis@7001"_s, u"/home/author/x.sh"_s}).isEmpty());
    }

    void aJournalWithAnotherSlotIsRefused()
    {
        for (const int slot : {16384, 60000, -1}) {
            QJsonObject json = toJson(planOfA());
            QJsonArray lanes = json[u"lanes"].toArray();
            QJsonObject lane = lanes[0].toObject();
            lane[u"slot"_s] = slot;
            lanes[0] = lane;
            json[u"lanes"_s] = lanes;
            QVERIFY2(!drillPlanFrom(json), qPrintable(QString::number(slot)));
        }
        QJsonObject json = toJson(planOfA());
        json[u"deadlineMs"_s] = -1;
        QVERIFY(!drillPlanFrom(json));
    }

    void whatCouldNotBeReadIsNotCalledThere()
    {
        DrillReport report;
        report.over = true;
        report.lanes = {{.shard = 1, .acknowledged = 650, .readBack = true, .unread = 650}};
        QVERIFY2(!outcomeNote(report).startsWith(u"0 of"), qPrintable(outcomeNote(report)));
        report.lanes.append({.shard = 2, .acknowledged = 50, .readBack = true});
        QVERIFY2(outcomeNote(report).contains(u"650 could not be read back"_s), qPrintable(outcomeNote(report)));
    }

    void whatHoldsUpAllIsNotTheLoss()
    {
        DrillReport report;
        report.startedAt = 1;
        report.lanes = {{.shard = 1, .away = DrillGap{.from = -20, .to = 4000, .over = true}},
                        {.shard = 2, .control = true, .away = DrillGap{.from = 500, .to = 1500, .over = true}}};
        const auto common = commonGap(report);
        QVERIFY(common && *common == (DrillGap{.from = 500, .to = 1500, .over = true}));
        QVERIFY(drillText(report).contains(u"not even the control"_s));
        report.lanes[1].errors = {{u"CLUSTERDOWN"_s, 40}};
        QVERIFY(drillText(report).contains(u"cluster-require-full-coverage"_s));
        report.lanes[1].away = DrillGap{.from = 5000, .to = 6000, .over = true}; // a gap at another time
        QVERIFY(!commonGap(report));
        report.lanes[1].away.reset();
        QVERIFY(!commonGap(report));
        report.lanes.removeLast(); // without a control shard there is nothing to compare with
        QVERIFY(!commonGap(report));
    }

    void aFailedDrillSaysSoFirst()
    {
        DrillReport report;
        report.notes = {u"The drill failed: x"_s};
        QVERIFY(drillText(report).startsWith(u"! The drill failed"_s));
        QCOMPARE(conclusionsOf(report).constFirst().text, report.notes.constFirst());
        QCOMPARE(int(conclusionsOf(report).constFirst().kind), int(DrillConclusion::Kind::Bad));
        DrillRecorder recorder(planOfA());
        recorder.did(DrillEvent::Kind::Begun, planOfA().targets.constFirst(), 1000);
        recorder.withdraw(planOfA().targets.constFirst());
        QVERIFY(recorder.events().isEmpty() && recorder.begunAt() == 0);
    }

    void theReportIsReadAsItWasWritten()
    {
        DrillReport report;
        report.title = u"<b>Drill</b>"_s;
        report.way = DrillWay::Pause;
        report.startedAt = 1'700'000'000'000;
        report.over = true;
        report.observers = {u"10.0.0.1:1"_s};
        report.events = {{.kind = DrillEvent::Kind::Elected,
                          .shard = 1,
                          .at = 2310,
                          .since = 2200,
                          .node = idD,
                          .name = u"d"_s,
                          .by = u"b"_s}};
        report.lanes = {{.shard = 1,
                         .buckets = {{.at = 0, .due = 5, .served = 3, .failed = 1, .worstMs = 4}},
                         .away = DrillGap{.from = -5, .to = 2400, .over = true},
                         .acknowledged = 3,
                         .readBack = true,
                         .errors = {{u"MOVED"_s, 2}}}};
        report.offsets = {
            {.shard = 1, .former = u"a"_s, .heir = u"d"_s, .formerOffset = 10, .formerAt = -4, .heirOffset = 10}};
        const auto read = drillReportFrom(toJson(report));
        QVERIFY(read);
        QVERIFY(*read == report);
        const QByteArray html = drillHtml(report);
        QVERIFY(!html.contains("<b>Drill"));
        QVERIFY(html.contains("Elected"));
        const auto plan = drillPlanFrom(toJson(planOfA()));
        QVERIFY(plan && *plan == planOfA());
        QVERIFY(!drillPlanFrom({}));
        QVERIFY(!drillReportFrom({}));
    }

private:
    static ClusterView viewOf(PlanFacts facts)
    {
        facts.build();
        return *facts.facts.view;
    }
    static QString titlesOf(const OperationPlan &plan)
    {
        QStringList titles{plan.title};
        for (const PlanCheck &check : plan.checks)
            titles.append(check.title);
        return titles.join(u'\n');
    }
};

SLOTSCOPE_TEST(tst_Drill)
#include "tst_drill.moc"
