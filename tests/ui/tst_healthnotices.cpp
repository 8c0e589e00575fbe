// SPDX-License-Identifier: GPL-3.0-or-later
// What a user is told of clusters that he does not look at, and the tray's entry.
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "ui/shared/theme.h"
#include "ui/shared/trayentry.h"
#include "ui/shared/usernotices.h"
#include "ui/shell/healthnotices.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/settingsdialog.h"

#include <QElapsedTimer>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

using State = HealthWord::State;

HealthWord word(State state)
{
    HealthWord made;
    made.state = state;
    return made;
}

ClusterViewPtr withFinding(Severity severity, const QString &title)
{
    auto view = std::make_shared<ClusterView>(*samples::healthy());
    Finding finding;
    finding.kind = Finding::Kind::NodeFailed;
    finding.severity = severity;
    finding.title = title;
    view->findings = {finding};
    return view;
}

} // namespace

class TestHealthNotices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyWhatLasts();
    void anotherTabsHealth();
    void theTraysEntry();

private:
    QTemporaryDir m_folder;
};

void TestHealthNotices::onlyWhatLasts()
{
    HealthTurns turns;
    QVERIFY(!turns.take(word(State::Connecting), 0));
    // the first state is not reported, because the user has just connected
    QVERIFY(!turns.take(word(State::Degraded), 100));
    QVERIFY(!turns.take(word(State::Healthy), 1000));
    QVERIFY(!turns.take(word(State::Degraded), 1500)); // returns before the healthy state lasted long enough
    QVERIFY(!turns.isSettling());
    QVERIFY(!turns.take(word(State::Healthy), 2000));
    QVERIFY(turns.isSettling());
    auto turn = turns.take(word(State::Healthy), 2000 + HealthTurns::settleMs);
    QVERIFY(turn && turn->before.state == State::Degraded && turn->now.state == State::Healthy);
    QCOMPARE(turn->lastedMs, 1900);
    QVERIFY(!turns.take(word(State::Broken), 10'000));
    QVERIFY(!turns.take(word(State::Down), 11'900)); // the state changed again, so its time starts again
    turn = turns.take(word(State::Down), 11'900 + HealthTurns::settleMs);
    QVERIFY(turn && turn->now.state == State::Down);
    QVERIFY(!turns.take(word(State::Degraded), 20'000)); // an improvement is not reported unless the cluster is healthy
    QVERIFY(!turns.take(word(State::Degraded), 25'000));
    turn = turns.take(word(State::Broken), 30'000);
    turn = turns.take(word(State::Broken), 35'000);
    QVERIFY(turn && turn->before.state == State::Degraded);
    QVERIFY(!turns.take(word(State::NoConnection), 40'000));
    turn = turns.take(word(State::NoConnection), 45'000);
    QVERIFY(turn && turn->now.state == State::NoConnection);
    QVERIFY(!turns.take(word(State::Connecting), 50'000)); // while the session reconnects, the state is unknown
    QVERIFY(!turns.take(word(State::Healthy), 51'000));
    turn = turns.take(word(State::Healthy), 54'000);
    QVERIFY(turn && turn->before.state == State::NoConnection);
}

void TestHealthNotices::anotherTabsHealth()
{
    Theme theme(Theme::Mode::Dark);
    QSettings settings(m_folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    MainWindow window(theme, settings);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    ConnectionView *back = window.openConnection(u"shop"_s);
    ConnectionView *front = window.openConnection(u"other"_s);
    auto *notices = window.findChild<UserNotices *>();
    QVERIFY(notices);
    for (ConnectionView *view : {back, front}) {
        view->setState(SessionState::Ready, Error{});
        view->setView(samples::healthy());
    }
    // not reported, because the pill of the visible tab shows it
    front->setView(withFinding(Severity::Error, u"node 7001 has failed"_s));
    back->setView(withFinding(Severity::Error, u"node 7002 has failed"_s));
    QTRY_VERIFY_WITH_TIMEOUT(!notices->text().isEmpty(), 10'000);
    QCOMPARE(notices->text(), u"node 7002 has failed"_s);
    auto *health = new QSignalSpy(&window, &MainWindow::healthRequested);
    health->setParent(&window);
    notices->card()->findChild<QPushButton *>(u"noticeShow"_s)->click();
    QCOMPARE(window.currentConnection(), back);
    QCOMPARE(health->size(), 1);
    window.showConnection(front);
    back->setView(samples::healthy());
    QTRY_VERIFY_WITH_TIMEOUT(notices->text().startsWith(u"Previously "_s), 10'000);
    // Nothing is reported if the user has switched notifications off.
    notices->card()->hide();
    settings.setValue(u"watch/notify"_s, false);
    QMetaObject::invokeMethod(window.openSettings(), "changed", Q_ARG(QString, u"watch/notify"_s));
    window.openSettings()->close();
    QSignalSpy turned(window.findChild<HealthNotices *>(), &HealthNotices::turned);
    back->setView(withFinding(Severity::Error, u"node 7002 has failed"_s));
    front->setView(samples::healthy());
    QElapsedTimer since;
    since.start();
    QTRY_VERIFY_WITH_TIMEOUT(since.elapsed() > HealthTurns::settleMs + 1500, 10'000);
    QCOMPARE(turned.size(), 0);
}

void TestHealthNotices::theTraysEntry()
{
    Theme theme(Theme::Mode::Dark);
    QSettings settings(m_folder.filePath(u"settings2.ini"_s), QSettings::IniFormat);
    MainWindow window(theme, settings);
    window.show();
    TrayEntry *tray = window.findChild<UserNotices *>()->tray();
    QVERIFY(!tray->isWanted() && !tray->menu());
    settings.setValue(u"watch/tray"_s, true);
    QMetaObject::invokeMethod(window.openSettings(), "changed", Q_ARG(QString, u"watch/tray"_s));
    window.openSettings()->close();
    QVERIFY(tray->isWanted() && tray->menu());
    ConnectionView *first = window.openConnection(u"shop & more"_s);
    window.openConnection(u"other"_s);
    first->setState(SessionState::Ready, Error{});
    first->setView(withFinding(Severity::Error, u"node 7002 has failed"_s));
    QVERIFY2(tray->toolTip().contains(u"shop & more: Broken · 1 error"_s), qPrintable(tray->toolTip()));
    QVERIFY(tray->toolTip().contains(u"other: Connecting"_s));
    const QList<QAction *> acts = tray->menu()->actions();
    QCOMPARE(acts.size(), 5); // two connections, a separator, the window and Quit
    QCOMPARE(acts[0]->text(), u"shop && more: Broken · 1 error"_s);
    window.hide();
    acts[0]->trigger();
    QVERIFY(window.isVisible());
    QCOMPARE(window.currentConnection(), first);
    window.closeConnection(1);
    QCOMPARE(tray->menu()->actions().size(), 4);
    tray->menu()->actions().last()->trigger();
    QVERIFY(!window.isVisible());
}

SLOTSCOPE_TEST(TestHealthNotices)
#include "tst_healthnotices.moc"
