// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs with many keys in the window: to a file and back, to another tab's connection, to another beginning of names.
// With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/browser/browserpage.h"
#include "ui/browser/bytesfield.h"
#include "ui/browser/elementdialog.h"
#include "ui/browser/jobdialog.h"
#include "ui/browser/keypane.h"
#include "ui/browser/rankbar.h"
#include "ui/browser/valuepane.h"
#include "ui/browser/valuetab.h"
#include "ui/operations/keyjoblist.h"
#include "ui/operations/operationspage.h"
#include "ui/shared/bulkstrip.h"
#include "ui/shared/rowsview.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestKeyJobs : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup() { dropWindow(); }

    void keysGoToAFileAndBack();
    void whatExistsIsLeftUntilAgreed();
    void aFullDiskIsSaid();
    void keysGoToAnotherTab();
    void aJobOutlivesItsTabs();
    void quittingAsksAboutAJob();
    void aProductionTargetIsAskedAbout();
    void aReadOnlyTargetIsRefused();
    void namesGetAnotherBeginning();
    void readOnlyMayExportOnly();
    void keysStandByTheirNumbers();
    void whatTheUserComesBackToIsKept();

private:
    void run(const Command &command)
    {
        const Result<Value> reply = QCoro::waitFor(m_session->execute(command));
        QVERIFY2(reply && !reply->isError(), command.join(' ').constData());
    }
    qint64 exists(const QByteArray &key)
    {
        const Result<Value> reply = QCoro::waitFor(m_session->execute(commandOf("EXISTS", key)));
        return reply ? reply->toInteger() : -1;
    }
    BrowserPage *open(const ConnectionTarget &target)
    {
        auto *page = openPage<BrowserPage>(target, u"browser"_s);
        const bool isRead = QTest::qWaitFor([page] { return isScanned(page); }, 20'000);
        return isRead ? page : nullptr;
    }
    static bool isScanned(BrowserPage *page)
    {
        return page->keys()->store().progress().state == ScanProgress::State::Done && page->isFilled();
    }
    static void selectFolder(BrowserPage *page, const QByteArray &folder)
    {
        const int row = page->keys()->model().rowOfFolder(folder);
        QVERIFY2(row >= 0, folder.constData());
        page->keys()->rows()->setCurrentIndex(page->keys()->model().index(row, 0));
    }
    /// Chooses an entry from the menu of the selected row.
    static void choose(BrowserPage *page, const QString &words)
    {
        QMenu menu;
        page->keys()->fillMenu(&menu, page->keys()->rows()->currentIndex().row());
        for (QAction *action : menu.actions()) {
            if (action->text() == words) {
                QVERIFY2(action->isEnabled(), qPrintable(words));
                action->trigger();
                return;
            }
        }
        QFAIL(qPrintable(words));
    }
    static QLineEdit *fieldNamed(QWidget *dialog, const QString &name)
    {
        for (auto *field : dialog->findChildren<QLineEdit *>())
            if (field->accessibleName() == name)
                return field;
        return nullptr;
    }
    static QComboBox *boxNamed(QWidget *dialog, const QString &name)
    {
        for (auto *box : dialog->findChildren<QComboBox *>())
            if (box->accessibleName() == name)
                return box;
        return nullptr;
    }
    static bool hasEnded(BrowserPage *page)
    {
        return QTest::qWaitFor([page] { return page->bulk()->progress().isOver() && !page->bulk()->isRunning(); },
                               20'000);
    }
    BrowserPage *exported(const QString &path)
    {
        BrowserPage *page = open(m_cluster->target({0}));
        if (!page)
            return nullptr;
        selectFolder(page, "job:"_ba);
        choose(page, u"Export…"_s);
        auto *dialog = shown<JobDialog>(page);
        if (!dialog)
            return nullptr;
        fieldNamed(dialog, u"File"_s)->setText(path);
        grab(u"export-dialog"_s, dialog);
        QTest::mouseClick(dialog->actButton(), Qt::LeftButton);
        return hasEnded(page) ? page : nullptr;
    }
    /// Imports the file with the dialog's default options. If `check` is true, the file is only checked.
    void import(BrowserPage *page, const QString &path, bool check)
    {
        QTest::mouseClick(page->importButton(), Qt::LeftButton);
        auto *dialog = shown<JobDialog>(page);
        QVERIFY(dialog);
        QVERIFY(!dialog->actButton()->isEnabled()); // no file is chosen yet
        fieldNamed(dialog, u"File"_s)->setText(path);
        if (check)
            boxNamed(dialog, u"What to do"_s)->setCurrentIndex(0);
        grab(u"import-dialog"_s, dialog);
        QTest::mouseClick(dialog->actButton(), Qt::LeftButton);
        QVERIFY(hasEnded(page));
    }

    BrowserPage *beginSlowCopy(int keys);

    std::unique_ptr<TestCluster> m_cluster, m_other;
    std::unique_ptr<ClusterSession> m_session;
};

void TestKeyJobs::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second;
    options.replicasPerPrimary = 0;
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    LocalClusterOptions single;
    single.primaries = 1;
    single.replicasPerPrimary = 0;
    single.clusterMode = false;
    m_other = std::make_unique<TestCluster>(single);
    QVERIFY2(m_other->start(), qPrintable(m_other->failure()));
    m_session = std::make_unique<ClusterSession>(m_cluster->target({0}));
    m_session->start();
    QVERIFY(QCoro::waitFor(m_session->connected(8000)));
}

