// SPDX-License-Identifier: GPL-3.0-or-later
// The console on real servers, by keys and by mouse. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/cluster/slot.h"
#include "core/session/corethread.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"
#include "ui/console/commandeditor.h"
#include "ui/console/completionpopup.h"
#include "ui/console/consolepage.h"
#include "ui/console/consolepanel.h"
#include "ui/shared/gatequestion.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"

#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestConsolePage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void typesAndRuns();
    void crossSlotIsDivided();
    void longLinesAreScrolled();
    void broadcastsStandSideBySide();
    void completesCommandsAndKeys();
    void historyGoesBack();
    void transactionsShowInTheTab();
    void streamsAndStop();
    void aMillionLines();
    void textStaysText();
    void anOpenQuoteIsRefused();
    void productionAsks();
    void asksBeforeDataIsLost();
    void textIsSelectedByMouse();
    void copiesAndMenus();
    void filesStopAtErrors();
    void repeats();
    void pictures();

private:
    ConsolePage *open(const ConnectionTarget &target)
    {
        m_view = m_window->openSession(std::make_unique<SessionDoor>(m_thread, target));
        m_window->showPage(u"console"_s);
        auto *page = qobject_cast<ConsolePage *>(m_view->page(u"console"_s));
        (void)QTest::qWaitFor([page] { return page->isFilled(); }, 20000);
        return page;
    }
    ConsolePage *open() { return open(m_cluster->target({0})); }
    /// Types lines, runs them all and returns the last result block.
    static const ConsoleBlock *run(ConsolePage *page, const QString &text)
    {
        ConsoleTabView *tab = page->currentTab();
        tab->editor()->setLineText(text);
        const size_t before = tab->feed().blocks().size();
        QTest::keyClick(tab->editor(), Qt::Key_Return, Qt::ControlModifier);
        if (!QTest::qWaitFor([&] { return tab->feed().blocks().size() > before && !tab->isRunning(); }, 20000))
            return nullptr;
        const quint64 last = tab->feed().blocks().back().entry;
        (void)QTest::qWaitFor([&] { return tab->feed().block(last)->isDone; }, 20000);
        return &tab->feed().blocks().back();
    }
    static QStringList textOf(ConsolePage *page, const ConsoleBlock *block)
    {
        return block ? page->currentTab()->replies()->textOf(block->entry) : QStringList();
    }
    template <typename T>
    static T *dialog(QWidget *of, const QString &name)
    {
        T *found = nullptr;
        (void)QTest::qWaitFor(
            [&] {
                for (T *child : of->findChildren<T *>(name))
                    if (child->isVisible())
                        found = child;
                return found != nullptr;
            },
            20000);
        return found;
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
            m_window->grab().save(folder + u"/console-"_s + name + u'-' + word + u".png"_s);
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

void TestConsolePage::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second;
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    QVERIFY(QCoro::waitFor((*m_cluster)->loadSampleData(4)));
}

void TestConsolePage::cleanupTestCase()
{
    m_cluster.reset();
}

