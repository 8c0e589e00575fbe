// SPDX-License-Identifier: GPL-3.0-or-later
// The wizards by keyboard alone, against real servers: where Enter leads, and what it must not do.
#include "core/models/operationwords.h"
#include "tests/support/testmain.h"
#include "tests/ui/wizardfixture.h"
#include "ui/operations/choosepage.h"
#include "ui/operations/confirmpage.h"
#include "ui/shared/nodechoice.h"
#include "ui/operations/runview.h"

#include <QCheckBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestWizardKeys : public test::WizardFixture
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { startCluster(); }
    void cleanupTestCase() { endCluster(); }
    void cleanup() { m_wizard.reset(); }
    void reshardByKeyboard();
    void failoverByKeyboard();
    void enterNeedsTheConsent_data();
    void enterNeedsTheConsent();
    void enterGoesOnFromEveryField_data();
    void enterGoesOnFromEveryField();
    void enterAfterANumberWaitsForItsPlan();

private:
    bool nothingWasStarted();
};

/// Returns whether the keys pressed before started no run. The plan request is queued behind them, so once it is
/// answered, they have been handled.
bool TestWizardKeys::nothingWasStarted()
{
    const auto fence = m_door->plan(m_cluster->target({0, 1, 2}), ForgetRequest{});
    return QTest::qWaitFor([&fence] { return fence.isFinished(); }, 20'000) && m_door->running().isEmpty()
        && m_wizard->runId().isEmpty();
}

void TestWizardKeys::reshardByKeyboard()
{
    const QByteArray target = primaryAt(1);
    const int before = m_session->view()->node(target)->slots.count();
    const SlotSet chosen{{0, 9}};
    OperationWizard *wizard =
        open({.operation = Operation::Reshard, .nodeId = {}, .targetId = {}, .slots = chosen, .host = {}});
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
    press(Qt::Key_Return);
    press(Qt::Key_Return); // a second Return presses neither Cancel nor Close
    QTRY_COMPARE_WITH_TIMEOUT(wizard->step(), OperationWizard::Outcome, 60'000);
    QCOMPARE(m_door->run(wizard->runId())->state, RunState::Done);
    waitForView([&](const ClusterView &view) { return view.node(target)->slots.count() == before + 10; });
    QVERIFY(wizard->runView()->isAncestorOf(QApplication::focusWidget()));
    press(Qt::Key_Return); // Return does not close the result that the user reads
    QVERIFY(wizard->isVisible());
    QVERIFY(tabTo(wizard->nextButton()));
    press(Qt::Key_Return);
    QVERIFY(!wizard->isVisible());
}

void TestWizardKeys::failoverByKeyboard()
{
    const QByteArray primary = primaryAt(1);
    const QByteArray replica = replicaOf(primary)->id;
    OperationWizard *wizard = // the wizard gets the primary's id and proposes its replica
        open({.operation = Operation::Failover, .nodeId = primary, .targetId = {}, .slots = {}, .host = {}});
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    press(Qt::Key_Return);
    QCOMPARE(wizard->step(), OperationWizard::Plan);
    press(Qt::Key_Return);
    QCOMPARE(wizard->step(), OperationWizard::Confirm);
    press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(wizard->step() >= OperationWizard::Progress, 20'000);
    QVERIFY(wizard->runView()->isAncestorOf(QApplication::focusWidget()));
    QTRY_VERIFY(m_door->run(wizard->runId())); // the run's first snapshot arrives after its id
    if (m_door->run(wizard->runId())->state == RunState::Running)
        wizard->runView()->stopButton()->setFocus(); // this button disappears when the run ends
    QTRY_COMPARE_WITH_TIMEOUT(wizard->step(), OperationWizard::Outcome, 60'000);
    QVERIFY(wizard->runView()->isAncestorOf(QApplication::focusWidget()));
    QCOMPARE(m_door->run(wizard->runId())->state, RunState::Done);
    waitForView([&](const ClusterView &view) { return view.node(replica)->primary; });
}

void TestWizardKeys::enterNeedsTheConsent_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<bool>("production");
    QTest::addColumn<bool>("typed");
    QTest::newRow("a box to tick") << Operation::Failover << true << false;
    QTest::newRow("a name to type") << Operation::Replicate << true << true;
    QTest::newRow("no consent, but no way back") << Operation::Replicate << false << false;
}

void TestWizardKeys::enterNeedsTheConsent()
{
    QFETCH(const Operation, operation);
    QFETCH(const bool, production);
    QFETCH(const bool, typed);
    Environment environment;
    environment.kind = production ? Environment::Kind::Production : Environment::Kind::Development;
    OperationDraft draft{.operation = operation, .nodeId = primaryAt(2), .targetId = {}, .slots = {}, .host = {}};
    if (operation == Operation::Replicate) {
        draft.nodeId = replicaOf(primaryAt(0))->id;
        draft.targetId = primaryAt(1);
    }
    OperationWizard *wizard = open(draft, environment);
    if (auto *of = wizard->findChild<NodeCombo *>(u"primary"_s); of && of->node().isEmpty())
        of->setNode(primaryAt(1));
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    press(Qt::Key_Return);
    press(Qt::Key_Return);
    QCOMPARE(wizard->step(), OperationWizard::Confirm);
    QCOMPARE(wizard->confirmPage()->field() != nullptr, typed);
    QCOMPARE(wizard->confirmPage()->box() != nullptr, production && !typed);
    if (typed)
        QTest::keyClicks(QApplication::focusWidget(), u"sho"_s);
    if (!production) {
        QVERIFY(wizard->backButton()->hasFocus());
        press(Qt::Key_Return);
        QCOMPARE(wizard->step(), OperationWizard::Plan);
    } else {
        for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter})
            press(key);
        QCOMPARE(wizard->step(), OperationWizard::Confirm);
    }
    QVERIFY(nothingWasStarted());
}

void TestWizardKeys::enterGoesOnFromEveryField_data()
{
    QTest::addColumn<Operation>("operation");
    for (const OperationInfo &info : operationInfos())
        QTest::newRow(qPrintable(operationName(info.operation))) << info.operation;
}

void TestWizardKeys::enterGoesOnFromEveryField()
{
    QFETCH(const Operation, operation);
    const bool moves = operation == Operation::Reshard;
    const QByteArray node = moves           ? QByteArray()
        : operation == Operation::Replicate ? replicaOf(primaryAt(0))->id
                                            : primaryAt(0);
    const QString host = operation == Operation::Create ? u"127.0.0.1:1 127.0.0.1:2 127.0.0.1:3"_s : QString();
    OperationWizard *wizard =
        open({.operation = operation, .nodeId = node, .targetId = primaryAt(1), .slots = {}, .host = host});
    const auto fields = wizard->choosePage()->findChildren<QLineEdit *>();
    for (QLineEdit *field : fields) {
        if (field->isVisible() && field->text().isEmpty() && field->objectName() != u"adder"_s)
            field->setText(operation == Operation::Config ? u"timeout"_s : u"127.0.0.1:1"_s);
    }
    QTRY_VERIFY2_WITH_TIMEOUT(wizard->nextButton()->isEnabled(), qPrintable(wizard->statusText()), 5'000);
    int pressed = 0;
    const auto widgets = wizard->choosePage()->findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        const bool takesKeys = widget->focusPolicy() & Qt::TabFocus && widget->isVisible() && widget->isEnabled();
        if (!takesKeys || qobject_cast<QPushButton *>(widget)) // Return on a button presses that button
            continue;
        widget->setFocus();
        // a cell is being edited, so Return first ends the edit
        if (qobject_cast<QTableWidget *>(widget) && !widget->hasFocus()) {
            press(Qt::Key_Return);
            QTRY_VERIFY(widget->hasFocus());
        }
        press(Qt::Key_Return);
        const QString name = widget->accessibleName() + QLatin1StringView(widget->metaObject()->className());
        QTRY_VERIFY2_WITH_TIMEOUT(wizard->step() == OperationWizard::Plan, qPrintable(name), 5'000);
        ++pressed;
        wizard->backButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(wizard->nextButton()->isEnabled(), 5'000);
    }
    QVERIFY(pressed > 0);
}

void TestWizardKeys::enterAfterANumberWaitsForItsPlan()
{
    OperationWizard *wizard =
        open({.operation = Operation::Reshard, .nodeId = {}, .targetId = primaryAt(2), .slots = {}, .host = {}});
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    auto *count = wizard->findChild<QSpinBox *>(u"count"_s);
    count->setFocus();
    count->selectAll();
    QTest::keyClicks(count, u"7"_s);
    press(Qt::Key_Return);
    QCOMPARE(wizard->step(), OperationWizard::Choose); // the earlier plan does not match the typed number
    QTRY_COMPARE_WITH_TIMEOUT(wizard->step(), OperationWizard::Plan, 20'000);
    QVERIFY((*wizard->planned())->plan.title.contains(u"7 slots"_s));
    QKeyEvent held(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier, u"\r"_s, true);
    QApplication::sendEvent(QApplication::focusWidget(), &held);
    QCOMPARE(wizard->step(), OperationWizard::Plan);
}

SLOTSCOPE_TEST(TestWizardKeys)
#include "tst_wizardkeys.moc"
