// SPDX-License-Identifier: GPL-3.0-or-later
// The question before an unfinished run is gone on with, without a server.
#include "tests/support/samplerun.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "ui/operations/consent.h"
#include "ui/operations/resumequestion.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestResumeQuestion : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { m_question.reset(); }
    void tellsWhatIsDoneAndLeft();
    void enterResumes_data();
    void enterResumes();
    void escapeCancels();
    void onlyAnotherTimeLimitIsPassedOn();
    void onlyAnotherThrottleIsPassedOn();
    void noTimeLimitWhereNothingMoves();
    void productionWantsATick();
    void everyCommandIsShown();
    void whatDestroysIsConsentedToAnew();
    void givingUpAValueIsNoDefault();
    void givingUpAValueInProductionIsTyped();

private:
    void ask(const RunSnapshot &run, BusyKeyPolicy busyKeys = BusyKeyPolicy::Stop, bool production = false);
    void press(Qt::Key key) { QTest::keyClick(QApplication::focusWidget(), key); }

    Theme m_theme{Theme::Mode::Dark};
    ClusterViewPtr m_view = samples::healthy();
    std::unique_ptr<ResumeQuestion> m_question;
    std::unique_ptr<QSignalSpy> m_agreed;
};

void TestResumeQuestion::ask(const RunSnapshot &run, BusyKeyPolicy busyKeys, bool production)
{
    Environment environment;
    environment.kind = production ? Environment::Kind::Production : Environment::Kind::Development;
    m_question =
        std::make_unique<ResumeQuestion>(run, ResumeOptions{.busyKeys = busyKeys}, u"shop"_s, environment, nullptr);
    m_agreed = std::make_unique<QSignalSpy>(m_question.get(), &ResumeQuestion::agreed);
    m_question->open();
    m_question->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_question.get()));
}

void TestResumeQuestion::tellsWhatIsDoneAndLeft()
{
    const RunSnapshot run = samples::reshardRun(*m_view, RunState::Interrupted, 3000);
    ask(run);
    for (const QString &words :
         {run.plan->title, u"on shop"_s, u"interrupted "_s, u"430 of 1,000 slots have moved, 570 are left."_s,
          u"It continues with step 1 of 2: Move 1,000 slots"_s})
        QVERIFY2(m_question->text().contains(words), qPrintable(words + u" is not in: "_s + m_question->text()));
    ask(samples::reshardRun(*m_view, RunState::Failed));
    for (const QString &words : {u"failed "_s, u"IOERR"_s, u"Slots left in migration: 430–433"_s})
        QVERIFY2(m_question->text().contains(words), qPrintable(words + u" is not in: "_s + m_question->text()));
}

void TestResumeQuestion::enterResumes_data()
{
    QTest::addColumn<bool>("inTheField");
    QTest::newRow("at once") << false;
    QTest::newRow("from the time limit") << true;
}

void TestResumeQuestion::enterResumes()
{
    QFETCH(const bool, inTheField);
    ask(samples::reshardRun(*m_view, RunState::Stopped));
    if (inTheField)
        m_question->timeoutBox()->setFocus();
    press(Qt::Key_Return);
    QCOMPARE(m_agreed->size(), 1);
    QVERIFY(!m_question->isVisible());
}

void TestResumeQuestion::escapeCancels()
{
    ask(samples::reshardRun(*m_view, RunState::Stopped));
    press(Qt::Key_Escape);
    QVERIFY(!m_question->isVisible());
    ask(samples::reshardRun(*m_view, RunState::Stopped));
    m_question->cancelButton()->setFocus();
    press(Qt::Key_Return); // presses the button with the keyboard focus
    QVERIFY(!m_question->isVisible());
    QCOMPARE(m_agreed->size(), 0);
}

void TestResumeQuestion::onlyAnotherTimeLimitIsPassedOn()
{
    RunSnapshot run = samples::reshardRun(*m_view, RunState::Stopped);
    run.plan = std::make_shared<const OperationPlan>(withCallTimeout(*run.plan, 7000));
    ask(run);
    QCOMPARE(m_question->timeoutBox()->value(), 7000);
    QVERIFY(!m_question->options().callTimeoutMs);
    m_question->timeoutBox()->setFocus();
    m_question->timeoutBox()->selectAll();
    QTest::keyClicks(m_question->timeoutBox(), u"9000"_s);
    press(Qt::Key_Return);
    QCOMPARE(m_agreed->size(), 1);
    QCOMPARE(m_agreed->first().first().value<ResumeOptions>().callTimeoutMs, std::optional<int>(9000));
}

void TestResumeQuestion::onlyAnotherThrottleIsPassedOn()
{
    const RunSnapshot run = samples::reshardRun(*m_view, RunState::Stopped);
    ask(run);
    QVERIFY(!m_question->options().keysPerSecond);
    m_question->throttleBox()->setFocus();
    m_question->throttleBox()->selectAll();
    QTest::keyClicks(m_question->throttleBox(), u"2500"_s);
    press(Qt::Key_Return);
    QCOMPARE(m_agreed->size(), 1);
    QCOMPARE(m_agreed->first().first().value<ResumeOptions>().keysPerSecond, std::optional<int>(2500));
}

