// SPDX-License-Identifier: GPL-3.0-or-later
// What is selected in the browser and what is said about it: selected rows never stand for other keys than the user
// saw. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/base/errortext.h"
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/browser/browserpage.h"
#include "ui/browser/comparedialog.h"
#include "ui/browser/formatbar.h"
#include "ui/browser/keypane.h"
#include "ui/browser/stringeditor.h"
#include "ui/browser/valuepane.h"
#include "ui/browser/valuetab.h"
#include "ui/shared/codeedit.h"
#include "ui/shared/rowsview.h"

#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestBrowserSelection : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init() { makeWindow(); }
    void cleanup() { dropWindow(); }

    void escapeDeselects();
    void aSelectionNeverGrows();
    void deletingSaysWhatStays();
    void savingOverAnExpiredKey();
    void charsetsAreOffered();
    void invisibleCharactersAreTold();
    void aSavedRowIsReadAgain();

private:
    void run(const Command &command) { QVERIFY(QCoro::waitFor(m_session->execute(command))); }
    void open()
    {
        m_page = openPage<BrowserPage>(m_cluster->target({0}), u"browser"_s);
        QTRY_VERIFY(m_page->isFilled() && m_page->keys()->store().progress().state == ScanProgress::State::Done);
    }
    /// Searches and waits until the only row, a folder, contains this number of keys.
    void search(const QString &text, int keys)
    {
        m_page->keys()->searchField()->setText(text);
        const KeyRowsModel &model = m_page->keys()->model();
        QTRY_VERIFY(model.rowCount() == 1 && model.index(0, 0).data(KeyRowsModel::CountRole).toInt() == keys);
    }
    void selectFirst()
    {
        m_page->keys()->rows()->setFocus();
        m_page->keys()->rows()->setCurrentIndex(m_page->keys()->model().index(0, 0));
        QTRY_VERIFY(!m_page->keys()->selectedFolder().isNull());
    }
    StringEditor *openString(const QByteArray &key)
    {
        m_page->values()->open(key, true);
        m_tab = m_page->values()->current();
        return QTest::qWaitFor([this] { return qobject_cast<StringEditor *>(m_tab->valueView()) != nullptr; })
            ? qobject_cast<StringEditor *>(m_tab->valueView())
            : nullptr;
    }

    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<ClusterSession> m_session;
    BrowserPage *m_page = nullptr;
    ValueTab *m_tab = nullptr;
};

void TestBrowserSelection::initTestCase()
{
    LocalClusterOptions options;
    options.replicasPerPrimary = 0;
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    m_session = connectTo(m_cluster->target({0}));
    QVERIFY(m_session);
    for (int i = 0; i < 30; ++i)
        run({"SET"_ba, "user:" + QByteArray::number(i), "x"_ba});
}

void TestBrowserSelection::cleanupTestCase()
{
    m_session.reset();
    m_cluster.reset();
}

void TestBrowserSelection::escapeDeselects()
{
    open();
    search(u"user:1"_s, 11);
    selectFirst();
    QTest::keyClick(m_page->keys()->rows(), Qt::Key_Escape);
    QTRY_VERIFY(m_page->keys()->selectedFolder().isNull());
    QCOMPARE(m_page->keys()->searchField()->text(), u"user:1"_s); // the next Escape clears it
    QTest::keyClick(m_page->keys()->rows(), Qt::Key_Escape);
    QTRY_VERIFY(m_page->keys()->searchField()->text().isEmpty());
}

void TestBrowserSelection::aSelectionNeverGrows()
{
    open();
    search(u"user:1"_s, 11);
    selectFirst();
    m_page->keys()->searchField()->clear();
    QTRY_VERIFY(m_page->keys()->store().filter().text.isEmpty());
    QVERIFY(m_page->keys()->selectedFolder().isNull());
    QCOMPARE(m_page->keys()->selection().rows, 0);
}

void TestBrowserSelection::deletingSaysWhatStays()
{
    open();
    search(u"user:1"_s, 11);
    selectFirst();
    QTest::keyClick(m_page->keys()->rows(), Qt::Key_Delete);
    auto *question = shown<QMessageBox>(m_page);
    QVERIFY(question);
    QVERIFY2(question->text().contains(u"Delete 11 keys"_s), qPrintable(question->text()));
    QVERIFY2(question->informativeText().startsWith(u"Only the keys that match the search “user:1” are included"_s),
             qPrintable(question->informativeText()));
    grab(u"delete-filtered"_s, question);
    question->reject();
}

void TestBrowserSelection::savingOverAnExpiredKey()
{
    run({"SET"_ba, "gone"_ba, "text"_ba, "EX"_ba, "3000"_ba});
    open();
    StringEditor *editor = openString("gone");
    QVERIFY(editor);
    QTRY_COMPARE(editor->editor()->code(), u"text"_s);
    editor->editor()->insertPlainText(u"my "_s);
    QTRY_VERIFY(m_tab->saveButton()->isEnabled());
    run({"DEL"_ba, "gone"_ba});
    m_tab->save();
    auto *both = shown<CompareDialog>(m_window.get());
    QVERIFY(both);
    bool isSaid = false;
    for (const QLabel *label : both->findChildren<QLabel *>())
        isSaid = isSaid || label->text().contains(u"without a time to live"_s);
    QVERIFY(isSaid);
    grab(u"gone"_s, both);
    both->close();
}

void TestBrowserSelection::charsetsAreOffered()
{
    run({"SET"_ba, "korean"_ba, "\xbe\xc8\xb3\xe7"_ba});
    open();
    StringEditor *editor = openString("korean");
    QVERIFY(editor);
    QTRY_VERIFY(!editor->formatBar()->chain().steps.isEmpty());
    QAction *korean = nullptr;
    for (QMenu *menu : editor->formatBar()->findChildren<QMenu *>())
        for (QAction *action : menu->actions())
            if (action->text() == u"euc-kr"_s && qobject_cast<QMenu *>(menu->parent()) && !korean)
                korean = action;
    QVERIFY(korean);
    korean->trigger();
    QTRY_COMPARE(editor->editor()->code(), u"안녕"_s);
}

void TestBrowserSelection::invisibleCharactersAreTold()
{
    run({"SET"_ba, "nul"_ba, "a long enough text\001of words"_ba});
    open();
    StringEditor *editor = openString("nul");
    QVERIFY(editor);
    editor->formatBar()->setForm(FormatBar::Form::Text);
    const auto isTold = [editor] {
        const auto labels = editor->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->isVisible() && label->text().contains(u"invisible"_s);
        });
    };
    QTRY_VERIFY(isTold());
}

void TestBrowserSelection::aSavedRowIsReadAgain()
{
    open();
    search(u"user:29"_s, 1);
    m_page->keys()->model().toggle(0);
    QTRY_COMPARE(m_page->keys()->model().rowCount(), 2);
    const auto memory = [this] {
        return m_page->keys()->model().index(1, int(KeyRowsModel::Column::Memory)).data().toString();
    };
    QTRY_VERIFY(memory().endsWith(u'B'));
    StringEditor *editor = openString("user:29");
    QVERIFY(editor);
    QTRY_COMPARE(editor->editor()->code(), u"x"_s);
    editor->editor()->insertPlainText(QString(3000, u'y'));
    QTRY_VERIFY(m_tab->saveButton()->isEnabled());
    m_tab->save();
    QTRY_VERIFY2(memory().endsWith(u"KB"_s), qPrintable(memory()));
}

SLOTSCOPE_TEST(TestBrowserSelection)
#include "tst_browserselection.moc"
