// SPDX-License-Identifier: GPL-3.0-or-later
// Add, remove, replicate, forget, reset, meet; configuration and copies.
#include "tests/support/testmain.h"
#include "tests/unit/planfacts.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestPlanMembers final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void addPrimary();
    void addReplica();
    void addIsRefused_data();
    void addIsRefused();
    void removeTheMiddleOne();
    void cloned();
    void comesBackWithItsKeys();
    void addToDegraded();
    void addSeveral();
    void addAShardWithItsSlots();
    void removePrimary();
    void removeAllThatAreGone();
    void removeSpreadsReplicas();
    void removeHoldsReplicas();
    void removeReplica();
    void removeDead();
    void removeIsRefused_data();
    void removeIsRefused();
    void replicate();
    void replicateIsRefused_data();
    void replicateIsRefused();
    void promote();
    void forget_data();
    void forget();
    void reset_data();
    void reset();
    void meet_data();
    void meet();
    void config();
    void anotherOperationIsAtWork();
    void configIsRefused();
    void backup();
    void save();
};

namespace {

const QByteArray spare = "gg 10.0.0.4:1@10001 master - 0 0 0 connected\n"; // a primary without slots and keys

PlanFacts withSpare()
{
    PlanFacts facts;
    facts.text += spare;
    facts.build();
    facts.change("gg", [](ServerInfo &info) { info.keys = 0; });
    return facts;
}

} // namespace

void TestPlanMembers::addPrimary()
{
    PlanFacts facts;
    facts.build();
    facts.facts.outside = {outsideNode(u"10.0.0.9:7"_s, "nn")};
    facts.facts.nodes["bb"].functionCount = 2;
    const OperationPlan plan = facts.plan(AddNodeRequest{.endpoint = facts.facts.outside[0].endpoint});
    QCOMPARE(refusals(plan) + warnings(plan), u""_s);
    const QStringList steps = stepsOf(plan);
    QCOMPARE(steps.size(), 4);
    QCOMPARE(steps[0], u"copy-functions bb>nn"_s);
    QVERIFY2(steps[1].startsWith(u"nn: CLUSTER MEET 10.0.0.1 1,"), qPrintable(steps[1]));
    QCOMPARE(steps.mid(2), (QStringList{u"wait joined nn"_s, u"wait same-slots"_s}));
    QVERIFY(plan.notes.join(u' ').contains(u"rebalance"));
}

void TestPlanMembers::addReplica()
{
    PlanFacts facts;
    facts.build();
    facts.facts.outside = {outsideNode(u"10.0.0.9:7"_s, "nn")};
    AddNodeRequest request{.endpoint = facts.facts.outside[0].endpoint, .asReplica = true, .replicaOf = "cc"};
    const QStringList tail{u"wait joined nn>cc"_s, u"nn: CLUSTER REPLICATE cc"_s, u"wait replica-of nn>cc"_s,
                           u"wait links-up nn"_s, u"wait same-slots"_s};
    QCOMPARE(stepsOf(facts.plan(request)).mid(1), tail);
    request.replicaOf.clear();
    facts.facts.view.reset();
    facts.replace("slave cc", "slave bb"); // now cc has no replica
    QCOMPARE(stepsOf(facts.plan(request)).mid(1), tail);
    request.replicaOf = "dd";
    QCOMPARE(refusals(facts.plan(request)), u"10.0.0.2:2 is a replica"_s);
}

void TestPlanMembers::addIsRefused_data()
{
    QTest::addColumn<OutsideNode>("node");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *name, const QString &why, auto change) {
        OutsideNode node = outsideNode(u"10.0.0.9:7"_s, "nn");
        change(node);
        QTest::newRow(name) << node << why;
    };
    row("does not answer", u"10.0.0.9:7 does not answer"_s, [](OutsideNode &n) { n.answered = false; });
    row("no cluster mode", u"10.0.0.9:7 does not run in cluster mode"_s,
        [](OutsideNode &n) { n.clusterEnabled = false; });
    row("in another cluster", u"10.0.0.9:7 belongs to another cluster of 3 nodes"_s,
        [](OutsideNode &n) { n.knownNodes = 3; });
    row("in this cluster", u"10.0.0.9:7 is already in this cluster"_s, [](OutsideNode &n) { n.id = "bb"; });
    row("keys", u"10.0.0.9:7 contains 4 keys"_s, [](OutsideNode &n) { n.keys = 4; });
    row("slots", u"10.0.0.9:7 owns 1 slot"_s, [](OutsideNode &n) { n.owned = SlotSet{{7, 7}}; });
    row("functions", u"10.0.0.9:7 has functions"_s, [](OutsideNode &n) { n.functionCount = 1; });
    row("no address was given", u"10.0.0.9:7 has no IP address"_s, [](OutsideNode &n) { n.ip.clear(); });
}

