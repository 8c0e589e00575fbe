// SPDX-License-Identifier: GPL-3.0-or-later
// The profiler page on real servers: its cost is told first, groups and lines fill, limits end it, a group shows its
// lines alone. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/shared/gatequestion.h"
#include "ui/profiler/hotkeysview.h"
#include "ui/profiler/nodetiles.h"
#include "ui/profiler/profilerpage.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestProfilerPage : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_cluster.reset(); }
    void init() { makeWindow(); }
    void cleanup() { dropWindow(); }

    void itsCostIsToldFirst();
    void groupsAndLinesFill();
    void aGroupShowsItsLinesAlone();
    void secretsAreHidden();
    void aLimitEndsIt();
    void aUserWithoutTheRight();
    void productionAsksForTheName();
    void hotKeysAreFound();
    void narrowWindows();

private:
    ProfilerPage *open(const ConnectionTarget &target)
    {
        auto *page = openPage<ProfilerPage>(target, u"profiler"_s);
        const bool isReady = QTest::qWaitFor(
            [this, page] {
                return m_view->view() && m_view->view()->nodes.size() == 3 && page->startButton()->isEnabled();
            },
            20'000);
        return isReady ? page : nullptr;
    }
    ProfilerPage *open() { return open(m_cluster->target({0, 1, 2})); }
    void start(ProfilerPage *page)
    {
        QTest::mouseClick(page->startButton(), Qt::LeftButton);
        QTRY_VERIFY(page->profile().isRunning);
    }
    static void stop(ProfilerPage *page)
    {
        QTest::mouseClick(page->startButton(), Qt::LeftButton);
        QTRY_VERIFY(!page->profile().isRunning);
    }
    /// Runs `rounds` commands of another client on each node.
    void work(int rounds)
    {
        for (int i = 0; i < rounds; ++i)
            for (int node = 0; node < 3; ++node)
                QVERIFY(m_cluster->run(node, {"ECHO"_ba, "hello"_ba}));
    }
    static QString rowText(TableView *table, int row)
    {
        QStringList words;
        for (int column = 0; column < table->model()->columnCount(); ++column)
            words.append(table->model()->index(row, column).data().toString());
        return words.join(u'|');
    }
    static int rowWith(TableView *table, const QString &words)
    {
        for (int row = 0; row < table->model()->rowCount(); ++row)
            if (rowText(table, row).contains(words))
                return row;
        return -1;
    }

    std::unique_ptr<TestCluster> m_cluster;
};

void TestProfilerPage::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second;
    options.replicasPerPrimary = 0;
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
}

void TestProfilerPage::itsCostIsToldFirst()
{
    ProfilerPage *page = open();
    QVERIFY(page);
    QVERIFY(!page->profile().isRunning);
    const auto labels = page->findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->isVisible() && label->text().contains(u"a copy of every command"_s);
    }));
    grab(u"profiler-empty"_s);
}

void TestProfilerPage::groupsAndLinesFill()
{
    ProfilerPage *page = open();
    QVERIFY(page);
    start(page);
    work(5);
    QTRY_VERIFY(rowWith(page->groupsTable(), u"ECHO"_s) >= 0);
    QTRY_VERIFY(rowWith(page->linesTable(), u"ECHO hello"_s) >= 0);
    QVERIFY2(page->subtitle().contains(u"none dropped"_s), qPrintable(page->subtitle()));
    QVERIFY2(page->costText().contains(u"Commands per second"_s), qPrintable(page->costText()));
    QCOMPARE(page->profile().nodes.size(), 3u);
    grab(u"profiler"_s);
    stop(page);
    QVERIFY2(page->subtitle().startsWith(u"stopped"_s), qPrintable(page->subtitle()));
    const quint64 lines = page->profile().lines;
    work(2);
    page->readAgain();
    QTRY_COMPARE(page->startButton()->text(), u"Start"_s);
    QCOMPARE(page->profile().lines, lines); // later commands are not recorded
}

