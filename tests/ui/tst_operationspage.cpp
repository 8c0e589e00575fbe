// SPDX-License-Identifier: GPL-3.0-or-later
// Operations of the window on real servers: seen, paused, stopped, resumed; they outlive a tab, and closing asks.
#include "core/base/signals.h"
#include "core/profile/clustermarks.h"
#include "core/operations/journal/journal.h"
#include "core/session/corethread.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"
#include "ui/operations/ending.h"
#include "ui/operations/closingquestion.h"
#include "ui/operations/confirmpage.h"
#include "ui/operations/interruptedbanner.h"
#include "ui/operations/operationspage.h"
#include "ui/operations/operationwizard.h"
#include "ui/operations/resumequestion.h"
#include "ui/operations/rundialog.h"
#include "ui/operations/runparts.h"
#include "ui/operations/runview.h"
#include "ui/shared/findingcard.h"
#include "ui/shared/theme.h"
#include "ui/shell/healthpill.h"
#include "ui/shell/mainwindow.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>

#include <csignal>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int slotsMoved = 600;
constexpr int keysPerSecond = 100; // about 400 keys, so the run lasts long enough to be paused and stopped

template <typename T>
bool isDone(const QFuture<T> &future)
{
    return future.isFinished();
}

} // namespace

class TestOperationsPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_cluster = std::make_unique<TestCluster>();
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        QVERIFY(QCoro::waitFor((*m_cluster)->loadSampleData(10)));
        m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
    }
    void cleanupTestCase()
    {
        m_theme.reset();
        m_cluster.reset();
    }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<QSettings>(m_folder->filePath(u"settings.ini"_s), QSettings::IniFormat);
        m_operations = std::make_unique<OperationsDoor>(m_thread, m_folder->path());
        makeWindow();
    }
    void cleanup()
    {
        endRuns();
        m_window.reset();
        m_operations.reset();
    }

    void runIsSeenPausedStoppedResumed();
    void itsOwnOpenSlotsAreNoFault();
    void outlivesItsTab();
    void closingAsks();
    void theQuestionStaysWhenTheRunEnds();
    void aClosedResultLeadsBack();
    void closingTheTabOfADemoAsks();
    void rollsAStoppedRunBack();
    void stopsThenQuits();
    void interruptedRunIsOffered();
    void runsOfOtherProgramsShow();
    void whatAnotherProgramResumesIsItsOwn();
    void readOnlyOpensNoWizard();
    void productionIsAskedAbout();
    void aKnownProductionIsAskedAbout();
    void aSignalFinishesWhatIsInHand();
    void createsACluster_data();
    void createsACluster();

private:
    void makeWindow()
    {
        m_window = std::make_unique<MainWindow>(*m_theme, *m_settings);
        m_window->setOperations(m_operations.get());
        m_window->resize(1200, 800);
        m_window->show();
    }
    ConnectionView *open(bool readOnly = false)
    {
        ConnectionTarget target = m_cluster->target({0});
        target.readOnly = readOnly;
        return m_window->openSession(std::make_unique<SessionDoor>(m_thread, target));
    }
    static bool isReady(const ConnectionView *view)
    {
        return view->view() && view->view()->observers == 6 && view->view()->agreed;
    }
    static OperationsPage *pageOf(ConnectionView *view)
    {
        return qobject_cast<OperationsPage *>(view->page(u"operations"_s));
    }
    /// Starts moving slots slowly from the first to the second shard and returns the run's id, or an empty text on
    /// failure.
    QString startReshard(const ClusterView &view)
    {
        ReshardRequest request;
        request.sources = {view.nodes.at(size_t(view.shards.at(0).primary)).id};
        request.target = view.nodes.at(size_t(view.shards.at(1).primary)).id;
        request.count = slotsMoved;
        request.migration.keysPerSecond = keysPerSecond;
        const ConnectionTarget target = m_cluster->target({0});
        const QFuture<Result<PlannedOperation>> plan = m_operations->plan(target, request);
        if (!QTest::qWaitFor([&plan] { return isDone(plan); }, 20000) || !plan.result())
            return {};
        const QFuture<Result<QString>> started = m_operations->start(target, plan.result()->plan, false);
        if (!QTest::qWaitFor([&started] { return isDone(started); }, 20000) || !started.result())
            return {};
        const QString id = *started.result();
        const bool moves = QTest::qWaitFor([&] { return movedBy(id) > 0; }, 20000);
        return moves ? id : QString();
    }
    int movedBy(const QString &id) const
    {
        const RunSnapshotPtr run = m_operations->run(id);
        return run ? run->progress.moved.count() : 0;
    }
    RunState stateOf(const QString &id) const
    {
        const RunSnapshotPtr run = m_operations->run(id);
        return run ? run->state : RunState::Interrupted;
    }
    void endRuns()
    {
        for (const RunSnapshotPtr &run : m_operations->running()) {
            if (run->state != RunState::Stopping)
                m_operations->stop(run->id);
        }
        QTRY_VERIFY_WITH_TIMEOUT(m_operations->running().isEmpty(), 20000);
    }

    CoreThread m_thread;
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<OperationsDoor> m_operations;
    std::unique_ptr<MainWindow> m_window;
};

