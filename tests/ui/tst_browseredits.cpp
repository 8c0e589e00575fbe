// SPDX-License-Identifier: GPL-3.0-or-later
// Elements of collections in the browser: unsaved changes beside other actions, times to live of fields, scores, what a
// user without rights sees, and where dialogs start. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/base/errortext.h"
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/browser/browserpage.h"
#include "ui/browser/bytesfield.h"
#include "ui/browser/collectioneditor.h"
#include "ui/browser/elementdialog.h"
#include "ui/browser/expirydialog.h"
#include "ui/browser/keyhead.h"
#include "ui/browser/stringeditor.h"
#include "ui/browser/valuepane.h"
#include "ui/browser/valuetab.h"
#include "ui/shared/rowsview.h"

#include <QAction>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;
using Column = CollectionModel::Column;

class TestBrowserEdits : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_server.reset(); }
    void init() { makeWindow(); }
    void cleanup() { dropWindow(); }

    void aFieldWithAChangeKeepsItsName();
    void aMemberWithAChangeKeepsItsName();
    void itemsWithChangesKeepTheirPositions();
    void fieldsExpire();
    void scoresAreShownWhole();
    void aWrongScoreIsTold();
    void anUnknownTimeToLive();
    void aMessageGoesWhenReadingSucceeds();
    void expiryStartsWithADuration();
    void aStreamShowsItsFields();

private:
    static std::unique_ptr<TestCluster> alone(const QString &path)
    {
        LocalClusterOptions options;
        options.serverPath = path;
        options.clusterMode = false;
        options.primaries = 1;
        options.replicasPerPrimary = 0;
        return std::make_unique<TestCluster>(options);
    }
    QByteArray run(const Command &command)
    {
        const Result<Value> reply = m_server->run(0, command);
        return reply ? reply->bytes() : describe(reply.error()).toUtf8();
    }
    void open(const QByteArray &key, const ConnectionTarget &target)
    {
        auto *page = openPage<BrowserPage>(target, u"browser"_s);
        page->values()->open(key, true);
        m_tab = page->values()->current();
        QTRY_VERIFY(m_tab->isRead());
    }
    /// Opens a collection and waits for its rows.
    void openRows(const QByteArray &key, int rows, const ConnectionTarget &target)
    {
        open(key, target);
        m_editor = qobject_cast<CollectionEditor *>(m_tab->valueView());
        QVERIFY(m_editor);
        QTRY_VERIFY(m_editor->model()->rowCount() == rows && m_editor->model()->row(rows - 1));
    }
    void openRows(const QByteArray &key, int rows) { openRows(key, rows, m_server->target({0})); }
    [[nodiscard]] QModelIndex cell(int row, Column column) const
    {
        return m_editor->model()->index(row, m_editor->model()->sectionOf(column));
    }
    /// Triggers an action of the menu of this row.
    void act(int row, const QString &name)
    {
        m_editor->table()->setCurrentIndex(m_editor->model()->index(row, 0));
        QMenu menu;
        m_editor->fillMenu(&menu);
        auto *action = menu.findChild<QAction *>(name);
        QVERIFY(action);
        action->trigger();
    }
    [[nodiscard]] bool asks() const { return !m_tab->findChildren<QDialog *>().isEmpty(); }
    /// Whether the column is wide enough for the text, with the margins of its cell.
    [[nodiscard]] bool fits(const QModelIndex &index) const
    {
        const QFontMetrics metrics(index.data(MonospaceRole).toBool() ? Theme::monoFont() : Theme::textFont());
        return metrics.horizontalAdvance(index.data().toString()) + 18
            <= m_editor->table()->header()->sectionSize(index.column());
    }

    std::unique_ptr<TestCluster> m_server;
    ValueTab *m_tab = nullptr;
    CollectionEditor *m_editor = nullptr;
};

void TestBrowserEdits::initTestCase()
{
    m_server = alone(u"redis-server"_s);
    QVERIFY2(m_server->start(), qPrintable(m_server->failure()));
}

