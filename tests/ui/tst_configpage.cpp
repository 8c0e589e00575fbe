// SPDX-License-Identifier: GPL-3.0-or-later
// The config page on real servers, by mouse and by keys. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/session/corethread.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"
#include "ui/config/adviceview.h"
#include "ui/config/configpage.h"
#include "ui/config/modulesview.h"
#include "ui/config/settingpanel.h"
#include "ui/config/settingsview.h"
#include "ui/operations/operationwizard.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QLabel>
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

class TestConfigPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void nodesSideBySide();
    void foldedAndFound();
    void changedByTheWizard();
    void fixedAndSecret();
    void ownOfEachNode();
    void narrowWindows();
    void aUserWithoutTheRight();
    void aServerWithoutConfig();
    void readOnlyChangesNothing();
    void modules();
    void advice();
    void pictures();

private:
    SettingsView *open(const ConnectionTarget &target)
    {
        m_view = m_window->openSession(std::make_unique<SessionDoor>(m_thread, target));
        m_window->showPage(u"config"_s);
        auto *page = qobject_cast<ConfigPage *>(m_view->page(u"config"_s));
        return page ? page->settings() : nullptr;
    }
    SettingsView *open() { return open(m_cluster->target({0})); }
    ConfigPage *page() { return qobject_cast<ConfigPage *>(m_view->page(u"config"_s)); }
    static bool isRead(SettingsView *view, int nodes = 6)
    {
        return QTest::qWaitFor(
            [&] {
                const auto &rows = view->model().comparison().rows;
                return !rows.empty() && rows.front().cells.count(SettingRow::Cell::NotRead) == 6 - nodes;
            },
            20'000);
    }
    void set(int node, const char *name, const char *value)
    {
        std::ignore = m_cluster->run(node, commandOf("CONFIG", "SET", name, value));
    }
    static int differing(SettingsView *view, const QByteArray &name)
    {
        const SettingRow *row = view->model().comparison().find(name);
        return row ? row->differing : -1;
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
            m_window->grab().save(folder + u"/config-"_s + name + u'-' + word + u".png"_s);
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

void TestConfigPage::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second;
    m_cluster = std::make_unique<TestCluster>(options); // six nodes
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
}

void TestConfigPage::cleanupTestCase()
{
    m_cluster.reset();
}

void TestConfigPage::init()
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

void TestConfigPage::cleanup()
{
    m_window.reset();
    m_operations.reset();
    m_theme.reset();
    m_settings.reset();
}

void TestConfigPage::nodesSideBySide()
{
    set(2, "maxmemory-samples", "7");
    SettingsView *view = open();
    QVERIFY(view);
    const QAbstractItemModelTester tester(&view->model());
    QVERIFY(isRead(view));
    QTRY_COMPARE(view->model().columnCount(), int(ConfigModel::FirstNode) + 6);
    QCOMPARE(differing(view, "maxmemory-samples"), 1);
    const int row = view->model().rowOf("maxmemory-samples");
    QVERIFY(row > 0);
    int shown = 0;
    for (int column = ConfigModel::FirstNode; column < view->model().columnCount(); ++column) {
        const QModelIndex index = view->model().index(row, column);
        QCOMPARE(index.data().toString(), index.data(ConfigModel::DiffersRole).toBool() ? u"7"_s : u"="_s);
        shown += index.data(ConfigModel::DiffersRole).toBool() ? 1 : 0;
    }
    QCOMPARE(shown, 1);
    view->filter()->setCurrent(int(ConfigModel::Shown::Different));
    QVERIFY(view->model().rowOf("maxmemory-samples") >= 0 && view->model().rowOf("hz") < 0);
    set(2, "maxmemory-samples", "5");
    view->readAgain(); // shows a change made by another tool
    QTRY_COMPARE(differing(view, "maxmemory-samples"), 0);
}

void TestConfigPage::foldedAndFound()
{
    SettingsView *view = open();
    QVERIFY(isRead(view));
    const int all = view->model().rowCount();
    view->table()->setFocus();
    view->table()->setCurrentIndex(view->model().index(0, 0)); // the row of the setting group
    QTest::keyClick(view->table(), Qt::Key_Left);
    QVERIFY(view->model().rowCount() < all && view->model().rowOf("maxmemory") < 0);
    view->search()->setText(u"evict"_s); // searches descriptions too, also in a collapsed group
    QVERIFY(view->model().rowOf("maxmemory-policy") >= 0);
    view->search()->setText(u"no such thing"_s);
    QCOMPARE(view->model().rowCount(), 0);
    QVERIFY(view->footText().contains(u"No setting matches"_s));
    view->search()->clear();
    view->table()->setCurrentIndex(view->model().index(0, 0));
    QTest::keyClick(view->table(), Qt::Key_Return);
    QCOMPARE(view->model().rowCount(), all);
}

void TestConfigPage::changedByTheWizard()
{
    set(1, "maxmemory-policy", "volatile-lru");
    SettingsView *view = open();
    QVERIFY(isRead(view));
    QTRY_COMPARE(differing(view, "maxmemory-policy"), 1);
    view->showSetting("maxmemory-policy");
    QTRY_VERIFY(view->panel()->isVisible());
    QVERIFY2(view->panel()->finding().contains(u"volatile-lru"_s), qPrintable(view->panel()->finding()));
    QCOMPARE(view->panel()->setButton()->text(), u"Set on 1 node…"_s); // sets the value that most nodes have
    QTest::mouseClick(view->panel()->setButton(), Qt::LeftButton);
    OperationWizard *wizard = nullptr;
    QTRY_VERIFY((wizard = m_window->findChild<OperationWizard *>()) != nullptr);
    const auto buttonOf = [&](const QString &text) -> QPushButton * {
        for (QPushButton *button : wizard->findChildren<QPushButton *>())
            if (button->isVisible() && button->isEnabled() && button->text().contains(text))
                return button;
        return nullptr;
    };
    QTRY_VERIFY(buttonOf(u"Next"_s)); // enabled at once, as nothing has to be filled in before the plan
    QTest::mouseClick(buttonOf(u"Next"_s), Qt::LeftButton);
    QTRY_VERIFY(buttonOf(u"Set it"_s));
    QTest::mouseClick(buttonOf(u"Set it"_s), Qt::LeftButton);
    QTRY_COMPARE(m_cluster->run(1, commandOf("CONFIG", "GET", "maxmemory-policy"))->items()[1].bytes(),
                 "noeviction"_ba);
    QTRY_COMPARE(differing(view, "maxmemory-policy"), 0); // the settings are read again when the run ends
    QTRY_COMPARE(view->panel()->finding(), QString());
    wizard->close();
}

void TestConfigPage::fixedAndSecret()
{
    SettingsView *view = open();
    QVERIFY(isRead(view));
    view->showSetting("databases");
    QVERIFY(view->panel()->setButton()->isHidden());
    QVERIFY(!view->panel()->draft());
    view->showSetting("requirepass");
    QVERIFY(view->panel()->setButton()->isHidden());
    view->showSetting("hz");
    QVERIFY(!view->panel()->setButton()->isHidden());
    auto *value = view->panel()->findChild<QLineEdit *>(u"value"_s);
    QVERIFY(value && value->text() == u"10"_s);
    QVERIFY(!view->panel()->setButton()->isEnabled()); // all nodes already have this value
    value->setText(u"20"_s);
    QCOMPARE(view->panel()->setButton()->text(), u"Set on 6 nodes…"_s);
    view->readAgain();
    QTRY_VERIFY(view->model().readAt() > 0);
    QCOMPARE(value->text(), u"20"_s); // the typed value is kept
    QTest::keyClick(view->table(), Qt::Key_Escape);
}

void TestConfigPage::ownOfEachNode()
{
    SettingsView *view = open();
    QVERIFY(isRead(view));
    QCOMPARE(differing(view, "port"), 0);
    QTRY_COMPARE(view->model().hiddenNodes(), 0);
    const int row = view->model().rowOf("port");
    QVERIFY(row > 0);
    QCOMPARE(view->model().index(row, ConfigModel::Most).data().toString(), u"different on each node"_s);
    const QString first = view->model().index(row, ConfigModel::FirstNode).data().toString();
    QVERIFY2(first.toInt() > 1000, qPrintable(first));
    view->showSetting("port");
    QVERIFY(!view->panel()->setButton()->isEnabled()); // no node is selected
}

void TestConfigPage::narrowWindows()
{
    set(5, "maxmemory-samples", "9");
    SettingsView *view = open();
    QVERIFY(isRead(view));
    QTRY_COMPARE(differing(view, "maxmemory-samples"), 1);
    m_window->resize(1000, 700);
    QTRY_VERIFY(view->model().hiddenNodes() > 0);
    const ClusterViewPtr cluster = m_view->context().view();
    const QByteArray id = nodeAt(*cluster, m_cluster->address(5))->id;
    bool isShown = false;
    for (const int at : view->model().nodeColumns())
        isShown = isShown || view->model().nodes()[size_t(at)].nodeId == id;
    QVERIFY(isShown); // a node with a different value has a column
    const auto *all = view->filter()->findChild<QPushButton *>();
    QTRY_VERIFY(all->width() >= all->sizeHint().width()); // the button's text is not cut off
    grab(u"1000"_s);
    set(5, "maxmemory-samples", "5");
}

void TestConfigPage::aUserWithoutTheRight()
{
    const Command user{"ACL"_ba, "SETUSER"_ba, "some"_ba, "on"_ba, ">x"_ba, "~*"_ba, "+@all"_ba};
    for (int node = 0; node < 6; ++node)
        std::ignore = m_cluster->run(node, node == 1 ? user + Command{"-config|get"_ba} : user);
    ConnectionTarget target = m_cluster->target({0});
    target.credentials.user = u"some"_s;
    target.credentials.password = u"x"_s;
    SettingsView *view = open(target);
    QVERIFY(isRead(view, 5)); // the settings of the other nodes are shown
    QTRY_VERIFY2(view->noticeText().contains(u"+config|get."_s), qPrintable(view->noticeText()));
    QVERIFY2(view->noticeText().contains(m_cluster->address(1)), qPrintable(view->noticeText()));
    QTest::mouseClick(view->findChild<QPushButton *>(u"copyRight"_s), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"ACL SETUSER some +config|get"_s);
    grab(u"refused"_s);
    for (int node = 0; node < 6; ++node)
        std::ignore = m_cluster->run(node, {"ACL"_ba, "DELUSER"_ba, "some"_ba});
}

/// With rename-command, the page names the missing command, and works once the new name is known.
void TestConfigPage::aServerWithoutConfig()
{
    LocalClusterOptions options;
    options.primaries = 1;
    options.replicasPerPrimary = 0;
    options.clusterMode = false;
    options.extraArguments = {u"--rename-command"_s, u"CONFIG"_s, u"abc"_s};
    TestCluster server(options);
    QVERIFY2(server.start(), qPrintable(server.failure()));
    ConnectionTarget target = server.target({0});
    SettingsView *view = open(target);
    const auto says = [view](const QString &words) {
        const QList<QLabel *> labels = view->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&words](const QLabel *label) {
            return label->isVisible() && label->text().contains(words);
        });
    };
    QTRY_VERIFY(says(u"CONFIG is renamed or disabled on this server"_s));
    grab(u"renamed"_s);
    QVERIFY(target.addRename(u"CONFIG=abc"_s));
    view = open(target);
    QVERIFY(isRead(view, 6));
    QVERIFY(view->model().comparison().find("maxmemory"));
}

