// SPDX-License-Identifier: GPL-3.0-or-later
#include "application.h"

#include "framelog.h"

#include "core/audit/auditsettings.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/profile/profilefile.h"
#include "core/session/connectiontest.h"
#include "core/session/sessiondoor.h"
#include "demotab.h"
#include "paletteentries.h"
#include "touroperations.h"
#include "ui/connect/connectdialog.h"
#include "ui/connect/sshquestion.h"
#include "ui/connect/startpage.h"
#include "core/models/runwords.h"
#include "ui/health/healthpanel.h"
#include "ui/shared/operationmenu.h"
#include "ui/palette/commandpalette.h"
#include "ui/shell/healthpill.h"
#include "ui/shell/tour.h"

#include <QApplication>
#include <QDateTime>
#include <QMessageBox>
#include <QTemporaryDir>

#include <cstdio>
#include <utility>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QSize tourSize(1440, 900);
// settings key for unfinished operations that the start page does not offer any more
constexpr auto dismissedKey = "operations/dismissed";
// time in which a new tab must find the nodes of the operation for which it was opened
constexpr int wantedForMs = 10000;

std::unique_ptr<QTemporaryDir> tourSettingsOf(const StartOptions &options)
{
    return options.tourFolder.isEmpty() ? nullptr : std::make_unique<QTemporaryDir>();
}

std::unique_ptr<QSettings> settingsIn(const QTemporaryDir *folder)
{
    return folder ? std::make_unique<QSettings>(folder->filePath(u"settings.ini"_s), QSettings::IniFormat)
                  : std::make_unique<QSettings>();
}

QString connectionsFileIn(const QTemporaryDir *folder)
{
    return folder ? folder->filePath(u"connections.json"_s) : SavedConnections::defaultPath();
}

/// A tour starts without a history.
QString journalFolderIn(const QTemporaryDir *folder)
{
    return folder ? folder->filePath(u"operations"_s) : QString();
}

/// A tour leaves no data behind.
std::shared_ptr<AuditLog> auditIn(const QTemporaryDir *folder, const QSettings &settings)
{
    AuditLog::Options options = auditOptionsOf(settings);
    options.program = u"slotscope"_s;
    if (folder)
        options.folder = folder->filePath(u"audit"_s);
    auto log = std::make_shared<AuditLog>(options);
    setCommandWatch(log);
    return log;
}

} // namespace

QString languageOf(const StartOptions &options)
{
    if (!options.language.isEmpty() || !options.tourFolder.isEmpty())
        return options.language;
    return settingsIn(nullptr)->value(u"window/language"_s).toString();
}

Application::Application(StartOptions options)
    : m_options(std::move(options))
    , m_tourSettings(tourSettingsOf(m_options))
    , m_settings(settingsIn(m_tourSettings.get()))
    , m_audit{auditIn(m_tourSettings.get(), *m_settings)}
    , m_recents(*m_settings)
    , m_saved(connectionsFileIn(m_tourSettings.get()))
    , m_marks(*m_settings)
    , m_operations(m_coreThread, journalFolderIn(m_tourSettings.get()))
    , m_ending(m_operations)
    , m_window(std::make_unique<MainWindow>(m_theme, *m_settings))
    , m_demo(std::make_unique<DemoTab>(m_coreThread, *m_window, m_options.serverPath))
{
    if (!m_tourSettings)
        m_saved.readFiles(profileFilePaths());
    m_window->setOperations(&m_operations);
    m_window->setAudit(m_audit.log.get());
    askForSshOver(m_window.get(), m_theme);
    connectWindow();
    makeStartPage();
    makeHealthPanel();
    makePalette();
    endWithSignals();
    connect(&m_recents, &RecentConnections::notKept, this, &Application::tellNotKept);
    connect(m_demo.get(), &DemoTab::ready, this, [this] {
        if (!m_options.tourFolder.isEmpty())
            startTour();
    });
    connect(m_demo.get(), &DemoTab::failed, this, [this](const Error &error) {
        std::fprintf(stderr, "slotscope: %s\n", qUtf8Printable(terminalSafe(describe(error), LineBreaks::Keep)));
        if (!m_options.tourFolder.isEmpty())
            QApplication::exit(1);
    });
}