void TestOperationsPage::runIsSeenPausedStoppedResumed()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    QVERIFY(!m_window->runChip()->isVisible());
    const QString id = startReshard(*view->view());
    QVERIFY(!id.isEmpty());
    QTRY_VERIFY(m_window->runChip()->isVisible());
    QVERIFY2(m_window->runChip()->text().contains(u"Reshard"_s), qPrintable(m_window->runChip()->text()));
    m_window->runChip()->click();
    QCOMPARE(m_window->currentPage(), u"operations"_s);
    OperationsPage *page = pageOf(view);
    RunView *run = page->runView();
    QVERIFY(page->showsRun());
    QCOMPARE(run->run()->id, id);
    QVERIFY(run->figures()->figure(u"slots"_s).endsWith(u"of 600"_s));
    run->pauseButton()->click();
    QTRY_COMPARE(run->stateText(), u"Paused"_s);
    QTRY_VERIFY(m_operations->run(id)->progress.moving.isEmpty());
    const int moved = movedBy(id);
    const quint64 revision = view->view()->revision;
    QTRY_VERIFY(view->view()->revision > revision + 1); // meanwhile the cluster was read twice
    QCOMPARE(movedBy(id), moved);
    run->pauseButton()->click();
    QTRY_VERIFY(movedBy(id) > moved);
    run->stopButton()->click();
    QTRY_COMPARE(run->stateText(), u"Stopping"_s);
    QVERIFY(m_window->runChip()->text().endsWith(u"stopping"_s));
    QVERIFY(m_window->runChip()->width() >= m_window->runChip()->sizeHint().width()); // the text is not cut off
    QTRY_COMPARE_WITH_TIMEOUT(run->stateText(), u"Stopped"_s, 20000);
    QVERIFY(run->run()->leftOpen.isEmpty());
    QTRY_VERIFY(!m_window->runChip()->isVisible());
    const auto journal = Journal::read(m_folder->filePath(id + u".jsonl"_s));
    QVERIFY(journal);
    QCOMPARE(journal->state, RunState::Stopped);
    QVERIFY(run->resumeButton()->isEnabled());
    run->resumeButton()->click();
    QPointer<ResumeQuestion> question = view->findChild<ResumeQuestion *>();
    QVERIFY(question && question->isVisible());
    QTest::keyClick(question, Qt::Key_Escape);
    QTRY_VERIFY(!question);
    QCOMPARE(run->stateText(), u"Stopped"_s);
    run->resumeButton()->click();
    question = view->findChild<ResumeQuestion *>();
    QVERIFY(question);
    question->timeoutBox()->setValue(700);
    question->resumeButton()->click();
    QTRY_COMPARE_WITH_TIMEOUT(run->stateText(), u"Done"_s, 30000);
    QCOMPARE(run->run()->plan->steps.first().migration.callTimeoutMs, 700);
    QVERIFY2(run->outcome()->text().contains(u"verified"_s), qPrintable(run->outcome()->text()));
    QCOMPARE(run->figures()->figure(u"slots"_s), u"600 of 600"_s);
}

