// SPDX-License-Identifier: GPL-3.0-or-later
// What gatherFacts() and gatherOutside() learn of real servers.
#include "core/operations/planners/planners.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QCoro/QCoroTask>
#include <QTest>
#include <QTimer>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_Facts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void capabilities_data();
    void capabilities();
    void openSlotAndOrphans();
    void changing();
    void aSlowMoverIsSeen_data();
    void aSlowMoverIsSeen();
    void outside();
    void outsidePasswords_data();
    void outsidePasswords();
};

namespace {

using FactsResult = Result<std::shared_ptr<OperationFacts>>;

bool isOk(const Result<Value> &reply)
{
    return reply && !reply->isError();
}

FactsResult factsOf(TestCluster &cluster, const OperationRequest &request)
{
    auto session = std::make_shared<ClusterSession>(cluster.target({0}));
    session->start();
    if (const auto ready = QCoro::waitFor(session->connected(10000)); !ready)
        return failure(ready.error());
    return QCoro::waitFor(gatherFacts(session, request));
}

} // namespace

void tst_Facts::capabilities_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<bool>("slotStats");
    QTest::addColumn<bool>("migrateSlots");
    for (const auto &[name, path] : serversFound())
        QTest::newRow(name.constData()) << path << name.contains("valkey") << name.contains("9.");
}

void tst_Facts::capabilities()
{
    QFETCH(const QString, server);
    LocalClusterOptions options;
    options.serverPath = server;
    options.replicasPerPrimary = 0;
    TestCluster cluster(options);
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    const auto facts = factsOf(cluster, ReshardRequest{});
    QVERIFY(facts);
    QCOMPARE((*facts)->nodes.size(), 3);
    for (const NodeFacts &node : (*facts)->nodes) {
        QVERIFY(node.answered && node.functions && node.addSlotsRange);
        QCOMPARE(node.nodeTimeoutMs, 2000);
        QCOMPARE(node.allowReplicaMigration, true);
        QCOMPARE(node.tlsCluster, false);
        QCOMPARE(node.migrationsRunning, 0);
        QCOMPARE(node.lastSaveRunning, 0);
        QVERIFY(node.backlogBytes > 0);
        QCOMPARE(node.migrationImport, false);
        QTEST(node.migrateSlots, "migrateSlots");
        QCOMPARE(node.replicateNoOne, node.migrateSlots);
        QCOMPARE(node.flushSlot, node.migrateSlots);
        QTEST(node.slotStats, "slotStats");
    }
    QVERIFY(!(*facts)->changing);
    QVERIFY((*facts)->keyCounts);
    QCOMPARE((*facts)->keyCounts->keys[5], 0);
}

void tst_Facts::openSlotAndOrphans()
{
    LocalClusterOptions options;
    options.replicasPerPrimary = 0;
    TestCluster cluster(options);
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    const QByteArray first = cluster.run(0, commandOf("CLUSTER", "MYID"))->bytes();
    const QByteArray second = cluster.run(1, commandOf("CLUSTER", "MYID"))->bytes();
    const QByteArray key = "key";
    const QByteArray slot = QByteArray::number(slotOfKey(key)); // slot 12539, owned by the third node
    QVERIFY(cluster.run(2, commandOf("SET", key, "v")));
    QVERIFY(cluster.run(2, commandOf("CLUSTER", "SETSLOT", slot, "MIGRATING", first)));
    const auto fix = factsOf(cluster, FixRequest{});
    QVERIFY(fix);
    QCOMPARE((*fix)->slotKeysByNode.size(), 1);
    const auto counts = (*fix)->slotKeysByNode.value(quint16(slot.toInt()));
    QCOMPARE(counts.size(), 3);
    QCOMPARE(counts.value(first), 0);
    QCOMPARE((*fix)->counted.size(), 3);
    // A count that a node refuses to report must not be taken for 0.
    QVERIFY(cluster.run(2, commandOf("ACL", "SETUSER", "default", "-cluster|countkeysinslot")));
    const auto silent = factsOf(cluster, FixRequest{});
    QVERIFY(silent);
    QVERIFY(!(*silent)->counted.contains(cluster.run(2, commandOf("CLUSTER", "MYID"))->bytes()));
    const auto refused = makePlan(FixRequest{}, **silent);
    QVERIFY(refused && refused->isRefused());
    QVERIFY(std::any_of(refused->checks.begin(), refused->checks.end(), [&](const PlanCheck &check) {
        return check.verdict == PlanCheck::Verdict::Refuse && check.title.contains(cluster.address(2))
            && check.detail.contains(u"COUNTKEYSINSLOT");
    }));
    QVERIFY(cluster.run(2, commandOf("ACL", "SETUSER", "default", "+cluster|countkeysinslot")));
    QVERIFY(cluster.run(2, commandOf("CLUSTER", "SETSLOT", slot, "STABLE")));
    // The third node drops the slot and the second takes it, so the key is on a node that does not own its slot.
    QVERIFY(cluster.run(2, commandOf("CLUSTER", "DELSLOTS", slot)));
    QVERIFY(cluster.run(1, commandOf("CLUSTER", "BUMPEPOCH")));
    QVERIFY(cluster.run(1, commandOf("CLUSTER", "SETSLOT", slot, "NODE", second)));
    const auto isKnownToAll = [&] {
        for (int node = 0; node < 3; ++node) {
            const auto reply = cluster.run(node, commandOf("CLUSTER", "NODES"));
            const auto table = parseClusterNodes(reply ? reply->bytes() : QByteArray());
            const NodeLine *line = table ? table->find(second) : nullptr;
            if (!line || !line->slots.contains(quint16(slot.toInt())))
                return false;
        }
        return true;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isKnownToAll(), 15000);
    const auto orphans = factsOf(cluster, OrphansRequest{});
    QVERIFY(orphans);
    QCOMPARE((*orphans)->orphans.size(), 1);
    QCOMPARE((*orphans)->orphans[0].keys, 1);
    QCOMPARE(QByteArray::number((*orphans)->orphans[0].slot), slot);
    const auto plan = makePlan(OrphansRequest{.action = OrphansRequest::Action::Move, .migration = {}}, **orphans);
    QVERIFY(plan);
    QVERIFY(!plan->isRefused());
    QCOMPARE(plan->steps[0].nodes[1].id, second);
}

