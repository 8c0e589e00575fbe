// SPDX-License-Identifier: GPL-3.0-or-later
// Fix and orphans.
#include "tests/support/testmain.h"
#include "tests/unit/planfacts.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestPlanFix final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ownerIsGone();
    void nodesLookElsewhere();
    void openSlots_data();
    void openSlots();
    void nothingToRepair();
    void uncovered_data();
    void uncovered();
    void uncoveredWhileANodeIsAway();
    void onlySourceWasTold();
    void twoClaimants_data();
    void twoClaimants();
    void staleMigratingAfterTheHandOver();
    void targetFailedOver();
    void targetIsGone();
    void deadShardWithReplica();
    void theReplicaHadLostItsLinkBefore();
    void theReplicaWasStartedAgain();
    void noMajorityIsLeft();
    void oneIsSilentAndNobodySaysSo();
    void aTakeoverDoesNotWaitForOpenSlots();
    void failedInTheEyesOfOne();
    void theOwnerDeniesAndOneIsAway();
    void assignedInMidMove();
    void deadShard();
    void whileAnElectionSpreads();
    void theDeadOwnerIsNewerThanAClaimant();
    void theHeirHasNotHeardOfASlot();
    void keysThatWereNotCounted();
    void onlyChosenSlots();
    void perSlot();
    void halfWayToOneThatCannotTakeIt();
    void whileMigrating();
    void orphans_data();
    void orphans();
};

using Prefer = FixRequest::Prefer;
using Keys = QHash<QByteArray, qint64>;

void TestPlanFix::openSlots_data()
{
    QTest::addColumn<QByteArray>("aa"); // open slots of aa, which owns slot 5
    QTest::addColumn<QByteArray>("bb");
    QTest::addColumn<QByteArray>("cc");
    QTest::addColumn<Keys>("keys");
    QTest::addColumn<Prefer>("prefer");
    QTest::addColumn<QStringList>("steps");
    const QByteArray out = "[5->-bb]";
    const QByteArray in = "[5-<-aa]";
    const QString agreed = u"wait agreed"_s;
    const QStringList goOn{u"move-slots aa>bb: 5"_s, u"wait same-slots"_s, agreed};
    // The move is completed and then reversed, because otherwise the owner would report the keys that have left as
    // missing until they are back.
    const QStringList back{u"move-slots aa>bb: 5"_s, u"wait same-slots"_s, u"move-slots bb>aa: 5"_s,
                           u"wait same-slots"_s, agreed};
    QTest::newRow("before any key moved: goes on") << out << in << ""_ba << Keys{{"aa", 9}} << Prefer::Ask << goOn;
    QTest::newRow("half moved: goes on, most keys there or not")
        << out << in << ""_ba << Keys{{"aa", 9}, {"bb", 1}} << Prefer::Ask << goOn;
    QTest::newRow("all keys over: goes on") << out << in << ""_ba << Keys{{"bb", 9}} << Prefer::Ask << goOn;
    QTest::newRow("half moved: rolled back")
        << out << in << ""_ba << Keys{{"aa", 1}, {"bb", 9}} << Prefer::RollBack << back;
    // While the slot is open, clients write new keys to the target, so these keys move back last.
    const QStringList home{u"aa: CLUSTER SETSLOT 5 STABLE"_s, u"gather-keys bb>aa: 5"_s,
                           u"bb: CLUSTER SETSLOT 5 STABLE"_s, agreed};
    QTest::newRow("no keys: rolled back") << out << in << ""_ba << Keys{} << Prefer::RollBack << home;
    QTest::newRow("none has left: rolled back") << out << in << ""_ba << Keys{{"aa", 9}} << Prefer::RollBack << home;
    QTest::newRow("half moved: home at once")
        << out << in << ""_ba << Keys{{"aa", 1}, {"bb", 9}} << Prefer::Home << home;
    QTest::newRow("importing only, no keys there") << ""_ba << in << ""_ba << Keys{{"aa", 9}} << Prefer::Ask
                                                   << QStringList{u"bb: CLUSTER SETSLOT 5 STABLE"_s, agreed};
    QTest::newRow("importing only, keys there: back to the owner")
        << ""_ba << in << ""_ba << Keys{{"aa", 1}, {"bb", 9}} << Prefer::Ask
        << QStringList{u"gather-keys bb>aa: 5"_s, u"bb: CLUSTER SETSLOT 5 STABLE"_s, agreed};
    QTest::newRow("importing only, continued")
        << ""_ba << in << ""_ba << Keys{{"aa", 1}, {"bb", 9}} << Prefer::Continue << goOn;
    QTest::newRow("migrating only, nothing there")
        << out << ""_ba
        << ""_ba << Keys{{"aa", 9}} << Prefer::Ask << QStringList{u"aa: CLUSTER SETSLOT 5 STABLE"_s, agreed};
    QTest::newRow("migrating only, keys there: goes on") << out << ""_ba
                                                         << ""_ba << Keys{{"bb", 9}} << Prefer::Ask << goOn;
    QTest::newRow("migrating only, rolled back") << out << ""_ba
                                                 << ""_ba << Keys{{"bb", 9}} << Prefer::RollBack << back;
    QTest::newRow("one migrating, two importing")
        << out << in << in << Keys{{"aa", 9}, {"bb", 1}} << Prefer::Ask
        << QStringList{u"cc: CLUSTER SETSLOT 5 STABLE"_s, goOn[0], goOn[1], agreed};
    QTest::newRow("one migrating, two importing, keys on the wrong one")
        << out << in << in << Keys{{"aa", 1}, {"bb", 1}, {"cc", 9}} << Prefer::Ask
        << QStringList{u"gather-keys cc>bb: 5"_s, u"cc: CLUSTER SETSLOT 5 STABLE"_s, goOn[0], goOn[1], agreed};
    QTest::newRow("two importing, nobody migrating")
        << ""_ba << in << in << Keys{{"bb", 1}, {"cc", 9}} << Prefer::Ask
        << QStringList{u"gather-keys bb>aa: 5"_s, u"gather-keys cc>aa: 5"_s,
                       u"bb: CLUSTER SETSLOT 5 STABLE, cc: CLUSTER SETSLOT 5 STABLE"_s, agreed};
}