void TestProfilerPage::aGroupShowsItsLinesAlone()
{
    ProfilerPage *page = open();
    QVERIFY(page);
    start(page);
    work(3);
    for (int node = 0; node < 3; ++node)
        QVERIFY(m_cluster->run(node, {"PUBLISH"_ba, "news"_ba, "x"_ba}));
    auto *by = page->findChild<SegmentedControl *>(u"groupBy"_s);
    by->setCurrent(1); // grouped by command
    QTRY_VERIFY(rowWith(page->groupsTable(), u"PUBLISH"_s) >= 0);
    stop(page);
    QTRY_VERIFY(rowWith(page->linesTable(), u"ECHO"_s) >= 0);
    const int row = rowWith(page->groupsTable(), u"PUBLISH"_s);
    const QRect cell = page->groupsTable()->visualRect(page->groupsTable()->model()->index(row, 0));
    QTest::mouseClick(page->groupsTable()->viewport(), Qt::LeftButton, {}, cell.center());
    QTRY_COMPARE(rowWith(page->linesTable(), u"ECHO"_s), -1);
    QVERIFY(rowWith(page->linesTable(), u"PUBLISH news"_s) >= 0);
    QVERIFY(page->closeDetail()); // what the Esc key does
    QTRY_VERIFY(rowWith(page->linesTable(), u"ECHO"_s) >= 0);
    page->findChild<QLineEdit *>(u"search"_s)->setText(u"publish"_s);
    QTRY_COMPARE(rowWith(page->linesTable(), u"ECHO"_s), -1);
}

void TestProfilerPage::secretsAreHidden()
{
    ProfilerPage *page = open();
    QVERIFY(page);
    start(page);
    for (int node = 0; node < 3;
         ++node) // the key's owner runs the command. Servers themselves hide AUTH and CONFIG from MONITOR.
        std::ignore = m_cluster->run(
            node, {"MIGRATE"_ba, "127.0.0.1"_ba, "1"_ba, "nothing"_ba, "0"_ba, "100"_ba, "AUTH"_ba, "geheim"_ba});
    QTRY_VERIFY(rowWith(page->linesTable(), u"MIGRATE"_s) >= 0);
    QCOMPARE(rowWith(page->linesTable(), u"geheim"_s), -1);
    stop(page);
}

void TestProfilerPage::aLimitEndsIt()
{
    ProfilerPage *page = open();
    QVERIFY(page);
    auto *time = page->findChild<QComboBox *>(u"time"_s);
    time->setItemData(0, 300); // a short time limit
    time->setCurrentIndex(0);
    QTest::mouseClick(page->startButton(), Qt::LeftButton);
    QTRY_VERIFY(page->profile().startedAt > 0 && !page->profile().isRunning);
    QTRY_VERIFY2(!page->noticeText().isEmpty(), "why it ended");
    QTRY_COMPARE(page->startButton()->text(), u"Start"_s);
}

void TestProfilerPage::aUserWithoutTheRight()
{
    for (int node = 0; node < 3; ++node)
        QVERIFY(m_cluster->run(node,
                               {"ACL"_ba, "SETUSER"_ba, "some"_ba, "on"_ba, ">x"_ba, "~*"_ba, "+@all"_ba,
                                node == 1 ? "-monitor"_ba : "+monitor"_ba}));
    ConnectionTarget target = m_cluster->target({0});
    target.credentials = {.user = u"some"_s, .password = u"x"_s};
    ProfilerPage *page = open(target);
    QVERIFY(page);
    QTest::mouseClick(page->startButton(), Qt::LeftButton);
    QTRY_VERIFY2(page->noticeText().contains(u"ACL SETUSER some +monitor"_s), qPrintable(page->noticeText()));
    QVERIFY2(page->noticeText().contains(m_cluster->address(1)), qPrintable(page->noticeText()));
    QVERIFY(page->profile().isRunning); // the other nodes are profiled
    work(2);
    QTRY_VERIFY(rowWith(page->linesTable(), u"ECHO"_s) >= 0);
    grab(u"profiler-refused"_s);
    stop(page);
}