void TestOperationsPage::itsOwnOpenSlotsAreNoFault()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    const QString id = startReshard(*view->view());
    QVERIFY(!id.isEmpty());
    const auto isFaulty = [view] { return view->view()->health() >= Severity::Warning; };
    bool open = false;
    QObject watching;
    connect(view, &ConnectionView::changed, &watching, [&] {
        open = open || !view->view()->openSlots.isEmpty();
        QVERIFY2(!isFaulty(), qPrintable(view->view()->findings.value(0).title));
    });
    QTRY_VERIFY_WITH_TIMEOUT(open, 20000);
    QTRY_COMPARE(m_window->healthPill()->text(), u"Healthy · migrating slots"_s);
    const auto cards = view->page(u"slots"_s)->findChildren<FindingCard *>();
    QVERIFY(!cards.isEmpty());
    for (const FindingCard *card : cards)
        QVERIFY2(card->accessibleName().startsWith(u"Being moved by Slotscope: Move 600 slots"_s),
                 qPrintable(card->accessibleName()));
    view->disconnect(&watching);
    m_operations->stop(id);
    m_operations->stop(id); // the second stop leaves the current slots open
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(id), RunState::Stopped, 20000);
    QVERIFY(!m_operations->run(id)->leftOpen.isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(isFaulty(), 20000);
    QVERIFY(m_window->healthPill()->text().contains(u"warning"_s));
    QVERIFY(m_operations->resumeInterrupted(m_cluster->target({0}), id).isValid());
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(id), RunState::Done, 40000);
}

void TestOperationsPage::outlivesItsTab()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    const QString id = startReshard(*view->view());
    QVERIFY(!id.isEmpty());
    m_window->closeConnection(0);
    const int moved = movedBy(id);
    QTRY_VERIFY(movedBy(id) > moved);
    QVERIFY(m_window->runChip()->isVisible());
    m_window->runChip()->click(); // no open connection shows the run, so it opens in its own window
    auto *dialog = m_window->findChild<RunDialog *>();
    QVERIFY(dialog && dialog->isVisible() && dialog->runView()->stopButton()->isEnabled());
    dialog->runView()->pauseButton()->click();
    QTRY_COMPARE(dialog->runView()->stateText(), u"Paused"_s);
    dialog->runView()->pauseButton()->click();
    delete dialog;
    ConnectionView *again = open();
    QTRY_VERIFY_WITH_TIMEOUT(again->view() && again->view()->observers == 6, 20000);
    QTRY_COMPARE(pageOf(again)->list()->model()->rowCount(), 1);
    m_window->showRun(id);
    QCOMPARE(pageOf(again)->runView()->run()->id, id);
    QVERIFY(pageOf(again)->runView()->pauseButton()->isEnabled());
}

void TestOperationsPage::closingAsks()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    const QString id = startReshard(*view->view());
    QVERIFY(!id.isEmpty());
    QVERIFY(!m_window->close());
    QPointer<ClosingQuestion> question = m_window->findChild<ClosingQuestion *>();
    QVERIFY(question && question->isVisible());
    QVERIFY(question->stayButton()->isDefault()); // pressing Enter stops nothing
    QTest::keyClick(question, Qt::Key_Escape);
    QTRY_VERIFY(!question);
    QVERIFY(m_window->isVisible());
    QCOMPARE(stateOf(id), RunState::Running);
    m_operations->stop(id);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(id), RunState::Stopped, 20000);
    QVERIFY(m_window->close()); // closes without a question, because nothing runs
}