void TestPlanFix::openSlots()
{
    QFETCH(const QByteArray, aa);
    QFETCH(const QByteArray, bb);
    QFETCH(const QByteArray, cc);
    QFETCH(const Keys, keys);
    QFETCH(const Prefer, prefer);
    QFETCH(const QStringList, steps);
    PlanFacts facts;
    facts.open = {{"aa", aa}, {"bb", bb}, {"cc", cc}};
    facts.facts.slotKeysByNode[5] = keys;
    const OperationPlan plan = facts.plan(FixRequest{.prefer = prefer});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(stepsOf(plan), steps);
    QVERIFY(plan.dataLoss.isEmpty());
    const QList<RepairedSlots> &rows = plan.results.repairs;
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows[0].slots.toString(), u"5"_s);
    QCOMPARE(rows[0].owner, u"10.0.0.1:1"_s);
    QCOMPARE(rows[0].ownerEpoch, 1);
}

void TestPlanFix::nothingToRepair()
{
    PlanFacts facts;
    const OperationPlan plan = facts.plan(FixRequest{});
    QVERIFY(plan.isEmpty());
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(plan.title, u"Nothing to repair"_s);
}

void TestPlanFix::uncovered_data()
{
    QTest::addColumn<QByteArray>("importing");
    QTest::addColumn<Keys>("keys");
    QTest::addColumn<QByteArray>("assign");
    QTest::addColumn<QStringList>("steps");
    QTest::addColumn<QString>("refusal");
    const QString agreed = u"wait agreed"_s;
    const auto claim = [](const QString &id) {
        return u"%1: CLUSTER BUMPEPOCH, %1: CLUSTER SETSLOT 5 NODE %1"_s.arg(id);
    };
    QTest::newRow("keys nowhere: the primary with fewest slots")
        << ""_ba << Keys{} << ""_ba << QStringList{claim(u"aa"_s), agreed} << u""_s;
    QTest::newRow("keys on one: that one")
        << ""_ba << Keys{{"cc", 2}} << ""_ba << QStringList{claim(u"cc"_s), agreed} << u""_s;
    QTest::newRow("keys on two: never by their number") << ""_ba << Keys{{"cc", 2}, {"bb", 9}} << ""_ba << QStringList{}
                                                        << u"Slot 5 has no owner, and 2 nodes contain keys of it"_s;
    QTest::newRow("keys on two, assigned")
        << ""_ba << Keys{{"cc", 2}, {"bb", 9}} << "cc"_ba
        << QStringList{claim(u"cc"_s), u"gather-keys bb>cc: 5"_s, u"bb: CLUSTER SETSLOT 5 STABLE"_s,
                       u"bb: CLUSTER SETSLOT 5 NODE cc"_s, agreed}
        << u""_s;
    QTest::newRow("importing by one") << "bb"_ba << Keys{} << ""_ba << QStringList{claim(u"bb"_s), agreed} << u""_s;
    QTest::newRow("assigned to a replica")
        << ""_ba << Keys{} << "dd"_ba << QStringList{} << u"Slot 5 cannot be assigned to 10.0.0.2:2"_s;
}

