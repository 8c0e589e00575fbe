// SPDX-License-Identifier: GPL-3.0-or-later
// Scans of real servers: that each key is found once, also while slots move and nodes die.
#include "core/base/errortext.h"
#include "core/keys/keyfacts.h"
#include "core/keys/keyindex.h"
#include "core/keys/keyscanner.h"
#include "core/keys/keystore.h"
#include "core/keys/keyfactscache.h"
#include "core/models/keyrowsmodel.h"
#include "core/session/corethread.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QCoro/QCoroTask>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Collects all keys that a scan delivers.
class Collected final : public KeyOutlet
{
public:
    void put(KeyBatch batch) override
    {
        for (Value &key : batch.keys)
            keys.insert(key.bytes());
        if (const auto then = std::exchange(afterBatch, {}))
            then();
    }
    [[nodiscard]] bool isFull() const override { return held; }
    void whenRoom(std::function<void()> goOn) override { m_goOn = std::move(goOn); }
    void letGo()
    {
        held = false;
        if (m_goOn)
            m_goOn();
    }
    QSet<QByteArray> keys;
    bool held = false;
    std::function<void()> afterBatch; ///< called once, after the next batch

private:
    std::function<void()> m_goOn;
};

QCoro::Task<> awaitAll(std::vector<QCoro::Task<Result<Value>>> tasks)
{
    for (auto &task : tasks) {
        const auto done = co_await task;
        if (!done)
            qWarning() << describe(done.error());
    }
}

// AddressSanitizer makes every call ten times slower, so fewer keys keep the scan busy for the same time.
#ifdef __SANITIZE_ADDRESS__
constexpr int keysWhileMoving = 5000, keysOfTheDying = 4500;
#else
constexpr int keysWhileMoving = 20'000, keysOfTheDying = 9000;
#endif

/// Writes `count` keys to a running cluster through the session's connections and returns their names.
QSet<QByteArray> fill(ClusterSession &session, int count, const QByteArray &prefix)
{
    QSet<QByteArray> keys;
    std::vector<QCoro::Task<Result<Value>>> tasks;
    for (int i = 0; i < count; ++i) {
        const QByteArray key = prefix + QByteArray::number(i);
        keys.insert(key);
        tasks.push_back(session.execute(commandOf("SET", key, "x")));
        if (tasks.size() == 500 || i + 1 == count) {
            QCoro::waitFor(awaitAll(std::exchange(tasks, {})));
        }
    }
    return keys;
}

Result<ScanProgress> scan(ClusterSession &session, const ScanRequest &request, const std::shared_ptr<Collected> &into)
{
    KeyScanner scanner(&session);
    return QCoro::waitFor(scanner.scan(request, into, [](const ScanProgress &) {}));
}

QSet<QByteArray> missing(const QSet<QByteArray> &wanted, const QSet<QByteArray> &found)
{
    return wanted - found;
}

QString programPath()
{
    return QCoreApplication::applicationDirPath() + u"/../../app/cli/slotscope-cli"_s;
}

} // namespace

class TestKeyScan final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void findsEveryKey_data();
    void findsEveryKey();
    void findsByPatternTypeAndName();
    void readsOneSlotAlone();
    void readsBothEndsOfAnOpenSlot();
    void pausesAndStops();
    void readsFacts();
    void tellsRefusals();
    void fillsTheModel();
    void standalone();
    void databasesOfACluster();
    void whileSlotsMove();
    void aNodeDies();

private:
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<ClusterSession> m_session;
    QSet<QByteArray> m_keys;
};

void TestKeyScan::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second; // the newest: it has CLUSTERSCAN
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    m_session = std::make_unique<ClusterSession>(m_cluster->target({0}));
    m_session->start();
    QVERIFY(waitForView(*m_session, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 6; }));
    m_keys = fill(*m_session, 5000, "user:");
    const QByteArray binary("bin\0\xff{tag\r\n}", 13);
    QVERIFY(QCoro::waitFor(m_session->execute(commandOf("RPUSH", binary, "1", "2"))));
    m_keys.insert(binary);
}