void TestBrowserEdits::aFieldWithAChangeKeepsItsName()
{
    run({"HSET"_ba, "edit:hash"_ba, "colour"_ba, "red"_ba, "size"_ba, "XL"_ba});
    openRows("edit:hash", 2);
    const int row = m_editor->model()->rowOf("colour");
    QVERIFY(m_editor->model()->setData(cell(row, Column::Value), u"blue"_s));
    for (const QString &name : {u"renameElement"_s, u"removeElement"_s}) {
        act(row, name);
        QCOMPARE(m_tab->problemText(), u"Save or revert the change of this field first."_s);
        QVERIFY(!asks());
    }
    act(m_editor->model()->rowOf("size"), u"renameElement"_s); // other fields can be renamed
    auto *other = shown<ElementDialog>(m_tab);
    QVERIFY(other);
    other->field(0)->setBytes("width");
    other->actButton()->click();
    QTRY_COMPARE(run({"HGET"_ba, "edit:hash"_ba, "width"_ba}), "XL"_ba);
    QTRY_VERIFY(m_editor->model()->rowOf("width") >= 0);
    m_tab->save();
    QTRY_COMPARE(run({"HGET"_ba, "edit:hash"_ba, "colour"_ba}), "blue"_ba);
    QTRY_VERIFY(!m_tab->isChanged() && m_tab->problemText().isEmpty());
    act(m_editor->model()->rowOf("colour"), u"renameElement"_s);
    auto *saved = shown<ElementDialog>(m_tab);
    QVERIFY(saved);
    saved->field(0)->setBytes("color");
    saved->actButton()->click();
    QTRY_COMPARE(run({"HGET"_ba, "edit:hash"_ba, "color"_ba}), "blue"_ba);
    QVERIFY(!m_tab->isChanged());
}

void TestBrowserEdits::aMemberWithAChangeKeepsItsName()
{
    run({"ZADD"_ba, "edit:zset"_ba, "1"_ba, "a"_ba, "2"_ba, "b"_ba});
    openRows("edit:zset", 2);
    QVERIFY(m_editor->model()->setData(cell(0, Column::Score), u"5"_s));
    for (const QString &name : {u"renameElement"_s, u"removeElement"_s}) {
        act(0, name);
        QCOMPARE(m_tab->problemText(), u"Save or revert the change of this member first."_s);
        QVERIFY(!asks());
    }
    m_editor->revert();
    QVERIFY(m_tab->problemText().isEmpty());
    act(0, u"renameElement"_s);
    QVERIFY(shown<ElementDialog>(m_tab));
}

void TestBrowserEdits::itemsWithChangesKeepTheirPositions()
{
    run({"RPUSH"_ba, "edit:list"_ba, "a"_ba, "b"_ba, "c"_ba});
    openRows("edit:list", 3);
    QVERIFY(m_editor->model()->setData(cell(2, Column::Value), u"changed"_s));
    act(0, u"removeElement"_s);
    QCOMPARE(m_tab->problemText(), u"Save or revert the changes of this list first."_s);
    QVERIFY(!asks());
    m_tab->save();
    QTRY_COMPARE(run({"LINDEX"_ba, "edit:list"_ba, "2"_ba}), "changed"_ba);
    QTRY_VERIFY(!m_tab->isChanged());
    act(0, u"removeElement"_s);
    auto *question = shown<QMessageBox>(m_tab);
    QVERIFY(question);
    answer(question, u"Delete"_s);
    QTRY_COMPARE(run({"LINDEX"_ba, "edit:list"_ba, "0"_ba}), "b"_ba);
}

