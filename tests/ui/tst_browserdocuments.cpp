// SPDX-License-Identifier: GPL-3.0-or-later
// JSON documents of a module in the browser: shown, changed as a whole and at one path, created, undone, renamed. With
// SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/base/errortext.h"
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/browser/browserpage.h"
#include "ui/browser/bytesfield.h"
#include "ui/browser/elementdialog.h"
#include "ui/browser/formatbar.h"
#include "ui/browser/stringeditor.h"
#include "ui/browser/valuepane.h"
#include "ui/browser/valuetab.h"
#include "ui/shared/codeedit.h"

#include <QAction>
#include <QClipboard>
#include <QPushButton>
#include <QTreeView>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestBrowserDocuments : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init() { makeWindow(); }
    void cleanup() { dropWindow(); }

    void aDocumentIsEditedWhole();
    void onePathIsEdited();
    void aPathThatSomebodyChanged();
    void membersAreAddedAndRemoved();
    void aParentThatHasGone();
    void oddNamesAreAddressed();
    void readOnlyOffersNoEdit();

private:
    QByteArray get(const QByteArray &key)
    {
        const Result<Value> reply = QCoro::waitFor(m_session->execute(commandOf("JSON.GET", key)));
        return reply ? reply->bytes() : describe(reply.error()).toUtf8();
    }
    void set(const QByteArray &key, const QByteArray &path, const QByteArray &json)
    {
        const Result<Value> reply = QCoro::waitFor(m_session->execute(commandOf("JSON.SET", key, path, json)));
        QVERIFY2(reply, reply ? "" : qPrintable(describe(reply.error())));
    }
    /// Opens the key and shows its tree.
    void openTree(const QByteArray &key, const ConnectionTarget &target)
    {
        auto *page = openPage<BrowserPage>(target, u"browser"_s);
        page->values()->open(key, true);
        m_tab = page->values()->current();
        QTRY_VERIFY(qobject_cast<StringEditor *>(m_tab->valueView()));
        m_editor = qobject_cast<StringEditor *>(m_tab->valueView());
        m_editor->formatBar()->setForm(FormatBar::Form::Tree);
        QTRY_VERIFY(m_editor->tree()->isVisible() && m_editor->tree()->model()->rowCount() == 1);
    }
    /// Selects the row below the root at these positions.
    void select(const QList<int> &rows)
    {
        QModelIndex index = m_editor->tree()->model()->index(0, 0);
        for (const int row : rows)
            index = m_editor->tree()->model()->index(row, 0, index);
        QVERIFY(index.isValid());
        m_editor->tree()->setCurrentIndex(index);
        m_editor->tree()->setFocus();
    }
    ElementDialog *dialog() { return shown<ElementDialog>(m_tab); }
    [[nodiscard]] QAction *action(const QString &name) const { return m_editor->tree()->findChild<QAction *>(name); }

    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<ClusterSession> m_session;
    ValueTab *m_tab = nullptr;
    StringEditor *m_editor = nullptr;
};

void TestBrowserDocuments::initTestCase()
{
    LocalClusterOptions options;
    options.replicasPerPrimary = 0;
    options.extraArguments = {u"--loadmodule"_s, QStringLiteral(SLOTSCOPE_JSON_MODULE)};
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    m_session = connectTo(m_cluster->target({0}));
    QVERIFY(m_session);
}

void TestBrowserDocuments::cleanupTestCase()
{
    m_session.reset();
    m_cluster.reset();
}

void TestBrowserDocuments::aDocumentIsEditedWhole()
{
    set("doc:whole", "$", R"({"name":"Kim","age":41})");
    openTree("doc:whole", m_cluster->target({0}));
    QCOMPARE(m_tab->head().typeWord, "ReJSON-RL"_ba);
    m_editor->formatBar()->setForm(FormatBar::Form::Text);
    QTRY_VERIFY(m_editor->editor()->code().contains(u"41"_s));
    QString text = m_editor->editor()->code();
    m_editor->editor()->selectAll();
    m_editor->editor()->insertPlainText(text.replace(u"41"_s, u"42"_s));
    QTRY_VERIFY(m_tab->saveButton()->isEnabled());
    m_tab->save();
    QTRY_COMPARE(get("doc:whole"), R"({"age":42,"name":"Kim"})"_ba);
    QTRY_VERIFY(m_tab->undoButton()->isVisible() && m_tab->undoButton()->isEnabled());
    m_tab->undoButton()->click();
    QTRY_COMPARE(get("doc:whole"), R"({"age":41,"name":"Kim"})"_ba);
}

void TestBrowserDocuments::onePathIsEdited()
{
    set("doc:path", "$", R"({"other":1,"tags":["a","b"]})");
    openTree("doc:path", m_cluster->target({0}));
    select({1, 1});
    grab(u"document-tree"_s);
    QTest::keyClick(m_editor->tree(), Qt::Key_F2);
    ElementDialog *asked = dialog();
    QVERIFY(asked);
    QCOMPARE(asked->field(0)->bytes().value_or("none"), R"("b")"_ba);
    grab(u"document-edit"_s, asked);
    asked->field(0)->setBytes("b");
    QTRY_VERIFY(!asked->problem().isEmpty()); // a text needs quotes
    QVERIFY(!asked->actButton()->isEnabled());
    asked->field(0)->setBytes("9007199254740993");
    QTRY_VERIFY(asked->actButton()->isEnabled());
    set("doc:path", R"($["other"])", "2"); // somebody else changes another part meanwhile
    asked->actButton()->click();
    QTRY_COMPARE(get("doc:path"), R"({"other":2,"tags":["a",9007199254740993]})"_ba);
    QTRY_VERIFY(m_tab->findChildren<ElementDialog *>().isEmpty());
    QTRY_COMPARE(m_editor->tree()->currentIndex().siblingAtColumn(1).data().toString(), u"9007199254740993"_s);
}

