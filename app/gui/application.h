// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditlog.h"
#include "core/base/signals.h"
#include "core/net/uri.h"
#include "core/operations/operationsdoor.h"
#include "core/profile/clustermarks.h"
#include "core/profile/importing.h"
#include "core/profile/recentconnections.h"
#include "core/profile/savedconnections.h"
#include "core/profile/secretstore.h"
#include "core/profile/settingsfile.h"
#include "core/session/corethread.h"
#include "ui/operations/ending.h"
#include "ui/shared/theme.h"
#include "ui/shell/mainwindow.h"

#include "core/base/task.h"

#include <QPointer>
#include <QSettings>
#include <QTimer>

class QTemporaryDir;

namespace slotscope {

class CommandPalette;
class ConnectDialog;
class DemoTab;
class HealthPanel;
class StartPage;
class Tour;

/// What the command line said.
struct StartOptions
{
    QList<ConnectionTarget> targets;
    QStringList refusedLinks; ///< why links were not opened that would have a program run here, for people
    bool demo = false;
    QString tourFolder; ///< empty: no tour
    QString language; ///< of languages(); empty: as it was kept
    QString serverPath; ///< of the demo; empty: redis-server
    SettingsStart settings = {}; ///< what came of looking at their file
};

/// What the window speaks first: as the command line said, else as it was kept. A tour speaks the system's: it looks at
/// nobody's settings.
[[nodiscard]] QString languageOf(const StartOptions &options);

/// Puts the parts together: the core thread, the theme, the window, what lies over it, the demo.
class Application final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Application)
public:
    explicit Application(StartOptions options);
    ~Application() override;
    void start();

private:
    void connectWindow();
    void makePartsAgain(); ///< in another language
    void makeStartPage();
    void makeHealthPanel();
    void makePalette();
    /// `savedId`: of the saved connection that it is opened from; empty: from none. `failed`: in whose place the tab
    /// comes; null: after the others.
    ConnectionView *open(const ConnectionTarget &target, const QString &savedId = {}, ConnectionView *failed = nullptr);
    ConnectDialog *openDialog(const ConnectionTarget &target = {}, bool askPassword = false,
                              ConnectionView *failed = nullptr, const QString &savedId = {});
    void useRecent(const RecentConnection &recent);
    void connectStartPage();
    struct WithSecrets
    {
        SavedConnection saved;
        ConnectionTarget target; ///< with what the keychain gave
        std::optional<Error> silent; ///< why the keychain gave nothing
    };
    QCoro::Task<std::optional<WithSecrets>> withSecrets(QString id);
    QCoro::Task<> useSaved(QString id, bool mayAsk = true, int place = -1); ///< `place`: of a tab of last time
    void askForConsent(const SavedConnection &saved);
    QCoro::Task<> editSaved(QString id);
    QCoro::Task<> removeSaved(QString id);
    QCoro::Task<> exportSaved(QString path, QString passphrase);
    QCoro::Task<> keepImported(AddedConnections added);
    QString keep(SavedConnection connection);
    QCoro::Task<> keepSecrets(SavedConnection connection, SecretStore::Secrets secrets, bool wasKept, bool samePlace);
    void tellNotSaved(const QString &what, const Error &reason);
    void tellOfSaved();
    void noteUse(ConnectionView *view);
    /// What changed since `before` is kept in the saved connection of the tab, and for the next start.
    void keepAddressMap(ConnectionView *view, const QHash<QString, Endpoint> &before);
    void updateOpenIds();
    void offerUnfinished();
    void openUnfinished(const QString &id);
    void dismissUnfinished(const QStringList &ids);
    void dismissRunsOfDemo();
    void showWantedRun(ConnectionView *view);
    void openAgain(); ///< the tabs of last time
    void putBack(ConnectionView *view, int place); ///< a tab of last time, with its page, among those that are back
    void keepOpen(); ///< the tabs of now, for next time
    void changeConnection(ConnectionView *view);
    void recognise(ConnectionView *view);
    void rename(ConnectionView *view, const QString &name);
    void endWithSignals();
    void tellNotKept(const Error &reason);
    void startTour();
    void addScenes(Tour &tour);

    StartOptions m_options;
    std::unique_ptr<QTemporaryDir> m_tourSettings; ///< a tour neither reads nor changes the user's settings
    std::unique_ptr<QSettings> m_settings;
    /// Hears of all that is sent, until the core thread has ended.
    struct Recording
    {
        std::shared_ptr<AuditLog> log;
        ~Recording() { setCommandWatch({}); }
    };
    Recording m_audit;
    CoreThread m_coreThread; // before all that talks to it
    Theme m_theme;
    RecentConnections m_recents;
    SavedConnections m_saved;
    SecretStore m_secrets;
    QHash<QObject *, QString> m_savedOf; ///< tab -> id of the saved connection that it was opened from
    QSet<QString> m_asking; ///< ids of which the keychain is asked
    int m_restoring = 0; ///< tabs of last time that wait for the keychain
    QHash<const QObject *, int> m_placeOf; ///< tab of last time -> its place among them
    int m_currentBefore = 0; ///< place of the tab that was in front last time
    QPointer<ConnectionView> m_shownAgain; ///< the tab that came in front at the start
    QStringList m_pagesBefore; ///< of the tabs of last time, by their places
    QSet<QObject *> m_noted; ///< tabs whose use was noted
    ClusterMarks m_marks;
    QHash<QObject *, QSet<QByteArray>> m_recognised; ///< tabs by the nodes that were found there
    OperationsDoor m_operations; ///< runs outlive tabs
    Ending m_ending;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<DemoTab> m_demo; ///< before the window ends, so that it does not watch tabs that go
    HealthPanel *m_health = nullptr;
    CommandPalette *m_palette = nullptr;
    QPointer<StartPage> m_startPage; ///< goes with the window
    QPointer<ConnectDialog> m_dialog;
    QTimer m_offer; ///< many journals are read one after the other
    QString m_wantedRun; ///< to be shown by the connection that is opened for it
    bool m_keeps = false; ///< the open tabs, for the next start
    bool m_toldNotKept = false;
    std::unique_ptr<Signals> m_signals;
};

} // namespace slotscope
