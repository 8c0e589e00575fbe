// SPDX-License-Identifier: GPL-3.0-or-later
// The browser on a server with several databases: a name that is in another one, and the user's names for databases.
// With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/browser/browserpage.h"
#include "ui/browser/keypane.h"
#include "ui/browser/valuepane.h"
#include "ui/browser/valuetab.h"
#include "ui/shared/emptystate.h"

#include <QComboBox>
#include <QInputDialog>
#include <QLineEdit>
#include <QPushButton>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestBrowserDatabases : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_server.reset(); }
    void init() { makeWindow(); }
    void cleanup() { dropWindow(); }

    void aNameIsFoundInAnotherDatabase();
    void aNameInNoDatabase();
    void aUserWhoMayNotAsk();
    void databasesHaveNames();

private:
    BrowserPage *open(const ConnectionTarget &target) { return openPage<BrowserPage>(target, u"browser"_s); }
    static ValueTab *search(BrowserPage *page, const QString &name)
    {
        page->keys()->searchField()->setText(name);
        QTest::keyClick(page->keys()->searchField(), Qt::Key_Return);
        return page->values()->current();
    }
    static QList<QPushButton *> offers(const ValueTab *tab)
    {
        return tab->findChild<EmptyState *>()->findChildren<QPushButton *>();
    }
    static QString textOf(const ValueTab *tab) { return tab->findChild<EmptyState *>()->accessibleDescription(); }

    std::unique_ptr<TestCluster> m_server;
};

void TestBrowserDatabases::initTestCase()
{
    LocalClusterOptions options;
    options.primaries = 1;
    options.replicasPerPrimary = 0;
    options.clusterMode = false;
    m_server = std::make_unique<TestCluster>(options);
    QVERIFY2(m_server->start(), qPrintable(m_server->failure()));
    const auto lua = "for _, db in ipairs({0, 3, 7}) do redis.call('SELECT', db) "
                     "redis.call('SET', 'in:' .. db, 'value ' .. db) end "
                     "redis.call('SELECT', 3) redis.call('SET', 'twice', 'x') "
                     "redis.call('SELECT', 7) redis.call('SET', 'twice', 'x')"_ba;
    QVERIFY(m_server->run(0, {"EVAL"_ba, lua, "0"_ba}));
}

void TestBrowserDatabases::aNameIsFoundInAnotherDatabase()
{
    BrowserPage *page = open(m_server->target({0}));
    QTRY_VERIFY(page->isFilled());
    ValueTab *tab = search(page, u"twice"_s);
    QVERIFY(tab);
    QTRY_COMPARE(offers(tab).size(), 2);
    QCOMPARE(textOf(tab), u"Keys with this name exist in the databases 3, 7."_s);
    grab(u"elsewhere"_s);
    tab->readAgain(); // says nothing new, so nothing is searched or offered again
    tab = search(page, u"in:3"_s);
    QTRY_COMPARE(offers(tab).size(), 1);
    QCOMPARE(offers(tab).front()->text(), u"Open in database 3"_s);
    offers(tab).front()->click();
    QTRY_COMPARE(page->databaseBox()->currentData().toInt(), 3);
    QTRY_VERIFY(page->values()->current() && page->values()->current()->head().exists());
    QCOMPARE(page->values()->current()->key(), "in:3"_ba);
    QCOMPARE(page->values()->current()->head().database, 3);
}

void TestBrowserDatabases::aNameInNoDatabase()
{
    BrowserPage *page = open(m_server->target({0}));
    QTRY_VERIFY(page->isFilled());
    ValueTab *tab = search(page, u"nowhere"_s);
    QTRY_COMPARE(textOf(tab), u"It was deleted, has expired, or never existed. No other database has this name."_s);
    QVERIFY(offers(tab).isEmpty());
}

void TestBrowserDatabases::aUserWhoMayNotAsk()
{
    QVERIFY(m_server->run(0, commandOf("ACL", "SETUSER", "few", "on", ">pw", "~*", "+@all", "-info")));
    ConnectionTarget target = m_server->target({0});
    target.credentials.user = u"few"_s;
    target.credentials.password = u"pw"_s;
    BrowserPage *page = open(target);
    ValueTab *tab = search(page, u"in:3"_s);
    QTRY_VERIFY2(textOf(tab).startsWith(u"The other databases could not be searched: "_s), qPrintable(textOf(tab)));
    QVERIFY2(textOf(tab).contains(u"INFO"_s, Qt::CaseInsensitive), qPrintable(textOf(tab)));
}

void TestBrowserDatabases::databasesHaveNames()
{
    BrowserPage *page = open(m_server->target({0}));
    QTRY_COMPARE(page->databaseBox()->itemText(3), u"Database 3 · 2 keys"_s);
    const auto choose = [page](int index) {
        page->databaseBox()->setCurrentIndex(index);
        Q_EMIT page->databaseBox()->activated(index);
    };
    choose(3);
    const int asks = page->databaseBox()->findData(-1);
    QVERIFY(asks > 0);
    choose(asks);
    auto *question = shown<QInputDialog>(page);
    QVERIFY(question);
    QCOMPARE(page->databaseBox()->currentData().toInt(), 3); // the entry that asks is not a database
    grab(u"name"_s, question);
    question->setTextValue(u"  sessions "_s);
    question->accept();
    QTRY_COMPARE(page->databaseBox()->itemText(3), u"sessions (database 3) · 2 keys"_s);
    grab(u"named"_s);
    page->saveState(*m_settings);
    BrowserPage *other = open(m_server->target({0}));
    other->restoreState(*m_settings);
    QTRY_COMPARE(other->databaseBox()->itemText(3), u"sessions (database 3) · 2 keys"_s);
    QCOMPARE(other->databaseBox()->currentData().toInt(), 0);
}

SLOTSCOPE_TEST(TestBrowserDatabases)
#include "tst_browserdatabases.moc"