void TestPlanMembers::addIsRefused()
{
    QFETCH(const OutsideNode, node);
    QFETCH(const QString, why);
    PlanFacts facts;
    facts.build();
    facts.facts.outside = {node};
    QCOMPARE(refusals(facts.plan(AddNodeRequest{.endpoint = node.endpoint})), why);
}

void TestPlanMembers::addToDegraded()
{
    PlanFacts facts;
    facts.replace("10.0.0.3:2@10002 slave bb", "10.0.0.3:2@10002 slave,fail bb");
    facts.away = {"ee"};
    facts.build();
    facts.facts.outside = {outsideNode(u"10.0.0.9:7"_s, "nn")};
    facts.facts.outside[0].facts.nodeTimeoutMs = 9000;
    const OperationPlan plan =
        facts.plan(AddNodeRequest{.endpoint = facts.facts.outside[0].endpoint, .asReplica = true, .replicaOf = "bb"});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(warnings(plan),
             u"1 of 6 nodes do not answer: 10.0.0.3:2; cluster-node-timeout of 10.0.0.9:7 is 9000 ms; "
             "most nodes of the cluster have 5000 ms"_s);
    for (NodeFacts &node : facts.facts.nodes)
        node.nodeTimeoutMs = 9000;
    // a single node with another timeout does not count as the cluster's value
    facts.facts.nodes.begin()->nodeTimeoutMs = 15000;
    const OperationPlan other = facts.plan(AddNodeRequest{.endpoint = facts.facts.outside[0].endpoint});
    QVERIFY2(!warnings(other).contains(u"of 10.0.0.9:7"), qPrintable(warnings(other)));
}

/// New replicas go to the primaries with fewest replicas, counting those of the same plan. A node that is named twice
/// is refused.
void TestPlanMembers::addSeveral()
{
    PlanFacts facts;
    facts.replace("ff 10.0.0.1:2@10002 slave cc 0 0 3 connected\n", "");
    facts.build();
    facts.facts.outside = {outsideNode(u"10.0.0.9:7"_s, "nn"), outsideNode(u"10.0.0.8:7"_s, "oo")};
    AddNodeRequest request{
        .endpoint = facts.facts.outside[0].endpoint, .asReplica = true, .more = {facts.facts.outside[1].endpoint}};
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(plan.title, u"Add 2 nodes as replicas"_s);
    const QStringList steps = stepsOf(plan);
    QVERIFY(steps.contains(u"wait joined nn>oo"_s));
    QVERIFY2(steps.contains(u"nn: CLUSTER REPLICATE cc"_s), qPrintable(steps.join(u'\n')));
    QVERIFY2(!steps.contains(u"oo: CLUSTER REPLICATE cc"_s), qPrintable(steps.join(u'\n')));
    facts.facts.outside[1] = facts.facts.outside[0];
    request.more = {request.endpoint};
    QCOMPARE(refusals(facts.plan(request)), u"10.0.0.9:7 and 10.0.0.9:7 are the same node"_s);
}