void TestKeyScan::cleanupTestCase()
{
    m_session.reset();
    m_cluster.reset();
}

void TestKeyScan::findsEveryKey_data()
{
    QTest::addColumn<ScanRequest::From>("from");
    QTest::newRow("primaries") << ScanRequest::From::Primaries;
    QTest::newRow("replicas") << ScanRequest::From::Replicas;
}

void TestKeyScan::findsEveryKey()
{
    QFETCH(const ScanRequest::From, from);
    const auto found = std::make_shared<Collected>();
    const auto progress = scan(*m_session, {.from = from}, found);
    QVERIFY2(progress, progress ? "" : qPrintable(describe(progress.error())));
    QCOMPARE(progress->state, ScanProgress::State::Done);
    QVERIFY(progress->isWhole());
    QCOMPARE(progress->nodes.size(), size_t(3));
    QCOMPARE(progress->expected, qint64(m_keys.size()));
    for (const ScanProgress::Node &node : progress->nodes)
        QCOMPARE(node.isReplica, from == ScanRequest::From::Replicas);
    QCOMPARE(found->keys, m_keys);
}

void TestKeyScan::findsByPatternTypeAndName()
{
    const auto findAll = [&](const ScanRequest &request) {
        const auto found = std::make_shared<Collected>();
        const auto progress = scan(*m_session, request, found);
        return progress && progress->isWhole() ? found->keys : QSet<QByteArray>{"not whole"_ba};
    };
    QCOMPARE(findAll({.pattern = "user:10?"}).size(), 10);
    QCOMPARE(findAll({.type = "list"}).size(), 1);
    QCOMPARE(findAll({.pattern = "user:7"}), QSet<QByteArray>{"user:7"_ba});
    QCOMPARE(findAll({.pattern = "user:7", .type = "hash"}), QSet<QByteArray>{});
    QCOMPARE(findAll({.pattern = "no such key"}), QSet<QByteArray>{});
    const SlotSet low{SlotRange{0, 99}};
    const QSet<QByteArray> inSlots = findAll({.slotsOnly = low});
    QSet<QByteArray> wanted;
    for (const QByteArray &key : std::as_const(m_keys))
        if (low.contains(slotOfKey(key)))
            wanted.insert(key);
    QCOMPARE(inSlots, wanted);
    const ClusterViewPtr view = m_session->view();
    const NodeState &node = view->nodes[size_t(view->owner[slotOfKey("user:7")])];
    QSet<QByteArray> own;
    for (const QByteArray &key : std::as_const(m_keys))
        if (node.slots.contains(slotOfKey(key)))
            own.insert(key);
    QCOMPARE(findAll({.from = ScanRequest::From::OneNode, .nodeId = node.id}), own);
    QCOMPARE(findAll({.from = ScanRequest::From::OneShard, .nodeId = node.id}), own);
}

/// One slot is read by CLUSTERSCAN if the servers have it (Valkey 9.1), without reading the other keys.
void TestKeyScan::readsOneSlotAlone()
{
    const QByteArray key = "user:77";
    const quint16 slot = slotOfKey(key);
    QSet<QByteArray> wanted;
    for (const QByteArray &each : std::as_const(m_keys))
        if (slotOfKey(each) == slot)
            wanted.insert(each);
    QVERIFY(wanted.contains(key));
    const auto calls = [this](const QByteArray &command) {
        qint64 sum = 0;
        for (int node = 0; node < 6; ++node) {
            const Result<Value> stats = m_cluster->run(node, {"INFO"_ba, "commandstats"_ba});
            const QRegularExpression line(u"cmdstat_%1:calls=(\\d+)"_s.arg(QString::fromLatin1(command)));
            if (stats)
                sum += line.match(QString::fromUtf8(stats->bytes())).captured(1).toLongLong();
        }
        return sum;
    };
    const Result<Value> info = m_cluster->run(0, {"COMMAND"_ba, "INFO"_ba, "CLUSTERSCAN"_ba});
    const bool hasIt = info && !info->items().empty() && info->items().front().isAggregate();
    for (const auto from : {ScanRequest::From::Primaries, ScanRequest::From::Replicas}) {
        const qint64 before = calls("scan"), beforeBySlot = calls("clusterscan");
        const auto found = std::make_shared<Collected>();
        const auto progress = scan(*m_session, {.from = from, .slotsOnly = SlotSet{{slot, slot}}}, found);
        QVERIFY(progress && progress->isWhole());
        QCOMPARE(found->keys, wanted);
        QCOMPARE(calls("scan") == before, hasIt);
        QCOMPARE(calls("clusterscan") > beforeBySlot, hasIt);
    }
}

