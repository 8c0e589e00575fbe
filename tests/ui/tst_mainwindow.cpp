// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/translations.h"
#include "core/cluster/slot.h"
#include "core/session/corethread.h"
#include "core/session/sessiondoor.h"
#include "tests/support/samplerun.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "ui/browser/browserpage.h"
#include "ui/browser/keypane.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/page.h"
#include "ui/shared/theme.h"
#include "ui/shell/healthpill.h"
#include "ui/shell/lockchip.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/pages.h"
#include "ui/shell/settingsdialog.h"
#include "ui/shell/statusline.h"
#include "ui/slots/shardlegend.h"
#include "ui/slots/slotmap.h"
#include "ui/slots/slotspage.h"

#include <QInputDialog>
#include <QTabBar>
#include <QApplication>
#include <QDateTime>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestMainWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { setLanguage(); }
    void init();
    void cleanup();
    void startPageAsks();
    void showsHealthAndStatus();
    void pillTellsErrorsFromWarnings();
    void ageIsOfWhatWasHeard();
    void saysWhyThereIsNoView();
    void failedFirstConnect();
    void tabsWithTheSameTitle();
    void aTagHasRoomInItsTab();
    void countsKeysOnlyWhereShown();
    void severalConnections();
    void pagesAreMadeOneByOne();
    void aStackAsksOnlyWhatItShows();
    void eachTabKeepsItsPage();
    void tellsBrieflyOfFiles();
    void menuOfATab();
    void anEmptyNodeIsNotDown();
    void shortcuts();
    void aChosenPageHasTheKeyboard();
    void theStartPageIsReachedBesideTabs();
    void anotherTryKeepsThePlace();
    void keysStepThroughTheTabs();
    void tellsAboutItself();
    void themeSwitches();
    void remembersPageAndTheme();
    void slotsPageFindsAKey();
    void slotsPageSelectsAndCounts();
    void standaloneHasNoSlots();
    void tellsOfWhatOtherClustersLeft();
    void theMapTakesOtherColours();
    void closesWhileBusy();

private:
    void makeWindow();
    [[nodiscard]] SlotsPage *slotsPage(ConnectionView *view) const
    {
        return qobject_cast<SlotsPage *>(view->page(u"slots"_s));
    }

    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<MainWindow> m_window;
};