void TestPlanFix::uncovered()
{
    QFETCH(const QByteArray, importing);
    QFETCH(const Keys, keys);
    QFETCH(const QByteArray, assign);
    QFETCH(const QStringList, steps);
    QFETCH(const QString, refusal);
    PlanFacts facts;
    facts.replace("0-5460", "0-4 6-5460");
    if (!importing.isEmpty())
        facts.open[importing] = "[5-<-aa]";
    facts.facts.slotKeysByNode[5] = keys;
    FixRequest request;
    if (!assign.isEmpty())
        request.assign[5] = assign;
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), refusal);
    QCOMPARE(stepsOf(plan), steps);
    QVERIFY(plan.dataLoss.isEmpty());
}

void TestPlanFix::uncoveredWhileANodeIsAway()
{
    for (const auto &[away, losses] : {std::pair("cc"_ba, 1), std::pair("ff"_ba, 0)}) {
        PlanFacts facts;
        facts.replace("5461-10922", "5464-10922");
        facts.away = {away};
        const OperationPlan plan = facts.plan(FixRequest{.slots = SlotSet{{5461, 5463}}});
        QCOMPARE(plan.dataLoss.size(), losses); // cc may have the keys, while what ff has is known from its primary
        QVERIFY(losses == 0 || plan.dataLoss[0].startsWith(u"10.0.0.3:1 does not answer"));
        QCOMPARE(plan.moves.size(), 3); // neighbouring slots go to the same primary
        for (const SlotMove &move : plan.moves)
            QCOMPARE(move.target.id, "bb"_ba);
    }
}

/// SETSLOT NODE reached the source but not the target: the source says that the target owns the slot, while the target
/// still imports it.
void TestPlanFix::onlySourceWasTold()
{
    PlanFacts facts;
    facts.replace("0-5460", "0-4 6-5460").replace("connected 5461", "connected 5 5461");
    facts.own["bb"] = PlanFacts().text;
    facts.own["bb"].replace("0-5460", "0-4 6-5460");
    facts.open["bb"] = "[5-<-aa]";
    facts.facts.slotKeysByNode[5] = {{"bb", 9}};
    const OperationPlan plan = facts.plan(FixRequest{});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(stepsOf(plan).first(), u"bb: CLUSTER BUMPEPOCH, bb: CLUSTER SETSLOT 5 NODE bb"_s);
}

void TestPlanFix::twoClaimants_data()
{
    QTest::addColumn<QByteArray>("epoch"); // epoch of bb, which also claims slot 5, while the epoch of aa is 1
    QTest::addColumn<Keys>("keys");
    QTest::addColumn<QByteArray>("assign");
    QTest::addColumn<QStringList>("steps");
    QTest::addColumn<QString>("refusal");
    const QString agreed = u"wait agreed"_s;
    QTest::newRow("the newer epoch; the other has no keys yet")
        << "2"_ba << Keys{{"bb", 1}} << ""_ba
        << QStringList{u"aa: CLUSTER DELSLOTS 5"_s, u"gather-keys aa>bb: 5"_s, u"aa: CLUSTER SETSLOT 5 STABLE"_s,
                       u"aa: CLUSTER SETSLOT 5 NODE bb"_s, agreed}
        << u""_s;
    QTest::newRow("the other's keys are kept")
        << "2"_ba << Keys{{"aa", 9}, {"bb", 1}} << ""_ba
        << QStringList{u"aa: CLUSTER DELSLOTS 5"_s, u"gather-keys aa>bb: 5"_s, u"aa: CLUSTER SETSLOT 5 STABLE"_s,
                       u"aa: CLUSTER SETSLOT 5 NODE bb"_s, agreed}
        << u""_s;
    QTest::newRow("the same epoch") << "1"_ba << Keys{{"aa", 9}, {"bb", 1}} << ""_ba << QStringList{}
                                    << u"Slot 5 is claimed by two nodes of the same epoch"_s;
    QTest::newRow("the same epoch, assigned")
        << "1"_ba << Keys{{"aa", 9}, {"bb", 1}} << "bb"_ba
        << QStringList{u"aa: CLUSTER DELSLOTS 5"_s,        u"bb: CLUSTER BUMPEPOCH, bb: CLUSTER SETSLOT 5 NODE bb"_s,
                       u"gather-keys aa>bb: 5"_s,          u"aa: CLUSTER SETSLOT 5 STABLE"_s,
                       u"aa: CLUSTER SETSLOT 5 NODE bb"_s, agreed}
        << u""_s;
}

