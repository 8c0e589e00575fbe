// SPDX-License-Identifier: GPL-3.0-or-later
// The wizard against real servers: by mouse and by keyboard, and what must not happen.
#include "core/models/operationwords.h"
#include "core/operations/operationsdoor.h"
#include "core/session/corethread.h"
#include "core/session/sessiondoor.h"
#include "tests/support/testcluster.h"
#include "ui/operations/backgroundplanner.h"
#include "ui/operations/choosepage.h"
#include "ui/operations/confirmpage.h"
#include "ui/operations/nodechoice.h"
#include "ui/operations/operationwizard.h"
#include "ui/operations/planview.h"
#include "ui/operations/planwords.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPromise>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestOperationWizard : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void cleanup();
    void reshardByMouse();
    void reshardByKeyboard();
    void failoverByMouse();
    void failoverByKeyboard();
    void refusedPlanHasNoWayOn();
    void enterStartsNothing();
    void dataLossNeedsTheWords();
    void productionAsksMore();
    void onlyTheLastQuestionCounts();
    void everyOperationHasAForm();
    void closingLeavesTheRunRunning();

private:
    OperationWizard *open(const OperationDraft &draft, Environment environment = {});
    const NodeState *replicaOf(const QByteArray &primary) const;
    QByteArray primaryAt(int index) const;
    void waitForView(const std::function<bool(const ClusterView &)> &condition);
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    bool tabTo(const QWidget *widget);
    void click(QWidget *widget) { QTest::mouseClick(widget, Qt::LeftButton); }

    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<test::TestCluster> m_cluster;
    QTemporaryDir m_journals;
    CoreThread m_thread;
    std::unique_ptr<OperationsDoor> m_door;
    std::unique_ptr<SessionDoor> m_session;
    std::unique_ptr<OperationWizard> m_wizard;
};

void TestOperationWizard::initTestCase()
{
    m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
    m_cluster = std::make_unique<test::TestCluster>();
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    m_door = std::make_unique<OperationsDoor>(m_thread, m_journals.path());
    m_session = std::make_unique<SessionDoor>(m_thread, m_cluster->target({0, 1, 2}));
    waitForView([](const ClusterView &view) { return view.nodes.size() == 6 && view.agreed; });
}

void TestOperationWizard::cleanupTestCase()
{
    m_session.reset();
    m_door.reset();
    m_cluster.reset();
    m_theme.reset();
}

void TestOperationWizard::cleanup()
{
    m_wizard.reset();
}