void TestConfigPage::readOnlyChangesNothing()
{
    ConnectionTarget target = m_cluster->target({0});
    target.readOnly = true;
    SettingsView *view = open(target);
    QVERIFY(isRead(view));
    QVERIFY(!view->rewriteButton()->isEnabled());
    view->showSetting("hz");
    auto *value = view->panel()->findChild<QLineEdit *>(u"value"_s);
    value->setText(u"20"_s);
    QVERIFY(!view->panel()->setButton()->isEnabled());
    QVERIFY(!view->panel()->draft());
}

void TestConfigPage::modules()
{
    (void)open();
    page()->showTab(ConfigPage::Tab::Modules);
    QTRY_VERIFY(page()->modules()->isFilled());
    // Some test servers have modules and others have none, the page shows either.
    QTRY_VERIFY(page()->modules()->table()->rowCount() > 0 || page()->modules()->emptyTitle() == u"No modules"_s);
    grab(u"modules"_s);
}

void TestConfigPage::advice()
{
    set(2, "appendfsync", "no");
    (void)open();
    page()->showTab(ConfigPage::Tab::Advice);
    AdviceView *advice = page()->advice();
    QTRY_VERIFY(!advice->advice().empty());
    QVERIFY(std::any_of(advice->advice().begin(), advice->advice().end(),
                        [](const Advice &each) { return each.setting == "maxmemory"; }));
    grab(u"advice"_s);
    QPushButton *setting = nullptr;
    for (QPushButton *button : advice->findChildren<QPushButton *>())
        if (button->text() == u"maxmemory"_s)
            setting = button;
    QVERIFY(setting);
    QTest::mouseClick(setting, Qt::LeftButton);
    QTRY_VERIFY(page()->settings()->panel()->isVisible());
    QCOMPARE(page()->settings()->panel()->setting(), "maxmemory"_ba);
    set(2, "appendfsync", "everysec");
}

