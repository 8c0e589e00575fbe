// SPDX-License-Identifier: GPL-3.0-or-later
// A run in each of its states, and what can be begun, without a server.
#include "tests/support/samplerun.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "ui/operations/newoperations.h"
#include "ui/operations/operationspage.h"
#include "ui/operations/movemap.h"
#include "ui/operations/runparts.h"
#include "ui/operations/choosepage.h"
#include "ui/operations/drillview.h"
#include "ui/shared/operationmenu.h"
#include "ui/operations/runview.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestRunView : public QObject
{
    Q_OBJECT
    static RunSnapshotPtr shared(RunSnapshot run) { return std::make_shared<const RunSnapshot>(std::move(run)); }

private Q_SLOTS:
    void init()
    {
        m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
        m_view = samples::degraded();
        m_run = std::make_unique<RunView>(*m_theme);
        m_run->resize(900, 800);
        m_run->setView(m_view);
        m_run->show();
    }
    void cleanup()
    {
        m_run.reset();
        m_theme.reset();
    }

    void showsWhatRuns();
    void stopReadsStopNow();
    void anotherProgramsRun();
    void showsAFailure();
    void showsADrill();
    void offersToUndoASetting();
    void offersToTakeARunBack();
    void offersTheChoiceOfTwoValues();
    void plainTextOnly();
    void logFilters();
    void throttlesWhileItRuns();
    void offersSlotsToANewPrimary();
    void copiesTheReport();
    void mapTellsMovedFromOpen();
    void pageFiltersAndChooses();
    void readOnlySaysWhy();
    void cardsAreWorkedByKeys();

private:
    ClusterViewPtr m_view;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<RunView> m_run;
};

void TestRunView::showsWhatRuns()
{
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Running)), {.ours = true, .notHere = {}});
    QCOMPARE(m_run->stateText(), u"Running"_s);
    QCOMPARE(m_run->figures()->figure(u"slots"_s), u"430 of 1,000"_s);
    QCOMPARE(m_run->figures()->figure(u"keys"_s), u"26,230 of ≈ 61,000"_s);
    QCOMPARE(m_run->figures()->figure(u"rate"_s), u"12.4 k keys/s"_s);
    QCOMPARE(m_run->figures()->figure(u"left"_s), u"≈ 8 s"_s);
    QCOMPARE(m_run->figures()->figure(u"method"_s), u"Classic"_s);
    QVERIFY(m_run->pauseButton()->isEnabled() && m_run->stopButton()->isEnabled());
    QVERIFY(!m_run->resumeButton()->isVisible() && !m_run->fixButton()->isVisible());
    QSignalSpy pauses(m_run.get(), &RunView::pauseRequested), goesOn(m_run.get(), &RunView::goOnRequested);
    m_run->pauseButton()->click();
    QCOMPARE(pauses.size(), 1);
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Paused)), {.ours = true, .notHere = {}});
    QCOMPARE(m_run->pauseButton()->text(), u"Resume"_s);
    m_run->pauseButton()->click();
    QCOMPARE(goesOn.size(), 1);
}

void TestRunView::stopReadsStopNow()
{
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Running)), {.ours = true, .notHere = {}});
    QCOMPARE(m_run->stopButton()->text(), u"Stop"_s);
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Stopping)), {.ours = true, .notHere = {}});
    QCOMPARE(m_run->stopButton()->text(), u"Stop now"_s);
    QVERIFY(!m_run->pauseButton()->isEnabled());
    QVERIFY2(m_run->outcome()->text().contains(u"leaves slots in migration"_s), qPrintable(m_run->outcome()->text()));
}

void TestRunView::anotherProgramsRun()
{
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Running)), {.ours = false, .notHere = {}});
    QVERIFY(!m_run->pauseButton()->isEnabled() && !m_run->stopButton()->isEnabled());
    QVERIFY(m_run->hint().contains(u"Another program"_s));
}

