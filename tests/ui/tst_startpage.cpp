// SPDX-License-Identifier: GPL-3.0-or-later
// The window without a connection: what was left unfinished is offered there.
#include "core/models/runwords.h"
#include "core/profile/recentconnections.h"
#include "tests/support/samplerun.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "ui/connect/startpage.h"
#include "ui/shared/operationmenu.h"
#include "ui/shared/unfinishedlist.h"
#include "ui/shared/theme.h"
#include "ui/shared/twolinedelegate.h"

#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestStartPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void offersWhatWasLeft();
    void takesNoRoomForNothing();
    void knowsWhatIsLeftOver_data();
    void knowsWhatIsLeftOver();
    void aCreateThatFailedIsLeftOver();

private:
    [[nodiscard]] RunSnapshotPtr run(RunState state) const
    {
        return std::make_shared<const RunSnapshot>(samples::reshardRun(*m_view, state, 3));
    }

    QTemporaryDir m_folder;
    QSettings m_settings{m_folder.filePath(u"settings.ini"_s), QSettings::IniFormat};
    Theme m_theme{Theme::Mode::Dark};
    RecentConnections m_recents{m_settings};
    SavedConnections m_saved{m_folder.filePath(u"connections.json"_s)};
    ClusterViewPtr m_view = samples::healthy();
};

void TestStartPage::offersWhatWasLeft()
{
    StartPage page(m_theme, m_recents, m_saved);
    const RunSnapshotPtr left = run(RunState::Interrupted);
    page.setUnfinished({left});
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    UnfinishedList *list = page.unfinished();
    QVERIFY(list->isVisible());
    QCOMPARE(list->count(), 1);
    QCOMPARE(list->item(0)->data(TwoLineDelegate::TitleRole).toString(), left->plan->title);
    const QString facts = list->item(0)->data(TwoLineDelegate::SubtitleRole).toString();
    QVERIFY2(facts.contains(u"43 %"_s) && facts.contains(left->cluster), qPrintable(facts));
    QSignalSpy chosen(&page, &StartPage::unfinishedChosen), dismissed(&page, &StartPage::unfinishedDismissed);
    QTest::keyClick(list, Qt::Key_Down);
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen[0][0].toString(), left->id);
    page.setUnfinished({left}); // the list is set again, and the run stays selected
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(dismissed.size(), 1);
    QCOMPARE(dismissed[0][0].toString(), left->id);
}

void TestStartPage::takesNoRoomForNothing()
{
    StartPage page(m_theme, m_recents, m_saved);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    QVERIFY(!page.unfinished()->isVisible());
    page.setUnfinished({run(RunState::Interrupted)});
    QVERIFY(page.unfinished()->isVisible());
    page.setUnfinished({});
    QVERIFY(!page.unfinished()->isVisible());
}

void TestStartPage::knowsWhatIsLeftOver_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("left");
    QTest::newRow("interrupted") << int(RunState::Interrupted) << true;
    QTest::newRow("stopped") << int(RunState::Stopped) << true;
    QTest::newRow("failed with open slots") << int(RunState::Failed) << true;
    QTest::newRow("done") << int(RunState::Done) << false;
    QTest::newRow("running") << int(RunState::Running) << false;
}

void TestStartPage::knowsWhatIsLeftOver()
{
    QFETCH(const int, state);
    RunSnapshot snapshot = *run(RunState(state));
    QTEST(isLeftOver(snapshot), "left");
    snapshot.rolledBack = true;
    QVERIFY(!isLeftOver(snapshot));
}

void TestStartPage::aCreateThatFailedIsLeftOver()
{
    RunSnapshot snapshot = *run(RunState::Failed); // no slots are open, but the nodes are no longer empty
    snapshot.leftOpen = {};
    QVERIFY(!isLeftOver(snapshot));
    OperationPlan plan = *snapshot.plan;
    plan.operation = Operation::Create;
    snapshot.plan = std::make_shared<const OperationPlan>(plan);
    QVERIFY(isLeftOver(snapshot));
    QVERIFY(!addressesOf(plan).isEmpty());
}

SLOTSCOPE_TEST(TestStartPage)
#include "tst_startpage.moc"
