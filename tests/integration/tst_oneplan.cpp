// SPDX-License-Identifier: GPL-3.0-or-later
// Several nodes in one plan, a throttle that changes while it runs, and servers without cluster mode.
#include "core/base/clock.h"
#include "core/operations/journal/journal.h"
#include "support/operating.h"
#include "tests/support/testmain.h"

#include <QDir>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestOnePlan final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<QString>("server");
        for (const auto &[name, path] : serversFound())
            QTest::newRow(name.constData()) << path;
    }
    void initTestCase() { SKIP_WITHOUT_SERVER; }
    void cleanup()
    {
        m_operator.reset();
        m_cluster.reset();
        m_spare.reset();
    }
    void aShardWithItsSlots();
    void allThatAreGone();
    void theThrottleChanges();
    void aReplicaTakesOver_data();
    void aReplicaTakesOver();
    void oneServerIsBackedUp();

private:
    void start(bool clusterMode)
    {
        QFETCH_GLOBAL(const QString, server);
        LocalClusterOptions options;
        options.serverPath = server;
        options.clusterMode = clusterMode;
        if (!clusterMode) {
            options.primaries = 1;
            options.replicasPerPrimary = 2;
        }
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        m_operator = std::make_unique<Operator>(m_cluster->target({0}));
        QVERIFY2(m_operator->connect(), qPrintable(m_operator->failure()));
    }

    std::unique_ptr<TestCluster> m_cluster, m_spare;
    std::unique_ptr<Operator> m_operator;
};

/// Adds a shard with a replica and gives it slots under load: its replica has the data before the slots arrive, and no
/// write is lost.
void TestOnePlan::aShardWithItsSlots()
{
    start(true);
    QFETCH_GLOBAL(const QString, server);
    LocalClusterOptions options;
    options.serverPath = server;
    options.primaries = 2;
    options.replicasPerPrimary = 0;
    options.form = false;
    m_spare = std::make_unique<TestCluster>(options);
    QVERIFY2(m_spare->start(), qPrintable(m_spare->failure()));
    LiveWriters writers(m_operator->target(), 3, 300);
    writers.start();
    VERIFY_DONE(m_operator->run(AddNodeRequest{.endpoint = (*m_spare)->nodes()[0].endpoint,
                                               .more = {(*m_spare)->nodes()[1].endpoint},
                                               .asShard = true,
                                               .rebalance = true}));
    const ClusterViewPtr view = m_operator->look();
    QVERIFY(view && view->agreed && view->uncovered.isEmpty());
    for (const NodeState &node : view->nodes)
        if (node.primary)
            QCOMPARE(node.slots.count(), 4096);
    const NodeState *replica = view->node(m_operator->idAt(m_spare->address(1)));
    QVERIFY(replica);
    QCOMPARE(replica->primaryId, m_operator->idAt(m_spare->address(0)));
    QVERIFY(writers.stop());
    QCOMPARE(writers.verify(m_operator->session()), QStringList());
    QVERIFY2(writers.errors().isEmpty(), qPrintable(writers.errors().join(u'\n')));
}

void TestOnePlan::allThatAreGone()
{
    start(true);
    QList<QByteArray> dead;
    for (const int node : {3, 4}) {
        dead.append(m_operator->idAt(m_cluster->address(node)));
        (**m_cluster).killNode(node);
    }
    const auto haveFailed = [&] {
        const ClusterViewPtr view = m_operator->look();
        return view && std::all_of(dead.cbegin(), dead.cend(), [&](const QByteArray &id) {
                   return view->node(id) && view->node(id)->condition == NodeCondition::Failed;
               });
    };
    QTRY_VERIFY_WITH_TIMEOUT(haveFailed(), 30000);
    VERIFY_DONE(m_operator->run(RemoveNodeRequest{.nodeId = dead[0], .more = {dead[1]}}));
    QTRY_COMPARE(m_operator->look()->nodes.size(), size_t(4));
}

