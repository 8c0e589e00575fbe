// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/operationwords.h"
#include "core/models/runlistmodel.h"
#include "core/models/runstepmodel.h"
#include "tests/support/samplerun.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QSignalSpy>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestRunListModel : public QObject
{
    Q_OBJECT
    static RunSnapshotPtr shared(RunSnapshot run) { return std::make_shared<const RunSnapshot>(std::move(run)); }

private Q_SLOTS:
    void ordersByGroupThenAge();
    void movesARunThatEnds();
    void knowsItsCluster();
    void tellsProgress();
    void stepsChangeInPlace();
    void unfinished_data();
    void unfinished();
    void titles();
};

void TestRunListModel::ordersByGroupThenAge()
{
    RunListModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QList<RunSnapshotPtr> runs = samples::runs(*samples::degraded());
    std::reverse(runs.begin(), runs.end());
    for (const RunSnapshotPtr &run : std::as_const(runs))
        model.update(run);
    QCOMPARE(model.rowCount(), int(runs.size()));
    QCOMPARE(model.runAt(0)->state, RunState::Running);
    for (int row = 1; row < model.rowCount(); ++row) {
        const auto before = model.index(row - 1).data(RunListModel::GroupRole).toInt();
        const auto group = model.index(row).data(RunListModel::GroupRole).toInt();
        QVERIFY(before <= group);
        if (before == group)
            QVERIFY(model.runAt(row - 1)->startedAt >= model.runAt(row)->startedAt);
    }
    QCOMPARE(model.index(1).data(RunListModel::GroupRole).toInt(), int(RunListModel::Group::Unfinished));
}

void TestRunListModel::movesARunThatEnds()
{
    const ClusterViewPtr view = samples::degraded();
    RunListModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (const RunSnapshotPtr &run : samples::runs(*view))
        model.update(run);
    const QPersistentModelIndex first = model.index(0);
    RunSnapshot run = *model.runAt(0);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    run.progress.slotsDone += 1;
    model.update(shared(run));
    QCOMPARE(first.row(), 0);
    run.state = RunState::Done;
    run.endedAt = run.startedAt + 5000;
    model.update(shared(run));
    QCOMPARE(first.row(), 3); // after the unfinished runs, as the newest finished one
    QCOMPARE(model.rowOf(run.id), 3);
    QCOMPARE(first.data(RunListModel::StateWordRole).toString(), u"Done"_s);
    QCOMPARE(resets.size(), 0);
    QCOMPARE(changes.size(), 2);
}

void TestRunListModel::knowsItsCluster()
{
    RunListModel model;
    model.update(samples::runs(*samples::degraded()).first());
    QVERIFY(!model.index(0).data(RunListModel::ThisClusterRole).toBool());
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setView(samples::degraded());
    QCOMPARE(changes.size(), 1);
    QVERIFY(model.index(0).data(RunListModel::ThisClusterRole).toBool());
    model.setView(samples::degraded(1)); // the cluster has the same nodes, so no change is reported
    QCOMPARE(changes.size(), 1);
    model.setView(samples::foreignView());
    QVERIFY(!model.index(0).data(RunListModel::ThisClusterRole).toBool());
}

void TestRunListModel::tellsProgress()
{
    RunSnapshot run = samples::reshardRun(*samples::degraded(), RunState::Running);
    QCOMPARE(doneShare(run), 0.43);
    QCOMPARE(shortProgress(run), u"Reshard 43 %"_s);
    run.state = RunState::Done;
    QCOMPARE(doneShare(run), 1.0);
    OperationPlan plan;
    plan.operation = Operation::Failover;
    plan.steps.resize(4);
    RunSnapshot steps;
    steps.plan = std::make_shared<const OperationPlan>(plan);
    steps.steps.resize(4);
    steps.steps[0].state = StepState::State::Done;
    steps.step = 1;
    QCOMPARE(doneShare(steps), 0.25);
    QCOMPARE(shortProgress(steps), u"Failover · step 2 of 4"_s);
    RunSnapshot empty;
    empty.plan = std::make_shared<const OperationPlan>();
    QCOMPARE(doneShare(empty), 0.0);
}

void TestRunListModel::stepsChangeInPlace()
{
    RunStepModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    RunSnapshot run = samples::reshardRun(*samples::degraded(), RunState::Running);
    model.setRun(shared(run), now);
    QCOMPARE(model.rowCount(), 2);
    QVERIFY(model.index(0).data(RunStepModel::CurrentRole).toBool());
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    run.waitingFor = u"the replicas"_s;
    model.setRun(shared(run), now);
    QCOMPARE(model.index(0).data(RunStepModel::NoteRole).toString(), u"waiting for the replicas"_s);
    QCOMPARE(resets.size(), 0);
    run.state = RunState::Interrupted;
    model.setRun(shared(run), now);
    QCOMPARE(model.index(0).data(RunStepModel::StateWordRole).toString(), u"started"_s);
    // the time at which the step ended is unknown
    QVERIFY(model.index(0).data(RunStepModel::TimeRole).toString().isEmpty());
    run.state = RunState::Stopped;
    run.steps[0].state = StepState::State::Failed; // a stop leaves the current step in this state
    model.setRun(shared(run), now);
    QCOMPARE(model.index(0).data(RunStepModel::StateWordRole).toString(), u"stopped"_s);
    model.setRun(nullptr, now);
    QCOMPARE(model.rowCount(), 0);
}

void TestRunListModel::unfinished_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("left");
    QTest::addColumn<bool>("resumable");
    QTest::newRow("running") << int(RunState::Running) << false << false;
    QTest::newRow("done") << int(RunState::Done) << false << false;
    QTest::newRow("failed with open slots") << int(RunState::Failed) << true << true;
    QTest::newRow("stopped") << int(RunState::Stopped) << true << true;
    QTest::newRow("interrupted") << int(RunState::Interrupted) << true << true;
}

void TestRunListModel::unfinished()
{
    QFETCH(const int, state);
    const RunSnapshot run = samples::reshardRun(*samples::degraded(), RunState(state));
    QTEST(isUnfinished(run), "left");
    QTEST(canResume(run), "resumable");
    RunSnapshot repair = run;
    OperationPlan claiming = *run.plan;
    claiming.steps.last().commands = {{.node = {}, .command = {"CLUSTER", "BUMPEPOCH"}}};
    repair.plan = std::make_shared<const OperationPlan>(claiming);
    QVERIFY(!canResume(repair)); // slot owners may have changed since, so this decision cannot be resumed
}

void TestRunListModel::titles()
{
    const QList<OperationInfo> infos = operationInfos();
    QSet<Operation> names;
    for (const OperationInfo &info : infos) {
        names.insert(info.operation);
        QVERIFY(!info.title.isEmpty() && !info.line.isEmpty());
    }
    QCOMPARE(names.size(), infos.size());
    QCOMPARE(infos.size(), qsizetype(17)); // one for each kind of request
    QCOMPARE(operationTitle(Operation::Reshard), u"Reshard"_s);
    QCOMPARE(operationTitle({}), u""_s);
}

SLOTSCOPE_TEST(TestRunListModel)
#include "tst_runlistmodel.moc"
