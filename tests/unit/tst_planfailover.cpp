// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testmain.h"
#include "tests/unit/planfacts.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestPlanFailover final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void graceful();
    void checks_data();
    void checks();
    void primaryIsGone_data();
    void primaryIsGone();
    void takeoverIsNotNeeded();
    void majorityIsGone();
    void notKnownAsItsReplica();
    void rolling();
    void rollingByZone();
    void rollingOffAnIpv6Host();
    void rollingWithoutReplica();
    void rollingAwayFromNowhere();
    void preferred();
};

using Mode = FailoverRequest::Mode;

void TestPlanFailover::graceful()
{
    PlanFacts facts;
    const OperationPlan plan = facts.plan(FailoverRequest{.replicaId = "ee"});
    QCOMPARE(refusals(plan) + warnings(plan), u""_s);
    QCOMPARE(stepsOf(plan), (QStringList{u"failover ee>bb"_s, u"wait links-up bb"_s}));
    QVERIFY(plan.dataLoss.isEmpty());
    PlanFacts unwilling;
    unwilling.replace("10.0.0.3:2@10002 slave", "10.0.0.3:2@10002 slave,nofailover");
    const OperationPlan byHand = unwilling.plan(FailoverRequest{.replicaId = "ee"});
    QCOMPARE(refusals(byHand), u""_s);
    QCOMPARE(warnings(byHand), u"10.0.0.3:2 is set to start no failover by itself"_s);
    QCOMPARE(refusals(facts.plan(FailoverRequest{.replicaId = "aa"})), u"10.0.0.1:1 is already a primary"_s);
    QVERIFY(facts.plan(FailoverRequest{.replicaId = "xx"}).title.startsWith(u"error"));
    QCOMPARE(facts.plan(FailoverRequest{.replicaId = "ee", .mode = Mode::Force}).dataLoss.size(), 1);
}

void TestPlanFailover::checks_data()
{
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<QString>("graceful"); // expected refusals of a graceful failover
    QTest::addColumn<QString>("force"); // expected refusals of a forced failover
    QTest::newRow("link down") << "link"_ba << u"The replication link of 10.0.0.3:2 is down"_s << u""_s;
    QTest::newRow("still copying") << "sync"_ba << u"10.0.0.3:2 is still running a full synchronization"_s
                                   << u"10.0.0.3:2 is still running a full synchronization"_s;
    QTest::newRow("loading") << "loading"_ba << u"10.0.0.3:2 is still running a full synchronization"_s
                             << u"10.0.0.3:2 is still running a full synchronization"_s;
    QTest::newRow("older version") << "version"_ba << u"10.0.0.3:2 runs an older version than its primary"_s << u""_s;
    QTest::newRow("migration") << "job"_ba << u"A slot migration of this shard is running"_s << u""_s;
    QTest::newRow("open slot, leaving") << "open"_ba << u"Slots of this shard are in migration: 6000"_s << u""_s;
    QTest::newRow("open slot, arriving") << "arriving"_ba << u"Slots of this shard are in migration: 5"_s << u""_s;
    QTest::newRow("the former primary has no masterauth")
        << "login"_ba
        << u"10.0.0.2:1 cannot log in to 10.0.0.3:2: it has no masterauth, but the primary requires a password"_s
        << u""_s;
    QTest::newRow("changing") << "changing"_ba << u"Another tool or person is changing the cluster"_s
                              << u"Another tool or person is changing the cluster"_s;
    QTest::newRow("away") << "away"_ba << u"10.0.0.3:2 does not answer"_s << u"10.0.0.3:2 does not answer"_s;
}

void TestPlanFailover::checks()
{
    QFETCH(const QByteArray, what);
    QFETCH(const QString, graceful);
    QFETCH(const QString, force);
    PlanFacts facts;
    if (what == "open")
        facts.open["bb"] = "[6000->-aa]";
    if (what == "arriving")
        facts.open["aa"] = "[5->-bb]";
    if (what == "away")
        facts.away = {"ee"};
    facts.build();
    facts.facts.changing = what == "changing";
    if (what == "job")
        facts.facts.nodes["bb"].migrationsRunning = 1;
    if (what == "login")
        (*facts.facts.nodes["ee"].users)["default"].noPassword = false;
    facts.change("ee", [&](ServerInfo &info) {
        info.primaryLinkUp = what != "link";
        info.syncInProgress = what == "sync";
        info.loading = what == "loading";
        if (what == "version")
            info.version = "7.0.9";
    });
    QCOMPARE(refusals(facts.plan(FailoverRequest{.replicaId = "ee"})), graceful);
    QCOMPARE(refusals(facts.plan(FailoverRequest{.replicaId = "ee", .mode = Mode::Force})), force);
}

void TestPlanFailover::primaryIsGone_data()
{
    QTest::addColumn<QByteArray>("flag");
    QTest::newRow("failed") << ",fail"_ba;
    QTest::newRow("frozen: nobody has noticed yet") << ""_ba;
    QTest::newRow("suspected") << ",fail?"_ba;
}

void TestPlanFailover::primaryIsGone()
{
    QFETCH(const QByteArray, flag);
    PlanFacts facts;
    facts.replace("10.0.0.2:1@10001 master -", "10.0.0.2:1@10001 master" + flag + " -");
    facts.away = {"bb"};
    QCOMPARE(refusals(facts.plan(FailoverRequest{.replicaId = "ee"})), u"Its primary 10.0.0.2:1 does not answer"_s);
    const OperationPlan force = facts.plan(FailoverRequest{.replicaId = "ee", .mode = Mode::Force});
    QCOMPARE(refusals(force), u""_s);
    QCOMPARE(stepsOf(force), QStringList{u"failover FORCE ee>bb"_s});
    const OperationPlan takeover = facts.plan(FailoverRequest{.replicaId = "ee", .mode = Mode::Takeover});
    QCOMPARE(refusals(takeover), u""_s);
    QCOMPARE(takeover.dataLoss.size(), 2);
}

