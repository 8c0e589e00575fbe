// SPDX-License-Identifier: GPL-3.0-or-later
// The browser on real servers: the tree fills, keys are opened, changed, made, renamed and deleted, by mouse and by
// keys. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/keys/keyfactscache.h"
#include "core/session/corethread.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"
#include "ui/browser/browserpage.h"
#include "ui/shared/bulkstrip.h"
#include "ui/browser/bytesfield.h"
#include "ui/browser/copiesdialog.h"
#include "ui/shared/codeedit.h"
#include "ui/browser/collectioneditor.h"
#include "ui/browser/comparedialog.h"
#include "ui/browser/elementdialog.h"
#include "ui/browser/expirydialog.h"
#include "ui/browser/hexview.h"
#include "ui/browser/keyhead.h"
#include "ui/browser/keypane.h"
#include "ui/browser/newkeydialog.h"
#include "ui/browser/protodialog.h"
#include "ui/browser/streamgroups.h"
#include "ui/browser/stringeditor.h"
#include "ui/browser/valuepane.h"
#include "ui/browser/valuetab.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestBrowser : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void theTreeHasEveryKey();
    void aStringIsEditedAndSaved();
    void copiesOnReplicasAreCompared();
    void whatSomebodyElseChangedIsShown();
    void numbersStayExact();
    void bytesThatNobodyTouchedStay();
    void aFlappingKeyKeepsWhatWasTyped();
    void aChosenFormatIsKept();
    void valuesAreReadWithProtoFiles();
    void aHashIsEditedInPlace();
    void theEditorStaysWithItsField();
    void scoresAndMembers();
    void aStreamHasGroups();
    void aLongStringScrolls();
    void aKeyIsMadeRenamedAndDeleted();
    void refusedKeysStayInTheDialog();
    void aHiddenSelectionIsNone();
    void expiryIsAskedForWhatItDoes();
    void searchIsPlainText();
    void readOnlyChangesNothing();
    void aUserWithFewRights();
    void unsavedChangesAreAskedAbout();
    void manyKeysAreDeleted();
    void pictures();