/// The new shard's replica is connected before the slots arrive. Then each of the four primaries has a quarter of the
/// slots.
void TestPlanMembers::addAShardWithItsSlots()
{
    PlanFacts facts;
    facts.build();
    facts.keysEach(1);
    facts.facts.outside = {outsideNode(u"10.0.0.9:7"_s, "nn"), outsideNode(u"10.0.0.8:7"_s, "oo")};
    AddNodeRequest request{.endpoint = facts.facts.outside[0].endpoint,
                           .more = {facts.facts.outside[1].endpoint},
                           .asShard = true,
                           .rebalance = true};
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), u""_s);
    QStringList steps = stepsOf(plan);
    const qsizetype follows = steps.indexOf(u"oo: CLUSTER REPLICATE nn"_s);
    QCOMPARE(plan.steps.at(plan.steps.size() - 2).kind, PlanStep::Kind::MoveSlots);
    QVERIFY(follows > 0 && follows < steps.size() - 2);
    int given = 0;
    for (const SlotMove &move : plan.moves) {
        QCOMPARE(move.target.id, "nn"_ba);
        QVERIFY(!move.meet.isEmpty());
        given += move.slots.count();
    }
    QCOMPARE(given, 4096);
    QCOMPARE(plan.moves.size(), 3);
    QVERIFY(!warnings(plan).contains(u"maxmemory"));
    facts.facts.outside[0].maxMemory = facts.facts.outside[0].usedMemory = 100;
    QVERIFY(warnings(facts.plan(request)).contains(u"10.0.0.9:7 would come close to its maxmemory"));
    request.asReplica = true;
    QVERIFY(facts.plan(request).title.startsWith(u"error: "));
}

void TestPlanMembers::removeAllThatAreGone()
{
    PlanFacts facts;
    facts.text += "gg 10.0.0.4:1@10001 master,fail - 0 0 0 disconnected\n";
    facts.replace("10.0.0.3:2@10002 slave bb", "10.0.0.3:2@10002 slave,fail bb");
    facts.away = {"ee", "gg"};
    facts.build();
    const OperationPlan plan = facts.plan(RemoveNodeRequest{.nodeId = "ee", .more = {"gg"}});
    QCOMPARE(refusals(plan), u""_s);
    const QStringList steps = stepsOf(plan);
    QVERIFY2(steps[0].contains(u"CLUSTER FORGET ee") && !steps[0].contains(u"gg:"), qPrintable(steps[0]));
    QCOMPARE(steps[1], u"wait gone ee"_s);
    QVERIFY(steps[2].contains(u"CLUSTER FORGET gg"));
    QCOMPARE(refusals(facts.plan(RemoveNodeRequest{.nodeId = "ee", .more = {"dd"}})), u"10.0.0.2:2 answers"_s);
}

void TestPlanMembers::removePrimary()
{
    PlanFacts facts;
    const OperationPlan plan = facts.plan(RemoveNodeRequest{.nodeId = "bb", .waitForBan = true});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(warnings(plan), u"2 primaries with slots would remain"_s);
    QCOMPARE(
        stepsOf(plan),
        (QStringList{u"move-slots bb>aa: 5461-8191; bb>cc: 8192-10922"_s, u"wait same-slots"_s,
                     u"ee: CLUSTER REPLICATE aa"_s, u"wait replica-of ee>aa"_s, u"wait links-up ee"_s,
                     u"aa: CLUSTER FORGET bb, dd: CLUSTER FORGET bb, ee: CLUSTER FORGET bb, cc: CLUSTER FORGET bb, "
                     "ff: CLUSTER FORGET bb"_s,
                     u"bb: CLUSTER RESET SOFT"_s, u"wait gone bb"_s, u"wait ban-expired bb"_s}));
    QVERIFY(plan.steps[5].together);
    QVERIFY(plan.steps[5].tolerated.contains("Unknown node"));
    const OperationPlan chosen = facts.plan(RemoveNodeRequest{.nodeId = "bb", .drainTo = {"cc"}});
    QCOMPARE(movesOf(chosen.moves), u"bb>cc: 5461-10922"_s);
}

/// The replicas of a removed node go to the primaries with fewest replicas, counting those just assigned.
void TestPlanMembers::removeSpreadsReplicas()
{
    PlanFacts facts;
    facts.text += "hh 10.0.0.8:1@10001 slave bb 0 0 2 connected\n";
    const QStringList steps = stepsOf(facts.plan(RemoveNodeRequest{.nodeId = "bb"}));
    // not to cc, which is on the same host
    QVERIFY2(steps.contains(u"ee: CLUSTER REPLICATE aa"_s), qPrintable(steps.join(u'\n')));
    QVERIFY2(steps.contains(u"hh: CLUSTER REPLICATE cc"_s), qPrintable(steps.join(u'\n')));
}