void TestPlanFix::twoClaimants()
{
    QFETCH(const QByteArray, epoch);
    QFETCH(const Keys, keys);
    QFETCH(const QByteArray, assign);
    QFETCH(const QStringList, steps);
    QFETCH(const QString, refusal);
    PlanFacts facts;
    facts.replace("0 0 2 connected 5461", "0 0 " + epoch + " connected 5461");
    facts.own["bb"] = facts.text;
    facts.own["bb"].replace("0-5460", "0-4 6-5460").replace("connected 5461", "connected 5 5461");
    facts.facts.slotKeysByNode[5] = keys;
    FixRequest request;
    if (!assign.isEmpty())
        request.assign[5] = assign;
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), refusal);
    QCOMPARE(stepsOf(plan), steps);
}

/// The tool died after it had told the target: the target owns the slot, while the source still migrates it.
void TestPlanFix::staleMigratingAfterTheHandOver()
{
    PlanFacts facts;
    facts.replace("0-5460", "0-4 6-5460").replace("connected 5461", "connected 5 5461");
    facts.open["aa"] = "[5->-bb]";
    facts.facts.slotKeysByNode[5] = {{"bb", 9}, {"aa", 1}};
    for (const Prefer prefer : {Prefer::Ask, Prefer::Continue, Prefer::RollBack})
        QCOMPARE(stepsOf(facts.plan(FixRequest{.prefer = prefer})),
                 (QStringList{u"gather-keys aa>bb: 5"_s, u"aa: CLUSTER SETSLOT 5 STABLE"_s, u"wait agreed"_s}));
}

/// The open slot's target has become a replica meanwhile, so the move continues to its primary.
void TestPlanFix::targetFailedOver()
{
    PlanFacts facts;
    facts.open["aa"] = "[5->-ee]";
    facts.facts.slotKeysByNode[5] = {{"bb", 9}, {"aa", 1}};
    QCOMPARE(stepsOf(facts.plan(FixRequest{})).first(), u"move-slots aa>bb: 5"_s);
}

void TestPlanFix::targetIsGone()
{
    PlanFacts facts;
    facts.open["aa"] = "[5->-xx]";
    facts.facts.slotKeysByNode[5] = {{"aa", 1}};
    QCOMPARE(refusals(facts.plan(FixRequest{})),
             u"Slot 5 is being migrated from 10.0.0.1:1 to a node that does not answer"_s);
    const OperationPlan back = facts.plan(FixRequest{.prefer = Prefer::RollBack});
    QCOMPARE(stepsOf(back), (QStringList{u"aa: CLUSTER SETSLOT 5 STABLE"_s, u"wait agreed"_s}));
    QCOMPARE(back.dataLoss.size(), 1);
}

void TestPlanFix::deadShardWithReplica()
{
    PlanFacts facts;
    facts.replace("10.0.0.2:1@10001 master -", "10.0.0.2:1@10001 master,fail -");
    facts.away = {"bb"};
    const OperationPlan plan = facts.plan(FixRequest{});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(stepsOf(plan), (QStringList{u"failover TAKEOVER ee>bb"_s, u"wait agreed"_s}));
    QVERIFY(plan.dataLoss.isEmpty());
    const QString refused = u"Slots of 10.0.0.2:1, which does not answer"_s;
    QCOMPARE(refusals(facts.plan(FixRequest{.takeover = false})), refused);
    // the replica still hears from its primary, so this is alive
    facts.change("ee", [](ServerInfo &info) { info.primaryLastIoSeconds = 1; });
    QCOMPARE(refusals(facts.plan(FixRequest{})), refused);
    facts.change("ee", [](ServerInfo &info) {
        info.primaryLinkUp = false;
        info.replicaOffset = 0; // the replica was never synchronized and has no data
        info.keys = 0;
    });
    QCOMPARE(refusals(facts.plan(FixRequest{})), refused);
}

