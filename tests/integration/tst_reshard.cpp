// SPDX-License-Identifier: GPL-3.0-or-later
// Moving slots on real servers: under writes, after every kind of interruption, with keys on both ends.
#include "core/base/errortext.h"
#include "core/operations/journal/journal.h"
#include "support/operating.h"
#include "tests/support/testmain.h"

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int keysPerSlot = 3;

/// Returns a hash tag whose keys are in this slot.
QByteArray tagOf(int slot)
{
    for (int i = 0;; ++i)
        if (slotOfKey(QByteArray::number(i)) == slot)
            return QByteArray::number(i);
}

QByteArray keyIn(int slot, int number)
{
    return "k{" + tagOf(slot) + "}" + QByteArray::number(number);
}

} // namespace

class tst_Reshard : public QObject
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
    void init()
    {
        QFETCH_GLOBAL(const QString, server);
        m_server = server;
        LocalClusterOptions options;
        options.serverPath = server;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        m_operator = std::make_unique<Operator>(m_cluster->target({0, 1, 2}));
        QVERIFY2(m_operator->connect(), qPrintable(m_operator->failure()));
    }
    void cleanup()
    {
        m_operator.reset();
        m_cluster.reset();
    }

    void movesSlotsUnderWrites_data()
    {
        QTest::addColumn<int>("method");
        QTest::newRow("classic") << int(MigrationMethod::Classic);
        QTest::newRow("automatic") << int(MigrationMethod::Automatic);
    }
    void movesSlotsUnderWrites()
    {
        QFETCH(const int, method);
        LiveWriters writers(m_operator->target(), 4, 400);
        writers.start();
        QTRY_VERIFY_WITH_TIMEOUT(writers.acknowledged() > 400, 60000);
        ReshardRequest request = reshard(0, 1, SlotSet{{0, 1499}});
        request.migration.method = MigrationMethod(method);
        const RunSnapshotPtr run = m_operator->run(request);
        VERIFY_DONE(run);
        QVERIFY(writers.stop());
        QCOMPARE(writers.verify(m_operator->session()), QStringList());
        QCOMPARE(writers.errors(), QStringList());
        verifyOwner(1, SlotSet{{0, 1499}});
        QCOMPARE(run->progress.slotsDone, 1500);
        QVERIFY(!run->verified.isEmpty());
        // a second plan of the same request has no steps left
        const bool hasAtomic = m_operator->plan(request)->steps.isEmpty();
        QVERIFY(hasAtomic);
    }

    void whatMovedOutlivesARestartOfAllNodes()
    {
        LiveWriters writers(m_operator->target(), 3, 300);
        writers.start();
        QTRY_VERIFY_WITH_TIMEOUT(writers.acknowledged() > 200, 60000);
        VERIFY_DONE(m_operator->run(reshard(0, 1, SlotSet{{0, 999}})));
        QVERIFY(writers.stop());
        const int nodes = int((*m_cluster)->nodes().size());
        for (int node = 0; node < nodes; ++node)
            QVERIFY(m_cluster->run(node, {"SAVE"}));
        for (int node = 0; node < nodes; ++node)
            (**m_cluster).killNode(node);
        for (int node = 0; node < nodes; ++node)
            QVERIFY(QCoro::waitFor((**m_cluster).restartNode(node)));
        const auto isUp = [this](int node) {
            const auto info = m_cluster->run(node, {"CLUSTER", "INFO"});
            return info && info->bytes().contains("cluster_state:ok");
        };
        for (int node = 0; node < nodes; ++node)
            QTRY_VERIFY_WITH_TIMEOUT(isUp(node), 60000);
        verifyOwner(1, SlotSet{{0, 999}});
        QCOMPARE(writers.verify(m_operator->session()), QStringList());
        QVERIFY(m_operator->look()->openSlots.isEmpty());
    }

    void finishesWhatWasLeftHalfWay_data()
    {
        QTest::addColumn<int>("stage");
        QTest::newRow("importing only") << 1;
        QTest::newRow("open, nothing moved") << 2;
        QTest::newRow("half of the keys moved") << 3;
        QTest::newRow("all keys moved") << 4;
        QTest::newRow("the target has taken over") << 5;
    }
    void finishesWhatWasLeftHalfWay()
    {
        QFETCH(const int, stage);
        constexpr int slot = 100;
        fill(slot);
        const QByteArray source = m_operator->idAt(m_cluster->address(0)),
                         target = m_operator->idAt(m_cluster->address(1));
        const QByteArray number = QByteArray::number(slot);
        QVERIFY(m_cluster->run(1, {"CLUSTER", "SETSLOT", number, "IMPORTING", source}));
        if (stage >= 2)
            QVERIFY(m_cluster->run(0, {"CLUSTER", "SETSLOT", number, "MIGRATING", target}));
        for (int i = 0; i < (stage == 3 ? 1 : stage >= 4 ? keysPerSlot : 0); ++i)
            QVERIFY(m_cluster->run(0, migrate(1, keyIn(slot, i))));
        if (stage >= 5)
            QVERIFY(m_cluster->run(1, {"CLUSTER", "SETSLOT", number, "NODE", target}));
        FixRequest request;
        request.prefer = FixRequest::Prefer::Continue;
        QTRY_VERIFY(!m_operator->look()->openSlots.isEmpty() || stage == 5);
        const RunSnapshotPtr run = m_operator->run(request);
        VERIFY_DONE(run);
        // in stage 1 only the target had opened the slot, so the move had not begun and the source keeps the slot
        const int owner = stage == 1 ? 0 : 1;
        if (stage > 1)
            verifyOwner(owner, SlotSet{{slot, slot}});
        verifyFilled(slot);
        QVERIFY(m_operator->look()->openSlots.isEmpty());
    }

    void rollsBackWhatWasLeftHalfWay()
    {
        constexpr int slot = 200;
        fill(slot);
        const QByteArray source = m_operator->idAt(m_cluster->address(0)),
                         target = m_operator->idAt(m_cluster->address(1));
        QVERIFY(m_cluster->run(1, {"CLUSTER", "SETSLOT", "200", "IMPORTING", source}));
        QVERIFY(m_cluster->run(0, {"CLUSTER", "SETSLOT", "200", "MIGRATING", target}));
        QVERIFY(m_cluster->run(0, migrate(1, keyIn(slot, 0))));
        FixRequest request;
        request.prefer = FixRequest::Prefer::RollBack;
        const RunSnapshotPtr run = m_operator->run(request);
        VERIFY_DONE(run);
        verifyOwner(0, SlotSet{{slot, slot}});
        verifyFilled(slot);
        QVERIFY(m_operator->look()->openSlots.isEmpty());
    }

    void equalCopiesAreReplacedAndDifferentOnesStop_data()
    {
        QTest::addColumn<QByteArray>("other");
        QTest::addColumn<int>("policy");
        QTest::addColumn<QByteArray>("expected"); // the key's value after the move (empty: the run stops)
        QTest::newRow("equal") << "value 0"_ba << int(BusyKeyPolicy::Stop) << "value 0"_ba;
        QTest::newRow("different") << "other"_ba << int(BusyKeyPolicy::Stop) << ""_ba;
        QTest::newRow("keep source") << "other"_ba << int(BusyKeyPolicy::KeepSource) << "value 0"_ba;
        QTest::newRow("keep target") << "other"_ba << int(BusyKeyPolicy::KeepTarget) << "other"_ba;
    }
    void equalCopiesAreReplacedAndDifferentOnesStop()
    {
        QFETCH(const QByteArray, other);
        QFETCH(const int, policy);
        QFETCH(const QByteArray, expected);
        constexpr int slot = 300;
        fill(slot);
        plant(1, 0, slot, keyIn(slot, 0), other);
        ReshardRequest request = reshard(0, 1, SlotSet{{slot, slot}});
        request.migration.method = MigrationMethod::Classic;
        request.migration.busyKeys = BusyKeyPolicy(policy);
        const bool decided = request.migration.busyKeys != BusyKeyPolicy::Stop;
        if (decided) // choosing a value deletes the other one, which is never done without consent
            QCOMPARE(int(m_operator->run(request)->state), int(RunState::Failed));
        const RunSnapshotPtr run = m_operator->run(request, decided);
        if (expected.isEmpty()) {
            QVERIFY(run && run->state == RunState::Failed);
            QVERIFY2(run->error->detail.contains(QString::fromLatin1(keyIn(slot, 0))), qPrintable(run->error->detail));
            for (const QString &shown : {u"“value 0”"_s, u"“other”"_s}) // the error shows both values
                QVERIFY2(run->error->detail.contains(shown), qPrintable(run->error->detail));
            QCOMPARE(run->leftOpen, (SlotSet{{slot, slot}}));
            // both values are still there
            QCOMPARE(valueAt(0, slot, false), "value 0"_ba);
            QCOMPARE(valueAt(1, slot, true), "other"_ba);
            // the user chooses a value, and fix completes the move
            FixRequest fix;
            fix.prefer = FixRequest::Prefer::Continue;
            fix.migration.busyKeys = BusyKeyPolicy::KeepTarget;
            const RunSnapshotPtr second = m_operator->run(fix, true);
            VERIFY_DONE(second);
        } else {
            VERIFY_DONE(run);
        }
        const auto value = QCoro::waitFor(m_operator->session().execute(commandOf("GET", keyIn(slot, 0))));
        QVERIFY(value);
        QCOMPARE(value->bytes(), expected.isEmpty() ? "other"_ba : expected);
        verifyOwner(1, SlotSet{{slot, slot}});
    }

    void aKeyInAForeignSlotThatDiffersIsDecidedOn_data()
    {
        QTest::addColumn<int>("policy");
        QTest::addColumn<QByteArray>("expected"); // the key's value after the repair (empty: the run stops)
        QTest::newRow("stop") << int(BusyKeyPolicy::Stop) << ""_ba;
        QTest::newRow("keep that of the node it leaves") << int(BusyKeyPolicy::KeepSource) << "other"_ba;
        QTest::newRow("keep the owner's") << int(BusyKeyPolicy::KeepTarget) << "value 0"_ba;
    }
    void aKeyInAForeignSlotThatDiffersIsDecidedOn()
    {
        QFETCH(const int, policy);
        QFETCH(const QByteArray, expected);
        constexpr int slot = 301;
        fill(slot);
        plant(1, 0, slot, keyIn(slot, 0), "other");
        OrphansRequest request;
        request.action = OrphansRequest::Action::Move;
        request.migration.busyKeys = BusyKeyPolicy(policy);
        const RunSnapshotPtr run = m_operator->run(request, true);
        QVERIFY(run);
        if (expected.isEmpty()) {
            QCOMPARE(int(run->state), int(RunState::Failed));
            for (const QString &shown : {u"“value 0”"_s, u"“other”"_s})
                QVERIFY2(run->error->detail.contains(shown), qPrintable(run->error->detail));
            return;
        }
        VERIFY_DONE(run);
        QCOMPARE(valueAt(0, slot, false), expected);
        QVERIFY(m_operator->look()->openSlots.isEmpty());
    }

    void deletedOrphansLeaveNothingOpen()
    {
        constexpr int slot = 302;
        fill(slot);
        plant(1, 0, slot, keyIn(slot, 0), "other");
        OrphansRequest request;
        request.action = OrphansRequest::Action::Delete;
        VERIFY_DONE(m_operator->run(request, true));
        QVERIFY(m_operator->look()->openSlots.isEmpty());
        verifyFilled(slot);
        const auto left = m_cluster->run(1, {"CLUSTER", "COUNTKEYSINSLOT", QByteArray::number(slot)});
        QVERIFY(left);
        QCOMPARE(left->toInteger(), 0);
    }

    void stopsWholeAndResumesFromTheJournal()
    {
        const auto plan = planSlowly(300, 300);
        QVERIFY(plan);
        OperationRun operation(*plan, m_operator->target(), m_operator->sharedSession(),
                               {.journalFolder = m_operator->journalFolder()});
        connect(&operation, &OperationRun::changed, &operation, [&](const RunSnapshotPtr &snapshot) {
            if (snapshot->progress.slotsDone > 20 && snapshot->state == RunState::Running)
                operation.stop();
        });
        const RunSnapshotPtr stopped = QCoro::waitFor(operation.run());
        QCOMPARE(int(stopped->state), int(RunState::Stopped));
        QVERIFY(stopped->leftOpen.isEmpty());
        QVERIFY(stopped->progress.slotsDone < 300);
        QVERIFY(m_operator->look()->openSlots.isEmpty());
        auto read = Journal::readAll(m_operator->journalFolder());
        QCOMPARE(read.size(), 1);
        QCOMPARE(int(read.front().state), int(RunState::Stopped));
        OperationRun second(read.front(), m_operator->target(), m_operator->sharedSession(),
                            {.journalFolder = m_operator->journalFolder()});
        QElapsedTimer clock;
        const RunSnapshotPtr done = QCoro::waitFor(second.run());
        VERIFY_DONE(done);
        verifyOwner(1, SlotSet{{0, 299}});
        for (int slot = 0; slot < 300; slot += 37)
            verifyFilled(slot);
        read = Journal::readAll(m_operator->journalFolder());
        QCOMPARE(int(read.front().state), int(RunState::Done));
    }

    void anOperationAtWorkIsNamedInThePlanOfAnother()
    {
        const auto plan = planSlowly(200, 100);
        QVERIFY(plan);
        OperationRun operation(*plan, m_operator->target(), m_operator->sharedSession(),
                               {.journalFolder = m_operator->journalFolder()});
        const auto running = operation.run();
        QTRY_VERIFY(operation.snapshot()->progress.slotsDone > 0);
        const auto other = m_operator->plan(RebalanceRequest{});
        QVERIFY(other);
        // only the running operation is given as reason, not the slots that it has open
        QCOMPARE(refusals(*other).size(), 1);
        QVERIFY2(refusals(*other).front().contains(plan->title), qPrintable(refusals(*other).front()));
        QVERIFY2(refusals(*other).front().contains(operation.snapshot()->id), qPrintable(refusals(*other).front()));
        operation.stop();
        QVERIFY(QCoro::waitFor(running));
        const auto after = m_operator->plan(RebalanceRequest{});
        QVERIFY(after);
        QCOMPARE(refusals(*after), QStringList());
    }

    void aRunThatIsGivenUpIsFoundInTheJournal()
    {
        moveAndGiveUp(10, [this] { // a second run is refused while this one is active
            const RunSnapshotPtr other = m_operator->run(reshard(1, 2, SlotSet{{6000, 6000}}));
            QVERIFY(!other || other->state == RunState::Failed);
        });
        const auto read = Journal::readAll(m_operator->journalFolder());
        OperationRun second(read.back(), m_operator->target(), m_operator->sharedSession(),
                            {.journalFolder = m_operator->journalFolder()});
        const RunSnapshotPtr done = QCoro::waitFor(second.run());
        VERIFY_DONE(done);
        verifyOwner(1, SlotSet{{0, 199}});
        for (int slot = 0; slot < 200; slot += 13)
            verifyFilled(slot);
        QVERIFY(m_operator->look()->openSlots.isEmpty());
    }

    void anAbandonedRunIsTakenBackUnderWrites()
    {
        LiveWriters writers(m_operator->target(), 3, 300);
        writers.start();
        moveAndGiveUp(10);
        const RunSnapshot left = Journal::readAll(m_operator->journalFolder()).back();
        QTRY_VERIFY(!m_operator->look()->openSlots.isEmpty()); // the interrupted run left open slots
        const auto request = rollBackOf(left, *m_operator->look());
        QVERIFY(request);
        VERIFY_DONE(m_operator->run(*request));
        QVERIFY(writers.stop());
        QCOMPARE(writers.verify(m_operator->session()), QStringList());
        QCOMPARE(writers.errors(), QStringList());
        verifyOwner(0, SlotSet{{0, 5460}});
        QVERIFY(m_operator->look()->openSlots.isEmpty());
        for (int slot = 0; slot < 200; ++slot)
            verifyFilled(slot);
        const RunSnapshot former = Journal::readAll(m_operator->journalFolder()).back();
        QCOMPARE(former.id, left.id);
        QVERIFY(former.rolledBack && former.leftOpen.isEmpty());
        // another program that still has the old state of the run cannot continue it
        OperationRun second(left, m_operator->target(), m_operator->sharedSession(),
                            {.journalFolder = m_operator->journalFolder()});
        const RunSnapshotPtr refused = QCoro::waitFor(second.run());
        QCOMPARE(int(refused->state), int(RunState::Failed));
        QCOMPARE(int(refused->error->code), int(Error::Code::Outdated));
        verifyOwner(0, SlotSet{{0, 5460}});
    }

    void whatIsDoneIsTakenBackToo()
    {
        for (int slot = 0; slot < 50; ++slot)
            fill(slot);
        const RunSnapshotPtr run = m_operator->run(reshard(0, 1, SlotSet{{0, 49}}));
        VERIFY_DONE(run);
        const auto request = rollBackOf(*run, *m_operator->look());
        QVERIFY(request);
        VERIFY_DONE(m_operator->run(*request));
        verifyOwner(0, SlotSet{{0, 5460}});
        for (int slot = 0; slot < 50; ++slot)
            verifyFilled(slot);
        QVERIFY(m_operator->plan(*request)->moves.isEmpty()); // a second roll-back has nothing left to move
    }

    void aPrimaryThatDiesInMidMoveIsFollowed_data()
    {
        QTest::addColumn<int>("victim");
        QTest::newRow("source") << 0;
        QTest::newRow("target") << 1;
    }
    void aPrimaryThatDiesInMidMoveIsFollowed()
    {
        QFETCH(const int, victim);
        const auto plan = planSlowly(200, 400);
        QVERIFY(plan);
        OperationRun operation(*plan, m_operator->target(), m_operator->sharedSession(),
                               {.journalFolder = m_operator->journalFolder()});
        bool killed = false;
        connect(&operation, &OperationRun::changed, &operation, [&](const RunSnapshotPtr &snapshot) {
            if (killed || snapshot->progress.slotsDone <= 30)
                return;
            killed = true;
            killReplicated(victim, victim == 1 ? std::optional(0) : std::nullopt);
        });
        const RunSnapshotPtr done = QCoro::waitFor(operation.run());
        QVERIFY(killed);
        VERIFY_DONE(done); // the run succeeds with the promoted replica, which had all data of its primary
        for (int slot = 0; slot < 200; ++slot)
            verifyFilled(slot);
        QTRY_VERIFY(m_operator->look()->openSlots.isEmpty());
    }

    void drainsANodeAndBringsItBack()
    {
        for (int slot = 0; slot < 5461; slot += 500)
            fill(slot);
        ReshardRequest request = reshard(0, 1, {});
        request.everything = true;
        const RunSnapshotPtr away = m_operator->run(request);
        VERIFY_DONE(away);
        QCOMPARE(away->progress.slotsDone, 5461);
        verifyOwner(1, SlotSet{{0, 5460}});
        const RunSnapshotPtr back = m_operator->run(reshard(1, 0, SlotSet{{0, 5460}}));
        // With replica migration allowed, the emptied primary may become a replica of the target, at any time or not at
        // all.
        if (!m_operator->look()->node(m_operator->idAt(m_cluster->address(0)))->primary)
            return;
        VERIFY_DONE(back);
        for (int slot = 0; slot < 5461; slot += 500)
            verifyFilled(slot);
    }

    void rebalancesByWeight()
    {
        RebalanceRequest request;
        request.weights.insert(m_operator->idAt(m_cluster->address(0)), 3000);
        request.weights.insert(m_operator->idAt(m_cluster->address(2)), 0);
        VERIFY_DONE(m_operator->run(request));
        const ClusterViewPtr view = m_operator->look();
        QCOMPARE(view->node(m_operator->idAt(m_cluster->address(0)))->slots.count(), 12288);
        QCOMPARE(view->node(m_operator->idAt(m_cluster->address(1)))->slots.count(), 4096);
        QVERIFY(view->uncovered.isEmpty());
    }

    void keysMayExpireOnTheWay()
    {
        for (int slot = 0; slot < 60; ++slot)
            for (int i = 0; i < 5; ++i)
                QVERIFY(QCoro::waitFor(m_operator->session().execute(
                    commandOf("SET", keyIn(slot, i), "v", "PX", QByteArray::number(50 + 20 * slot)))));
        ReshardRequest request = reshard(0, 1, SlotSet{{0, 59}});
        request.migration.method = MigrationMethod::Classic;
        request.migration.keysPerSecond = 200;
        VERIFY_DONE(m_operator->run(request));
        verifyOwner(1, SlotSet{{0, 59}});
    }

    void aFrozenReplicaOfTheTargetHoldsUpTheHandOver()
    {
        for (int slot = 0; slot < 50; ++slot)
            fill(slot);
        ReshardRequest request = reshard(0, 1, SlotSet{{0, 49}});
        request.migration.method = MigrationMethod::Classic;
        const auto plan = m_operator->plan(request);
        QVERIFY(plan);
        OperationRun operation(*plan, m_operator->target(), m_operator->sharedSession(),
                               {.journalFolder = m_operator->journalFolder()});
        (**m_cluster).pauseNode(4, true); // the target's replica is connected but frozen
        bool waited = false;
        connect(&operation, &OperationRun::changed, &operation, [&](const RunSnapshotPtr &snapshot) {
            if (!waited && snapshot->progress.keysDone > 0) {
                waited = true;
                QTimer::singleShot(1500, &operation, [this] { (**m_cluster).pauseNode(4, false); });
            }
        });
        QTimer::singleShot(8000, &operation, [this] { (**m_cluster).pauseNode(4, false); });
        const RunSnapshotPtr run = QCoro::waitFor(operation.run());
        VERIFY_DONE(run);
        for (int slot = 0; slot < 50; ++slot)
            verifyFilled(slot);
    }

    void aDeniedRightIsNamedAndLeavesTheKeys()
    {
        constexpr int slot = 500;
        fill(slot);
        ReshardRequest request = reshard(0, 1, SlotSet{{slot, slot}});
        request.migration.method = MigrationMethod::Classic;
        const auto plan = m_operator->plan(request);
        QVERIFY(plan && !plan->isRefused());
        QVERIFY(m_cluster->run(1, {"ACL", "SETUSER", "default", "-restore-asking"}));
        QVERIFY(m_operator->plan(request)->isRefused()); // a plan made now finds the missing permission
        const RunSnapshotPtr run = m_operator->run(*plan);
        QVERIFY(run);
        QCOMPARE(int(run->state), int(RunState::Failed));
        const QString text = describe(*run->error);
        QVERIFY2(text.contains(u"NOPERM") && text.contains(u"RESTORE-ASKING") && text.contains(m_cluster->address(1)),
                 qPrintable(text));
        QVERIFY(m_operator->look()->openSlots.isEmpty()); // the missing permission was found before any slot was opened
        QVERIFY(m_cluster->run(1, {"ACL", "SETUSER", "default", "+restore-asking"}));
        VERIFY_DONE(m_operator->run(request));
        verifyFilled(slot);
        verifyOwner(1, SlotSet{{slot, slot}});
    }

    /// MIGRATE calls time out at the source but the target executes them later. This leaves old copies of keys on the
    /// target while clients keep writing to the source. The run resolves these without asking the user, and no write is
    /// lost.
    void aTargetThatPausesUnderWritesNeedsNoAnswer()
    {
        for (int node = 0; node < 6; ++node) // so that the paused target is not failed over
            QVERIFY(m_cluster->run(node, {"CONFIG", "SET", "cluster-node-timeout", "10000"}));
        constexpr int keys = 4000; // enough keys that each group of slots always has keys waiting to be moved
        LiveWriters writers(m_operator->target(), 4, keys);
        writers.start();
        QTRY_VERIFY_WITH_TIMEOUT(writers.acknowledged() > keys, 60000);
        ReshardRequest request = reshard(0, 1, SlotSet{{0, 1500}});
        request.migration.method = MigrationMethod::Classic;
        request.migration.keysPerSecond = 40;
        const auto plan = m_operator->plan(request);
        QVERIFY(plan);
        OperationRun operation(*plan, m_operator->target(), m_operator->sharedSession(),
                               {.journalFolder = m_operator->journalFolder()});
        const auto timeoutsIn = [](const RunSnapshot &run) {
            return std::count_if(run.log.begin(), run.log.end(),
                                 [](const RunLine &line) { return line.text.contains(u"to MIGRATE"); });
        };
        const auto running = operation.run();
        while (timeoutsIn(*operation.snapshot()) < 3 && !operation.snapshot()->isOver()) {
            const qint64 before = operation.snapshot()->progress.keysDone;
            const auto goesOn = [&] {
                return operation.snapshot()->isOver() || operation.snapshot()->progress.keysDone > before;
            };
            QTRY_VERIFY_WITH_TIMEOUT(goesOn(), 20000);
            const auto timeouts = timeoutsIn(*operation.snapshot());
            (**m_cluster).pauseNode(1, true); // if no MIGRATE is running at this moment, the loop tries again
            std::ignore = QTest::qWaitFor([&] { return timeoutsIn(*operation.snapshot()) > timeouts; }, 700);
            (**m_cluster).pauseNode(1, false);
        }
        VERIFY_DONE(QCoro::waitFor(running));
        QVERIFY(timeoutsIn(*operation.snapshot()) > 0);
        QVERIFY(writers.stop());
        QCOMPARE(writers.verify(m_operator->session()), QStringList());
        QCOMPARE(writers.errors(), QStringList());
        verifyOwner(1, SlotSet{{0, 1500}});
    }

    void anotherToolThatBeginsAtTheSameTimeIsNoticed()
    {
        const auto plan = planSlowly(100, 60);
        QVERIFY(plan);
        OperationRun operation(*plan, m_operator->target(), m_operator->sharedSession(),
                               {.journalFolder = m_operator->journalFolder()});
        constexpr quint16 theirs = 16000;
        bool begun = false;
        connect(&operation, &OperationRun::changed, &operation, [&](const RunSnapshotPtr &snapshot) {
            if (std::exchange(begun, begun || !snapshot->progress.moving.isEmpty()) || !begun)
                return;
            const QByteArray target = m_operator->idAt(m_cluster->address(0));
            QVERIFY(m_cluster->run(2, {"CLUSTER", "SETSLOT", QByteArray::number(theirs), "MIGRATING", target}));
        });
        const RunSnapshotPtr run = QCoro::waitFor(operation.run());
        QCOMPARE(int(run->state), int(RunState::Failed));
        QVERIFY2(run->error->code == Error::Code::Outdated && run->error->detail.contains(QString::number(theirs)),
                 qPrintable(describe(*run->error)));
        // only the other tool's slot is open, none of this run
        QCOMPARE(m_operator->look()->openSlots.keys(), QList<quint16>{theirs});
        for (int slot = 0; slot < 100; ++slot)
            verifyFilled(slot);
    }

    /// Equal sets are recognised although their DUMP payloads differ, because each server stores the members in the
    /// order of its own hash table.
    void equalSetsAreEqual()
    {
        constexpr int slot = 510;
        QByteArrayList members, fields;
        for (int i = 0; i < 600; ++i) {
            members.append("member " + QByteArray::number(i));
            fields << "field " + QByteArray::number(i) << QByteArray(70, 'v');
        }
        Command add{"SADD", keyIn(slot, 0)}, set{"HSET", keyIn(slot, 1)};
        add += members;
        set += fields;
        const QByteArray source = m_operator->idAt(m_cluster->address(0)),
                         target = m_operator->idAt(m_cluster->address(1)), number = QByteArray::number(slot);
        for (const Command &command : {add, set})
            QVERIFY(m_cluster->run(0, command));
        QVERIFY(m_cluster->run(1, {"CLUSTER", "SETSLOT", number, "IMPORTING", source}));
        QVERIFY(m_cluster->run(0, {"CLUSTER", "SETSLOT", number, "MIGRATING", target}));
        for (int i = 0; i < 2; ++i)
            QVERIFY(m_cluster->run(0, migrate(1, keyIn(slot, i)) + Command{"COPY"}));
        FixRequest request;
        request.prefer = FixRequest::Prefer::Continue;
        QTRY_VERIFY(!m_operator->look()->openSlots.isEmpty());
        VERIFY_DONE(m_operator->run(request));
        verifyOwner(1, SlotSet{{slot, slot}});
        QCOMPARE(m_cluster->run(1, {"SCARD", keyIn(slot, 0)})->toInteger(), 600);
        QCOMPARE(m_cluster->run(1, {"HLEN", keyIn(slot, 1)})->toInteger(), 600);
    }

    /// While the target is frozen, the source waits in MIGRATE and serves no client. If many MIGRATE calls were sent at
    /// once, the source would wait longer than the node timeout and be failed over too.
    void aFrozenTargetDoesNotFreezeItsSource()
    {
        m_operator.reset(); // uses a separate cluster in which the frozen target is not failed over
        LocalClusterOptions options;
        options.serverPath = m_server;
        constexpr int nodeTimeoutMs = 6000; // two I/O timeouts of 45 % of this leave 600 ms for a slow machine
        options.nodeTimeoutMs = nodeTimeoutMs;
        options.replicasPerPrimary = 0;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        m_operator = std::make_unique<Operator>(m_cluster->target({0, 1, 2}));
        QVERIFY2(m_operator->connect(), qPrintable(m_operator->failure()));
        const auto plan = planSlowly(1200, 2000);
        QVERIFY(plan);
        OperationRun operation(*plan, m_operator->target(), m_operator->sharedSession(),
                               {.journalFolder = m_operator->journalFolder()});
        bool frozen = false;
        connect(&operation, &OperationRun::changed, &operation, [&](const RunSnapshotPtr &snapshot) {
            if (frozen || snapshot->progress.slotsDone < 30)
                return;
            frozen = true;
            (**m_cluster).pauseNode(1, true);
        });
        const auto running = operation.run();
        QTRY_VERIFY_WITH_TIMEOUT(frozen, 20000);
        QElapsedTimer clock;
        qint64 longestMs = 0;
        for (const QDeadlineTimer deadline(2 * nodeTimeoutMs); !deadline.hasExpired();) {
            clock.start();
            QVERIFY(m_cluster->run(0, {"PING"}));
            longestMs = std::max(longestMs, clock.elapsed());
        }
        (**m_cluster).pauseNode(1, false);
        QVERIFY2(longestMs < nodeTimeoutMs, QByteArray::number(longestMs).constData());
        VERIFY_DONE(QCoro::waitFor(running));
        verifyOwner(1, SlotSet{{0, 1199}});
        for (int slot = 0; slot < 1200; slot += 7)
            verifyFilled(slot);
    }

    void aBigKeyGoesAloneAndIsTold()
    {
        constexpr int slot = 400;
        fill(slot);
        const QByteArray key = "big{" + tagOf(slot) + "}";
        QVERIFY(QCoro::waitFor(m_operator->session().execute(commandOf("SETRANGE", key, "50000000", "x"))));
        ReshardRequest request = reshard(0, 1, SlotSet{{slot, slot}});
        request.migration.method = MigrationMethod::Classic;
        const RunSnapshotPtr run = m_operator->run(request);
        VERIFY_DONE(run);
        QVERIFY(std::any_of(run->log.begin(), run->log.end(),
                            [](const RunLine &line) { return line.text.contains(u"big{"_s); }));
        const auto length = QCoro::waitFor(m_operator->session().execute(commandOf("STRLEN", key)));
        QVERIFY(length);
        QCOMPARE(length->toInteger(), 50000001);
        verifyFilled(slot);
    }

    void aHugeKeyThatTakesTooLongCanBeResumed()
    {
        constexpr int slot = 401;
        const QByteArray key = "huge{" + tagOf(slot) + "}";
        for (int i = 0; i < 6; ++i) // both nodes are busy for a moment, which must not cause a failover
            QVERIFY(m_cluster->run(i, {"CONFIG", "SET", "cluster-node-timeout", "30000"}));
        QVERIFY(QCoro::waitFor(m_operator->session().execute(commandOf("SETRANGE", key, "104857599", "x"))));
        ReshardRequest request = reshard(0, 1, SlotSet{{slot, slot}});
        request.migration.method = MigrationMethod::Classic;
        request.migration.callTimeoutMs = 1;
        const RunSnapshotPtr run = m_operator->run(request);
        QCOMPARE(int(run->state), int(RunState::Failed)); // the run fails instead of retrying for ever
        const QString text = describe(*run->error);
        for (const QString &part : {QString::fromLatin1(key), u"IOERR"_s, u"MIGRATE"_s, m_cluster->address(0),
                                    m_cluster->address(1), u"1 ms"_s, u"--call-timeout"_s})
            QVERIFY2(text.contains(part), qPrintable(text));
        QCOMPARE(run->leftOpen, (SlotSet{{slot, slot}}));
        auto read = Journal::readAll(m_operator->journalFolder());
        read.front().plan = std::make_shared<const OperationPlan>(withCallTimeout(*read.front().plan, 25000));
        OperationRun second(read.front(), m_operator->target(), m_operator->sharedSession(),
                            {.journalFolder = m_operator->journalFolder()});
        const RunSnapshotPtr done = QCoro::waitFor(second.run());
        VERIFY_DONE(done);
        const auto length = QCoro::waitFor(m_operator->session().execute(commandOf("STRLEN", key)));
        QVERIFY(length);
        QCOMPARE(length->toInteger(), 104857600);
        verifyOwner(1, SlotSet{{slot, slot}});
    }

    void aCallLongerThanTheNodeTimeoutIsRefused()
    {
        fill(403);
        ReshardRequest request = reshard(0, 1, SlotSet{{403, 403}});
        request.migration.method = MigrationMethod::Classic;
        request.migration.callTimeoutMs = 2000; // equals the node timeout of this cluster
        const RunSnapshotPtr run = m_operator->run(request);
        QCOMPARE(int(run->state), int(RunState::Failed));
        QVERIFY2(run->error->detail.contains(u"cluster-node-timeout"), qPrintable(run->error->detail));
        QVERIFY(m_operator->look()->openSlots.isEmpty());
        verifyFilled(403);
    }

    void aTargetThatKeepsTheDeadInItsMapIsTold_data()
    {
        QTest::addColumn<int>("prefer");
        QTest::newRow("continue") << int(FixRequest::Prefer::Continue);
        QTest::newRow("roll back") << int(FixRequest::Prefer::RollBack);
    }
    void aTargetThatKeepsTheDeadInItsMapIsTold()
    {
        QFETCH(const int, prefer);
        constexpr int slot = 402;
        fill(slot);
        const QByteArray source = m_operator->idAt(m_cluster->address(0)),
                         target = m_operator->idAt(m_cluster->address(1)), number = QByteArray::number(slot);
        QVERIFY(m_cluster->run(1, {"CLUSTER", "SETSLOT", number, "IMPORTING", source}));
        QVERIFY(m_cluster->run(0, {"CLUSTER", "SETSLOT", number, "MIGRATING", target}));
        QVERIFY(m_cluster->run(0, migrate(1, keyIn(slot, 0))));
        killReplicated(0, {});
        awaitHeir();
        FixRequest fix;
        fix.prefer = FixRequest::Prefer(prefer);
        const RunSnapshotPtr run = m_operator->run(fix);
        VERIFY_DONE(run);
        verifyFilled(slot);
        const ClusterViewPtr view = m_operator->look();
        QVERIFY(view->openSlots.isEmpty());
        const int owner = fix.prefer == FixRequest::Prefer::Continue ? 1 : 3;
        QVERIFY(nodeAt(*view, m_cluster->address(owner))->slots.contains(slot));
        const auto info = m_cluster->run(1, {"CLUSTER", "INFO"});
        QVERIFY(info && info->bytes().contains("cluster_state:ok"));
    }

    /// If the source refuses to list a slot's keys, the slot must not be taken for empty.
    void aSourceThatDoesNotTellItsKeysKeepsThem()
    {
        constexpr int slot = 7;
        fill(slot);
        ReshardRequest request = reshard(0, 1, SlotSet{{slot, slot}});
        request.migration.method = MigrationMethod::Classic;
        const auto plan = m_operator->plan(request);
        QVERIFY(plan && !plan->isRefused());
        QVERIFY(m_cluster->run(0, {"ACL", "SETUSER", "default", "-cluster|getkeysinslot"}));
        const RunSnapshotPtr run = m_operator->run(*plan);
        QCOMPARE(int(run->state), int(RunState::Failed));
        QVERIFY2(describe(*run->error).contains(u"GETKEYSINSLOT"), complaint(run).constData());
        QVERIFY(m_cluster->run(0, {"ACL", "SETUSER", "default", "+cluster|getkeysinslot"}));
        verifyFilled(slot);
        VERIFY_DONE(m_operator->run(FixRequest{}));
        verifyFilled(slot);
    }

    void resumesAfterTheSourceHasDied()
    {
        constexpr int slotsOver = 120;
        moveAndGiveUp(slotsOver);
        killReplicated(0, {});
        awaitHeir();
        // The program that resumes connects after the failover, so it has never seen the dead node as a primary.
        const auto first = std::exchange(m_operator, std::make_unique<Operator>(m_cluster->target({1, 2, 3})));
        QVERIFY2(m_operator->connect(), qPrintable(m_operator->failure()));
        OperationRun second(Journal::readAll(first->journalFolder()).back(), m_operator->target(),
                            m_operator->sharedSession(), {.journalFolder = first->journalFolder()});
        const RunSnapshotPtr done = QCoro::waitFor(second.run());
        VERIFY_DONE(done);
        QVERIFY(done->leftOpen.isEmpty()); // the slots that the interrupted run had left open are closed
        QCOMPARE(done->progress.slotsDone, 200);
        QVERIFY(done->progress.keysDone > slotsOver * keysPerSlot); // includes the keys moved before the interruption
        QVERIFY(done->resumedAt > done->startedAt);
        for (int slot = 0; slot < 200; slot += 7)
            verifyFilled(slot);
        const ClusterViewPtr view = m_operator->look();
        QVERIFY(view->openSlots.isEmpty());
        QVERIFY((SlotSet{{0, 199}}).subtracted(nodeAt(*view, m_cluster->address(1))->slots).isEmpty());
    }