void TestPlanMembers::removeHoldsReplicas()
{
    PlanFacts facts;
    facts.build();
    for (NodeFacts &node : facts.facts.nodes)
        node.allowReplicaMigration = true;
    const QStringList steps = stepsOf(facts.plan(RemoveNodeRequest{.nodeId = "bb"}));
    QCOMPARE(steps.first(),
             u"bb: CONFIG SET cluster-allow-replica-migration no, ee: CONFIG SET "
             "cluster-allow-replica-migration no"_s);
    QCOMPARE(steps.last(),
             u"bb: CONFIG SET cluster-allow-replica-migration yes, ee: CONFIG SET "
             "cluster-allow-replica-migration yes"_s);
}

void TestPlanMembers::removeReplica()
{
    PlanFacts facts;
    const OperationPlan plan = facts.plan(RemoveNodeRequest{.nodeId = "ff"});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(stepsOf(plan).mid(1), (QStringList{u"ff: CLUSTER RESET SOFT"_s, u"wait gone ff"_s}));
    QCOMPARE(plan.steps[0].commands.size(), 5);
}

void TestPlanMembers::removeDead()
{
    PlanFacts facts;
    facts.text += "hh 10.0.0.7:1@10001 slave,fail aa 0 0 1 disconnected\n";
    facts.away = {"hh"};
    const OperationPlan plan = facts.plan(RemoveNodeRequest{.nodeId = "hh"});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(plan.steps.size(), 2);
    QCOMPARE(plan.steps[0].commands.size(), 6);
    QCOMPARE(stepsOf(plan).last(), u"wait gone hh"_s);
}

void TestPlanMembers::removeIsRefused_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArrayList>("away");
    QTest::addColumn<QByteArray>("open");
    QTest::addColumn<QString>("why");
    QTest::newRow("dead, with slots") << "bb"_ba << QByteArrayList{"bb"} << ""_ba
                                      << u"10.0.0.2:1 does not answer and owns 5,462 slots"_s;
    QTest::newRow("last copy") << "ee"_ba << QByteArrayList{"bb"} << ""_ba
                               << u"10.0.0.3:2 has the last copy of its shard's data"_s;
    QTest::newRow("slots are open") << "bb"_ba << QByteArrayList{} << "[5->-bb]"_ba << u"Slots are in migration: 5"_s;
}

void TestPlanMembers::removeIsRefused()
{
    QFETCH(const QByteArray, id);
    QFETCH(const QByteArrayList, away);
    QFETCH(const QByteArray, open);
    QFETCH(const QString, why);
    PlanFacts facts;
    facts.away = away;
    facts.open["aa"] = open;
    QCOMPARE(refusals(facts.plan(RemoveNodeRequest{.nodeId = id})), why);
}

void TestPlanMembers::replicate()
{
    PlanFacts facts = withSpare();
    facts.facts.nodes["bb"].backlogBytes = 1024 * 1024;
    const OperationPlan plan = facts.plan(ReplicateRequest{.nodeId = "gg", .primaryId = "bb"});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(stepsOf(plan),
             (QStringList{u"gg: CLUSTER REPLICATE bb"_s, u"wait replica-of gg>bb"_s, u"wait links-up gg"_s}));
    QCOMPARE(warnings(plan), u"10.0.0.4:1 copies all data of 10.0.0.2:1"_s);
    QCOMPARE(plan.estimate.bytes, 1'000'000);
    // empty, because ee already replicates bb
    QVERIFY(facts.plan(ReplicateRequest{.nodeId = "ee", .primaryId = "bb"}).isEmpty());
    QVERIFY(facts.plan(ReplicateRequest{.nodeId = "bb", .primaryId = "bb"}).title.startsWith(u"error"));
}

void TestPlanMembers::replicateIsRefused_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("primary");
    QTest::addColumn<QByteArrayList>("away");
    QTest::addColumn<QString>("why");
    QTest::newRow("owns slots") << "aa"_ba
                                << "bb"_ba << QByteArrayList{"dd"}
                                << u"10.0.0.1:1 owns 5,461 slots; 10.0.0.1:1 has replicas: 10.0.0.2:2"_s;
    QTest::newRow("of a replica") << "ff"_ba
                                  << "dd"_ba << QByteArrayList{} << u"10.0.0.2:2 is a replica"_s;
    QTest::newRow("of a dead one") << "ff"_ba
                                   << "bb"_ba << QByteArrayList{"bb"} << u"10.0.0.2:1 does not answer or has failed"_s;
    QTest::newRow("last copy") << "ee"_ba
                               << "aa"_ba << QByteArrayList{"bb"}
                               << u"10.0.0.3:2 has the last copy of its shard's data"_s;
}