/// According to the observers, the primary has been silent for 3 s. A replication link that is down for 4 s broke
/// together with it, one that is down for 60 s broke before.
void TestPlanFix::theReplicaHadLostItsLinkBefore()
{
    PlanFacts facts;
    facts.replace("10.0.0.2:1@10001 master - 0 0", "10.0.0.2:1@10001 master,fail - 0 1000")
        .replace("10.0.0.3:1@10001 master - 0 0", "10.0.0.3:1@10001 master - 0 4000");
    facts.away = {"bb"};
    facts.build();
    for (const auto &[seconds, losses] : {std::pair(4, 0), std::pair(60, 1)}) {
        facts.change("ee", [seconds](ServerInfo &info) {
            info.primaryLinkUp = false;
            info.primaryLinkDownSeconds = seconds;
        });
        const OperationPlan plan = facts.plan(FixRequest{});
        QCOMPARE(refusals(plan), u""_s);
        QCOMPARE(plan.dataLoss.size(), losses);
    }
}

/// The replica was restarted while its primary was dead: it has no replication offset, but keys. These may be complete
/// or old, so the user must decide.
void TestPlanFix::theReplicaWasStartedAgain()
{
    PlanFacts facts;
    facts.replace("10.0.0.2:1@10001 master -", "10.0.0.2:1@10001 master,fail -");
    facts.away = {"bb"};
    facts.build();
    const auto startedWith = [&facts](qint64 keys) {
        facts.change("ee", [keys](ServerInfo &info) {
            info.primaryLinkUp = false;
            info.replicaOffset = 0;
            info.keys = keys;
        });
        return facts.plan(FixRequest{});
    };
    const OperationPlan plan = startedWith(1000);
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(stepsOf(plan).first(), u"failover TAKEOVER ee>bb"_s);
    QCOMPARE(plan.dataLoss.size(), 1);
    QVERIFY(plan.dataLoss[0].startsWith(u"10.0.0.3:2 was restarted"));
    QCOMPARE(refusals(startedWith(0)), u"Slots of 10.0.0.2:1, which does not answer"_s);
}

/// Two of three primaries do not answer, so no node can be reported as failed. Their replicas can take over with the
/// user's consent.
void TestPlanFix::noMajorityIsLeft()
{
    PlanFacts facts;
    facts.replace("10.0.0.2:1@10001 master -", "10.0.0.2:1@10001 master,fail? -")
        .replace("10.0.0.3:1@10001 master -", "10.0.0.3:1@10001 master,fail? -");
    facts.away = {"bb", "cc"};
    const OperationPlan plan = facts.plan(FixRequest{});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(stepsOf(plan),
             (QStringList{u"failover TAKEOVER ee>bb"_s, u"failover TAKEOVER ff>cc"_s, u"wait agreed"_s}));
    QCOMPARE(plan.dataLoss.size(), 2);
    QVERIFY(plan.dataLoss[0].startsWith(u"No majority"));
}

/// The node may be unreachable only from here, which does not mean that nothing needs repair.
void TestPlanFix::oneIsSilentAndNobodySaysSo()
{
    PlanFacts facts;
    facts.away = {"bb"};
    QCOMPARE(refusals(facts.plan(FixRequest{})),
             u"10.0.0.2:1 does not answer Slotscope, but the others have not marked it as failed"_s);
    facts = PlanFacts();
    facts.away = {"bb"};
    facts.open = {{"cc", "[5-<-aa]"}};
    const OperationPlan plan = facts.plan(FixRequest{});
    QCOMPARE(refusals(plan), u""_s);
    QVERIFY(warnings(plan).contains(u"10.0.0.2:1 does not answer Slotscope"));
}

/// Open slots of a shard that is taken over are left to the next fix, so this plan does not wait for them.
void TestPlanFix::aTakeoverDoesNotWaitForOpenSlots()
{
    PlanFacts facts;
    facts.replace("10.0.0.2:1@10001 master -", "10.0.0.2:1@10001 master,fail -");
    facts.away = {"bb"};
    facts.open = {{"cc", "[6000-<-bb]"}};
    const OperationPlan plan = facts.plan(FixRequest{});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(stepsOf(plan), (QStringList{u"failover TAKEOVER ee>bb"_s, u"wait agreed"_s}));
    QVERIFY(!plan.steps.last().slots.contains(6000) && plan.steps.last().slots.contains(5999));
}

/// If only one observer reports a node as failed, the node does not count as failed.
void TestPlanFix::failedInTheEyesOfOne()
{
    PlanFacts facts;
    facts.away = {"bb"};
    facts.own["aa"] = PlanFacts().replace("10.0.0.2:1@10001 master -", "10.0.0.2:1@10001 master,fail -").text;
    QCOMPARE(refusals(facts.plan(FixRequest{})), u"Slots of 10.0.0.2:1, which does not answer"_s);
}