private:
    /// Writes keys into the first `count` slots and plans to move these slots from the first to the second node with
    /// MIGRATE under a throttle.
    Result<OperationPlan> planSlowly(int count, int keysPerSecond)
    {
        for (int slot = 0; slot < count; ++slot)
            fill(slot);
        ReshardRequest request = reshard(0, 1, SlotSet{{0, quint16(count - 1)}});
        request.migration.method = MigrationMethod::Classic;
        request.migration.keysPerSecond = keysPerSecond;
        return m_operator->plan(request);
    }
    /// Moves slots 0 to 199 slowly from the first to the second node, and destroys the running operation after
    /// `slotsOver` slots have moved.
    void moveAndGiveUp(
        int slotsOver, const std::function<void()> &meanwhile = [] {})
    {
        const auto plan = planSlowly(200, 200);
        QVERIFY(plan);
        {
            OperationRun operation(*plan, m_operator->target(), m_operator->sharedSession(),
                                   {.journalFolder = m_operator->journalFolder()});
            const auto running = operation.run();
            QTRY_VERIFY(operation.snapshot()->progress.slotsDone > slotsOver);
            meanwhile();
        }
        QTRY_VERIFY(!Journal::readAll(m_operator->journalFolder()).isEmpty()
                    && Journal::readAll(m_operator->journalFolder()).back().state == RunState::Interrupted);
    }
    /// Waits until the replica of the first primary has taken over.
    void awaitHeir()
    {
        QTRY_VERIFY_WITH_TIMEOUT(nodeAt(*m_operator->look(), m_cluster->address(3))->slots.contains(402),
                                 45000); // long enough for two failed elections
    }
    /// Kills a primary once its replica has everything that the primary had a moment before. `source`, if given, is
    /// frozen meanwhile so that it moves no more keys to the victim: keys that were not replicated yet would be lost
    /// with any tool.
    void killReplicated(int victim, std::optional<int> source)
    {
        if (source)
            (**m_cluster).pauseNode(*source, true);
        const auto offset = [this](int node, const char *field) {
            const auto info = m_cluster->run(node, {"INFO", "replication"});
            for (const QByteArray &line : info ? info->bytes().split('\n') : QByteArrayList())
                if (line.startsWith(field))
                    return line.mid(line.indexOf(':') + 1).trimmed().toLongLong();
            return -1LL;
        };
        // the reply shows that everything sent before by the source has been executed
        QVERIFY(offset(victim, "master_repl_offset:") >= 0);
        const qint64 had = offset(victim, "master_repl_offset:");
        QVERIFY(had >= 0);
        QTRY_VERIFY_WITH_TIMEOUT(offset(victim + 3, "slave_repl_offset:") >= had, 20000);
        (**m_cluster).killNode(victim);
        if (source)
            (**m_cluster).pauseNode(*source, false);
    }
    ReshardRequest reshard(int source, int target, const SlotSet &slotSet)
    {
        ReshardRequest request;
        request.sources = {m_operator->idAt(m_cluster->address(source))};
        request.target = m_operator->idAt(m_cluster->address(target));
        request.slots = slotSet;
        return request;
    }
    void fill(int slot)
    {
        for (int i = 0; i < keysPerSlot; ++i)
            QVERIFY(QCoro::waitFor(
                m_operator->session().execute(commandOf("SET", keyIn(slot, i), "value " + QByteArray::number(i)))));
    }
    void verifyFilled(int slot)
    {
        for (int i = 0; i < keysPerSlot; ++i) {
            const auto value = QCoro::waitFor(m_operator->session().execute(commandOf("GET", keyIn(slot, i))));
            QVERIFY2(value, value ? "" : qPrintable(describe(value.error())));
            QCOMPARE(value->bytes(), "value " + QByteArray::number(i));
        }
    }
    void verifyOwner(int node, const SlotSet &slotSet)
    {
        // long timeout, because an emptied primary may be loading data as a new replica
        QTRY_COMPARE_WITH_TIMEOUT(dissenter(node, slotSet), QString(), 20000);
    }
    /// Returns the first node that does not see the slots as owned by `node`, or an empty text if all agree.
    QString dissenter(int node, const SlotSet &slotSet)
    {
        const ClusterViewPtr view = m_operator->look();
        for (int observer = 0; view && observer < int((*m_cluster)->nodes().size()); ++observer) {
            const NodeState *seen = nodeAt(*view, m_cluster->address(observer));
            const NodeObservation *observation = seen ? view->observationOf(seen->id) : nullptr;
            const NodeLine *line = observation && observation->table
                ? observation->table->find(m_operator->idAt(m_cluster->address(node)))
                : nullptr;
            if (!line || !slotSet.subtracted(line->slots).isEmpty())
                return m_cluster->address(observer);
        }
        return view ? QString() : u"no view"_s;
    }
    Command migrate(int target, const QByteArray &key) const
    {
        return {"MIGRATE", "127.0.0.1", m_cluster->address(target).section(u':', 1).toLatin1(), key, "0", "5000"};
    }
    /// Writes a key to a node that does not own its slot.
    void plant(int node, int owner, int slot, const QByteArray &key, const QByteArray &value)
    {
        const QByteArray number = QByteArray::number(slot);
        const QByteArray ownerId = m_operator->idAt(m_cluster->address(owner));
        QVERIFY(m_cluster->run(node, {"CLUSTER", "SETSLOT", number, "IMPORTING", ownerId}));
        const auto link = QCoro::waitFor(m_operator->session().linkTo(m_operator->idAt(m_cluster->address(node))));
        QVERIFY(link);
        QVERIFY(QCoro::waitFor(sendAsking(*link, commandOf("SET", key, value))));
        QVERIFY(m_cluster->run(node, {"CLUSTER", "SETSLOT", number, "STABLE"}));
    }
    static QCoro::Task<Result<Value>> sendAsking(NodeLink *link, Command command)
    {
        std::vector<Command> both{commandOf("ASKING"), command};
        auto replies = co_await link->sendAll(both);
        if (!replies)
            co_return failure(replies.error());
        co_return checked(replies->back(), {}, commandName(command));
    }
    QByteArray valueAt(int node, int slot, bool asking)
    {
        const auto link = QCoro::waitFor(m_operator->session().linkTo(m_operator->idAt(m_cluster->address(node))));
        if (!link)
            return "no link";
        const Command command = commandOf("GET", keyIn(slot, 0));
        const auto reply = asking ? QCoro::waitFor(sendAsking(*link, command))
                                  : QCoro::waitFor(m_operator->session().execute(command));
        return reply ? reply->bytes() : describe(reply.error()).toUtf8();
    }

    QString m_server;
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<Operator> m_operator;
};

SLOTSCOPE_TEST(tst_Reshard)
#include "tst_reshard.moc"
