// SPDX-License-Identifier: GPL-3.0-or-later
// Reshard and rebalance.
#include "core/operations/planners/loadtaking.h"
#include "core/operations/migration/slotgroup.h"
#include "core/operations/facts/waiting.h"
#include "core/operations/planners/slottaking.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "tests/unit/planfacts.h"

#include <QJsonArray>

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestPlanMoves final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyAHigherEpochKeepsASlot_data();
    void onlyAHigherEpochKeepsASlot();
    void whatItsTargetTookAsItDied();
    void whatTheSourceGaveUnheard();
    void openOnReplicasAlone();
    void sharesAreExact_data();
    void sharesAreExact();
    void takesFewRanges_data();
    void takesFewRanges();
    void takesByLoad_data();
    void takesByLoad();
    void reshard_data();
    void reshard();
    void scattersRanges();
    void reshardIsRefused_data();
    void reshardIsRefused();
    void whatTheTargetCannotTake_data();
    void whatTheTargetCannotTake();
    void senselessRequests();
    void estimates();
    void methods_data();
    void methods();
    void atomicWhileOpen();
    void anEmptiedPrimaryIsWarnedOf();
    void rebalance_data();
    void rebalance();
    void rebalanceOfThousandNodes();
    void rebalanceByKeys();
    void rebalanceDrainsByKeys();
    void rebalanceLeavesOneSlot();
    void rebalanceByWhatIsNotTold();
};

using Method = MigrationMethod;

void TestPlanMoves::onlyAHigherEpochKeepsASlot_data()
{
    QTest::addColumn<int>("targetOwn");
    QTest::addColumn<int>("targetHeard");
    QTest::addColumn<int>("sourceOwn");
    QTest::addColumn<bool>("ahead");
    QTest::newRow("it is higher") << 7 << 7 << 6 << true;
    QTest::newRow("it has heard of the source's, and takes a higher one") << 3 << 6 << 6 << true;
    QTest::newRow("it has not heard of the source's: it would keep its own") << 5 << 5 << 6 << false;
    QTest::newRow("it has heard of another, lower one") << 3 << 5 << 6 << false;
    QTest::newRow("the same: they have not settled it yet") << 6 << 6 << 6 << false;
    QTest::newRow("new nodes") << 0 << 0 << 0 << true;
}

void TestPlanMoves::onlyAHigherEpochKeepsASlot()
{
    QFETCH(const int, targetOwn);
    QFETCH(const int, targetHeard);
    QFETCH(const int, sourceOwn);
    QFETCH(const bool, ahead);
    ClusterInfo target, source;
    target.myEpoch = quint64(targetOwn);
    target.currentEpoch = quint64(targetHeard);
    source.myEpoch = quint64(sourceOwn);
    QCOMPARE(isAhead(target, source), ahead);
}

void TestPlanMoves::whatItsTargetTookAsItDied()
{
    PlanFacts facts;
    facts.dieWith(63);
    facts.build();
    const ClusterView &view = *facts.facts.view;
    const NodeRef source{.id = "aa", .address = {}}, target{.id = "bb", .address = {}};
    QCOMPARE(primaryNow(view, target, {"ee"}).id, "ee");
    QCOMPARE(primaryNow(view, target, {}).id, "bb"); // without the list of possible successors, ee is not known as bb's
    const NodeRef heir{.id = "ee", .address = {}};
    QCOMPARE(primaryNow(view, target, {"dd", "ee"}).id, "ee");
    QVERIFY(isInHand(view, source, heir, {"bb"}, 63));
    QVERIFY(!isInHand(view, source, heir, {"bb"}, 64)); // aa still owns this slot
    QVERIFY(!isInHand(view, source, heir, {}, 63)); // bb may return
    QVERIFY(!isInHand(view, source, heir, {"bb"}, 12000)); // this slot belongs to another node
    // As long as aa still claims the slot, it was not handed over.
    PlanFacts before = facts;
    before.text.replace("0-62 64-5460", "0-5460");
    before.build();
    QVERIFY(!isInHand(*before.facts.view, source, heir, {"bb"}, 63));
}