void TestOperationsPage::theQuestionStaysWhenTheRunEnds()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    const QString id = startReshard(*view->view());
    QVERIFY(!id.isEmpty());
    QVERIFY(!m_window->close());
    QPointer<ClosingQuestion> question = m_window->findChild<ClosingQuestion *>();
    QVERIFY(question);
    m_operations->stop(id); // as if the run had ended
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(id), RunState::Stopped, 20000);
    QTRY_VERIFY(!question->stopButton()->isVisible());
    QVERIFY(question->isVisible());
    QVERIFY(question->stayButton()->isDefault());
    for (QPushButton *button : question->findChildren<QPushButton *>())
        if (button != question->stayButton() && button != question->stopButton())
            button->click();
    QTRY_VERIFY(!m_window->isVisible());
}

/// After an operation the user is back on the page where it was begun. Opening another wizard replaces one that was not
/// started.
void TestOperationsPage::aClosedResultLeadsBack()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    m_window->showPage(u"topology"_s);
    OperationDraft save;
    save.operation = Operation::Save;
    const QPointer<OperationWizard> first = m_window->openWizard(view, save);
    QVERIFY(first);
    const QPointer<OperationWizard> wizard = m_window->openWizard(view, save);
    QTRY_VERIFY(!first);
    QVERIFY(wizard && wizard->isVisible());
    for (const OperationWizard::Step step :
         {OperationWizard::Plan, OperationWizard::Confirm, OperationWizard::Progress}) {
        QTRY_VERIFY_WITH_TIMEOUT(wizard->nextButton()->isEnabled(), 20000);
        wizard->nextButton()->click();
        QTRY_VERIFY(wizard->step() >= step);
    }
    QTRY_COMPARE_WITH_TIMEOUT(wizard->step(), OperationWizard::Outcome, 30000);
    wizard->nextButton()->click();
    QTRY_VERIFY(!wizard);
    QCOMPARE(m_window->currentPage(), u"topology"_s);
}

void TestOperationsPage::closingTheTabOfADemoAsks()
{
    ConnectionView *view = open();
    view->setEndsServers(true);
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    const QString id = startReshard(*view->view());
    QVERIFY(!id.isEmpty());
    QTest::keyClick(m_window.get(), Qt::Key_W, Qt::ControlModifier);
    QPointer<QMessageBox> question = m_window->findChild<QMessageBox *>();
    QVERIFY(question && question->isVisible());
    QVERIFY2(question->text().contains(u"Move 600 slots"_s), qPrintable(question->text()));
    QTest::keyClick(question, Qt::Key_Escape); // Escape keeps the tab
    QTRY_VERIFY(!question);
    QCOMPARE(m_window->connectionCount(), 1);
    m_window->askToClose(m_window->currentConnection());
    question = m_window->findChild<QMessageBox *>();
    QVERIFY(question);
    for (QAbstractButton *button : question->buttons())
        if (question->buttonRole(button) == QMessageBox::DestructiveRole)
            button->click();
    QCOMPARE(m_window->connectionCount(), 0);
    view = open(); // an ordinary tab closes at once and the run continues
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    m_window->askToClose(view);
    QCOMPARE(m_window->connectionCount(), 0);
    m_operations->stop(id);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(id), RunState::Stopped, 20000);
}

void TestOperationsPage::stopsThenQuits()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    const QString id = startReshard(*view->view());
    QVERIFY(!id.isEmpty());
    m_window->close();
    auto *question = m_window->findChild<ClosingQuestion *>();
    QVERIFY(question);
    question->stopButton()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->isVisible(), 20000);
    QCOMPARE(stateOf(id), RunState::Stopped);
    QVERIFY(m_operations->run(id)->leftOpen.isEmpty());
}