void TestBrowserEdits::fieldsExpire()
{
    std::unique_ptr<TestCluster> server;
    for (const auto &[name, path] : serversFound()) { // the first server whose fields can expire
        server = alone(path);
        QVERIFY2(server->start(), qPrintable(server->failure()));
        QVERIFY(server->run(0, {"HSET"_ba, "h"_ba, "long"_ba, "1"_ba, "short"_ba, "2"_ba, "none"_ba, "3"_ba}));
        if (server->run(0, {"HPEXPIRE"_ba, "h"_ba, "600500"_ba, "FIELDS"_ba, "1"_ba, "long"_ba}))
            break;
        server.reset();
    }
    if (!server)
        QSKIP("no server whose fields can expire");
    QVERIFY(server->run(0, {"HPEXPIRE"_ba, "h"_ba, "4000"_ba, "FIELDS"_ba, "1"_ba, "short"_ba}));
    openRows("h", 3, server->target({0}));
    const int row = m_editor->model()->rowOf("long");
    QTRY_COMPARE(cell(m_editor->model()->rowOf("none"), Column::Ttl).data().toString(), u"none"_s);
    QTRY_VERIFY(cell(row, Column::Ttl).data().toString() != u"…"_s);
    const QString first = cell(row, Column::Ttl).data().toString();
    QTRY_VERIFY(cell(m_editor->model()->rowOf("long"), Column::Ttl).data().toString() != first);
    QTRY_COMPARE(m_editor->model()->rowOf("short"), -1); // read again when it expired
    QCOMPARE(m_editor->model()->rowCount(), 2);
    // A field with an unsaved change stays, and is told to have expired.
    QVERIFY(server->run(0, {"HPEXPIRE"_ba, "h"_ba, "3000"_ba, "FIELDS"_ba, "1"_ba, "long"_ba}));
    m_tab->readAgain();
    QTRY_VERIFY(m_editor->model()->row(m_editor->model()->rowOf("long"))->ttlMs > 0
                && m_editor->model()->row(m_editor->model()->rowOf("long"))->ttlMs <= 3000);
    QVERIFY(m_editor->model()->setData(cell(m_editor->model()->rowOf("long"), Column::Value), u"new"_s));
    QTRY_COMPARE(cell(m_editor->model()->rowOf("long"), Column::Ttl).data().toString(), u"expired"_s);
    grab(u"field-expired"_s);
}

void TestBrowserEdits::scoresAreShownWhole()
{
    run({"ZADD"_ba, "edit:scores"_ba, "9007199254740991"_ba, "a"_ba, "0.1"_ba, "b"_ba, "-1.7976931348623157e308"_ba,
         "c"_ba, "1e-300"_ba, "d"_ba});
    openRows("edit:scores", 4);
    QTRY_COMPARE(cell(2, Column::Score).data().toString(), u"0.1"_s);
    for (int row = 0; row < 4; ++row)
        QVERIFY2(fits(cell(row, Column::Score)), qPrintable(cell(row, Column::Score).data().toString()));
    // the same number is no change, however the server writes it
    QVERIFY(m_editor->model()->setData(cell(2, Column::Score), u"0.1"_s));
    QVERIFY(!m_tab->isChanged());
    QVERIFY(m_editor->model()->setData(cell(2, Column::Score), u"0.2"_s));
    QCOMPARE(cell(2, Column::Score).data(CollectionModel::WasRole).toString(), u"0.1"_s);
    grab(u"scores"_s);
    m_tab->save();
    QTRY_VERIFY(run({"ZSCORE"_ba, "edit:scores"_ba, "b"_ba}).startsWith("0.2"));
    QTRY_VERIFY(!m_tab->isChanged());
}

void TestBrowserEdits::aWrongScoreIsTold()
{
    run({"ZADD"_ba, "edit:wrong"_ba, "1"_ba, "a"_ba, "2"_ba, "b"_ba});
    openRows("edit:wrong", 2);
    m_editor->table()->setCurrentIndex(cell(0, Column::Score));
    QTest::keyClick(m_editor->table(), Qt::Key_F2);
    auto *line = m_editor->table()->findChild<QLineEdit *>();
    QVERIFY(line);
    line->setText(u"1e400"_s);
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(m_tab->problemText(), u"“1e400” is not a score: enter a number such as 1.5, or inf."_s);
    QVERIFY(m_editor->table()->isEditing() && line->isVisible());
    grab(u"wrong-score"_s);
    line->setText(u"1e4"_s);
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_COMPARE(cell(0, Column::Score).data().toString(), u"10000"_s);
    QVERIFY(m_tab->problemText().isEmpty());
}