/// aa has given slot 63 to bb, but the connection to bb was lost before bb heard of it: bb still imports the slot and
/// sees it as aa's.
void TestPlanMoves::whatTheSourceGaveUnheard()
{
    PlanFacts facts;
    facts.own["aa"] = facts.text;
    facts.own["aa"].replace("connected 0-5460", "connected 0-62 64-5460").replace("5461-10922", "63 5461-10922");
    facts.open["bb"] = "[63-<-aa]";
    facts.build();
    const NodeRef source{.id = "aa", .address = {}}, target{.id = "bb", .address = {}},
        other{.id = "cc", .address = {}};
    QVERIFY(isInHand(*facts.facts.view, source, target, {}, 63));
    QVERIFY(!isInHand(*facts.facts.view, source, target, {}, 62));
    QVERIFY(!isInHand(*facts.facts.view, source, other, {}, 63)); // cc does not import the slot
    // Meanwhile another node owns the slot.
    facts.own["cc"] = facts.own["aa"];
    facts.own["cc"].replace("63 5461", "5461").replace("3 connected", "9 connected 63");
    facts.build();
    QVERIFY(!isInHand(*facts.facts.view, source, target, {}, 63));
}

void TestPlanMoves::openOnReplicasAlone()
{
    PlanFacts facts;
    facts.open["ee"] = "[5-<-aa] [6-<-aa]";
    facts.open["aa"] = "[6->-bb]"; // slot 6 is really being moved
    facts.build();
    const ClusterView &view = *facts.facts.view;
    const QHash<int, SlotSet> open = openOnReplicasOnly(view);
    QCOMPARE(open.size(), 1);
    QCOMPARE(open.value(view.indexOf("bb")), (SlotSet{{5, 5}}));
    facts.away = {"bb"}; // the primary does not answer, so it cannot be told
    facts.build();
    QVERIFY(openOnReplicasOnly(*facts.facts.view).isEmpty());
}

void TestPlanMoves::sharesAreExact_data()
{
    QTest::addColumn<qint64>("total");
    QTest::addColumn<QList<qint64>>("weights");
    QTest::addColumn<QList<qint64>>("parts");
    QTest::newRow("equal, ties by index") << qint64(16384) << QList<qint64>{1, 1, 1} << QList<qint64>{5462, 5461, 5461};
    QTest::newRow("largest remainder first") << qint64(10) << QList<qint64>{1, 2, 4} << QList<qint64>{1, 3, 6};
    QTest::newRow("a weight of nothing") << qint64(10) << QList<qint64>{0, 5} << QList<qint64>{0, 10};
    QTest::newRow("no weight at all") << qint64(10) << QList<qint64>{0, 0} << QList<qint64>{0, 0};
    QTest::newRow("beyond 64 bits in between")
        << qint64(4'000'000'000'000'000) << QList<qint64>{3'000'000'000, 1'000'000'000}
        << QList<qint64>{3'000'000'000'000'000, 1'000'000'000'000'000};
}

void TestPlanMoves::sharesAreExact()
{
    QFETCH(const qint64, total);
    QFETCH(const QList<qint64>, weights);
    QFETCH(const QList<qint64>, parts);
    QCOMPARE(shares(total, weights), parts);
}

void TestPlanMoves::takesFewRanges_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<int>("count");
    QTest::addColumn<QByteArray>("near");
    QTest::addColumn<QString>("taken");
    QTest::newRow("from the upper end") << "0-99"_ba << 10 << ""_ba << u"90-99"_s;
    QTest::newRow("where the target goes on below") << "100-199"_ba << 10 << "0-99"_ba << u"100-109"_s;
    QTest::newRow("where the target goes on above") << "0-99"_ba << 10 << "100-199"_ba << u"90-99"_s;
    QTest::newRow("a neighbour before a piece that fits") << "0-9 100-199"_ba << 10 << "200-299"_ba << u"190-199"_s;
    QTest::newRow("a whole range rather than a cut") << "0-99 200-209"_ba << 10 << ""_ba << u"200-209"_s;
    QTest::newRow("whole ranges first, then one cut") << "0-99 200-209"_ba << 15 << ""_ba << u"95-99 200-209"_s;
    QTest::newRow("all") << "0-9 20-29"_ba << 20 << ""_ba << u"0-9 20-29"_s;
    QTest::newRow("not as many there") << "0-9"_ba << 20 << ""_ba << u"0-9"_s;
}

