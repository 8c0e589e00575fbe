// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/translations.h"
#include "tests/support/samplerun.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "ui/health/healthcard.h"
#include "ui/shared/operationmenu.h"
#include "ui/shared/slotsunderway.h"
#include "ui/health/healthpanel.h"
#include "ui/shared/theme.h"
#include "ui/shell/healthpill.h"
#include "ui/shell/mainwindow.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestHealthPanel final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { setLanguage(); }
    void init();
    void cleanup();
    void listsEveryFinding();
    void countsInPlurals();
    void linksLeadToNodesAndSlots();
    void followsWithoutLosingItsPlace();
    void saysThatAllIsWell();
    void closesByEscAndClickBeside();
    void tabStaysInside();
    void copiesAll();
    void saysWhenTheNextTryIs();
    void findingsOfferTheWayOut();
    void ourOwnMovesAreNoFault_data();
    void ourOwnMovesAreNoFault();

private:
    [[nodiscard]] static std::shared_ptr<ClusterView> with(qsizetype findings);

    QTemporaryDir m_folder;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    ConnectionView *m_view = nullptr;
    HealthPanel *m_panel = nullptr;
};

void TestHealthPanel::init()
{
    m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
    m_settings = std::make_unique<QSettings>(m_folder.filePath(u"s.ini"_s), QSettings::IniFormat);
    m_window = std::make_unique<MainWindow>(*m_theme, *m_settings);
    m_window->resize(1000, 700);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    m_view = m_window->openConnection(u"shop"_s);
    m_view->setView(samples::degraded());
    m_panel = new HealthPanel(*m_theme, m_window->healthPill(), m_window.get());
    m_panel->setConnection(m_view);
    m_panel->openOver();
}

void TestHealthPanel::cleanup()
{
    m_window.reset();
    m_settings.reset();
    m_theme.reset();
}

std::shared_ptr<ClusterView> TestHealthPanel::with(qsizetype findings)
{
    auto view = std::make_shared<ClusterView>(*samples::degraded());
    view->findings.resize(std::min(findings, view->findings.size()));
    return view;
}

void TestHealthPanel::listsEveryFinding()
{
    QVERIFY(m_panel->isVisible());
    const QList<Finding> &findings = m_view->view()->findings;
    QCOMPARE(m_panel->cards().size(), findings.size());
    for (qsizetype i = 0; i < findings.size(); ++i) {
        QStringList texts;
        for (const QLabel *label : m_panel->cards().at(i)->findChildren<QLabel *>())
            texts << label->text();
        QVERIFY(texts.contains(findings.at(i).title));
        QVERIFY(texts.contains(findings.at(i).explanation));
    }
    QVERIFY(m_window->rect().contains(m_panel->geometry()));
}

void TestHealthPanel::countsInPlurals()
{
    auto view = with(2);
    for (Finding &finding : view->findings)
        finding.severity = Severity::Warning;
    m_view->setView(view);
    QCOMPARE(m_panel->summary(), u"2 warnings"_s);
    view = std::make_shared<ClusterView>(*view);
    view->findings.resize(1);
    m_view->setView(view);
    QCOMPARE(m_panel->summary(), u"1 warning"_s);
    QVERIFY(m_window->healthPill()->text().endsWith(u"1 warning"_s));
}

void TestHealthPanel::linksLeadToNodesAndSlots()
{
    QSignalSpy nodes(m_panel, &HealthPanel::nodeRequested), slotSets(m_panel, &HealthPanel::slotsRequested);
    Finding finding = m_view->view()->findings.first();
    finding.nodes = {m_view->view()->nodes.front().id};
    finding.slots = {SlotRange{5, 9}};
    auto view = with(1);
    view->findings = {finding};
    m_view->setView(view);
    const auto links = [this] {
        QList<QPushButton *> buttons = m_panel->cards().first()->findChildren<QPushButton *>();
        buttons.removeIf([](const QPushButton *button) { return !button->property("link").toBool(); });
        return buttons;
    };
    QCOMPARE(links().size(), 2);
    links().first()->click();
    QCOMPARE(nodes.size(), 1);
    QCOMPARE(nodes.first().first().toByteArray(), finding.nodes.first());
    QVERIFY(!m_panel->isVisible());
    m_panel->openOver();
    links().last()->click();
    QCOMPARE(slotSets.size(), 1);
    QCOMPARE(slotSets.first().first().value<SlotSet>(), finding.slots);
}

void TestHealthPanel::followsWithoutLosingItsPlace()
{
    auto *scroll = m_panel->findChild<QScrollArea *>();
    m_window->resize(1000, 520);
    auto many = with(100);
    while (many->findings.size() < 12)
        many->findings.append(many->findings.first());
    m_view->setView(many);
    QTRY_VERIFY(scroll->verticalScrollBar()->maximum() > 200);
    scroll->verticalScrollBar()->setValue(150);
    HealthCard *card = m_panel->cards().at(3);
    auto next = std::make_shared<ClusterView>(*many);
    next->findings[3].title = u"Something else now"_s;
    m_view->setView(next);
    QCoreApplication::processEvents();
    QCOMPARE(m_panel->cards().at(3), card);
    QVERIFY(card->accessibleName().contains(u"Something else now"_s));
    QCOMPARE(scroll->verticalScrollBar()->value(), 150);
}