/// If SLOTSCOPE_GRAB=DIR is set, this test saves screenshots there.
void TestRunView::showsADrill()
{
    m_run->setRun(shared(samples::drillRun(*m_view, RunState::Running)), {.ours = true, .notHere = {}});
    DrillView *drill = m_run->drillView();
    QVERIFY(drill->isVisible());
    QVERIFY(m_run->stopButton()->isVisible());
    QVERIFY(!m_run->pauseButton()->isVisible()); // hidden, because a pause would keep the stopped node away
    QVERIFY2(!drill->text().contains(u"are there"_s), "nobody has looked yet");
    m_run->setRun(shared(samples::drillRun(*m_view, RunState::Done)), {.ours = true, .notHere = {}});
    QVERIFY2(drill->text().contains(u"no write was acknowledged for 4.68 s"_s), qPrintable(drill->text()));
    QVERIFY2(drill->text().contains(u"1 of 466 acknowledged writes are lost"_s), qPrintable(drill->text()));
    QVERIFY2(drill->text().contains(u"128 B"_s), qPrintable(drill->text()));
    QStringList what;
    for (int row = 0; row < drill->table()->rowCount(); ++row)
        what.append(drill->table()->item(row, 3)->text());
    QCOMPARE(
        what.mid(0, 9).join(u','),
        u"Last write,Made unavailable,Suspected,Failed,Elected,First write,Back as a replica,Handed back,Layout restored"_s);
    QCOMPARE(drill->picture()->marks().size(), drill->table()->rowCount());
    // the event happened at most 100 ms earlier, after the previous reply
    QVERIFY(drill->table()->item(2, 2)->text().contains(u"100 ms"_s));
    drill->picture()->setFocus();
    QTest::keyClick(drill->picture(), Qt::Key_Right);
    QTest::keyClick(drill->picture(), Qt::Key_Right);
    QVERIFY2(drill->picture()->spokenPart().contains(u"Made unavailable"_s),
             qPrintable(drill->picture()->spokenPart()));
    if (const QString folder = qEnvironmentVariable("SLOTSCOPE_GRAB"); !folder.isEmpty())
        for (const auto &[mode, name] :
             {std::pair(Theme::Mode::Dark, u"dark"_s), std::pair(Theme::Mode::Light, u"light"_s)})
            for (const QSize size : {QSize(840, 700), QSize(1500, 1080)}) {
                m_theme->setMode(mode);
                m_run->resize(size);
                QCoreApplication::processEvents();
                QVERIFY(m_run->grab().save(u"%1/drill-%2-%3.png"_s.arg(folder, name).arg(size.width())));
            }
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Running)), {.ours = true, .notHere = {}});
    QVERIFY(!drill->isVisible());
}

void TestRunView::showsAFailure()
{
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Failed)), {.ours = true, .notHere = {}});
    const QString text = m_run->outcome()->text();
    for (const QString &word :
         {m_view->nodes.at(size_t(m_view->shards.at(0).primary)).name, u"MIGRATE"_s, u"IOERR"_s, u"430–433"_s})
        QVERIFY2(text.contains(word), qPrintable(word + u" is not in: "_s + text));
    QVERIFY(m_run->resumeButton()->isEnabled() && m_run->fixButton()->isEnabled());
    QSignalSpy fixes(m_run.get(), &RunView::fixRequested), resumes(m_run.get(), &RunView::resumeRequested);
    m_run->fixButton()->click();
    m_run->resumeButton()->click();
    QCOMPARE(fixes.value(0).value(0).value<SlotSet>(), (SlotSet{{430, 433}}));
    QCOMPARE(resumes.size(), 1);
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Failed)), {.ours = true, .notHere = u"read-only"_s});
    QVERIFY(!m_run->resumeButton()->isEnabled() && !m_run->fixButton()->isEnabled());
    QCOMPARE(m_run->hint(), u"read-only"_s);
}