void TestPlanMoves::takesFewRanges()
{
    QFETCH(const QByteArray, from);
    QFETCH(const int, count);
    QFETCH(const QByteArray, near);
    QFETCH(const QString, taken);
    SlotSet left = *SlotSet::parse(from);
    const SlotSet got = extractSlots(left, count, *SlotSet::parse(near));
    QCOMPARE(got.toString(), taken);
    QCOMPARE(left.united(got), *SlotSet::parse(from));
    QVERIFY(left.intersected(got).isEmpty());
}

void TestPlanMoves::takesByLoad_data()
{
    QTest::addColumn<qint64>("load");
    QTest::addColumn<int>("maximum");
    QTest::addColumn<QString>("taken");
    // The loads of slots 0 to 9 are: 5 0 0 50 1 1 0 2 0 0
    QTest::newRow("from the upper end, idle ones only between") << qint64(3) << 100 << u"5-7"_s;
    QTest::newRow("too heavy ones are passed over") << qint64(9) << 100 << u"0 4-7"_s;
    QTest::newRow("the nearest where none fits exactly") << qint64(40) << 100 << u"3-7"_s;
    QTest::newRow("no more than allowed") << qint64(9) << 1 << u"7"_s;
    QTest::newRow("none is nearer than nothing") << qint64(0) << 100 << u""_s;
}

void TestPlanMoves::takesByLoad()
{
    QFETCH(const qint64, load);
    QFETCH(const int, maximum);
    QFETCH(const QString, taken);
    std::vector<qint64> loads(slotCount, 0);
    const std::array<qint64, 10> figures{5, 0, 0, 50, 1, 1, 0, 2, 0, 0};
    std::copy(figures.begin(), figures.end(), loads.begin());
    SlotSet from{{0, 9}};
    if (QTest::currentDataTag() == "the nearest where none fits exactly"_ba)
        loads[0] = 0;
    QCOMPARE(takeLoad(from, load, maximum, loads, {}).toString(), taken);
}

void TestPlanMoves::reshard_data()
{
    QTest::addColumn<ReshardRequest>("request");
    QTest::addColumn<QString>("moves");
    QTest::newRow("a count, in proportion")
        << ReshardRequest{.sources = {}, .target = "aa", .count = 3} << u"bb>aa: 5461-5462; cc>aa: 16383"_s;
    QTest::newRow("a count of one source")
        << ReshardRequest{.sources = {"cc"}, .target = "bb", .count = 100} << u"cc>bb: 10923-11022"_s;
    QTest::newRow("ranges, by their owners") << ReshardRequest{.target = "cc", .slots = {{5400, 5500}, {16000, 16001}}}
                                             << u"aa>cc: 5400-5460; bb>cc: 5461-5500"_s;
    QTest::newRow("a hash tag") << ReshardRequest{.target = "bb", .hashTag = "user1000"} << u"aa>bb: 3443"_s;
    QTest::newRow("a hash tag with its braces")
        << ReshardRequest{.target = "bb", .hashTag = "{user1000}"} << u"aa>bb: 3443"_s;
    QTest::newRow("everything, to one") << ReshardRequest{.sources = {"aa"}, .target = "bb", .everything = true}
                                        << u"aa>bb: 0-5460"_s;
    QTest::newRow("everything, to all others")
        << ReshardRequest{.sources = {"bb"}, .everything = true} << u"bb>aa: 5461-8191; bb>cc: 8192-10922"_s;
}

void TestPlanMoves::reshard()
{
    QFETCH(const ReshardRequest, request);
    QFETCH(const QString, moves);
    PlanFacts facts;
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(movesOf(plan.moves), moves);
    QCOMPARE(plan.steps.size(), 2);
    QCOMPARE(plan.steps[0].kind, PlanStep::Kind::MoveSlots);
    QCOMPARE(plan.steps[1].condition, PlanStep::Condition::SameSlots);
    QCOMPARE(plan.title, plan.steps[0].title);
    QVERIFY(plan.dataLoss.isEmpty());
}