void TestOperationWizard::waitForView(const std::function<bool(const ClusterView &)> &condition)
{
    QTRY_VERIFY_WITH_TIMEOUT(m_session->view() && condition(*m_session->view()), 30'000);
}

OperationWizard *TestOperationWizard::open(const OperationDraft &draft, Environment environment)
{
    ConnectionTarget target = m_cluster->target({0, 1, 2});
    target.name = u"shop"_s;
    m_wizard = std::make_unique<OperationWizard>(*m_theme, *m_door, target, m_session->view(), std::move(environment),
                                                 draft, nullptr);
    connect(m_session.get(), &SessionDoor::viewChanged, m_wizard.get(), &OperationWizard::setView);
    m_wizard->show();
    m_wizard->activateWindow();
    if (!QTest::qWaitForWindowActive(m_wizard.get()))
        qWarning("the wizard did not become active");
    return m_wizard.get();
}

QByteArray TestOperationWizard::primaryAt(int index) const
{
    const ClusterView &view = *m_session->view();
    return view.nodes[size_t(view.shards[size_t(index)].primary)].id;
}

const NodeState *TestOperationWizard::replicaOf(const QByteArray &primary) const
{
    for (const NodeState &node : m_session->view()->nodes) {
        if (!node.primary && node.primaryId == primary)
            return &node;
    }
    return nullptr;
}

/// As a user does: to whatever has the focus.
void TestOperationWizard::press(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QWidget *focus = QApplication::focusWidget();
    QTest::keyClick(focus ? focus : m_wizard.get(), key, modifiers);
}

bool TestOperationWizard::tabTo(const QWidget *widget)
{
    for (int i = 0; i < 60; ++i) {
        if (QApplication::focusWidget() == widget)
            return true;
        press(Qt::Key_Tab);
    }
    return false;
}

void TestOperationWizard::reshardByMouse()
{
    const QByteArray target = primaryAt(0);
    const int before = m_session->view()->node(target)->slots.count();
    OperationWizard *wizard = open({.operation = u"reshard"_s, .nodeId = {}, .targetId = {}, .slots = {}, .host = {}});
    QVERIFY(!wizard->nextButton()->isEnabled()); // no target yet
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

void TestOperationWizard::reshardByKeyboard()
{
    const QByteArray target = primaryAt(1);
    const int before = m_session->view()->node(target)->slots.count();
    const SlotSet chosen{{0, 9}};
    OperationWizard *wizard =
        open({.operation = u"reshard"_s, .nodeId = {}, .targetId = {}, .slots = chosen, .host = {}});
    auto *combo = wizard->findChild<NodeCombo *>(u"target"_s);
    QVERIFY(tabTo(combo));
    press(Qt::Key_Home);
    for (int i = 0; i < 3 && combo->node() != target; ++i)
        press(Qt::Key_Down);
    QCOMPARE(combo->node(), target);
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    QVERIFY(tabTo(wizard->nextButton()));
    press(Qt::Key_Space);
    QCOMPARE(wizard->step(), OperationWizard::Plan);
    press(Qt::Key_Return);
    QCOMPARE(wizard->step(), OperationWizard::Confirm);
    QVERIFY(tabTo(wizard->nextButton()));
    press(Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(wizard->step(), OperationWizard::Outcome, 60'000);
    QCOMPARE(m_door->run(wizard->runId())->state, RunState::Done);
    waitForView([&](const ClusterView &view) { return view.node(target)->slots.count() == before + 10; });
}

void TestOperationWizard::failoverByMouse()
{
    const QByteArray primary = primaryAt(0);
    const QByteArray replica = replicaOf(primary)->id;
    OperationWizard *wizard =
        open({.operation = u"failover"_s, .nodeId = replica, .targetId = {}, .slots = {}, .host = {}});
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    click(wizard->nextButton());
    click(wizard->nextButton());
    QCOMPARE(wizard->nextButton()->text(), u"Fail over"_s);
    click(wizard->nextButton());
    QTRY_COMPARE_WITH_TIMEOUT(wizard->step(), OperationWizard::Outcome, 60'000);
    QCOMPARE(m_door->run(wizard->runId())->state, RunState::Done);
    waitForView([&](const ClusterView &view) { return view.node(replica)->primary && !view.node(primary)->primary; });
}

void TestOperationWizard::failoverByKeyboard()
{
    const QByteArray primary = primaryAt(1);
    const QByteArray replica = replicaOf(primary)->id;
    OperationWizard *wizard = // the primary is named: its replica is proposed
        open({.operation = u"failover"_s, .nodeId = primary, .targetId = {}, .slots = {}, .host = {}});
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    press(Qt::Key_Return);
    QCOMPARE(wizard->step(), OperationWizard::Plan);
    press(Qt::Key_Return);
    QCOMPARE(wizard->step(), OperationWizard::Confirm);
    QVERIFY(tabTo(wizard->nextButton()));
    press(Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(wizard->step(), OperationWizard::Outcome, 60'000);
    QCOMPARE(m_door->run(wizard->runId())->state, RunState::Done);
    waitForView([&](const ClusterView &view) { return view.node(replica)->primary; });
}

void TestOperationWizard::refusedPlanHasNoWayOn()
{
    OperationWizard *wizard =
        open({.operation = u"reset"_s, .nodeId = primaryAt(0), .targetId = {}, .slots = {}, .host = {}});
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    QVERIFY((*wizard->planned())->plan.isRefused());
    QVERIFY(wizard->statusText().contains(u"Refused"_s));
    click(wizard->nextButton());
    QCOMPARE(wizard->step(), OperationWizard::Plan);
    QVERIFY(wizard->planView()->checkLines().first().startsWith(u"✕"_s));
    QVERIFY(!wizard->nextButton()->isEnabled());
    press(Qt::Key_Return);
    QCOMPARE(wizard->step(), OperationWizard::Plan);
}

void TestOperationWizard::enterStartsNothing()
{
    OperationWizard *wizard =
        open({.operation = u"failover"_s, .nodeId = primaryAt(2), .targetId = {}, .slots = {}, .host = {}});
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    press(Qt::Key_Return);
    press(Qt::Key_Return);
    QCOMPARE(wizard->step(), OperationWizard::Confirm);
    for (QWidget *widget :
         {static_cast<QWidget *>(wizard), QApplication::focusWidget(), static_cast<QWidget *>(wizard->nextButton())}) {
        widget->setFocus();
        QTest::keyClick(widget, Qt::Key_Return);
        QTest::keyClick(widget, Qt::Key_Enter);
    }
    // what the keys may have begun stands in the door's queue before this question
    const auto fence = m_door->plan(m_cluster->target({0, 1, 2}), ForgetRequest{});
    QTRY_VERIFY_WITH_TIMEOUT(fence.isFinished(), 20'000);
    QVERIFY(m_door->running().isEmpty());
    QCOMPARE(wizard->step(), OperationWizard::Confirm);
    QVERIFY(wizard->runId().isEmpty());
}

void TestOperationWizard::dataLossNeedsTheWords()
{
    ConfirmPage page(*m_theme, u"shop"_s, {});
    PlannedOperation planned{.request = FailoverRequest{}, .plan = {}, .view = {}};
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
    page.setPlanned(planned); // another plan: the consent is of the former
    QVERIFY(!page.isConsented());
}

void TestOperationWizard::productionAsksMore()
{
    const Environment production{.kind = Environment::Kind::Production, .tag = u"PRODUCTION"_s};
    ConfirmPage page(*m_theme, u"shop"_s, production);
    PlannedOperation planned{.request = FailoverRequest{}, .plan = {}, .view = {}};
    page.setPlanned(planned);
    QVERIFY(page.box() && !page.field() && !page.isConsented());
    page.box()->setChecked(true);
    QVERIFY(page.isConsented());
    planned.plan.dataLoss = {u"something"_s};
    page.setPlanned(planned);
    page.field()->setText(u"lose data"_s); // not enough where it is production
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
    planner.plan(SaveRequest{}); // typed on: one question
    QTRY_COMPARE(asked.size(), size_t(1));
    planner.plan(SaveRequest{});
    QTRY_COMPARE(asked.size(), size_t(2));
    answer(1, u"second"_s);
    QTRY_COMPARE(answered.count(), 1);
    QVERIFY(!planner.isBusy());
    answer(0, u"first"_s); // late
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
        QVERIFY2(page, qPrintable(info.operation));
        QCOMPARE(operationName(page->request()), info.operation);
        page->setView({}); // a create has none
    }
}

void TestOperationWizard::closingLeavesTheRunRunning()
{
    OperationWizard *wizard =
        open({.operation = u"reshard"_s, .nodeId = {}, .targetId = primaryAt(2), .slots = {{0, 19}}, .host = {}});
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    click(wizard->nextButton());
    click(wizard->nextButton());
    QSignalSpy started(wizard, &OperationWizard::started);
    click(wizard->nextButton());
    QTRY_COMPARE(started.count(), 1);
    const QString id = wizard->runId();
    m_wizard.reset();
    QTRY_VERIFY_WITH_TIMEOUT(m_door->run(id) && m_door->run(id)->isOver(), 60'000);
    QCOMPARE(m_door->run(id)->state, RunState::Done);
}

QTEST_MAIN(TestOperationWizard)
#include "tst_operationwizard.moc"