void TestBrowserDocuments::aPathThatSomebodyChanged()
{
    set("doc:race", "$", R"({"n":1})");
    openTree("doc:race", m_cluster->target({0}));
    select({0});
    action(u"editAtPath"_s)->trigger();
    ElementDialog *asked = dialog();
    QVERIFY(asked);
    asked->field(0)->setBytes("5");
    set("doc:race", R"($["n"])", "3");
    asked->actButton()->click();
    QTRY_VERIFY2(asked->problem().contains(u"someone else changed it first"_s), qPrintable(asked->problem()));
    QVERIFY(asked->problem().contains(u"[3]"_s));
    QCOMPARE(get("doc:race"), R"({"n":3})"_ba);
    asked->reject();
}

void TestBrowserDocuments::membersAreAddedAndRemoved()
{
    set("doc:members", "$", R"({"list":[1],"object":{"a":1}})");
    openTree("doc:members", m_cluster->target({0}));
    select({1});
    QCOMPARE(action(u"addAtPath"_s)->text(), u"Add a member…"_s);
    QTest::keyClick(m_editor->tree(), Qt::Key_Insert);
    ElementDialog *asked = dialog();
    QVERIFY(asked);
    asked->field(0)->setBytes("a");
    asked->field(1)->setBytes("true");
    asked->actButton()->click();
    QTRY_VERIFY2(asked->problem().contains(u"already exists"_s), qPrintable(asked->problem()));
    asked->field(0)->setBytes("b");
    asked->actButton()->click();
    QTRY_COMPARE(get("doc:members"), R"({"list":[1],"object":{"a":1,"b":true}})"_ba);
    QTRY_VERIFY(m_tab->findChildren<ElementDialog *>().isEmpty());
    QTRY_COMPARE(m_editor->tree()->model()->rowCount(
                     m_editor->tree()->model()->index(1, 0, m_editor->tree()->model()->index(0, 0))),
                 2);
    select({0});
    QCOMPARE(action(u"addAtPath"_s)->text(), u"Add an item…"_s);
    action(u"addAtPath"_s)->trigger();
    asked = dialog();
    QVERIFY(asked);
    asked->field(0)->setBytes("{}");
    asked->actButton()->click();
    QTRY_COMPARE(get("doc:members"), R"({"list":[1,{}],"object":{"a":1,"b":true}})"_ba);
    QTRY_VERIFY(m_tab->findChildren<ElementDialog *>().isEmpty());
    QTRY_COMPARE(m_editor->tree()->model()->rowCount(
                     m_editor->tree()->model()->index(0, 0, m_editor->tree()->model()->index(0, 0))),
                 2);
    select({1, 0});
    QVERIFY(action(u"removeAtPath"_s)->isEnabled());
    m_window->activateWindow();
    QTRY_VERIFY(m_editor->tree()->hasFocus());
    QTest::keyClick(m_editor->tree(), Qt::Key_Delete);
    auto *question = shown<QMessageBox>(m_tab);
    QVERIFY2(question, qPrintable(m_tab->problemText()));
    QVERIFY2(question->text().contains(uR"($["object"]["a"])"_s), qPrintable(question->text()));
    answer(question, u"Delete"_s);
    QTRY_COMPARE(get("doc:members"), R"({"list":[1,{}],"object":{"b":true}})"_ba);
    select({});
    QVERIFY(!action(u"removeAtPath"_s)->isEnabled()); // deleting the root would delete the key
}

void TestBrowserDocuments::aParentThatHasGone()
{
    set("doc:gone", "$", R"({"object":{"a":1}})");
    openTree("doc:gone", m_cluster->target({0}));
    select({0});
    action(u"addAtPath"_s)->trigger();
    ElementDialog *asked = dialog();
    QVERIFY(asked);
    asked->field(0)->setBytes("b");
    asked->field(1)->setBytes("1");
    set("doc:gone", "$", "{}");
    asked->actButton()->click();
    QTRY_VERIFY2(asked->problem().contains(u"changed nothing"_s), qPrintable(asked->problem()));
    QCOMPARE(get("doc:gone"), "{}"_ba);
    asked->reject();
}

void TestBrowserDocuments::oddNamesAreAddressed()
{
    set("doc:odd", "$", R"({"a.b [0]":1,"quo\"te\\":{"한글":[]}})");
    openTree("doc:odd", m_cluster->target({0}));
    select({1, 0});
    action(u"copyPath"_s)->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), uR"($["quo\"te\\"]["한글"])"_s);
    select({0});
    action(u"editAtPath"_s)->trigger();
    ElementDialog *asked = dialog();
    QVERIFY(asked);
    asked->field(0)->setBytes("2");
    asked->actButton()->click();
    QTRY_COMPARE(get("doc:odd"), R"({"a.b [0]":2,"quo\"te\\":{"한글":[]}})"_ba);
}

void TestBrowserDocuments::readOnlyOffersNoEdit()
{
    set("doc:still", "$", R"({"a":[1]})");
    ConnectionTarget target = m_cluster->target({0});
    target.readOnly = true;
    openTree("doc:still", target);
    select({0});
    QVERIFY(!action(u"editAtPath"_s)->isEnabled() && !action(u"addAtPath"_s)->isEnabled());
    QVERIFY(!action(u"removeAtPath"_s)->isEnabled() && action(u"copyPath"_s)->isEnabled());
}

SLOTSCOPE_TEST(TestBrowserDocuments)
#include "tst_browserdocuments.moc"