/// Half of the keys of the wanted slot have been moved to the node that imports it.
void TestKeyScan::readsBothEndsOfAnOpenSlot()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second; // the newest: it has CLUSTERSCAN
    options.replicasPerPrimary = 0;
    TestCluster cluster(options);
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    ClusterSession session(cluster.target({0}));
    session.start();
    QVERIFY(waitForView(session, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 3; }));
    const QSet<QByteArray> keys = fill(session, 20, "{open}:");
    const quint16 slot = slotOfKey("{open}");
    const auto idOf = [&](int node) { return nodeAt(*session.view(), cluster.address(node))->id; };
    int source = 0;
    while (session.view()->nodes[size_t(session.view()->owner[slot])].name != cluster.address(source))
        ++source;
    const int target = (source + 1) % 3;
    const QByteArray number = QByteArray::number(slot);
    QVERIFY(cluster.run(target, {"CLUSTER"_ba, "SETSLOT"_ba, number, "IMPORTING"_ba, idOf(source)}));
    QVERIFY(cluster.run(source, {"CLUSTER"_ba, "SETSLOT"_ba, number, "MIGRATING"_ba, idOf(target)}));
    const Endpoint to = *Endpoint::parse(cluster.address(target));
    QByteArrayList migrate{"MIGRATE"_ba, to.host.toUtf8(), QByteArray::number(to.port), ""_ba, "0"_ba,
                           "5000"_ba,    "KEYS"_ba};
    for (int i = 0; i < 10; ++i)
        migrate << "{open}:" + QByteArray::number(i);
    QCOMPARE(cluster.run(source, migrate)->bytes(), "OK"_ba);
    const auto found = std::make_shared<Collected>();
    const auto progress = scan(session, {.slotsOnly = SlotSet{{slot, slot}}}, found);
    QVERIFY(progress && progress->isWhole());
    QCOMPARE(found->keys, keys);
}

void TestKeyScan::pausesAndStops()
{
    KeyScanner scanner(m_session.get());
    const auto found = std::make_shared<Collected>();
    found->afterBatch = [&] {
        scanner.pause();
        QTimer::singleShot(0, this, [&] { scanner.goOn(); });
    };
    bool wasPaused = false;
    const auto whole = QCoro::waitFor(scanner.scan({}, found, [&](const ScanProgress &progress) {
        wasPaused = wasPaused || progress.state == ScanProgress::State::Paused;
    }));
    QVERIFY(whole && whole->isWhole());
    QVERIFY(wasPaused);
    QCOMPARE(found->keys, m_keys);

    const auto part = std::make_shared<Collected>();
    part->afterBatch = [&] { scanner.stop(); };
    const auto stopped = QCoro::waitFor(scanner.scan({}, part, [](const ScanProgress &) {}));
    QVERIFY(stopped);
    QCOMPARE(stopped->state, ScanProgress::State::Stopped);
    QVERIFY(!stopped->isWhole());
    QVERIFY(part->keys.size() < m_keys.size());
}