void TestPlanMembers::replicateIsRefused()
{
    QFETCH(const QByteArray, id);
    QFETCH(const QByteArray, primary);
    QFETCH(const QByteArrayList, away);
    QFETCH(const QString, why);
    PlanFacts facts;
    facts.away = away;
    QCOMPARE(refusals(facts.plan(ReplicateRequest{.nodeId = id, .primaryId = primary})), why);
}

void TestPlanMembers::promote()
{
    PlanFacts facts;
    facts.build();
    const QStringList steps = stepsOf(facts.plan(ReplicateRequest{.nodeId = "ee", .primaryId = {}}));
    QCOMPARE(steps.size(), 4);
    QCOMPARE(steps[0], u"ee: CLUSTER RESET SOFT"_s);
    QVERIFY(steps[1].startsWith(u"ee: CLUSTER MEET 10.0.0.1 1,"));
    facts.facts.nodes["ee"].replicateNoOne = true;
    QCOMPARE(stepsOf(facts.plan(ReplicateRequest{.nodeId = "ee", .primaryId = {}})),
             (QStringList{u"ee: CLUSTER REPLICATE NO ONE"_s, u"wait primary ee"_s}));
}

void TestPlanMembers::forget_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArrayList>("away");
    QTest::addColumn<QString>("refusal");
    QTest::addColumn<QString>("warning");
    QTest::newRow("dead replica") << "ee"_ba << QByteArrayList{"ee"} << u""_s << u""_s;
    QTest::newRow("running") << "ee"_ba << QByteArrayList{} << u""_s << u"10.0.0.3:2 is running"_s;
    QTest::newRow("slot owner with replica")
        << "bb"_ba << QByteArrayList{"bb"} << u"10.0.0.2:1 owns 5,462 slots; 10.0.0.2:1 has replicas: 10.0.0.3:2"_s
        << u""_s;
    QTest::newRow("last copy") << "ee"_ba << QByteArrayList{"bb"}
                               << u"10.0.0.3:2 has the last copy of its shard's data"_s
                               << u"10.0.0.3:2 is running; These nodes do not answer and cannot be told: 10.0.0.2:1"_s;
}

void TestPlanMembers::forget()
{
    QFETCH(const QByteArray, id);
    QFETCH(const QByteArrayList, away);
    QFETCH(const QString, refusal);
    QFETCH(const QString, warning);
    PlanFacts facts;
    facts.away = away;
    const OperationPlan plan = facts.plan(ForgetRequest{.nodeId = id});
    QCOMPARE(refusals(plan), refusal);
    QCOMPARE(warnings(plan), warning);
    QVERIFY(plan.steps[0].together);
}

void TestPlanMembers::reset_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<bool>("hard");
    QTest::addColumn<QString>("refusal");
    QTest::addColumn<QString>("command");
    QTest::newRow("empty primary") << "gg"_ba << false << u""_s << u"gg: CLUSTER RESET SOFT"_s;
    QTest::newRow("replica, hard") << "ff"_ba << true << u""_s << u"ff: CLUSTER RESET HARD"_s;
    QTest::newRow("slot owner") << "cc"_ba << false
                                << u"10.0.0.3:1 owns 5,461 slots; 10.0.0.3:1 has replicas: 10.0.0.1:2"_s
                                << u"cc: CLUSTER RESET SOFT"_s;
}

void TestPlanMembers::reset()
{
    QFETCH(const QByteArray, id);
    QFETCH(const bool, hard);
    QFETCH(const QString, refusal);
    QFETCH(const QString, command);
    PlanFacts facts = withSpare();
    const OperationPlan plan = facts.plan(ResetRequest{.nodeId = id, .hard = hard});
    QCOMPARE(refusals(plan), refusal);
    QCOMPARE(stepsOf(plan)[1], command);
    QCOMPARE(plan.steps[2].condition, PlanStep::Condition::Gone);
    const bool deletes = std::any_of(plan.checks.begin(), plan.checks.end(), [](const PlanCheck &check) {
        return check.verdict == PlanCheck::Verdict::Warn && check.title.startsWith(u"The copy of the data");
    });
    QCOMPARE(deletes, !facts.facts.view->node(id)->primary);
}

