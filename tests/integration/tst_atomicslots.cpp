// SPDX-License-Identifier: GPL-3.0-or-later
// Valkey 9's atomic migration when something comes between: the target is frozen, so that a job stays under way.
#include "core/base/errortext.h"
#include "support/operating.h"
#include "tests/support/testmain.h"

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int frozenTimeoutMs = 60000; // node timeout long enough that a frozen node is not failed over

} // namespace

class tst_AtomicSlots : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<QString>("server");
        for (const auto &[name, path] : serversFound())
            if (name.startsWith("valkey-9"))
                QTest::newRow(name.constData()) << path;
    }
    void initTestCase()
    {
        const auto servers = serversFound();
        if (std::none_of(servers.begin(), servers.end(),
                         [](const auto &it) { return it.first.startsWith("valkey-9"); }))
            QSKIP("needs Valkey 9 (tests/support/servers.sh)");
    }
    void init()
    {
        QFETCH_GLOBAL(const QString, server);
        LocalClusterOptions options;
        options.serverPath = server;
        options.nodeTimeoutMs = frozenTimeoutMs;
        options.replicasPerPrimary = 0;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        m_operator = std::make_unique<Operator>(m_cluster->target({0, 1, 2}));
        QVERIFY2(m_operator->connect(), qPrintable(m_operator->failure()));
        for (const char *key : {"{06S}a", "{06S}b"}) // both keys are in slot 0
            QVERIFY(QCoro::waitFor(m_operator->session().execute(commandOf("SET", key, "value"))));
    }
    void cleanup()
    {
        m_operator.reset();
        m_cluster.reset();
    }

    void isAskedAgainAfterFlushall()
    {
        const auto operation = begin();
        QVERIFY(operation);
        const auto running = operation->run();
        QTRY_VERIFY_WITH_TIMEOUT(jobs(0).contains("EXPORT"), 30000);
        QVERIFY(m_cluster->run(0, {"FLUSHALL"}));
        (**m_cluster).pauseNode(1, false);
        const RunSnapshotPtr run = QCoro::waitFor(running);
        VERIFY_DONE(run);
        QVERIFY(std::any_of(run->log.begin(), run->log.end(),
                            [](const RunLine &line) { return line.text.contains(u"trying again"); }));
        QCOMPARE(ownerOf(0), 1);
    }

    void isCancelledWhenAbandoned()
    {
        const auto operation = begin();
        QVERIFY(operation);
        const auto running = operation->run();
        QTRY_VERIFY_WITH_TIMEOUT(jobs(0).contains("EXPORT"), 30000);
        operation->stop();
        operation->stop(); // a second stop() does not wait for the current step to end
        const RunSnapshotPtr run = QCoro::waitFor(running);
        QCOMPARE(int(run->state), int(RunState::Stopped));
        (**m_cluster).pauseNode(1, false);
        QVERIFY2(jobs(0).contains("cancel"), jobs(0).constData());
        QCOMPARE(ownerOf(0), 0);
        const auto value = QCoro::waitFor(m_operator->session().execute(commandOf("GET", "{06S}a")));
        QVERIFY(value);
        QCOMPARE(value->bytes(), "value"_ba);
    }

    void aTargetThatDiesIsNamedAndNothingMoves()
    {
        const auto operation = begin();
        QVERIFY(operation);
        const auto running = operation->run();
        QTRY_VERIFY_WITH_TIMEOUT(jobs(0).contains("EXPORT"), 30000);
        (**m_cluster).killNode(1);
        const RunSnapshotPtr run = QCoro::waitFor(running);
        QCOMPARE(int(run->state), int(RunState::Failed)); // after several attempts, not after the first
        QVERIFY2(describe(*run->error).contains(m_cluster->address(1)), qPrintable(describe(*run->error)));
        QVERIFY(QCoro::waitFor((**m_cluster).restartNode(1)));
        QTRY_VERIFY_WITH_TIMEOUT(m_operator->look()->agreed, 30000);
        QCOMPARE(ownerOf(0), 0);
        VERIFY_DONE(m_operator->run(firstHundred()));
        QCOMPARE(ownerOf(0), 1);
        const auto value = QCoro::waitFor(m_operator->session().execute(commandOf("GET", "{06S}b")));
        QVERIFY2(value, value ? "" : qPrintable(describe(value.error())));
        QCOMPARE(value->bytes(), "value"_ba);
    }

    void aSourceThatDoesNotAnswerForAWhileIsWaitedFor()
    {
        const auto operation = begin();
        QVERIFY(operation);
        const auto running = operation->run();
        QTRY_VERIFY_WITH_TIMEOUT(jobs(0).contains("EXPORT"), 30000);
        (**m_cluster).pauseNode(0, true);
        const QString waiting = m_cluster->address(0) + u" to answer again"_s;
        QTRY_COMPARE_WITH_TIMEOUT(operation->snapshot()->waitingFor, waiting, 30000);
        (**m_cluster).pauseNode(0, false);
        (**m_cluster).pauseNode(1, false);
        VERIFY_DONE(QCoro::waitFor(running));
        QCOMPARE(ownerOf(0), 1);
    }

    void leavesWhatAnotherToolMoves()
    {
        const auto plan = m_operator->plan(firstHundred());
        QVERIFY(plan && refusals(*plan).isEmpty());
        (**m_cluster).pauseNode(2, true);
        QVERIFY(m_cluster->run(
            0, {"CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "50", "60", "NODE", m_operator->idAt(m_cluster->address(2))}));
        // this plan was made before the other migration began
        const RunSnapshotPtr overlapping = m_operator->run(*plan);
        QCOMPARE(int(overlapping->state), int(RunState::Failed));
        const auto second = m_operator->plan(firstHundred());
        QVERIFY(second);
        const QString refused = refusals(*second).join(u'\n');
        QVERIFY2(refused.contains(u"migration", Qt::CaseInsensitive), qPrintable(refused));
        (**m_cluster).pauseNode(2, false);
        QTRY_COMPARE_WITH_TIMEOUT(ownerOf(50), 2, 30000);
        QCOMPARE(ownerOf(0), 0);
    }

    void anOpenSlotStandsInTheWay()
    {
        QVERIFY(m_cluster->run(0, {"CLUSTER", "SETSLOT", "7", "MIGRATING", m_operator->idAt(m_cluster->address(2))}));
        QTRY_VERIFY(!m_operator->look()->openSlots.isEmpty());
        const auto plan = m_operator->plan(firstHundred());
        QVERIFY(plan);
        const QString refused = refusals(*plan).join(u'\n');
        QVERIFY2(refused.contains(u"in migration"), qPrintable(refused));
    }

private:
    ReshardRequest firstHundred()
    {
        ReshardRequest request;
        request.sources = {m_operator->idAt(m_cluster->address(0))};
        request.target = m_operator->idAt(m_cluster->address(1));
        request.slots = SlotSet{{0, 99}};
        request.migration.method = MigrationMethod::Atomic;
        return request;
    }
    /// Returns the planned operation, and freezes its target node.
    std::unique_ptr<OperationRun> begin()
    {
        auto plan = m_operator->plan(firstHundred());
        if (!plan)
            return {};
        plan->basis.view.reset(); // with a basis view, the check before the run would refuse the frozen node
        (**m_cluster).pauseNode(1, true);
        return std::make_unique<OperationRun>(*plan, m_operator->target(), m_operator->sharedSession(),
                                              RunOptions{.journalFolder = m_operator->journalFolder()});
    }
    /// Returns the node's reply to CLUSTER GETSLOTMIGRATIONS as one flat text.
    QByteArray jobs(int node)
    {
        const auto reply = m_cluster->run(node, {"CLUSTER", "GETSLOTMIGRATIONS"});
        QByteArray text;
        if (!reply)
            return describe(reply.error()).toUtf8();
        for (const Value &job : reply->items())
            for (const Value &item : job.items())
                text += item.bytes() + ' ';
        return text;
    }
    /// Returns the number of the node that itself claims the slot, or -1 if no node or more than one does.
    int ownerOf(int slot)
    {
        const ClusterViewPtr view = m_operator->look();
        int owner = -1, owners = 0;
        for (int i = 0; view && i < 3; ++i) {
            const NodeState *node = nodeAt(*view, m_cluster->address(i));
            if (node && node->slots.contains(quint16(slot))) {
                owner = i;
                ++owners;
            }
        }
        return owners == 1 ? owner : -1;
    }

    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<Operator> m_operator;
};

SLOTSCOPE_TEST(tst_AtomicSlots)
#include "tst_atomicslots.moc"