/// Moving every second of forty slots leaves twenty more slot ranges.
void TestPlanMoves::scattersRanges()
{
    PlanFacts facts;
    facts.build();
    SlotSet scattered;
    for (int slot = 100; slot < 140; slot += 2)
        scattered.add(quint16(slot));
    QCOMPARE(warnings(facts.plan(ReshardRequest{.target = "cc", .slots = scattered})),
             u"The slots of 10.0.0.3:1 would be split into 21 ranges"_s);
    QCOMPARE(warnings(facts.plan(ReshardRequest{.target = "cc", .slots = {{100, 139}}})), u""_s);
}

void TestPlanMoves::reshardIsRefused_data()
{
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<QString>("why");
    QTest::newRow("open") << "open"_ba << u"Slots are in migration: 5"_s;
    QTest::newRow("atomic migration") << "job"_ba << u"A slot migration is running on 10.0.0.1:1"_s;
    QTest::newRow("changing") << "changing"_ba << u"Another tool or person is changing the cluster"_s;
    QTest::newRow("uncovered") << "uncovered"_ba << u"Slots without an owner: 5001-5460"_s;
    QTest::newRow("target is a replica") << "replica"_ba << u"10.0.0.2:2 is a replica"_s;
    QTest::newRow("target is dead")
        << "dead"_ba
        << u"Slots whose primary does not serve them: 5461-10922; 10.0.0.2:1 does not answer or has failed"_s;
    QTest::newRow("too many") << "many"_ba << u"The sources own fewer slots than that"_s;
    QTest::newRow("of somebody else") << "else"_ba << u"Slots that none of the sources owns: 1"_s;
}

void TestPlanMoves::reshardIsRefused()
{
    QFETCH(const QByteArray, what);
    QFETCH(const QString, why);
    PlanFacts facts;
    ReshardRequest request{.target = "bb", .count = 1};
    if (what == "open")
        facts.open["aa"] = "[5->-bb]";
    if (what == "uncovered")
        facts.replace("0-5460", "0-5000");
    if (what == "dead")
        facts.away = {"bb"};
    facts.build();
    if (what == "job")
        facts.facts.nodes["aa"].migrationsRunning = 1;
    facts.facts.changing = what == "changing";
    if (what == "replica")
        request.target = "dd";
    if (what == "many")
        request.count = 12000;
    if (what == "else")
        request = {.sources = {"cc"}, .target = "bb", .slots = {{1, 1}}};
    const OperationPlan plan = facts.plan(request);
    QVERIFY(plan.isRefused());
    QCOMPARE(refusals(plan), why);
}

void TestPlanMoves::whatTheTargetCannotTake_data()
{
    QTest::addColumn<int>("highest"); // highest database with keys at the source
    QTest::addColumn<int>("databases"); // number of databases of the target (0: unknown)
    QTest::addColumn<int>("payload"); // DUMP version of the target (0: unknown)
    QTest::addColumn<QString>("refused");
    QTest::addColumn<QString>("warned");
    QTest::newRow("fits") << 0 << 16 << 11 << u""_s << u""_s;
    QTest::newRow("newer") << 15 << 16 << 80 << u""_s << u""_s;
    QTest::newRow("fewer databases, not used yet")
        << 0 << 1 << 11 << u""_s << u"10.0.0.3:1 has 16 databases, but 10.0.0.2:1 has 1"_s;
    QTest::newRow("fewer databases") << 5 << 1 << 11
                                     << u"10.0.0.3:1 has keys in database 5, but 10.0.0.2:1 has only database 0"_s
                                     << u""_s;
    QTest::newRow("databases not told") << 5 << 0 << 11 << u""_s
                                        << u"It is not known how many databases 10.0.0.2:1 has"_s;
    QTest::newRow("older") << 0 << 16 << 10 << u"10.0.0.2:1 cannot read the values of 10.0.0.3:1"_s << u""_s;
    QTest::newRow("older, before functions")
        << 0 << 16 << 0 << u"10.0.0.2:1 cannot read the values of 10.0.0.3:1"_s << u""_s;
}