void TestKeyJobs::cleanupTestCase()
{
    m_session.reset();
    m_cluster.reset();
    m_other.reset();
}

void TestKeyJobs::init()
{
    for (int node = 0; node < 3; ++node)
        QVERIFY(m_cluster->run(node, {"FLUSHALL"_ba}));
    for (int i = 0; i < 50; ++i)
        run({"SET"_ba, "job:" + QByteArray::number(i), "v" + QByteArray::number(i)});
    run({"HSET"_ba, "job:hash"_ba, "f"_ba, "\xff\x00"_ba});
    run({"SET"_ba, "apart"_ba, "v"_ba});
    QVERIFY(m_other->run(0, {"FLUSHALL"_ba}));
    makeWindow();
}

void TestKeyJobs::keysGoToAFileAndBack()
{
    const QString path = m_folder.filePath(u"keys.jsonl"_s);
    BrowserPage *page = exported(path);
    QVERIFY(page);
    QCOMPARE(page->bulk()->progress().changed, 51);
    QVERIFY2(page->bulk()->text().contains(u"51 written"_s), qPrintable(page->bulk()->text()));
    QFile file(path);
    QVERIFY(file.open(QFile::ReadOnly));
    QCOMPARE(file.readAll().count('\n'), 53);
    grab(u"export"_s);

    for (int i = 0; i < 50; ++i)
        run({"UNLINK"_ba, "job:" + QByteArray::number(i)});
    import(page, path, true);
    QVERIFY2(page->bulk()->text().contains(u"50 would be written"_s), qPrintable(page->bulk()->text()));
    QCOMPARE(exists("job:7"_ba), 0);
    import(page, path, false);
    QCOMPARE(page->bulk()->progress().changed, 50);
    QCOMPARE(exists("job:7"_ba), 1);
    QTRY_VERIFY(isScanned(page)); // the imported keys are listed
    QTRY_COMPARE(page->keys()->store().progress().seen, quint64(52));
}

