// SPDX-License-Identifier: GPL-3.0-or-later
// What stays from one connect to the next: numbers and names of shards. And nodes that come back.
#include "core/base/clock.h"
#include "tests/support/operating.h"
#include "tests/support/testcluster.h"
#include "tests/support/testmain.h"

#include <QCoro/QCoroTask>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

bool isAllThere(const ClusterView &view)
{
    return view.nodes.size() == 6 && view.observers == 6 && view.agreed && view.uncovered.isEmpty();
}

QHash<QByteArray, int> shardNumbersOf(const ClusterView &view)
{
    QHash<QByteArray, int> numbers;
    for (const NodeState &node : view.nodes)
        if (node.shard >= 0)
            numbers.insert(node.id, view.shards[size_t(node.shard)].number);
    return numbers;
}

} // namespace

class TestShardNumbers final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_cluster = std::make_unique<TestCluster>();
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    }
    void cleanupTestCase() { m_cluster.reset(); }
    void stayOverConnects();
    void aNameIsOfAllTabs();
    void aNodeThatIsBackIsTriedAtOnce();

private:
    [[nodiscard]] std::unique_ptr<ClusterSession> connected(int seed)
    {
        SessionOptions options;
        options.shards = m_memory;
        auto session = std::make_unique<ClusterSession>(m_cluster->target({seed}), options);
        session->start();
        return waitForView(*session, isAllThere) ? std::move(session) : nullptr;
    }

    QTemporaryDir m_folder;
    std::shared_ptr<ShardMemory> m_memory = std::make_shared<ShardMemory>(m_folder.filePath(u"shards.json"_s));
    std::unique_ptr<TestCluster> m_cluster;
};

/// Shards keep their numbers when a new session connects. The lowest slots move to the last shard, which would get
/// number 1 if numbers depended on slots only.
void TestShardNumbers::stayOverConnects()
{
    QHash<QByteArray, int> before;
    {
        const auto session = connected(0);
        QVERIFY(session);
        before = shardNumbersOf(*session->view());
        const QByteArray last = session->view()->nodes[size_t(session->view()->shards[2].primary)].id;
        Operator other(m_cluster->target({0}));
        QVERIFY2(other.connect(), qPrintable(other.failure()));
        VERIFY_DONE(other.run(ReshardRequest{.target = last, .slots = {{0, 0}}}));
    }
    const auto again = connected(3);
    QVERIFY(again);
    QCOMPARE(shardNumbersOf(*again->view()), before);
    SessionOptions alone;
    alone.shards = nullptr;
    ClusterSession without(m_cluster->target({0}), alone);
    without.start();
    QVERIFY(waitForView(without, isAllThere));
    QVERIFY(shardNumbersOf(*without.view()) != before); // so the numbers above came from the stored ones
}

void TestShardNumbers::aNameIsOfAllTabs()
{
    const auto first = connected(0);
    const auto second = connected(1);
    QVERIFY(first && second);
    QVERIFY(first->nameShard(2, u" orders "_s));
    const auto isNamed = [](const ClusterView &view) { return view.shards[1].name == u"orders"; };
    QVERIFY(waitForView(*first, isNamed));
    QVERIFY(waitForView(*second, isNamed));
    QVERIFY(isNamed(*connected(4)->view()));
}

/// When the other nodes report that a node is back, the session tries it at once instead of waiting for the rest of its
/// retry pause of eight seconds.
void TestShardNumbers::aNodeThatIsBackIsTriedAtOnce()
{
    const auto session = connected(0);
    QVERIFY(session);
    const QByteArray id = nodeAt(*session->view(), m_cluster->address(5))->id;
    (*m_cluster)->killNode(5);
    qint64 retryAt = 0;
    QVERIFY(waitForView(
        *session,
        [&](const ClusterView &view) {
            const NodeState *node = view.node(id);
            retryAt = node ? node->reach.retryAt : 0;
            return node && node->condition == NodeCondition::Failed && retryAt - steadyMs() > 5500;
        },
        40'000));
    QVERIFY(QCoro::waitFor((*m_cluster)->restartNode(5)));
    QVERIFY(waitForView(*session, [&](const ClusterView &view) {
        return view.node(id) && view.node(id)->reach.state == Reach::State::Ready;
    }));
    QVERIFY2(steadyMs() < retryAt - 500, QByteArray::number(steadyMs() - retryAt).constData());
}

SLOTSCOPE_TEST(TestShardNumbers)
#include "tst_shardnumbers.moc"