/// bb had taken the slot before it died. Only aa, the former owner, still knows where the slot's keys are.
void TestPlanFix::theOwnerDeniesAndOneIsAway()
{
    PlanFacts facts;
    facts.own["aa"] = PlanFacts().replace("0-5460", "0-4 6-5460").text;
    facts.away = {"bb"};
    const OperationPlan plan = facts.plan(FixRequest{.slots = SlotSet{{5, 5}}});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(plan.dataLoss.size(), 1);
}

void TestPlanFix::assignedInMidMove()
{
    PlanFacts facts;
    facts.open = {{"aa", "[5->-bb]"}, {"bb", "[5-<-aa]"}};
    facts.facts.slotKeysByNode[5] = {{"aa", 1}, {"bb", 1}};
    QCOMPARE(refusals(facts.plan(FixRequest{.assign = {{5, "cc"}}})),
             u"Slot 5 is in migration from 10.0.0.1:1 to 10.0.0.2:1"_s);
    const QStringList back = stepsOf(facts.plan(FixRequest{.assign = {{5, "aa"}}}));
    QCOMPARE(back, stepsOf(facts.plan(FixRequest{.prefer = Prefer::RollBack})));
}

void TestPlanFix::deadShard()
{
    PlanFacts facts;
    facts.replace("10.0.0.2:1@10001 master -", "10.0.0.2:1@10001 master,fail -");
    facts.away = {"bb", "ee"};
    const OperationPlan refused = facts.plan(FixRequest{});
    QCOMPARE(refusals(refused), u"Slots of 10.0.0.2:1, which does not answer"_s);
    QVERIFY(refused.isEmpty());
    FixRequest request;
    for (int slot = 5461; slot <= 10922; ++slot)
        request.assign[quint16(slot)] = slot < 8000 ? "aa" : "cc";
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(plan.dataLoss.size(), 1); // requires typed consent
    QVERIFY(plan.dataLoss[0].startsWith(u"The keys of 10.0.0.2:1"));
    QCOMPARE(plan.steps.size(), 3);
    QCOMPARE(plan.steps[0].commands.size(), 1 + 8000 - 5461);
    QCOMPARE(plan.steps[0].commands[0].command, commandOf("CLUSTER", "BUMPEPOCH"));
    QCOMPARE(plan.results.repairs.size(), 2);
    request.assign.remove(6000);
    QVERIFY(facts.plan(request).isRefused()); // refused, because slot 6000 would stay without an owner
}

/// Only the elected replica knows of its election: its keys count, and the slot that was being moved continues from
/// there.
void TestPlanFix::whileAnElectionSpreads()
{
    PlanFacts facts;
    facts.build(); // the state before the failure
    facts.facts.view.reset();
    facts.replace("10.0.0.2:1@10001 master -", "10.0.0.2:1@10001 master,fail -");
    facts.away = {"bb"};
    facts.open["aa"] = "[6000-<-bb]";
    facts.own["ee"] = facts.text;
    facts.own["ee"].replace("2 connected 5461-10922", "2 connected");
    facts.own["ee"].replace("slave bb 0 0 2 connected", "master - 0 0 9 connected 5461-10922");
    facts.facts.slotKeysByNode[6000] = {{"aa", 1}, {"ee", 2}};
    const OperationPlan plan = facts.plan(FixRequest{});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(stepsOf(plan).first(), u"gather-keys aa>ee: 6000"_s);
    for (const QString &step : stepsOf(plan))
        QVERIFY2(!step.contains(u"BUMPEPOCH"), qPrintable(step));
    QCOMPARE(stepsOf(facts.plan(FixRequest{.prefer = Prefer::Continue})).first(), u"move-slots ee>aa: 6000"_s);
}

/// bb took slot 5 from aa and died before aa heard of it, so only bb has the slot's latest keys.
void TestPlanFix::theDeadOwnerIsNewerThanAClaimant()
{
    PlanFacts facts;
    facts.replace("10.0.0.2:1@10001 master -", "10.0.0.2:1@10001 master,fail -")
        .replace("0-5460", "0-4 6-5460")
        .replace("connected 5461", "connected 5 5461");
    facts.own["aa"] = PlanFacts().text;
    facts.away = {"bb", "ee"};
    facts.facts.slotKeysByNode[5] = {{"aa", 1}};
    QVERIFY(facts.plan(FixRequest{.slots = SlotSet{{5, 5}}}).isRefused());
    const OperationPlan assigned = facts.plan(FixRequest{.slots = SlotSet{{5, 5}}, .assign = {{5, "aa"}}});
    QCOMPARE(refusals(assigned), u""_s);
    QCOMPARE(assigned.dataLoss.size(), 1);
}