void TestKeyJobs::whatExistsIsLeftUntilAgreed()
{
    const QString path = m_folder.filePath(u"again.jsonl"_s);
    BrowserPage *page = exported(path);
    QVERIFY(page);
    run({"SET"_ba, "job:3"_ba, "newer"_ba});
    import(page, path, false);
    QCOMPARE(page->bulk()->progress().changed, 0);
    QCOMPARE(page->bulk()->progress().conflicts.size(), 51);
    QVERIFY(page->bulk()->replaceButton()->isVisible());
    grab(u"import-conflicts"_s);
    QTest::mouseClick(page->bulk()->replaceButton(), Qt::LeftButton);
    auto *question = shown<QMessageBox>(page);
    QVERIFY(question && question->text().contains(u"51"_s));
    answer(question, u"Replace 51 keys"_s);
    QTRY_COMPARE(page->bulk()->progress().changed, 51);
    const Result<Value> now = QCoro::waitFor(m_session->execute(commandOf("GET", "job:3")));
    QCOMPARE(now->bytes(), "v3"_ba);
    QVERIFY(!page->bulk()->replaceButton()->isVisible());
}

void TestKeyJobs::aFullDiskIsSaid()
{
    if (!QFileInfo::exists(u"/dev/full"_s))
        QSKIP("no /dev/full here");
    BrowserPage *page = exported(u"/dev/full"_s);
    QVERIFY(page);
    QVERIFY2(page->bulk()->text().contains(u"No space left"_s), qPrintable(page->bulk()->text()));
    QCOMPARE(page->bulk()->progress().state, BulkProgress::State::Stopped);
}

void TestKeyJobs::keysGoToAnotherTab()
{
    QVERIFY(open(m_cluster->target({0})));
    ConnectionView *first = m_view;
    (void)openPage<BrowserPage>(m_other->target({0}), u"browser"_s);
    QTRY_VERIFY(m_view->state() == SessionState::Ready);
    const QString title = m_view->title();
    m_window->showConnection(first);
    auto *page = qobject_cast<BrowserPage *>(first->page(u"browser"_s));
    selectFolder(page, "job:"_ba);
    choose(page, u"Copy to another connection…"_s);
    auto *dialog = shown<JobDialog>(page);
    QVERIFY(dialog);
    QCOMPARE(boxNamed(dialog, u"To"_s)->currentText(), title);
    grab(u"copy-dialog"_s, dialog);
    QTest::mouseClick(dialog->actButton(), Qt::LeftButton);
    QVERIFY(hasEnded(page));
    QVERIFY2(page->bulk()->text().contains(u"51 copied and compared"_s), qPrintable(page->bulk()->text()));
    grab(u"copy"_s);
    QCOMPARE(m_other->run(0, {"DBSIZE"_ba})->toInteger(), 51);
    QCOMPARE(m_other->run(0, {"HGET"_ba, "job:hash"_ba, "f"_ba})->bytes(), "\xff\x00"_ba);
}

/// Starts copying the keys of a folder to the other servers' tab at 100 keys per second.
BrowserPage *TestKeyJobs::beginSlowCopy(int keys)
{
    for (int i = 0; i < keys; ++i)
        run({"SET"_ba, "slow:" + QByteArray::number(i), "v"_ba});
    if (!open(m_cluster->target({0})))
        return nullptr;
    ConnectionView *first = m_view;
    (void)openPage<BrowserPage>(m_other->target({0}), u"browser"_s);
    if (!QTest::qWaitFor([this] { return m_view->state() == SessionState::Ready; }))
        return nullptr;
    m_window->showConnection(first);
    auto *page = qobject_cast<BrowserPage *>(first->page(u"browser"_s));
    selectFolder(page, "slow:"_ba);
    choose(page, u"Copy to another connection…"_s);
    auto *dialog = shown<JobDialog>(page);
    if (!dialog)
        return nullptr;
    boxNamed(dialog, u"Speed"_s)->setCurrentIndex(1);
    QTest::mouseClick(dialog->actButton(), Qt::LeftButton);
    const bool runs = QTest::qWaitFor([page] { return page->bulk()->progress().handled() > 0; });
    return runs && page->bulk()->isRunning() ? page : nullptr;
}

