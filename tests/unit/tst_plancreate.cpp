// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/planners/rolechoosing.h"
#include "tests/support/testmain.h"
#include "tests/unit/planfacts.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestPlanCreate final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void roles_data();
    void roles();
    void manyNodes();
    void steps();
    void addSlotsOneByOne();
    void refused_data();
    void refused();
    void warned_data();
    void warned();
    void slotsByHand();
    void rolesByHand();
    void fewPrimaries();
};

namespace {

/// Returns a request for nodes on these hosts: "1 1 2" means 10.0.0.1:7000, 10.0.0.1:7001 and 10.0.0.2:7002.
CreateRequest requestOf(const QByteArray &hosts, PlanFacts &facts, int replicas)
{
    CreateRequest request;
    request.replicas = replicas;
    for (const QByteArray &host : hosts.split(' ')) {
        const int number = int(request.nodes.size());
        const QString address = u"10.0.0.%1:%2"_s.arg(QString::fromLatin1(host)).arg(7000 + number);
        facts.facts.outside.append(outsideNode(address, "n" + QByteArray::number(number)));
        NewNode node;
        node.endpoint = facts.facts.outside.constLast().endpoint;
        request.nodes.append(node);
    }
    return request;
}

QList<RoleWish> wishes(const QByteArray &labels)
{
    QList<RoleWish> list;
    for (const QByteArray &label : labels.split(' '))
        list.append({.label = QString::fromLatin1(label), .primary = {}, .replicaOf = -1});
    return list;
}

} // namespace

void TestPlanCreate::roles_data()
{
    QTest::addColumn<QByteArray>("labels");
    QTest::addColumn<int>("replicas");
    QTest::addColumn<int>("primaries");
    QTest::addColumn<int>("onPrimaryLabel");
    QTest::addColumn<int>("siblings");
    QTest::newRow("3 + 3 on one host: no way") << "a a a a a a"_ba << 1 << 3 << 3 << 0;
    QTest::newRow("3 + 3 on two hosts") << "a a a b b b"_ba << 1 << 3 << 0 << 0;
    QTest::newRow("3 + 3 on two hosts, dealt in turn") << "a b a b a b"_ba << 1 << 3 << 0 << 0;
    QTest::newRow("3 + 3 on three hosts") << "a a b b c c"_ba << 1 << 3 << 0 << 0;
    QTest::newRow("3 + 6 on three hosts: siblings apart") << "a a a b b b c c c"_ba << 2 << 3 << 0 << 0;
    QTest::newRow("3 + 6 on two hosts: siblings together") << "a a a a b b b b b"_ba << 2 << 3 << 1 << 2;
    QTest::newRow("one left over is a further replica") << "a b c a b c a"_ba << 1 << 3 << 0 << 0;
    QTest::newRow("no replicas") << "a b c"_ba << 0 << 3 << 0 << 0;
}

void TestPlanCreate::roles()
{
    QFETCH(const QByteArray, labels);
    QFETCH(const int, replicas);
    QFETCH(const int, primaries);
    QFETCH(const int, onPrimaryLabel);
    QFETCH(const int, siblings);
    const Roles roles = chooseRoles(wishes(labels), replicas);
    QCOMPARE(roles.primaries.size(), primaries);
    QCOMPARE(roles.onPrimaryLabel, onPrimaryLabel);
    QCOMPARE(roles.siblings, siblings);
    QHash<int, int> count;
    for (qsizetype i = 0; i < roles.primaryOf.size(); ++i) {
        QCOMPARE(roles.primaryOf[i] < 0, roles.primaries.contains(i));
        if (roles.primaryOf[i] >= 0)
            ++count[roles.primaryOf[i]];
    }
    for (const int primary : roles.primaries)
        QVERIFY(count.value(primary) >= replicas);
}

void TestPlanCreate::manyNodes()
{
    QByteArray labels = "h0";
    for (int i = 1; i < 300; ++i)
        labels += " h" + QByteArray::number(i % 7);
    const Roles roles = chooseRoles(wishes(labels), 2);
    QCOMPARE(roles.primaries.size(), 100);
    QCOMPARE(roles.onPrimaryLabel, 0);
    QCOMPARE(roles.siblings, 0);
}