void TestOperationsPage::rollsAStoppedRunBack()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    const QString id = startReshard(*view->view());
    QVERIFY(!id.isEmpty());
    const int moved = movedBy(id);
    QTRY_VERIFY_WITH_TIMEOUT(movedBy(id) > moved, 20000);
    m_operations->stop(id);
    m_operations->stop(id); // the second stop leaves the current slots open
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(id), RunState::Stopped, 20000);
    const SlotSet taken = m_operations->run(id)->progress.moved;
    m_window->showRun(id);
    const QPushButton *rollBack = pageOf(view)->runView()->rollBackButton();
    QTRY_VERIFY(rollBack->isVisible() && rollBack->isEnabled());
    pageOf(view)->runView()->rollBackButton()->click();
    auto *wizard = m_window->findChild<OperationWizard *>();
    QVERIFY(wizard && wizard->isVisible());
    for (const auto step : {OperationWizard::Plan, OperationWizard::Confirm, OperationWizard::Progress}) {
        QTRY_VERIFY_WITH_TIMEOUT(wizard->nextButton()->isEnabled() && !wizard->isPlanning(), 20000);
        wizard->nextButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(wizard->step() >= step, 20000);
    }
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(wizard->runId()), RunState::Done, 40000);
    QTRY_VERIFY_WITH_TIMEOUT(m_operations->run(id)->rolledBack, 20000);
    QTRY_VERIFY(!pageOf(view)->runView()->resumeButton()->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(view->view()->openSlots.isEmpty(), 20000);
    QVERIFY(!taken.isEmpty());
    const QByteArray home = m_operations->run(id)->plan->moves.constFirst().source.id;
    QTRY_VERIFY_WITH_TIMEOUT(taken.subtracted(view->view()->node(home)->slots).isEmpty(), 20000);
}

void TestOperationsPage::interruptedRunIsOffered()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    QVERIFY(!view->interruptedBanner()->isVisible());
    const QString id = startReshard(*view->view());
    QVERIFY(!id.isEmpty());
    m_window->close();
    auto *question = m_window->findChild<ClosingQuestion *>();
    QVERIFY(question);
    question->quitButton()->click();
    QTRY_VERIFY(!m_window->isVisible());
    m_window.reset();
    const auto startAgain = [this] {
        m_operations = std::make_unique<OperationsDoor>(m_thread, m_folder->path());
        return QSignalSpy(m_operations.get(), &OperationsDoor::historyChanged).wait(2000);
    };
    m_operations.reset();
    QTRY_VERIFY_WITH_TIMEOUT(
        startAgain() && m_operations->run(id) && m_operations->run(id)->state == RunState::Interrupted, 20000);
    makeWindow();
    view = open();
    InterruptedBanner *banner = view->interruptedBanner();
    QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible(), 20000);
    QCOMPARE(banner->runId(), id);
    QVERIFY2(banner->text().contains(u"Move 600 slots"_s), qPrintable(banner->text()));
    banner->resumeButton()->click();
    auto *ask = view->findChild<ResumeQuestion *>();
    QVERIFY(ask && ask->isVisible());
    QVERIFY2(ask->text().contains(u" of 600 slots have moved"_s), qPrintable(ask->text()));
    QCOMPARE(stateOf(id), RunState::Interrupted); // the run does not resume before the user answers
    ask->resumeButton()->click();
    QCOMPARE(m_window->currentPage(), u"operations"_s);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(id), RunState::Done, 40000);
    QTRY_VERIFY(!banner->isVisible());
}

void TestOperationsPage::runsOfOtherProgramsShow()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    CoreThread elsewhere; // acts as another program, with which only the journals are shared
    OperationsDoor other(elsewhere, m_folder->path());
    const NodeState &source = view->view()->nodes[size_t(view->view()->shards[0].primary)];
    const NodeState &target = view->view()->nodes[size_t(view->view()->shards[1].primary)];
    ReshardRequest request{.sources = {source.id}, .target = target.id, .count = 5, .slots = {}, .hashTag = {}};
    const auto planned = other.plan(m_cluster->target({0}), request);
    QTRY_VERIFY_WITH_TIMEOUT(planned.isFinished() && planned.result(), 20000);
    const auto started = other.start(m_cluster->target({0}), planned.result()->plan, false);
    QTRY_VERIFY_WITH_TIMEOUT(started.isFinished() && started.result(), 20000);
    const QString id = *started.result();
    QTRY_VERIFY_WITH_TIMEOUT(m_operations->run(id) && m_operations->run(id)->state == RunState::Done, 20000);
    QVERIFY(!m_operations->isOurs(id));
    QTRY_COMPARE(pageOf(view)->list()->model()->rowCount(), 1);
}