void TestKeyJobs::aJobOutlivesItsTabs()
{
    constexpr int keys = 300;
    QVERIFY(beginSlowCopy(keys));
    m_window->askToClose(m_window->connection(1));
    m_window->askToClose(m_window->connection(0));
    QVERIFY(m_window->findChildren<QMessageBox *>(u"unsavedQuestion"_s).isEmpty());
    QCOMPARE(m_window->connectionCount(), 0);
    auto *operations = openPage<OperationsPage>(m_cluster->target({1}), u"operations"_s);
    QCOMPARE(operations->keyJobs()->strips().size(), 1);
    BulkStrip *strip = operations->keyJobs()->strips().front();
    QVERIFY(strip->isRunning());
    QTRY_VERIFY(m_view->state() == SessionState::Ready);
    QTRY_VERIFY(strip->isVisible());
    grab(u"job-in-operations"_s);
    QTest::mouseClick(strip->pauseButton(), Qt::LeftButton);
    QTRY_COMPARE(strip->progress().state, BulkProgress::State::Paused);
    QTest::mouseClick(strip->pauseButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(strip->progress().state, BulkProgress::State::Done, 20'000);
    QCOMPARE(strip->progress().changed, keys);
    QCOMPARE(m_other->run(0, {"DBSIZE"_ba})->toInteger(), keys);
    grab(u"job-in-operations-done"_s);
    auto *close = strip->findChild<QToolButton *>();
    QTest::mouseClick(close, Qt::LeftButton);
    QVERIFY(operations->keyJobs()->strips().isEmpty());
    QVERIFY(!operations->keyJobs()->isVisible());
}

void TestKeyJobs::quittingAsksAboutAJob()
{
    BrowserPage *page = beginSlowCopy(300);
    QVERIFY(page);
    QVERIFY(!m_window->close());
    auto *question = shown<QMessageBox>(m_window.get());
    QVERIFY(question);
    QVERIFY2(question->text().contains(u"Copy 300 keys"_s), qPrintable(question->text()));
    answer(question, u"Keep it open"_s);
    QVERIFY(page->bulk()->isRunning());
    QTest::mouseClick(page->bulk()->stopButton(), Qt::LeftButton);
    QTRY_COMPARE(page->bulk()->progress().state, BulkProgress::State::Stopped);
    QVERIFY(page->bulk()->progress().changed < 300);
    QVERIFY(m_window->close());
}

void TestKeyJobs::aProductionTargetIsAskedAbout()
{
    QVERIFY(open(m_cluster->target({0})));
    ConnectionView *first = m_view;
    ConnectionTarget production = m_other->target({0});
    production.environment = EnvironmentKind::Production;
    production.readOnly = false;
    (void)openPage<BrowserPage>(production, u"browser"_s);
    QTRY_VERIFY(m_view->state() == SessionState::Ready);
    const QString title = m_view->title();
    m_window->showConnection(first);
    auto *page = qobject_cast<BrowserPage *>(first->page(u"browser"_s));
    selectFolder(page, "job:"_ba);
    choose(page, u"Copy to another connection…"_s);
    auto *dialog = shown<JobDialog>(page);
    QVERIFY(dialog);
    QTest::mouseClick(dialog->actButton(), Qt::LeftButton);
    auto *question = shown<QMessageBox>(page);
    QVERIFY(question);
    QVERIFY2(question->text().contains(title), qPrintable(question->text()));
    QCOMPARE(m_other->run(0, {"DBSIZE"_ba})->toInteger(), 0);
    answer(question, u"Run"_s);
    QTRY_COMPARE(page->bulk()->progress().changed, 51);
}

void TestKeyJobs::aReadOnlyTargetIsRefused()
{
    QVERIFY(open(m_cluster->target({0})));
    ConnectionView *first = m_view;
    ConnectionTarget target = m_other->target({0});
    target.readOnly = true;
    (void)openPage<BrowserPage>(target, u"browser"_s);
    QTRY_VERIFY(m_view->state() == SessionState::Ready);
    m_window->showConnection(first);
    auto *page = qobject_cast<BrowserPage *>(first->page(u"browser"_s));
    selectFolder(page, "job:"_ba);
    choose(page, u"Copy to another connection…"_s);
    auto *dialog = shown<JobDialog>(page);
    QVERIFY(dialog);
    QVERIFY(!dialog->actButton()->isEnabled());
    dialog->reject();
}

void TestKeyJobs::namesGetAnotherBeginning()
{
    BrowserPage *page = open(m_cluster->target({0}));
    QVERIFY(page);
    run({"SET"_ba, "task:5"_ba, "taken"_ba});
    selectFolder(page, "job:"_ba);
    choose(page, u"Rename a prefix…"_s);
    auto *dialog = shown<ElementDialog>(page);
    QVERIFY(dialog);
    QCOMPARE(dialog->values(), (QByteArrayList{"job:"_ba, "job:"_ba}));
    QCOMPARE(dialog->focusWidget(), dialog->field(1)->focusProxy()); // the current prefix is right already
    QVERIFY(!dialog->actButton()->isEnabled()); // the name is unchanged
    dialog->field(1)->setBytes("task:"_ba);
    QVERIFY(dialog->actButton()->isEnabled());
    grab(u"rename-dialog"_s, dialog);
    QTest::mouseClick(dialog->actButton(), Qt::LeftButton);
    QVERIFY(hasEnded(page));
    QCOMPARE(page->bulk()->progress().changed, 50);
    QCOMPARE(page->bulk()->progress().conflicts, QByteArrayList{"job:5"_ba});
    QCOMPARE(exists("job:5"_ba), 1);
    QCOMPARE(exists("job:6"_ba), 0);
    QCOMPARE(exists("task:6"_ba), 1);
    for (int i = 0; i < 50; ++i)
        run({"UNLINK"_ba, "task:" + QByteArray::number(i)});
    run({"UNLINK"_ba, "task:hash"_ba});
}

void TestKeyJobs::readOnlyMayExportOnly()
{
    ConnectionTarget target = m_cluster->target({0});
    target.readOnly = true;
    BrowserPage *page = open(target);
    QVERIFY(page);
    QVERIFY(!page->importButton()->isEnabled());
    selectFolder(page, "job:"_ba);
    QMenu menu;
    page->keys()->fillMenu(&menu, page->keys()->rows()->currentIndex().row());
    QHash<QString, bool> isEnabled;
    for (const QAction *action : menu.actions())
        isEnabled.insert(action->text(), action->isEnabled());
    QVERIFY(isEnabled.value(u"Export…"_s));
    QVERIFY(isEnabled.value(u"Copy to another connection…"_s));
    QVERIFY(!isEnabled.value(u"Rename a prefix…"_s, true));
    QVERIFY(!isEnabled.value(u"Expire…"_s, true));
}

void TestKeyJobs::keysStandByTheirNumbers()
{
    for (int i = 0; i < 20; ++i)
        run({"EXPIRE"_ba, "job:" + QByteArray::number(i), QByteArray::number(10'000 - i * 100)});
    run({"SETRANGE"_ba, "job:7"_ba, "100000"_ba, "x"_ba});
    BrowserPage *page = open(m_cluster->target({0}));
    QVERIFY(page);
    KeyRowsModel &model = page->keys()->model();
    RankBar *bar = page->keys()->rankBar();
    const auto name = [&model](int row) { return model.index(row, 0).data(KeyRowsModel::NameRole).toByteArray(); };
    QHeaderView *header = page->keys()->rows()->header();
    const auto click = [header](KeyRowsModel::Column column) {
        const QPoint at(header->sectionViewportPosition(int(column)) + 12, header->height() / 2);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, at);
    };
    click(KeyRowsModel::Column::Ttl);
    QTRY_COMPARE(name(0), "job:19"_ba); // expires first
    QCOMPARE(name(19), "job:0"_ba);
    QVERIFY2(bar->text().contains(u"52 keys"_s), qPrintable(bar->text()));
    grab(u"order-ttl"_s);
    click(KeyRowsModel::Column::Ttl);
    QTRY_COMPARE(name(0), "job:0"_ba);
    click(KeyRowsModel::Column::Memory);
    QTRY_COMPARE(name(0), "job:7"_ba);
    page->keys()->searchField()->setText(u"job:2"_s); // the order stays while fewer keys are shown
    QTRY_COMPARE(model.rowCount(), 11);
    bar->showOnlyWithoutTtl(); // these are the keys 20 to 29
    QTRY_COMPARE(model.rowCount(), 10);
    QCOMPARE(model.rowOf("job:2"_ba), -1);
    QCOMPARE(name(9), "job:29"_ba);
    page->keys()->searchField()->clear();
    QTRY_VERIFY(!bar->isActive()); // the order is switched off, because the facts of the other keys were not read
    QTRY_COMPARE(model.rowCount(), 2); // the keys are grouped in folders again
    run({"UNLINK"_ba, "job:7"_ba});
}

void TestKeyJobs::whatTheUserComesBackToIsKept()
{
    BrowserPage *page = open(m_cluster->target({0}));
    QVERIFY(page);
    page->keys()->model().reveal("job:5"_ba);
    QTRY_VERIFY(page->keys()->model().rowOf("job:5"_ba) >= 0);
    QMenu menu;
    page->keys()->fillMenu(&menu, page->keys()->model().rowOf("job:5"_ba));
    for (QAction *action : menu.actions())
        if (action->text() == u"Add to favourites"_s)
            action->trigger();
    page->keys()->searchField()->setText(u"job:6"_s);
    QTest::keyClick(page->keys()->searchField(), Qt::Key_Return);
    page->keys()->store().setDelimiters({"/"_ba});
    m_view->saveState(*m_settings);
    m_window->closeConnection(0);

    ConnectionTarget elsewhere = m_cluster->target({0});
    elsewhere.name = u"elsewhere"_s;
    page = open(elsewhere); // each connection has its own delimiters and favourites
    QVERIFY(page);
    QCOMPARE(page->keys()->store().delimiters().words(), QList<QByteArray>{":"_ba});
    QVERIFY(page->keys()->memory().favourites().isEmpty());
    page->keys()->store().setDelimiters({"|"_ba});
    m_view->saveState(*m_settings);
    m_window->closeConnection(0);

    page = open(m_cluster->target({0}));
    QVERIFY(page);
    QCOMPARE(page->keys()->store().delimiters().words(), QList<QByteArray>{"/"_ba});
    page->keys()->store().setDelimiters({":"_ba});
    QCOMPARE(page->keys()->memory().favourites(), QByteArrayList{"job:5"_ba});
    QCOMPARE(page->keys()->memory().recent(), QByteArrayList{"job:6"_ba});
    QCOMPARE(page->keys()->memory().searches(), QStringList{u"job:6"_s});
    QMenu kept;
    page->keys()->fillMemoryMenu(&kept);
    QStringList words;
    for (QAction *action : kept.actions()) {
        words.append(action->text());
        if (action->text() == u"job:5"_s)
            action->trigger();
    }
    QTRY_VERIFY2(page->values()->current() && page->values()->current()->key() == "job:5",
                 qPrintable(words.join(u'|')));
    page->keys()->memory().forgetRecent();
    QVERIFY(page->keys()->memory().isFavourite("job:5"_ba));
    QVERIFY(page->keys()->memory().recent().isEmpty());
}

SLOTSCOPE_TEST(TestKeyJobs)
#include "tst_keyjobs.moc"