void TestPlanMoves::whatTheTargetCannotTake()
{
    QFETCH(const int, highest);
    QFETCH(const int, databases);
    QFETCH(const int, payload);
    PlanFacts facts;
    facts.build();
    facts.change("cc", [highest](ServerInfo &info) { info.highestDatabase = highest; });
    facts.facts.nodes["cc"].databases = 16;
    facts.facts.nodes["cc"].payload = 11;
    NodeFacts &target = facts.facts.nodes["bb"];
    target.functions = payload > 0;
    if (databases > 0)
        target.databases = databases;
    if (payload > 0)
        target.payload = payload;
    const OperationPlan plan = facts.plan(ReshardRequest{.sources = {"cc"}, .target = "bb", .count = 10});
    QTEST(refusals(plan), "refused");
    QTEST(warnings(plan), "warned");
    target.payloadRelaxed = true;
    QVERIFY(!refusals(facts.plan(ReshardRequest{.sources = {"cc"}, .target = "bb", .count = 10})).contains(u"read"));
}

void TestPlanMoves::senselessRequests()
{
    PlanFacts facts;
    QVERIFY(facts.plan(ReshardRequest{.target = "aa"}).title.startsWith(u"error: no slots"));
    QVERIFY(facts.plan(ReshardRequest{.target = "xx", .count = 1}).title.startsWith(u"error: no node has"));
    QVERIFY(facts.plan(ReshardRequest{.sources = {"aa"}, .target = "aa", .count = 1}).title.contains(u"both"));
    QVERIFY(facts.plan(ReshardRequest{.target = "aa", .everything = true}).title.startsWith(u"error: "));
    QVERIFY(
        facts.plan(RebalanceRequest{.weights = {{"aa", 0}, {"bb", 0}, {"cc", 0}}}).title.contains(u"weights are 0"));
    PlanFacts none;
    none.facts.view = samples::standalone();
    QVERIFY(none.plan(ReshardRequest{.target = "aa", .count = 1}).title.contains(u"not a cluster"));
}