/// Another client opens slots while the facts are gathered.
void tst_Facts::changing()
{
    LocalClusterOptions options;
    options.replicasPerPrimary = 0;
    TestCluster cluster(options);
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    const QByteArray first = cluster.run(0, commandOf("CLUSTER", "MYID"))->bytes();
    auto session = std::make_shared<ClusterSession>(cluster.target({0}));
    session->start();
    QVERIFY(QCoro::waitFor(session->connected(10000)));
    const auto done = std::make_shared<std::optional<FactsResult>>();
    QCoro::connect(gatherFacts(session, FailoverRequest{}), this,
                   [done](FactsResult facts) { *done = std::move(facts); });
    // changes slots without pause, to hit the moments at which the cluster is read
    for (int i = 0; !done->has_value() && i < 50000; ++i) {
        const QByteArray slot = QByteArray::number(16000 + i % 384);
        QVERIFY(i / 384 % 2 == 0 ? cluster.run(2, commandOf("CLUSTER", "SETSLOT", slot, "MIGRATING", first))
                                 : cluster.run(2, commandOf("CLUSTER", "SETSLOT", slot, "STABLE")));
    }
    QTRY_VERIFY(done->has_value());
    QVERIFY(**done);
    QVERIFY((***done)->changing);
    QVERIFY2((***done)->changed.contains(cluster.address(2)), qPrintable((***done)->changed));
}

void tst_Facts::aSlowMoverIsSeen_data()
{
    QTest::addColumn<bool>("slotAfterSlot");
    QTest::newRow("slot after slot") << true;
    QTest::newRow("one slot, key after key") << false;
}

/// Another tool moves slots with pauses between its steps. A repair must not take its open slots for abandoned ones.
void tst_Facts::aSlowMoverIsSeen()
{
    QFETCH(const bool, slotAfterSlot);
    LocalClusterOptions options;
    options.replicasPerPrimary = 0;
    TestCluster cluster(options);
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    const QByteArray first = cluster.run(0, commandOf("CLUSTER", "MYID"))->bytes();
    const QByteArray third = cluster.run(2, commandOf("CLUSTER", "MYID"))->bytes();
    const QByteArray port = QByteArray::number(cluster->nodes()[0].endpoint.port);
    int slot = slotOfKey("key"); // slot 12539, owned by the third node
    const auto open = [&] {
        const QByteArray number = QByteArray::number(slot);
        return isOk(cluster.run(0, commandOf("CLUSTER", "SETSLOT", number, "IMPORTING", third)))
            && isOk(cluster.run(2, commandOf("CLUSTER", "SETSLOT", number, "MIGRATING", first)));
    };
    constexpr int keys = 2000;
    for (int i = 0; i < keys; ++i)
        QVERIFY(cluster.run(2, commandOf("SET", "{key}" + QByteArray::number(i), "v")));
    QVERIFY(open());
    auto session = std::make_shared<ClusterSession>(cluster.target({0}));
    session->start();
    QVERIFY(QCoro::waitFor(session->connected(10000)));
    const auto done = std::make_shared<std::optional<FactsResult>>();
    QCoro::connect(gatherFacts(session, FixRequest{}), this, [done](FactsResult facts) { *done = std::move(facts); });
    int key = 0;
    bool moved = true;
    QTimer mover;
    connect(&mover, &QTimer::timeout, this, [&] {
        if (slotAfterSlot) {
            const QByteArray number = QByteArray::number(slot++);
            moved = moved && isOk(cluster.run(0, commandOf("CLUSTER", "SETSLOT", number, "STABLE")))
                && isOk(cluster.run(2, commandOf("CLUSTER", "SETSLOT", number, "STABLE"))) && open();
        } else {
            const QByteArray name = "{key}" + QByteArray::number(key++ % keys);
            moved = moved && isOk(cluster.run(2, commandOf("MIGRATE", "127.0.0.1", port, name, "0", "1000")));
        }
    });
    mover.start(slotAfterSlot ? 300 : 1); // slower than two consecutive reads of a cluster without open slots
    QTRY_VERIFY_WITH_TIMEOUT(done->has_value(), 20000);
    mover.stop();
    QVERIFY(moved);
    QVERIFY(**done);
    const OperationFacts &facts = ****done;
    QCOMPARE(facts.changing, slotAfterSlot);
    QCOMPARE(facts.keysMoving.contains(quint16(slot)), !slotAfterSlot);
    const auto plan = makePlan(FixRequest{}, facts);
    QVERIFY(plan);
    QVERIFY(plan->isRefused());
    const auto decided = makePlan(FixRequest{.prefer = FixRequest::Prefer::Continue}, facts);
    QVERIFY(decided);
    // if only the slot's key counts change, clients may be the cause, so a user's explicit decision is accepted
    QCOMPARE(decided->isRefused(), slotAfterSlot);
    QVERIFY(std::any_of(plan->checks.begin(), plan->checks.end(), [&](const PlanCheck &check) {
        return slotAfterSlot ? check.title == u"Another tool or person is changing the cluster"_s
                             : check.verdict == PlanCheck::Verdict::Refuse && check.title.contains(u"12539");
    }));
}