void TestConsolePage::init()
{
    const QString folder = m_folder.filePath(QString::fromLatin1(QTest::currentTestFunction()));
    QDir().mkpath(folder);
    qputenv("SLOTSCOPE_CONSOLE", folder.toUtf8() + "/console");
    m_settings = std::make_unique<QSettings>(folder + u"/settings.ini"_s, QSettings::IniFormat);
    m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
    m_window = std::make_unique<MainWindow>(*m_theme, *m_settings);
    m_window->resize(1440, 900);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void TestConsolePage::cleanup()
{
    m_window.reset();
    m_theme.reset();
    m_settings.reset();
}

void TestConsolePage::typesAndRuns()
{
    ConsolePage *page = open();
    ConsoleTabView *tab = page->currentTab();
    QTest::keyClicks(tab->editor(), u"SET {ui}a 5"_s);
    QTest::keyClick(tab->editor(), Qt::Key_Escape);
    QTest::keyClick(tab->editor(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(tab->feed().blocks().size(), size_t(1));
    QTRY_VERIFY(tab->feed().blocks()[0].isDone);
    const ConsoleBlock &block = tab->feed().blocks()[0];
    QCOMPARE(block.lineAt(0), std::optional(u"OK"_s));
    QVERIFY(!block.nodes[0].nodeName.isEmpty() && block.nodes[0].microseconds > 0);
    QVERIFY(tab->editor()->toPlainText().isEmpty()); // a single line is removed after it ran
    QCOMPARE(textOf(page, run(page, u"# a note\nINCR {ui}a\nGET {ui}a"_s)).value(1), u"\"6\""_s);
    QCOMPARE(tab->editor()->blockCount(), 3); // several lines stay in the editor
    QVERIFY(!page->context().view()->nodes.empty());
}

void TestConsolePage::crossSlotIsDivided()
{
    ConsolePage *page = open();
    const ConsoleBlock *block = run(page, u"MGET a b c"_s);
    QVERIFY(block);
    QTRY_VERIFY(block->help.has_value());
    QCOMPARE(block->help->keys.size(), 3);
    QCOMPARE(block->help->instead.size(), 3);
    ReplyView *replies = page->currentTab()->replies();
    QTRY_VERIFY(replies->actionRect(block->entry, int(ReplyView::Action::Divide)).isValid());
    QTest::mouseClick(replies->viewport(), Qt::LeftButton, {},
                      replies->actionRect(block->entry, int(ReplyView::Action::Divide)).center());
    QTRY_COMPARE(page->currentTab()->feed().blocks().size(), size_t(4));
    QTRY_VERIFY(page->currentTab()->feed().blocks().back().isDone);
    QCOMPARE(page->currentTab()->feed().blocks().back().lineAt(0), std::optional(u"1) (nil)"_s));
}

void TestConsolePage::longLinesAreScrolled()
{
    ConsolePage *page = open();
    ReplyView *replies = page->currentTab()->replies();
    QVERIFY(run(page, u"PING short"_s));
    QCOMPARE(replies->horizontalScrollBar()->maximum(), 0);
    QVERIFY(run(page, u"PING "_s + QString(600, u'x')));
    QTRY_VERIFY(replies->horizontalScrollBar()->maximum() > replies->viewport()->width());
}

void TestConsolePage::broadcastsStandSideBySide()
{
    QVERIFY(m_cluster->run(2, {"CONFIG"_ba, "SET"_ba, "maxmemory-samples"_ba, "9"_ba}));
    ConsolePage *page = open();
    page->currentTab()->setAim({.kind = ConsoleAim::Kind::All});
    const ConsoleBlock *block = run(page, u"CONFIG GET maxmemory*"_s);
    QVERIFY(block);
    QTRY_VERIFY(block->rows.has_value());
    QCOMPARE(block->nodes.size(), size_t(6));
    QCOMPARE(block->rows->differing, 1);
    QVERIFY(textOf(page, block).join(u'\n').contains(u"≠ 9"_s));
    QVERIFY(m_cluster->run(2, {"CONFIG"_ba, "SET"_ba, "maxmemory-samples"_ba, "5"_ba}));
}

void TestConsolePage::completesCommandsAndKeys()
{
    for (const char *key : {"{cmp}:one", "{cmp}:two"})
        for (int node = 0; node < 3; ++node)
            std::ignore = m_cluster->run(node, {"SET"_ba, key, "v"_ba});
    ConsolePage *page = open();
    ConsoleTabView *tab = page->currentTab();
    QTest::keyClicks(tab->editor(), u"zuni"_s);
    QTRY_VERIFY(tab->popup()->isVisible());
    QVERIFY(tab->popup()->proposals().value(0).text.startsWith("ZUNION"));
    QTest::keyClick(tab->editor(), Qt::Key_Escape);
    QVERIFY(!tab->popup()->isVisible());
    tab->editor()->setLineText(u"MGET {cmp}:one {cm"_s);
    QTest::keyClick(tab->editor(), Qt::Key_Space, Qt::ControlModifier);
    QTRY_VERIFY(tab->popup()->isVisible());
    QCOMPARE(tab->popup()->proposals().size(), 2);
    QCOMPARE(tab->popup()->proposals()[0].mark, u"same slot"_s);
    QTest::keyClick(tab->editor(), Qt::Key_Down);
    QTest::keyClick(tab->editor(), Qt::Key_Tab);
    QCOMPARE(tab->editor()->toPlainText(), u"MGET {cmp}:one {cmp}:two "_s);
    QVERIFY2(tab->hintText().contains(u">key"_s), qPrintable(tab->hintText()));
    QTRY_VERIFY2(tab->statusText().contains(u"2 keys, all in slot"_s), qPrintable(tab->statusText()));
    QCOMPARE(page->panel()->commandShown(), u"MGET"_s);
    QCOMPARE(page->panel()->syntaxShown(), u"MGET key [key …]"_s);
}

void TestConsolePage::historyGoesBack()
{
    ConsolePage *page = open();
    QVERIFY(run(page, u"GET {h}one"_s));
    QVERIFY(run(page, u"AUTH nobody \"s3cret pass\""_s));
    QVERIFY(run(page, u"GET {h}two"_s));
    CommandEditor *editor = page->currentTab()->editor();
    editor->clear();
    QTest::keyClick(editor, Qt::Key_Up);
    QCOMPARE(editor->toPlainText(), u"GET {h}two"_s);
    QTest::keyClick(editor, Qt::Key_Up);
    QCOMPARE(editor->toPlainText(), u"AUTH nobody ••••••••"_s);
    QTest::keyClick(editor, Qt::Key_Down);
    QCOMPARE(editor->toPlainText(), u"GET {h}two"_s);
    QTest::keyClick(editor, Qt::Key_R, Qt::ControlModifier);
    QTRY_VERIFY(page->panel()->searchField()->hasFocus());
    QTest::keyClicks(page->panel()->searchField(), u"one"_s);
    QCOMPARE(page->panel()->historyList()->topLevelItemCount(), 1);
    QTest::keyClick(page->panel()->searchField(), Qt::Key_Return);
    QCOMPARE(editor->toPlainText(), u"GET {h}one"_s);
    QDir folder(qEnvironmentVariable("SLOTSCOPE_CONSOLE"));
    for (const QString &name : folder.entryList(QDir::Files)) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("s3cret"));
    }
    for (const ConsoleBlock &block : page->currentTab()->feed().blocks())
        QVERIFY(!textOf(page, &block).join(u' ').contains(u"s3cret"_s));
}

void TestConsolePage::transactionsShowInTheTab()
{
    ConsolePage *page = open();
    QVERIFY(run(page, u"MULTI"_s));
    QVERIFY(run(page, u"SET {t}a 1"_s));
    QTRY_COMPARE(page->currentTab()->badge(), u"MULTI · 1 queued"_s);
    QVERIFY(!page->unsaved().isEmpty());
    QVERIFY(run(page, u"EXEC"_s));
    QTRY_COMPARE(page->currentTab()->badge(), QString());
    QVERIFY(page->unsaved().isEmpty());
}

void TestConsolePage::streamsAndStop()
{
    ConsolePage *page = open();
    ConsoleTabView *tab = page->currentTab();
    tab->editor()->setLineText(u"SUBSCRIBE ui-news"_s);
    QTest::keyClick(tab->editor(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(tab->badge(), u"SUBSCRIBE · 1"_s);
    QVERIFY(m_cluster->run(1, {"PUBLISH"_ba, "ui-news"_ba, "hello"_ba}));
    QTRY_VERIFY(textOf(page, &tab->feed().blocks()[0]).join(u'\n').contains(u"\"hello\""_s));
    QTest::keyClick(tab->editor(), Qt::Key_Period, Qt::ControlModifier);
    QTRY_COMPARE(tab->badge(), QString());
    tab->editor()->setLineText(u"BLPOP {none}x 0"_s);
    QTest::keyClick(tab->editor(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(tab->badge(), u"waiting"_s);
    QTest::mouseClick(tab->findChild<QPushButton *>(u"stop"_s), Qt::LeftButton);
    QTRY_VERIFY(!tab->isRunning());
    QVERIFY(run(page, u"PING"_s));
}

void TestConsolePage::aMillionLines()
{
    ConsolePage *page = open();
    const ConsoleBlock *block = run(page, u"EVAL \"local t={} for i=1,1000000 do t[i]=i end return t\" 0"_s);
    QVERIFY(block);
    ReplyView *replies = page->currentTab()->replies();
    replies->scrollToEnd();
    QTRY_COMPARE(block->lineCount(), 1'000'000);
    replies->scrollToEnd();
    QTRY_VERIFY(block->lineAt(999'999).has_value());
    QCOMPARE(*block->lineAt(999'999), u"1000000) (integer) 1000000"_s);
    QVERIFY(block->windows[0].pages.size() < ConsoleBlock::mostPages);
}

/// Markup in replies, keys and commands is shown as plain text.
void TestConsolePage::textStaysText()
{
    ConsolePage *page = open();
    const ConsoleBlock *block = run(page, u"EVAL \"if 1 < 2 then return '<b>x</b>' end return 0\" 0"_s);
    QCOMPARE(textOf(page, block).value(1), u"\"<b>x</b>\""_s);
    QVERIFY(run(page, u"SET \"<i>k\" \"<img src=x>&amp;<a href=file:///etc/passwd>y</a>\""_s));
    block = run(page, u"GET <i>k"_s);
    QCOMPARE(textOf(page, block).value(1), u"\"<img src=x>&amp;<a href=file:///etc/passwd>y</a>\""_s);
    QVERIFY(run(page, u"<b>nosuch</b> a"_s));
    for (const QLabel *label : page->findChildren<QLabel *>())
        QVERIFY2(label->textFormat() == Qt::PlainText || !label->text().contains(u'<'), qPrintable(label->text()));
}

/// A line with an unclosed quote is not sent and not stored in the history, because it may contain a password.
void TestConsolePage::anOpenQuoteIsRefused()
{
    ConsolePage *page = open();
    ConsoleTabView *tab = page->currentTab();
    tab->editor()->setLineText(uR"(AUTH q^7>{w|"55\@_;(R]'%x)"_s);
    QTest::keyClick(tab->editor(), Qt::Key_Return, Qt::ControlModifier);
    QVERIFY2(tab->statusText().contains(u"column 13"_s), qPrintable(tab->statusText()));
    QVERIFY(tab->feed().blocks().empty());
    QVERIFY(page->history().items().isEmpty());
}

void TestConsolePage::productionAsks()
{
    ConnectionTarget target = m_cluster->target({0});
    target.environment = EnvironmentKind::Production;
    target.name = u"shop"_s;
    ConsolePage *page = open(target);
    ConsoleTabView *tab = page->currentTab();
    tab->editor()->setLineText(u"SET {p}a 1"_s);
    QTest::keyClick(tab->editor(), Qt::Key_Return, Qt::ControlModifier);
    auto *question = dialog<GateQuestion>(page, u"gateQuestion"_s);
    QVERIFY(question && !question->nameField());
    QTest::mouseClick(question->sendButton(), Qt::LeftButton);
    QTRY_VERIFY(tab->feed().blocks().size() == 1 && tab->feed().blocks()[0].isDone);
    QCOMPARE(tab->feed().blocks()[0].lineAt(0), std::optional(u"OK"_s));
    tab->editor()->setLineText(u"KEYS nothing*"_s);
    QTest::keyClick(tab->editor(), Qt::Key_Return, Qt::ControlModifier);
    question = dialog<GateQuestion>(page, u"gateQuestion"_s);
    QVERIFY(question && question->nameField());
    QVERIFY(!question->sendButton()->isEnabled());
    QTest::keyClick(question, Qt::Key_Escape);
    QTRY_VERIFY(!tab->isRunning());
    QVERIFY(!tab->feed().blocks().back().isSent);
    target.readOnly = true;
    page = open(target);
    const ConsoleBlock *refused = run(page, u"SET {p}a 2"_s);
    QVERIFY(refused && !refused->isSent);
}

/// On a connection without an environment, a command for all primaries deletes no key before the user confirms it.
void TestConsolePage::asksBeforeDataIsLost()
{
    ConsolePage *page = open();
    ConsoleTabView *tab = page->currentTab();
    QVERIFY(run(page, u"SET {lost}a 1"_s));
    tab->editor()->setLineText(u"flushall"_s);
    QTest::keyClick(tab->editor(), Qt::Key_Return, Qt::ControlModifier);
    auto *question = dialog<GateQuestion>(page, u"gateQuestion"_s);
    QVERIFY(question && !question->nameField());
    QTest::keyClick(question, Qt::Key_Return); // Cancel is the default button
    QTRY_VERIFY(!tab->isRunning());
    QVERIFY(!tab->feed().blocks().back().isSent);
    QCOMPARE(textOf(page, run(page, u"GET {lost}a"_s)).value(1), u"\"1\""_s);
}

void TestConsolePage::textIsSelectedByMouse()
{
    ConsolePage *page = open();
    const ConsoleBlock *block = run(page, u"ECHO \"hello wide world\""_s);
    QVERIFY(block);
    ReplyView *replies = page->currentTab()->replies();
    QTRY_COMPARE(block->lineAt(0).value_or(QString()), u"\"hello wide world\""_s);
    const QFontMetrics metrics(Theme::monoFont());
    const QRect head = replies->rectOf(block->entry);
    const auto at = [&](int column) {
        return QPoint(16 + metrics.horizontalAdvance(block->lineAt(0)->left(column)) + 1, head.bottom() + 10);
    };
    QTest::mousePress(replies->viewport(), Qt::LeftButton, {}, at(7));
    QTest::mouseMove(replies->viewport(), at(11));
    QMouseEvent move(QEvent::MouseMove, at(11), replies->viewport()->mapToGlobal(at(11)), Qt::NoButton, Qt::LeftButton,
                     Qt::NoModifier);
    QCoreApplication::sendEvent(replies->viewport(), &move);
    QTest::mouseRelease(replies->viewport(), Qt::LeftButton, {}, at(11));
    QCOMPARE(replies->selectedText(), u"wide"_s);
    replies->setFocus();
    QTest::keySequence(replies, QKeySequence::Copy);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"wide"_s);
    QTest::mouseDClick(replies->viewport(), Qt::LeftButton, {}, at(2));
    QCOMPARE(replies->selectedText(), u"hello"_s);
    // a click elsewhere selects nothing, then the whole line is copied
    QTest::mouseClick(replies->viewport(), Qt::LeftButton, {}, head.center());
    QTest::keySequence(replies, QKeySequence::Copy);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"\"hello wide world\""_s);
}

void TestConsolePage::copiesAndMenus()
{
    ConsolePage *page = open();
    const ConsoleBlock *block = run(page, u"CONFIG GET maxmemory-samples"_s);
    QVERIFY(block);
    ReplyView *replies = page->currentTab()->replies();
    replies->setCurrentEntry(block->entry);
    QTest::keyClick(replies, Qt::Key_Return);
    auto *menu = dialog<QMenu>(page, u"answerMenu"_s);
    QVERIFY(menu);
    for (QAction *action : menu->actions())
        if (action->text() == u"Copy as JSON"_s)
            action->trigger();
    menu->close();
    QTRY_COMPARE(QGuiApplication::clipboard()->text(), u"{\"maxmemory-samples\":\"5\"}\n"_s);
    auto *views = page->currentTab()->findChild<SegmentedControl *>();
    for (const auto &[view, expected] : {std::pair(1, u"(map of 1)"_s), {2, u"key\u001fvalue"_s}, {3, u"{"_s}}) {
        views->setCurrent(view);
        QTRY_COMPARE(block->lineAt(0).value_or(QString()), expected);
    }
    QTest::keyClick(replies, Qt::Key_Left);
    QVERIFY(block->isFolded);
}

void TestConsolePage::filesStopAtErrors()
{
    ConsolePage *page = open();
    QFile file(m_folder.filePath(u"script.txt"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("# a file\nSET {f}a x\nINCR {f}a\nSET {f}b y\n");
    file.close();
    page->runFile(file.fileName());
    ConsoleTabView *tab = page->currentTab();
    QTRY_VERIFY(tab->statusText().contains(u"Stopped at line 3"_s));
    QCOMPARE(tab->feed().blocks().size(), size_t(2));
    page->saveSession(m_folder.filePath(u"session.txt"_s));
    QFile saved(m_folder.filePath(u"session.txt"_s));
    QVERIFY(saved.open(QIODevice::ReadOnly));
    QVERIFY(saved.readAll().startsWith("> SET {f}a x\nOK\n"));
}

void TestConsolePage::repeats()
{
    ConsolePage *page = open();
    ConsoleTabView *tab = page->currentTab();
    auto *repeat = tab->findChild<QComboBox *>(u"repeat"_s);
    repeat->setCurrentIndex(1); // once per second
    tab->editor()->setLineText(u"INCR {r}n"_s);
    QTest::keyClick(tab->editor(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(tab->feed().blocks().size() >= 2);
    tab->stop();
    const size_t count = tab->feed().blocks().size();
    QVERIFY(run(page, u"PING"_s) != nullptr);
    QVERIFY(tab->feed().blocks().size() >= count);
}

void TestConsolePage::pictures()
{
    ConsolePage *page = open();
    QVERIFY(m_cluster->run(2, {"CONFIG"_ba, "SET"_ba, "maxmemory-policy"_ba, "volatile-lru"_ba}));
    QVERIFY(run(page, u"ZADD {board}:2026-W47 4810 user:{81240} 4702.5 user:{90311} 4655 user:{77105}"_s));
    QVERIFY(run(page, u"ZRANGE {board}:2026-W47 0 2 REV WITHSCORES"_s));
    grab(u"plain"_s);
    page->currentTab()->setAim({.kind = ConsoleAim::Kind::All});
    const ConsoleBlock *broadcast = run(page, u"CONFIG GET maxmemory*"_s);
    QTRY_VERIFY(broadcast->rows.has_value());
    page->currentTab()->setAim({});
    const ConsoleBlock *refused = run(page, u"MGET cart:{81240} cart:{90312} stock:{busan-1}"_s);
    QTRY_VERIFY(refused->help.has_value());
    ConsoleTabView *second =
        page->addTab({.kind = ConsoleAim::Kind::Node, .nodeId = page->context().view()->nodes[0].id});
    QVERIFY(run(page, u"MULTI"_s));
    QTRY_VERIFY(!second->badge().isEmpty());
    page->addTab({.kind = ConsoleAim::Kind::Primaries});
    const int tabs = page->tabs()->count();
    QTest::keyClick(page->currentTab(), Qt::Key_W, Qt::ControlModifier); // closes the console tab, not the connection
    QCOMPARE(page->tabs()->count(), tabs - 1);
    QVERIFY(m_window->currentConnection());
    page->addTab({.kind = ConsoleAim::Kind::Primaries});
    page->tabs()->setCurrentIndex(0);
    CommandEditor *editor = page->currentTab()->editor();
    editor->setLineText(u"# the best of three weeks, kept for seven days\nZUNIONSTORE {board}:top 3 {board}:2026-W46 "
                        "{board}:2026-W47 {board}:"_s);
    editor->setFocus();
    QTest::keyClick(editor, Qt::Key_Space, Qt::ControlModifier);
    QTRY_VERIFY(page->currentTab()->popup()->isVisible());
    QTRY_VERIFY(page->currentTab()->statusText().contains(u"slot"_s));
    grab(u"full"_s);
    m_window->resize(1000, 700);
    grab(u"narrow"_s);
    QVERIFY(m_cluster->run(2, {"CONFIG"_ba, "SET"_ba, "maxmemory-policy"_ba, "noeviction"_ba}));
}

SLOTSCOPE_TEST(TestConsolePage)
#include "tst_consolepage.moc"