void TestKeyScan::readsFacts()
{
    QVERIFY(QCoro::waitFor(m_session->execute(commandOf("SET", "facts:ttl", "12345", "EX", "100"))));
    KeyFactsReader reader(m_session.get());
    const QByteArrayList keys{"facts:ttl"_ba, QByteArray("bin\0\xff{tag\r\n}", 13), "no such key"_ba};
    const KeyFactSet all =
        KeyFact::Type | KeyFact::Ttl | KeyFact::Memory | KeyFact::Encoding | KeyFact::Idle | KeyFact::Length;
    const auto facts = QCoro::waitFor(reader.read(keys, all, 0));
    QVERIFY(facts);
    QCOMPARE(facts->at(0).type, "string"_ba);
    QVERIFY(*facts->at(0).ttlMs > 90'000 && *facts->at(0).ttlMs <= 100'000);
    QVERIFY(*facts->at(0).memory > 0);
    QCOMPARE(facts->at(0).encoding, "int"_ba);
    QCOMPARE(facts->at(1).type, "list"_ba);
    QCOMPARE(*facts->at(1).ttlMs, qint64(-1));
    QCOMPARE(facts->at(2).type, "none"_ba);
    QCOMPARE(*facts->at(2).ttlMs, qint64(-2));
    QVERIFY(facts->at(0).idleSeconds.has_value());
    // Redis 7.0 has no CLIENT NO-TOUCH, so reading a length would reset the key's idle time.
    const auto quiet = m_cluster->run(0, commandOf("CLIENT", "NO-TOUCH", "ON"));
    QCOMPARE(facts->at(1).length.has_value(), quiet && !quiet->isError());
    QVERIFY(QCoro::waitFor(m_session->execute(commandOf("DEL", "facts:ttl"))));
}

/// For a user who may read only some keys, the other keys are reported as refused and reading continues.
void TestKeyScan::tellsRefusals()
{
    for (int node = 0; node < 6; ++node)
        QVERIFY(m_cluster->run(node, commandOf("ACL", "SETUSER", "some", "on", ">pw", "~user:1*", "+@all")));
    ConnectionTarget target = m_cluster->target({0});
    target.credentials = {.user = u"some"_s, .password = u"pw"_s};
    ClusterSession session(target);
    session.start();
    QVERIFY(waitForView(session, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 6; }));
    const auto found = std::make_shared<Collected>();
    const auto progress = scan(session, {}, found);
    QVERIFY(progress && progress->isWhole());
    QCOMPARE(found->keys, m_keys); // SCAN returns the names of all keys, even of those that the user may not read
    KeyFactsReader reader(&session);
    const auto facts =
        QCoro::waitFor(reader.read({"user:1"_ba, "user:2"_ba, "user:11"_ba}, KeyFact::Type | KeyFact::Ttl, 0));
    QVERIFY(facts);
    QVERIFY(facts->at(0).problem.isEmpty());
    QCOMPARE(facts->at(0).type, "string"_ba);
    QVERIFY2(facts->at(1).problem.contains(u"NOPERM"_s) || facts->at(1).problem.contains(u"permission"_s),
             qPrintable(facts->at(1).problem));
    QVERIFY(facts->at(2).problem.isEmpty());
    // A user without permission for SCAN gets this reported for each node.
    for (int node = 0; node < 6; ++node)
        QVERIFY(m_cluster->run(node, commandOf("ACL", "SETUSER", "some", "-scan")));
    const auto refused = scan(session, {}, std::make_shared<Collected>());
    QVERIFY(refused);
    QVERIFY(!refused->isWhole());
    for (const ScanProgress::Node &node : refused->nodes)
        QVERIFY(node.error && node.error->code == Error::Code::NoPermission);
}