void tst_Facts::outside()
{
    LocalClusterOptions options;
    options.form = false;
    options.primaries = 2;
    options.replicasPerPrimary = 0;
    TestCluster cluster(options);
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    QVERIFY(cluster.run(0, commandOf("CLUSTER", "ADDSLOTS", "12539")));
    Endpoint named = cluster->nodes()[0].endpoint;
    named.host = u"localhost"_s;
    const Endpoint nobody{u"127.0.0.1"_s, 1, {}};
    const auto facts = QCoro::waitFor(gatherOutside({named, cluster->nodes()[1].endpoint, nobody}, {}));
    QVERIFY(facts);
    const QList<OutsideNode> &nodes = (*facts)->outside;
    QCOMPARE(nodes.size(), 3);
    QCOMPARE(nodes[0].ip, u"127.0.0.1"_s);
    QVERIFY(nodes[0].answered && nodes[0].clusterEnabled && nodes[0].facts.addSlotsRange);
    QCOMPARE(nodes[0].id.size(), 40);
    QCOMPARE(nodes[0].knownNodes, 1);
    QCOMPARE(nodes[0].owned.value_or(SlotSet()).count(), 1);
    QCOMPARE(nodes[0].keys, 0);
    QCOMPARE(nodes[0].functionCount, 0);
    QCOMPARE(nodes[0].product, "redis"_ba);
    QCOMPARE(nodes[0].facts.nodeTimeoutMs, 2000);
    QVERIFY(nodes[0].busPort != 0 && !nodes[0].authRequired);
    QCOMPARE(nodes[1].owned.value_or(SlotSet::all()).count(), 0);
    QVERIFY(!nodes[2].answered);
    QCOMPARE(nodes[2].error.code, Error::Code::ConnectionRefused);
}

void tst_Facts::outsidePasswords_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<QString>("given");
    QTest::addColumn<bool>("answered");
    QTest::addColumn<bool>("required");
    QTest::newRow("wanted and given") << u"secret"_s << u"secret"_s << true << true;
    QTest::newRow("wanted, not given") << u"secret"_s << u""_s << false << true;
    QTest::newRow("wanted, another given") << u"secret"_s << u"wrong"_s << false << true;
    QTest::newRow("not wanted, given all the same") << u""_s << u"secret"_s << true << false;
}

void tst_Facts::outsidePasswords()
{
    QFETCH(const QString, server);
    QFETCH(const QString, given);
    LocalClusterOptions options;
    options.form = false;
    options.primaries = 1;
    options.replicasPerPrimary = 0;
    options.credentials.password = server;
    if (!server.isEmpty())
        options.extraArguments = {u"--requirepass"_s, server};
    TestCluster cluster(options);
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    const auto facts =
        QCoro::waitFor(gatherOutside({cluster->nodes()[0].endpoint}, Access{.credentials = {{}, given}}));
    QVERIFY(facts);
    QTEST((*facts)->outside[0].answered, "answered");
    QTEST((*facts)->outside[0].authRequired, "required");
    QVERIFY((*facts)->outside[0].answered || (*facts)->outside[0].error.code != Error::Code{});
}

SLOTSCOPE_TEST(tst_Facts)
#include "tst_facts.moc"