void TestPlanMembers::meet_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<int>("known");
    QTest::addColumn<qint64>("keys");
    QTest::addColumn<QString>("refusal");
    QTest::newRow("alone") << "nn"_ba << 1 << qint64(0) << u""_s;
    QTest::newRow("another cluster: would merge")
        << "nn"_ba << 6 << qint64(0) << u"10.0.0.9:7 belongs to another cluster of 6 nodes"_s;
    QTest::newRow("a member that lost us") << "ee"_ba << 6 << qint64(9) << u""_s;
    QTest::newRow("keys") << "nn"_ba << 1 << qint64(9) << u"10.0.0.9:7 contains 9 keys"_s;
}

void TestPlanMembers::meet()
{
    QFETCH(const QByteArray, id);
    QFETCH(const int, known);
    QFETCH(const qint64, keys);
    QFETCH(const QString, refusal);
    PlanFacts facts;
    facts.build();
    OutsideNode node = outsideNode(u"10.0.0.9:7"_s, id);
    node.knownNodes = known;
    node.keys = keys;
    node.busPort = 777;
    facts.facts.outside = {node};
    const OperationPlan plan = facts.plan(MeetRequest{.endpoint = node.endpoint});
    QCOMPARE(refusals(plan), refusal);
    QCOMPARE(plan.steps[0].commands[0].command, commandOf("CLUSTER", "MEET", "10.0.0.9", "7", "777"));
}

void TestPlanMembers::config()
{
    PlanFacts facts;
    facts.build();
    for (const QByteArray &id : facts.ids())
        facts.facts.config[id][QByteArrayLiteral("maxmemory-policy")] = id == "bb" ? "allkeys-lru" : "noeviction";
    const ConfigRequest request{.name = "maxmemory-policy", .value = "allkeys-lru", .persist = true};
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(plan.steps.size(), 2);
    QCOMPARE(plan.steps[0].commands.size(), 5); // bb already has this value
    QVERIFY(plan.steps[0].together);
    QCOMPARE(plan.steps[1].commands.size(), 6);
    QVERIFY2(plan.notes.join(u'\n').contains(u"noeviction → allkeys-lru on 10.0.0.1:1, "),
             qPrintable(plan.notes.join(u'\n')));
    const auto undo = undoOf(plan);
    QVERIFY(undo);
    QCOMPARE(undo->name, "maxmemory-policy"_ba);
    QCOMPARE(undo->values.size(), 5); // without bb, which had the new value before
    QCOMPARE(undo->values.value("aa"), "noeviction"_ba);
    PlanFacts after;
    for (const QByteArray &id : after.ids())
        after.facts.config[id]["maxmemory-policy"_ba] = id == "cc" ? "noeviction" : "allkeys-lru";
    const OperationPlan back = after.plan(*undo);
    QCOMPARE(back.title, u"Restore maxmemory-policy on 4 nodes"_s);
    QVERIFY(stepsOf(back).first().contains(u"dd: CONFIG SET maxmemory-policy noeviction"_s));
    QVERIFY(!stepsOf(back).first().contains(u"bb: "_s));
    QVERIFY(!undoOf(OperationPlan()));
    // The undo also has a value for a node that has left, and then only that one, as in another cluster.
    ConfigRequest partly = *undo;
    partly.undoes = u"run"_s;
    partly.values.insert("gone", "noeviction");
    const OperationPlan rest = after.plan(partly);
    QVERIFY2(warnings(rest).contains(u"1 of the nodes"), qPrintable(warnings(rest)));
    QCOMPARE(rest.steps[0].commands.size(), back.steps[0].commands.size());
    partly.values = {{"gone", "noeviction"}};
    QVERIFY2(after.plan(partly).title.contains(u"none of the nodes that operation"), "");
}