void TestPlanFix::theHeirHasNotHeardOfASlot()
{
    PlanFacts facts;
    facts.dieWith(5);
    facts.facts.slotKeysByNode[5] = {{"ee", 3}};
    const OperationPlan refused = facts.plan(FixRequest{});
    QCOMPARE(refusals(refused), u"Slots of 10.0.0.2:1, which does not answer"_s);
    const auto check = std::find_if(refused.checks.begin(), refused.checks.end(),
                                    [](const PlanCheck &each) { return each.verdict == PlanCheck::Verdict::Refuse; });
    QVERIFY2(check->detail.contains(u"10.0.0.3:2 contains keys of these slots"), qPrintable(check->detail));
    const OperationPlan assigned = facts.plan(FixRequest{.assign = {{5, "ee"}}});
    QCOMPARE(refusals(assigned), u""_s);
    QCOMPARE(assigned.dataLoss.size(), 1);
    QVERIFY2(assigned.dataLoss[0].startsWith(u"Keys of 10.0.0.2:1"), qPrintable(assigned.dataLoss[0]));
}

void TestPlanFix::keysThatWereNotCounted()
{
    PlanFacts facts;
    facts.open["aa"] = "[5->-bb]";
    facts.facts.slotKeysByNode[5] = {{"aa", 1}};
    facts.build();
    facts.facts.counted.remove("cc");
    QCOMPARE(refusals(facts.plan(FixRequest{})), u"The keys of 10.0.0.3:1 could not be counted"_s);
    QCOMPARE(refusals(facts.plan(OrphansRequest{.action = OrphansRequest::Action::List})), u""_s);
    QVERIFY(warnings(facts.plan(OrphansRequest{.action = OrphansRequest::Action::List})).contains(u"10.0.0.3:1"));
}

void TestPlanFix::onlyChosenSlots()
{
    PlanFacts facts;
    facts.open["aa"] = "[5->-bb] [6->-bb]";
    facts.open["bb"] = "[5-<-aa] [6-<-aa]";
    const OperationPlan plan = facts.plan(FixRequest{.slots = SlotSet{{6, 100}}});
    QCOMPARE(stepsOf(plan).first(), u"move-slots aa>bb: 6"_s);
}

/// If the target cannot accept the keys, the slot moves back and nothing else is tried.
void TestPlanFix::halfWayToOneThatCannotTakeIt()
{
    PlanFacts facts;
    facts.open["aa"] = "[5->-bb]";
    facts.open["bb"] = "[5-<-aa]";
    facts.build();
    facts.facts.slotKeysByNode[5] = {{"aa", 3}, {"bb", 1}};
    facts.facts.nodes["aa"].payload = 80;
    facts.facts.nodes["bb"].payload = 11;
    const QStringList home{u"aa: CLUSTER SETSLOT 5 STABLE"_s, u"gather-keys bb>aa: 5"_s,
                           u"bb: CLUSTER SETSLOT 5 STABLE"_s, u"wait agreed"_s};
    for (const Prefer prefer : {Prefer::Ask, Prefer::RollBack}) {
        const OperationPlan plan = facts.plan(FixRequest{.prefer = prefer});
        QCOMPARE(refusals(plan), u""_s);
        QCOMPARE(stepsOf(plan), home);
        QVERIFY(plan.steps[0].risk.contains(u"are reported as missing"));
    }
    QVERIFY(refusals(facts.plan(FixRequest{.prefer = Prefer::Continue})).contains(u"cannot read the values"));
}

void TestPlanFix::perSlot()
{
    PlanFacts facts;
    facts.open["aa"] = "[5->-bb] [6->-bb]";
    facts.open["bb"] = "[5-<-aa] [6-<-aa]";
    facts.facts.slotKeysByNode[5] = {{"bb", 1}};
    const OperationPlan plan = facts.plan(FixRequest{.perSlot = {{5, Prefer::RollBack}}});
    QCOMPARE(stepsOf(plan).mid(0, 2), (QStringList{u"move-slots aa>bb: 5-6"_s, u"wait same-slots"_s}));
    QCOMPARE(stepsOf(plan)[2], u"move-slots bb>aa: 5"_s);
}

void TestPlanFix::whileMigrating()
{
    PlanFacts facts;
    facts.open["aa"] = "[5->-bb]";
    facts.build();
    facts.facts.nodes["cc"].migrationsRunning = 1;
    QCOMPARE(refusals(facts.plan(FixRequest{})), u"A slot migration is running on 10.0.0.3:1"_s);
}