void TestPlanMoves::estimates()
{
    PlanFacts facts;
    facts.build();
    facts.keysEach(10);
    const PlanEstimate estimate = facts.plan(ReshardRequest{.sources = {"cc"}, .target = "bb", .count = 100}).estimate;
    QCOMPARE(estimate.slots, 100);
    QCOMPARE(estimate.keys, 1000);
    QCOMPARE(estimate.bytes, 1'000'000); // 1000 bytes per key on this node
    QCOMPARE(estimate.milliseconds, 125); // 1/40 ms per key and 1 ms per slot
    ReshardRequest slow{.sources = {"cc"}, .target = "bb", .count = 100};
    slow.migration.keysPerSecond = 100;
    QCOMPARE(facts.plan(slow).estimate.milliseconds, 10'100);
    facts.facts.keyCounts.reset();
    QCOMPARE(facts.plan(slow).estimate, (PlanEstimate{.slots = 100}));
    facts.change("bb", [](ServerInfo &info) { info.maxMemory = 1'050'000; });
    facts.keysEach(10);
    QCOMPARE(warnings(facts.plan(slow)), u"10.0.0.2:1 would come close to its maxmemory"_s);
}

void TestPlanMoves::methods_data()
{
    QTest::addColumn<MigrationMethod>("method");
    QTest::addColumn<QByteArrayList>("valkey"); // nodes with CLUSTER MIGRATESLOTS (Valkey)
    QTest::addColumn<QByteArrayList>("redis"); // nodes with CLUSTER MIGRATION (Redis)
    QTest::addColumn<QString>("mode");
    QTest::addColumn<QString>("refusal");
    const QByteArrayList all{"aa", "bb", "cc", "dd", "ee", "ff"};
    QTest::newRow("nobody has it") << Method::Automatic << QByteArrayList{} << QByteArrayList{} << u""_s << u""_s;
    QTest::newRow("Valkey") << Method::Automatic << all << QByteArrayList{} << u"migrateslots"_s << u""_s;
    QTest::newRow("Valkey, both ends are enough")
        << Method::Automatic << QByteArrayList{"bb", "cc"} << QByteArrayList{} << u"migrateslots"_s << u""_s;
    QTest::newRow("Valkey, one end only")
        << Method::Automatic << QByteArrayList{"bb"} << QByteArrayList{} << u""_s << u""_s;
    QTest::newRow("Redis") << Method::Automatic << QByteArrayList{} << all << u"import"_s << u""_s;
    QTest::newRow("Redis: all nodes must have it")
        << Method::Automatic << QByteArrayList{} << QByteArrayList{"bb", "cc"} << u""_s << u""_s;
    QTest::newRow("classic on request") << Method::Classic << all << QByteArrayList{} << u""_s << u""_s;
    QTest::newRow("atomic on request") << Method::Atomic << all << QByteArrayList{} << u"migrateslots"_s << u""_s;
    QTest::newRow("atomic on request, not there") << Method::Atomic << QByteArrayList{"bb"} << QByteArrayList{} << u""_s
                                                  << u"Atomic slot migration is not possible"_s;
}

void TestPlanMoves::methods()
{
    QFETCH(const MigrationMethod, method);
    QFETCH(const QByteArrayList, valkey);
    QFETCH(const QByteArrayList, redis);
    QFETCH(const QString, mode);
    QFETCH(const QString, refusal);
    PlanFacts facts;
    facts.build();
    for (const QByteArray &id : valkey)
        facts.facts.nodes[id].migrateSlots = true;
    for (const QByteArray &id : redis)
        facts.facts.nodes[id].migrationImport = true;
    ReshardRequest request{.sources = {"cc"}, .target = "bb", .count = 100};
    request.migration.method = method;
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(plan.steps[0].mode, mode);
    QCOMPARE(refusals(plan), refusal);
    // migrations by the servers themselves cannot be throttled, so with a throttle they are only used if requested
    // explicitly
    request.migration.keysPerSecond = 100;
    const OperationPlan slow = facts.plan(request);
    QCOMPARE(slow.steps[0].mode, method == Method::Automatic ? QString() : mode);
    QCOMPARE(warnings(slow).contains(u"The throttle has no effect"_s), method == Method::Atomic && !mode.isEmpty());
}

void TestPlanMoves::atomicWhileOpen()
{
    PlanFacts facts;
    facts.open["aa"] = "[5->-bb]";
    facts.build();
    for (NodeFacts &node : facts.facts.nodes)
        node.migrateSlots = true;
    ReshardRequest request{.sources = {"cc"}, .target = "bb", .count = 100};
    QCOMPARE(facts.plan(request).steps[0].mode, u""_s);
    request.migration.method = Method::Atomic;
    QCOMPARE(refusals(facts.plan(request)), u"Slots are in migration: 5; Atomic slot migration is not possible"_s);
}

void TestPlanMoves::anEmptiedPrimaryIsWarnedOf()
{
    PlanFacts facts;
    facts.build();
    for (NodeFacts &node : facts.facts.nodes)
        node.allowReplicaMigration = true;
    const auto warned = [](const OperationPlan &plan) {
        return std::any_of(plan.checks.begin(), plan.checks.end(), [](const PlanCheck &check) {
            return check.verdict == PlanCheck::Verdict::Warn
                && check.title.startsWith(u"10.0.0.1:1 loses its last slot");
        });
    };
    ReshardRequest part{.sources = {"aa"}, .target = "bb", .count = 5460};
    QVERIFY(!warned(facts.plan(part)));
    part.count = 5461;
    QVERIFY(warned(facts.plan(part)));
    const ReshardRequest all{.sources = {"aa"}, .target = "bb", .everything = true};
    QVERIFY(warned(facts.plan(all)));
    QVERIFY(warned(facts.plan(RebalanceRequest{.weights = {{"aa", 0}}})));
    QVERIFY(!warned(facts.plan(RebalanceRequest{})));
    const SlotMove whole{.source = {"bb", {}}, .target = {"aa", {}}, .slots = SlotSet{{0, 5460}}};
    QVERIFY(warned(facts.plan(RollBackRequest{.moves = {whole}}))); // the roll-back moves all slots away from aa
    facts.facts.nodes["aa"].allowReplicaMigration = false;
    QVERIFY(!warned(facts.plan(all)));
}

void TestPlanMoves::rebalance_data()
{
    QTest::addColumn<QByteArray>("aa");
    QTest::addColumn<QByteArray>("bb");
    QTest::addColumn<QByteArray>("cc");
    QTest::addColumn<RebalanceRequest>("request");
    QTest::addColumn<QString>("moves");
    QTest::newRow("balanced") << "0-5460"_ba
                              << "5461-10922"_ba
                              << "10923-16383"_ba << RebalanceRequest{} << u""_s;
    QTest::newRow("within the threshold") << "0-5400"_ba
                                          << "5401-10922"_ba
                                          << "10923-16383"_ba << RebalanceRequest{} << u""_s;
    QTest::newRow("beyond the threshold")
        << "0-5400"_ba
        << "5401-10922"_ba
        << "10923-16383"_ba << RebalanceRequest{.thresholdPercent = 1} << u"bb>aa: 5401-5460"_s;
    QTest::newRow("one has more") << "0-6999"_ba
                                  << "7000-11000"_ba
                                  << "11001-16383"_ba << RebalanceRequest{} << u"aa>bb: 5540-6999; aa>cc: 5462-5539"_s;
    QTest::newRow("an empty one stays out") << ""_ba
                                            << "0-8191"_ba
                                            << "8192-16383"_ba << RebalanceRequest{} << u""_s;
    QTest::newRow("an empty one takes part")
        << ""_ba
        << "0-8191"_ba
        << "8192-16383"_ba << RebalanceRequest{.useEmpty = true} << u"cc>aa: 13653-16383; bb>aa: 5462-8191"_s;
    QTest::newRow("weights") << "0-5460"_ba
                             << "5461-10922"_ba
                             << "10923-16383"_ba << RebalanceRequest{.weights = {{"aa", 2000}}}
                             << u"bb>aa: 5461-6826; cc>aa: 15019-16383"_s;
    QTest::newRow("a weight of 0 drains")
        << "0-5460"_ba
        << "5461-10922"_ba
        << "10923-16383"_ba << RebalanceRequest{.weights = {{"bb", 0}}} << u"bb>aa: 5461-8191; bb>cc: 8192-10922"_s;
}

void TestPlanMoves::rebalance()
{
    QFETCH(const QByteArray, aa);
    QFETCH(const QByteArray, bb);
    QFETCH(const QByteArray, cc);
    QFETCH(const RebalanceRequest, request);
    QFETCH(const QString, moves);
    PlanFacts facts;
    facts.replace(" 0-5460\n", ' ' + aa + '\n').replace(" 5461-10922\n", ' ' + bb + '\n');
    facts.replace(" 10923-16383\n", ' ' + cc + '\n');
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), u""_s);
    int before = 0;
    int after = 0;
    for (const BalancedNode &row : plan.results.balance) {
        before += row.slotsBefore;
        after += row.slotsAfter;
        if (!moves.isEmpty())
            QCOMPARE(row.loadAfter, row.loadExpected);
    }
    QCOMPARE(before, slotCount);
    QCOMPARE(after, slotCount);
    QCOMPARE(movesOf(plan.moves), moves);
    QCOMPARE(plan.isEmpty(), moves.isEmpty());
}