/// Uses store and model through the core thread, as the window does.
void TestKeyScan::fillsTheModel()
{
    CoreThread thread;
    SessionDoor door(thread, m_cluster->target({0}));
    QTRY_VERIFY(door.view() && door.view()->agreed && door.view()->nodes.size() == 6);
    KeyStore store;
    store.setDelimiters({":"_ba});
    KeyRowsModel model(store);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setView(door.view());
    store.start(door, {});
    QTRY_COMPARE(store.progress().state, ScanProgress::State::Done);
    QCOMPARE(store.progress().seen, quint64(m_keys.size()));
    QTRY_VERIFY(!model.isBusy());
    QCOMPARE(model.rowCount(), 2);
    const int folder = model.rowOfFolder("user:");
    QCOMPARE(model.index(folder, 0).data(KeyRowsModel::CountRole).toULongLong(), quint64(5000));
    const QPersistentModelIndex other = model.index(1 - folder, 0);
    const QByteArray otherName = other.data(KeyRowsModel::NameRole).toByteArray();
    model.expand(folder); // has too many rows to be expanded at once
    QTRY_COMPARE(model.rowCount(), 5002);
    QCOMPARE(other.data(KeyRowsModel::NameRole).toByteArray(), otherName);
    const int row = model.rowOf("user:10");
    QCOMPARE(row, folder + 11);
    QCOMPARE(model.parentRow(row), folder);
    QCOMPARE(model.index(row, 1).data().toString(), u"…"_s);
    model.setVisibleRows(row, row + 40);
    QTRY_COMPARE(model.index(row, 1).data().toString(), u"string"_s);
    QTRY_VERIFY(model.index(row, 0).data(KeyRowsModel::MemoryRole).isValid());
    QCOMPARE(model.index(row, 0).data(KeyRowsModel::TtlRole).toLongLong(), qint64(-1));
    QCOMPARE(model.index(row, 0).data(KeyRowsModel::SlotRole).toInt(), int(slotOfKey("user:10")));
    QVERIFY(!model.index(row, 0).data(KeyRowsModel::NodeRole).toByteArray().isEmpty());

    const QPersistentModelIndex kept = model.index(model.rowOf("user:20"), 0);
    store.remove("user:10");
    QTRY_COMPARE(model.rowOf("user:10"), -1);
    QCOMPARE(kept.data(KeyRowsModel::NameRole).toByteArray(), "user:20"_ba);
    QVERIFY(store.setFilter({KeyFilter::Mode::Substring, "user:20", {}, false}));
    QTRY_VERIFY(model.rowCount() < 200);
    QCOMPARE(kept.data(KeyRowsModel::NameRole).toByteArray(), "user:20"_ba);
    QVERIFY(model.index(kept.row(), 0).data(KeyRowsModel::DepthRole).toInt() == 1);
    model.setMode(KeyRowsModel::Mode::List);
    QTRY_COMPARE(model.index(kept.row(), 0).data(KeyRowsModel::DepthRole).toInt(), 0);
}

void TestKeyScan::standalone()
{
    TestCluster server({.primaries = 1, .replicasPerPrimary = 1, .clusterMode = false});
    QVERIFY2(server.start(), qPrintable(server.failure()));
    ConnectionTarget target = server.target({0});
    ClusterSession session(target);
    session.start();
    QVERIFY(waitForView(session, [](const ClusterView &view) { return !view.shards.empty(); }));
    QVERIFY(server.run(
        0, commandOf("EVAL", "redis.call('SELECT', 3) for i = 1, 3000 do redis.call('SET', 'k'..i, i) end", "0")));
    const auto found = std::make_shared<Collected>();
    const auto progress = scan(session, {.database = 3}, found);
    QVERIFY2(progress && progress->isWhole(), progress ? "not whole" : qPrintable(describe(progress.error())));
    QCOMPARE(found->keys.size(), 3000);
    const auto none = std::make_shared<Collected>();
    QVERIFY(scan(session, {}, none));
    QVERIFY(none->keys.isEmpty());
    const auto named = std::make_shared<Collected>();
    QVERIFY(scan(session, {.pattern = "k7", .database = 3}, named));
    QCOMPARE(named->keys, QSet<QByteArray>{"k7"_ba});
}