void TestPlanFix::orphans_data()
{
    using Action = OrphansRequest::Action;
    QTest::addColumn<Action>("action");
    QTest::addColumn<QStringList>("steps");
    QTest::addColumn<int>("losses");
    QTest::newRow("list") << Action::List << QStringList{} << 0;
    QTest::newRow("move") << Action::Move
                          << QStringList{u"gather-keys bb>aa: 5-6"_s,
                                         u"bb: CLUSTER SETSLOT 5 STABLE, bb: CLUSTER SETSLOT 6 STABLE"_s,
                                         u"gather-keys bb>cc: 16000"_s, u"bb: CLUSTER SETSLOT 16000 STABLE"_s}
                          << 0;
    QTest::newRow("delete") << Action::Delete
                            << QStringList{u"delete-keys bb>aa: 5-6"_s,
                                           u"bb: CLUSTER SETSLOT 5 STABLE, bb: CLUSTER SETSLOT 6 STABLE"_s,
                                           u"delete-keys bb>cc: 16000"_s, u"bb: CLUSTER SETSLOT 16000 STABLE"_s}
                            << 2;
}

void TestPlanFix::orphans()
{
    QFETCH(const OrphansRequest::Action, action);
    QFETCH(const QStringList, steps);
    QFETCH(const int, losses);
    PlanFacts facts;
    facts.facts.orphans = {{"bb", 5, 3}, {"bb", 6, 1}, {"bb", 16000, 2}};
    const OperationPlan plan = facts.plan(OrphansRequest{.action = action});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(stepsOf(plan), steps);
    QCOMPARE(plan.dataLoss.size(), losses);
    QCOMPARE(plan.estimate.keys, 6);
    QCOMPARE(plan.results.orphans.size(), 3);
    facts.replace("0-5460", "0-4 6-5460").facts.view.reset();
    facts.away = {"cc"};
    QCOMPARE(facts.plan(OrphansRequest{.action = action}).isRefused(), action != OrphansRequest::Action::List);
}

/// A node without an address is never reported as failed, as no node can reach it.
void TestPlanFix::ownerIsGone()
{
    PlanFacts facts;
    facts.replace("bb 10.0.0.2:1@10001 master -", "bb :0@0 master,noaddr -");
    facts.replace("2 connected 5461-10922", "2 disconnected 5461-10922");
    facts.away = {"bb"};
    facts.build();
    QCOMPARE(stepsOf(facts.plan(FixRequest{})), (QStringList{u"failover TAKEOVER ee>bb"_s, u"wait agreed"_s}));

    PlanFacts alone;
    alone.replace("bb 10.0.0.2:1@10001 master -", "bb :0@0 master,noaddr -").replace("slave bb", "slave aa");
    alone.away = {"bb"};
    const OperationPlan plan = alone.plan(FixRequest{});
    QVERIFY2(refusals(plan).contains(u"which is gone"), qPrintable(refusals(plan)));
    FixRequest request;
    for (quint16 slot = 5461; slot <= 10922; ++slot)
        request.assign[slot] = "cc";
    const OperationPlan assigned = alone.plan(request);
    QCOMPARE(refusals(assigned), u""_s);
    QVERIFY(!assigned.dataLoss.isEmpty());
    QVERIFY(refusals(alone.plan(ForgetRequest{.nodeId = "bb"})).contains(u"owns 5,462 slots"));
}

void TestPlanFix::nodesLookElsewhere()
{
    PlanFacts facts;
    for (const QByteArray &id : facts.ids()) {
        QByteArray text = facts.text;
        text.replace(" connected", " disconnected");
        const qsizetype line = text.indexOf(id + " 10");
        text.insert(text.indexOf('@', line), "1");
        text.replace(text.indexOf("disconnected", line), 12, "connected");
        facts.own[id] = text;
    }
    const OperationPlan plan = facts.plan(FixRequest{});
    QCOMPARE(refusals(plan), u""_s);
    const QStringList steps = stepsOf(plan);
    QCOMPARE(steps.size(), 3);
    QVERIFY2(steps[0].contains(u"aa: CLUSTER MEET 10.0.0.2 11"), qPrintable(steps[0]));
    QVERIFY(steps[1].startsWith(u"wait joined"));
    const ReshardRequest reshard{.target = "aa", .slots = SlotSet{{16000, 16000}}};
    QVERIFY2(refusals(facts.plan(reshard)).startsWith(u"Other nodes do not reach"),
             qPrintable(refusals(facts.plan(reshard))));
}

SLOTSCOPE_TEST(TestPlanFix)
#include "tst_planfix.moc"
