// SPDX-License-Identifier: GPL-3.0-or-later
// The page of saved connections, the part of the connect dialog that saves them, and the one about TLS; by keyboard.
#include "core/profile/exporting.h"
#include "core/profile/sealedfile.h"
#include "support/testmain.h"
#include "ui/connect/connectdialog.h"
#include "ui/connect/connectionspage.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPromise>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestConnectionsPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_page.reset(); }
    void enterConnectsToWhatIsChosen();
    void searchesAndFilters();
    void connectsToWhatIsTyped();
    void removesAfterAQuestion();
    void showsWhatIsKnown();
    void theDialogSaves();
    void theDialogEdits();
    void tlsFieldsFollowTheUri();
    void importsWhatOthersExported();
    void aFileStandsThereWithALock();
    void importsUnderAPassphrase();
    void exportWantsThePassphraseTwice();

private:
    QString save(const QString &uri, const QString &folder, const QStringList &tags = {})
    {
        SavedConnection connection;
        connection.target = ConnectionTarget::parse(uri).value();
        connection.folder = folder;
        connection.tags = tags;
        return m_saved->put(connection).value_or(QString());
    }
    template <typename T>
    T *child(QWidget &parent, const QString &name)
    {
        T *found = parent.findChild<T *>(name);
        if (!found)
            qFatal("no %s", qPrintable(name));
        return found;
    }
    std::unique_ptr<ConnectDialog> dialog()
    {
        const auto tester = [](const ConnectionTarget &) {
            QPromise<ConnectionReport> promise;
            promise.start();
            promise.finish();
            return promise.future();
        };
        return std::make_unique<ConnectDialog>(m_theme, *m_recents, tester);
    }

    Theme m_theme{Theme::Mode::Dark};
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<RecentConnections> m_recents;
    std::unique_ptr<SavedConnections> m_saved;
    std::unique_ptr<ConnectionsPage> m_page;
    QString m_shop, m_dev, m_archive;
};