void TestHealthPanel::saysThatAllIsWell()
{
    m_view->setView(samples::healthy());
    if (!m_view->view()->findings.isEmpty())
        m_view->setView([] {
            auto view = std::make_shared<ClusterView>(*samples::healthy());
            view->findings.clear();
            return view;
        }());
    QVERIFY(m_panel->cards().isEmpty());
    QStringList texts;
    for (const QLabel *label : m_panel->findChildren<QLabel *>())
        texts << label->text();
    QVERIFY(texts.contains(u"No problems"_s));
    QVERIFY2(texts.join(u'\n').contains(u"6 nodes agree; all 16,384 slots are covered"_s),
             qPrintable(texts.join(u'\n')));
}

void TestHealthPanel::closesByEscAndClickBeside()
{
    QTest::keyClick(m_window->focusWidget(), Qt::Key_Escape);
    QVERIFY(!m_panel->isVisible());
    m_panel->openOver();
    QTest::mouseClick(m_panel, Qt::LeftButton, {}, QPoint(30, 30));
    QVERIFY(m_panel->isVisible());
    QTest::mouseClick(m_view, Qt::LeftButton, {}, QPoint(20, 200));
    QVERIFY(!m_panel->isVisible());
    m_panel->addOpener(m_window->healthPill());
    connect(m_window->healthPill(), &QAbstractButton::clicked, m_panel, &HealthPanel::toggle);
    QTest::mouseClick(m_window->healthPill(), Qt::LeftButton);
    QVERIFY(m_panel->isVisible());
    QTest::mouseClick(m_window->healthPill(), Qt::LeftButton);
    QVERIFY(!m_panel->isVisible());
}

void TestHealthPanel::tabStaysInside()
{
    for (int i = 0; i < 30; ++i) {
        QTest::keyClick(m_window->focusWidget(), Qt::Key_Tab);
        QVERIFY(m_panel->isAncestorOf(m_window->focusWidget()));
    }
}

void TestHealthPanel::copiesAll()
{
    const QString text = m_panel->toText();
    for (const Finding &finding : m_view->view()->findings)
        QVERIFY(text.contains(finding.title));
    for (QPushButton *button : m_panel->findChildren<QPushButton *>()) {
        if (button->text() == u"Copy all")
            button->click();
    }
    QCOMPARE(QGuiApplication::clipboard()->text(), text);
}

void TestHealthPanel::saysWhenTheNextTryIs()
{
    const Error error{
        .code = Error::Code::ConnectionRefused, .detail = {}, .serverPrefix = {}, .node = u"a:1"_s, .command = {}};
    QVERIFY(lostText(error, 3500, 1000).contains(u"next try in 3 s · a:1: Connection refused."_s));
    QVERIFY(lostText(error, 0, 1000).contains(u"trying again…"_s));
    QCOMPARE(nextAttemptText(4900, 1000), u"Next attempt in 4 s."_s);
    QCOMPARE(nextAttemptText(1000, 1000), u"Trying again…"_s);
    ClusterView view = *samples::healthy();
    QCOMPARE(nextRetryAt(view, 10), 0);
    view.nodes.at(0).reach.state = Reach::State::Waiting;
    view.nodes.at(0).reach.retryAt = 900;
    view.nodes.at(1).reach = view.nodes.at(0).reach;
    view.nodes.at(1).reach.retryAt = 500;
    QCOMPARE(nextRetryAt(view, 10), 500);
    QCOMPARE(nextRetryAt(view, 600), 900);
}

void TestHealthPanel::findingsOfferTheWayOut()
{
    auto view = std::make_shared<ClusterView>(*samples::degraded());
    NodeState &failed = view->nodes.at(size_t(view->shards.at(0).primary));
    failed.condition = NodeCondition::Failed;
    const auto acts = [&view](Finding::Kind kind, const QByteArrayList &nodes, const SlotSet &slotSet) {
        Finding finding;
        finding.kind = kind;
        finding.nodes = nodes;
        finding.slots = slotSet;
        return OperationActs::ofFinding(*view, finding);
    };
    const auto fix = acts(Finding::Kind::OpenSlots, {}, {{7, 9}});
    QCOMPARE(fix.size(), 1);
    QCOMPARE(fix.first().draft.operation, Operation::Fix);
    QCOMPARE(fix.first().draft.slots, (SlotSet{{7, 9}}));
    const auto failover = acts(Finding::Kind::NodeFailed, {failed.id}, {});
    QCOMPARE(failover.value(0).draft.operation, Operation::Failover);
    QVERIFY(acts(Finding::Kind::MixedVersions, {}, {}).isEmpty());
    HealthCard card;
    Finding finding;
    finding.kind = Finding::Kind::UncoveredSlots;
    finding.slots = {{1, 2}};
    card.setFinding(finding, *view);
    QSignalSpy chosen(&card, &HealthCard::operationChosen);
    card.findChild<QPushButton *>(u"fix"_s)->click();
    QCOMPARE(chosen.count(), 1);
    card.setReadOnly(true);
    card.findChild<QPushButton *>(u"fix"_s)->click();
    QCOMPARE(chosen.count(), 1);
}

