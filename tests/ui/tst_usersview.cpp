// SPDX-License-Identifier: GPL-3.0-or-later
// The users of the config page, by mouse and by keys. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/session/corethread.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"
#include "ui/config/acllogdialog.h"
#include "ui/config/acltrialdialog.h"
#include "ui/config/configpage.h"
#include "ui/config/userpanel.h"
#include "ui/config/usersview.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestUsersView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void usersAndWhereTheyDiffer();
    void aUserIsMadeAndDeleted();
    void whatIsRefused();

private:
    ConfigPage *page() { return qobject_cast<ConfigPage *>(m_view->page(u"config"_s)); }
    static bool isCompared(const UsersModel &model)
    {
        return !model.all().empty() && !model.all().front().cells.contains(UserRow::Cell::NotRead);
    }
    UsersView *openUsers()
    {
        m_view = m_window->openSession(std::make_unique<SessionDoor>(m_thread, m_cluster->target({0})));
        m_window->showPage(u"config"_s);
        page()->showTab(ConfigPage::Tab::Users);
        (void)QTest::qWaitFor([&] { return isCompared(page()->users()->model()); }, 20'000);
        return page()->users();
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
    void grab(const QString &name, QWidget *what = nullptr)
    {
        const QString folder = qEnvironmentVariable("SLOTSCOPE_GRAB");
        if (folder.isEmpty())
            return;
        QDir().mkpath(folder);
        for (const auto &[mode, word] : {std::pair(Theme::Mode::Dark, u"dark"_s), {Theme::Mode::Light, u"light"_s}}) {
            m_theme->setMode(mode);
            for (int i = 0; i < 5; ++i)
                QApplication::processEvents();
            (what ? what : m_window.get())->grab().save(folder + u"/users-"_s + name + u'-' + word + u".png"_s);
        }
        m_theme->setMode(Theme::Mode::Dark);
    }

    QTemporaryDir m_folder;
    CoreThread m_thread;
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<OperationsDoor> m_operations;
    std::unique_ptr<MainWindow> m_window;
    ConnectionView *m_view = nullptr;
};

void TestUsersView::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second;
    m_cluster = std::make_unique<TestCluster>(options); // six nodes
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
}

void TestUsersView::cleanupTestCase()
{
    m_cluster.reset();
}

