// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run.h"
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

/// The frame around the pages: rail, connections, health, status. What it cannot do itself it asks for by signals.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MainWindow)
public:
    /// Both outlive the window. The settings keep geometry, page, theme and the state of the pages.
    MainWindow(Theme &theme, QSettings &settings, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// What changes clusters; outlives the window. Without it nothing can be changed.
    void setOperations(OperationsDoor *operations);
    void setAudit(AuditLog *audit); ///< what is recorded; outlives the window
    /// What earlier starts did not end. The status line tells of those that no open tab is about.
    void setUnfinished(const QList<RunSnapshotPtr> &runs);
    /// The wizard of `view`; null where there is nothing to change: no session, or a read-only one.
    OperationWizard *openWizard(ConnectionView *view, const OperationDraft &draft);
    /// Of nodes that are reached without a password, or with this one. clusterCreated() when it is done.
    OperationWizard *openCreateWizard(const Access &access = {});

    /// A tab for a session, made current. Title, environment and read-only come from its target.
    ConnectionView *openSession(std::unique_ptr<SessionDoor> door);
    /// The same in the place of `failed`, which is closed; with its page, and its title where that is free then.
    ConnectionView *openSessionInstead(ConnectionView *failed, std::unique_ptr<SessionDoor> door);
    /// A tab without a session: the caller feeds it.
    /// What is known of the cluster behind a tab: its name, and what kind of place it is.
    void setMarks(ConnectionView *view, const ConnectionTarget &marked);
    ConnectionView *openConnection(const QString &title, const Environment &environment = {}, bool readOnly = false);
    void closeConnection(int index);
    /// The same, as a user does it: asks first where the servers end with the tab and an operation works on them.
    void askToClose(ConnectionView *view);
    void moveConnection(ConnectionView *view, int to); ///< its tab, to that place
    [[nodiscard]] int connectionCount() const;
    [[nodiscard]] ConnectionView *connection(int index) const;
    [[nodiscard]] ConnectionView *currentConnection() const; ///< null on the start page

    void showConnection(const ConnectionView *view);
    void showStart(); ///< the saved connections, also while others are open: the logo, Ctrl+Shift+T
    void closeView(const ConnectionView *view);
    void fillTabMenu(QMenu *menu, ConnectionView *view);
    void askForName(ConnectionView *view); ///< renameRequested() when one was given

    void showPage(const QString &id);
    [[nodiscard]] QString currentPage() const { return m_page; }
    /// Shows the search field in the top bar; without a palette there is none.
    void setPaletteAvailable(bool available);
    void setThemeMode(int mode); ///< a Theme::Mode
    /// As chosenLanguage() has it. Kept, and spoken at once; where pages would lose something by that, it asks first.
    void setLanguage(const QString &code);
    /// A run on the Operations page, of the connection that it is about where one is open.
    void showRun(const QString &id);
    void showPlace(const slotscope::Place &place); ///< in the connection that is shown
    SettingsDialog *openSettings(); ///< Ctrl+,
    ShortcutSheet *openShortcuts(); ///< Ctrl+?, F1
    void tell(const QString &title, const QString &text); ///< what the user did not ask for
    Q_INVOKABLE void tellBriefly(const QString &text); ///< slotscope::tellBriefly(): in the status line
    [[nodiscard]] QPushButton *runChip() const { return m_chip; }
    [[nodiscard]] LockChip *lockChip() const { return m_lock; }
    [[nodiscard]] HealthPill *healthPill() const { return m_pill; }
    [[nodiscard]] StatusLine *statusLine() const { return m_status; }
    [[nodiscard]] EmptyState *startPage() const { return m_start; }
    /// Shown without a connection, instead of the plain start page. The window takes it.
    void setStartPage(QWidget *page);

Q_SIGNALS:
    void connectRequested(); ///< "+", Ctrl+T, the start page
    void demoRequested(); ///< the start page
    void clusterCreated(const slotscope::ConnectionTarget &target); ///< by openCreateWizard()
    void changeConnectionRequested(slotscope::ConnectionView *view); ///< another try where one failed
    void currentConnectionChanged(slotscope::ConnectionView *view); ///< null: the start page
    void paletteRequested(); ///< Ctrl+K, the search field
    void languageChanged(); ///< what lies over the window is to be made again
    void healthRequested(slotscope::ConnectionView *view); ///< the pill
    void connectionClosed(const QString &title);
    void pageChanged(); ///< of the connection in front
    void renameRequested(slotscope::ConnectionView *view, const QString &name);
    void duplicateRequested(slotscope::ConnectionView *view);
    void reconnectRequested(slotscope::ConnectionView *view);
    void unfinishedChosen(const QString &id); ///< of setUnfinished()

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *makeTopBar();
    void makeLookButton(); ///< themes and languages
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
    void stepConnection(int step); ///< to the next tab, or the one before
    void showAbout();
    /// A title that no other tab has: with the user, the database or a number where another tab has `title`.
    [[nodiscard]] QList<OtherConnection> connectionsBeside(const ConnectionView *view) const;
    [[nodiscard]] QString freeTitle(const QString &title, const ConnectionTarget *target = nullptr) const;
    void connectOperations(ConnectionView *view);
    void closeIdleWizards(const ConnectionView *view);
    void makeChip();
    void updateChip();
    void useChip();
    void tellChip(const QString &text, bool warns, const QString &toolTip);
    [[nodiscard]] QList<RunSnapshotPtr> unfinishedElsewhere() const;
    [[nodiscard]] QStringList jobsOn(const ConnectionView *view) const;
    [[nodiscard]] bool mayClose(); ///< else it asks
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
    QWidget *m_startShown = nullptr; ///< m_start or what stands in its place
    const ConnectionView *m_shown = nullptr; ///< what currentConnectionChanged said last; may be gone: only compared
    OperationsDoor *m_operations = nullptr;
    KeyJobBook *m_keyJobs;
    AuditLog *m_audit = nullptr;
    LockChip *m_lock = nullptr; ///< how writes stand, in the status line
    QPushButton *m_chip = nullptr; ///< what runs, or was left unfinished, in the status line
    QList<RunSnapshotPtr> m_unfinished;
    QPointer<ClosingQuestion> m_closing;
    QPointer<SettingsDialog> m_settingsDialog;
    QList<std::pair<QShortcut *, const char *>> m_shortcuts; ///< with what they do, untranslated
    bool m_quitting = false; ///< what runs may be left open
    QPointer<QMessageBox> m_losing; ///< asks whether unsaved changes may go
    bool m_losesUnsaved = false; ///< they may
    QList<ConnectionView *> m_connections; ///< in the order of the tabs
};

} // namespace slotscope
