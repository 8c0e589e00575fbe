// SPDX-License-Identifier: GPL-3.0-or-later
// What takes a run back.
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "tests/unit/planfacts.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestPlanRollBack final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void movesBackWhatHasMoved();
    void halfWaySlotsArriveFirst();
    void whatIsOnItsWayBackGoesOn();
    void refusesSlotsThatOthersMove();
    void closesWhatOnlyReplicasShow();
    void leavesAloneWhatOthersOwn();
    void refuses_data();
    void refuses();
    void refusesAnEmptiedPrimaryThatFollowsNow();
    void followsAFailover();
    void takesARoleBack();
    void whatEachOperationIsTakenBackBy();
};

namespace {

/// Returns the request to roll back a run that moved slots 0-99 from aa to bb.
RollBackRequest request()
{
    SlotMove move;
    move.source = {.id = "aa", .address = u"10.0.0.1:1"_s};
    move.target = {.id = "bb", .address = u"10.0.0.2:1"_s};
    move.slots = SlotSet{{0, 99}};
    move.sourceHeirs = {"dd"};
    return {.run = u"r1"_s, .title = u"Move 100 slots"_s, .moves = {move}};
}

/// Returns the slot moves of a plan in short form: "aa>bb 0-9; bb>aa 0-99".
QString moved(const OperationPlan &plan)
{
    QStringList list;
    for (const PlanStep &step : plan.steps)
        for (const SlotMove &move : step.moves)
            list.append(u"%1>%2 %3"_s.arg(QString::fromLatin1(move.source.id), QString::fromLatin1(move.target.id),
                                          move.slots.toString()));
    return list.join(u"; "_s);
}

PlanFacts halfDone()
{
    PlanFacts facts;
    facts.replace("0-5460", "60-5460").replace("5461-10922", "0-59 5461-10922");
    return facts;
}

RunSnapshot ended(const OperationPlan &plan, RunState state)
{
    RunSnapshot run;
    run.id = u"r1"_s;
    run.plan = std::make_shared<const OperationPlan>(plan);
    run.steps.resize(plan.steps.size());
    run.state = state;
    return run;
}

} // namespace

void TestPlanRollBack::movesBackWhatHasMoved()
{
    PlanFacts facts = halfDone();
    facts.build();
    facts.keysEach(10);
    const OperationPlan plan = facts.plan(request());
    QCOMPARE(refusals(plan), QString());
    QCOMPARE(moved(plan), u"bb>aa 0-59"_s);
    QCOMPARE(plan.estimate.keys, 600);
    QCOMPARE(plan.results.rollsBack, u"r1"_s);
    PlanFacts untouched;
    untouched.build();
    // nothing to move, the plan only checks that and marks the run as rolled back
    QCOMPARE(moved(untouched.plan(request())), QString());
    QCOMPARE(untouched.plan(request()).steps.size(), 1);
}

void TestPlanRollBack::halfWaySlotsArriveFirst()
{
    PlanFacts facts = halfDone();
    facts.open["aa"] = "[60->-bb]";
    facts.open["bb"] = "[60-<-aa] [61-<-aa]";
    facts.build();
    facts.keysEach(10);
    // no key has left, so these slots need not be moved completely first
    QCOMPARE(moved(facts.plan(request())), u"bb>aa 0-59"_s);
    QCOMPARE(
        stepsOf(facts.plan(request())).mid(0, 3),
        (QStringList{u"aa: CLUSTER SETSLOT 60 STABLE, aa: CLUSTER SETSLOT 61 STABLE"_s, u"gather-keys bb>aa: 60-61"_s,
                     u"bb: CLUSTER SETSLOT 60 STABLE, bb: CLUSTER SETSLOT 61 STABLE"_s}));
    facts.facts.slotKeysByNode = {{60, {{"bb", 1}}}, {61, {{"bb", 1}}}};
    RollBackRequest blocked = request();
    blocked.home = true; // the keys cannot be moved to the target
    QCOMPARE(moved(facts.plan(blocked)), u"bb>aa 0-59"_s);
    const OperationPlan plan = facts.plan(request());
    QCOMPARE(refusals(plan), QString());
    QCOMPARE(moved(plan), u"aa>bb 60-61; bb>aa 0-61"_s);
    QCOMPARE(plan.estimate.keys, 640); // the keys of these slots move twice
    QCOMPARE(plan.moves.size(), 1); // the picture of the plan only shows their way back
    facts.open["cc"] = "[12000->-bb]"; // an open slot that does not belong to the run
    facts.facts.view.reset();
    facts.build();
    QVERIFY(refusals(facts.plan(request())).contains(u"Slots are in migration: 12000"_s));
}

void TestPlanRollBack::whatIsOnItsWayBackGoesOn()
{
    PlanFacts facts = halfDone();
    facts.open["bb"] = "[50->-aa]";
    facts.open["aa"] = "[50-<-bb]";
    facts.build();
    const OperationPlan plan = facts.plan(request());
    QCOMPARE(refusals(plan), QString());
    QCOMPARE(moved(plan), u"bb>aa 0-59"_s); // some keys of slot 50 are back already, so it is not moved forth again
}