void TestConnectionsPage::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_settings = std::make_unique<QSettings>(m_folder->filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_recents = std::make_unique<RecentConnections>(*m_settings);
    m_saved = std::make_unique<SavedConnections>(m_folder->filePath(u"connections.json"_s));
    m_shop = save(u"rediss://ops@10.0.1.11:6379?name=shop&env=production&cacert=/ca.pem"_s, u"Web shop"_s, {u"eu"_s});
    m_dev = save(u"redis://127.0.0.1:7000?name=shop-dev&env=development"_s, u"Web shop"_s);
    m_archive = save(u"redis://10.1.4.20:6379?name=archive"_s, {});
    m_page = std::make_unique<ConnectionsPage>(m_theme, *m_saved);
    m_page->resize(1300, 800);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

void TestConnectionsPage::enterConnectsToWhatIsChosen()
{
    QSignalSpy chosen(m_page.get(), &ConnectionsPage::chosen);
    SavedTree *tree = m_page->tree();
    tree->setFocus();
    QCOMPARE(tree->currentId(), m_shop);
    QTest::keyClick(tree, Qt::Key_Down);
    QTest::keyClick(tree, Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen[0][0].toString(), m_dev);
}

void TestConnectionsPage::searchesAndFilters()
{
    auto *search = child<QLineEdit>(*m_page, u"savedSearch"_s);
    QTest::keyClicks(search, u"arch"_s);
    QCOMPARE(m_page->tree()->shownCount(), 1);
    QCOMPARE(m_page->tree()->currentId(), m_archive);
    search->clear();
    QTest::keyClicks(search, u"shop eu"_s); // finds one word in the name and the other in a tag
    QCOMPARE(m_page->tree()->currentId(), m_shop);
    QCOMPARE(m_page->tree()->shownCount(), 1);
    search->clear();
    auto *filters = child<QListWidget>(*m_page, u"savedFilters"_s);
    const QList<QListWidgetItem *> production = filters->findItems(u"PRODUCTION"_s, Qt::MatchStartsWith);
    QCOMPARE(production.size(), 1);
    filters->setCurrentItem(production.constFirst());
    QCOMPARE(m_page->tree()->shownCount(), 1);
    QVERIFY(m_saved->remove(m_shop)); // the filter matches no connection any more, so all are shown again
    QCOMPARE(m_page->tree()->shownCount(), 2);
}

void TestConnectionsPage::connectsToWhatIsTyped()
{
    QSignalSpy connecting(m_page.get(), &ConnectionsPage::connectRequested);
    auto *quick = child<QLineEdit>(*m_page, u"quickConnect"_s);
    QTest::keyClicks(quick, u"redis-cli -h h -p 1 -a geheim --tls"_s);
    QTest::keyClick(quick, Qt::Key_Return);
    QCOMPARE(connecting.size(), 1);
    const auto target = connecting[0][0].value<ConnectionTarget>();
    QVERIFY(target.tls.on);
    QCOMPARE(target.credentials.password, u"geheim"_s);
    QVERIFY(quick->text().isEmpty()); // the password does not stay on the screen
    QTest::keyClicks(quick, u"redis-cli -h h GET x"_s);
    QTest::keyClick(quick, Qt::Key_Return);
    QCOMPARE(connecting.size(), 1);
    auto *notice = child<QLabel>(*m_page, u"connectionsNotice"_s);
    QVERIFY2(notice->isVisible() && notice->text().contains(u"GET"_s), qPrintable(notice->text()));
}

void TestConnectionsPage::removesAfterAQuestion()
{
    QSignalSpy removed(m_page.get(), &ConnectionsPage::removeRequested);
    QTest::keyClick(m_page->tree(), Qt::Key_Delete);
    auto *question = m_page->findChild<QMessageBox *>();
    QVERIFY(question && question->text().contains(u"shop"_s));
    QCOMPARE(removed.size(), 0);
    for (QAbstractButton *button : question->buttons())
        if (question->buttonRole(button) == QMessageBox::DestructiveRole)
            button->click();
    QCOMPARE(removed.size(), 1);
    QCOMPARE(removed[0][0].toString(), m_shop);
}

void TestConnectionsPage::showsWhatIsKnown()
{
    QVERIFY(m_saved->noteUse(m_shop, QDateTime::currentMSecsSinceEpoch(), u"Cluster, 3 + 3"_s, u"Valkey 9.1.2"_s));
    QStringList shown;
    for (const QLabel *label : m_page->findChildren<QLabel *>())
        if (label->isVisible())
            shown << label->text();
    for (const QString &wanted :
         {u"10.0.1.11:6379"_s, u"Cluster, 3 + 3"_s, u"Valkey 9.1.2"_s, u"ops"_s, u"custom CA, host names verified"_s})
        QVERIFY2(shown.contains(wanted), qPrintable(wanted + u" in "_s + shown.join(u'|')));
}

void TestConnectionsPage::theDialogSaves()
{
    const auto connecting = dialog();
    connecting->offerSaving(m_saved->folders());
    connecting->show();
    QSignalSpy saving(connecting.get(), &ConnectDialog::saveRequested),
        opening(connecting.get(), &ConnectDialog::connectRequested);
    QTest::keyClicks(child<QLineEdit>(*connecting, u"hosts"_s), u"10.9.9.9:1"_s);
    QTest::keyClicks(child<QLineEdit>(*connecting, u"password"_s), u"geheim"_s);
    child<QCheckBox>(*connecting, u"save"_s)->setChecked(true);
    child<QComboBox>(*connecting, u"saveFolder"_s)->setEditText(u"New folder"_s);
    QTest::keyClicks(child<QLineEdit>(*connecting, u"saveTags"_s), u"a, b b"_s);
    child<QCheckBox>(*connecting, u"keepSecrets"_s)->setChecked(true);
    child<QPushButton>(*connecting, u"connect"_s)->click();
    QCOMPARE(saving.size(), 1);
    QCOMPARE(opening.size(), 1);
    const auto saved = saving[0][0].value<SavedConnection>();
    QCOMPARE(saved.folder, u"New folder"_s);
    QCOMPARE(saved.tags, (QStringList{u"a"_s, u"b"_s}));
    QVERIFY(saved.keepsSecrets && saved.hadPassword);
    QCOMPARE(saved.target.credentials.password, u"geheim"_s); // kept for the keychain
    QVERIFY(m_saved->put(saved));
    QVERIFY(m_saved->list().constLast().target.credentials.password.isEmpty());
}

void TestConnectionsPage::theDialogEdits()
{
    const auto editing = dialog();
    const SavedConnection before = *m_saved->find(m_shop);
    editing->setTarget(before.target);
    editing->offerSaving(m_saved->folders(), &before);
    editing->show();
    QSignalSpy saving(editing.get(), &ConnectDialog::saveRequested),
        opening(editing.get(), &ConnectDialog::connectRequested);
    auto *name = child<QLineEdit>(*editing, u"name"_s);
    name->selectAll();
    QTest::keyClicks(name, u"shop-eu"_s);
    child<QPushButton>(*editing, u"saveOnly"_s)->click();
    QCOMPARE(saving.size(), 1);
    QCOMPARE(opening.size(), 0);
    const auto saved = saving[0][0].value<SavedConnection>();
    QCOMPARE(saved.id, m_shop);
    QCOMPARE(saved.target.name, u"shop-eu"_s);
    QCOMPARE(saved.target.tls, before.target.tls);
    QCOMPARE(saved.folder, before.folder);
}

void TestConnectionsPage::tlsFieldsFollowTheUri()
{
    const auto connecting = dialog();
    connecting->show();
    auto *uri = child<QLineEdit>(*connecting, u"uri"_s);
    QTest::keyClicks(uri, u"rediss://h:1?cacert=/ca.pem&sni=redis.example"_s);
    auto *tls = child<QCheckBox>(*connecting, u"tls"_s);
    QVERIFY(tls->isChecked());
    QCOMPARE(child<QLineEdit>(*connecting, u"tlsCa"_s)->text(), u"/ca.pem"_s);
    QTest::keyClicks(child<QLineEdit>(*connecting, u"tlsPassphrase"_s), u"sesam"_s);
    QVERIFY2(!uri->text().contains(u"sesam"_s), qPrintable(uri->text()));
    QCOMPARE(connecting->target().tls.keyPassphrase, u"sesam"_s);
    QTest::keyClicks(child<QLineEdit>(*connecting, u"tlsPin"_s), u"12"_s);
    QVERIFY(!child<QPushButton>(*connecting, u"connect"_s)->isEnabled());
    QVERIFY(child<QLabel>(*connecting, u"tlsProblem"_s)->text().contains(u"SHA-256"_s));
    child<QLineEdit>(*connecting, u"tlsPin"_s)->clear();
    QTest::keyClick(child<QLineEdit>(*connecting, u"tlsPin"_s), Qt::Key_Backspace);
    tls->setChecked(false);
    QCOMPARE(uri->text(), u"redis://h:1"_s);
    QVERIFY(child<QPushButton>(*connecting, u"connect"_s)->isEnabled());
}

void TestConnectionsPage::importsWhatOthersExported()
{
    QFile file(m_folder->filePath(u"export.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"([{"host": "10.9.9.9", "port": 6380, "name": "brought", "password": "planted", "tls": true}])");
    file.close();
    const auto before = m_saved->list().size();
    m_page->importFrom(file.fileName());
    QTRY_COMPARE(m_saved->list().size(), before + 1);
    QVERIFY(m_saved->named(u"brought"_s));
    auto *told = child<QMessageBox>(*m_page, u"imported"_s);
    QVERIFY2(told->text().contains(u"RedisInsight"_s) && told->text().contains(u"1 added"_s), qPrintable(told->text()));
    QVERIFY(told->informativeText().contains(u"Passwords were not imported"_s));
    QVERIFY(!told->informativeText().contains(u"planted"_s));
    delete told;
    m_page->importFrom(m_folder->filePath(u"nothing"_s));
    QTRY_VERIFY(m_page->window()->findChild<QMessageBox *>(u"imported"_s)); // the message says why the import failed
    QVERIFY(child<QPushButton>(*m_page, u"import"_s)->isVisibleTo(m_page.get()));
    QCOMPARE(m_saved->list().size(), before + 1);
}

void TestConnectionsPage::aFileStandsThereWithALock()
{
    QFile file(m_folder->filePath(u"team.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(
        R"({"version": 1, "connections": [{"name": "theirs", "uri": "redis://10.7.7.7", "passwordFrom": "env:X"}]})");
    file.close();
    m_saved->readFiles({file.fileName()});
    SavedTree *tree = m_page->tree();
    const QTreeWidgetItem *folder = tree->topLevelItem(tree->topLevelItemCount() - 1);
    QVERIFY2(folder->text(0).startsWith(u"team.json"_s), qPrintable(folder->text(0)));
    QVERIFY(!folder->flags().testFlag(Qt::ItemIsDropEnabled));
    QCOMPARE(folder->childCount(), 1);
    QVERIFY(!folder->child(0)->flags().testFlag(Qt::ItemIsDragEnabled));
    QVERIFY(folder->data(0, Qt::AccessibleTextRole).toString().contains(u"read-only"_s));
    QSignalSpy chosen(m_page.get(), &ConnectionsPage::chosen);
    tree->setCurrentId(m_saved->named(u"theirs"_s)->id);
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    if (const QString shots = qEnvironmentVariable("SLOTSCOPE_GRAB"); !shots.isEmpty())
        m_page->grab().save(shots + u"/team-file.png"_s);
}

void TestConnectionsPage::importsUnderAPassphrase()
{
    SavedConnection one;
    one.id = u"x"_s;
    one.target = ConnectionTarget::parse(u"redis://:planted@10.8.8.8?name=sealed"_s).value();
    QFile file(m_folder->filePath(u"sealed.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(*sealed(exportedConnections({one}, true), u"right"_s, {.n = 1 << 14, .r = 8, .p = 1}));
    file.close();
    QList<AddedConnections> imported;
    connect(m_page.get(), &ConnectionsPage::secretsImported, this,
            [&imported](const AddedConnections &added) { imported.append(added); });
    m_page->importFrom(file.fileName());
    QTRY_VERIFY(m_page->window()->findChild<QInputDialog *>(u"importPassphrase"_s));
    auto *question = child<QInputDialog>(*m_page, u"importPassphrase"_s);
    question->setTextValue(u"wrong"_s);
    question->accept();
    const auto again = [&] {
        const auto all = m_page->findChildren<QInputDialog *>(u"importPassphrase"_s);
        const auto open = std::find_if(all.cbegin(), all.cend(), [](const QWidget *each) { return each->isVisible(); });
        return open == all.cend() ? nullptr : *open;
    };
    QTRY_VERIFY(again() && again()->labelText().contains(u"passphrase is wrong"_s));
    QVERIFY(!m_saved->named(u"sealed"_s));
    again()->setTextValue(u"right"_s);
    again()->accept();
    QTRY_VERIFY(m_saved->named(u"sealed"_s));
    QCOMPARE(imported.size(), 1);
    QCOMPARE(imported[0].targets[0].credentials.password, u"planted"_s);
    delete child<QMessageBox>(*m_page, u"imported"_s);
}

void TestConnectionsPage::exportWantsThePassphraseTwice()
{
    m_page->chooseExport();
    auto *dialog = child<QDialog>(*m_page, u"exportConnections"_s);
    auto *go = child<QPushButton>(*dialog, u"exportGo"_s);
    QVERIFY(go->isEnabled());
    child<QCheckBox>(*dialog, u"exportSecrets"_s)->click();
    QVERIFY(!go->isEnabled());
    child<QLineEdit>(*dialog, u"exportPassphrase"_s)->setText(u"a"_s);
    child<QLineEdit>(*dialog, u"exportAgain"_s)->setText(u"b"_s);
    QVERIFY(!go->isEnabled());
    QVERIFY(child<QLabel>(*dialog, u"exportProblem"_s)->text().contains(u"differ"_s));
    child<QLineEdit>(*dialog, u"exportAgain"_s)->setText(u"a"_s);
    QVERIFY(go->isEnabled());
    const QLineEdit *last = child<QLineEdit>(*dialog, u"exportAgain"_s);
    QTRY_VERIFY(last->height() >= last->minimumSizeHint().height()
                && last->y() + last->height() <= last->parentWidget()->height());
    if (const QString shots = qEnvironmentVariable("SLOTSCOPE_GRAB"); !shots.isEmpty())
        dialog->grab().save(shots + u"/export.png"_s);
    dialog->reject();
}

SLOTSCOPE_TEST(TestConnectionsPage)
#include "tst_connectionspage.moc"