void TestRunView::offersToUndoASetting()
{
    RunSnapshot run = samples::reshardRun(*m_view, RunState::Done);
    OperationPlan plan = *run.plan;
    plan.operation = Operation::Config;
    plan.results.setting = SettingChange{.name = "maxmemory", .persist = false, .before = {}, .undo = {{"aa", "100"}}};
    run.plan = std::make_shared<const OperationPlan>(plan);
    m_run->setRun(shared(run), {.ours = true, .notHere = {}});
    QSignalSpy undone(m_run.get(), &RunView::rollBackRequested);
    QVERIFY(m_run->rollBackButton()->isVisible());
    QCOMPARE(m_run->rollBackButton()->text(), u"Roll back…"_s);
    m_run->rollBackButton()->click();
    QCOMPARE(undone.size(), 1);
    const OperationDraft draft = rollBackDraft(run, *m_view);
    QCOMPARE(draft.host, u"maxmemory"_s);
    const std::unique_ptr<ChoosePage> form(makeChoosePage(*m_theme, draft, m_view, nullptr));
    QCOMPARE(form->missing(), QString());
    const auto request = std::get<ConfigRequest>(form->request());
    QCOMPARE(request.name, "maxmemory"_ba);
    QCOMPARE(request.values.value("aa"), "100"_ba);
    QCOMPARE(request.undoes, run.id); // recorded so that the run cannot be undone twice
}

void TestRunView::offersToTakeARunBack()
{
    RunSnapshot run = samples::reshardRun(*m_view, RunState::Interrupted);
    m_run->setRun(shared(run), {.ours = true, .notHere = {}});
    QVERIFY(m_run->rollBackButton()->isVisible() && m_run->resumeButton()->isVisible());
    QCOMPARE(m_run->rollBackButton()->text(), u"Roll back…"_s);
    const OperationDraft draft = rollBackDraft(run, *m_view);
    QCOMPARE(draft.operation, Operation::RollBack);
    const std::unique_ptr<ChoosePage> form(makeChoosePage(*m_theme, draft, m_view, nullptr));
    QCOMPARE(form->missing(), QString());
    const auto request = std::get<RollBackRequest>(form->request());
    QCOMPARE(request.run, run.id);
    QCOMPARE(request.moves, run.plan->moves);
    run.rolledBack = true; // then the run can be neither resumed nor rolled back
    m_run->setRun(shared(run), {.ours = true, .notHere = {}});
    QVERIFY(!m_run->rollBackButton()->isVisible() && !m_run->resumeButton()->isVisible());
    QVERIFY2(m_run->stateText().contains(u"Rolled back"_s), qPrintable(m_run->stateText()));
    const QString outcome = m_run->outcome()->text();
    QVERIFY2(outcome.contains(u"were rolled back"_s) && !outcome.contains(u"Resume does"_s), qPrintable(outcome));
    run.state = RunState::Done;
    m_run->setRun(shared(run), {.ours = true, .notHere = {}});
    QVERIFY2(!m_run->outcome()->text().contains(u"Done and verified"_s), qPrintable(m_run->outcome()->text()));
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Running)), {.ours = true, .notHere = {}});
    QVERIFY(!m_run->rollBackButton()->isVisible());
}

void TestRunView::offersTheChoiceOfTwoValues()
{
    RunSnapshot run = samples::reshardRun(*m_view, RunState::Failed);
    m_run->setRun(shared(run), {.ours = true, .notHere = {}});
    QVERIFY(!m_run->keepSourceButton()->isVisibleTo(m_run.get()));
    run.error->serverPrefix = "BUSYKEY";
    m_run->setRun(shared(run), {.ours = true, .notHere = {}});
    QVERIFY(m_run->keepSourceButton()->isVisibleTo(m_run.get()));
    QSignalSpy resumes(m_run.get(), &RunView::resumeRequested);
    m_run->keepTargetButton()->click();
    m_run->keepSourceButton()->click();
    QCOMPARE(resumes.size(), 2);
    QCOMPARE(resumes[0][0].toString(), run.id);
    QCOMPARE(resumes[0][1].value<BusyKeyPolicy>(), BusyKeyPolicy::KeepTarget);
    QCOMPARE(resumes[1][1].value<BusyKeyPolicy>(), BusyKeyPolicy::KeepSource);
    m_run->setRun(shared(run), {.ours = true, .notHere = u"read-only"_s});
    QVERIFY(!m_run->keepSourceButton()->isEnabled());
}

void TestRunView::plainTextOnly()
{
    m_run->setRun(shared(samples::longRun(*m_view)), {.ours = true, .notHere = {}});
    for (const QLabel *label : m_run->findChildren<QLabel *>())
        QCOMPARE(label->textFormat(), Qt::PlainText);
    QVERIFY(m_run->outcome()->text().contains(u"<b>not bold</b>"_s));
}