void TestResumeQuestion::noTimeLimitWhereNothingMoves()
{
    RunSnapshot run = samples::reshardRun(*m_view, RunState::Interrupted);
    OperationPlan plan = *run.plan;
    plan.moves.clear();
    plan.steps.removeFirst();
    run.steps.removeFirst();
    run.plan = std::make_shared<const OperationPlan>(plan);
    ask(run);
    QVERIFY(!m_question->timeoutBox());
    QVERIFY(!m_question->text().contains(u"have moved"_s));
}

void TestResumeQuestion::everyCommandIsShown()
{
    RunSnapshot run = samples::reshardRun(*m_view, RunState::Interrupted);
    OperationPlan plan = *run.plan;
    QList<StepCommand> commands;
    for (int i = 0; i < 40; ++i)
        commands.append({{.id = QByteArray(40, 'a'), .address = u"10.0.0.%1:7000"_s.arg(i)},
                         commandOf("CONFIG", "SET", "maxmemory", QByteArray::number(i))});
    plan.steps.last().commands = commands;
    plan.steps.first().title = u"done already"_s;
    run.steps.first().state = StepState::State::Done;
    run.plan = std::make_shared<const OperationPlan>(plan);
    ask(run);
    const QString shown = m_question->commands()->toPlainText();
    for (const StepCommand &command : commands)
        QVERIFY2(shown.contains(shellLine(command)), qPrintable(shown));
    QVERIFY2(!shown.contains(u"done already"_s), qPrintable(shown));
    QVERIFY(m_question->resumeButton()->isEnabled());
}

void TestResumeQuestion::whatDestroysIsConsentedToAnew()
{
    RunSnapshot run = samples::reshardRun(*m_view, RunState::Interrupted);
    OperationPlan plan = *run.plan;
    plan.steps.last().commands = {
        {{.id = QByteArray(40, 'a'), .address = u"10.0.0.9:7000"_s}, commandOf("CLUSTER", "RESET", "HARD")}};
    run.plan = std::make_shared<const OperationPlan>(plan);
    ask(run);
    QVERIFY2(m_question->text().contains(u"CLUSTER RESET HARD to 10.0.0.9:7000"_s), qPrintable(m_question->text()));
    QVERIFY(!m_question->resumeButton()->isEnabled());
    run.steps.last().state = StepState::State::Done;
    ask(run);
    QVERIFY(m_question->resumeButton()->isEnabled());
}

void TestResumeQuestion::productionWantsATick()
{
    ask(samples::reshardRun(*m_view, RunState::Interrupted), BusyKeyPolicy::Stop, true);
    QCheckBox *box = m_question->consent()->box();
    QVERIFY(box && box->hasFocus() && !m_question->resumeButton()->isEnabled());
    press(Qt::Key_Return);
    QVERIFY(m_question->isVisible() && m_agreed->isEmpty());
    press(Qt::Key_Space);
    press(Qt::Key_Return);
    QCOMPARE(m_agreed->size(), 1);
}

void TestResumeQuestion::givingUpAValueIsNoDefault()
{
    RunSnapshot run = samples::reshardRun(*m_view, RunState::Failed);
    run.error->serverPrefix = "BUSYKEY";
    ask(run, BusyKeyPolicy::KeepTarget);
    QVERIFY(m_question->text().contains(u"The source's value of this key is deleted permanently"_s));
    QVERIFY(m_question->cancelButton()->hasFocus());
    press(Qt::Key_Return);
    QVERIFY(!m_question->isVisible() && m_agreed->isEmpty());
    ask(run, BusyKeyPolicy::KeepTarget);
    m_question->timeoutBox()->setFocus();
    press(Qt::Key_Return);
    QVERIFY(m_agreed->isEmpty());
    ask(run, BusyKeyPolicy::KeepTarget);
    QTest::mouseClick(m_question->resumeButton(), Qt::LeftButton);
    QCOMPARE(m_agreed->size(), 1);
    QCOMPARE(m_agreed->first().first().value<ResumeOptions>().busyKeys, BusyKeyPolicy::KeepTarget);
}

void TestResumeQuestion::givingUpAValueInProductionIsTyped()
{
    ask(samples::reshardRun(*m_view, RunState::Failed), BusyKeyPolicy::KeepSource, true);
    QLineEdit *field = m_question->consent()->field();
    QVERIFY(field && field->hasFocus());
    QTest::keyClicks(field, u"sho"_s);
    QVERIFY(!m_question->resumeButton()->isEnabled());
    QTest::keyClicks(field, u"p"_s);
    QVERIFY(m_question->resumeButton()->isEnabled());
    QTest::mouseClick(m_question->resumeButton(), Qt::LeftButton);
    QCOMPARE(m_agreed->size(), 1);
}

SLOTSCOPE_TEST(TestResumeQuestion)
#include "tst_resumequestion.moc"
