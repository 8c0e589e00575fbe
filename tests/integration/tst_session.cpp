// SPDX-License-Identifier: GPL-3.0-or-later
// The session against real servers: finding nodes, following a failover, redirects, rights.
#include "core/base/errortext.h"
#include "support/testcluster.h"
#include "core/session/keycounting.h"
#include "tests/support/testmain.h"

#include <QCoro/QCoroTask>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;
using Code = Error::Code;

namespace {

bool isWhole(const ClusterView &view, size_t nodes)
{
    return view.nodes.size() == nodes && size_t(view.observers) == nodes && view.agreed && view.uncovered.isEmpty();
}

/// Returns the id of the node that owns the key's slot according to the view.
QByteArray ownerOf(const ClusterView &view, const QByteArray &key)
{
    const qint16 owner = view.owner[slotOfKey(key)];
    return owner < 0 ? QByteArray() : view.nodes[size_t(owner)].id;
}

int indexOf(TestCluster &cluster, const QString &address)
{
    for (int i = 0; i < int(cluster->nodes().size()); ++i)
        if (cluster.address(i) == address)
            return i;
    return -1;
}

} // namespace

class tst_Session : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_cluster = std::make_unique<TestCluster>();
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    }
    void cleanupTestCase() { m_cluster.reset(); }

    void findsAllNodesFromAnySeed_data()
    {
        QTest::addColumn<int>("seed");
        for (int i = 0; i < 6; ++i)
            QTest::addRow("seed %d", i) << i;
    }
    void findsAllNodesFromAnySeed()
    {
        QFETCH(const int, seed);
        ClusterSession session(m_cluster->target({seed}));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 6); }));
        QCOMPARE(session.state(), SessionState::Ready);
        QCOMPARE(session.view()->shards.size(), size_t(3));
        for (const NodeState &node : session.view()->nodes)
            QCOMPARE(int(node.condition), int(NodeCondition::Ok));
    }

    void aDeadSeedFirst()
    {
        ConnectionTarget target = m_cluster->target({2});
        target.seeds.prepend({.host = u"127.0.0.1"_s, .port = 1, .socketPath = {}});
        ClusterSession session(target, {.pollMs = 0, .budget = {}});
        session.start();
        const auto view = QCoro::waitFor(session.connected(5000));
        QVERIFY2(view, view ? "" : qPrintable(describe(view.error())));
        QVERIFY(isWhole(**view, 6));
    }

    /// Counting the keys of each slot costs a command per slot, so a session does it only when asked, and then once.
    void keysAreCountedOnlyWhenAsked()
    {
        const auto counted = [this] {
            qint64 calls = 0;
            for (int node = 0; node < 6; ++node) {
                const auto stats = m_cluster->run(node, {"INFO"_ba, "commandstats"_ba});
                const QByteArray name = "cmdstat_cluster|countkeysinslot:calls=";
                const qsizetype at = stats ? stats->bytes().indexOf(name) : -1;
                if (at >= 0)
                    calls += stats->bytes().mid(at + name.size(), 12).split(',').front().toLongLong();
            }
            return calls;
        };
        for (int node = 0; node < 6; ++node)
            QVERIFY(m_cluster->run(node, {"CONFIG"_ba, "RESETSTAT"_ba}));
        ClusterSession session(m_cluster->target({0}));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 6); }));
        QVERIFY(QCoro::waitFor(session.fullCheck()));
        QCOMPARE(counted(), 0);
        const auto counts = QCoro::waitFor(countKeys(&session));
        QVERIFY(counts && (*counts)->errors.isEmpty());
        QCOMPARE(counted(), 16384);
        QVERIFY(std::none_of((*counts)->keys.begin(), (*counts)->keys.end(), [](qint64 keys) { return keys < 0; }));
    }

    void noSeedAnswers()
    {
        ConnectionTarget target;
        target.seeds.append({.host = u"127.0.0.1"_s, .port = 1, .socketPath = {}});
        ClusterSession session(target, {.pollMs = 0, .budget = {}});
        session.start();
        const auto view = QCoro::waitFor(session.connected(5000));
        QVERIFY(!view);
        QCOMPARE(int(view.error().code), int(Code::ConnectionRefused));
        QVERIFY(describe(view.error()).contains(u"127.0.0.1:1"_s));
        QTRY_VERIFY(session.retryAt() > 0); // the time of the next attempt is known
        QCOMPARE(session.state(), SessionState::Connecting);
    }

    void routesByKeyAndFollowsMoved()
    {
        ClusterSession session(m_cluster->target({0}));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 6); }));
        for (int i = 0; i < 50; ++i) {
            const QByteArray key = "route:" + QByteArray::number(i);
            QVERIFY(QCoro::waitFor(session.execute(commandOf("SET", key, key))));
            const auto value = QCoro::waitFor(session.execute(commandOf("GET", key)));
            QVERIFY2(value, value ? "" : qPrintable(describe(value.error())));
            QCOMPARE(value->bytes(), key);
        }
        const auto wrongType = QCoro::waitFor(session.execute(commandOf("LPUSH", "route:1", "x")));
        QVERIFY(!wrongType);
        QCOMPARE(wrongType.error().serverPrefix, "WRONGTYPE"_ba);
    }

    void binaryKeysArrive()
    {
        ClusterSession session(m_cluster->target({1}));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 6); }));
        const QByteArray key("bin\0\xff{tag\r\n}", 13), value(QByteArray("\0\x01\xfe", 3).repeated(1000));
        QVERIFY(QCoro::waitFor(session.execute(commandOf("SET", key, value))));
        const auto read = QCoro::waitFor(session.execute(commandOf("GET", key)));
        QVERIFY(read);
        QCOMPARE(read->bytes(), value);
    }

    void callsEachNode()
    {
        ClusterSession session(m_cluster->target({0}));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 6); }));
        const auto all = QCoro::waitFor(
            session.call(commandOf("CLUSTER", "MYID"), {.kind = NodeSelection::Kind::All, .nodeId = {}}));
        QVERIFY(all);
        QCOMPARE(all->size(), 6);
        for (const NodeReply &reply : *all)
            QCOMPARE(reply.reply->bytes(), reply.nodeId);
        const auto primaries =
            QCoro::waitFor(session.call(commandOf("DBSIZE"), {.kind = NodeSelection::Kind::Primaries, .nodeId = {}}));
        QCOMPARE(primaries->size(), 3);
        const auto refused = QCoro::waitFor(
            session.call(commandOf("NOSUCHCOMMAND"), {.kind = NodeSelection::Kind::Replicas, .nodeId = {}}));
        QCOMPARE(refused->size(), 3);
        for (const NodeReply &reply : *refused)
            QVERIFY(!reply.reply);
    }

    void refusesWhatPutsASharedLinkOutOfStep()
    {
        ClusterSession session(m_cluster->target({0}));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 6); }));
        const auto monitor = QCoro::waitFor(session.execute(commandOf("MONITOR")));
        QVERIFY(!monitor);
        QCOMPARE(int(monitor.error().code), int(Code::NotShareable));
        QCOMPARE(monitor.error().command, u"MONITOR"_s);
        const NodeState &node = session.view()->nodes.front();
        const auto multi =
            QCoro::waitFor(session.call(commandOf("MULTI"), {.kind = NodeSelection::Kind::Node, .nodeId = node.id}));
        QVERIFY(!multi);
        QCOMPARE(int(multi.error().code), int(Code::NotShareable));
        QCOMPARE(multi.error().node, node.name);
        // The connection is unaffected: each reply still belongs to its command.
        QCOMPARE(QCoro::waitFor(
                     session.call(commandOf("ECHO", "in step"), {.kind = NodeSelection::Kind::Node, .nodeId = node.id}))
                     ->front()
                     .reply->bytes(),
                 "in step"_ba);
    }

    void aReadOnlySessionChangesNothing()
    {
        ConnectionTarget target = m_cluster->target({0});
        QVERIFY(m_cluster->run(0, commandOf("PING")));
        {
            ClusterSession writer(target);
            writer.start();
            QVERIFY(waitForView(writer, [](const ClusterView &view) { return isWhole(view, 6); }));
            QVERIFY(QCoro::waitFor(writer.execute(commandOf("SET", "kept", "1"))));
        }
        target.readOnly = true;
        ClusterSession session(target);
        QVERIFY(session.isReadOnly());
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 6); }));
        for (const Command &command : {commandOf("SET", "kept", "2"), commandOf("EVAL", "return 0", "0"),
                                       commandOf("CONFIG", "SET", "maxmemory", "0"), commandOf("FLUSHALL")}) {
            const auto reply = QCoro::waitFor(session.execute(command));
            QVERIFY(!reply);
            QCOMPARE(int(reply.error().code), int(Code::ReadOnly));
            const auto replies =
                QCoro::waitFor(session.call(command, {.kind = NodeSelection::Kind::All, .nodeId = {}}));
            QVERIFY(!replies);
            QCOMPARE(int(replies.error().code), int(Code::ReadOnly));
        }
        QCOMPARE(QCoro::waitFor(session.execute(commandOf("GET", "kept")))->bytes(), "1"_ba);
        QVERIFY(QCoro::waitFor(countKeys(&session)));
    }

    void countsKeysOfEachSlot()
    {
        ClusterSession session(m_cluster->target({0}));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 6); }));
        for (int i = 0; i < 7; ++i)
            QVERIFY(QCoro::waitFor(session.execute(commandOf("SET", "{counted}" + QByteArray::number(i), "x"))));
        const auto counts = QCoro::waitFor(countKeys(&session));
        QVERIFY(counts);
        QVERIFY((*counts)->errors.isEmpty());
        QCOMPARE((*counts)->keys[slotOfKey("{counted}")], qint64(7));
    }

    void anOpenSlotIsSeenAndAsked()
    {
        ClusterSession session(m_cluster->target({0}));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 6); }));
        const QByteArray key = "{ask}1";
        const QByteArray slot = QByteArray::number(slotOfKey(key));
        QVERIFY(QCoro::waitFor(session.execute(commandOf("DEL", key))));
        const NodeState *source = session.view()->node(ownerOf(*session.view(), key));
        const int from = indexOf(*m_cluster, source->address.toString()), to = (from + 1) % 3;
        const QByteArray sourceId = source->id, targetId = nodeAt(*session.view(), m_cluster->address(to))->id;
        QVERIFY(m_cluster->run(to, commandOf("CLUSTER", "SETSLOT", slot, "IMPORTING", sourceId)));
        QVERIFY(m_cluster->run(from, commandOf("CLUSTER", "SETSLOT", slot, "MIGRATING", targetId)));
        // The key does not exist, so the source answers ASK and the write must go to the target.
        QVERIFY(QCoro::waitFor(session.execute(commandOf("SET", key, "asked"))));
        QCOMPARE(m_cluster->run(to, commandOf("CLUSTER", "COUNTKEYSINSLOT", slot))->toInteger(), qint64(1));
        QCOMPARE(QCoro::waitFor(session.execute(commandOf("GET", key)))->bytes(), "asked"_ba);
        QVERIFY(waitForView(session, [&](const ClusterView &view) {
            return view.openSlots.value(slotOfKey(key)).size() == 2 && hasFinding(view, Finding::Kind::OpenSlots);
        }));
        QVERIFY(m_cluster->run(to, commandOf("CLUSTER", "SETSLOT", slot, "NODE", targetId)));
        QVERIFY(m_cluster->run(from, commandOf("CLUSTER", "SETSLOT", slot, "NODE", targetId)));
        // The source answers MOVED before the session has read the new slot owners.
        QCOMPARE(QCoro::waitFor(session.execute(commandOf("GET", key)))->bytes(), "asked"_ba);
        QVERIFY(waitForView(session, [&](const ClusterView &view) {
            return view.openSlots.isEmpty() && ownerOf(view, key) == targetId;
        }));
    }

    void aPausedNodeIsNamedAndComesBack()
    {
        ClusterSession session(m_cluster->target({0}), {.pollMs = 200, .pollTimeoutMs = 600, .budget = {}});
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 6); }));
        const int replica = 4;
        const QString address = m_cluster->address(replica);
        (*m_cluster)->pauseNode(replica, true);
        QVERIFY(waitForView(session, [&](const ClusterView &view) {
            const NodeState *node = nodeAt(view, address);
            return node && node->reach.state == Reach::State::Waiting && node->reach.error.code == Code::Timeout;
        }));
        QVERIFY(waitForView(session, [&](const ClusterView &view) {
            return nodeAt(view, address)->condition == NodeCondition::Failed;
        }));
        (*m_cluster)->pauseNode(replica, false);
        QVERIFY(waitForView(
            session, [](const ClusterView &view) { return isWhole(view, 6); }, 30000));
    }

    /// A node that was reset and joined again has a new id. While it cannot be reached, its old id must not return to
    /// the view.
    void aNodeThatCameAgainUnderAnotherId()
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        ClusterSession session(cluster.target({0}), {.pollMs = 0, .pollTimeoutMs = 600, .budget = {}});
        session.start();
        QVERIFY(QCoro::waitFor(session.connected(10000)));
        QByteArrayList ids;
        const auto known = [&](int node, const QByteArray &id) {
            const auto reply = cluster.run(node, commandOf("CLUSTER", "NODES"));
            const auto table = parseClusterNodes(reply ? reply->bytes() : QByteArray());
            const NodeLine *line = table ? table->find(id) : nullptr;
            return line && !line->flags.testFlag(NodeFlag::Handshake);
        };
        for (int round = 0; round < 3; ++round) {
            ids.append(cluster.run(2, commandOf("CLUSTER", "MYID"))->bytes());
            QVERIFY(cluster.run(2, commandOf("CLUSTER", "RESET", "HARD")));
            for (int other = 0; other < 2; ++other)
                QVERIFY(cluster.run(other, commandOf("CLUSTER", "FORGET", ids.constLast())));
            QVERIFY(QCoro::waitFor(session.fullCheck()));
            QVERIFY(cluster.run(
                0, commandOf("CLUSTER", "MEET", "127.0.0.1", QByteArray::number(cluster->nodes()[2].endpoint.port))));
            const QByteArray now = cluster.run(2, commandOf("CLUSTER", "MYID"))->bytes();
            QTRY_VERIFY_WITH_TIMEOUT(known(0, now) && known(1, now), 15000);
        }
        cluster->pauseNode(2, true);
        const auto view = QCoro::waitFor(session.fullCheck());
        cluster->pauseNode(2, false);
        QVERIFY(view);
        for (const QByteArray &id : ids)
            QVERIFY(!(*view)->node(id));
        QCOMPARE((*view)->nodes.size(), size_t(3));
    }

    /// All nodes of the cluster are reset, or other servers take over their addresses. The old view must not remain.
    void aClusterThatIsNoMore_data()
    {
        QTest::addColumn<QList<int>>("seeds");
        QTest::newRow("one seed") << QList<int>{0};
        QTest::newRow("each a seed") << QList<int>{0, 1, 2};
    }
    void aClusterThatIsNoMore()
    {
        QFETCH(const QList<int>, seeds);
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        ClusterSession session(cluster.target(seeds));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 3); }));
        for (int i = 0; i < 3; ++i)
            QVERIFY(cluster.run(i, commandOf("CLUSTER", "RESET", "HARD")));
        const auto isEmpty = [](const ClusterView &view) {
            return !view.nodes.empty() && view.observers > 0 && view.uncovered.count() == slotCount;
        };
        QVERIFY(waitForView(session, isEmpty));
        QCOMPARE(session.view()->health(), Severity::Error);
        // The view then shows the new cluster that these nodes form.
        QVERIFY(cluster.run(
            1, commandOf("CLUSTER", "MEET", "127.0.0.1", QByteArray::number(cluster->nodes()[0].endpoint.port))));
        QVERIFY(cluster.run(1, commandOf("CLUSTER", "ADDSLOTSRANGE", "0", "16383")));
        QVERIFY(waitForView(session, [&](const ClusterView &view) {
            const NodeState *owner = view.owner[0] < 0 ? nullptr : &view.nodes[size_t(view.owner[0])];
            return owner && owner->name == cluster.address(1) && view.uncovered.isEmpty();
        }));
    }

    /// The only seed was removed from the cluster and stands alone. It is not taken for the cluster while the other
    /// nodes cannot be reached for a moment, and if it joins another cluster, that is not shown either.
    void aSeedThatLeftIsNotTheCluster()
    {
        LocalClusterOptions options;
        options.primaries = 4;
        options.replicasPerPrimary = 0;
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        ClusterSession session(cluster.target({3}), {.pollMs = 100, .pollTimeoutMs = 600, .budget = {}});
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 4); }));
        const QByteArray seed = cluster.run(3, commandOf("CLUSTER", "MYID"))->bytes();
        QVERIFY(cluster.run(3, commandOf("CLUSTER", "RESET", "HARD")));
        for (int other = 0; other < 3; ++other)
            QVERIFY(cluster.run(other, commandOf("CLUSTER", "FORGET", seed)));
        const auto isLeft = [](const ClusterView &view) { return view.nodes.size() == 3 && view.observers == 3; };
        QVERIFY(waitForView(session, isLeft));
        for (int other = 0; other < 3; ++other)
            cluster->pauseNode(other, true);
        QVERIFY(waitForView(session, [](const ClusterView &view) {
            return std::all_of(view.nodes.begin(), view.nodes.end(),
                               [](const NodeState &node) { return node.reach.state == Reach::State::Waiting; });
        }));
        const quint64 revision = session.view()->revision;
        QVERIFY(waitForView(session, [&](const ClusterView &view) { return view.revision > revision + 10; }));
        QCOMPARE(session.view()->nodes.size(), size_t(3));
        for (int other = 0; other < 3; ++other)
            cluster->pauseNode(other, false);
        QVERIFY(waitForView(session, isLeft));
        // The seed joins nodes that have never been part of the cluster.
        LocalClusterOptions others;
        others.replicasPerPrimary = 0;
        TestCluster foreign(others);
        QVERIFY2(foreign.start(), qPrintable(foreign.failure()));
        QVERIFY(cluster.run(
            3, commandOf("CLUSTER", "MEET", "127.0.0.1", QByteArray::number(foreign->nodes()[0].endpoint.port))));
        QTRY_VERIFY_WITH_TIMEOUT(cluster.run(3, commandOf("CLUSTER", "NODES"))->bytes().count('\n') == 4, 15000);
        const quint64 later = session.view()->revision;
        QVERIFY(waitForView(session, [&](const ClusterView &view) { return view.revision > later + 10; }));
        QVERIFY(isLeft(*session.view()));
    }

    void followsAFailoverAndAReturn()
    {
        ClusterSession session(m_cluster->target({1, 2}));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return isWhole(view, 6); }));
        const QString deadAddress = m_cluster->address(0);
        const NodeState dead = *nodeAt(*session.view(), deadAddress);
        const SlotSet slotsBefore = dead.slots;
        const int shardNumber = session.view()->shards[size_t(dead.shard)].number;
        QVERIFY(!slotsBefore.isEmpty());
        (*m_cluster)->killNode(0);
        // The dead node still owns its slots, so there is an error that names the node, its slots and the nodes that
        // report the failure.
        QVERIFY(waitForView(session, [&](const ClusterView &view) {
            const NodeState *node = nodeAt(view, deadAddress);
            return view.health() == Severity::Error && node
                && node->saidMaybeFailedBy.size() + node->saidFailedBy.size() > 0;
        }));
        QVERIFY(
            std::any_of(session.view()->findings.begin(), session.view()->findings.end(), [&](const Finding &finding) {
                return finding.severity == Severity::Error && finding.nodes.contains(dead.id)
                    && finding.title.contains(deadAddress) && !finding.slots.isEmpty();
            }));
        // Then its replica owns the slots.
        QVERIFY(waitForView(
            session,
            [&](const ClusterView &view) {
                const qint16 owner = view.owner[slotsBefore.ranges().front().first];
                return owner >= 0 && view.nodes[size_t(owner)].id != dead.id
                    && view.nodes[size_t(owner)].reach.state == Reach::State::Ready && view.health() != Severity::Error;
            },
            30000));
        const NodeState &promoted =
            session.view()->nodes[size_t(session.view()->owner[slotsBefore.ranges().front().first])];
        QVERIFY(promoted.primary);
        QCOMPARE(promoted.slots.intersected(slotsBefore).count(), slotsBefore.count());
        QCOMPARE(session.view()->shards[size_t(promoted.shard)].number,
                 shardNumber); // the shard keeps its number and therefore its colour
        QVERIFY(QCoro::waitFor(session.execute(commandOf("SET", "after:failover", "1"))));

        // The node returns at another address and is recognised by its id.
        const quint16 newPort = quint16((*m_cluster)->nodes()[0].endpoint.port - 1000);
        QVERIFY(QCoro::waitFor((*m_cluster)->restartNode(0, newPort)));
        QVERIFY(waitForView(
            session,
            [&](const ClusterView &view) {
                const NodeState *node = view.node(dead.id);
                return node && node->address.port == newPort && node->condition == NodeCondition::Ok && !node->primary
                    && isWhole(view, 6);
            },
            40000));
    }

private:
    std::unique_ptr<TestCluster> m_cluster;
};

SLOTSCOPE_TEST(tst_Session)
#include "tst_session.moc"