void TestPlanCreate::steps()
{
    PlanFacts facts;
    CreateRequest request = requestOf("1 1 2 2 3 3", facts, 1);
    facts.facts.outside[5].busPort = 555;
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan) + warnings(plan), u""_s);
    const QStringList steps = stepsOf(plan);
    QCOMPARE(steps.size(), 11);
    QCOMPARE(steps[0],
             u"n0: CLUSTER ADDSLOTSRANGE 0 5460, n2: CLUSTER ADDSLOTSRANGE 5461 10922, n4: CLUSTER "
             "ADDSLOTSRANGE 10923 16383"_s);
    QVERIFY(plan.steps[0].together);
    // this error is accepted when the step is repeated after a crash
    QCOMPARE(plan.steps[0].tolerated, QByteArrayList{"is already busy"});
    QVERIFY(steps[1].endsWith(u"n5: CLUSTER SET-CONFIG-EPOCH 6"));
    QVERIFY(steps[2].startsWith(u"n1: CLUSTER MEET 10.0.0.1 7000, n0: CLUSTER MEET 10.0.0.1 7001, n2: "));
    QVERIFY(steps[2].endsWith(u"n4: CLUSTER MEET 10.0.0.3 7005 555"));
    QCOMPARE(steps[3], u"wait joined n0>n1>n2>n3>n4>n5"_s);
    QCOMPARE(steps[9], u"wait links-up n1>n3>n5"_s);
    QCOMPARE(steps[10], u"wait agreed n0>n1>n2>n3>n4>n5"_s);
    for (int i = 0; i < 3; ++i) { // no replica is on the host of its primary
        const StepCommand &command = plan.steps[4].commands[i];
        QVERIFY(command.node.address.left(8) != facts.facts.outside[command.command[2].mid(1).toInt()].ip);
    }
    QCOMPARE(plan.results.layout.size(), 6);
}

void TestPlanCreate::addSlotsOneByOne()
{
    PlanFacts facts;
    CreateRequest request = requestOf("1 2 3", facts, 0);
    facts.facts.outside[1].facts.addSlotsRange = false;
    const OperationPlan plan = facts.plan(request);
    SlotSet given;
    for (const StepCommand &command : plan.steps[0].commands) {
        if (command.node.id != "n1")
            continue;
        QCOMPARE(command.command[1], "ADDSLOTS"_ba);
        for (const QByteArray &slot : command.command.mid(2))
            given.add(quint16(slot.toInt()));
    }
    QCOMPARE(given.toString(), u"5461-10922"_s);
}

void TestPlanCreate::refused_data()
{
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<QString>("why");
    QTest::newRow("holds a key") << "key"_ba << u"10.0.0.2:7001 contains 1 key"_s;
    QTest::newRow("knows a peer") << "peer"_ba << u"10.0.0.2:7001 belongs to another cluster of 2 nodes"_s;
    QTest::newRow("no cluster mode") << "mode"_ba << u"10.0.0.2:7001 does not run in cluster mode"_s;
    QTest::newRow("named twice") << "twice"_ba << u"10.0.0.1:7000 and 10.0.0.1:7000 are the same node"_s;
    QTest::newRow("by another name") << "name"_ba << u"10.0.0.1:7000 and other:7000 are the same node"_s;
    QTest::newRow("the same id") << "id"_ba << u"10.0.0.1:7000 and 10.0.0.2:7001 are the same node"_s;
    QTest::newRow("two primaries") << "few"_ba << u"Only 2 primaries"_s;
    QTest::newRow("passwords") << "password"_ba << u"Some nodes require a password, others do not"_s;
    QTest::newRow("away") << "away"_ba << u"10.0.0.2:7001 does not answer"_s;
}