void TestUsersView::init()
{
    m_settings = std::make_unique<QSettings>(m_folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_settings->clear();
    m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
    m_window = std::make_unique<MainWindow>(*m_theme, *m_settings);
    m_operations = std::make_unique<OperationsDoor>(m_thread, m_folder.filePath(u"journals"_s));
    m_window->setOperations(m_operations.get());
    m_window->resize(1440, 900);
    m_window->show();
}

void TestUsersView::cleanup()
{
    m_window.reset();
    m_operations.reset();
    m_theme.reset();
    m_settings.reset();
}

void TestUsersView::usersAndWhereTheyDiffer()
{
    for (int node = 0; node < 6; ++node)
        std::ignore = m_cluster->run(node, {"ACL", "SETUSER", "app", "on", ">x", "~app:*", "+@read"});
    std::ignore = m_cluster->run(3, {"ACL", "SETUSER", "app", "+@all"});
    std::ignore = m_cluster->run(4, {"ACL", "DELUSER", "app"});
    UsersView *users = openUsers();
    const QAbstractItemModelTester tester(&users->model());
    QTRY_COMPARE(users->model().different(), 1);
    users->showUser("app");
    QTRY_VERIFY(users->panel()->isVisible());
    QVERIFY2(users->panel()->words().contains(u"@read"_s), qPrintable(users->panel()->words()));
    grab(u"table"_s);
    QTest::mouseClick(users->panel()->copyButton(), Qt::LeftButton);
    auto *question = dialog<QMessageBox>(users, u"copyQuestion"_s);
    QVERIFY(question && question->informativeText().contains(m_cluster->address(4)));
    answer(question, u"Make them the same"_s);
    QTRY_COMPARE(users->model().different(), 0);
    QTRY_VERIFY2(users->noticeText().contains(u"Done on 2 nodes"_s), qPrintable(users->noticeText()));
    QVERIFY(m_cluster->run(4, {"AUTH", "app", "x"})); // the user was copied with its password
    QTest::mouseClick(users->findChild<QPushButton *>(u"dismiss"_s), Qt::LeftButton);
    QCOMPARE(users->noticeText(), QString());
    users->showUser("default");
    QVERIFY(users->panel()->warning().contains(u"without a password"_s));
    QVERIFY(!users->panel()->removeButton()->isEnabled());
}

void TestUsersView::aUserIsMadeAndDeleted()
{
    UsersView *users = openUsers();
    QTest::mouseClick(users->newButton(), Qt::LeftButton);
    auto *made = dialog<UserDialog>(users, u"userDialog"_s);
    QVERIFY(made);
    auto *send = made->findChild<QPushButton *>(u"send"_s);
    QVERIFY(!send->isEnabled());
    made->findChild<QLineEdit *>(u"name"_s)->setText(u"fresh"_s);
    made->findChild<QLineEdit *>(u"password"_s)->setText(u"planted-word"_s);
    made->findChild<QLineEdit *>(u"commands"_s)->setText(u"get"_s);
    QVERIFY(made->problem().contains(u"is not a rule"_s) && !send->isEnabled());
    made->findChild<QLineEdit *>(u"commands"_s)->setText(u"+@read -keys"_s);
    made->findChild<QLineEdit *>(u"keys"_s)->setText(u"~fresh:*"_s);
    QVERIFY2(made->problem().isEmpty(), qPrintable(made->problem()));
    QVERIFY(!made->preview().contains(u"planted"_s) && made->preview().contains(u"ACL SETUSER fresh"_s));
    grab(u"dialog"_s, made);
    QCOMPARE(send->text(), u"Set on 6 nodes"_s);
    QTest::mouseClick(send, Qt::LeftButton);
    QTRY_VERIFY(users->model().find("fresh"));
    QTRY_COMPARE(users->model().find("fresh")->differing, 0);
    for (int node = 0; node < 6; ++node)
        QVERIFY(m_cluster->run(node, {"AUTH", "fresh", "planted-word"}));
    // Changing the user keeps its password.
    users->showUser("fresh");
    QTest::mouseClick(users->panel()->editButton(), Qt::LeftButton);
    auto *changed = dialog<UserDialog>(users, u"userDialog"_s);
    QVERIFY(changed);
    changed->findChild<QLineEdit *>(u"keys"_s)->setText(u"~fresh:* ~more:*"_s);
    QTest::mouseClick(changed->findChild<QPushButton *>(u"send"_s), Qt::LeftButton);
    QTRY_COMPARE(users->model().find("fresh")->most.keys.size(), 2);
    QVERIFY(m_cluster->run(5, {"AUTH", "fresh", "planted-word"}));
    users->showUser("fresh");
    users->table()->setFocus();
    QTest::keyClick(users->table(), Qt::Key_Delete);
    auto *question = dialog<QMessageBox>(users, u"removeQuestion"_s);
    QVERIFY(question);
    answer(question, u"Delete"_s);
    QTRY_VERIFY(!users->model().find("fresh"));
}

void TestUsersView::whatIsRefused()
{
    std::ignore = m_cluster->run(1, {"AUTH", "nobody", "x"});
    UsersView *users = openUsers();
    for (QPushButton *button : page()->findChildren<QPushButton *>())
        if (button->isVisible() && button->text() == u"Refused…"_s)
            QTest::mouseClick(button, Qt::LeftButton);
    auto *log = dialog<AclLogDialog>(users, u"aclLog"_s);
    QVERIFY(log);
    QTRY_VERIFY(log->table()->rowCount() > 0);
    bool isThere = false;
    for (int row = 0; row < log->table()->rowCount(); ++row)
        isThere = isThere || log->table()->item(row, 2)->text() == u"nobody"_s;
    QVERIFY(isThere);
    log->close();
    users->showUser("default");
    QPushButton *trial = nullptr;
    for (QPushButton *button : users->panel()->findChildren<QPushButton *>())
        if (button->text() == u"Try a command…"_s)
            trial = button;
    QVERIFY(trial);
    QTest::mouseClick(trial, Qt::LeftButton);
    auto *asked = dialog<AclTrialDialog>(users, u"aclTrial"_s);
    QVERIFY(asked);
    asked->command()->setText(u"FLUSHALL"_s);
    QTest::mouseClick(asked->askButton(), Qt::LeftButton);
    QTRY_VERIFY2(asked->answer().contains(u"Allowed."_s), qPrintable(asked->answer()));
    asked->close();
}

SLOTSCOPE_TEST(TestUsersView)
#include "tst_usersview.moc"
