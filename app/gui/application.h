// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditlog.h"
#include "core/base/signals.h"
#include "core/net/uri.h"
#include "core/operations/run/operationsdoor.h"
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

/// Values from the command line.
struct StartOptions
{
    QList<ConnectionTarget> targets;
    QStringList refusedLinks; ///< error texts of links that were refused because they would run a program
    bool demo = false;
    QString tourFolder; ///< empty: no tour
    QString language; ///< one of languages(); empty: the saved language
    QString serverPath; ///< server program of the demo; empty: redis-server
    SettingsStart settings = {}; ///< result of reading the settings file
};

/// Language of the window: from the command line, else the saved one. A tour uses the system's language and no saved
/// settings.
[[nodiscard]] QString languageOf(const StartOptions &options);

/// Creates and connects the parts: the core thread, the theme, the window, its overlays, the demo.
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
    void makePartsAgain(); ///< rebuilds the translated parts in another language
    void makeStartPage();
    void makeHealthPanel();
    void makePalette();
    /// `savedId`: id of the saved connection that is opened; empty: none. `failed`: tab that the new one replaces;
    /// null: the new tab is added at the end.
    ConnectionView *open(const ConnectionTarget &target, const QString &savedId = {}, ConnectionView *failed = nullptr);
    ConnectDialog *openDialog(const ConnectionTarget &target = {}, bool askPassword = false,
                              ConnectionView *failed = nullptr, const QString &savedId = {});
    void useRecent(const RecentConnection &recent);
    void connectStartPage();
    struct WithSecrets
    {
        SavedConnection saved;
        ConnectionTarget target; ///< target with the secrets from the keychain
        std::optional<Error> silent; ///< why the keychain returned nothing
    };
    QCoro::Task<std::optional<WithSecrets>> withSecrets(QString id);
    /// `place`: position of a restored tab; -1: not restored
    QCoro::Task<> useSaved(QString id, bool mayAsk = true, int place = -1);
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
    /// Saves changes since `before` in the saved connection of the tab, and for the next start.
    void keepAddressMap(ConnectionView *view, const QHash<QString, Endpoint> &before);
    void updateOpenIds();
    void offerUnfinished();
    void openUnfinished(const QString &id);
    void dismissUnfinished(const QStringList &ids);
    void dismissRunsOfDemo();
    void showWantedRun(ConnectionView *view);
    void openAgain(); ///< restores the tabs of the last session
    /// inserts a restored tab, with its page, among those already restored
    void putBack(ConnectionView *view, int place);
    void keepOpen(); ///< saves the open tabs for the next start
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
    /// Records all sent commands until the core thread has ended.
    struct Recording
    {
        std::shared_ptr<AuditLog> log;
        ~Recording() { setCommandWatch({}); }
    };
    Recording m_audit;
    CoreThread m_coreThread; // declared before everything that uses it
    Theme m_theme;
    RecentConnections m_recents;
    SavedConnections m_saved;
    SecretStore m_secrets;
    QHash<QObject *, QString> m_savedOf; ///< ids of the saved connections from which tabs were opened, by tab
    QSet<QString> m_asking; ///< ids of connections whose secrets are being read from the keychain
    int m_restoring = 0; ///< number of restored tabs that wait for the keychain
    QHash<const QObject *, int> m_placeOf; ///< positions of restored tabs
    int m_currentBefore = 0; ///< position of the tab that was in front in the last session
    QPointer<ConnectionView> m_shownAgain; ///< the tab that was brought to front at the start
    QStringList m_pagesBefore; ///< pages of the restored tabs, by position
    QSet<QObject *> m_noted; ///< tabs whose use was recorded
    ClusterMarks m_marks;
    QHash<QObject *, QSet<QByteArray>> m_recognised; ///< ids of the nodes found in each tab
    OperationsDoor m_operations; ///< operations outlive tabs
    Ending m_ending;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<DemoTab> m_demo; ///< destroyed before the window, so that it does not react to closing tabs
    HealthPanel *m_health = nullptr;
    CommandPalette *m_palette = nullptr;
    QPointer<StartPage> m_startPage; ///< destroyed with the window
    QPointer<ConnectDialog> m_dialog;
    QTimer m_offer; ///< reads many journals one after the other
    QString m_wantedRun; ///< id of the operation that the connection opened for it shall show
    bool m_keeps = false; ///< whether open tabs are saved for the next start
    bool m_toldNotKept = false;
    std::unique_ptr<Signals> m_signals;
};

} // namespace slotscope
