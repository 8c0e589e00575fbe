// SPDX-License-Identifier: GPL-3.0-or-later
// The settings, and what keys do.
#include "core/analysis/reportstore.h"
#include "core/audit/auditsettings.h"
#include "core/base/translations.h"
#include "core/console/consolehistory.h"
#include "core/metrics/metricskept.h"
#include "core/operations/journal/journal.h"
#include "core/profile/savedconnections.h"
#include "core/slowlog/slowlogkept.h"
#include "ui/shared/page.h"
#include "ui/shared/theme.h"
#include "ui/shared/trayentry.h"
#include "ui/shared/usernotices.h"
#include "ui/shell/healthnotices.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/pages.h"
#include "ui/shell/settingsdialog.h"
#include "ui/shell/shortcutsheet.h"
#include "ui/shell/statusline.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

/// Settings keys of page states that are only layout.
const QStringList &layoutKeys()
{
    static const QStringList keys{
        u"topology/split"_s, u"topology/form"_s,    u"slots/split"_s,      u"slots/colouring"_s, u"operations/split"_s,
        u"operations/tab"_s, u"operations/scope"_s, u"slowlog/split"_s,    u"slowlog/span"_s,    u"metrics/span"_s,
        u"metrics/group"_s,  u"metrics/plots"_s,    u"latency/window"_s,   u"latency/split"_s,   u"console/split"_s,
        u"config/tab"_s,     u"config/split"_s,     u"config/shown"_s,     u"config/folded"_s,   u"clients/split"_s,
        u"clients/by"_s,     u"clients/pace"_s,     u"browser/splitter"_s, u"browser/form"_s,    u"slowlog/hideOurs"_s};
    return keys;
}

} // namespace

SettingsDialog *MainWindow::openSettings()
{
    if (m_settingsDialog) {
        m_settingsDialog->raise();
        m_settingsDialog->activateWindow();
        return m_settingsDialog;
    }
    const QList<SettingsDialog::Place> places{
        {tr("Settings, recent connections"), m_settings.fileName(), true},
        {tr("Saved connections (passwords are in the system's keychain)"), SavedConnections::defaultPath(), true},
        {tr("Audit log"), m_audit ? m_audit->folder() : AuditFiles::defaultFolder()},
        {tr("Journals of operations"), Journal::defaultFolder()},
        {tr("Analysis reports"), ReportStore::usualFolder()},
        {tr("Recorded metrics"), MetricsRecord::usualFolder()},
        {tr("Recorded slow logs"), SlowlogRecord::usualFolder()},
        {tr("Console history and favourites"), consoleFolder()},
    };
    m_settingsDialog = new SettingsDialog(m_settings, m_theme, places, this);
    m_settingsDialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_settingsDialog, &SettingsDialog::changed, this, &MainWindow::applySetting);
    connect(m_settingsDialog, &SettingsDialog::layoutResetRequested, this, &MainWindow::resetLayout);
    m_settingsDialog->show();
    m_settingsDialog->searchField()->setFocus();
    return m_settingsDialog;
}

void MainWindow::applySetting(const QString &key)
{
    if (key == u"window/theme") {
        m_theme.setMode(Theme::Mode(settingValue(m_settings, key).toInt()));
    } else if (key == u"window/contrast") {
        m_theme.setHighContrast(settingValue(m_settings, key).toBool());
    } else if (key == u"window/still") {
        m_theme.setStill(settingValue(m_settings, key).toBool());
    } else if (key.startsWith(u"watch/")) {
        applyWatchSettings();
    } else if (key == u"window/language") {
        const QString code = settingValue(m_settings, key).toString();
        m_settings.setValue(key, chosenLanguage()); // asks first if open pages would lose data
        setLanguage(code);
        if (m_settingsDialog)
            m_settingsDialog->update();
    } else if (m_audit) {
        applyAuditSettings(*m_audit, m_settings);
    }
    m_settings.sync();
}

void MainWindow::applyWatchSettings()
{
    m_healthNotices->setOn(settingValue(m_settings, u"watch/notify"_s).toBool());
    m_notices->tray()->setWanted(settingValue(m_settings, u"watch/tray"_s).toBool());
}

void MainWindow::connectWatch()
{
    TrayEntry *tray = m_notices->tray();
    connect(m_healthNotices, &HealthNotices::turned, this,
            [this](ConnectionView *view, const QString &title, const QString &text) {
                if (isActiveWindow() && view == currentConnection())
                    return; // the pill of the current connection already shows it
                m_notices->tell(title, text, [this, from = QPointer<ConnectionView>(view)] {
                    if (!from)
                        return;
                    showConnection(from);
                    Q_EMIT healthRequested(from);
                });
            });
    const auto come = [this] {
        setWindowState(windowState() & ~Qt::WindowMinimized);
        show();
        raise();
        activateWindow();
    };
    connect(tray, &TrayEntry::windowRequested, this, come);
    connect(tray, &TrayEntry::connectionChosen, this, [this, come](int index) {
        come();
        if (const ConnectionView *view = connection(index))
            showConnection(view);
    });
    connect(tray, &TrayEntry::quitRequested, this, &QWidget::close);
    applyWatchSettings();
}

/// Updates the menu and the mark of the tray icon.
void MainWindow::updateTray()
{
    QList<TrayEntry::Connection> all;
    for (const ConnectionView *view : std::as_const(m_connections)) {
        const HealthWord health = view->health();
        all.append({.title = view->title(), .word = health.text, .tone = health.tone});
    }
    m_notices->tray()->setConnections(all);
}

void MainWindow::resetLayout()
{
    for (const QString &key : layoutKeys())
        m_settings.remove(key);
    for (ConnectionView *view : std::as_const(m_connections))
        view->restoreState(m_settings);
}

ShortcutSheet *MainWindow::openShortcuts()
{
    for (const auto &[shortcut, title] : std::as_const(m_shortcuts)) // in the current language
        shortcut->setWhatsThis(tr(title));
    for (const PageInfo &info : pageInfos())
        if (auto *shortcut = findChild<QShortcut *>(u"page"_s + info.id, Qt::FindDirectChildrenOnly))
            shortcut->setWhatsThis(info.title);
    QList<ShortcutSheet::Part> parts;
    const QWidget *page = currentConnection() ? currentConnection()->currentPage() : m_stack->currentWidget();
    parts.append({tr("Everywhere"), ShortcutSheet::keysOf(this, m_stack)});
    if (page) {
        QString title = tr("On this page");
        for (const PageInfo &info : pageInfos())
            if (currentConnection() && info.id == m_page)
                title = info.title;
        parts.append({title, ShortcutSheet::keysOf(page)});
    }
    auto *sheet = new ShortcutSheet(parts, this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->open();
    return sheet;
}

/// Handles F1 unless another widget does: in the console it shows the command help.
void MainWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_F1)
        openShortcuts();
    else
        QMainWindow::keyPressEvent(event);
}

void MainWindow::tellBriefly(const QString &text)
{
    m_status->tellBriefly(text);
}

void MainWindow::tell(const QString &title, const QString &text)
{
    m_notices->tell(title, text, [] {});
}

} // namespace slotscope