void TestOperationsPage::whatAnotherProgramResumesIsItsOwn()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    const QString id = startReshard(*view->view());
    QVERIFY(!id.isEmpty());
    m_operations->stop(id);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(id), RunState::Stopped, 20000);
    QVERIFY(m_operations->isOurs(id));
    CoreThread elsewhere;
    OperationsDoor other(elsewhere, m_folder->path());
    const auto resumed = other.resumeInterrupted(m_cluster->target({0}), id);
    QTRY_VERIFY_WITH_TIMEOUT(resumed.isFinished() && resumed.result(), 20000);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(id), RunState::Running, 20000);
    // another program's run cannot be stopped here, so closing the window must not wait for it
    QVERIFY(!m_operations->isOurs(id));
    QVERIFY(m_operations->running().isEmpty());
    m_window->showRun(id);
    QVERIFY(!pageOf(view)->runView()->stopButton()->isEnabled());
    other.stop(id);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(id), RunState::Stopped, 20000);
}

void TestOperationsPage::readOnlyOpensNoWizard()
{
    ConnectionView *view = open(true);
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    OperationDraft draft;
    draft.operation = Operation::Rebalance;
    QVERIFY(!m_window->openWizard(view, draft));
    ConnectionView *other = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(other), 20000);
    Q_EMIT pageOf(other)->operationRequested(draft);
    QVERIFY(m_window->findChild<OperationWizard *>());
}

void TestOperationsPage::productionIsAskedAbout()
{
    ConnectionTarget target = m_cluster->target({0, 1, 2});
    target.environment = EnvironmentKind::Production;
    ConnectionView *view = m_window->openSession(std::make_unique<SessionDoor>(m_thread, target));
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    QCOMPARE(view->environment().tag, u"PRODUCTION"_s);
    OperationDraft draft;
    draft.operation = Operation::Save;
    OperationWizard *wizard = m_window->openWizard(view, draft);
    QTRY_VERIFY_WITH_TIMEOUT(wizard->nextButton()->isEnabled(), 20000);
    for (const int step : {OperationWizard::Plan, OperationWizard::Confirm}) {
        wizard->nextButton()->click();
        QCOMPARE(int(wizard->step()), step);
    }
    QVERIFY(!wizard->nextButton()->isEnabled());
    QVERIFY(wizard->confirmPage()->box());
    wizard->confirmPage()->box()->setChecked(true);
    QVERIFY(wizard->nextButton()->isEnabled());
    wizard->close();
}

/// A connection opened by address gets the environment that is known for this cluster from an earlier connection.
void TestOperationsPage::aKnownProductionIsAskedAbout()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    QVERIFY(view->environment().tag.isEmpty());
    ClusterMarks marks(*m_settings);
    ConnectionTarget before = *ConnectionTarget::parse(u"redis://elsewhere:1?name=shop&env=production"_s);
    marks.learn(before, nodeIdsOf(*view->view()), 1);
    m_window->setMarks(view, marks.marked(view->target(), nodeIdsOf(*view->view())));
    QCOMPARE(view->environment().tag, u"PRODUCTION"_s);
    QCOMPARE(view->title(), u"shop"_s);
    QCOMPARE(view->target().seeds, m_cluster->target({0}).seeds);
    OperationDraft draft;
    draft.operation = Operation::Save;
    OperationWizard *wizard = m_window->openWizard(view, draft);
    QTRY_VERIFY_WITH_TIMEOUT(wizard->nextButton()->isEnabled(), 20000);
    for (const int step : {OperationWizard::Plan, OperationWizard::Confirm}) {
        wizard->nextButton()->click();
        QCOMPARE(int(wizard->step()), step);
    }
    QVERIFY(!wizard->nextButton()->isEnabled());
    QVERIFY(wizard->confirmPage()->box());
    wizard->close();
}