void TestMainWindow::init()
{
    m_settings = std::make_unique<QSettings>(m_folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_settings->clear();
    m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
    makeWindow();
}

void TestMainWindow::makeWindow()
{
    m_window = std::make_unique<MainWindow>(*m_theme, *m_settings);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestMainWindow::cleanup()
{
    m_window.reset();
    m_theme.reset();
}

void TestMainWindow::startPageAsks()
{
    QSignalSpy wanted(m_window.get(), &MainWindow::connectRequested);
    QSignalSpy demo(m_window.get(), &MainWindow::demoRequested);
    QVERIFY(m_window->startPage()->isVisible());
    for (QPushButton *button : m_window->startPage()->findChildren<QPushButton *>())
        button->click();
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(demo.size(), 1);
}

void TestMainWindow::showsHealthAndStatus()
{
    ConnectionView *view = m_window->openConnection(u"shop"_s, {}, true);
    view->setView(samples::degraded());
    QCOMPARE(m_window->healthPill()->text(), u"Down · 2 errors"_s);
    const QString status = m_window->statusLine()->text();
    QVERIFY(status.contains(u"9 of 11 nodes up"_s));
    QVERIFY(status.contains(u"Slots 16,320 / 16,384 covered"_s));
    QVERIFY(!status.contains(u"not served"_s));
    const auto unserved = std::make_shared<ClusterView>(*samples::degraded());
    unserved->unserved.add(SlotRange{0, 5460});
    view->setView(unserved);
    QVERIFY2(m_window->statusLine()->text().contains(u"5,461 not served"_s),
             qPrintable(m_window->statusLine()->text()));
    QVERIFY(m_window->lockChip()->text().contains(u"Read-only"_s));
    QSignalSpy asked(m_window.get(), &MainWindow::healthRequested);
    m_window->healthPill()->click();
    QCOMPARE(asked.size(), 1);
    view->setView(samples::healthy());
    QCOMPARE(m_window->healthPill()->text(), u"Healthy"_s);
    QVERIFY(!m_window->statusLine()->text().contains(u"served"_s));
}

static Finding finding(Finding::Kind kind, Severity severity)
{
    Finding made;
    made.kind = kind;
    made.severity = severity;
    return made;
}

void TestMainWindow::pillTellsErrorsFromWarnings()
{
    ConnectionView *view = m_window->openConnection(u"shop"_s);
    auto cluster = std::make_shared<ClusterView>(*samples::healthy());
    cluster->findings = {finding(Finding::Kind::NodeFailed, Severity::Error),
                         finding(Finding::Kind::NoReplica, Severity::Warning)};
    view->setView(cluster);
    HealthPill *pill = m_window->healthPill();
    QCOMPARE(pill->text(), u"Broken · 1 error"_s);
    const QSize size = pill->sizeHint();
    cluster = std::make_shared<ClusterView>(*cluster);
    cluster->findings.removeFirst();
    view->setView(cluster);
    QCOMPARE(pill->text(), u"Degraded · 1 warning"_s);
    QCOMPARE(pill->sizeHint(), size);
    cluster = std::make_shared<ClusterView>(*cluster);
    cluster->findings = {finding(Finding::Kind::ClusterStateFail, Severity::Error)};
    view->setView(cluster);
    QCOMPARE(pill->text(), u"Down · 1 error"_s);
    view->setView(samples::healthy());
    QCOMPARE(pill->sizeHint(), size);
}

void TestMainWindow::ageIsOfWhatWasHeard()
{
    ConnectionView *view = m_window->openConnection(u"shop"_s);
    auto cluster = std::make_shared<ClusterView>(*samples::healthy());
    for (NodeState &node : cluster->nodes) {
        node.reach.state = Reach::State::Waiting;
        node.infoAt = node.observedAt = cluster->takenAt - 46'000;
    }
    view->setView(cluster);
    QVERIFY2(m_window->statusLine()->ageText().contains(u"46 s"_s), qPrintable(m_window->statusLine()->ageText()));
    QVERIFY2(m_window->statusLine()->text().startsWith(u"No node answers, 6 nodes, as of the last reply"_s),
             qPrintable(m_window->statusLine()->text()));
    QVERIFY(m_window->statusLine()->ageText().startsWith(u"Last reply"_s));
    cluster = std::make_shared<ClusterView>(*cluster);
    cluster->nodes.front().reach.state = Reach::State::Ready;
    cluster->nodes.front().infoAt = cluster->takenAt - 21'000;
    cluster->nodes.back().infoAt = cluster->takenAt; // the node no longer answers, so its age is ignored
    view->setView(cluster);
    QVERIFY2(m_window->statusLine()->ageText().contains(u"21 s"_s), qPrintable(m_window->statusLine()->ageText()));
    QVERIFY(m_window->statusLine()->ageText().startsWith(u"Data from"_s));
}

void TestMainWindow::failedFirstConnect()
{
    ConnectionView *view = m_window->openConnection(u"shop"_s);
    QCOMPARE(m_window->healthPill()->text(), u"Connecting"_s);
    const auto shownButtons = [view] {
        QStringList texts;
        for (const QPushButton *button : view->emptyState()->findChildren<QPushButton *>())
            if (button->isVisible())
                texts.append(button->text());
        return texts;
    };
    QVERIFY(shownButtons().isEmpty());
    view->setState(SessionState::Connecting,
                   {.code = Error::Code::HostNotFound,
                    .detail = u"Host not found"_s,
                    .serverPrefix = {},
                    .node = u"nosuch.invalid:6379"_s,
                    .command = {}});
    QCOMPARE(view->emptyState()->title(), u"Cannot connect to shop"_s);
    QVERIFY(view->emptyState()->accessibleDescription().contains(u"nosuch.invalid:6379"_s));
    QCOMPARE(shownButtons(), (QStringList{u"Try now"_s, u"Change connection…"_s}));
    QCOMPARE(m_window->healthPill()->text(), u"No connection"_s);
    const auto says = [&] { return view->emptyState()->accessibleDescription(); };
    QVERIFY(says().contains(u"Trying again…"_s));
    const Error refused{
        .code = Error::Code::ConnectionRefused, .detail = {}, .serverPrefix = {}, .node = u"a:1"_s, .command = {}};
    view->setState(SessionState::Connecting, refused, QDateTime::currentMSecsSinceEpoch() + 3'000'000);
    QVERIFY2(says().contains(u"Next attempt in "_s), qPrintable(says()));
    const QString before = says();
    QTRY_VERIFY(says() != before); // the message counts down
}

void TestMainWindow::tabsWithTheSameTitle()
{
    QCOMPARE(m_window->openConnection(u"one"_s)->title(), u"one"_s);
    QCOMPARE(m_window->openConnection(u"one"_s)->title(), u"one (2)"_s);
    QCOMPARE(m_window->openConnection(u"one"_s)->title(), u"one (3)"_s);
    m_window->closeConnection(1);
    QCOMPARE(m_window->openConnection(u"one"_s)->title(), u"one (2)"_s);
}

void TestMainWindow::aTagHasRoomInItsTab()
{
    auto *tabs = m_window->findChild<QTabBar *>();
    m_window->openConnection(u"shop"_s, Environment::of(Environment::Kind::Production));
    const int wide = tabs->tabRect(0).width();
    m_window->closeConnection(0);
    m_window->openConnection(u"shop"_s);
    QVERIFY2(wide > tabs->tabRect(0).width() + 40, QByteArray::number(wide).constData());
}

void TestMainWindow::countsKeysOnlyWhereShown()
{
    ConnectionView *view = m_window->openConnection(u"one"_s);
    SlotsPage *page = slotsPage(view);
    QSignalSpy asked(page, &SlotsPage::countingBegan);
    m_window->showPage(u"topology"_s);
    view->setView(samples::healthy());
    QCOMPARE(asked.size(), 0);
    m_window->showPage(u"slots"_s);
    QCOMPARE(asked.size(), 1); // requested once, for the card under the mouse pointer
    view->setView(samples::healthy(1));
    m_window->showPage(u"topology"_s);
    m_window->showPage(u"slots"_s);
    QCOMPARE(asked.size(), 1);
    page->setColouring(1);
    QCOMPARE(asked.size(), 1); // the counts are recent enough
    auto counts = std::make_shared<SlotKeyCounts>(*samples::keyCounts(*view->view()));
    counts->takenAt -= 125'000;
    page->setKeyCounts(counts);
    QVERIFY2(page->noteText().contains(u"counted 2 min"_s), qPrintable(page->noteText()));
}

void TestMainWindow::saysWhyThereIsNoView()
{
    ConnectionView *view = m_window->openConnection(u"shop"_s);
    QVERIFY(view->emptyState()->isVisible());
    view->setState(SessionState::Failed,
                   {.code = Error::Code::WrongPassword,
                    .detail = u"WRONGPASS invalid"_s,
                    .serverPrefix = {},
                    .node = {},
                    .command = {}});
    QVERIFY(view->emptyState()->title().contains(u"refuses access"_s));
    view->setState(SessionState::Ready, {});
    view->setView(samples::healthy());
    QVERIFY(!view->emptyState()->isVisible());
    view->setState(
        SessionState::Lost,
        {.code = Error::Code::ConnectionLost, .detail = u"gone"_s, .serverPrefix = {}, .node = {}, .command = {}});
    QVERIFY(!view->emptyState()->isVisible()); // the last view stays visible
    QCOMPARE(m_window->healthPill()->text(), u"No connection"_s);
}

/// A new tab first creates only the page that it shows. The other pages follow one by one, or at once when they are
/// requested.
void TestMainWindow::pagesAreMadeOneByOne()
{
    ConnectionView *view = m_window->openConnection(u"one"_s);
    view->setView(samples::healthy());
    QCOMPARE(view->findChildren<Page *>().size(), 1);
    QVERIFY(view->currentPage());
    const Page *clients = view->page(u"clients"_s);
    QVERIFY(clients && clients->parent());
    QCOMPARE(view->page(u"clients"_s), clients);
    QCOMPARE(view->findChildren<Page *>().size(), 2);
    QVERIFY(!view->page(u"no such page"_s));
    QTRY_COMPARE(view->findChildren<Page *>().size(), pageInfos().size());
    QCOMPARE(view->page(u"clients"_s), clients);
    const Page *slotsPage = view->page(u"slots"_s);
    QVERIFY(slotsPage->isFilled()); // the page got the view when it was created
    view->setView(samples::standalone());
    QVERIFY(slotsPage->isFilled()); // a hidden page is updated later
    QTRY_VERIFY(!slotsPage->isFilled());
    view->setView(samples::healthy());
    view->showPage(u"slots"_s);
    QVERIFY(slotsPage->isFilled()); // a visible page is updated at once
}

void TestMainWindow::aStackAsksOnlyWhatItShows()
{
    struct Counting final : QWidget
    {
        [[nodiscard]] QSize sizeHint() const override
        {
            ++asked;
            return {300, 200};
        }
        mutable int asked = 0;
    };
    QWidget top;
    auto *layout = new QVBoxLayout(&top);
    auto *stack = new CurrentStack(&top);
    layout->addWidget(stack);
    auto *shown = new Counting, *hidden = new Counting;
    stack->addWidget(shown);
    stack->addWidget(hidden);
    top.show();
    QVERIFY(shown->asked > 0);
    QCOMPARE(hidden->asked, 0);
    QCOMPARE(stack->sizeHint(), QSize(300, 200));
    stack->setCurrentWidget(hidden);
    QTRY_VERIFY(hidden->asked > 0);
}

void TestMainWindow::severalConnections()
{
    ConnectionView *first = m_window->openConnection(u"one"_s);
    ConnectionView *second = m_window->openConnection(u"two"_s);
    QCOMPARE(m_window->currentConnection(), second);
    QSignalSpy closed(m_window.get(), &MainWindow::connectionClosed);
    m_window->closeConnection(1);
    QCOMPARE(closed.size(), 1);
    QCOMPARE(m_window->currentConnection(), first);
    m_window->closeConnection(0);
    QVERIFY(m_window->startPage()->isVisible());
    QVERIFY(!m_window->healthPill()->isVisible());
}

void TestMainWindow::eachTabKeepsItsPage()
{
    ConnectionView *first = m_window->openConnection(u"one"_s);
    m_window->showPage(u"slots"_s);
    ConnectionView *second = m_window->openConnection(u"two"_s);
    QCOMPARE(second->currentPageId(), u"slots"_s); // the page that was shown when the tab was opened
    QSignalSpy changed(m_window.get(), &MainWindow::pageChanged);
    m_window->showPage(u"metrics"_s);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(first->currentPageId(), u"slots"_s);
    m_window->showConnection(first);
    QCOMPARE(m_window->currentPage(), u"slots"_s);
    m_window->showConnection(second);
    QCOMPARE(m_window->currentPage(), u"metrics"_s);
}

/// A short message from a dialog over the window also appears in the window's status line.
void TestMainWindow::tellsBrieflyOfFiles()
{
    ConnectionView *view = m_window->openConnection(u"one"_s);
    tellBriefly(view->page(u"topology"_s), u"Written: /tmp/nodes.json (2 kB)"_s);
    QCOMPARE(m_window->statusLine()->briefText(), u"Written: /tmp/nodes.json (2 kB)"_s);
    QDialog over(m_window.get());
    QWidget inside(&over);
    tellBriefly(&inside, u"another"_s);
    QCOMPARE(m_window->statusLine()->briefText(), u"another"_s);
}

void TestMainWindow::menuOfATab()
{
    m_window->openConnection(u"one"_s);
    ConnectionView *second = m_window->openConnection(u"two"_s);
    m_window->openConnection(u"three"_s);
    QMenu menu;
    m_window->fillTabMenu(&menu, second);
    const auto act = [&menu](const QString &name) { return menu.findChild<QAction *>(name); };
    for (const auto *name : {"renameTab", "duplicateTab", "reconnectTab"}) // disabled, because the tab has no session
        QVERIFY2(!act(QString::fromLatin1(name))->isEnabled(), name);
    QSignalSpy renamed(m_window.get(), &MainWindow::renameRequested);
    m_window->askForName(second);
    auto *question = m_window->findChild<QInputDialog *>(u"renameQuestion"_s);
    QVERIFY(question);
    question->setTextValue(u"  shop \n1 "_s);
    question->accept();
    QCOMPARE(renamed.size(), 1);
    QCOMPARE(renamed.first().at(1).toString(), u"shop 1"_s);
    act(u"closeOtherTabs"_s)->trigger();
    QCOMPARE(m_window->connectionCount(), 1);
    QCOMPARE(m_window->currentConnection(), second);
}

void TestMainWindow::anEmptyNodeIsNotDown()
{
    ConnectionView *view = m_window->openConnection(u"one"_s);
    auto empty = std::make_shared<ClusterView>();
    empty->slotsKnown = true;
    empty->uncovered = SlotSet::all();
    empty->nodes.resize(1);
    Finding finding;
    finding.kind = Finding::Kind::EmptyNode;
    finding.severity = Severity::Warning;
    empty->findings = {finding};
    view->setView(empty);
    QCOMPARE(m_window->healthPill()->text(), u"Empty"_s);
}

void TestMainWindow::shortcuts()
{
    m_window->openConnection(u"one"_s)->setView(samples::healthy());
    QSignalSpy palette(m_window.get(), &MainWindow::paletteRequested);
    QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(m_window->currentPage(), u"slots"_s);
    QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
    QCOMPARE(palette.size(), 1);
    QTest::keyClick(m_window.get(), Qt::Key_W, Qt::ControlModifier);
    QCOMPARE(m_window->connectionCount(), 0);
}

/// A page chosen by shortcut or in the side bar gets the keyboard focus, so typing and Ctrl+F work at once. When the
/// user returns to a page, the focus is where it was.
void TestMainWindow::aChosenPageHasTheKeyboard()
{
    ConnectionView *view = m_window->openConnection(u"one"_s);
    view->setView(samples::healthy());
    auto *add = m_window->findChild<QWidget *>(u"settings"_s);
    int number = 0;
    for (const PageInfo &info : pageInfos()) {
        add->setFocus();
        if (++number < 10)
            QTest::keyClick(m_window.get(), Qt::Key(Qt::Key_0 + number), Qt::ControlModifier);
        else
            QTest::keyClick(m_window->findChild<QToolButton *>(info.id), Qt::Key_Space);
        QCOMPARE(m_window->currentPage(), info.id);
        const QWidget *focused = m_window->focusWidget();
        QVERIFY2(focused && view->page(info.id)->isAncestorOf(focused), qPrintable(info.id));
        QVERIFY2(focused->isVisible() && focused->isEnabled(), qPrintable(info.id));
    }
    QTest::keyClick(m_window.get(), Qt::Key_5, Qt::ControlModifier);
    auto *search = qobject_cast<BrowserPage *>(view->page(u"browser"_s))->keys()->searchField();
    QTest::keyClick(m_window->focusWidget(), Qt::Key_F, Qt::ControlModifier);
    QCOMPARE(m_window->focusWidget(), search);
    QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
    QVERIFY(view->page(u"topology"_s)->isAncestorOf(m_window->focusWidget()));
    QTest::keyClick(m_window.get(), Qt::Key_5, Qt::ControlModifier);
    QCOMPARE(m_window->focusWidget(), search);
}

void TestMainWindow::theStartPageIsReachedBesideTabs()
{
    ConnectionView *view = m_window->openConnection(u"one"_s);
    view->setView(samples::healthy());
    m_window->openConnection(u"two"_s)->setView(samples::healthy());
    const auto isAtStart = [this] { return m_window->startPage()->isVisible(); };
    QVERIFY(!isAtStart());
    QTest::mouseClick(m_window->findChild<QToolButton *>(u"home"_s), Qt::LeftButton);
    QVERIFY(isAtStart());
    view->setView(samples::degraded()); // a new view does not leave the start page
    QVERIFY(isAtStart());
    auto *tabs = m_window->findChild<QTabBar *>();
    QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(1).center()); // a click on the tab that was shown before
    QVERIFY(!isAtStart());
    for (const auto &leave : std::initializer_list<std::function<void()>>{
             [this] { QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier); },
             [this] { QTest::keyClick(m_window.get(), Qt::Key_PageDown, Qt::ControlModifier); },
             [this] { m_window->openConnection(u"three"_s); }}) {
        QTest::keyClick(m_window.get(), Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(isAtStart());
        leave();
        QVERIFY(!isAtStart());
    }
    QCOMPARE(m_window->connectionCount(), 3);
}

/// When a connection is opened again after the password was entered, its tab keeps its place, page and environment.
void TestMainWindow::anotherTryKeepsThePlace()
{
    CoreThread thread;
    const auto door = [&thread](const QString &uri) {
        return std::make_unique<SessionDoor>(thread, ConnectionTarget::parse(uri).value());
    };
    m_window->openSession(door(u"redis://127.0.0.1:1?name=first"_s));
    ConnectionView *failed = m_window->openSession(door(u"redis://127.0.0.1:2?name=second&env=production"_s));
    failed->showPage(u"slots"_s);
    m_window->openSession(door(u"redis://127.0.0.1:3?name=third"_s));
    const ConnectionView *view =
        m_window->openSessionInstead(failed, door(u"redis://127.0.0.1:2?name=second&env=production"_s));
    QCOMPARE(m_window->connectionCount(), 3);
    QCOMPARE(m_window->connection(1), view);
    QCOMPARE(m_window->currentConnection(), view);
    QCOMPARE(m_window->findChild<QTabBar *>()->tabText(1), u"second"_s);
    QCOMPARE(m_window->findChild<QTabBar *>()->tabText(2), u"third"_s);
    QCOMPARE(view->currentPageId(), u"slots"_s);
    QCOMPARE(view->environment().kind, Environment::Kind::Production);
    m_window.reset(); // before the thread of its sessions ends
}

/// Shortcuts step through the tabs in both directions and wrap around. With a single tab they do nothing.
void TestMainWindow::keysStepThroughTheTabs()
{
    const auto *first = m_window->openConnection(u"one"_s);
    QTest::keyClick(m_window.get(), Qt::Key_PageDown, Qt::ControlModifier);
    QCOMPARE(m_window->currentConnection(), first);
    const auto *second = m_window->openConnection(u"two"_s);
    const auto *third = m_window->openConnection(u"three"_s);
    QCOMPARE(m_window->currentConnection(), third);
    QTest::keyClick(m_window.get(), Qt::Key_PageDown, Qt::ControlModifier);
    QCOMPARE(m_window->currentConnection(), first);
    QTest::keyClick(m_window.get(), Qt::Key_PageUp, Qt::ControlModifier);
    QCOMPARE(m_window->currentConnection(), third);
    QTest::keyClick(m_window.get(), Qt::Key_Tab, Qt::ControlModifier);
    QCOMPARE(m_window->currentConnection(), first);
    QTest::keyClick(m_window.get(), Qt::Key_Tab, Qt::ControlModifier);
    QCOMPARE(m_window->currentConnection(), second);
    QTest::keyClick(m_window.get(), Qt::Key_Backtab, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(m_window->currentConnection(), first);
}

void TestMainWindow::tellsAboutItself()
{
    auto *look = m_window->findChild<QToolButton *>(u"look"_s);
    Q_EMIT look->menu()->aboutToShow();
    look->menu()->actions().last()->trigger();
    auto *about = m_window->findChild<QMessageBox *>(u"about"_s);
    QVERIFY(about);
    QVERIFY(about->informativeText().contains(QString::fromLatin1(qVersion())));
    about->close();
    QTest::mouseClick(m_window->findChild<QToolButton *>(u"settings"_s), Qt::LeftButton);
    QTRY_VERIFY(m_window->findChild<SettingsDialog *>());
}

void TestMainWindow::themeSwitches()
{
    QSignalSpy changed(m_theme.get(), &Theme::changed);
    QCOMPARE(QApplication::palette().color(QPalette::Window), darkTokens().bg);
    m_window->setThemeMode(int(Theme::Mode::Light));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(QApplication::palette().color(QPalette::Window), lightTokens().bg);
    QVERIFY(!m_theme->isDark());
}

void TestMainWindow::remembersPageAndTheme()
{
    m_window->showPage(u"slots"_s);
    m_window->setThemeMode(int(Theme::Mode::Light));
    m_window->close();
    m_window.reset();
    m_theme->setMode(Theme::Mode::Dark);
    makeWindow();
    QCOMPARE(m_window->currentPage(), u"slots"_s);
    QCOMPARE(m_theme->mode(), Theme::Mode::Light);
}

void TestMainWindow::slotsPageFindsAKey()
{
    ConnectionView *view = m_window->openConnection(u"one"_s);
    view->setView(samples::healthy());
    m_window->showPage(u"slots"_s);
    SlotsPage *page = slotsPage(view);
    QVERIFY(page->isFilled());
    page->keyField()->setText(u"user:{4711}:cart"_s);
    QCOMPARE(page->map()->found(), int(slotOfKey("4711")));
    page->keyField()->clear();
    QCOMPARE(page->map()->found(), -1);
}

void TestMainWindow::slotsPageSelectsAndCounts()
{
    const ClusterViewPtr sample = samples::degraded();
    ConnectionView *view = m_window->openConnection(u"one"_s);
    view->setView(sample);
    m_window->showPage(u"slots"_s);
    SlotsPage *page = slotsPage(view);
    page->map()->select(SlotSet{{0, 9}});
    QCOMPARE(page->selectionText(), u"10 slots of shard 1"_s);
    page->setKeyCounts(samples::keyCounts(*sample));
    QVERIFY(page->selectionText().endsWith(u"keys"_s));
    view->setView(samples::degraded(1));
    QCOMPARE(page->map()->selected(), (SlotSet{{0, 9}}));
    page->legend()->setCurrentIndex(page->legend()->model()->index(1, 0));
    QVERIFY(page->closeDetail());
    QVERIFY(page->map()->selected().isEmpty());
}

void TestMainWindow::standaloneHasNoSlots()
{
    ConnectionView *view = m_window->openConnection(u"one"_s);
    view->setView(samples::standalone());
    m_window->showPage(u"slots"_s);
    QVERIFY(!slotsPage(view)->isFilled());
    QVERIFY(!slotsPage(view)->map()->isVisible());
}

void TestMainWindow::tellsOfWhatOtherClustersLeft()
{
    const auto run =
        std::make_shared<const RunSnapshot>(samples::reshardRun(*samples::healthy(), RunState::Interrupted, 3));
    m_window->setUnfinished({run});
    QVERIFY(!m_window->runChip()->isVisible()); // hidden, because the start page shows the run
    ConnectionView *other = m_window->openConnection(u"other"_s);
    other->setView(samples::foreignView());
    QVERIFY(m_window->runChip()->isVisible());
    QCOMPARE(m_window->runChip()->text(), u"▲ 1 unfinished operation"_s);
    QSignalSpy chosen(m_window.get(), &MainWindow::unfinishedChosen);
    m_window->runChip()->click();
    auto *menu = m_window->findChild<QMenu *>();
    QVERIFY(menu);
    QCOMPARE(menu->actions().size(), 1);
    menu->actions().constFirst()->trigger();
    menu->close();
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen[0][0].toString(), run->id);
    m_window->openConnection(u"its own"_s)->setView(samples::healthy());
    QVERIFY(!m_window->runChip()->isVisible()); // hidden, because this tab shows the run
    m_window->closeConnection(1);
    QVERIFY(m_window->runChip()->isVisible());
}

/// If the shards get other colours, for example because another cluster uses the same addresses, the slot map is
/// repainted.
void TestMainWindow::theMapTakesOtherColours()
{
    ConnectionView *view = m_window->openConnection(u"shop"_s);
    m_window->showPage(u"slots"_s);
    view->setView(samples::healthy());
    auto *map = view->findChild<SlotMap *>();
    QVERIFY(map);
    const QImage before = map->viewport()->grab().toImage();
    const auto renamed = std::make_shared<ClusterView>(*samples::healthy());
    for (ShardState &shard : renamed->shards)
        shard.colour = (shard.colour + 6) % 12;
    view->setView(renamed);
    QVERIFY(map->viewport()->grab().toImage() != before);
}

void TestMainWindow::closesWhileBusy()
{
    for (int tick = 0; tick < 3; ++tick)
        m_window->openConnection(u"one"_s)->setView(samples::thousandNodes(tick));
    m_window.reset();
    QCoreApplication::processEvents();
}

SLOTSCOPE_TEST(TestMainWindow)
#include "tst_mainwindow.moc"