void TestRunView::logFilters()
{
    RunSnapshot run = samples::reshardRun(*m_view, RunState::Running);
    m_run->setRun(shared(run), {});
    QCOMPARE(m_run->log()->text().count(u'\n'), 1);
    run.log.append({.at = run.startedAt + 2000, .warning = true, .text = u"one more"_s});
    m_run->setRun(shared(run), {});
    QCOMPARE(m_run->log()->text().count(u'\n'), 2);
    m_run->log()->filter()->setCurrent(1);
    QVERIFY(!m_run->log()->text().contains(u"in flight"_s));
    QVERIFY(m_run->log()->text().contains(u"▲ one more"_s));
    // the log of another run contains only its own lines
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Done)), {});
    QVERIFY(!m_run->log()->text().contains(u"one more"_s));
}

void TestRunView::throttlesWhileItRuns()
{
    RunSnapshot run = samples::reshardRun(*m_view, RunState::Running);
    m_run->setRun(shared(run), {.ours = true, .notHere = {}});
    QVERIFY(m_run->throttleButton()->isVisible());
    QSignalSpy asked(m_run.get(), &RunView::throttleRequested);
    QMenu menu;
    m_run->fillThrottleMenu(&menu);
    QCOMPARE(menu.actions().first()->text(), u"No throttle"_s);
    QVERIFY(menu.actions().first()->isChecked());
    menu.actions().at(2)->trigger();
    QCOMPARE(asked.value(0).value(1).toInt(), 500);
    run.throttle = 700; // a value that the menu does not offer
    m_run->setRun(shared(run), {.ours = true, .notHere = {}});
    m_run->fillThrottleMenu(&menu);
    for (const QAction *action : menu.actions())
        QCOMPARE(action->isChecked(), action->data().toInt() == 700);
    m_run->setRun(shared(run), {.ours = false, .notHere = {}});
    QVERIFY(!m_run->throttleButton()->isVisible());
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Done)), {.ours = true, .notHere = {}});
    QVERIFY(!m_run->throttleButton()->isVisible());
}

/// After a primary was added, slots are offered for it, but not after a replica was added or if the run has already
/// moved slots to it.
void TestRunView::offersSlotsToANewPrimary()
{
    RunSnapshot run = samples::reshardRun(*m_view, RunState::Done);
    OperationPlan plan;
    plan.operation = Operation::AddNode;
    plan.basis.view = m_view;
    PlanStep joined;
    joined.kind = PlanStep::Kind::Wait;
    joined.condition = PlanStep::Condition::Joined;
    joined.nodes = {{.id = "new", .address = u"10.0.0.9:1"_s}};
    plan.steps = {joined};
    const auto show = [&](RunState state) {
        run.state = state;
        run.plan = std::make_shared<const OperationPlan>(plan);
        run.steps.resize(plan.steps.size());
        m_run->setRun(shared(run), {.ours = true, .notHere = {}});
        return m_run->rebalanceButton()->isVisible();
    };
    QVERIFY(!show(RunState::Running));
    QVERIFY(show(RunState::Done));
    QSignalSpy asked(m_run.get(), &RunView::rebalanceRequested);
    m_run->rebalanceButton()->click();
    QCOMPARE(asked.size(), 1);
    PlanStep follows = joined;
    follows.condition = PlanStep::Condition::ReplicaOf;
    plan.steps.append(follows);
    QVERIFY(!show(RunState::Done));
    plan.steps.removeLast();
    plan.moves = {SlotMove{}};
    QVERIFY(!show(RunState::Done));
}

void TestRunView::copiesTheReport()
{
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Done)), {});
    QMenu *menu = nullptr;
    for (QMenu *each : m_run->findChildren<QMenu *>())
        if (each != m_run->throttleButton()->menu())
            menu = each;
    QVERIFY(menu);
    Q_EMIT menu->aboutToShow();
    QCOMPARE(menu->actions().size(), 3);
    menu->actions().first()->trigger();
    const QString report = QGuiApplication::clipboard()->text();
    QVERIFY2(report.contains(u"verified: no slot is in migration"_s), qPrintable(report));
}