void TestPlanRollBack::refusesSlotsThatOthersMove()
{
    PlanFacts facts = halfDone();
    facts.open["aa"] = "[90->-cc]"; // a slot of the run that is being moved to a third node
    facts.open["cc"] = "[90-<-aa]";
    facts.build();
    QVERIFY2(refusals(facts.plan(request())).contains(u"Slots are in migration: 90"_s),
             qPrintable(refusals(facts.plan(request()))));
}

void TestPlanRollBack::closesWhatOnlyReplicasShow()
{
    PlanFacts facts = halfDone();
    facts.open["ee"] = "[90-<-aa]"; // in Valkey, replicas execute SETSLOT before their primary
    facts.build();
    const OperationPlan plan = facts.plan(request());
    QCOMPARE(refusals(plan), QString());
    QCOMPARE(plan.steps[0].commands.size(), 1);
    QCOMPARE(plan.steps[0].commands[0].node.id, "bb"_ba);
    QCOMPARE(plan.steps[0].commands[0].command, (Command{"CLUSTER", "SETSLOT", "90", "STABLE"}));
}

void TestPlanRollBack::leavesAloneWhatOthersOwn()
{
    PlanFacts facts;
    facts.replace("0-5460", "60-5460").replace("5461-10922", "0-49 5461-10922").replace("10923-", "50-59 10923-");
    facts.build();
    const OperationPlan plan = facts.plan(request());
    QCOMPARE(moved(plan), u"bb>aa 0-49"_s);
    QVERIFY(warnings(plan).contains(u"Other nodes own these slots now: 50-59"_s));
}

void TestPlanRollBack::refuses_data()
{
    QTest::addColumn<QByteArrayList>("away");
    QTest::addColumn<bool>("gone");
    QTest::addColumn<QString>("word");
    QTest::newRow("the source does not answer") << QByteArrayList{"aa"} << false << u"does not answer"_s;
    QTest::newRow("the source has left the cluster") << QByteArrayList{} << true << u"no longer in the cluster"_s;
}

void TestPlanRollBack::refusesAnEmptiedPrimaryThatFollowsNow()
{
    PlanFacts facts; // servers do this themselves when a primary has lost its last slot
    facts.replace("aa 10.0.0.1:1@10001 master - 0 0 1 connected 0-5460", "aa 10.0.0.1:1@10001 slave bb 0 0 2 connected")
        .replace("dd 10.0.0.2:2@10002 slave aa 0 0 1", "dd 10.0.0.2:2@10002 slave bb 0 0 2")
        .replace("5461-10922", "0-10922");
    facts.build();
    const OperationPlan plan = facts.plan(request());
    QVERIFY2(refusals(plan).contains(u"10.0.0.1:1 is no longer a primary"_s), qPrintable(refusals(plan)));
    QCOMPARE(moved(plan), QString());
}

void TestPlanRollBack::refuses()
{
    QFETCH(const QByteArrayList, away);
    QFETCH(const bool, gone);
    QFETCH(const QString, word);
    PlanFacts facts;
    facts.replace("0-5460", "100-5460").replace("5461-10922", "0-99 5461-10922");
    if (gone)
        facts.replace("aa 10.0.0.1:1@10001 master - 0 0 1 connected 100-5460\n", "")
            .replace("0-99 5461-10922", "0-10922")
            .replace("dd 10.0.0.2:2@10002 slave aa 0 0 1 connected\n", "");
    facts.away = away;
    facts.build();
    QVERIFY2(refusals(facts.plan(request())).contains(word), qPrintable(refusals(facts.plan(request()))));
}

void TestPlanRollBack::followsAFailover()
{
    PlanFacts facts;
    facts.replace("aa 10.0.0.1:1@10001 master - 0 0 1 connected 0-5460", "aa 10.0.0.1:1@10001 slave dd 0 0 4 connected")
        .replace("dd 10.0.0.2:2@10002 slave aa 0 0 1 connected",
                 "dd 10.0.0.2:2@10002 master - 0 0 4 connected 100-5460")
        .replace("5461-10922", "0-99 5461-10922");
    facts.build();
    QCOMPARE(moved(facts.plan(request())), u"bb>dd 0-99"_s);
}