void TestConfigPage::pictures()
{
    if (qEnvironmentVariableIsEmpty("SLOTSCOPE_GRAB"))
        QSKIP("no pictures are wanted");
    for (int node = 0; node < 6; ++node) {
        set(node, "maxmemory", node == 5 ? "3221225472" : "4294967296");
        set(node, "maxmemory-policy", node == 2 ? "volatile-lru" : "allkeys-lfu");
        set(node, "latency-monitor-threshold", "10");
    }
    set(4, "slowlog-log-slower-than", "50000");
    SettingsView *view = open();
    QVERIFY(isRead(view));
    QTRY_VERIFY(view->model().comparison().different >= 3);
    grab(u"table"_s);
    view->showSetting("maxmemory-policy");
    QTRY_COMPARE(view->model().rowOf("maxmemory-policy"),
                 view->table()->currentIndex().row()); // also if the window is narrow and shows fewer columns
    grab(u"panel"_s);
    view->showSetting("client-output-buffer-limit");
    grab(u"long"_s);
    m_window->resize(1920, 1080);
    view->showSetting("save");
    grab(u"1920"_s);
    m_window->resize(1000, 700);
    grab(u"panel-1000"_s);
}

SLOTSCOPE_TEST(TestConfigPage)
#include "tst_configpage.moc"