Application::~Application()
{
    dismissRunsOfDemo();
    m_demo.reset();
    m_window.reset();
}

void Application::start()
{
    if (!m_options.tourFolder.isEmpty())
        m_window->resize(tourSize);
    FrameLog::watch(*m_window);
    m_window->show();
    if (const QString damaged = m_options.settings.damaged; !damaged.isEmpty())
        m_window->tell(tr("The settings are damaged"),
                       tr("%1 cannot be read, and could not be moved aside: repair or remove it. Until then the "
                          "default settings are used.")
                           .arg(damaged));
    if (const QString aside = m_options.settings.setAside; !aside.isEmpty())
        m_window->tell(tr("The settings were damaged"),
                       (m_options.settings.fromBackup
                            ? tr("The settings of the last start are used. The damaged file is kept as %1.")
                            : tr("The default settings are used. The damaged file is kept as %1."))
                           .arg(aside));
    for (const QString &why : std::as_const(m_options.refusedLinks))
        m_window->tell(tr("A link was not opened"), why);
    for (const ConnectionTarget &target : std::as_const(m_options.targets)) {
        if (target.way.isDirect())
            open(target);
        else // the target may come from a link, so do not log in without asking
            openDialog(target);
    }
    // starting the demo does not change the list of tabs to restore
    if (!m_options.demo && m_options.tourFolder.isEmpty()) {
        if (m_options.targets.isEmpty())
            openAgain();
        m_keeps = true;
        connect(m_window.get(), &MainWindow::currentConnectionChanged, this, &Application::keepOpen);
        connect(m_window.get(), &MainWindow::connectionClosed, this, &Application::keepOpen);
        keepOpen();
    }
    if (m_options.demo)
        m_demo->start();
    else if (!m_options.tourFolder.isEmpty())
        startTour();
}

/// Connects and, after the first success, records the connection as recent.
ConnectionView *Application::open(const ConnectionTarget &target, const QString &savedId, ConnectionView *failed)
{
    auto door = std::make_unique<SessionDoor>(m_coreThread, target);
    ConnectionView *view =
        failed ? m_window->openSessionInstead(failed, std::move(door)) : m_window->openSession(std::move(door));
    showWantedRun(view);
    if (m_keeps) // the window reported its new tab before the tab had its session
        keepOpen();
    if (m_saved.find(savedId)) {
        m_savedOf.insert(view, savedId);
        updateOpenIds();
    }
    connect(view, &ConnectionView::changed, this, [this, view] {
        recognise(view);
        noteUse(view);
    });
    connect(view, &ConnectionView::addressMapChanged, this, [this, view, before = target.addressMap]() mutable {
        keepAddressMap(view, std::exchange(before, view->target().addressMap));
    });
    connect(view, &QObject::destroyed, this, [this](QObject *gone) {
        m_recognised.remove(gone);
        m_noted.remove(gone);
        m_savedOf.remove(gone);
        m_placeOf.remove(gone);
        updateOpenIds();
    });
    return view;
}

/// `failed`, if not null, is the tab that the new connection replaces.
ConnectDialog *Application::openDialog(const ConnectionTarget &target, bool askPassword, ConnectionView *failed,
                                       const QString &savedId)
{
    if (m_dialog) {
        m_dialog->raise();
        m_dialog->activateWindow();
        return m_dialog;
    }
    m_dialog = new ConnectDialog(
        m_theme, m_recents, [this](const ConnectionTarget &tried) { return testConnection(m_coreThread, tried); },
        m_window.get());
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_dialog->setDoorMaker(
        [this](const ConnectionTarget &tried) { return std::make_unique<SessionDoor>(m_coreThread, tried); });
    if (!target.seeds.isEmpty())
        m_dialog->setTarget(target, askPassword);
    if (failed && failed->door())
        m_dialog->setNotice(describe(failed->door()->error()));
    m_dialog->offerSaving(m_saved.folders(), m_saved.find(savedId));
    const auto about = std::make_shared<QString>(savedId); // id of the saved connection that the dialog edits
    connect(m_dialog, &ConnectDialog::saveRequested, this,
            [this, about](const SavedConnection &saved) { *about = keep(saved); });
    connect(m_dialog, &ConnectDialog::connectRequested, this,
            [this, about, failed = QPointer<ConnectionView>(failed)](const ConnectionTarget &chosen) {
                const SavedConnection *known = m_saved.find(*about);
                if (known && !known->file.isEmpty() && known->keepsSecrets && known->target.isSamePlace(chosen))
                    keepSecrets(*known, SecretStore::Secrets::of(chosen), false, true);
                open(chosen, known && known->target.isSamePlace(chosen) ? *about : QString(), failed);
            });
    connect(m_dialog, &QDialog::rejected, this, [this] { m_wantedRun.clear(); });
    m_dialog->open();
    return m_dialog;
}

