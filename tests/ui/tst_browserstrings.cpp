// SPDX-License-Identifier: GPL-3.0-or-later
// A string in the browser beside its text: bytes typed in Hex, appended, incremented, from a file and to a file. With
// SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/base/errortext.h"
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/browser/browserpage.h"
#include "ui/browser/bytesfield.h"
#include "ui/browser/comparedialog.h"
#include "ui/browser/elementdialog.h"
#include "ui/browser/formatbar.h"
#include "ui/browser/hexview.h"
#include "ui/browser/stringacts.h"
#include "ui/browser/stringeditor.h"
#include "ui/browser/valuepane.h"
#include "ui/browser/valuetab.h"
#include "ui/shared/codeedit.h"

#include <QAction>
#include <QMenu>
#include <QPushButton>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestBrowserStrings : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init() { makeWindow(); }
    void cleanup() { dropWindow(); }

    void bytesAreTyped();
    void bytesAreInsertedAndRemoved();
    void textAndBytesAreNotMixed();
    void aLongValueIsOverwrittenInPlace();
    void whatSomebodyElseWroteStays();
    void appendAndIncrement();
    void fromAFileAndToAFile();
    void whatIsTypedWhileSavingStays();
    void aRenamedKeyIsUsed();
    void aValueThatGrewKeepsEdits();
    void aMissingKeyIsNotSaved();
    void readOnlyTypesNothing();

private:
    QByteArray get(const QByteArray &key)
    {
        const Result<Value> reply = QCoro::waitFor(m_session->execute(commandOf("GET", key)));
        return reply ? reply->bytes() : describe(reply.error()).toUtf8();
    }
    void run(const Command &command) { QVERIFY(QCoro::waitFor(m_session->execute(command))); }
    void openHex(const QByteArray &key, const ConnectionTarget &target)
    {
        auto *page = openPage<BrowserPage>(target, u"browser"_s);
        page->values()->open(key, true);
        m_tab = page->values()->current();
        QTRY_VERIFY(qobject_cast<StringEditor *>(m_tab->valueView()));
        m_editor = qobject_cast<StringEditor *>(m_tab->valueView());
        QTRY_VERIFY(!m_editor->hex()->lineAt(0).endsWith(u"…"_s));
        m_editor->formatBar()->setForm(FormatBar::Form::Hex);
        m_editor->hex()->setFocus();
    }
    void openHex(const QByteArray &key) { openHex(key, m_cluster->target({0})); }
    QAction *action(const QString &name) { return m_editor->acts()->menu()->findChild<QAction *>(name); }

    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<ClusterSession> m_session;
    ValueTab *m_tab = nullptr;
    StringEditor *m_editor = nullptr;
};

void TestBrowserStrings::initTestCase()
{
    LocalClusterOptions options;
    options.replicasPerPrimary = 0;
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    m_session = connectTo(m_cluster->target({0}));
    QVERIFY(m_session);
}

void TestBrowserStrings::cleanupTestCase()
{
    m_session.reset();
    m_cluster.reset();
}