void TestPlanMoves::rebalanceOfThousandNodes()
{
    PlanFacts facts;
    auto view = std::make_shared<ClusterView>(*samples::thousandNodes());
    NodeState &first = view->nodes[size_t(view->shards[0].primary)];
    for (size_t shard = 1; shard < 20; ++shard) { // the first node owns the slots of twenty shards
        NodeState &other = view->nodes[size_t(view->shards[shard].primary)];
        first.slots = first.slots.united(other.slots);
        other.slots = {};
    }
    facts.facts.view = view;
    RebalanceRequest request{.useEmpty = true};
    const OperationPlan plan = facts.plan(request);
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(plan.moves.size(), 19);
    const qint64 most = slotCount / 500 + 1;
    for (const BalancedNode &row : plan.results.balance)
        QVERIFY2(row.slotsAfter >= most - 1 && row.slotsAfter <= most, qPrintable(row.address));
}

void TestPlanMoves::rebalanceByKeys()
{
    PlanFacts facts;
    facts.build();
    auto counts = std::make_shared<SlotKeyCounts>();
    counts->keys.fill(0);
    for (size_t slot = 0; slot < 300; ++slot)
        counts->keys[slot] = 10;
    facts.facts.keyCounts = counts;
    const OperationPlan plan = facts.plan(RebalanceRequest{.by = RebalanceRequest::By::Keys});
    QCOMPARE(movesOf(plan.moves), u"aa>bb: 200-299; aa>cc: 100-199"_s);
    QCOMPARE(plan.estimate.keys, 2000);
}