void Application::useRecent(const RecentConnection &recent)
{
    if (recent.hadPassword)
        openDialog(recent.target, true);
    else
        open(recent.target);
}

/// Identifies one interruption: an operation that was resumed and interrupted again counts as a new one.
static QString markOf(const RunSnapshot &run)
{
    return u"%1@%2"_s.arg(run.id).arg(run.lastBegunAt());
}

/// Offers operations that an earlier session did not finish, before any connection is open.
void Application::offerUnfinished()
{
    const QStringList dismissed = m_settings->value(dismissedKey).toStringList();
    QList<RunSnapshotPtr> list;
    for (const RunSnapshotPtr &run : m_operations.runs())
        if (isLeftOver(*run) && !dismissed.contains(markOf(*run)))
            list.append(run);
    m_startPage->setUnfinished(list);
    m_window->setUnfinished(list);
}

/// Hides the operations here; the Operations page still lists them.
void Application::dismissUnfinished(const QStringList &ids)
{
    QStringList dismissed = m_settings->value(dismissedKey).toStringList();
    dismissed.removeIf([this](const QString &mark) { return !m_operations.run(mark.section(u'@', 0, 0)); });
    for (const QString &id : ids)
        if (const RunSnapshotPtr run = m_operations.run(id))
            dismissed.append(markOf(*run));
    m_settings->setValue(dismissedKey, dismissed);
    m_offer.start();
}

/// The demo's servers end, so its unfinished operations are dismissed.
void Application::dismissRunsOfDemo()
{
    QStringList ids;
    if (m_demo->servers().isEmpty())
        return;
    for (const RunSnapshotPtr &run : m_operations.runs()) {
        const QStringList addresses = addressesOf(*run->plan);
        const bool isThere = std::any_of(m_demo->servers().begin(), m_demo->servers().end(),
                                         [&](const Endpoint &server) { return addresses.contains(server.toString()); });
        if (isThere && run->state != RunState::Done)
            ids.append(run->id);
    }
    if (!ids.isEmpty())
        dismissUnfinished(ids);
}

/// Addresses from which the operation's nodes can be reached: for create all its nodes, else a few are enough.
static QList<Endpoint> seedsOf(const OperationPlan &plan)
{
    constexpr int enough = 8;
    QList<Endpoint> seeds;
    for (const QString &address : addressesOf(plan))
        if (const auto endpoint = Endpoint::parse(address);
            endpoint && (plan.operation == Operation::Create || seeds.size() < enough))
            seeds.append(*endpoint);
    return seeds;
}

/// Opens the connection that was used before if it leads to a node of the operation; otherwise asks the user how to
/// connect.
void Application::openUnfinished(const QString &id)
{
    const RunSnapshotPtr run = m_operations.run(id);
    if (!run)
        return;
    ConnectionTarget target;
    target.seeds = seedsOf(*run->plan);
    std::optional<RecentConnection> used;
    for (const RecentConnection &recent : m_recents.list()) {
        const bool leadsThere = std::any_of(recent.target.seeds.begin(), recent.target.seeds.end(),
                                            [&target](const Endpoint &seed) { return target.seeds.contains(seed); });
        if (leadsThere && (!used || (used->target.readOnly && !recent.target.readOnly)))
            used = recent;
    }
    m_wantedRun = id;
    for (const SavedConnection &saved : m_saved.list())
        if (std::any_of(saved.target.seeds.begin(), saved.target.seeds.end(),
                        [&target](const Endpoint &seed) { return target.seeds.contains(seed); })) {
            useSaved(QString(saved.id));
            return;
        }
    if (used)
        useRecent(*used);
    else
        openDialog(target)->setNotice(
            tr("To resume “%1” or to roll it back, connect to its nodes.").arg(run->plan->title), false);
}