void TestHealthPanel::ourOwnMovesAreNoFault_data()
{
    using Kind = Finding::Kind;
    QTest::addColumn<RunState>("state");
    QTest::addColumn<qint64>("endedAgo");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<Severity>("severity");
    QTest::addColumn<SlotSet>("slotSet");
    QTest::addColumn<bool>("ours");
    const SlotSet inPlan{{430, 461}};
    const auto row = [](const char *name, RunState state, qint64 endedAgo, Kind kind, Severity severity,
                        const SlotSet &slotSet,
                        bool ours) { QTest::newRow(name) << state << endedAgo << kind << severity << slotSet << ours; };
    row("open, moved now", RunState::Running, 0, Kind::OpenSlots, Severity::Warning, inPlan, true);
    row("open, stopping", RunState::Stopping, 0, Kind::OpenSlots, Severity::Warning, inPlan, true);
    row("open, others too", RunState::Running, 0, Kind::OpenSlots, Severity::Warning, {{430, 650}}, false);
    row("disputed while it moves", RunState::Running, 0, Kind::Disagreement, Severity::Error, inPlan, true);
    row("disputed elsewhere", RunState::Running, 0, Kind::Disagreement, Severity::Warning, {{9000, 9001}}, false);
    row("claimed by both ends", RunState::Running, 0, Kind::SlotClaimedTwice, Severity::Error, inPlan, true);
    row("another fault", RunState::Running, 0, Kind::NoReplica, Severity::Warning, inPlan, false);
    row("nobody has it", RunState::Running, 0, Kind::UncoveredSlots, Severity::Error, inPlan, false);
    row("just done: the view lags", RunState::Done, 0, Kind::OpenSlots, Severity::Warning, inPlan, true);
    row("done, still open", RunState::Done, 10'000, Kind::OpenSlots, Severity::Warning, inPlan, false);
    row("stopped, left open", RunState::Stopped, 0, Kind::OpenSlots, Severity::Warning, inPlan, false);
    row("failed, left open", RunState::Failed, 0, Kind::OpenSlots, Severity::Warning, inPlan, false);
    row("interrupted", RunState::Interrupted, 0, Kind::OpenSlots, Severity::Warning, inPlan, false);
}

void TestHealthPanel::ourOwnMovesAreNoFault()
{
    QFETCH(const RunState, state);
    QFETCH(const qint64, endedAgo);
    QFETCH(const Finding::Kind, kind);
    QFETCH(const Severity, severity);
    QFETCH(const SlotSet, slotSet);
    QFETCH(const bool, ours);
    auto view = std::make_shared<ClusterView>(*samples::healthy());
    Finding finding;
    finding.kind = kind;
    finding.severity = severity;
    finding.nodes = {view->nodes.front().id};
    finding.slots = slotSet;
    view->findings = {finding};
    RunSnapshot run = samples::reshardRun(*view, state);
    run.endedAt = view->takenAt - endedAgo;
    const auto shared = std::make_shared<const RunSnapshot>(run);
    const ClusterViewPtr shown = withRuns(ClusterViewPtr(view), QList<RunSnapshotPtr>{shared});
    QCOMPARE(shown->findings.size(), 1);
    QCOMPARE(isUnderWay(shown->findings.first()), ours);
    QCOMPARE(shown->health(), ours ? Severity::Note : severity);
    QCOMPARE(slotsUnderWay(*shown), ours ? slotSet : SlotSet());
    QCOMPARE(view->findings.first(), finding); // the original view is not changed
    QVERIFY(shown == view || ours);
    const ClusterViewPtr elsewhere = samples::foreignView();
    QVERIFY(withRuns(elsewhere, QList<RunSnapshotPtr>{shared}) == elsewhere);
    m_view->setView(shown);
    const QString pill = m_window->healthPill()->text();
    QCOMPARE(pill == u"Healthy · migrating slots"_s, ours);
    QCOMPARE(m_panel->summary() == u"1 note"_s, ours);
    QVERIFY(!ours || m_panel->toText().contains(u"Being moved by Slotscope: Move 1,000 slots"_s));
    // while a run moves the slots, no repair is offered
    QVERIFY(!ours || !m_panel->cards().first()->findChild<QPushButton *>(u"fix"_s));
}

SLOTSCOPE_TEST(TestHealthPanel)
#include "tst_healthpanel.moc"