private:
    Value run(const Command &command)
    {
        const Result<Value> reply = QCoro::waitFor(m_session->execute(command));
        return reply ? *reply : Value();
    }
    BrowserPage *open(const ConnectionTarget &target)
    {
        m_view = m_window->openSession(std::make_unique<SessionDoor>(m_thread, target));
        m_window->showPage(u"browser"_s);
        return qobject_cast<BrowserPage *>(m_view->page(u"browser"_s));
    }
    BrowserPage *open() { return open(m_cluster->target({0})); }
    static bool isScanned(const BrowserPage *page)
    {
        return page->keys()->store().progress().state == ScanProgress::State::Done && page->isFilled();
    }
    ValueTab *openKey(BrowserPage *page, const QByteArray &key)
    {
        page->values()->open(key, true);
        ValueTab *tab = page->values()->current();
        return QTest::qWaitFor([tab] { return tab->isRead(); }, 20000) ? tab : nullptr;
    }
    template <typename T>
    T *viewOf(ValueTab *tab)
    {
        return tab ? qobject_cast<T *>(tab->valueView()) : nullptr;
    }
    template <typename T>
    static T *dialog(QWidget *of)
    {
        T *found = nullptr;
        (void)QTest::qWaitFor([&] {
            for (T *child : of->findChildren<T *>())
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
    void grab(const QString &name, QWidget *of = nullptr)
    {
        const QString folder = qEnvironmentVariable("SLOTSCOPE_GRAB");
        if (folder.isEmpty())
            return;
        QDir().mkpath(folder);
        for (const auto &[mode, word] : {std::pair(Theme::Mode::Dark, u"dark"_s), {Theme::Mode::Light, u"light"_s}}) {
            m_theme->setMode(mode);
            for (int i = 0; i < 5; ++i)
                QApplication::processEvents();
            (of ? of : m_window.get())->grab().save(folder + u'/' + name + u'-' + word + u".png"_s);
        }
        m_theme->setMode(Theme::Mode::Dark);
    }

    QTemporaryDir m_folder;
    CoreThread m_thread;
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<ClusterSession> m_session;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<MainWindow> m_window;
    ConnectionView *m_view = nullptr;
};

void TestBrowser::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second;
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    QVERIFY(QCoro::waitFor((*m_cluster)->loadSampleData(4)));
    m_session = std::make_unique<ClusterSession>(m_cluster->target({0}));
    m_session->start();
    QVERIFY(QCoro::waitFor(m_session->connected(8000)));
}

void TestBrowser::cleanupTestCase()
{
    m_session.reset();
    m_cluster.reset();
}

void TestBrowser::init()
{
    m_settings = std::make_unique<QSettings>(m_folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_settings->clear();
    m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
    m_window = std::make_unique<MainWindow>(*m_theme, *m_settings);
    m_window->resize(1440, 900);
    m_window->show();
}

void TestBrowser::cleanup()
{
    m_window.reset();
    m_theme.reset();
    m_settings.reset();
}

void TestBrowser::theTreeHasEveryKey()
{
    BrowserPage *page = open();
    const QAbstractItemModelTester tester(&page->keys()->model());
    QTRY_VERIFY(isScanned(page));
    qint64 keys = 0;
    for (int node = 0; node < 3; ++node)
        keys += m_cluster->run(node, {"DBSIZE"_ba})->toInteger();
    QCOMPARE(qint64(page->keys()->store().progress().seen), keys);
    KeyRowsModel &model = page->keys()->model();
    quint64 counted = 0;
    int folder = -1;
    for (int row = 0; row < model.rowCount(); ++row) {
        counted += model.index(row, 0).data(KeyRowsModel::CountRole).toULongLong();
        if (folder < 0 && model.index(row, 0).data(KeyRowsModel::IsFolderRole).toBool())
            folder = row;
    }
    QCOMPARE(qint64(counted), keys); // the top-level rows together contain all keys
    QVERIFY(folder >= 0);
    const int before = model.rowCount();
    page->keys()->rows()->setCurrentIndex(model.index(folder, 0));
    QTest::keyClick(page->keys()->rows(), Qt::Key_Right);
    QTRY_VERIFY(model.rowCount() > before);
    QTest::keyClick(page->keys()->rows(), Qt::Key_Left);
    QTRY_COMPARE(model.rowCount(), before);
    QVERIFY2(page->keys()->progressText().contains(u"3 of 3 primaries"_s), qPrintable(page->keys()->progressText()));
}

void TestBrowser::aStringIsEditedAndSaved()
{
    run({"SET"_ba, "ui:text"_ba, "hello"_ba, "EX"_ba, "3600"_ba});
    BrowserPage *page = open();
    ValueTab *tab = openKey(page, "ui:text"_ba);
    auto *editor = viewOf<StringEditor>(tab);
    QVERIFY(editor);
    QTRY_COMPARE(editor->editor()->code(), u"hello"_s);
    QVERIFY(!tab->saveButton()->isEnabled());
    QTest::mouseClick(tab->keyHead()->findChild<QPushButton *>(u"slotLink"_s), Qt::LeftButton); // opens the slot map
    QCOMPARE(m_view->currentPage(), m_view->page(u"slots"_s));
    m_window->showPage(u"browser"_s);
    editor->editor()->setFocus();
    QTest::keyClick(editor->editor(), Qt::Key_End, Qt::ControlModifier);
    QTest::keyClicks(editor->editor(), u", world"_s);
    QTRY_VERIFY(tab->footText().contains(u"saves as 12 B"_s));
    QVERIFY(tab->saveButton()->isEnabled() && tab->isChanged());
    const QSignalSpy facts(page->keys()->store().facts(), &KeyFactsCache::arrived);
    QTest::keyClick(editor->editor(), Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(run({"GET"_ba, "ui:text"_ba}).bytes(), "hello, world"_ba);
    QTRY_VERIFY(facts.contains({QVariant::fromValue(QByteArrayList{"ui:text"_ba})})); // the list reads the key again
    QTRY_VERIFY(!tab->isChanged());
    QVERIFY(run({"TTL"_ba, "ui:text"_ba}).toInteger() > 3500);
    QTRY_VERIFY(tab->undoButton()->isVisible() && tab->undoButton()->isEnabled());
    QTest::mouseClick(tab->undoButton(), Qt::LeftButton);
    QTRY_COMPARE(run({"GET"_ba, "ui:text"_ba}).bytes(), "hello"_ba);
    QTRY_COMPARE(editor->editor()->code(), u"hello"_s);
}

void TestBrowser::copiesOnReplicasAreCompared()
{
    run({"RPUSH"_ba, "ui:list"_ba, "a"_ba, "b"_ba});
    ValueTab *tab = openKey(open(), "ui:list"_ba);
    tab->keyHead()->findChild<QAction *>(u"copies"_s)->trigger();
    auto *dialog = tab->findChild<CopiesDialog *>();
    QVERIFY(dialog && dialog->isVisible());
    QTRY_COMPARE(dialog->table()->rowCount(), 2);
    QTRY_COMPARE(dialog->summary(), u"1 of 1 replicas have the value of the primary."_s);
    QCOMPARE(dialog->table()->item(1, 1)->text(), u"replica"_s);
    QCOMPARE(dialog->table()->item(1, 3)->text(), u"2"_s);
    dialog->accept();
}

void TestBrowser::whatSomebodyElseChangedIsShown()
{
    run({"SET"_ba, "ui:race"_ba, "one"_ba});
    BrowserPage *page = open();
    ValueTab *tab = openKey(page, "ui:race"_ba);
    auto *editor = viewOf<StringEditor>(tab);
    QTRY_COMPARE(editor->editor()->code(), u"one"_s);
    QTest::keyClicks(editor->editor(), u"my "_s);
    run({"SET"_ba, "ui:race"_ba, "theirs"_ba});
    tab->readAgain();
    QTRY_VERIFY(editor->theirsBar()->isVisible());
    QCOMPARE(editor->editor()->code(), u"my one"_s);
    tab->save();
    auto *choice = dialog<CompareDialog>(m_window.get());
    QVERIFY(choice);
    QCOMPARE(run({"GET"_ba, "ui:race"_ba}).bytes(), "theirs"_ba);
    QTest::mouseClick(choice->overwriteButton(), Qt::LeftButton);
    QTRY_COMPARE(run({"GET"_ba, "ui:race"_ba}).bytes(), "my one"_ba);
}

void TestBrowser::numbersStayExact()
{
    const QByteArray text = R"({"id":9007199254740993,"zip":"00014","huge":1e400,"zero":-0.0,"a":1,"a":2})"_ba;
    run({"SET"_ba, "ui:json"_ba, text});
    BrowserPage *page = open();
    ValueTab *tab = openKey(page, "ui:json"_ba);
    auto *editor = viewOf<StringEditor>(tab);
    QTRY_VERIFY(editor->editor()->code().contains(u"9007199254740993"_s));
    QString code = editor->editor()->code();
    QVERIFY(code.contains(u"1e400"_s) && code.contains(u"-0.0"_s) && code.count(u"\"a\""_s) == 2);
    editor->editor()->setPlainText(code.replace(u"00014"_s, u"00015"_s));
    editor->editor()->document()->setModified(true);
    tab->save();
    QByteArray wanted = text;
    // the value stays compact as before
    QTRY_COMPARE(run({"GET"_ba, "ui:json"_ba}).bytes(), wanted.replace("00014", "00015"));
}

void TestBrowser::bytesThatNobodyTouchedStay()
{
    run({"SET"_ba, "ui:crlf"_ba,
         "one\r\nno\xc2\xa0"
         "break\r\nend"_ba});
    run({"SET"_ba, "ui:cr"_ba, "one\rtwo\n"_ba});
    BrowserPage *page = open();
    ValueTab *tab = openKey(page, "ui:crlf"_ba);
    auto *editor = viewOf<StringEditor>(tab);
    QTRY_VERIFY(editor->editor()->code().startsWith(u"one"_s));
    editor->editor()->setFocus();
    QTest::keyClick(editor->editor(), Qt::Key_End, Qt::ControlModifier);
    QTest::keyClicks(editor->editor(), u"!"_s);
    tab->save();
    QTRY_COMPARE(run({"GET"_ba, "ui:crlf"_ba}).bytes(),
                 "one\r\nno\xc2\xa0"
                 "break\r\nend!"_ba);
    auto *mixed = viewOf<StringEditor>(openKey(page, "ui:cr"_ba));
    QTRY_VERIFY(mixed->editor()->code().startsWith(u"one"_s));
    QVERIFY(mixed->editor()->isReadOnly()); // because a text editor would change these bytes
}

void TestBrowser::aFlappingKeyKeepsWhatWasTyped()
{
    run({"SET"_ba, "ui:flap"_ba, "v"_ba});
    BrowserPage *page = open();
    ValueTab *tab = openKey(page, "ui:flap"_ba);
    auto *editor = viewOf<StringEditor>(tab);
    QTRY_COMPARE(editor->editor()->code(), u"v"_s);
    QTest::keyClicks(editor->editor(), u"mine "_s);
    for (const Command &act : {Command{"DEL"_ba, "ui:flap"_ba}, Command{"SET"_ba, "ui:flap"_ba, "again"_ba},
                               Command{"DEL"_ba, "ui:flap"_ba}, Command{"SADD"_ba, "ui:flap"_ba, "m"_ba}}) {
        run(act);
        const QByteArray type = run({"TYPE"_ba, "ui:flap"_ba}).bytes();
        tab->readAgain();
        QTRY_COMPARE(tab->head().typeWord, type);
        QCOMPARE(viewOf<StringEditor>(tab), editor);
        QCOMPARE(editor->editor()->code(), u"mine v"_s);
    }
}

void TestBrowser::aChosenFormatIsKept()
{
    run({"SET"_ba, "ui:kept:1"_ba, "eyJhIjoxfQ=="_ba}); // base64 of {"a":1}
    run({"SET"_ba, "ui:kept:2"_ba, "NzU="_ba});
    BrowserPage *page = open();
    auto *editor = viewOf<StringEditor>(openKey(page, "ui:kept:1"_ba));
    QTRY_VERIFY(!editor->formatBar()->chain().steps.isEmpty());
    const Result<FormatChain> chain = FormatChain::parse(u"base64 > text"_s);
    QVERIFY(chain);
    Q_EMIT editor->formatBar()->chainChosen(*chain);
    QTRY_COMPARE(editor->editor()->code(), u"{\"a\":1}"_s);
    Q_EMIT editor->formatBar()->keepRequested();
    auto *other = viewOf<StringEditor>(openKey(page, "ui:kept:2"_ba));
    QTRY_COMPARE(other->editor()->code(), u"75"_s);
    page->saveState(*m_settings);
    BrowserPage *again = open();
    again->restoreState(*m_settings);
    auto *restored = viewOf<StringEditor>(openKey(again, "ui:kept:2"_ba));
    QTRY_COMPARE(restored->editor()->code(), u"75"_s);
}

/// The folder is added, the type is searched and taken by the keyboard; both are kept for the folder of keys.
void TestBrowser::valuesAreReadWithProtoFiles()
{
    QTemporaryDir folder;
    const auto write = [&](const QString &name, const QByteArray &text) {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    };
    QVERIFY(write(
        u"user.proto"_s,
        "syntax = \"proto3\";\npackage acme;\nenum Plan { FREE = 0; TEAM = 1; }\nmessage Address { string city = 1; "
        "}\nmessage User {\n  int64 id = 1;\n  string name = 2;\n  Plan plan = 3;\n  Address home = 4;\n"
        "  map<string, int32> limits = 5;\n}\n"));
    QVERIFY(write(u"bad.proto"_s, "syntax = \"proto3\";\nmessage Bad { oops }\n"));
    const QByteArray value =
        QByteArray::fromHex("0881808080808080101203416461180122060a044f736c6f2a090a046b65797310e807");
    run({"SET"_ba, "ui:proto:1"_ba, value});
    run({"SET"_ba, "ui:proto:2"_ba, QByteArray::fromHex("08051803")});
    BrowserPage *page = open();
    ValueTab *tab = openKey(page, "ui:proto:1"_ba);
    auto *editor = viewOf<StringEditor>(tab);
    QTRY_COMPARE(editor->formatBar()->chain().toString(), u"protobuf"_s);
    auto *entry = editor->formatBar()->findChild<QAction *>(u"protoTypes"_s);
    QVERIFY(entry);
    entry->trigger();
    auto *dialog = TestBrowser::dialog<ProtoDialog>(m_window.get());
    QVERIFY(dialog);
    QVERIFY(!dialog->actButton()->isEnabled());
    QVERIFY(!dialog->problemList()->isVisible());
    dialog->addFolder(folder.path());
    QTRY_VERIFY2(dialog->words().startsWith(u"2 file(s) · 2 message type(s) · 1 problem(s)"_s),
                 qPrintable(dialog->words()));
    QVERIFY(dialog->problemList()->item(0)->text().startsWith(u"bad.proto:2:"_s));
    QVERIFY(dialog->chosenType().isEmpty());
    QTest::keyClick(dialog->searchField(), Qt::Key_Down);
    QCOMPARE(dialog->chosenType(), u"acme.Address"_s);
    QTest::keyClick(dialog->searchField(), Qt::Key_Down);
    QCOMPARE(dialog->chosenType(), u"acme.User"_s);
    QTest::keyClicks(dialog->searchField(), u"ADDR"_s);
    QCOMPARE(dialog->chosenType(), u"acme.Address"_s);
    dialog->searchField()->clear();
    QTest::keyClicks(dialog->searchField(), u"nothing"_s);
    QVERIFY(dialog->chosenType().isEmpty() && !dialog->actButton()->isEnabled());
    dialog->searchField()->clear();
    QTest::keyClicks(dialog->searchField(), u"user"_s);
    grab(u"proto-dialog"_s, dialog);
    QTest::keyClick(dialog->searchField(), Qt::Key_Return);
    QTRY_VERIFY2(editor->editor()->code().contains(u"\"id\": 9007199254740993"_s),
                 qPrintable(editor->editor()->code()));
    QCOMPARE(editor->formatBar()->chain().toString(), u"protobuf:acme.User"_s);
    grab(u"proto-text"_s);
    editor->formatBar()->setForm(FormatBar::Form::Tree);
    grab(u"proto-tree"_s);
    editor->formatBar()->setForm(FormatBar::Form::Text);
    // an edit with names is saved as protobuf
    editor->editor()->setPlainText(editor->editor()->code().replace(u"\"TEAM\""_s, u"\"FREE\""_s));
    editor->editor()->document()->setModified(true);
    QTRY_VERIFY2(tab->footText().contains(u"reads back as written"_s), qPrintable(tab->footText()));
    tab->save();
    QTRY_COMPARE(run({"GET"_ba, "ui:proto:1"_ba}).bytes().toHex(),
                 QByteArray(value).replace("\x18\x01", QByteArray("\x18\0", 2)).toHex());
    // kept for ui:proto:*, with the folder
    Q_EMIT editor->formatBar()->keepRequested();
    page->saveState(*m_settings);
    BrowserPage *again = open();
    again->restoreState(*m_settings);
    auto *restored = viewOf<StringEditor>(openKey(again, "ui:proto:2"_ba));
    QTRY_COMPARE(restored->editor()->code(), u"{\n  \"id\": 5,\n  \"plan\": 3\n}"_s);
    // the files have changed
    QVERIFY(write(u"user.proto"_s,
                  "syntax = \"proto3\";\npackage acme;\nmessage User { int64 number = 1; bool old = 3; }\n"));
    restored->formatBar()->findChild<QAction *>(u"protoTypes"_s)->trigger();
    QTRY_VERIFY(restored->editor()->code().contains(u"\"number\": 5"_s));
    auto *second = TestBrowser::dialog<ProtoDialog>(m_window.get());
    QTRY_COMPARE(second->chosenType(), u"acme.User"_s);
    second->folderList()->setCurrentRow(0);
    QTest::mouseClick(second->findChild<QPushButton *>(u"removeProtoFolder"_s), Qt::LeftButton);
    QTRY_COMPARE(restored->editor()->code(), u"{\n  \"1\": 5,\n  \"3\": 3\n}"_s);
    QCOMPARE(second->folderList()->count(), 0);
    second->reject();
}

void TestBrowser::aHashIsEditedInPlace()
{
    run({"HSET"_ba, "ui:hash"_ba, "colour"_ba, "red"_ba, "size"_ba, "XL"_ba});
    BrowserPage *page = open();
    ValueTab *tab = openKey(page, "ui:hash"_ba);
    auto *editor = viewOf<CollectionEditor>(tab);
    QVERIFY(editor);
    QTRY_COMPARE(editor->model()->rowCount(), 2);
    const int row = editor->model()->rowOf("colour"_ba),
              column = editor->model()->sectionOf(CollectionModel::Column::Value);
    editor->table()->setCurrentIndex(editor->model()->index(row, column));
    QTest::keyClick(editor->table(), Qt::Key_F2);
    auto *line = editor->table()->findChild<QLineEdit *>();
    QVERIFY(line);
    line->setText(u"blue"_s);
    editor->model()->takeTtls({"colour"_ba}, {-1}); // the row is read again during the edit
    QCOMPARE(line->text(), u"blue"_s);
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_COMPARE(editor->model()->index(row, column).data(CollectionModel::WasRole).toString(), u"red"_s);
    QVERIFY2(tab->footText().contains(u"HSET"_s), qPrintable(tab->footText()));
    QCOMPARE(run({"HGET"_ba, "ui:hash"_ba, "colour"_ba}).bytes(), "red"_ba); // not written yet
    tab->save();
    QTRY_COMPARE(run({"HGET"_ba, "ui:hash"_ba, "colour"_ba}).bytes(), "blue"_ba);
    QTRY_VERIFY(!tab->isChanged());
    // Renaming a field to an existing name is refused with a message.
    editor->table()->setCurrentIndex(editor->model()->index(row, column));
    QMenu menu;
    editor->fillMenu(&menu);
    menu.findChild<QAction *>(u"renameElement"_s)->trigger();
    auto *rename = dialog<ElementDialog>(editor);
    rename->field(0)->setText(u"size"_s);
    QTest::mouseClick(rename->actButton(), Qt::LeftButton);
    QTRY_VERIFY2(tab->problemText().contains(u"Nothing was changed"_s), qPrintable(tab->problemText()));
    QCOMPARE(run({"HGET"_ba, "ui:hash"_ba, "size"_ba}).bytes(), "XL"_ba);
}

/// If rows move while a field is edited, Save writes to that field and not to the row.
void TestBrowser::theEditorStaysWithItsField()
{
    run({"HSET"_ba, "ui:moving"_ba, "b"_ba, "1"_ba, "c"_ba, "2"_ba});
    BrowserPage *page = open();
    ValueTab *tab = openKey(page, "ui:moving"_ba);
    auto *editor = viewOf<CollectionEditor>(tab);
    QTRY_COMPARE(editor->model()->rowCount(), 2);
    editor->model()->stage(editor->model()->rowOf("b"_ba), CollectionModel::Column::Value, "mine"_ba);
    run({"HSET"_ba, "ui:moving"_ba, "a"_ba, "0"_ba});
    run({"HDEL"_ba, "ui:moving"_ba, "c"_ba});
    tab->readAgain();
    QTRY_VERIFY(tab->keyHead()->fact(u"Length"_s) == u"2"_s);
    tab->save();
    QTRY_COMPARE(run({"HGET"_ba, "ui:moving"_ba, "b"_ba}).bytes(), "mine"_ba);
    QCOMPARE(run({"HGET"_ba, "ui:moving"_ba, "a"_ba}).bytes(), "0"_ba);
}

void TestBrowser::scoresAndMembers()
{
    Command fill{"ZADD"_ba, "ui:scores"_ba};
    for (int i = 0; i < 1000; ++i)
        fill << QByteArray::number(i) << "m" + QByteArray::number(i);
    run(fill);
    BrowserPage *page = open();
    ValueTab *tab = openKey(page, "ui:scores"_ba);
    auto *editor = viewOf<CollectionEditor>(tab);
    QTRY_COMPARE(editor->model()->rowCount(), 1000);
    QTRY_VERIFY(editor->model()->row(0));
    QVERIFY(!editor->model()->row(999)); // rows are only read when they become visible
    editor->table()->scrollTo(editor->model()->index(999, 0));
    QTRY_VERIFY(editor->model()->row(999));
    QCOMPARE(editor->model()->row(999)->name, "m999"_ba);
    const int column = editor->model()->sectionOf(CollectionModel::Column::Score);
    QVERIFY(!editor->model()->setData(editor->model()->index(999, column), u"much"_s));
    QVERIFY(editor->model()->setData(editor->model()->index(999, column), u"9007199254740993"_s));
    // the value as the server will store it
    QCOMPARE(editor->model()->index(999, column).data().toString(), u"9007199254740992"_s);
    tab->save();
    QTRY_COMPARE(run({"ZSCORE"_ba, "ui:scores"_ba, "m999"_ba}).bytes(), "9007199254740992"_ba);
    editor->filterField()->setText(u"m99*"_s);
    QTest::keyClick(editor->filterField(), Qt::Key_Return);
    QTRY_COMPARE(editor->model()->rowCount(), 11);
}

void TestBrowser::aStreamHasGroups()
{
    run({"DEL"_ba, "ui:stream"_ba});
    for (int i = 1; i <= 5; ++i)
        run({"XADD"_ba, "ui:stream"_ba, QByteArray::number(i) + "-0", "n"_ba, QByteArray::number(i)});
    run({"XGROUP"_ba, "CREATE"_ba, "ui:stream"_ba, "workers"_ba, "0"_ba});
    run({"XREADGROUP"_ba, "GROUP"_ba, "workers"_ba, "w1"_ba, "COUNT"_ba, "2"_ba, "STREAMS"_ba, "ui:stream"_ba, ">"_ba});
    BrowserPage *page = open();
    ValueTab *tab = openKey(page, "ui:stream"_ba);
    auto *editor = viewOf<CollectionEditor>(tab);
    QTRY_COMPARE(editor->model()->rowCount(), 5);
    QCOMPARE(editor->model()->row(0)->name, "5-0"_ba); // the newest entry is first
    StreamGroups *groups = editor->groups();
    QTRY_COMPARE(groups->pendingList()->topLevelItemCount(), 2);
    QCOMPARE(groups->groupList()->topLevelItem(0)->text(2), u"2"_s);
    groups->pendingList()->topLevelItem(0)->setSelected(true);
    QTest::mouseClick(groups->acknowledgeButton(), Qt::LeftButton);
    QTRY_COMPARE(groups->pendingList()->topLevelItemCount(), 1);
}

void TestBrowser::aLongStringScrolls()
{
    QByteArray bytes(8 * 1024 * 1024, 'x');
    bytes.replace(5'000'000, 5, "MATCH");
    run({"SET"_ba, "ui:long"_ba, bytes});
    BrowserPage *page = open();
    ValueTab *tab = openKey(page, "ui:long"_ba);
    auto *editor = viewOf<StringEditor>(tab);
    QVERIFY(editor);
    QTRY_VERIFY(editor->hex()->isVisible());
    editor->hex()->goToOffset(5'000'000);
    QTRY_VERIFY2(editor->hex()->lineAt(5'000'000 / 16).contains(u"MATCH"_s),
                 qPrintable(editor->hex()->lineAt(5'000'000 / 16)));
    QVERIFY(!tab->saveButton()->isEnabled());
    run({"DEL"_ba, "ui:long"_ba});
}

void TestBrowser::aKeyIsMadeRenamedAndDeleted()
{
    BrowserPage *page = open();
    QTRY_VERIFY(isScanned(page));
    QTest::mouseClick(page->newKeyButton(), Qt::LeftButton);
    auto *made = dialog<NewKeyDialog>(page);
    QVERIFY(made);
    made->nameField()->setText(u"ui:made\\x00"_s);
    made->nameField()->findChild<QAbstractButton *>()->setChecked(true); // the name contains escape sequences
    made->secondField()->setText(u"first"_s);
    made->ttlField()->setText(u"1000"_s);
    QTest::mouseClick(made->createButton(), Qt::LeftButton);
    const QByteArray name = "ui:made\0"_ba;
    QTRY_COMPARE(run({"GET"_ba, name}).bytes(), "first"_ba);
    QTRY_VERIFY(page->values()->current() && page->values()->current()->key() == name);
    ValueTab *tab = page->values()->current();
    QTRY_VERIFY(tab->isRead());
    tab->askToRename(false);
    auto *rename = dialog<ElementDialog>(tab);
    QVERIFY(rename);
    rename->field(0)->setBytes("ui:renamed"_ba);
    QTest::mouseClick(rename->actButton(), Qt::LeftButton);
    QTRY_COMPARE(run({"GET"_ba, "ui:renamed"_ba}).bytes(), "first"_ba);
    QCOMPARE(run({"EXISTS"_ba, name}).toInteger(), 0);
    QVERIFY(run({"TTL"_ba, "ui:renamed"_ba}).toInteger() > 900);
    QTRY_COMPARE(tab->key(), "ui:renamed"_ba);
    tab->askToDelete();
    answer(dialog<QMessageBox>(tab), u"Delete"_s);
    QTRY_COMPARE(run({"EXISTS"_ba, "ui:renamed"_ba}).toInteger(), 0);
    QTRY_VERIFY(tab->undoButton()->isEnabled() && tab->undoButton()->isVisible());
    QTest::mouseClick(tab->undoButton(), Qt::LeftButton);
    QTRY_COMPARE(run({"GET"_ba, "ui:renamed"_ba}).bytes(), "first"_ba);
}

/// If the name of a new or renamed key already exists, the dialog stays open with everything that was typed.
void TestBrowser::refusedKeysStayInTheDialog()
{
    run({"SET"_ba, "ui:taken"_ba, "old"_ba});
    BrowserPage *page = open();
    QTRY_VERIFY(isScanned(page));
    QTest::mouseClick(page->newKeyButton(), Qt::LeftButton);
    auto *made = dialog<NewKeyDialog>(page);
    QVERIFY(made);
    made->nameField()->setText(u"ui:taken"_s);
    made->secondField()->setText(u"typed for long"_s);
    QTest::mouseClick(made->createButton(), Qt::LeftButton);
    QVERIFY(!made->createButton()->isEnabled()); // disabled until the answer arrives
    QTRY_VERIFY(made->createButton()->isEnabled());
    QVERIFY(made->isVisible());
    QVERIFY2(made->problem().contains(u"name exists"_s), qPrintable(made->problem()));
    QCOMPARE(made->secondField()->bytes(), "typed for long"_ba);
    QCOMPARE(run({"GET"_ba, "ui:taken"_ba}).bytes(), "old"_ba);
    made->typeBox()->setCurrentIndex(made->typeBox()->findData(int(ValueType::Json)));
    made->nameField()->setText(u"ui:free"_s);
    QVERIFY(made->problem().isEmpty());
    // fails because the server has no JSON type or the value is no JSON document
    QTest::mouseClick(made->createButton(), Qt::LeftButton);
    QTRY_VERIFY(made->createButton()->isEnabled());
    QVERIFY(made->isVisible() && !made->problem().isEmpty());
    made->typeBox()->setCurrentIndex(made->typeBox()->findData(int(ValueType::String)));
    QTest::mouseClick(made->createButton(), Qt::LeftButton);
    const QPointer<NewKeyDialog> closed(made);
    QTRY_VERIFY(!closed || !closed->isVisible());
    QCOMPARE(run({"GET"_ba, "ui:free"_ba}).bytes(), "typed for long"_ba);
    QTRY_VERIFY(page->values()->current() && page->values()->current()->isRead());
    ValueTab *tab = page->values()->current();
    tab->askToRename(true);
    auto *rename = dialog<ElementDialog>(tab);
    QVERIFY(rename);
    rename->field(0)->setBytes("ui:taken"_ba);
    QTest::mouseClick(rename->actButton(), Qt::LeftButton);
    QTRY_VERIFY(!rename->isWaiting());
    QVERIFY(rename->isVisible() && !rename->problem().isEmpty());
    QCOMPARE(rename->values().front(), "ui:taken"_ba);
    rename->reject();
}

/// The bar with “Delete…” disappears when the selected keys are hidden by a filter or deleted.
void TestBrowser::aHiddenSelectionIsNone()
{
    for (int i = 0; i < 4; ++i)
        run({"SET"_ba, "hide:" + QByteArray::number(i), "x"_ba});
    BrowserPage *page = open();
    QTRY_VERIFY(isScanned(page));
    KeyRowsModel &model = page->keys()->model();
    auto *bar = page->findChild<QWidget *>(u"selectionBar"_s);
    const auto selectFolder = [&] {
        const int row = model.rowOfFolder("hide:"_ba);
        if (row >= 0)
            page->keys()->rows()->setCurrentIndex(model.index(row, 0));
        return row >= 0;
    };
    QVERIFY(selectFolder());
    QVERIFY(bar->isVisible());
    page->keys()->searchField()->setText(u"nothing like this"_s);
    QTRY_VERIFY(!bar->isVisible());
    page->keys()->searchField()->clear();
    QTRY_VERIFY(model.rowOfFolder("hide:"_ba) >= 0);
    QVERIFY(selectFolder());
    QTest::keyClick(page->keys()->rows(), Qt::Key_Delete);
    auto *question = dialog<QMessageBox>(page);
    QVERIFY(question);
    QVERIFY2(question->text().contains(u"4 keys"_s) && question->text().contains(u"hide:"_s),
             qPrintable(question->text()));
    answer(question, u"Delete 4 keys"_s);
    QTRY_VERIFY(page->bulk()->progress().isOver());
    QTRY_VERIFY(isScanned(page) && model.rowOfFolder("hide:"_ba) < 0);
    QVERIFY(!bar->isVisible());
}

void TestBrowser::expiryIsAskedForWhatItDoes()
{
    ExpiryDialog asked(u"k"_s, 60'000, true, nullptr);
    QCOMPARE(asked.amountField()->text(), u"60"_s);
    QVERIFY(asked.words().contains(u"expires in 1 min"_s));
    asked.amountField()->setText(u"-1"_s);
    QVERIFY2(asked.words().contains(u"no longer expires"_s), qPrintable(asked.words()));
    for (const QString &past : {u"0"_s, u"-5"_s}) {
        asked.amountField()->setText(past);
        QVERIFY2(asked.words().contains(u"deletes k now"_s), qPrintable(asked.words()));
        QCOMPARE(asked.actButton()->text(), u"Delete it now"_s);
    }
    for (const QString &wrong : {u""_s, u"9223372036854775807"_s, u"soon"_s, u"1.5"_s}) {
        asked.amountField()->setText(wrong);
        QVERIFY(!asked.actButton()->isEnabled());
    }
}

/// The search field takes plain text: special characters have no meaning, and each key is found by its exact name.
void TestBrowser::searchIsPlainText()
{
    const QByteArrayList names{"a:[1]"_ba, "a:1"_ba, "abc*:x"_ba, "abcdef:x"_ba, "[THEME"_ba, "h[ae]llo"_ba, "k\\1"_ba};
    for (const QByteArray &name : names)
        run({"SET"_ba, name, "v"_ba});
    BrowserPage *page = open();
    QTRY_VERIFY(isScanned(page));
    for (const QByteArray &name : names) {
        page->keys()->searchField()->setText(QString::fromUtf8(name));
        QTest::keyClick(page->keys()->searchField(), Qt::Key_Return);
        QCOMPARE(page->values()->current()->key(), name);
        QTRY_VERIFY(page->values()->current()->isRead());
        QVERIFY(page->values()->current()->valueView());
        QTRY_COMPARE(page->keys()->footText(), u"1 match"_s);
    }
}

void TestBrowser::readOnlyChangesNothing()
{
    run({"SET"_ba, "ui:ro"_ba, "v"_ba});
    ConnectionTarget target = m_cluster->target({0});
    target.readOnly = true;
    BrowserPage *page = open(target);
    QTRY_VERIFY(isScanned(page));
    QVERIFY(!page->newKeyButton()->isEnabled());
    ValueTab *tab = openKey(page, "ui:ro"_ba);
    auto *editor = viewOf<StringEditor>(tab);
    QTRY_COMPARE(editor->editor()->code(), u"v"_s);
    QVERIFY(editor->editor()->isReadOnly());
    tab->askToDelete();
    QVERIFY(!tab->findChild<QMessageBox *>());
}

void TestBrowser::aUserWithFewRights()
{
    for (int node = 0; node < 6; ++node)
        QVERIFY(m_cluster->run(node,
                               {"ACL"_ba, "SETUSER"_ba, "dev"_ba, "on"_ba, ">x"_ba, "~*"_ba, "+@all"_ba, "-memory"_ba,
                                "-object"_ba, "-info"_ba, "-config"_ba, "-client"_ba, "-command"_ba}));
    run({"SET"_ba, "ui:few"_ba, "v"_ba});
    ConnectionTarget target = m_cluster->target({0});
    target.credentials = {.user = u"dev"_s, .password = u"x"_s};
    BrowserPage *page = open(target);
    QTRY_VERIFY(isScanned(page));
    ValueTab *tab = openKey(page, "ui:few"_ba);
    auto *editor = viewOf<StringEditor>(tab);
    QVERIFY(editor);
    QTRY_COMPARE(editor->editor()->code(), u"v"_s);
    QCOMPARE(tab->keyHead()->fact(u"Memory"_s), u"–"_s);
    QTest::keyClicks(editor->editor(), u"w"_s);
    tab->save();
    QTRY_COMPARE(run({"GET"_ba, "ui:few"_ba}).bytes(), "wv"_ba);
}

void TestBrowser::unsavedChangesAreAskedAbout()
{
    run({"SET"_ba, "ui:kept"_ba, "v"_ba});
    BrowserPage *page = open();
    ValueTab *tab = openKey(page, "ui:kept"_ba);
    auto *editor = viewOf<StringEditor>(tab);
    QTRY_COMPARE(editor->editor()->code(), u"v"_s);
    QTest::keyClicks(editor->editor(), u"w"_s);
    QVERIFY(!page->unsaved().isEmpty());
    QVERIFY(!m_window->close());
    answer(dialog<QMessageBox>(m_window.get()), u"Keep it open"_s);
    QVERIFY(m_window->isVisible());
    page->values()->closeTab(page->values()->tabs()->currentIndex());
    answer(dialog<QMessageBox>(page), u"Keep it open"_s);
    QCOMPARE(page->values()->count(), 1);
    // “Close the others” asks once for all tabs.
    ConnectionView *other = m_window->openConnection(u"other"_s);
    QMenu menu;
    m_window->fillTabMenu(&menu, other);
    menu.findChild<QAction *>(u"closeOtherTabs"_s)->trigger();
    auto *question = dialog<QMessageBox>(m_window.get());
    QVERIFY(question);
    QVERIFY2(question->text().contains(m_view->title() + u": "_s), qPrintable(question->text()));
    answer(question, u"Keep it open"_s);
    QCOMPARE(m_window->connectionCount(), 2);
    // “Reconnect” also asks, because it would end the tab's jobs.
    QSignalSpy reconnects(m_window.get(), &MainWindow::reconnectRequested);
    QMenu own;
    m_window->fillTabMenu(&own, m_view);
    own.findChild<QAction *>(u"reconnectTab"_s)->trigger();
    answer(dialog<QMessageBox>(m_window.get()), u"Keep it open"_s);
    QCOMPARE(reconnects.size(), 0);
    m_window->closeConnection(1);
    page->values()->closeTab(0);
    answer(dialog<QMessageBox>(page), u"Close without saving"_s);
    QTRY_COMPARE(page->values()->count(), 0);
    QCOMPARE(run({"GET"_ba, "ui:kept"_ba}).bytes(), "v"_ba);
}

void TestBrowser::manyKeysAreDeleted()
{
    for (int i = 0; i < 3000; ++i)
        run({"SET"_ba, "bulk*:" + QByteArray::number(i), "v"_ba});
    run({"SET"_ba, "bulkier:1"_ba, "v"_ba});
    // A user may not delete some of the keys: the others are deleted and the failures are reported.
    for (int node = 0; node < 6; ++node)
        QVERIFY(m_cluster->run(node,
                               {"ACL"_ba, "SETUSER"_ba, "some"_ba, "on"_ba, ">x"_ba, "resetkeys"_ba, "~bulk[*]:1*"_ba,
                                "~bulk[*]:2*"_ba, "~bulkier:*"_ba, "+@all"_ba}));
    ConnectionTarget target = m_cluster->target({0});
    target.credentials = {.user = u"some"_s, .password = u"x"_s};
    BrowserPage *page = open(target);
    QTRY_VERIFY(isScanned(page));
    KeyRowsModel &model = page->keys()->model();
    const int row = model.rowOfFolder("bulk*:"_ba);
    QVERIFY(row >= 0);
    QCOMPARE(model.index(row, 0).data(KeyRowsModel::CountRole).toULongLong(), 3000u);
    page->keys()->rows()->setCurrentIndex(model.index(row, 0));
    QTest::keyClick(page->keys()->rows(), Qt::Key_Delete);
    auto *question = dialog<QMessageBox>(page);
    QVERIFY(question && question->text().contains(u"3,000"_s));
    answer(question, u"Delete 3,000 keys"_s);
    QTRY_VERIFY(page->bulk()->progress().isOver());
    const BulkProgress &progress = page->bulk()->progress();
    QCOMPARE(progress.state, BulkProgress::State::Done);
    QCOMPARE(progress.changed, 2222); // the keys 0 to 2999 whose number begins with 1 or 2
    QCOMPARE(progress.failed, 778);
    QCOMPARE(progress.failures.front().error.code, Error::Code::NoPermission);
    QVERIFY2(page->bulk()->text().contains(u"778 failed"_s), qPrintable(page->bulk()->text()));
    QCOMPARE(run({"EXISTS"_ba, "bulkier:1"_ba}).toInteger(), 1);
    QCOMPARE(run({"EXISTS"_ba, "bulk*:1999"_ba}).toInteger(), 0);
    grab(u"bulk"_s);
}

void TestBrowser::pictures()
{
    if (qEnvironmentVariableIsEmpty("SLOTSCOPE_GRAB"))
        QSKIP("pictures are for people: SLOTSCOPE_GRAB=DIR");
    run({"SET"_ba, "session:web:{u10034}"_ba,
         R"({"session":9007199254740993,"user":{"id":10034,"tier":"gold","locale":"ko-KR"},"cart":{"currency":"KRW","items":[{"sku":"TEA-0142","name":"제주 녹차 세트","qty":3}]}})"_ba,
         "EX"_ba, "6112"_ba});
    BrowserPage *page = open();
    QTRY_VERIFY(isScanned(page));
    KeyRowsModel &model = page->keys()->model();
    for (int row = 0; row < std::min(4, model.rowCount()); ++row)
        model.expand(row);
    grab(u"tree"_s);
    ValueTab *tab = openKey(page, "session:web:{u10034}"_ba);
    QTRY_VERIFY(viewOf<StringEditor>(tab)->editor()->code().contains(u"cart"_s));
    page->keys()->reveal("session:web:{u10034}"_ba);
    QTRY_VERIFY(model.rowOf("session:web:{u10034}"_ba) >= 0
                && model.index(model.rowOf("session:web:{u10034}"_ba), 0).data(KeyRowsModel::MemoryRole).isValid());
    grab(u"string"_s);
    viewOf<StringEditor>(tab)->formatBar()->setForm(FormatBar::Form::Tree);
    grab(u"string-tree"_s);
    viewOf<StringEditor>(tab)->formatBar()->setForm(FormatBar::Form::Hex);
    grab(u"string-hex"_s);
    for (const QByteArray &key : {"ui:hash"_ba, "ui:scores"_ba, "ui:stream"_ba}) {
        ValueTab *open = openKey(page, key);
        auto *editor = viewOf<CollectionEditor>(open);
        QVERIFY(editor);
        QTRY_VERIFY(editor->model()->row(0));
        editor->table()->setCurrentIndex(editor->model()->index(1, 1));
        if (key == "ui:hash")
            editor->model()->stage(0, CollectionModel::Column::Value, "green"_ba);
        if (key == "ui:stream")
            QTRY_VERIFY(editor->groups()->pendingList()->topLevelItemCount() > 0);
        grab(QString::fromLatin1(key.mid(3)));
    }
    m_window->resize(1000, 700);
    page->values()->tabs()->setCurrentIndex(0);
    grab(u"1000x700"_s);
    m_window->resize(1920, 1080);
    grab(u"1920x1080"_s);
    ValueTab *gone = openKey(page, "no:such:key"_ba);
    QVERIFY(gone);
    grab(u"gone"_s);
}

SLOTSCOPE_TEST(TestBrowser)
#include "tst_browser.moc"
