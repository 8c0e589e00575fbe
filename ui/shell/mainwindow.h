// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/run.h"
#include "ui/shell/connectionview.h"

#include <QMainWindow>
#include <QPointer>

#include <functional>

class QMenu;
class QMessageBox;
class QPushButton;
class QSettings;
class QShortcut;
class QStackedWidget;
class QToolButton;

namespace slotscope {

class AuditLog;
class LockChip;
class ConnectionTabs;
class EmptyState;
class ClosingQuestion;
class HealthNotices;
class HealthPill;
class KeyJobBook;
class OperationsDoor;
class OperationWizard;
class Rail;
class SettingsDialog;
class ShortcutSheet;
class StatusLine;
class Theme;
class UserNotices;

/// The main window, a frame around the pages: rail, connections, health, status. It requests by signals what it cannot
/// do itself.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MainWindow)
public:
    /// Both must outlive the window. The settings store geometry, page, theme and the state of the pages.
    MainWindow(Theme &theme, QSettings &settings, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Sets the door through which clusters are changed; it must outlive the window. Without it, no operation is
    /// possible.
    void setOperations(OperationsDoor *operations);
    void setAudit(AuditLog *audit); ///< the audit log; must outlive the window
    /// Sets the operations that earlier program runs did not finish. The status line mentions those whose cluster is
    /// not open in a tab.
    void setUnfinished(const QList<RunSnapshotPtr> &runs);
    /// Opens the wizard for `view`; null if nothing can be changed: there is no session, or it is read-only.
    OperationWizard *openWizard(ConnectionView *view, const OperationDraft &draft);
    /// Opens the wizard that creates a cluster from nodes without a password, or with this login. Emits
    /// clusterCreated() when the cluster exists.
    OperationWizard *openCreateWizard(const Access &access = {});

    /// Opens a tab for a session and makes it current. Title, environment and read-only mode come from the session's
    /// target.
    ConnectionView *openSession(std::unique_ptr<SessionDoor> door);
    /// Opens a tab for a session in place of `failed`, which is closed. Takes over its page, and its title if no other
    /// tab has that.
    ConnectionView *openSessionInstead(ConnectionView *failed, std::unique_ptr<SessionDoor> door);
    /// Sets the saved name and environment of the cluster in a tab.
    void setMarks(ConnectionView *view, const ConnectionTarget &marked);
    /// Opens a tab without a session; the caller supplies its views and states.
    ConnectionView *openConnection(const QString &title, const Environment &environment = {}, bool readOnly = false);
    void closeConnection(int index);
    /// Closes a tab at the user's request: asks first if the tab's servers end with it and an operation is running on
    /// them.
    void askToClose(ConnectionView *view);
    void moveConnection(ConnectionView *view, int to); ///< moves its tab to this position
    [[nodiscard]] int connectionCount() const;
    [[nodiscard]] ConnectionView *connection(int index) const;
    [[nodiscard]] ConnectionView *currentConnection() const; ///< null if the start page is shown

    void showConnection(const ConnectionView *view);
    void showStart(); ///< shows the saved connections, even if connections are open; by the logo and Ctrl+Shift+T
    void closeView(const ConnectionView *view);
    void fillTabMenu(QMenu *menu, ConnectionView *view);
    void askForName(ConnectionView *view); ///< emits renameRequested() if the user enters a name

    void showPage(const QString &id);
    [[nodiscard]] QString currentPage() const { return m_page; }
    /// Shows the search field in the top bar, which opens the palette.
    void setPaletteAvailable(bool available);
    void setThemeMode(int mode); ///< a value of Theme::Mode
    /// Sets and saves the language, in the format of chosenLanguage(), and uses it at once. Asks first if pages would
    /// lose data.
    void setLanguage(const QString &code);
    /// Shows a run on the Operations page, in the tab of its connection if that is open.
    void showRun(const QString &id);
    void showPlace(const slotscope::Place &place); ///< shows the place in the current connection
    SettingsDialog *openSettings(); ///< by Ctrl+,
    ShortcutSheet *openShortcuts(); ///< by Ctrl+? and F1
    void tell(const QString &title, const QString &text); ///< notifies the user of something unexpected
    /// shows a text in the status line; see slotscope::tellBriefly()
    Q_INVOKABLE void tellBriefly(const QString &text);
    [[nodiscard]] QPushButton *runChip() const { return m_chip; }
    [[nodiscard]] LockChip *lockChip() const { return m_lock; }
    [[nodiscard]] HealthPill *healthPill() const { return m_pill; }
    [[nodiscard]] StatusLine *statusLine() const { return m_status; }
    [[nodiscard]] EmptyState *startPage() const { return m_start; }
    /// Sets the page shown without a connection, in place of the plain start page. The window takes ownership.
    void setStartPage(QWidget *page);

Q_SIGNALS:
    void connectRequested(); ///< by "+", Ctrl+T and the start page
    void demoRequested(); ///< by the start page
    void clusterCreated(const slotscope::ConnectionTarget &target); ///< emitted for openCreateWizard()
    /// to retry a failed connection with other settings
    void changeConnectionRequested(slotscope::ConnectionView *view);
    void currentConnectionChanged(slotscope::ConnectionView *view); ///< null: the start page is shown
    void paletteRequested(); ///< by Ctrl+K and the search field
    void languageChanged(); ///< the overlays must be created again
    void healthRequested(slotscope::ConnectionView *view); ///< by a click on the health pill
    void connectionClosed(const QString &title);
    void pageChanged(); ///< of the current connection
    void renameRequested(slotscope::ConnectionView *view, const QString &name);
    void duplicateRequested(slotscope::ConnectionView *view);
    void reconnectRequested(slotscope::ConnectionView *view);
    void unfinishedChosen(const QString &id); ///< id from setUnfinished()

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *makeTopBar();
    void makeLookButton(); ///< menu for theme and language
    void fillLookMenu();
    void sayTopBar();
    void fitTopBar();
    void speak(const QString &code);
    void askToSpeak(const QString &code, const QStringList &held);
    void makeStartPage();
    void makeShortcuts();
    void addShortcut(const QKeySequence &keys, const char *title, const std::function<void()> &act);
    void applySetting(const QString &key);
    void resetLayout();
    void updateFrame();
    void escape();
    void leaveStart();
    void takePage(const QString &id);
    void openTabMenu(int index, const QPoint &position);
    void stepConnection(int step); ///< 1: to the next tab, -1: to the previous one
    void showAbout();
    /// The connections of the other tabs.
    [[nodiscard]] QList<OtherConnection> connectionsBeside(const ConnectionView *view) const;
    /// A title that no other tab has: if another tab has `title`, with the user, the database or a number added.
    [[nodiscard]] QString freeTitle(const QString &title, const ConnectionTarget *target = nullptr) const;
    void connectOperations(ConnectionView *view);
    void closeIdleWizards(const ConnectionView *view);
    void makeChip();
    void updateChip();
    void useChip();
    void tellChip(const QString &text, bool warns, const QString &toolTip);
    [[nodiscard]] QList<RunSnapshotPtr> unfinishedElsewhere() const;
    [[nodiscard]] QStringList jobsOn(const ConnectionView *view) const;
    [[nodiscard]] bool mayClose(); ///< returns false and asks the user if something would be lost or interrupted
    void connectWatch();
    void applyWatchSettings();
    void updateTray();
    void askToReconnect(ConnectionView *view);
    void askToCloseOthers(const ConnectionView *kept);
    [[nodiscard]] RunSnapshotPtr runOnOwnServers(const ConnectionView *view) const;
    void askToLose(const QStringList &unsaved, const QString &actWords, const std::function<void()> &act);
    void saveState();
    void restoreWindow();

    Theme &m_theme;
    QSettings &m_settings;
    QString m_page;
    Rail *m_rail;
    ConnectionTabs *m_tabs;
    QPushButton *m_search = nullptr;
    QToolButton *m_home = nullptr, *m_add = nullptr, *m_look = nullptr, *m_gear = nullptr;
    HealthPill *m_pill;
    StatusLine *m_status;
    UserNotices *m_notices = nullptr;
    HealthNotices *m_healthNotices;
    QWidget *m_content;
    QStackedWidget *m_stack;
    EmptyState *m_start;
    bool m_isAtStart = false; ///< the start page is shown although connections are open
    QWidget *m_startShown = nullptr; ///< m_start, or the page that replaces it
    /// view that currentConnectionChanged() reported last; may be deleted, so it is only compared
    const ConnectionView *m_shown = nullptr;
    OperationsDoor *m_operations = nullptr;
    KeyJobBook *m_keyJobs;
    AuditLog *m_audit = nullptr;
    LockChip *m_lock = nullptr; ///< write protection, in the status line
    QPushButton *m_chip = nullptr; ///< running or unfinished operations, in the status line
    QList<RunSnapshotPtr> m_unfinished;
    QPointer<ClosingQuestion> m_closing;
    QPointer<SettingsDialog> m_settingsDialog;
    QList<std::pair<QShortcut *, const char *>> m_shortcuts; ///< with their untranslated titles
    bool m_quitting = false; ///< the program is ending, and running operations may be left open
    QPointer<QMessageBox> m_losing; ///< question whether unsaved changes may be lost
    bool m_losesUnsaved = false; ///< the user agreed to lose unsaved changes
    QList<ConnectionView *> m_connections; ///< in tab order
};

} // namespace slotscope