void TestKeyScan::databasesOfACluster()
{
    QString path;
    for (const auto &[name, server] : serversFound())
        if (name.startsWith("valkey-9"))
            path = server;
    if (path.isEmpty())
        QSKIP("Valkey 9 was not unpacked (tests/support/servers.sh)");
    TestCluster cluster(
        {.serverPath = path, .replicasPerPrimary = 0, .extraArguments = {u"--cluster-databases"_s, u"16"_s}});
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    ConnectionTarget target = cluster.target({0});
    target.database = 5;
    ClusterSession session(target);
    session.start();
    QVERIFY(waitForView(session, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 3; }));
    const QSet<QByteArray> keys = fill(session, 1000, "five:");
    const auto found = std::make_shared<Collected>();
    const auto progress = scan(session, {.database = 5}, found);
    QVERIFY(progress && progress->isWhole());
    QCOMPARE(found->keys, keys);
    const auto none = std::make_shared<Collected>();
    QVERIFY(scan(session, {.database = 0}, none));
    QVERIFY(none->keys.isEmpty());
}

/// While slots move all the time, every key that exists throughout is found.
void TestKeyScan::whileSlotsMove()
{
    TestCluster cluster;
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    ClusterSession session(cluster.target({0}));
    session.start();
    QVERIFY(waitForView(session, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 6; }));
    const QSet<QByteArray> keys = fill(session, keysWhileMoving, "moving:");
    QProcess reshard;
    const QStringList words{u"--uri"_s,         cluster->uri(), u"reshard"_s,       u"--from"_s,
                            cluster.address(0), u"--to"_s,      cluster.address(1), u"--slots"_s,
                            u"3000"_s,          u"--classic"_s, u"--yes"_s};
    // One scan begins before the first slot moves and ends after the last.
    const auto held = std::make_shared<Collected>();
    held->afterBatch = [&] { held->held = true; };
    KeyScanner scanner(&session);
    auto across = scanner.scan({}, held, [](const ScanProgress &) {});
    QTRY_VERIFY(held->held);
    reshard.start(programPath(), words);
    QVERIFY(reshard.waitForStarted());
    // Other scans run completely while slots move.
    int scans = 0;
    while (reshard.state() != QProcess::NotRunning) {
        const auto found = std::make_shared<Collected>();
        const auto progress = scan(session, {.ceilingMs = 1}, found);
        QVERIFY2(progress, progress ? "" : qPrintable(describe(progress.error())));
        QVERIFY2(progress->isWhole(), qPrintable(progress->missing.toString(10)));
        QCOMPARE(missing(keys, found->keys), QSet<QByteArray>{});
        ++scans;
        QCoreApplication::processEvents();
    }
    QVERIFY2(reshard.exitCode() == 0, reshard.readAllStandardError().constData());
    QVERIFY(scans > 1);
    held->letGo();
    const auto progress = QCoro::waitFor(std::move(across));
    QVERIFY(progress && progress->isWhole());
    QCOMPARE(missing(keys, held->keys), QSet<QByteArray>{});
}

/// A primary dies during a scan. It is named in the result, and its keys are read from the replica that took over.
void TestKeyScan::aNodeDies()
{
    TestCluster cluster;
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    ClusterSession session(cluster.target({1}));
    session.start();
    QVERIFY(waitForView(session, [](const ClusterView &view) { return view.agreed && view.nodes.size() == 6; }));
    const QSet<QByteArray> keys = fill(session, keysOfTheDying, "dying:");
    const QByteArray victim = nodeAt(*session.view(), cluster.address(0))->id;
    const auto found = std::make_shared<Collected>();
    found->afterBatch = [&] { cluster->killNode(0); };
    const auto progress = scan(session, {}, found);
    QVERIFY2(progress, progress ? "" : qPrintable(describe(progress.error())));
    QVERIFY2(progress->isWhole(), qPrintable(progress->missing.toString(10)));
    QCOMPARE(missing(keys, found->keys), QSet<QByteArray>{});
    const auto dead = std::find_if(progress->nodes.begin(), progress->nodes.end(),
                                   [&](const ScanProgress::Node &node) { return node.id == victim; });
    QVERIFY(dead != progress->nodes.end());
    QVERIFY(dead->error.has_value());
    QVERIFY(!dead->replacedBy.isEmpty());
    QCOMPARE(progress->nodes.size(), size_t(4));
}

SLOTSCOPE_TEST(TestKeyScan)
#include "tst_keyscan.moc"