void TestOperationsPage::aSignalFinishesWhatIsInHand()
{
    ConnectionView *view = open();
    QTRY_VERIFY_WITH_TIMEOUT(isReady(view), 20000);
    Ending ending(*m_operations);
    QSignalSpy reached(&ending, &Ending::reached);
    const Signals heard([&ending] { ending.request(); });
    const QString id = startReshard(*view->view());
    QVERIFY(!id.isEmpty());
    QCOMPARE(reached.size(), 0);
    ::raise(SIGTERM);
    QTRY_COMPARE_WITH_TIMEOUT(reached.size(), 1, 20000);
    QCOMPARE(stateOf(id), RunState::Stopped);
    QVERIFY(m_operations->run(id)->leftOpen.isEmpty());
    Ending idle(*m_operations); // no run is active, so it ends at once
    QSignalSpy atOnce(&idle, &Ending::reached);
    idle.request();
    QCOMPARE(atOnce.size(), 1);
}

void TestOperationsPage::createsACluster_data()
{
    QTest::addColumn<bool>("connected");
    QTest::addColumn<QString>("password");
    QTest::newRow("without a connection") << false << u""_s;
    QTest::newRow("beside another cluster") << true << u""_s;
    QTest::newRow("with a password") << false << u"s3cret"_s;
    QTest::newRow("with a password, beside another cluster that has none") << true << u"s3cret"_s;
}

void TestOperationsPage::createsACluster()
{
    QFETCH(const bool, connected);
    QFETCH(const QString, password);
    LocalClusterOptions options;
    options.replicasPerPrimary = 0;
    options.form = false;
    options.credentials.password = password;
    if (!password.isEmpty())
        options.extraArguments = {u"--requirepass"_s, password, u"--masterauth"_s, password};
    TestCluster nodes(options);
    QVERIFY2(nodes.start(), qPrintable(nodes.failure()));
    QSignalSpy created(m_window.get(), &MainWindow::clusterCreated);
    if (connected) {
        ConnectionView *other = open();
        QTRY_VERIFY_WITH_TIMEOUT(isReady(other), 20000);
        Q_EMIT pageOf(other)->operationRequested(
            {.operation = Operation::Create, .nodeId = {}, .targetId = {}, .slots = {}, .host = {}});
    } else {
        m_window->openCreateWizard();
    }
    auto *wizard = m_window->findChild<OperationWizard *>();
    QVERIFY(wizard && !wizard->nextButton()->isEnabled());
    auto *adder = wizard->findChild<QLineEdit *>(u"adder"_s);
    adder->setText(nodes.address(0) + u' ' + nodes.address(1) + u' ' + nodes.address(2));
    QTest::keyClick(adder, Qt::Key_Return);
    wizard->findChild<QSpinBox *>()->setValue(0); // no replicas
    wizard->findChild<QLineEdit *>(u"password"_s)->setText(password);
    QTRY_VERIFY_WITH_TIMEOUT(wizard->nextButton()->isEnabled(), 20000);
    for (const int step : {OperationWizard::Plan, OperationWizard::Confirm}) {
        wizard->nextButton()->click();
        QCOMPARE(int(wizard->step()), step);
    }
    QTRY_VERIFY(wizard->nextButton()->isEnabled());
    wizard->nextButton()->click();
    QTRY_COMPARE_WITH_TIMEOUT(created.size(), 1, 60000);
    const auto target = created.first().first().value<ConnectionTarget>();
    QCOMPARE(target.seeds.size(), 3);
    const ConnectionView *view = m_window->openSession(std::make_unique<SessionDoor>(m_thread, target));
    QTRY_VERIFY_WITH_TIMEOUT(view->view() && view->view()->observers == 3 && view->view()->uncovered.isEmpty(), 20000);
    wizard->close();
}

SLOTSCOPE_TEST(TestOperationsPage)
#include "tst_operationspage.moc"