void TestPlanCreate::refused()
{
    QFETCH(const QByteArray, what);
    QFETCH(const QString, why);
    PlanFacts facts;
    CreateRequest request = requestOf(what == "few" ? "1 2" : "1 2 3 4", facts, 0);
    OutsideNode &node = facts.facts.outside[1];
    node.keys = what == "key" ? 1 : 0;
    node.knownNodes = what == "peer" ? 2 : 1;
    node.clusterEnabled = what != "mode";
    node.answered = what != "away";
    node.authRequired = what == "password";
    if (what == "id")
        node.id = "n0";
    if (what == "twice" || what == "name") {
        node = facts.facts.outside[0];
        request.nodes[1] = request.nodes[0];
    }
    if (what == "name")
        request.nodes[1].endpoint.host = node.endpoint.host = u"other"_s;
    QCOMPARE(refusals(facts.plan(request)), why);
}

void TestPlanCreate::warned_data()
{
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<QString>("why");
    QTest::newRow("versions") << "version"_ba << u"The nodes run different versions"_s;
    QTest::newRow("epoch") << "epoch"_ba << u"Nodes that already have an epoch: 10.0.0.2:7001"_s;
    QTest::newRow("timeouts") << "timeout"_ba << u"cluster-node-timeout differs"_s;
    QTest::newRow("one zone") << "zone"_ba << u"3 replicas are on the same host or in the same zone as their primary"_s;
}

void TestPlanCreate::warned()
{
    QFETCH(const QByteArray, what);
    QFETCH(const QString, why);
    PlanFacts facts;
    CreateRequest request = requestOf("1 2 3 4 5 6", facts, 1);
    OutsideNode &node = facts.facts.outside[1];
    node.version = what == "version" ? "7.2.0" : "7.0.15";
    node.epoch = what == "epoch" ? 5 : 0;
    if (what == "timeout")
        node.facts.nodeTimeoutMs = 1;
    if (what == "zone")
        for (NewNode &one : request.nodes)
            one.label = u"west"_s;
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(warnings(plan), why);
}

void TestPlanCreate::slotsByHand()
{
    PlanFacts facts;
    CreateRequest request = requestOf("1 2 3", facts, 0);
    request.nodes[1].primary = true;
    request.nodes[1].slots = SlotSet{{0, 99}};
    OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), u""_s);
    SlotSet all;
    for (const SlotMove &move : plan.moves) {
        QVERIFY(all.intersected(move.slots).isEmpty());
        all = all.united(move.slots);
        if (move.target.id == "n1")
            QCOMPARE(move.slots.toString(), u"0-99"_s);
        else
            QCOMPARE(move.slots.count(), (slotCount - 100) / 2);
    }
    QCOMPARE(all, SlotSet::all());
    for (NewNode &node : request.nodes)
        node.primary = true;
    request.nodes[0].slots = SlotSet{{50, 149}};
    QCOMPARE(refusals(facts.plan(request)), u"Slots are assigned twice: 50-99"_s);
    request.nodes[0].slots = SlotSet{{100, 149}};
    request.nodes[2].slots = SlotSet{{151, 16383}};
    QCOMPARE(refusals(facts.plan(request)), u"Slots without an owner: 150"_s);
}

void TestPlanCreate::rolesByHand()
{
    PlanFacts facts;
    CreateRequest request = requestOf("1 1 2 2 3 3", facts, 1);
    for (const int primary : {1, 3, 5})
        request.nodes[primary].primary = true;
    request.nodes[0].replicaOf = request.nodes[3].endpoint;
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(plan.steps[4].commands[0].node.id, "n0"_ba);
    QCOMPARE(plan.steps[4].commands[0].command.last(), "n3"_ba);
    request.nodes[0].replicaOf = request.nodes[2].endpoint;
    QVERIFY(facts.plan(request).title.startsWith(u"error"));
}

void TestPlanCreate::fewPrimaries()
{
    PlanFacts facts;
    CreateRequest request = requestOf("1 2", facts, 0);
    request.allowFewPrimaries = true;
    QCOMPARE(refusals(facts.plan(request)), u"Only 2 primaries"_s); // refused on Redis
    for (OutsideNode &node : facts.facts.outside)
        node.product = "valkey";
    QCOMPARE(refusals(facts.plan(request)), u""_s);
    QVERIFY(warnings(facts.plan(request)).startsWith(u"Only 2 primaries"));
}

SLOTSCOPE_TEST(TestPlanCreate)
#include "tst_plancreate.moc"
