// SPDX-License-Identifier: GPL-3.0-or-later
// The audit log and the commands that are sent, on the Operations page, by keyboard. With SLOTSCOPE_GRAB=DIR it leaves
// pictures there.
#include "core/audit/auditlog.h"
#include "core/profile/recentconnections.h"
#include "core/profile/savedconnections.h"
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/console/commandeditor.h"
#include "ui/console/consolepage.h"
#include "ui/console/consoletabview.h"
#include "ui/operations/auditexport.h"
#include "ui/operations/auditview.h"
#include "ui/operations/operationspage.h"
#include "ui/operations/sentview.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"

#include <QComboBox>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QLineEdit>
#include <QPushButton>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int stallMs = 100;

} // namespace

class TestAuditView final : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    }
    void cleanupTestCase() { m_cluster.reset(); }
    void init();
    void cleanup();

    void whatIsChangedShows();
    void foundByKeyboard();
    void olderOnesOnDemand();
    void aLargeLogFreezesNothing();
    void whatCannotBeRecordedIsSaid();
    void exported();
    void commandsSent();
    void passwordsStayInMemory();

private:
    void fillLog(int entries, const QByteArray &command = "SET");
    void openThePage();
    QList<NodeReply> send(const Command &command)
    {
        const auto replies = m_view->door()->call(command, {});
        if (!QTest::qWaitFor([&replies] { return replies.isFinished(); }, 20'000) || !replies.result())
            return {};
        return *replies.result();
    }
    [[nodiscard]] AuditView *view() const { return m_page->auditView(); }
    [[nodiscard]] int rows() const { return view()->table()->model()->rowCount(); }
    [[nodiscard]] QString folder() const { return m_auditFolder->filePath(u"audit"_s); }

    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<QTemporaryDir> m_auditFolder;
    std::shared_ptr<AuditLog> m_log;
    OperationsPage *m_page = nullptr;
};

void TestAuditView::init()
{
    m_auditFolder = std::make_unique<QTemporaryDir>();
    m_log = std::make_shared<AuditLog>(AuditLog::Options{.folder = folder(), .program = u"slotscope"_s});
    setCommandWatch(m_log);
    makeWindow();
    m_window->setAudit(m_log.get());
    ConnectionTarget target = m_cluster->target({0, 1, 2});
    target.name = u"shop"_s;
    m_page = openPage<OperationsPage>(target, u"operations"_s);
    QVERIFY(m_page);
    QTRY_VERIFY(m_view->view() && m_view->view()->agreed);
}

void TestAuditView::cleanup()
{
    setCommandWatch({});
    dropWindow();
    m_log.reset();
}

/// Writes entries as earlier runs of the program would have, the last one a minute ago.
void TestAuditView::fillLog(int entries, const QByteArray &command)
{
    AuditFiles files(folder(), {.fileBytes = 30'000'000, .files = 100});
    const qint64 now = QDateTime::currentMSecsSinceEpoch() - 60'000;
    QByteArray lines;
    for (int i = 0; i < entries; ++i) {
        AuditEntry entry;
        entry.at = now - qint64(entries - i) * 1000;
        entry.microseconds = 100 + i % 9000;
        entry.cluster = u"shop"_s;
        entry.seeds = m_view->target().seedsText();
        entry.nodeId = m_view->view()->nodes[size_t(i % 3)].id;
        entry.address = m_view->view()->nodes[size_t(i % 3)].name;
        entry.user = u"default"_s;
        entry.from = i % 4 == 0 ? u"console"_s : u"editor"_s;
        entry.words = keptWords({command, "user:" + QByteArray::number(i), "a value that was set"});
        entry.wordCount = 3;
        entry.result = i % 10 == 3 ? AuditEntry::Result::Failed
            : i % 10 == 7          ? AuditEntry::Result::Unknown
                                   : AuditEntry::Result::Done;
        entry.error = i % 10 == 3 ? u"OOM command not allowed when used memory > 'maxmemory'."_s : QString();
        entry.osUser = u"mina"_s;
        entry.host = u"ws-14"_s;
        entry.program = u"slotscope"_s;
        entry.pid = 4711;
        lines += QJsonDocument(jsonOf(entry)).toJson(QJsonDocument::Compact) + '\n';
    }
    QVERIFY(files.append(lines));
}

void TestAuditView::openThePage()
{
    m_page->showTab(OperationsPage::Tab::Audit);
    QTRY_VERIFY(view()->isVisible() && !view()->isReading());
}

void TestAuditView::whatIsChangedShows()
{
    openThePage();
    QTRY_COMPARE(rows(), 0);
    grab(u"audit-empty"_s);
    QCOMPARE(send({"SET", "seen:in:the:log", "1"}).size(), 1);
    QTRY_COMPARE(rows(), 1); // without a click on refresh
    const AuditEntry entry = *view()->model().at(0);
    QCOMPARE(entry.line(), u"SET seen:in:the:log 1"_s);
    QCOMPARE(entry.cluster, u"shop"_s);
    QCOMPARE(entry.result, AuditEntry::Result::Done);
    send({"LPUSH", "seen:in:the:log", "1"});
    QTRY_COMPARE(rows(), 2);
    QCOMPARE(view()->model().at(0)->result, AuditEntry::Result::Failed);
    fillLog(1); // entries of another process
    QTRY_COMPARE(rows(), 3);
}

void TestAuditView::foundByKeyboard()
{
    fillLog(200);
    m_page->tabs()->findChildren<QAbstractButton *>().first()->setFocus();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Right);
    QTRY_COMPARE(rows(), 200);
    view()->table()->setFocus();
    QTest::keyClick(view()->table(), Qt::Key_Home);
    QTest::keyClick(view()->table(), Qt::Key_Down);
    QTRY_VERIFY(view()->detail().contains(u"SET user:"_s));
    QVERIFY2(view()->detail().contains(u"mina@ws-14"_s), qPrintable(view()->detail()));
    grab(u"audit"_s);
    m_window->resize(1000, 700);
    grab(u"audit-1000"_s);
    m_window->resize(1440, 900);
    QTest::keyClicks(view()->searchField(), u"user:7 OOM"_s);
    QTRY_COMPARE(rows(), 1); // the entry of user:73
    QTest::keyClick(view()->searchField(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(view()->searchField(), Qt::Key_Delete);
    QTRY_COMPARE(rows(), 200);
    view()->results()->setFocus();
    QTest::keyClick(view()->results(), Qt::Key_Down); // selects the entries of successful commands
    QTest::keyClick(view()->results(), Qt::Key_Down); // selects the entries of failed commands
    QTRY_COMPARE(rows(), 20);
    QTest::keyClick(view()->results(), Qt::Key_Down); // selects the entries with unknown result
    QTRY_VERIFY(rows() > 0 && view()->model().at(0)->result == AuditEntry::Result::Unknown);
    QTRY_COMPARE(rows(), 20);
}

void TestAuditView::olderOnesOnDemand()
{
    fillLog(1200);
    openThePage();
    QTRY_COMPARE(rows(), 500);
    QVERIFY(view()->olderButton()->isVisible());
    QTest::keyClick(view()->olderButton(), Qt::Key_Space);
    QTRY_COMPARE(rows(), 1000);
    send({"SET", "newer", "1"}); // new entries are added in front, the others stay
    QTRY_COMPARE(rows(), 1001);
    QTest::keyClick(view()->olderButton(), Qt::Key_Space);
    QTRY_COMPARE(rows(), 1201);
    QTRY_VERIFY(!view()->olderButton()->isVisible());
    for (int row = 1; row < rows(); ++row)
        QVERIFY(view()->model().at(row)->at <= view()->model().at(row - 1)->at);
}

void TestAuditView::aLargeLogFreezesNothing()
{
    fillLog(100'000); // about 40 MB
    qint64 worst = 0;
    QElapsedTimer turn, whole;
    QTimer beat;
    beat.setInterval(1);
    connect(&beat, &QTimer::timeout, this, [&] {
        if (turn.isValid())
            worst = std::max(worst, turn.elapsed());
        turn.start();
    });
    openThePage();
    QTRY_COMPARE(rows(), 500);
    beat.start();
    whole.start();
    QTest::keyClicks(view()->searchField(), u"user:99"_s);
    QTest::keyClick(view()->searchField(), Qt::Key_Backspace);
    QTest::keyClicks(view()->searchField(), u"no-such-word"_s); // searches the whole log
    QTRY_VERIFY_WITH_TIMEOUT(rows() == 0 && !view()->isReading(), 120'000);
    beat.stop();
    qInfo("100,000 entries looked through in %lld ms, longest turn of the window %lld ms", whole.elapsed(), worst);
    QVERIFY2(worst < stallMs * 5, "the window stood still"); // wide limit, because other programs use this machine too
}

void TestAuditView::whatCannotBeRecordedIsSaid()
{
    openThePage();
    QVERIFY(view()->problem().isEmpty());
    QDir(folder()).removeRecursively();
    QFile inTheWay(folder());
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    QCOMPARE(send({"SET", "goes:on", "1"}).size(), 1); // the command is executed nevertheless
    QTRY_VERIFY(view()->problem().contains(folder()));
    grab(u"audit-problem"_s);
    QVERIFY(inTheWay.remove());
    QTRY_VERIFY(view()->problem().isEmpty()); // the message disappears by itself
    QTRY_COMPARE(rows(), 1); // the log contains every command
}

void TestAuditView::exported()
{
    fillLog(1000);
    const QString path = m_auditFolder->filePath(u"out.csv"_s);
    AuditFilter filter;
    filter.result = AuditEntry::Result::Failed;
    QCOMPARE(writeAudit(path, folder(), filter, true).value_or(AuditWalk()).entries, 100);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().count("\r\n"), 101);
    QVERIFY(!writeAudit(m_auditFolder->filePath(u"no/such/out.csv"_s), folder(), filter, true));
    QCOMPARE(writeAudit(path, folder(), {}, false).value_or(AuditWalk()).entries, 1000);
}

void TestAuditView::commandsSent()
{
    m_page->showTab(OperationsPage::Tab::Sent);
    SentView *sent = m_page->sentView();
    QVERIFY(!m_log->sentCommands().isOn()); // recording is off by default
    grab(u"sent-off"_s);
    QTest::keyClick(sent->switchButton(), Qt::Key_Space);
    QVERIFY(m_log->sentCommands().isOn());
    send({"GET", "shown"});
    send({"SET", "shown", "pw-of-somebody"});
    const auto *table = sent->table()->model();
    const auto has = [table](const QString &text) {
        for (int row = 0; row < table->rowCount(); ++row)
            if (table->index(row, int(AuditModel::Column::Words)).data().toString() == text)
                return true;
        return false;
    };
    QTRY_VERIFY(has(u"GET shown"_s));
    QTRY_VERIFY(has(u"CLUSTER NODES"_s)); // commands that the session itself sends are recorded too
    grab(u"sent"_s);
    QTest::keyClicks(sent->filterField(), u"GET shown"_s);
    QTRY_COMPARE(table->rowCount(), 1);
    QTest::keyClick(sent->pauseButton(), Qt::Key_Space);
    send({"GET", "shown"});
    QTest::keyClick(sent->pauseButton(), Qt::Key_Space);
    QTRY_COMPARE(table->rowCount(), 2); // commands recorded during the pause appear afterwards
    QTest::keyClick(sent->switchButton(), Qt::Key_Space);
    QVERIFY(!m_log->sentCommands().isOn());
    QVERIFY(m_log->sentCommands().since(0).entries.isEmpty());
}

/// A password that was typed, used to connect or read from a server appears in no file of the window, its settings or
/// the log.
void TestAuditView::passwordsStayInMemory()
{
    const QByteArray planted = "plan7ed-in-the-window";
    const QString word = QString::fromLatin1(planted);
    LocalClusterOptions options;
    options.primaries = 1;
    options.replicasPerPrimary = 0;
    options.clusterMode = false;
    options.extraArguments = {u"--requirepass"_s, word};
    options.credentials.password = word;
    TestCluster server(options);
    QVERIFY2(server.start(), qPrintable(server.failure()));
    qputenv("SLOTSCOPE_CONSOLE", m_folder.filePath(u"console"_s).toUtf8());
    ConnectionTarget target = server.target({0});
    target.credentials.password = word;
    auto *page = openPage<ConsolePage>(target, u"console"_s);
    QTRY_VERIFY(m_view->view() && page->isFilled());
    RecentConnections recents(*m_settings);
    recents.add(target, 1);
    SavedConnections saved(m_folder.filePath(u"connections.json"_s));
    SavedConnection one;
    one.target = target;
    QVERIFY(saved.put(one));
    for (const QString &line : {u"ACL SETUSER eve on >%1 ~* +@all"_s.arg(word), u"AUTH eve %1"_s.arg(word),
                                u"CONFIG SET masterauth %1"_s.arg(word), u"AUHT %1"_s.arg(word),
                                u"SET key \"a %1 b\""_s.arg(word), u"CONFIG GET requirepass"_s}) {
        page->currentTab()->editor()->setLineText(line);
        const size_t before = page->currentTab()->feed().blocks().size();
        QTest::keyClick(page->currentTab()->editor(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(page->currentTab()->feed().blocks().size() > before);
        QTRY_VERIFY(page->currentTab()->feed().blocks().back().isDone);
    }
    m_window->close(); // writes the saved state
    m_settings->sync();
    QVERIFY(m_log->flush(20'000));
    AuditWindow window = readAuditWindow(folder(), {}, {}, 100, {});
    QVERIFY2(window.entries.size() >= 4, QByteArray::number(window.entries.size()).constData());
    QByteArray found;
    int files = 0;
    for (const QString &root : {m_folder.path(), m_auditFolder->path()}) {
        QDirIterator each(root, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (each.hasNext()) {
            QFile file(each.next());
            ++files;
            if (file.open(QIODevice::ReadOnly) && file.readAll().contains(planted))
                found += file.fileName().toUtf8() + '\n';
        }
    }
    qunsetenv("SLOTSCOPE_CONSOLE");
    QVERIFY2(files >= 4, QByteArray::number(files).constData());
    QVERIFY2(found.isEmpty(), found.constData());
}

SLOTSCOPE_TEST(TestAuditView)

#include "tst_auditview.moc"
