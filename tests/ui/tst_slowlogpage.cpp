// SPDX-License-Identifier: GPL-3.0-or-later
// The slow log's page on real servers, by mouse and by keys. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/session/corethread.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"
#include "ui/slowlog/entrycard.h"
#include "ui/slowlog/slowlogpage.h"
#include "ui/slowlog/slowlogplot.h"
#include "ui/slowlog/thresholdcard.h"
#include "ui/slowlog/thresholddialog.h"
#include "ui/topology/topologypage.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QThreadPool>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestSlowlogPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void nothingIsSlow();
    void entriesComeAndAGroupFilters();
    void spacePausesAndFiltersFilter();
    void thresholdsAreSet();
    void theLogIsReset();
    void entriesOutliveTheProgram();
    void theChosenEntryIsShownWhole();
    void readOnlyChangesNothing();
    void aUserWithoutTheRight();
    void aNodeThatIsGoneIsNamed();
    void narrowWindowsFoldThePanel();
    void pictures();

private:
    static constexpr int nodes = 3;
    void onAll(const Command &command)
    {
        for (int node = 0; node < nodes; ++node)
            std::ignore = m_cluster->run(node, command);
    }
    SlowlogPage *open(const ConnectionTarget &target)
    {
        m_view = m_window->openSession(std::make_unique<SessionDoor>(m_thread, target));
        m_window->showPage(u"slowlog"_s);
        return qobject_cast<SlowlogPage *>(m_view->page(u"slowlog"_s));
    }
    SlowlogPage *open() { return open(m_cluster->target({0})); }
    /// Makes every command slow by setting the threshold to 0, and runs some commands on each node.
    void makeSlow()
    {
        onAll({"CONFIG"_ba, "SET"_ba, "slowlog-log-slower-than"_ba, "0"_ba});
        for (int node = 0; node < nodes; ++node) {
            std::ignore = m_cluster->run(node, {"KEYS"_ba, "cart:*"_ba});
            std::ignore = m_cluster->run(node, {"ECHO"_ba, QByteArray("k\xff\x00z", 4)});
        }
        onAll({"CONFIG"_ba, "SET"_ba, "slowlog-log-slower-than"_ba, "10000"_ba});
    }
    static int countOf(SlowlogPage *page, const QByteArray &shape)
    {
        const ShapeFigures *row = page->shapes().at(page->shapes().rowOf(shape));
        return row ? int(row->count) : 0;
    }
    template <typename T>
    static T *dialog(QWidget *of, const QString &name)
    {
        T *found = nullptr;
        (void)QTest::qWaitFor([&] {
            for (T *child : of->findChildren<T *>(name))
                if (child->isVisible())
                    found = child;
            return found != nullptr;
        });
        return found;
    }
    static void answer(QMessageBox *box, const QString &button)
    {
        for (QAbstractButton *each : box->buttons())
            if (each->text() == button)
                QTest::mouseClick(each, Qt::LeftButton);
    }
    static void clickRow(TableView *table, int row, int column)
    {
        const QModelIndex index = table->proxy()->mapFromSource(table->proxy()->sourceModel()->index(row, column));
        table->scrollTo(index);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(index).center());
    }
    void grab(const QString &name)
    {
        const QString folder = qEnvironmentVariable("SLOTSCOPE_GRAB");
        if (folder.isEmpty())
            return;
        QDir().mkpath(folder);
        for (const auto &[mode, word] : {std::pair(Theme::Mode::Dark, u"dark"_s), {Theme::Mode::Light, u"light"_s}}) {
            m_theme->setMode(mode);
            for (int i = 0; i < 5; ++i)
                QApplication::processEvents();
            m_window->grab().save(folder + u"/slowlog-"_s + name + u'-' + word + u".png"_s);
        }
        m_theme->setMode(Theme::Mode::Dark);
    }

    QTemporaryDir m_folder;
    CoreThread m_thread;
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<MainWindow> m_window;
    ConnectionView *m_view = nullptr;
};

void TestSlowlogPage::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second;
    options.replicasPerPrimary = 0;
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    QVERIFY(QCoro::waitFor((*m_cluster)->loadSampleData(4)));
}

void TestSlowlogPage::cleanupTestCase()
{
    m_cluster.reset();
}