/// Removing the throttle of a running reshard takes effect: at two keys per second it would take minutes, without a
/// throttle it ends at once.
void TestOnePlan::theThrottleChanges()
{
    start(true);
    const NodeState *source = m_operator->look()->node(m_operator->idAt(m_cluster->address(0)));
    QVERIFY(source);
    const QByteArray from = source->id;
    for (int i = 0; i < 400; ++i) // the hash tag {06S} is in slot 0
        QVERIFY(QCoro::waitFor(m_operator->session().execute(commandOf("SET", "{06S}" + QByteArray::number(i), "value"),
                                                             UserConsent::Given)));
    ReshardRequest request{.sources = {from}, .target = m_operator->idAt(m_cluster->address(1)), .slots = {{0, 3}}};
    request.migration.method = MigrationMethod::Classic;
    request.migration.keysPerSecond = 2;
    const auto plan = m_operator->plan(request);
    QVERIFY(plan);
    OperationRun run(*plan, m_operator->target(), m_operator->sharedSession(),
                     {.journalFolder = m_operator->journalFolder()});
    bool isThrottled = false;
    connect(&run, &OperationRun::changed, &run, [&](const RunSnapshotPtr &snapshot) {
        if (snapshot->progress.keysDone < 1 || std::exchange(isThrottled, true))
            return;
        QTimer::singleShot(0, &run, [&run] { run.setThrottle(0); });
    });
    const qint64 begun = steadyMs();
    const RunSnapshotPtr last = QCoro::waitFor(run.run());
    VERIFY_DONE(last);
    QVERIFY(isThrottled);
    QVERIFY2(steadyMs() - begun < 60'000, QByteArray::number(steadyMs() - begun).constData());
    QCOMPARE(last->throttle, std::optional(0));
    QVERIFY(std::any_of(last->log.cbegin(), last->log.cend(),
                        [](const RunLine &line) { return line.text.contains(u"no throttle"); }));
}

void TestOnePlan::aReplicaTakesOver_data()
{
    QTest::addColumn<bool>("isDead");
    QTest::newRow("handed over") << false;
    QTest::newRow("of a dead primary") << true;
}

void TestOnePlan::aReplicaTakesOver()
{
    QFETCH(const bool, isDead);
    start(false);
    QVERIFY(m_cluster->run(0, commandOf("SET", "k", "v")));
    QTRY_VERIFY(m_cluster->run(1, commandOf("GET", "k"))->bytes() == "v");
    QTRY_VERIFY(m_cluster->run(2, commandOf("GET", "k"))->bytes() == "v");
    m_operator = std::make_unique<Operator>(m_cluster->target({1, 2, 0}));
    if (isDead)
        (**m_cluster).killNode(0);
    QVERIFY2(m_operator->connect(), qPrintable(m_operator->failure()));
    QTRY_VERIFY(m_operator->look() && !m_operator->idAt(m_cluster->address(1)).isEmpty());
    const QByteArray replica = m_operator->idAt(m_cluster->address(1));
    using Mode = FailoverRequest::Mode;
    VERIFY_DONE(
        m_operator->run(FailoverRequest{.replicaId = replica, .mode = isDead ? Mode::Force : Mode::Graceful}, isDead));
    QVERIFY(m_cluster->run(1, commandOf("ROLE"))->items().front().bytes() == "master");
    QVERIFY(m_cluster->run(1, commandOf("SET", "k", "w")));
    QTRY_VERIFY(m_cluster->run(2, commandOf("GET", "k"))->bytes() == "w");
    if (!isDead)
        QTRY_VERIFY(m_cluster->run(0, commandOf("GET", "k"))->bytes() == "w");
}

void TestOnePlan::oneServerIsBackedUp()
{
    start(false);
    QVERIFY(m_cluster->run(0, commandOf("SET", "k", "v")));
    QTemporaryDir folder;
    const QString path = folder.filePath(u"backup"_s);
    VERIFY_DONE(m_operator->run(BackupRequest{.folder = path}));
    const QStringList files = QDir(path).entryList({u"*.rdb"_s}, QDir::Files);
    QCOMPARE(files.size(), 1);
    QVERIFY(QFile::exists(path + u"/manifest.json"_s));
}

SLOTSCOPE_TEST(TestOnePlan)
#include "tst_oneplan.moc"