void TestRunView::mapTellsMovedFromOpen()
{
    m_run->setRun(shared(samples::reshardRun(*m_view, RunState::Failed)), {});
    auto *map = m_run->findChild<MoveMap *>();
    QVERIFY(map->isVisible());
    const auto at = [map](int slot) { return map->image().pixelColor(slot % 128, slot / 128); };
    const int target = m_view->shards.at(1).colour;
    QCOMPARE(at(0), shardColour(target)); // moved
    QCOMPARE(at(431), m_theme->tokens().error); // left open
    QVERIFY(at(500) != at(0) && at(500) != at(650)); // slot 500 is still to be moved, slot 650 is not part of the run
    RunSnapshot plain = samples::reshardRun(*m_view, RunState::Done);
    OperationPlan plan = *plain.plan;
    plan.moves.clear();
    plain.id = u"plain"_s;
    plain.plan = std::make_shared<const OperationPlan>(plan);
    m_run->setRun(shared(plain), {});
    QVERIFY(!map->isVisible());
}

void TestRunView::pageFiltersAndChooses()
{
    PageContext context(*m_theme);
    OperationsPage page(context);
    page.resize(1100, 700);
    page.show();
    QVERIFY(!page.isFilled());
    page.setView(samples::foreignView());
    QVERIFY(page.isFilled()); // filled even without a history
    const QList<RunSnapshotPtr> runs = samples::runs(*m_view);
    for (const RunSnapshotPtr &run : runs)
        page.takeRun(run);
    QCOMPARE(page.list()->model()->rowCount(), 0); // all runs belong to another cluster
    page.scope()->setCurrent(1);
    QCOMPARE(page.list()->model()->rowCount(), int(runs.size()));
    page.filterField()->setText(u"backup"_s);
    QCOMPARE(page.list()->model()->rowCount(), 1);
    page.showRun(runs.at(3)->id); // the filter would hide this run, so it is cleared
    QVERIFY(page.filterField()->text().isEmpty());
    QVERIFY(page.showsRun());
    QCOMPARE(page.runView()->run()->id, runs.at(3)->id);
    QVERIFY(!page.runView()->resumeButton()->isEnabled()); // disabled, because the run's nodes are not in this cluster
    page.setView(m_view);
    page.showRun(runs.at(3)->id);
    QVERIFY(page.runView()->resumeButton()->isEnabled());
    QTest::keyClick(page.list(), Qt::Key_Up);
    QCOMPARE(page.runView()->run()->id, runs.at(2)->id);
    QVERIFY(page.closeDetail());
    QVERIFY(!page.showsRun() && !page.closeDetail());
}

void TestRunView::readOnlySaysWhy()
{
    PageContext context(*m_theme);
    OperationsPage page(context);
    page.setView(m_view);
    page.show();
    QVERIFY(page.newOperations()->reason().isEmpty());
    context.setReadOnly(true);
    QVERIFY(page.newOperations()->reason().contains(u"read-only"_s));
    OperationButton *reshard = page.newOperations()->button(Operation::Reshard);
    QVERIFY(!reshard->isEnabled());
    QVERIFY(reshard->toolTip().contains(u"read-only"_s));
    context.setReadOnly(false);
    page.setView(samples::standalone());
    QVERIFY(!reshard->isEnabled());
    QVERIFY(page.newOperations()->button(Operation::Config)->isEnabled());
}

void TestRunView::cardsAreWorkedByKeys()
{
    PageContext context(*m_theme);
    OperationsPage page(context);
    page.resize(1100, 700);
    page.setView(m_view);
    page.show();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    QSignalSpy asked(&page, &Page::operationRequested);
    OperationButton *rebalance = page.newOperations()->button(Operation::Rebalance);
    QVERIFY(!rebalance->accessibleName().isEmpty() && !rebalance->accessibleDescription().isEmpty());
    rebalance->setFocus();
    QTest::keyClick(rebalance, Qt::Key_Space);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.first().first().value<OperationDraft>().operation, Operation::Rebalance);
}

SLOTSCOPE_TEST(TestRunView)
#include "tst_runview.moc"
