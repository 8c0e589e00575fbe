// SPDX-License-Identifier: GPL-3.0-or-later
// The wizard against real servers: by mouse, and what must not happen.
#include "core/models/operationwords.h"
#include "tests/support/testmain.h"
#include "tests/ui/wizardfixture.h"
#include "ui/operations/backgroundplanner.h"
#include "ui/operations/choosecreate.h"
#include "ui/operations/choosemembers.h"
#include "ui/operations/choosepage.h"
#include "ui/operations/confirmpage.h"
#include "ui/operations/drillview.h"
#include "ui/shared/nodechoice.h"
#include "ui/shared/operationmenu.h"
#include "ui/operations/planview.h"
#include "ui/operations/planwords.h"
#include "ui/operations/runparts.h"
#include "ui/operations/runview.h"
#include "ui/shared/segmentedcontrol.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPromise>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableWidget>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestOperationWizard : public test::WizardFixture
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { startCluster(); }
    void cleanupTestCase() { endCluster(); }
    void cleanup() { m_wizard.reset(); }
    void reshardByMouse();
    void failoverByMouse();
    void drillByMouse();
    void refusedPlanHasNoWayOn();
    void dataLossNeedsTheWords();
    void productionAsksMore();
    void onlyTheLastQuestionCounts();
    void everyOperationHasAForm();
    void severalNodesJoin();
    void aNodeStandsOnceInACreate();
    void closingLeavesTheRunRunning();

private:
    void click(QWidget *widget) { QTest::mouseClick(widget, Qt::LeftButton); }
};

