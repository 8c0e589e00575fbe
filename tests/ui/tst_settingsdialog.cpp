// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog of settings and the sheet of shortcuts, by keyboard. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/audit/auditlog.h"
#include "core/base/translations.h"
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/shell/settingsdialog.h"
#include "ui/shell/shortcutsheet.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QSpinBox>
#include <QToolButton>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestSettingsDialog final : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        makeWindow();
        m_log = std::make_shared<AuditLog>(AuditLog::Options{.folder = m_folder.filePath(u"audit"_s)});
        m_window->setAudit(m_log.get());
        m_window->activateWindow();
        QTRY_VERIFY(m_window->isActiveWindow());
    }
    void cleanup()
    {
        setLanguage({});
        dropWindow();
        m_log.reset();
    }

    void opensByKeyAndChangesAtOnce();
    void searchesAndResets();
    void anotherLanguage();
    void whereDataLies();
    void layoutGoesFavouritesStay();
    void everyShortcutIsNamed();

private:
    SettingsDialog *openByKey()
    {
        QTest::keyClick(m_window.get(), Qt::Key_Comma, Qt::ControlModifier);
        return shown<SettingsDialog>(m_window.get());
    }
    std::shared_ptr<AuditLog> m_log;
};

void TestSettingsDialog::opensByKeyAndChangesAtOnce()
{
    SettingsDialog *dialog = openByKey();
    QVERIFY(dialog);
    QCOMPARE(openByKey(), dialog); // no second dialog opens
    auto *theme = qobject_cast<QComboBox *>(dialog->control(u"window/theme"_s));
    QVERIFY(theme);
    theme->setFocus();
    QTest::keyClick(theme, Qt::Key_End);
    QCOMPARE(m_theme->mode(), Theme::Mode::Light);
    auto *records = qobject_cast<QCheckBox *>(dialog->control(u"audit/records"_s));
    QVERIFY(records->isChecked() && m_log->records());
    QTest::keyClick(records, Qt::Key_Space);
    QVERIFY(!m_log->records());
    QCOMPARE(m_settings->value(u"audit/records"_s).toBool(), false);
    QTest::keyClick(dialog->resetButton(u"audit/records"_s), Qt::Key_Space);
    QVERIFY(m_log->records() && records->isChecked());
    QVERIFY(!m_settings->contains(u"audit/records"_s)); // a default value is not written to the file
    QVERIFY(!dialog->resetButton(u"audit/records"_s)->isEnabled());
    dialog->activateWindow();
    QTRY_VERIFY(dialog->isActiveWindow());
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!m_window->findChild<SettingsDialog *>());
}

void TestSettingsDialog::searchesAndResets()
{
    SettingsDialog *dialog = openByKey();
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->searchField()->hasFocus());
    grab(u"settings"_s, dialog);
    QTest::keyClicks(dialog->searchField(), u"audit file"_s);
    const QStringList found = dialog->shownRows();
    QVERIFY2(found.contains(u"Maximum file size"_s) && !found.contains(u"Theme"_s), qPrintable(found.join(u'|')));
    dialog->searchField()->setText(u"no such words"_s);
    QVERIFY(dialog->shownRows().isEmpty());
    QTest::keyClick(dialog->searchField(), Qt::Key_Return); // neither closes the dialog nor presses a button
    QVERIFY(dialog->isVisible());
    dialog->searchField()->clear();
    auto *files = qobject_cast<QSpinBox *>(dialog->control(u"audit/files"_s));
    files->setValue(3);
    QCOMPARE(m_settings->value(u"audit/files"_s).toInt(), 3);
    QTest::keyClick(dialog->findChild<QPushButton *>(u"resetAll"_s), Qt::Key_Space);
    QCOMPARE(files->value(), 10);
    for (const Setting &setting : settingsTable())
        QVERIFY(settingValue(*m_settings, QString::fromLatin1(setting.key)) == setting.standard);
}

void TestSettingsDialog::anotherLanguage()
{
    SettingsDialog *dialog = openByKey();
    QVERIFY(dialog);
    auto *language = qobject_cast<QComboBox *>(dialog->control(u"window/language"_s));
    language->setFocus();
    language->setCurrentIndex(language->findData(u"ko"_s) - 1);
    QTest::keyClick(language, Qt::Key_Down);
    QTRY_COMPARE(spokenLanguage(), u"ko"_s);
    QCOMPARE(m_settings->value(u"window/language"_s).toString(), u"ko"_s);
    const auto again = [this] { return shown<SettingsDialog>(m_window.get()); };
    QTRY_VERIFY(again() && again()->windowTitle() == u"설정"_s); // the dialog is created again in the other language
    grab(u"settings-ko"_s, again());
}

void TestSettingsDialog::whereDataLies()
{
    SettingsDialog *dialog = openByKey();
    QVERIFY(dialog);
    dialog->searchField()->setText(m_folder.path()); // the search also finds paths
    const QStringList found = dialog->shownRows();
    QVERIFY2(found.contains(u"Audit log"_s) && found.size() >= 2, qPrintable(found.join(u'|')));
}

void TestSettingsDialog::layoutGoesFavouritesStay()
{
    m_settings->setValue(u"operations/scope"_s, 1);
    m_settings->setValue(u"browser/formats"_s, u"kept"_s);
    SettingsDialog *dialog = openByKey();
    QVERIFY(dialog);
    QTest::keyClick(dialog->findChild<QPushButton *>(u"resetLayout"_s), Qt::Key_Space);
    QVERIFY(!m_settings->contains(u"operations/scope"_s));
    QCOMPARE(m_settings->value(u"browser/formats"_s).toString(), u"kept"_s);
}

void TestSettingsDialog::everyShortcutIsNamed()
{
    QTest::keyClick(m_window.get(), Qt::Key_F1);
    auto *sheet = shown<ShortcutSheet>(m_window.get());
    QVERIFY(sheet);
    QVERIFY2(sheet->text().contains(u"Ctrl+K\t"_s) && sheet->text().contains(u"Ctrl+,\tSettings"_s)
                 && sheet->text().contains(u"Ctrl+1\tTopology"_s),
             qPrintable(sheet->text()));
    grab(u"shortcuts"_s, sheet);
    QTest::keyClick(sheet, Qt::Key_Escape);
    QTRY_VERIFY(!m_window->findChild<ShortcutSheet *>());
    // Every shortcut must have a name, otherwise the sheet would not list it.
    ConnectionView *view = m_window->openConnection(u"none"_s);
    QVERIFY(view);
    m_window->openShortcuts();
    QByteArrayList nameless;
    for (const QShortcut *shortcut : m_window->findChildren<QShortcut *>())
        if (shortcut->whatsThis().isEmpty() && !shortcut->key().isEmpty())
            nameless.append(shortcut->parent()->metaObject()->className() + QByteArray(" ")
                            + shortcut->key().toString().toUtf8());
    QVERIFY2(nameless.isEmpty(), nameless.join('\n').constData());
}

SLOTSCOPE_TEST(TestSettingsDialog)

#include "tst_settingsdialog.moc"