void TestPlanRollBack::takesARoleBack()
{
    PlanFacts facts; // dd replicates aa, and gg has no slots
    facts.text += "gg 10.0.0.9:1@10001 master - 0 0 0 connected\n";
    facts.build();
    const RunSnapshot moved = ended(facts.plan(ReplicateRequest{.nodeId = "dd", .primaryId = "bb"}), RunState::Done);
    QVERIFY(!rollBackOf(moved, *facts.facts.view)); // nothing to roll back, because dd still replicates aa
    const RunSnapshot promoted = ended(facts.plan(ReplicateRequest{.nodeId = "dd"}), RunState::Done);
    const RunSnapshot given = ended(facts.plan(ReplicateRequest{.nodeId = "gg", .primaryId = "bb"}), RunState::Done);
    PlanFacts after;
    after.text = facts.text;
    after.replace("dd 10.0.0.2:2@10002 slave aa", "dd 10.0.0.2:2@10002 slave bb")
        .replace("gg 10.0.0.9:1@10001 master -", "gg 10.0.0.9:1@10001 slave bb");
    after.build();
    const auto home = rollBackOf(moved, *after.facts.view);
    QVERIFY(home);
    QCOMPARE(std::get<ReplicateRequest>(*home).nodeId, "dd"_ba);
    QCOMPARE(std::get<ReplicateRequest>(*home).primaryId, "aa"_ba);
    QVERIFY(rollBackOf(promoted, *after.facts.view)); // dd now replicates another primary than before
    const auto free = rollBackOf(given, *after.facts.view);
    QVERIFY(free);
    QCOMPARE(std::get<ReplicateRequest>(*free).nodeId, "gg"_ba);
    QVERIFY(std::get<ReplicateRequest>(*free).primaryId.isEmpty()); // gg becomes an empty primary again
    after.replace("dd 10.0.0.2:2@10002 slave bb", "dd 10.0.0.2:2@10002 master -");
    after.build();
    const auto back = rollBackOf(promoted, *after.facts.view);
    QVERIFY(back && std::get<ReplicateRequest>(*back).primaryId == "aa");
    PlanFacts gone; // aa now replicates cc, so no former member of dd's shard is a primary
    gone.text = facts.text;
    gone.replace("dd 10.0.0.2:2@10002 slave aa", "dd 10.0.0.2:2@10002 slave bb")
        .replace("aa 10.0.0.1:1@10001 master - 0 0 1 connected 0-5460", "aa 10.0.0.1:1@10001 slave cc 0 0 1 connected")
        .replace("5461-10922", "0-10922");
    gone.build();
    QVERIFY(!rollBackOf(moved, *gone.facts.view));
}

void TestPlanRollBack::whatEachOperationIsTakenBackBy()
{
    PlanFacts facts;
    facts.build();
    const ClusterView &view = *facts.facts.view;
    OperationPlan plan = facts.plan(ReshardRequest{.sources = {"aa"}, .target = "bb", .count = 5});
    const auto back = rollBackOf(ended(plan, RunState::Interrupted), view);
    QVERIFY(back && std::get<RollBackRequest>(*back).moves == plan.moves);
    QVERIFY(rollBackOf(ended(plan, RunState::Done), view));
    QVERIFY(!rollBackOf(ended(plan, RunState::Running), view));
    RunSnapshot twice = ended(plan, RunState::Interrupted);
    twice.rolledBack = true;
    QVERIFY(!rollBackOf(twice, view));
    facts.facts.nodes["aa"].allowReplicaMigration = true;
    plan = facts.plan(RemoveNodeRequest{.nodeId = "aa"});
    const auto stays = rollBackOf(ended(plan, RunState::Stopped), view);
    QVERIFY(stays);
    // the setting that keeps aa from becoming a replica is restored
    QCOMPARE(std::get<RollBackRequest>(*stays).restores.size(), 1);
    QVERIFY(!rollBackOf(ended(plan, RunState::Done), view)); // the node has been reset, which cannot be undone
    plan = facts.plan(RollingFailoverRequest{.awayFromHost = u"10.0.0.1"_s});
    RunSnapshot rolling = ended(plan, RunState::Stopped);
    QVERIFY(!rollBackOf(rolling, view)); // no step has begun
    rolling.steps[1].state = StepState::State::Done;
    // aa does not replicate its successor, so the failover was undone or is outdated
    QVERIFY(!rollBackOf(rolling, view));
    PlanFacts after;
    after.replace("aa 10.0.0.1:1@10001 master - 0 0 1 connected 0-5460", "aa 10.0.0.1:1@10001 slave dd 0 0 4 connected")
        .replace("dd 10.0.0.2:2@10002 slave aa 0 0 1 connected", "dd 10.0.0.2:2@10002 master - 0 0 4 connected 0-5460");
    after.build();
    QCOMPARE(std::get<RollingFailoverRequest>(*rollBackOf(rolling, *after.facts.view)).preferred, QByteArrayList{"aa"});
    plan = facts.plan(request());
    QVERIFY(!plan.results.rollsBack.isEmpty());
    QVERIFY(!rollBackOf(ended(plan, RunState::Done), view)); // a roll-back is not rolled back itself
    QVERIFY(!rollBackOf(ended(facts.plan(FixRequest{}), RunState::Done), view));
}

SLOTSCOPE_TEST(TestPlanRollBack)
#include "tst_planrollback.moc"