void TestSlowlogPage::init()
{
    onAll({"CONFIG"_ba, "SET"_ba, "slowlog-log-slower-than"_ba, "10000000"_ba});
    onAll({"SLOWLOG"_ba, "RESET"_ba});
    m_settings = std::make_unique<QSettings>(m_folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_settings->clear();
    // otherwise this test's own clients would be hidden, because they have the program's client name
    m_settings->setValue(u"slowlog/hideOurs"_s, false);
    m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
    m_window = std::make_unique<MainWindow>(*m_theme, *m_settings);
    m_window->resize(1440, 900);
    m_window->show();
}

void TestSlowlogPage::cleanup()
{
    m_window.reset();
    m_theme.reset();
    m_settings.reset();
}

void TestSlowlogPage::nothingIsSlow()
{
    SlowlogPage *page = open();
    QTRY_VERIFY2(page->emptyState()->title().startsWith(u"Nothing slower than 10 s since "_s),
                 qPrintable(page->emptyState()->title()));
    auto *lower = page->emptyState()->findChild<QPushButton *>();
    QTRY_VERIFY(lower->isVisible() && lower->isEnabled());
    QTest::mouseClick(lower, Qt::LeftButton);
    auto *thresholds = dialog<ThresholdDialog>(page, u"thresholdDialog"_s);
    QVERIFY(thresholds);
    QCOMPARE(thresholds->thresholdField()->text(), u"10000 ms"_s);
    thresholds->thresholdField()->setText(u"half a day"_s);
    QVERIFY(!thresholds->setButton()->isEnabled());
    QTest::keyClick(thresholds, Qt::Key_Escape);
}

void TestSlowlogPage::entriesComeAndAGroupFilters()
{
    SlowlogPage *page = open();
    const QAbstractItemModelTester entries(&page->entries());
    const QAbstractItemModelTester shapes(&page->shapes());
    QTRY_COMPARE(page->thresholds().heardOf(page->thresholds().nodeAt(2)) != nullptr, true);
    makeSlow();
    QTRY_COMPARE(countOf(page, "KEYS ?"), nodes);
    QTRY_COMPARE(countOf(page, "ECHO ?"), nodes);
    QVERIFY(page->isFilled());
    clickRow(page->shapesTable(), page->shapes().rowOf("KEYS ?"), 0);
    QCOMPARE(page->entries().rowCount(), nodes);
    QCOMPARE(page->plot()->ringedCount(), nodes);
    QVERIFY(page->plot()->shownCount() > nodes);
    auto *showAll = page->findChild<QPushButton *>(u"showAll"_s);
    QVERIFY(showAll->isVisible());
    page->readAgain();
    makeSlow();
    QTRY_COMPARE(page->entries().rowCount(), 2 * nodes); // the group stays selected
    QTest::mouseClick(showAll, Qt::LeftButton);
    QVERIFY(page->entries().rowCount() > 2 * nodes);
    QVERIFY(!page->shapesTable()->selectionModel()->hasSelection());
    QCOMPARE(page->plot()->ringedCount(), 0);
}

void TestSlowlogPage::spacePausesAndFiltersFilter()
{
    makeSlow();
    SlowlogPage *page = open();
    QTRY_COMPARE(countOf(page, "KEYS ?"), nodes);
    QVERIFY(page->isLive());
    page->entriesTable()->setFocus();
    QTest::keyClick(page->entriesTable(), Qt::Key_Space);
    QVERIFY(!page->isLive());
    QTest::keyClick(page->entriesTable(), Qt::Key_Space);
    QVERIFY(page->isLive());
    QTest::keyClick(page, Qt::Key_F, Qt::ControlModifier);
    auto *search = page->findChild<QLineEdit *>(u"search"_s);
    QTRY_VERIFY(search->hasFocus());
    QTest::keyClicks(search, u"keys cart"_s); // the space is typed into the field and does not pause the page
    QVERIFY(page->isLive());
    QCOMPARE(page->entries().rowCount(), nodes);
    auto *node = page->findChild<QComboBox *>(u"nodeFilter"_s);
    node->setCurrentIndex(1);
    QCOMPARE(page->entries().rowCount(), 1);
    search->clear();
    node->setCurrentIndex(0);
    QTest::mouseClick(page->findChild<QCheckBox *>(u"hideOurs"_s), Qt::LeftButton, {}, {8, 8});
    QTRY_COMPARE(countOf(page, "KEYS ?"), 0);
    QTest::mouseClick(page->findChild<QCheckBox *>(u"hideOurs"_s), Qt::LeftButton, {}, {8, 8});
    QTRY_COMPARE(countOf(page, "KEYS ?"), nodes);
    page->findChild<QComboBox *>(u"costFilter"_s)->setCurrentIndex(4); // slower than one second
    QCOMPARE(page->entries().rowCount(), 0);
}

void TestSlowlogPage::thresholdsAreSet()
{
    SlowlogPage *page = open();
    QTRY_VERIFY(page->thresholds().usualThreshold().has_value());
    QTest::mouseClick(page->thresholdCard()->editButton(), Qt::LeftButton);
    auto *thresholds = dialog<ThresholdDialog>(page, u"thresholdDialog"_s);
    QVERIFY(thresholds);
    QCOMPARE(thresholds->setButton()->text(), u"Set on 3 nodes"_s);
    thresholds->thresholdField()->setText(u"25 ms"_s);
    thresholds->capacityField()->setText(u"77"_s);
    QTest::mouseClick(thresholds->setButton(), Qt::LeftButton);
    QTRY_VERIFY2(thresholds->outcome().count(u"Done on 3 nodes."_s) == 2, qPrintable(thresholds->outcome()));
    QTest::keyClick(thresholds, Qt::Key_Escape);
    for (int node = 0; node < nodes; ++node) {
        const auto set = m_cluster->run(node, {"CONFIG"_ba, "GET"_ba, "slowlog-log-slower-than"_ba});
        QCOMPARE(set->items().at(1).bytes(), "25000"_ba);
    }
    QTRY_COMPARE(page->thresholds().usualThreshold(), std::optional<qint64>(25'000));
    QTRY_COMPARE(page->thresholds().usualCapacity(), std::optional<qint64>(77));
    page->thresholdCard()->table()->selectSourceRow(1); // then changes the threshold of a single node, by keyboard
    QTest::keyClick(page->thresholdCard()->table(), Qt::Key_Return);
    auto *one = dialog<ThresholdDialog>(page, u"thresholdDialog"_s);
    QVERIFY(one);
    one->thresholdField()->setText(u"50 ms"_s);
    QTest::keyClick(one->setButton(), Qt::Key_Space);
    QTRY_VERIFY2(one->outcome().contains(u"Done on 1 node."_s), qPrintable(one->outcome()));
    QTest::keyClick(one, Qt::Key_Escape);
    const QModelIndex over = page->thresholds().index(1, int(ThresholdModel::Column::Over));
    QTRY_COMPARE(over.data().toString(), u"≠ 50 ms"_s);
    QCOMPARE(over.data(ToneRole).toInt(), int(Tone::Warning));
}

void TestSlowlogPage::theLogIsReset()
{
    makeSlow();
    SlowlogPage *page = open();
    QTRY_COMPARE(countOf(page, "KEYS ?"), nodes);
    page->askToReset(page->thresholds().nodeAt(0));
    auto *question = dialog<QMessageBox>(page, u"resetQuestion"_s);
    QVERIFY(question);
    answer(question, u"Reset"_s);
    QTRY_VERIFY2(page->noticeText().contains(u"cleared"_s), qPrintable(page->noticeText()));
    const NodeState *node = m_view->context().view()->node(page->thresholds().nodeAt(0));
    for (int i = 0; i < nodes; ++i) {
        const qint64 length = m_cluster->run(i, {"SLOWLOG"_ba, "LEN"_ba})->toInteger();
        QVERIFY((m_cluster->address(i) == node->name) == (length == 0));
    }
    QCOMPARE(countOf(page, "KEYS ?"), nodes); // the entries already read stay
}

void TestSlowlogPage::entriesOutliveTheProgram()
{
    const QString folder = m_folder.filePath(u"logs"_s);
    qputenv("SLOTSCOPE_SLOWLOGS", folder.toUtf8());
    const auto files = [&folder] { return QDir(folder).entryInfoList({u"*.record"_s}, QDir::Files); };
    makeSlow();
    SlowlogPage *page = open();
    QTRY_COMPARE(countOf(page, "KEYS ?"), nodes);
    QVERIFY(!page->keepField()->isChecked()); // off by default
    QVERIFY(files().isEmpty());
    page->keepField()->click();
    QTRY_COMPARE(files().size(), 1);
    QVERIFY2(page->keepField()->toolTip().contains(folder), qPrintable(page->keepField()->toolTip()));
    m_window->closeConnection(0); // writes the entries to their file
    QThreadPool::globalInstance()->waitForDone();
    onAll({"SLOWLOG"_ba, "RESET"_ba});
    page = open();
    QVERIFY(page->keepField()->isChecked());
    QTRY_COMPARE(countOf(page, "KEYS ?"), nodes); // shown from the file, because the servers' logs were cleared
    page->readAgain();
    m_window->closeConnection(0);

    ConnectionTarget elsewhere = m_cluster->target({0});
    elsewhere.name = u"elsewhere"_s; // the same cluster under another connection name, for which entries are not kept
    page = open(elsewhere);
    QVERIFY(!page->keepField()->isChecked());
    m_window->closeConnection(0);

    page = open();
    QTRY_COMPARE(countOf(page, "KEYS ?"), nodes);
    page->keepField()->click();
    QTRY_COMPARE(files().size(), 0); // switching it off deletes the file
    QCOMPARE(countOf(page, "KEYS ?"), nodes);
    m_view->saveState(*m_settings);
    qunsetenv("SLOTSCOPE_SLOWLOGS");
}

void TestSlowlogPage::theChosenEntryIsShownWhole()
{
    makeSlow();
    SlowlogPage *page = open();
    QTRY_COMPARE(countOf(page, "KEYS ?"), nodes);
    page->showShape("ECHO ?");
    clickRow(page->entriesTable(), 0, int(SlowlogModel::Column::Words));
    EntryCard *card = page->entryCard();
    QCOMPARE(card->commandShown(), u"ECHO k\\xff\\x00z"_s);
    QVERIFY(card->adviceText().isEmpty());
    QTest::mouseClick(card->copyButton(), Qt::LeftButton);
    const auto copied = parseCommandLine(QGuiApplication::clipboard()->text().toLatin1());
    QVERIFY(copied);
    QCOMPARE(copied->value(1), QByteArray("k\xff\x00z", 4));
    page->showShape("KEYS ?");
    const SlowlogEntryPtr keys = page->entries().entryAt(1);
    // selects the entry by its dot in the plot
    QTest::mouseClick(page->plot(), Qt::LeftButton, {}, page->plot()->placeOf(*keys).toPoint());
    QVERIFY(card->entry());
    page->entriesTable()->selectSourceRow(page->entries().rowOf(keys));
    QVERIFY2(card->adviceText().contains(u"SCAN"_s), qPrintable(card->adviceText()));
    QTest::mouseClick(card->nodeButton(), Qt::LeftButton);
    QTRY_COMPARE(m_window->currentPage(), u"topology"_s);
}

void TestSlowlogPage::readOnlyChangesNothing()
{
    makeSlow();
    ConnectionTarget target = m_cluster->target({0});
    target.readOnly = true;
    SlowlogPage *page = open(target);
    QTRY_COMPARE(countOf(page, "KEYS ?"), nodes);
    QVERIFY(!page->findChild<QPushButton *>(u"reset"_s)->isEnabled());
    QVERIFY(!page->thresholdCard()->editButton()->isEnabled());
    QTest::keyClick(page->thresholdCard()->table(), Qt::Key_Return);
    QVERIFY(!page->findChild<ThresholdDialog *>());
}

void TestSlowlogPage::aUserWithoutTheRight()
{
    makeSlow();
    const Command user{"ACL"_ba, "SETUSER"_ba, "some"_ba, "on"_ba, ">x"_ba, "~*"_ba, "+@all"_ba, "-slowlog|get"_ba};
    std::ignore = m_cluster->run(0, user);
    for (int node = 1; node < nodes; ++node) {
        Command full = user;
        full.removeLast();
        std::ignore = m_cluster->run(node, full);
    }
    ConnectionTarget target = m_cluster->target({0});
    target.credentials.user = u"some"_s;
    target.credentials.password = u"x"_s;
    SlowlogPage *page = open(target);
    QTRY_COMPARE(countOf(page, "KEYS ?"), nodes - 1); // the entries of the other nodes are shown
    QTRY_VERIFY2(page->noticeText().contains(u"+slowlog|get"_s), qPrintable(page->noticeText()));
    QVERIFY2(page->noticeText().contains(m_cluster->address(0)), qPrintable(page->noticeText()));
    grab(u"refused"_s);
    onAll({"ACL"_ba, "DELUSER"_ba, "some"_ba});
}

void TestSlowlogPage::aNodeThatIsGoneIsNamed()
{
    makeSlow();
    SlowlogPage *page = open();
    QTRY_COMPARE(countOf(page, "KEYS ?"), nodes);
    (*m_cluster)->killNode(2);
    QTRY_VERIFY2(page->noticeText().contains(m_cluster->address(2)), qPrintable(page->noticeText()));
    grab(u"lost"_s);
    QCOMPARE(countOf(page, "KEYS ?"), nodes); // the entries already read stay
    QVERIFY(QCoro::waitFor((*m_cluster)->restartNode(2)));
    QTRY_VERIFY2(page->noticeText().isEmpty(), qPrintable(page->noticeText()));
}

void TestSlowlogPage::narrowWindowsFoldThePanel()
{
    makeSlow();
    SlowlogPage *page = open();
    QTRY_VERIFY(page->isFilled());
    auto *panel = page->findChild<QPushButton *>(u"panel"_s);
    QVERIFY(!panel->isVisible() && page->thresholdCard()->isVisible());
    m_window->resize(1000, 700);
    QTRY_VERIFY(panel->isVisible() && !page->thresholdCard()->isVisible());
    QTest::mouseClick(panel, Qt::LeftButton);
    QVERIFY(page->thresholdCard()->isVisible());
    QVERIFY(page->closeDetail());
    QVERIFY(!page->thresholdCard()->isVisible());
}

void TestSlowlogPage::pictures()
{
    if (qEnvironmentVariableIsEmpty("SLOTSCOPE_GRAB"))
        QSKIP("pictures are for people: SLOTSCOPE_GRAB=DIR");
    SlowlogPage *page = open();
    QTRY_VERIFY(page->emptyState()->title().startsWith(u"Nothing slower"_s));
    grab(u"empty"_s);
    onAll({"CONFIG"_ba, "SET"_ba, "slowlog-max-len"_ba, "128"_ba});
    onAll({"CONFIG"_ba, "SET"_ba, "slowlog-log-slower-than"_ba, "100"_ba});
    std::ignore = m_cluster->run(1, {"CONFIG"_ba, "SET"_ba, "slowlog-log-slower-than"_ba, "50"_ba});
    for (int round = 0; round < 40; ++round) {
        const QByteArray turns = QByteArray::number(3000 * (1 << (round % 9)));
        for (int node = 0; node < nodes; ++node) {
            std::ignore = m_cluster->run(node, {"KEYS"_ba, round % 3 ? "cart:*"_ba : "session:*"_ba});
            std::ignore = m_cluster->run(
                node, {"EVAL"_ba, "local s = 0 for i = 1, " + turns + " do s = s + i end return s", "0"_ba});
            std::ignore = m_cluster->run(node, {"SCAN"_ba, "0"_ba, "COUNT"_ba, QByteArray::number(40 * round)});
        }
        QApplication::processEvents(); // lets the page read meanwhile
    }
    QTRY_VERIFY(countOf(page, "KEYS ?") >= 24);
    page->findChildren<SegmentedControl *>().at(1)->setCurrent(3);
    page->showShape("KEYS ?");
    page->entriesTable()->selectRow(1);
    QTRY_VERIFY(page->plot()->ringedCount() > 0);
    grab(u"1440x900"_s);
    page->showShape({});
    m_window->resize(1000, 700);
    grab(u"1000x700"_s);
    QTest::mouseClick(page->findChild<QPushButton *>(u"panel"_s), Qt::LeftButton);
    grab(u"1000x700-panel"_s);
    m_window->resize(1920, 1080);
    grab(u"1920x1080"_s);
    page->editThresholds({});
    auto *dialogShown = dialog<ThresholdDialog>(page, u"thresholdDialog"_s);
    if (dialogShown)
        dialogShown->grab().save(qEnvironmentVariable("SLOTSCOPE_GRAB") + u"/slowlog-dialog-dark.png"_s);
}

SLOTSCOPE_TEST(TestSlowlogPage)
#include "tst_slowlogpage.moc"