void TestBrowserEdits::anUnknownTimeToLive()
{
    run({"SET"_ba, "edit:few"_ba, "v"_ba, "EX"_ba, "600"_ba});
    for (const QByteArray &refused : {"-type"_ba, "-pttl"_ba}) {
        run({"ACL"_ba, "SETUSER"_ba, "few"_ba, "reset"_ba, "on"_ba, ">x"_ba, "~*"_ba, "&*"_ba, "+@all"_ba, refused});
        ConnectionTarget target = m_server->target({0});
        target.credentials = {.user = u"few"_s, .password = u"x"_s};
        open("edit:few", target);
        QCOMPARE(m_tab->keyHead()->fact(u"TTL"_s), u"–"_s);
    }
    open("edit:few", m_server->target({0}));
    QVERIFY(m_tab->keyHead()->fact(u"TTL"_s).contains(u"min"_s));
}

void TestBrowserEdits::aMessageGoesWhenReadingSucceeds()
{
    run({"HSET"_ba, "edit:told"_ba, "a"_ba, "1"_ba});
    run({"ACL"_ba, "SETUSER"_ba, "told"_ba, "reset"_ba, "on"_ba, ">x"_ba, "~*"_ba, "&*"_ba, "+@all"_ba});
    ConnectionTarget target = m_server->target({0});
    target.credentials = {.user = u"told"_s, .password = u"x"_s};
    openRows("edit:told", 1, target);
    for (const QByteArray &command : {"type"_ba, "hscan"_ba}) {
        run({"ACL"_ba, "SETUSER"_ba, "told"_ba, "-" + command});
        m_tab->readAgain();
        QTRY_VERIFY2(m_tab->problemText().contains(QString::fromLatin1(command), Qt::CaseInsensitive),
                     qPrintable(m_tab->problemText()));
        run({"ACL"_ba, "SETUSER"_ba, "told"_ba, "+" + command});
        m_tab->readAgain();
        QTRY_VERIFY2(m_tab->problemText().isEmpty(), qPrintable(m_tab->problemText()));
    }
}

void TestBrowserEdits::expiryStartsWithADuration()
{
    ExpiryDialog none(u"k"_s, -1, true, nullptr);
    QCOMPARE(none.kindBox()->currentIndex(), int(ExpiryDialog::Kind::For));
    QVERIFY(none.amountField()->text().isEmpty());
    QVERIFY(!none.actButton()->isEnabled());
    QCOMPARE(none.words(), u"Enter a duration."_s);
    none.open();
    none.activateWindow();
    QTRY_VERIFY(none.amountField()->hasFocus());
    none.amountField()->setText(u"60"_s);
    QVERIFY(none.actButton()->isEnabled() && none.words().contains(u"expires in 1 min"_s));
    grab(u"expiry"_s, &none);
    none.kindBox()->setCurrentIndex(int(ExpiryDialog::Kind::Never));
    QVERIFY2(none.words().contains(u"no longer expires"_s), qPrintable(none.words()));
    const ExpiryDialog some(u"k"_s, 90'000, true, nullptr);
    QCOMPARE(some.kindBox()->currentIndex(), int(ExpiryDialog::Kind::For));
    QCOMPARE(some.amountField()->text(), u"90"_s);
}

void TestBrowserEdits::aStreamShowsItsFields()
{
    for (int i = 0; i < 30; ++i)
        run({"XADD"_ba, "edit:stream"_ba, QByteArray::number(1'700'000'000'000 + i) + "-0", "order"_ba,
             QByteArray::number(10'000 + i), "state"_ba, "paid"_ba});
    openRows("edit:stream", 30);
    const auto width = [this](Column column) {
        return m_editor->table()->header()->sectionSize(m_editor->model()->sectionOf(column));
    };
    for (const Column column : {Column::Name, Column::Time}) {
        QTRY_VERIFY2(fits(cell(0, column)), qPrintable(cell(0, column).data().toString()));
        QVERIFY2(width(Column::Fields) > width(column), qPrintable(QString::number(width(Column::Fields))));
    }
    grab(u"stream"_s);
}

SLOTSCOPE_TEST(TestBrowserEdits)
#include "tst_browseredits.moc"