void TestProfilerPage::productionAsksForTheName()
{
    ConnectionTarget target = m_cluster->target({0});
    target.environment = EnvironmentKind::Production;
    target.readOnly = false;
    ProfilerPage *page = open(target);
    QVERIFY(page);
    QTest::mouseClick(page->startButton(), Qt::LeftButton);
    auto *question = shown<GateQuestion>(page);
    QVERIFY(question);
    QVERIFY(!page->profile().isRunning);
    question->reject();
    QTRY_VERIFY(!page->findChild<GateQuestion *>() || !page->findChild<GateQuestion *>()->isVisible());
    QVERIFY(!page->profile().isRunning);
}

void TestProfilerPage::hotKeysAreFound()
{
    ProfilerPage *page = open();
    QVERIFY(page);
    page->showHotKeys(true);
    HotKeysView *view = page->hotKeys();
    QTRY_COMPARE(view->tiles()->count(), 3);
    QTRY_VERIFY(view->tiles()->item(0)->data(NodeTiles::HeatRole).isValid());
    // these servers have no HOTKEYS, and without an LFU policy no access frequencies are known
    QTest::mouseClick(view->startButton(), Qt::LeftButton);
    QTRY_VERIFY(!view->isRunning());
    QCOMPARE(view->model().rowCount(), 0);
    QVERIFY2(view->notes().contains(u"noeviction"_s), qPrintable(view->notes()));
    QCOMPARE(view->notes().count(u'\n'), 0); // the same note of three nodes is shown once
    for (int node = 0; node < 3; ++node)
        QVERIFY(m_cluster->run(node, {"CONFIG"_ba, "SET"_ba, "maxmemory-policy"_ba, "allkeys-lfu"_ba}));
    const auto session = connectTo(m_cluster->target({0}));
    QVERIFY(session);
    for (int i = 0; i < 40; ++i)
        QVERIFY(QCoro::waitFor(session->execute({"SET"_ba, "cold:" + QByteArray::number(i), "1"_ba})));
    for (int i = 0; i < 500; ++i)
        QVERIFY(QCoro::waitFor(session->execute({"INCR"_ba, "hot"_ba})));
    QTest::mouseClick(view->startButton(), Qt::LeftButton);
    QTRY_COMPARE(view->model().rowCount(), 41);
    QTRY_VERIFY(!view->isRunning());
    QCOMPARE(view->table()->model()->index(0, 0).data().toString(), u"hot"_s);
    QVERIFY2(view->notes().contains(u"The counters cover no fixed interval"_s), qPrintable(view->notes()));
    QCOMPARE(view->notes().count(u'\n'), 0);
    grab(u"profiler-hotkeys"_s);
    for (int node = 0; node < 3; ++node)
        QVERIFY(m_cluster->run(node, {"CONFIG"_ba, "SET"_ba, "maxmemory-policy"_ba, "noeviction"_ba}));
    QMenu menu;
    Q_EMIT view->table()->menuRequested(&menu, 0);
    QCOMPARE(menu.actions().size(), 3);
    view->tiles()->setCurrentRow(1);
    QTest::keyClick(view->tiles(), Qt::Key_Return);
    QTRY_COMPARE(m_view->currentPage(), m_view->page(u"topology"_s));
}

void TestProfilerPage::narrowWindows()
{
    ProfilerPage *page = open();
    QVERIFY(page);
    m_window->resize(1000, 700);
    start(page);
    work(5);
    QTRY_VERIFY(rowWith(page->groupsTable(), u"ECHO"_s) >= 0);
    QVERIFY(page->startButton()->isVisible());
    QVERIFY2(page->startButton()->mapTo(page, QPoint(page->startButton()->width(), 0)).x() <= page->width(),
             "the button is in the window");
    grab(u"profiler-narrow"_s);
    stop(page);
}

SLOTSCOPE_TEST(TestProfilerPage)
#include "tst_profilerpage.moc"