void TestPlanFailover::takeoverIsNotNeeded()
{
    PlanFacts facts;
    QCOMPARE(refusals(facts.plan(FailoverRequest{.replicaId = "ee", .mode = Mode::Takeover})),
             u"TAKEOVER is not needed: 10.0.0.2:1 answers, and most primaries can vote"_s);
}

void TestPlanFailover::majorityIsGone()
{
    PlanFacts facts;
    facts.replace("10.0.0.2:1@10001 master -", "10.0.0.2:1@10001 master,fail -");
    facts.replace("10.0.0.3:1@10001 master -", "10.0.0.3:1@10001 master,fail -");
    facts.away = {"bb", "cc"};
    QVERIFY(refusals(facts.plan(FailoverRequest{.replicaId = "ee", .mode = Mode::Force}))
                .startsWith(u"Most primaries with slots do not answer"));
    QCOMPARE(refusals(facts.plan(FailoverRequest{.replicaId = "ee", .mode = Mode::Takeover})), u""_s);
}

void TestPlanFailover::notKnownAsItsReplica()
{
    PlanFacts facts;
    for (const QByteArray &id : {"aa"_ba, "cc"_ba}) {
        facts.own[id] = facts.text;
        facts.own[id].replace("slave bb", "slave cc");
    }
    QCOMPARE(refusals(facts.plan(FailoverRequest{.replicaId = "ee"})),
             u"Only 1 of 3 primaries know it as a replica of 10.0.0.2:1"_s);
}

void TestPlanFailover::rolling()
{
    PlanFacts facts;
    facts.replace("dd 10.0.0.2:2@10002 slave aa", "dd 10.0.0.2:2@10002 slave bb"); // bb has a replica on its own host
    const OperationPlan plan = facts.plan(RollingFailoverRequest{.awayFromHost = u"10.0.0.2"_s});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(stepsOf(plan), (QStringList{u"wait links-up ee"_s, u"failover ee>bb"_s, u"wait links-up bb"_s}));
    QVERIFY(facts.plan(RollingFailoverRequest{.awayFromHost = u"10.0.0.9"_s}).isEmpty());
    QVERIFY(facts.plan(RollingFailoverRequest{}).title.startsWith(u"error"));
}

void TestPlanFailover::rollingByZone()
{
    PlanFacts facts;
    RollingFailoverRequest request{.awayFromHost = u"west"_s};
    for (const QString &node : {u"10.0.0.1:1"_s, u"10.0.0.2:1"_s})
        request.labels[node] = u"west"_s;
    QCOMPARE(stepsOf(facts.plan(request)),
             (QStringList{u"wait links-up dd"_s, u"failover dd>aa"_s, u"wait links-up aa"_s, u"wait links-up ee"_s,
                          u"failover ee>bb"_s, u"wait links-up bb"_s}));
}

void TestPlanFailover::rollingWithoutReplica()
{
    PlanFacts facts;
    facts.replace("ee 10.0.0.3:2@10002 slave bb", "ee 10.0.0.2:9@10002 slave bb");
    const OperationPlan plan = facts.plan(RollingFailoverRequest{.awayFromHost = u"10.0.0.2"_s});
    QCOMPARE(refusals(plan), u"No replica elsewhere can take over from 10.0.0.2:1"_s);
    QVERIFY2(!plan.notes.join(u'\n').contains(u"where they should be"), qPrintable(plan.notes.join(u'\n')));
}

void TestPlanFailover::rollingAwayFromNowhere()
{
    PlanFacts facts;
    QCOMPARE(refusals(facts.plan(RollingFailoverRequest{.awayFromHost = u"10.0.0.9"_s})),
             u"No node runs on 10.0.0.9"_s);
}

void TestPlanFailover::preferred()
{
    PlanFacts facts;
    QCOMPARE(stepsOf(facts.plan(RollingFailoverRequest{.preferred = {"aa", "ee", "cc"}})),
             (QStringList{u"wait links-up ee"_s, u"failover ee>bb"_s, u"wait links-up bb"_s}));
    facts.facts.view.reset();
    facts.replace("ff 10.0.0.1:2@10002 slave cc", "ff 10.0.0.1:2@10002 slave bb");
    QVERIFY(facts.plan(RollingFailoverRequest{.preferred = {"ee", "ff"}}).title.contains(u"two nodes"));
}

/// An IPv6 host is recognised both as the window writes it and as users type it.
void TestPlanFailover::rollingOffAnIpv6Host()
{
    PlanFacts facts;
    facts.replace("bb 10.0.0.2:1@10001", "bb fe80::1:1@10001");
    facts.build();
    QCOMPARE(facts.facts.view->node("bb")->host(), u"fe80::1"_s);
    QCOMPARE(facts.facts.view->node("bb")->name, u"[fe80::1]:1"_s);
    for (const QString &host : {u"fe80::1"_s, u"[fe80::1]"_s}) {
        const OperationPlan plan = facts.plan(RollingFailoverRequest{.awayFromHost = host});
        QCOMPARE(refusals(plan), u""_s);
        QVERIFY(stepsOf(plan).contains(u"failover ee>bb"_s));
    }
}

SLOTSCOPE_TEST(TestPlanFailover)
#include "tst_planfailover.moc"
