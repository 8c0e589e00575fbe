// SPDX-License-Identifier: GPL-3.0-or-later
// The clients page on real servers, by mouse and by keys. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/session/corethread.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"
#include "ui/clients/clientspage.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestClientsPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void everyNodeIsListed();
    void groupsFilter();
    void killedByKeys();
    void goneStaysUntilTheNextSelection();
    void selectAllSparesOurs();
    void tenThousandDoNotFreeze();
    void readOnlyKillsNothing();
    void aUserWithoutTheRight();
    void aPauseIsShown();
    void narrowWindows();
    void pictures();

private:
    static constexpr int nodes = 3;
    using Column = ClientsModel::Column;
    ClientsPage *open(const ConnectionTarget &target)
    {
        m_view = m_window->openSession(std::make_unique<SessionDoor>(m_thread, target));
        m_window->showPage(u"clients"_s);
        return qobject_cast<ClientsPage *>(m_view->page(u"clients"_s));
    }
    ClientsPage *open() { return open(m_cluster->target({0})); }
    QByteArray idOf(int node)
    {
        const auto find = [&]() -> const NodeState * {
            const ClusterViewPtr view = m_view->context().view();
            return view ? nodeAt(*view, m_cluster->address(node)) : nullptr;
        };
        return QTest::qWaitFor([&] { return find() != nullptr; }, 20'000) ? find()->id : QByteArray();
    }
    QTcpSocket *visit(int node, const QByteArray &name, const QByteArray &more = {})
    {
        auto socket = std::make_unique<QTcpSocket>();
        const Endpoint endpoint = (*m_cluster)->nodes()[size_t(node)].endpoint;
        socket->connectToHost(endpoint.host, endpoint.port);
        socket->write("CLIENT SETNAME " + name + "\r\n" + more);
        (void)socket->waitForReadyRead(10'000);
        m_visitors.push_back(std::move(socket));
        return m_visitors.back().get();
    }
    static int rowNamed(ClientsPage *page, const QByteArray &name)
    {
        for (int row = 0; row < page->model().rowCount(); ++row)
            if (page->model().lineAt(row)->name == name)
                return row;
        return -1;
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
    static void clickBox(ClientsPage *page, int row)
    {
        const QModelIndex index = page->model().index(row, int(Column::Check));
        page->table()->scrollTo(index);
        QTest::mouseClick(page->table()->viewport(), Qt::LeftButton, {}, page->table()->visualRect(index).center());
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
            m_window->grab().save(folder + u"/clients-"_s + name + u'-' + word + u".png"_s);
        }
        m_theme->setMode(Theme::Mode::Dark);
    }
    /// Returns made-up clients with several client libraries, some of which have unread replies.
    NodeClients invented(int node, int count)
    {
        auto clients = std::make_shared<std::vector<ClientLine>>();
        for (int i = 0; i < count; ++i) {
            ClientLine line;
            line.id = 1'000'000 + i;
            line.address = "10.0.9." + QByteArray::number(20 + i % 17) + ':' + QByteArray::number(40'000 + i);
            line.library = i % 5 == 0 ? "go-redis" : i % 7 == 0 ? "jedis" : "redis-py";
            line.libraryVersion = i % 5 == 0 ? "9.7" : i % 7 == 0 ? "5.2" : "5.2.1";
            line.name = i % 7 == 0 ? "stock-sync" : i % 5 == 0 ? "checkout" : "basket";
            line.user = i % 5 == 0 ? "shop" : "stock";
            line.command = i % 3 == 0 ? "hgetall" : "get";
            line.age = 3600 * (i % 60);
            line.idle = i % 7 == 0 ? 13'000 + i : i % 30;
            line.replyBytes = i % 70 == 0 ? 8'000'000 : 0;
            line.memory = 20'000 + (i * 37) % 5000 + line.replyBytes;
            clients->push_back(line);
        }
        NodeClients heard;
        heard.nodeId = idOf(node);
        heard.nodeName = m_cluster->address(node);
        heard.clients = clients;
        return heard;
    }

    QTemporaryDir m_folder;
    CoreThread m_thread;
    std::unique_ptr<TestCluster> m_cluster;
    std::vector<std::unique_ptr<QTcpSocket>> m_visitors;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<MainWindow> m_window;
    ConnectionView *m_view = nullptr;
};

void TestClientsPage::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second;
    m_cluster = std::make_unique<TestCluster>(options); // six nodes
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
}

void TestClientsPage::cleanupTestCase()
{
    m_cluster.reset();
}

void TestClientsPage::init()
{
    m_settings = std::make_unique<QSettings>(m_folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_settings->clear();
    m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
    m_window = std::make_unique<MainWindow>(*m_theme, *m_settings);
    m_window->resize(1440, 900);
    m_window->show();
}

void TestClientsPage::cleanup()
{
    m_window.reset();
    m_visitors.clear();
    m_theme.reset();
    m_settings.reset();
}

void TestClientsPage::everyNodeIsListed()
{
    ClientsPage *page = open();
    const QAbstractItemModelTester tester(&page->model());
    for (int node = 0; node < 6; ++node)
        visit(node, "visitor-" + QByteArray::number(node));
    page->readAgain();
    for (int node = 0; node < 6; ++node)
        QTRY_VERIFY(rowNamed(page, "visitor-" + QByteArray::number(node)) >= 0);
    QTRY_VERIFY2(page->subtitle().contains(u"6 nodes"_s), qPrintable(page->subtitle()));
    QVERIFY(page->isFilled());
    page->findChild<QLineEdit *>(u"search"_s)->setText(u"visitor-3"_s);
    QCOMPARE(page->model().rowCount(), 1);
    page->findChild<QLineEdit *>(u"search"_s)->clear();
    auto *node = page->findChild<QComboBox *>(u"nodeFilter"_s);
    node->setCurrentIndex(node->findData(idOf(2)));
    QVERIFY(rowNamed(page, "visitor-2") >= 0 && rowNamed(page, "visitor-3") < 0);
    page->findChild<QComboBox *>(u"idleFilter"_s)->setCurrentIndex(3);
    QCOMPARE(page->model().rowCount(), 0);
}

void TestClientsPage::groupsFilter()
{
    if (!m_cluster->run(0, {"CLIENT", "SETINFO", "LIB-NAME", "jedis"}))
        QSKIP("Redis before 7.2 is told no library");
    visit(0, "one", "CLIENT SETINFO LIB-NAME jedis\r\nCLIENT SETINFO LIB-VER 5.2\r\n");
    visit(1, "two", "CLIENT SETINFO LIB-NAME jedis\r\nCLIENT SETINFO LIB-VER 5.2\r\n");
    visit(1, "three");
    ClientsPage *page = open();
    QTRY_VERIFY(rowNamed(page, "one") >= 0 && rowNamed(page, "two") >= 0 && rowNamed(page, "three") >= 0);
    QListWidget *list = page->groupList();
    const auto rowOfGroup = [&](const QString &title) {
        for (int row = 0; row < list->count(); ++row)
            if (list->item(row)->data(Qt::AccessibleTextRole).toString().startsWith(title))
                return row;
        return -1;
    };
    QTRY_VERIFY(rowOfGroup(u"jedis 5.2, 2,"_s) > 0);
    QVERIFY(rowOfGroup(u"replication links"_s) > 0);
    list->setCurrentRow(rowOfGroup(u"jedis"_s));
    QCOMPARE(page->model().rowCount(), 2);
    page->readAgain();
    QTRY_COMPARE(page->model().rowCount(), 2); // the group stays selected
    QVERIFY(page->closeDetail());
    QVERIFY(page->model().rowCount() > 3);
}

/// Kills one client of one of six nodes, and the page shows that its node confirmed that.
void TestClientsPage::killedByKeys()
{
    QTcpSocket *victim = visit(1, "victim"), *other = visit(1, "other");
    ClientsPage *page = open();
    QTRY_VERIFY(rowNamed(page, "victim") >= 0 && rowNamed(page, "other") >= 0);
    page->table()->setFocus();
    page->table()->setCurrentIndex(page->model().index(rowNamed(page, "victim"), int(Column::Address)));
    QTest::keyClick(page->table(), Qt::Key_Space);
    QCOMPARE(page->model().checkedCount(), 1);
    QVERIFY(page->killButton()->isVisible());
    QCOMPARE(page->killButton()->text(), u"Kill 1…"_s);
    QTest::mouseClick(page->findChild<QPushButton *>(u"copyCommands"_s), Qt::LeftButton);
    QVERIFY(QGuiApplication::clipboard()->text().contains(u"CLIENT KILL ID "_s));
    QTest::keyClick(page->table(), Qt::Key_Delete);
    auto *question = dialog<QMessageBox>(page, u"killQuestion"_s);
    QVERIFY(question && question->informativeText().contains(u", id "_s));
    answer(question, u"Cancel"_s);
    QVERIFY(!victim->waitForDisconnected(50));
    QTest::keyClick(page->table(), Qt::Key_Delete, Qt::ControlModifier); // anywhere on the page
    question = dialog<QMessageBox>(page, u"killQuestion"_s);
    QVERIFY(question);
    answer(question, u"Kill 1"_s);
    const QString told = u" · 1 client was killed, confirmed by its node: %1."_s.arg(m_cluster->address(1));
    QTRY_VERIFY2(page->noticeText().endsWith(told), qPrintable(page->noticeText()));
    QVERIFY(page->noticeText().front().isDigit()); // with the time, as it stays until it is closed
    QTRY_COMPARE(victim->state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(other->state(), QAbstractSocket::ConnectedState);
    QTRY_VERIFY(page->model().isGone(rowNamed(page, "victim"))); // the row is struck through
    QCOMPARE(page->model().checkedCount(), 0);
    QVERIFY(!page->killButton()->isVisible());
    page->readAgain();
    QTRY_COMPARE(rowNamed(page, "victim"), -1);
}

void TestClientsPage::goneStaysUntilTheNextSelection()
{
    QTcpSocket *first = visit(0, "leaves");
    ClientsPage *page = open();
    QTRY_VERIFY(rowNamed(page, "leaves") >= 0);
    const int row = rowNamed(page, "leaves");
    first->close();
    QTRY_VERIFY(page->model().isGone(row));
    QCOMPARE(rowNamed(page, "leaves"), row); // the row has not moved
    clickBox(page, row);
    QCOMPARE(page->model().checkedCount(), 0); // a client that no longer exists cannot be selected
    page->groupList()->setCurrentRow(1);
    QCOMPARE(rowNamed(page, "leaves"), -1);
}

void TestClientsPage::selectAllSparesOurs()
{
    visit(0, "a");
    visit(1, "b");
    ClientsPage *page = open();
    QTRY_VERIFY(rowNamed(page, "a") >= 0 && rowNamed(page, "b") >= 0);
    QTest::mouseClick(page->findChild<QPushButton *>(u"selectAll"_s), Qt::LeftButton);
    QVERIFY(page->model().checkedCount() >= 2);
    for (const ClientToKill &each : page->model().checkedClients()) {
        const ClientLine *line = page->model().lineAt(page->model().rowOf(each.nodeId, each.id));
        QVERIFY(!line->isOurs() && !line->isServer());
    }
    QVERIFY(page->closeDetail()); // what the Esc key does
    QCOMPARE(page->model().checkedCount(), 0);
    const auto rowOfReplication = [&] {
        for (int row = 0; row < page->model().rowCount(); ++row)
            if (page->model().lineAt(row)->isServer())
                return row;
        return -1;
    };
    QTRY_VERIFY(rowOfReplication() >= 0);
    clickBox(page, rowOfReplication());
    QCOMPARE(page->model().checkedCount(), 0); // a replication link cannot be killed on this page
    clickBox(page, rowNamed(page, "a"));
    QCOMPARE(page->model().checkedCount(), 1);
}

void TestClientsPage::tenThousandDoNotFreeze()
{
    ClientsPage *page = open();
    QTRY_VERIFY(page->isFilled());
    page->findChild<QComboBox *>(u"pace"_s)->setCurrentIndex(2);
    QElapsedTimer timer;
    qint64 longest = 0;
    for (int round = 0; round < 4; ++round) {
        const NodeClients heard = invented(0, 10'000 + round);
        timer.start();
        page->model().take(heard);
        longest = std::max(longest, timer.elapsed());
    }
    timer.start();
    page->model().sort(int(Column::Address), Qt::AscendingOrder);
    longest = std::max(longest, timer.elapsed());
    timer.start();
    page->findChild<QLineEdit *>(u"search"_s)->setText(u"stock-sync 10.0.9.31"_s);
    longest = std::max(longest, timer.elapsed());
    qInfo("10,000 clients: the longest step took %lld ms", longest);
    QVERIFY2(longest < 500, qPrintable(QString::number(longest)));
    QVERIFY(page->model().rowCount() > 50);
    QTRY_VERIFY2(page->findingText().contains(u"are waiting on the servers"_s), qPrintable(page->findingText()));
    auto *select = page->findChild<QPushButton *>(u"selectUnread"_s);
    QTest::mouseClick(select, Qt::LeftButton);
    QVERIFY(page->model().checkedCount() > 0 && page->model().checkedUnreadBytes() >= 8'000'000);
}

void TestClientsPage::readOnlyKillsNothing()
{
    visit(0, "stays");
    ConnectionTarget target = m_cluster->target({0});
    target.readOnly = true;
    ClientsPage *page = open(target);
    QTRY_VERIFY(rowNamed(page, "stays") >= 0);
    clickBox(page, rowNamed(page, "stays"));
    QCOMPARE(page->model().checkedCount(), 1);
    QTRY_VERIFY(page->killButton()->isVisible());
    QVERIFY(!page->killButton()->isEnabled());
    page->table()->setFocus();
    QTest::keyClick(page->table(), Qt::Key_Delete);
    QVERIFY(!page->findChild<QMessageBox *>(u"killQuestion"_s));
}

void TestClientsPage::aUserWithoutTheRight()
{
    const Command user{"ACL"_ba, "SETUSER"_ba, "some"_ba, "on"_ba, ">x"_ba, "~*"_ba, "+@all"_ba, "-client|kill"_ba};
    for (int node = 0; node < 6; ++node)
        std::ignore = m_cluster->run(node, node == 1 ? user + Command{"-client|list"_ba} : user);
    visit(0, "stays");
    ConnectionTarget target = m_cluster->target({0});
    target.credentials.user = u"some"_s;
    target.credentials.password = u"x"_s;
    ClientsPage *page = open(target);
    QTRY_VERIFY2(page->noticeText().contains(u"+client|list"_s), qPrintable(page->noticeText()));
    QVERIFY2(page->noticeText().contains(m_cluster->address(1)), qPrintable(page->noticeText()));
    QTRY_VERIFY(rowNamed(page, "stays") >= 0); // the clients of the other nodes are shown
    QTest::mouseClick(page->findChild<QPushButton *>(u"copyRight"_s), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"ACL SETUSER some +client|list"_s);
    page->askToKill({page->model().clientAt(rowNamed(page, "stays"))});
    auto *question = dialog<QMessageBox>(page, u"killQuestion"_s);
    QVERIFY(question);
    answer(question, u"Kill 1"_s);
    QTRY_VERIFY2(page->noticeText().contains(u"+client|kill"_s), qPrintable(page->noticeText()));
    QVERIFY(page->noticeText().contains(u"0 of 1 clients were killed"_s));
    grab(u"refused"_s);
    for (int node = 0; node < 6; ++node)
        std::ignore = m_cluster->run(node, {"ACL"_ba, "DELUSER"_ba, "some"_ba});
}

void TestClientsPage::aPauseIsShown()
{
    if (!serversFound().back().first.startsWith("valkey"))
        QSKIP("only Valkey tells of a pause");
    ClientsPage *page = open();
    QTRY_VERIFY(page->isFilled());
    std::ignore = m_cluster->run(2, {"CLIENT"_ba, "PAUSE"_ba, "60000"_ba, "WRITE"_ba});
    QTRY_VERIFY2(page->noticeText().contains(u"still delays write commands"_s), qPrintable(page->noticeText()));
    auto *end = page->findChild<QPushButton *>(u"unpause"_s);
    QVERIFY(end->isVisible() && end->isEnabled());
    QTest::mouseClick(end, Qt::LeftButton);
    QTRY_VERIFY2(page->noticeText().endsWith(u" · The pause was ended."_s), qPrintable(page->noticeText()));
}

void TestClientsPage::narrowWindows()
{
    ClientsPage *page = open();
    QTRY_VERIFY(page->isFilled());
    QVERIFY(!page->table()->header()->isSectionHidden(int(Column::User)));
    m_window->resize(1000, 700);
    for (const Column column : {Column::User, Column::Subs, Column::Age})
        QTRY_VERIFY(page->table()->header()->isSectionHidden(int(column)));
    m_window->resize(1440, 900);
    QTRY_VERIFY(!page->table()->header()->isSectionHidden(int(Column::Age)));
}

void TestClientsPage::pictures()
{
    if (qEnvironmentVariableIsEmpty("SLOTSCOPE_GRAB"))
        QSKIP("pictures are for people: SLOTSCOPE_GRAB=DIR");
    visit(0, "mailer-1", "BLPOP nothing 0\r\n");
    visit(1, "price-feed", "SUBSCRIBE a b c\r\n");
    visit(2, "checkout-7", "MULTI\r\n");
    ClientsPage *page = open();
    QTRY_VERIFY(rowNamed(page, "mailer-1") >= 0);
    page->findChild<QComboBox *>(u"pace"_s)->setCurrentIndex(2);
    for (int node = 0; node < 6; ++node)
        page->model().take(invented(node, 150));
    grab(u"plain"_s);
    page->model().checkUnread();
    grab(u"1440x900"_s);
    m_window->resize(1000, 700);
    grab(u"1000x700"_s);
    m_window->resize(1920, 1080);
    grab(u"1920x1080"_s);
}

SLOTSCOPE_TEST(TestClientsPage)
#include "tst_clientspage.moc"