void TestBrowserStrings::bytesAreTyped()
{
    run({"SET"_ba, "hex:a"_ba, "hello"_ba, "EX"_ba, "3000"_ba});
    openHex("hex:a");
    HexView *hex = m_editor->hex();
    QTest::keyClicks(hex, u"00fF"_s);
    QCOMPARE(hex->bytes().toHex(), "00ff6c6c6f"_ba);
    QCOMPARE(hex->cursor(), 2);
    QTest::keyClick(hex, Qt::Key_F2); // the text column
    QTest::keyClicks(hex, u"XY"_s);
    QVERIFY(m_tab->isChanged() && m_tab->saveButton()->isEnabled());
    QVERIFY2(m_tab->footText().contains(u"saves as 5 B"_s), qPrintable(m_tab->footText()));
    grab(u"hex-changed"_s);
    QTest::keyClick(hex, Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(get("hex:a").toHex(), "00ff58596f"_ba);
    QTRY_VERIFY(!m_tab->isChanged());
    const Result<Value> ttl = QCoro::waitFor(m_session->execute({"TTL"_ba, "hex:a"_ba}));
    QVERIFY(ttl && ttl->toInteger() > 2900);
    QTRY_VERIFY(m_tab->undoButton()->isVisible() && m_tab->undoButton()->isEnabled());
    m_tab->undoButton()->click();
    QTRY_COMPARE(get("hex:a"), "hello"_ba);
    QTRY_COMPARE(hex->bytes(), "hello"_ba);
}

void TestBrowserStrings::bytesAreInsertedAndRemoved()
{
    run({"SET"_ba, "hex:b"_ba, "abcdef"_ba});
    openHex("hex:b");
    HexView *hex = m_editor->hex();
    QTest::keyClick(hex, Qt::Key_Delete);
    QTest::keyClick(hex, Qt::Key_Right);
    QTest::keyClick(hex, Qt::Key_Insert);
    QTest::keyClicks(hex, u"2d"_s);
    QTest::keyClick(hex, Qt::Key_Backspace);
    QTest::keyClick(hex, Qt::Key_End, Qt::ControlModifier);
    QTest::keyClicks(hex, u"21"_s);
    QCOMPARE(hex->bytes(), "bcdef!"_ba);
    m_tab->save();
    QTRY_COMPARE(get("hex:b"), "bcdef!"_ba);
    QTRY_VERIFY(!m_tab->isChanged());
    QTest::keyClicks(hex, u"41"_s);
    QVERIFY(m_tab->isChanged());
    m_editor->revert();
    QCOMPARE(hex->bytes(), "bcdef!"_ba);
    QVERIFY(!m_tab->isChanged());
}

void TestBrowserStrings::textAndBytesAreNotMixed()
{
    run({"SET"_ba, "hex:c"_ba, "text"_ba});
    openHex("hex:c");
    QTest::keyClicks(m_editor->hex(), u"54"_s);
    QTRY_VERIFY(m_editor->editor()->isReadOnly());
    m_editor->revert();
    QTRY_VERIFY(!m_editor->editor()->isReadOnly());
    m_editor->formatBar()->setForm(FormatBar::Form::Text);
    m_editor->editor()->insertPlainText(u"a "_s);
    m_editor->formatBar()->setForm(FormatBar::Form::Hex);
    QTest::keyClicks(m_editor->hex(), u"54"_s);
    QVERIFY(!m_editor->hex()->isEdited());
}

void TestBrowserStrings::aLongValueIsOverwrittenInPlace()
{
    run({"SETRANGE"_ba, "hex:long"_ba, "6000000"_ba, "end"_ba});
    openHex("hex:long");
    HexView *hex = m_editor->hex();
    QVERIFY(!hex->hasAll());
    QTest::keyClicks(hex, u"4142"_s);
    hex->setCursor(5'000'000);
    QTRY_VERIFY(!hex->lineAt(5'000'000 / 16).endsWith(u"…"_s));
    QTest::keyClicks(hex, u"43"_s);
    QVERIFY2(m_tab->footText().contains(u"2 part(s) overwritten with SETRANGE"_s), qPrintable(m_tab->footText()));
    grab(u"hex-long"_s);
    run({"SETRANGE"_ba, "hex:long"_ba, "3000000"_ba, "else"_ba}); // somebody else writes another part
    m_tab->save();
    QTRY_VERIFY(!m_tab->isChanged());
    const QByteArray now = get("hex:long");
    QCOMPARE(now.size(), 6'000'003);
    QCOMPARE(now.first(2), "AB"_ba);
    QCOMPARE(now.mid(5'000'000, 1), "C"_ba);
    QCOMPARE(now.mid(3'000'000, 4), "else"_ba);
    QCOMPARE(now.last(3), "end"_ba);
    QTRY_VERIFY(hex->lineAt(5'000'000 / 16).contains(u"43"_s));
    hex->setCursor(6'000'002);
    QTRY_VERIFY(hex->lineAt(6'000'002 / 16).contains(u"end"_s));
    QTest::keyClicks(hex, u"21"_s);
    QTest::keyClicks(hex, u"22"_s); // the last byte again: nothing is appended
    QCOMPARE(hex->patches().size(), 1);
    QCOMPARE(hex->patches().front().after.size(), 1);
}

void TestBrowserStrings::whatSomebodyElseWroteStays()
{
    run({"SETRANGE"_ba, "hex:race"_ba, "6000000"_ba, "end"_ba});
    openHex("hex:race");
    QTest::keyClicks(m_editor->hex(), u"41"_s);
    run({"SETRANGE"_ba, "hex:race"_ba, "0"_ba, "Z"_ba});
    m_tab->save();
    auto *both = shown<CompareDialog>(m_window.get());
    QVERIFY(both);
    QCOMPARE(get("hex:race").first(1), "Z"_ba);
    QVERIFY(m_tab->isChanged()); // what was typed is kept
    Q_EMIT both->takeChosen();
    both->close();
    QVERIFY(!m_tab->isChanged());
    QTRY_VERIFY2(m_editor->hex()->lineAt(0).contains(u"  5a "_s), qPrintable(m_editor->hex()->lineAt(0)));
}

void TestBrowserStrings::appendAndIncrement()
{
    run({"SET"_ba, "act:n"_ba, "41"_ba});
    openHex("act:n");
    action(u"increment"_s)->trigger();
    auto *asked = shown<ElementDialog>(m_tab);
    QVERIFY(asked);
    asked->field(0)->setBytes("x");
    QTRY_VERIFY(!asked->actButton()->isEnabled());
    asked->field(0)->setBytes("1");
    asked->actButton()->click();
    QTRY_COMPARE(get("act:n"), "42"_ba);
    QTRY_COMPARE(m_editor->hex()->bytes(), "42"_ba);
    QTRY_VERIFY(m_tab->findChildren<ElementDialog *>().isEmpty());
    action(u"append"_s)->trigger();
    asked = shown<ElementDialog>(m_tab);
    QVERIFY(asked);
    asked->field(0)->setBytes(".5");
    asked->actButton()->click();
    QTRY_COMPARE(get("act:n"), "42.5"_ba);
    QTRY_COMPARE(m_editor->hex()->bytes(), "42.5"_ba);
    QTRY_VERIFY(m_tab->findChildren<ElementDialog *>().isEmpty());
    action(u"increment"_s)->trigger();
    asked = shown<ElementDialog>(m_tab);
    QVERIFY(asked);
    asked->actButton()->click(); // a whole number, added to a fraction
    QTRY_COMPARE(get("act:n"), "43.5"_ba);
    run({"SET"_ba, "act:n"_ba, "text"_ba});
    m_tab->readAgain();
    QTRY_VERIFY(!action(u"increment"_s)->isEnabled());
}

void TestBrowserStrings::fromAFileAndToAFile()
{
    const QByteArray bytes = "\xff from a file"_ba + QByteArray(3'000'000, '\x01');
    const QString path = m_folder.filePath(u"in.bin"_s), out = m_folder.filePath(u"out.bin"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    run({"SET"_ba, "act:file"_ba, "before"_ba, "EX"_ba, "3000"_ba});
    openHex("act:file");
    m_editor->acts()->replaceWith(path);
    auto *question = shown<QMessageBox>(m_tab);
    QVERIFY(question);
    grab(u"from-a-file"_s, question);
    answer(question, u"Replace"_s);
    QTRY_VERIFY(get("act:file") == bytes);
    const Result<Value> ttl = QCoro::waitFor(m_session->execute({"TTL"_ba, "act:file"_ba}));
    QVERIFY(ttl && ttl->toInteger() > 2900);
    m_editor->acts()->saveTo(out);
    QTRY_VERIFY2(m_tab->problemText().contains(u"bytes were written"_s), qPrintable(m_tab->problemText()));
    QFile written(out);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QVERIFY(written.readAll() == bytes);
    m_editor->acts()->saveTo(u"/dev/full"_s);
    QTRY_VERIFY2(m_tab->problemText().contains(u"/dev/full"_s) && !m_tab->problemText().contains(u"were written"_s),
                 qPrintable(m_tab->problemText()));
    QVERIFY(!QFileInfo(u"/dev/full"_s).isFile()); // a device is never replaced
    m_editor->acts()->replaceWith(u"/nonexistent"_s);
    QTRY_VERIFY2(m_tab->problemText().contains(u"/nonexistent"_s), qPrintable(m_tab->problemText()));
}

void TestBrowserStrings::whatIsTypedWhileSavingStays()
{
    run({"SET"_ba, "hex:typing"_ba, "abcd"_ba});
    openHex("hex:typing");
    HexView *hex = m_editor->hex();
    QTest::keyClicks(hex, u"41"_s);
    m_tab->save();
    QTest::keyClicks(hex, u"42"_s);
    hex->setCursor(0);
    QTest::keyClicks(hex, u"61"_s); // back to what the server had before the save
    QTRY_COMPARE(get("hex:typing"), "Abcd"_ba);
    QTRY_VERIFY(m_tab->undoButton()->isVisible());
    QVERIFY(m_tab->isChanged());
    QCOMPARE(hex->bytes(), "aBcd"_ba);
    m_tab->save();
    QTRY_COMPARE(get("hex:typing"), "aBcd"_ba);
    QTRY_VERIFY(!m_tab->isChanged());

    run({"SETRANGE"_ba, "hex:typing2"_ba, "6000000"_ba, "end"_ba});
    openHex("hex:typing2");
    hex = m_editor->hex();
    QTest::keyClicks(hex, u"4142"_s);
    m_tab->save();
    QTest::keyClicks(hex, u"43"_s);
    hex->setCursor(0);
    QTest::keyClicks(hex, u"00"_s);
    QTRY_COMPARE(get("hex:typing2").first(2), "AB"_ba);
    QTRY_COMPARE(hex->patches().size(), 2);
    QCOMPARE(hex->patches()[0].before, "A"_ba);
    QCOMPARE(hex->patches()[1].after, "C"_ba);
    m_tab->save();
    QTRY_COMPARE(get("hex:typing2").mid(1, 2), "BC"_ba);
}

void TestBrowserStrings::aRenamedKeyIsUsed()
{
    run({"SET"_ba, "act:old"_ba, "1"_ba});
    openHex("act:old");
    m_tab->askToRename(false);
    auto *asked = shown<ElementDialog>(m_tab);
    QVERIFY(asked);
    asked->field(0)->setBytes("act:new");
    asked->actButton()->click();
    QTRY_COMPARE(m_tab->key(), "act:new"_ba);
    QTRY_COMPARE(m_tab->head().key, "act:new"_ba);
    run({"SET"_ba, "act:old"_ba, "another's"_ba});
    QTRY_VERIFY(m_tab->findChildren<ElementDialog *>().isEmpty());
    action(u"increment"_s)->trigger();
    asked = shown<ElementDialog>(m_tab);
    QVERIFY(asked);
    asked->actButton()->click();
    QTRY_COMPARE(get("act:new"), "2"_ba);
    QCOMPARE(get("act:old"), "another's"_ba);
}

void TestBrowserStrings::aValueThatGrewKeepsEdits()
{
    run({"SETRANGE"_ba, "hex:grows"_ba, "4000000"_ba, "end"_ba});
    openHex("hex:grows");
    QTRY_VERIFY(m_editor->hex()->hasAll());
    QTest::keyClicks(m_editor->hex(), u"41"_s);
    run({"SETRANGE"_ba, "hex:grows"_ba, "5000000"_ba, "end"_ba});
    m_tab->readAgain();
    QTRY_VERIFY2(m_tab->problemText().contains(u"on the server now"_s), qPrintable(m_tab->problemText()));
    QVERIFY(m_tab->isChanged() && m_editor->hex()->hasAll());
    QCOMPARE(m_editor->hex()->bytes().first(1), "A"_ba);
    m_editor->revert();
    m_tab->readAgain();
    QTRY_VERIFY(!m_editor->hex()->hasAll());
}

void TestBrowserStrings::aMissingKeyIsNotSaved()
{
    run({"SET"_ba, "act:gone"_ba, "x"_ba});
    openHex("act:gone");
    run({"DEL"_ba, "act:gone"_ba});
    const QString out = m_folder.filePath(u"gone.bin"_s);
    m_editor->acts()->saveTo(out);
    QTRY_VERIFY2(m_tab->problemText().contains(u"no longer exists"_s), qPrintable(m_tab->problemText()));
    QVERIFY(!QFile::exists(out));
}

void TestBrowserStrings::readOnlyTypesNothing()
{
    run({"SET"_ba, "hex:still"_ba, "still"_ba});
    ConnectionTarget target = m_cluster->target({0});
    target.readOnly = true;
    openHex("hex:still", target);
    QTest::keyClicks(m_editor->hex(), u"00"_s);
    QVERIFY(!m_editor->hex()->isEdited());
    QVERIFY(!action(u"append"_s)->isEnabled() && !action(u"replaceWithFile"_s)->isEnabled());
    QVERIFY(action(u"saveToFile"_s)->isEnabled());
}

SLOTSCOPE_TEST(TestBrowserStrings)
#include "tst_browserstrings.moc"