void TestPlanMoves::rebalanceDrainsByKeys()
{
    PlanFacts facts;
    facts.build();
    auto counts = std::make_shared<SlotKeyCounts>();
    counts->keys.fill(0);
    counts->keys[5] = 10;
    facts.facts.keyCounts = counts;
    const OperationPlan plan = facts.plan(RebalanceRequest{.by = RebalanceRequest::By::Keys, .weights = {{"aa", 0}}});
    SlotSet moved;
    for (const SlotMove &move : plan.moves) {
        QCOMPARE(move.source.id, "aa"_ba);
        QVERIFY(moved.intersected(move.slots).isEmpty());
        moved = moved.united(move.slots);
    }
    QCOMPARE(moved.toString(), u"0-5460"_s);
}

/// A primary that lost its last slot would become a replica, so a rebalance leaves it one.
void TestPlanMoves::rebalanceLeavesOneSlot()
{
    PlanFacts facts;
    facts.replace(" 0-5460\n", " 0\n").replace(" 5461-10922\n", " 1-10922\n");
    facts.build();
    auto counts = std::make_shared<SlotKeyCounts>();
    counts->keys.fill(0);
    counts->keys[0] = 10;
    facts.facts.keyCounts = counts;
    const OperationPlan plan =
        facts.plan(RebalanceRequest{.by = RebalanceRequest::By::Keys, .weights = {{"aa", 1}, {"bb", 3000}}});
    QCOMPARE(movesOf(plan.moves), u""_s);
    QVERIFY(plan.notes.join(u' ').contains(u"too heavy"));
}

void TestPlanMoves::rebalanceByWhatIsNotTold()
{
    using By = RebalanceRequest::By;
    PlanFacts facts;
    facts.build();
    QCOMPARE(refusals(facts.plan(RebalanceRequest{.by = By::Cpu})),
             u"The servers do not report the CPU time of each slot"_s);
    QCOMPARE(refusals(facts.plan(RebalanceRequest{.by = By::Keys})), u"The keys of each slot could not be counted"_s);
    facts.keysEach(10);
    QCOMPARE(warnings(facts.plan(RebalanceRequest{.by = By::Memory})),
             u"The servers do not report the memory of each slot"_s);
    for (int slot = 0; slot < 4; ++slot)
        facts.facts.slotLoad[quint16(slot)] = 100;
    QCOMPARE(refusals(facts.plan(RebalanceRequest{.by = By::Cpu})),
             u"The load of the slots of 10.0.0.1:1, 10.0.0.2:1, 10.0.0.3:1 is not known"_s);
    for (int slot = 4; slot < slotCount; ++slot)
        facts.facts.slotLoad[quint16(slot)] = 0;
    const OperationPlan plan = facts.plan(RebalanceRequest{.by = By::Cpu});
    QCOMPARE(refusals(plan) + warnings(plan), u""_s);
    QCOMPARE(movesOf(plan.moves), u"aa>bb: 3; aa>cc: 2"_s);
}

SLOTSCOPE_TEST(TestPlanMoves)
#include "tst_planmoves.moc"