void TestPlanMembers::anotherOperationIsAtWork()
{
    PlanFacts facts;
    facts.build();
    facts.facts.working = WorkingRun{.id = u"run"_s, .title = u"Move 5 slots"_s, .who = u"me@here"_s};
    facts.facts.config["aa"]["maxmemory"_ba] = "0";
    facts.open["aa"] = "[5->-bb]";
    const QList<OperationRequest> requests{ConfigRequest{.name = "maxmemory", .value = "1"},
                                           SaveRequest{},
                                           FixRequest{},
                                           RebalanceRequest{},
                                           OrphansRequest{},
                                           FailoverRequest{.replicaId = "dd"}};
    for (const OperationRequest &request : requests) {
        const OperationPlan plan = facts.plan(request);
        QVERIFY2(refusals(plan).contains(u"An operation is running on this cluster: Move 5 slots"_s),
                 qPrintable(operationName(*plan.operation) + refusals(plan)));
        QVERIFY2(!refusals(plan).contains(u"Slots are in migration"), qPrintable(operationName(*plan.operation)));
    }
}

void TestPlanMembers::configIsRefused()
{
    PlanFacts facts;
    QVERIFY(facts.plan(ConfigRequest{.name = "requirepass", .value = "x"}).title.contains(u"secret"));
    QVERIFY(facts.plan(ConfigRequest{.name = "MasterAuth", .value = "x"}).title.contains(u"secret"));
    QVERIFY(facts.plan(ConfigRequest{}).title.startsWith(u"error"));
    QVERIFY(facts.plan(ConfigRequest{.name = "cluster-node-timeout", .value = "50"}).isRefused());
    QVERIFY(!facts.plan(ConfigRequest{.name = "cluster-node-timeout", .value = "500"}).isRefused());
    QCOMPARE(refusals(facts.plan(ConfigRequest{.name = "Port", .value = "3"})),
             u"Port cannot be set on several nodes at once"_s);
    QVERIFY(!facts.plan(ConfigRequest{.name = "port", .value = "3", .nodeIds = {"aa"}}).isRefused());
    // accepted, because CONFIG GET is not permitted, so the name cannot be checked
    QVERIFY(!facts.plan(ConfigRequest{.name = "maxmemory-sample", .value = "3"}).isRefused());
    for (const QByteArray &id : facts.ids())
        facts.facts.config[id] = {};
    QCOMPARE(refusals(facts.plan(ConfigRequest{.name = "maxmemory-sample", .value = "3"})),
             u"No node has a setting maxmemory-sample"_s);
}

void TestPlanMembers::backup()
{
    PlanFacts facts;
    QCOMPARE(stepsOf(facts.plan(BackupRequest{.folder = u"/x"_s})), QStringList{u"backup aa>bb>cc"_s});
    facts.facts.view.reset();
    facts.away = {"bb"};
    QCOMPARE(stepsOf(facts.plan(BackupRequest{.folder = u"/x"_s})), QStringList{u"backup aa>ee>cc"_s});
    facts.facts.view.reset();
    facts.away = {"bb", "ee"};
    QCOMPARE(refusals(facts.plan(BackupRequest{.folder = u"/x"_s})), u"No node of the shard of 10.0.0.2:1 answers"_s);
    QVERIFY(facts.plan(BackupRequest{}).title.startsWith(u"error"));
    PlanFacts whole;
    const auto refusal = [&](const FolderFacts &folder) {
        whole.facts.folder = folder;
        return refusals(whole.plan(BackupRequest{.folder = u"/x"_s}));
    };
    QCOMPARE(refusal({.holdsBackup = true}), u"/x already contains a backup"_s);
    QCOMPARE(refusal({.unusable = u"you have no permission to write to /"_s}), u"/x is not writable"_s);
    QCOMPARE(refusal({.freeBytes = 1}), u""_s);
    QCOMPARE(warnings(whole.plan(BackupRequest{.folder = u"/x"_s})),
             u"1 B are free, and the nodes use 2.9 MB of memory"_s);
}

void TestPlanMembers::save()
{
    PlanFacts facts;
    const OperationPlan all = facts.plan(SaveRequest{});
    QCOMPARE(all.steps[0].nodes.size(), 6);
    QCOMPARE(all.steps[0].commands[0].command, Command{"BGSAVE"});
    const OperationPlan primaries = facts.plan(SaveRequest{.rewriteAof = true, .primariesOnly = true});
    QCOMPARE(stepsOf(primaries), QStringList{u"background aa>bb>cc"_s});
    QCOMPARE(primaries.steps[0].commands[0].command, Command{"BGREWRITEAOF"});
}