/// Shows the operation when the new tab has found its nodes and is still the current tab.
void Application::showWantedRun(ConnectionView *view)
{
    const RunSnapshotPtr run = m_operations.run(std::exchange(m_wantedRun, {}));
    if (!run)
        return;
    auto *once = new QObject(view);
    QTimer::singleShot(wantedForMs, once, [this, view, once, run] {
        once->deleteLater();
        if (view->state() != SessionState::Ready || m_window->currentConnection() != view)
            return;
        auto *told = new QMessageBox(QMessageBox::Information, tr("A different cluster"),
                                     tr("None of the nodes found here belongs to “%1”.").arg(run->plan->title),
                                     QMessageBox::Close, m_window.get());
        told->setTextFormat(Qt::PlainText);
        told->setAttribute(Qt::WA_DeleteOnClose);
        told->setInformativeText(tr("Its nodes were at %1.").arg(addressesOf(*run->plan).mid(0, 8).join(u", "_s)));
        told->open();
    });
    connect(view, &ConnectionView::changed, once, [this, view, once, run] {
        if (!view->view() || !touchesNodesOf(*run, *view->view()) || m_window->currentConnection() != view)
            return;
        view->disconnect(once);
        once->deleteLater();
        m_window->showRun(run->id);
    });
}

void Application::changeConnection(ConnectionView *view)
{
    if (m_demo->owns(view)) {
        m_demo->startAgain();
        return;
    }
    if (!view->door())
        return;
    const Error::Code code = view->door()->error().code;
    const bool password = code == Error::Code::AuthRequired || code == Error::Code::WrongPassword;
    openDialog(view->target(), password, view, m_savedOf.value(view));
}

void Application::startTour()
{
    auto *tour = new Tour(*m_window, m_theme, m_options.tourFolder, this);
    addScenes(*tour);
    if (m_options.demo) { // without the demo, the tour only views the given cluster and changes nothing
        auto *operations = new TourOperations(m_operations, *m_window, tour);
        connect(tour, &Tour::pageShown, operations, [operations](const QString &id) {
            if (id == u"operations")
                operations->begin();
            else if (id == u"slots")
                operations->makeHistory();
        });
        connect(tour, &Tour::pageLeft, operations, [operations](const QString &id) {
            if (id == u"operations")
                operations->end();
        });
    }
    connect(tour, &Tour::finished, this, [](bool complete, const QStringList &report) {
        for (const QString &line : report)
            std::printf("%s\n", qUtf8Printable(terminalSafe(line, LineBreaks::Quote)));
        QApplication::exit(complete ? 0 : 1);
    });
    tour->start();
}

void Application::addScenes(Tour &tour)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const QString &uri : {u"redis://10.0.4.7:6379?name=staging&readonly=1"_s,
                               u"redis://ops:x@10.0.1.11:6379,10.0.2.11:6379?name=shop"_s}) {
        if (const auto example = ConnectionTarget::parse(uri))
            m_recents.add(*example, now); // into the tour's own settings
    }
    tour.addScene({u"connect"_s,
                   [this]() -> QWidget * {
                       const ConnectionView *view = m_window->currentConnection();
                       ConnectDialog *dialog =
                           openDialog(view && view->door() ? view->door()->target() : ConnectionTarget());
                       dialog->test();
                       return dialog;
                   },
                   [this] {
                       if (m_dialog)
                           m_dialog->reject();
                   }});
    tour.addScene({u"health"_s,
                   [this]() -> QWidget * {
                       m_health->openOver();
                       return m_window.get();
                   },
                   [this] { m_health->closeOver(); }});
    tour.addScene({u"palette"_s,
                   [this]() -> QWidget * {
                       m_palette->openOver();
                       m_palette->setText(u"re"_s);
                       return m_window.get();
                   },
                   [this] { m_palette->closeOver(); }});
}

} // namespace slotscope