void TestOperationWizard::reshardByMouse()
{
    const QByteArray target = primaryAt(0);
    const int before = m_session->view()->node(target)->slots.count();
    OperationWizard *wizard =
        open({.operation = Operation::Reshard, .nodeId = {}, .targetId = {}, .slots = {}, .host = {}});
    QVERIFY(!wizard->nextButton()->isEnabled()); // the target is still missing
    QVERIFY(wizard->choosePage()->missing().contains(u"Choose"_s));
    wizard->findChild<QSpinBox *>(u"count"_s)->setValue(30);
    auto *combo = wizard->findChild<NodeCombo *>(u"target"_s);
    combo->setCurrentIndex(combo->findData(target));
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    click(wizard->nextButton());
    QCOMPARE(wizard->step(), OperationWizard::Plan);
    QVERIFY(!wizard->planView()->checkLines().isEmpty());
    click(wizard->nextButton());
    QCOMPARE(wizard->step(), OperationWizard::Confirm);
    QCOMPARE(wizard->nextButton()->text(), u"Move 30 slots"_s);
    click(wizard->backButton());
    QCOMPARE(wizard->step(), OperationWizard::Plan);
    click(wizard->nextButton());
    click(wizard->nextButton());
    QTRY_COMPARE_WITH_TIMEOUT(wizard->step(), OperationWizard::Outcome, 60'000);
    QCOMPARE(m_door->run(wizard->runId())->state, RunState::Done);
    waitForView([&](const ClusterView &view) { return view.node(target)->slots.count() == before + 30; });
}

void TestOperationWizard::failoverByMouse()
{
    const QByteArray primary = primaryAt(0);
    const QByteArray replica = replicaOf(primary)->id;
    OperationWizard *wizard =
        open({.operation = Operation::Failover, .nodeId = replica, .targetId = {}, .slots = {}, .host = {}});
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    click(wizard->nextButton());
    click(wizard->nextButton());
    QCOMPARE(wizard->nextButton()->text(), u"Fail over"_s);
    click(wizard->nextButton());
    QTRY_COMPARE_WITH_TIMEOUT(wizard->step(), OperationWizard::Outcome, 60'000);
    QCOMPARE(m_door->run(wizard->runId())->state, RunState::Done);
    waitForView([&](const ClusterView &view) { return view.node(replica)->primary && !view.node(primary)->primary; });
}

/// The plot, the table and the text of a drill show the same, and the drill is in the history.
void TestOperationWizard::drillByMouse()
{
    const QByteArray primary = primaryAt(1);
    OperationWizard *wizard = open({.operation = Operation::Drill,
                                    .nodeId = replicaOf(primary)->id, // the drill is for the primary of this replica
                                    .targetId = {},
                                    .slots = {},
                                    .host = {}});
    QCOMPARE(wizard->findChild<NodeCombo *>(u"primary"_s)->node(), primary);
    auto *way = wizard->findChild<SegmentedControl *>(u"way"_s);
    way->setCurrent(int(DrillWay::OwnCommand));
    QVERIFY(!wizard->choosePage()->missing().isEmpty()); // the commands are still missing
    QVERIFY(wizard->findChild<QLineEdit *>(u"stop"_s)->isEnabled());
    way->setCurrent(int(DrillWay::Failover));
    QVERIFY(!wizard->findChild<QLineEdit *>(u"stop"_s)->isEnabled());
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    click(wizard->nextButton());
    QVERIFY2(!(*wizard->planned())->plan.isRefused(), qPrintable(planText((*wizard->planned())->plan)));
    click(wizard->nextButton());
    QCOMPARE(wizard->nextButton()->text(), u"Start the drill"_s);
    click(wizard->nextButton());
    QTRY_COMPARE_WITH_TIMEOUT(wizard->step(), OperationWizard::Outcome, 60'000);
    const RunSnapshotPtr run = m_door->run(wizard->runId());
    QCOMPARE(run->state, RunState::Done);
    QVERIFY(run->drill && run->drill->over);
    DrillView *view = wizard->runView()->drillView();
    QVERIFY(view->isVisible());
    QVERIFY(!wizard->runView()->pauseButton()->isVisible());
    QCOMPARE(view->table()->rowCount(), int(view->picture()->marks().size()));
    QVERIFY(view->table()->rowCount() >= 4);
    QVERIFY2(view->text().contains(u"acknowledged writes are there"_s), qPrintable(view->text()));
    view->picture()->setFocus();
    QTest::keyClick(view->picture(), Qt::Key_Right);
    QVERIFY2(view->picture()->spokenPart().contains(view->table()->item(0, 3)->text()),
             qPrintable(view->picture()->spokenPart()));
    waitForView([&](const ClusterView &now) { return now.node(primary)->primary; });
}

void TestOperationWizard::refusedPlanHasNoWayOn()
{
    OperationWizard *wizard =
        open({.operation = Operation::Reset, .nodeId = primaryAt(0), .targetId = {}, .slots = {}, .host = {}});
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    QVERIFY((*wizard->planned())->plan.isRefused());
    QVERIFY(wizard->statusText().contains(u"Refused"_s));
    click(wizard->nextButton());
    QCOMPARE(wizard->step(), OperationWizard::Plan);
    QVERIFY(wizard->planView()->checkLines().first().startsWith(u"✕"_s));
    QVERIFY(!wizard->nextButton()->isEnabled());
    QVERIFY(wizard->backButton()->hasFocus());
    press(Qt::Key_Return); // Back is the only button that is enabled
    QCOMPARE(wizard->step(), OperationWizard::Choose);
}

void TestOperationWizard::dataLossNeedsTheWords()
{
    ConfirmPage page(*m_theme, u"shop"_s, {});
    PlannedOperation planned{.request = FailoverRequest{}, .plan = {}};
    page.setPlanned(planned);
    QVERIFY(page.isConsented());
    planned.plan.dataLoss = {u"1,000 keys lie on a dead primary"_s};
    page.setPlanned(planned);
    QVERIFY(page.needsTyping() && !page.isConsented());
    for (const QString &wrong : {u"lose"_s, u"Lose data"_s, u"lose data "_s, u"sho"_s, u"SHOP"_s, QString()}) {
        page.field()->setText(wrong);
        QVERIFY2(!page.isConsented(), qPrintable(wrong));
    }
    page.field()->setText(u"lose data"_s);
    QVERIFY(page.isConsented());
    page.field()->setText(u"shop"_s);
    QVERIFY(page.isConsented());
    page.setPlanned(planned); // the consent was given for another plan
    QVERIFY(!page.isConsented());
}

void TestOperationWizard::productionAsksMore()
{
    const Environment production{.kind = Environment::Kind::Production, .tag = u"PRODUCTION"_s};
    ConfirmPage page(*m_theme, u"shop"_s, production);
    PlannedOperation planned{.request = FailoverRequest{}, .plan = {}};
    page.setPlanned(planned);
    QVERIFY(page.box() && !page.field() && !page.isConsented());
    page.box()->setChecked(true);
    QVERIFY(page.isConsented());
    planned.plan.dataLoss = {u"something"_s};
    page.setPlanned(planned);
    page.field()->setText(u"lose data"_s); // not enough for a production cluster
    QVERIFY(!page.isConsented());
    page.field()->setText(u"shop"_s);
    QVERIFY(page.isConsented());
    planned.plan.dataLoss.clear();
    planned.request = ResetRequest{};
    page.setPlanned(planned);
    QVERIFY(page.needsTyping());
}

void TestOperationWizard::onlyTheLastQuestionCounts()
{
    std::vector<QPromise<Result<PlannedOperation>>> asked;
    BackgroundPlanner planner([&asked](const OperationRequest &) {
        QPromise<Result<PlannedOperation>> promise;
        promise.start();
        asked.push_back(std::move(promise));
        return asked.back().future();
    });
    QSignalSpy answered(&planner, &BackgroundPlanner::answered);
    const auto answer = [&asked](size_t index, const QString &title) {
        PlannedOperation planned;
        planned.plan.title = title;
        asked[index].addResult(Result<PlannedOperation>(planned));
        asked[index].finish();
    };
    planner.plan(SaveRequest{});
    planner.plan(SaveRequest{}); // two requests in quick succession are planned once
    QTRY_COMPARE(asked.size(), size_t(1));
    planner.plan(SaveRequest{});
    QTRY_COMPARE(asked.size(), size_t(2));
    answer(1, u"second"_s);
    QTRY_COMPARE(answered.count(), 1);
    QVERIFY(!planner.isBusy());
    answer(0, u"first"_s); // an outdated answer arrives late
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
    QCOMPARE(answered.count(), 1);
    QCOMPARE(planner.answer()->plan.title, u"second"_s);
}

void TestOperationWizard::everyOperationHasAForm()
{
    for (const OperationInfo &info : operationInfos()) {
        const OperationDraft draft{.operation = info.operation, .nodeId = {}, .targetId = {}, .slots = {}, .host = {}};
        const std::unique_ptr<ChoosePage> page(makeChoosePage(*m_theme, draft, m_session->view(), nullptr));
        QVERIFY2(page, qPrintable(operationName(info.operation)));
        QCOMPARE(operationOf(page->request()), info.operation);
        page->setView({}); // create operations have no cluster view
    }
}

void TestOperationWizard::severalNodesJoin()
{
    ChooseJoin form(*m_theme, draftOf(Operation::AddNode));
    form.setView(m_session->view());
    auto *address = form.findChild<QLineEdit *>(u"address"_s);
    address->setText(u"10.0.0.1:7001-7003"_s);
    form.findChild<SegmentedControl *>(u"role"_s)->setCurrent(2);
    form.findChild<QCheckBox *>(u"rebalance"_s)->setChecked(true);
    QCOMPARE(form.missing(), QString());
    const auto request = std::get<AddNodeRequest>(form.request());
    QCOMPARE(request.endpoint.toString(), u"10.0.0.1:7001"_s);
    QCOMPARE(request.more.size(), 2);
    QVERIFY(request.asShard && request.rebalance && !request.asReplica);
    address->setText(u"10.0.0.1:7001 :7001"_s);
    QVERIFY2(form.missing().contains(u"twice"_s), qPrintable(form.missing()));
    form.findChild<SegmentedControl *>(u"role"_s)->setCurrent(1); // new replicas get no slots
    QVERIFY(!std::get<AddNodeRequest>(form.request()).rebalance);
}

void TestOperationWizard::aNodeStandsOnceInACreate()
{
    OperationDraft draft = draftOf(Operation::Create);
    draft.host = u"30204-30206"_s;
    ChooseCreate form(*m_theme, draft);
    QCOMPARE(form.missing(), QString());
    QCOMPARE(std::get<CreateRequest>(form.request()).nodes.size(), 3);
    QCOMPARE(std::get<CreateRequest>(form.request()).nodes.at(2).endpoint.toString(), u"127.0.0.1:30206"_s);
    draft.host = u"30204-30206 127.0.0.1:30205"_s;
    QVERIFY(ChooseCreate(*m_theme, draft).missing().contains(u"127.0.0.1:30205 is in the list twice"_s));
}

void TestOperationWizard::closingLeavesTheRunRunning()
{
    OperationWizard *wizard =
        open({.operation = Operation::Reshard, .nodeId = {}, .targetId = primaryAt(2), .slots = {{0, 19}}, .host = {}});
    QSignalSpy started(wizard, &OperationWizard::started);
    // a plan that is made again leads back to an earlier step, so this clicks until the run starts
    const auto goesOn = [&] {
        if (wizard->step() <= OperationWizard::Confirm && wizard->nextButton()->isEnabled())
            click(wizard->nextButton());
        return started.count() == 1;
    };
    QTRY_VERIFY_WITH_TIMEOUT(goesOn(), 20'000);
    const QString id = wizard->runId();
    m_wizard.reset();
    QTRY_VERIFY_WITH_TIMEOUT(m_door->run(id) && m_door->run(id)->isOver(), 60'000);
    QCOMPARE(m_door->run(id)->state, RunState::Done);
}

SLOTSCOPE_TEST(TestOperationWizard)
#include "tst_operationwizard.moc"