/// ff is a replica of ee, which is a replica of bb.
void TestPlanMembers::removeTheMiddleOne()
{
    PlanFacts facts;
    facts.replace("slave cc 0 0 3", "slave ee 0 0 2");
    const OperationPlan plan = facts.plan(RemoveNodeRequest{.nodeId = "ee"});
    QCOMPARE(refusals(plan), u""_s);
    const QStringList steps = stepsOf(plan);
    QCOMPARE(steps.value(0), u"ff: CLUSTER REPLICATE bb"_s);
    QCOMPARE(steps.value(1), u"wait replica-of ff>bb"_s);
    QVERIFY(steps.value(3).startsWith(u"aa: CLUSTER FORGET ee"));
    QCOMPARE(refusals(facts.plan(ResetRequest{.nodeId = "ee"})), u"10.0.0.3:2 has replicas: 10.0.0.1:2"_s);
}

void TestPlanMembers::cloned()
{
    PlanFacts facts;
    facts.build();
    facts.change("bb", [](ServerInfo &info) { info.runId = "run1"; });
    facts.facts.outside = {outsideNode(u"10.0.0.9:7"_s, "bb")};
    const auto meet = [&] { return refusals(facts.plan(MeetRequest{.endpoint = facts.facts.outside[0].endpoint})); };
    QCOMPARE(meet(), u""_s); // accepted, because the server's run_id is unknown
    facts.facts.outside[0].runId = "run1";
    QCOMPARE(meet(), u""_s);
    facts.facts.outside[0].runId = "run2";
    QCOMPARE(meet(), u"10.0.0.9:7 has the node id of 10.0.0.2:1, but is another server"_s);
    QCOMPARE(refusals(facts.plan(AddNodeRequest{.endpoint = facts.facts.outside[0].endpoint})),
             u"10.0.0.9:7 has the node id of 10.0.0.2:1, but is another server"_s);

    PlanFacts fresh;
    CreateRequest request;
    for (int i = 1; i <= 3; ++i) {
        fresh.facts.outside.append(outsideNode(u"10.0.0.%1:7"_s.arg(i), i == 3 ? "n2" : "n" + QByteArray::number(i)));
        fresh.facts.outside.back().runId = "run" + QByteArray::number(i);
        request.nodes.append(NewNode{.endpoint = fresh.facts.outside.back().endpoint});
    }
    QVERIFY2(refusals(fresh.plan(request)).contains(u"10.0.0.2:7 and 10.0.0.3:7 are two servers with the same node id"),
             qPrintable(refusals(fresh.plan(request))));
    fresh.facts.outside[2].runId = "run2";
    QVERIFY(refusals(fresh.plan(request)).contains(u"are the same node"));
}

/// A server was restarted without its nodes.conf, but with its keys.
void TestPlanMembers::comesBackWithItsKeys()
{
    PlanFacts facts;
    facts.replace("bb 10.0.0.2:1@10001 master -", "bb :0@0 master,noaddr -").replace("slave bb", "slave aa");
    facts.away = {"bb"};
    facts.build();
    facts.facts.outside = {outsideNode(u"10.0.0.2:1"_s, "nn")};
    OutsideNode &node = facts.facts.outside[0];
    node.owned = SlotSet{{6000, 6001}};
    node.keys = 2;
    const MeetRequest request{.endpoint = node.endpoint};
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), u""_s);
    QVERIFY2(warnings(plan).contains(u"owns slots 6000-6001, whose former owner is gone from this cluster"),
             qPrintable(warnings(plan)));
    QVERIFY2(stepsOf(plan).first().startsWith(u"nn: CLUSTER SET-CONFIG-EPOCH"), qPrintable(stepsOf(plan).first()));
    node.owned = SlotSet{{5000, 6001}}; // another node owns some of these slots
    QVERIFY(refusals(facts.plan(request)).contains(u"owns 1,002 slots"));
    node.owned = SlotSet{{6000, 6001}};
    node.epoch = 3; // its epoch can no longer be changed
    QVERIFY(facts.plan(request).isRefused());
}

SLOTSCOPE_TEST(TestPlanMembers)
#include "tst_planmembers.moc"
