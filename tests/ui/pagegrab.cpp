// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the window with a made-up cluster and writes PNGs: pagegrab DIR [WIDTHxHEIGHT]. Exit code 1 where a page stayed
// empty.
#include "core/base/translations.h"
#include "tests/support/samplerun.h"
#include "tests/support/sampleview.h"
#include "ui/connect/connectdialog.h"
#include "ui/connect/startpage.h"
#include "ui/health/healthpanel.h"
#include "ui/operations/operationspage.h"
#include "ui/operations/resumequestion.h"
#include "ui/operations/runview.h"
#include "ui/shared/slotsunderway.h"
#include "ui/palette/commandpalette.h"
#include "ui/shared/page.h"
#include "ui/shared/theme.h"
#include "ui/shell/healthpill.h"
#include "ui/shell/mainwindow.h"
#include "ui/slots/slotheatfeed.h"
#include "ui/slots/slotmap.h"
#include "ui/slots/slotspage.h"
#include "ui/topology/topologypage.h"

#include <QApplication>
#include <QDateTime>
#include <QDir>
#include <QJsonArray>
#include <QJsonObject>
#include <QLineEdit>
#include <QMouseEvent>
#include <QSettings>
#include <QTemporaryDir>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

class Grabber
{
    Q_DISABLE_COPY_MOVE(Grabber)
public:
    Grabber(MainWindow &window, QDir directory) : m_window(window), m_directory(std::move(directory)) { }

    bool grab(const QString &name)
    {
        for (int i = 0; i < 3; ++i)
            QApplication::processEvents();
        return m_window.grab().save(m_directory.filePath(name + u".png"_s));
    }

    bool topology(ConnectionView &view, const QString &name)
    {
        m_window.showPage(u"topology"_s);
        auto *page = qobject_cast<TopologyPage *>(view.page(u"topology"_s));
        bool ok = page->isFilled();
        page->setForm(1);
        ok = grab(name + u"-hosts"_s) && ok;
        page->setForm(2);
        ok = grab(name + u"-table"_s) && ok;
        page->setForm(0);
        ok = grab(name + u"-shards"_s) && ok;
        page->showNode(view.view()->nodes.at(std::min<size_t>(3, view.view()->nodes.size() - 1)).id);
        ok = grab(name + u"-detail"_s) && ok;
        page->closeDetail();
        return ok;
    }

    bool slotMap(ConnectionView &view, const QString &name)
    {
        m_window.showPage(u"slots"_s);
        auto *page = qobject_cast<SlotsPage *>(view.page(u"slots"_s));
        page->setKeyCounts(samples::keyCounts(*view.view()));
        bool ok = page->isFilled() && grab(name);
        page->map()->select(SlotSelection::rectangle(11136, 12031));
        page->keyField()->setText(u"user:{4711}:cart"_s);
        ok = grab(name + u"-selected"_s) && ok;
        page->keyField()->clear();
        page->map()->clearSelection();
        page->setColouring(1);
        ok = grab(name + u"-keys"_s) && ok;
        page->setColouring(int(SlotColouring::Cpu));
        for (const int reading : {0, 1})
            page->heat()->take(samples::slotUse(*view.view(), reading));
        ok = grab(name + u"-cpu"_s) && ok;
        page->setColouring(0);
        return ok;
    }

    /// Saves screenshots of the operations page: without and with a history, and with runs in various states.
    bool operations(ConnectionView &view, const QString &name)
    {
        m_window.showPage(u"operations"_s);
        auto *page = qobject_cast<OperationsPage *>(view.page(u"operations"_s));
        bool ok = page->isFilled() && grab(name + u"-empty"_s);
        QList<RunSnapshotPtr> runs = samples::runs(*view.view());
        runs.append(std::make_shared<const RunSnapshot>(samples::longRun(*view.view())));
        for (const RunSnapshotPtr &run : std::as_const(runs))
            page->takeRun(run);
        page->showNew();
        ok = grab(name + u"-new"_s) && ok;
        for (const int shown : {0, 1, 3, 4, int(runs.size()) - 1}) {
            page->showRun(runs.at(shown)->id);
            ok = grab(name + u"-run-%1"_s.arg(shown)) && ok;
        }
        return ok;
    }

    /// Saves screenshots of the question before a run is resumed.
    bool resuming(ConnectionView &view, const Theme &theme, const QString &name)
    {
        const Environment production{.kind = Environment::Kind::Production, .tag = u"PRODUCTION"_s};
        const RunSnapshot interrupted = samples::reshardRun(*view.view(), RunState::Interrupted, 50);
        const RunSnapshot failed = samples::reshardRun(*view.view(), RunState::Failed, 2);
        const auto ask = [this](const QString &file, const RunSnapshot &run, BusyKeyPolicy busyKeys,
                                const Environment &environment) {
            ResumeQuestion question(run, {.busyKeys = busyKeys}, u"shop"_s, environment, &m_window);
            question.open();
            QApplication::processEvents();
            return question.grab().save(m_directory.filePath(file + u".png"_s));
        };
        RunSnapshot create = interrupted;
        OperationPlan plan = *interrupted.plan;
        plan.operation = Operation::Create;
        plan.title = u"Create a cluster of 3 primaries and 3 replicas"_s;
        for (int i = 1; i <= 6; ++i)
            plan.results.layout.append(
                {.id = {}, .address = u"10.0.0.%1:6379"_s.arg(i), .primary = true, .replicaOf = {}, .slots = {}});
        create.plan = std::make_shared<const OperationPlan>(plan);
        ResumeQuestion emptying(create, {.rollBack = true}, u"shop"_s, production, &m_window);
        emptying.open();
        QApplication::processEvents();
        const bool grabbed = emptying.grab().save(m_directory.filePath(name + u"-emptying.png"_s));
        emptying.close();
        RunSnapshot back = samples::reshardRun(*view.view(), RunState::Stopped, 50);
        back.rolledBack = true;
        RunView taken(theme);
        taken.setView(view.view());
        taken.setRun(std::make_shared<const RunSnapshot>(back), {.ours = true, .notHere = {}});
        taken.resize(900, 640);
        taken.show();
        QApplication::processEvents();
        return taken.grab().save(m_directory.filePath(name + u"-taken-back.png"_s)) && grabbed
            && ask(name, interrupted, BusyKeyPolicy::Stop, {})
            && ask(name + u"-production"_s, failed, BusyKeyPolicy::Stop, production)
            && ask(name + u"-value"_s, failed, BusyKeyPolicy::KeepTarget, production)
            && ask(name + u"-long"_s, samples::longRun(*view.view()), BusyKeyPolicy::Stop, {});
    }

    /// Saves screenshots of slots that are being moved by a run of this program, which is not shown as a problem.
    bool underWay(ConnectionView &view, const Theme &theme, const QString &name)
    {
        auto cluster = std::make_shared<ClusterView>(*samples::healthy());
        const int source = cluster->shards.at(0).primary, target = cluster->shards.at(1).primary;
        NodeState &from = cluster->nodes.at(size_t(source)), &to = cluster->nodes.at(size_t(target));
        Finding open;
        open.kind = Finding::Kind::OpenSlots;
        open.nodes = {from.id, to.id};
        open.slots = {{430, 461}};
        for (const quint16 slot : open.slots.toList()) {
            from.openSlots.append({.slot = slot, .migrating = true, .peer = to.id});
            cluster->openSlots.insert(slot, {source, target});
        }
        cluster->findings = {open};
        const auto run = std::make_shared<const RunSnapshot>(samples::reshardRun(*cluster, RunState::Running));
        view.setView(withRuns(ClusterViewPtr(cluster), QList<RunSnapshotPtr>{run}));
        m_window.showPage(u"slots"_s);
        qobject_cast<SlotsPage *>(view.page(u"slots"_s))->showRun(run);
        HealthPanel panel(theme, m_window.healthPill(), &m_window);
        panel.setConnection(&view);
        bool ok = grab(name + u"-slots"_s);
        panel.openOver();
        ok = grab(name + u"-health"_s) && ok;
        panel.closeOver();
        m_window.showPage(u"topology"_s);
        view.page(u"topology"_s)->showPlace({.node = from.id});
        return grab(name + u"-node"_s) && ok;
    }

    bool cannotConnect(ConnectionView &view)
    {
        view.setState(SessionState::Connecting,
                      {.code = Error::Code::HostNotFound,
                       .detail = u"Host not found"_s,
                       .serverPrefix = {},
                       .node = u"nosuch.invalid:6379"_s,
                       .command = {}});
        const bool ok = grab(u"cannot-connect"_s);
        view.setState(SessionState::Connecting, {});
        return ok;
    }

    /// Saves screenshots of a primary that all nodes report as failed, and of one that only this program cannot reach.
    bool failedPrimary(ConnectionView &view)
    {
        auto cluster = std::make_shared<ClusterView>(*view.view());
        cluster->nodes.at(size_t(cluster->shards.at(1).primary)).condition = NodeCondition::Failed;
        NodeState &unreachable = cluster->nodes.at(size_t(cluster->shards.at(2).primary));
        unreachable.condition = NodeCondition::Unreachable;
        unreachable.reach.state = Reach::State::Waiting;
        view.setView(cluster);
        m_window.showPage(u"topology"_s);
        const bool ok = grab(u"failed-shards"_s);
        m_window.showPage(u"slots"_s);
        return grab(u"failed-slots"_s) && ok;
    }

    /// Saves screenshots of what covers the pages: panel, palette and dialogs.
    bool overlays(ConnectionView &view, const Theme &theme, RecentConnections &recents, const QString &name)
    {
        HealthPanel panel(theme, m_window.healthPill(), &m_window);
        panel.setConnection(&view);
        panel.openOver();
        bool ok = grab(name + u"-health"_s);
        panel.closeOver();
        CommandPalette palette(theme, &m_window);
        palette.setSource([&view] {
            QList<PaletteEntry> entries;
            for (const NodeState &node : view.view()->nodes)
                entries.append({.icon = u"topology"_s,
                                .title = node.name,
                                .subtitle = u"a node with quite some facts about it"_s,
                                .trailing = QString::fromLatin1(node.id.left(8)),
                                .keywords = {},
                                .weight = 0,
                                .act = {}});
            return entries;
        });
        palette.openOver();
        palette.setText(u"63"_s);
        ok = grab(name + u"-palette"_s) && ok;
        palette.closeOver();
        ConnectDialog dialog(
            theme, recents, [](const ConnectionTarget &) { return QtFuture::makeReadyFuture(report()); }, &m_window);
        dialog.setTarget(
            ConnectionTarget::parse(u"redis://ops@10.0.0.1:6379,10.0.0.2:6379?map=172.17.0.2:6379%3Dlocalhost:7001"_s)
                .value());
        dialog.setNotice(
            u"10.0.0.1:6379: The user name or password is wrong (WRONGPASS invalid username-password pair or user is disabled.)"_s);
        dialog.show();
        QApplication::processEvents();
        ok = dialog.grab().save(m_directory.filePath(name + u"-connect.png"_s)) && ok;
        dialog.setNotice(u"To resume “Create a cluster of 3 primaries” or to roll it back, connect to its nodes."_s,
                         false);
        QApplication::processEvents();
        ok = dialog.grab().save(m_directory.filePath(name + u"-connect-for-a-run.png"_s)) && ok;
        dialog.setNotice({});
        dialog.test();
        for (int i = 0; i < 5; ++i)
            QApplication::processEvents();
        return dialog.grab().save(m_directory.filePath(name + u"-tested.png"_s)) && ok;
    }

    static ConnectionReport report()
    {
        ConnectionReport report;
        report.seeds.append({.endpoint = {.host = u"10.0.0.1"_s, .port = 6379, .socketPath = {}},
                             .outcome = u"Redis 7.0.15, cluster of 6 nodes, 3 primaries with slots"_s});
        for (const auto code : {Error::Code::HostNotFound, Error::Code::AuthRequired, Error::Code::NotRedis}) {
            const Endpoint endpoint{
                .host = u"a-very-long-host-name.of-a-data-centre.somewhere.example"_s, .port = 6379, .socketPath = {}};
            report.seeds.append({.endpoint = endpoint,
                                 .outcome = failure(Error{.code = code,
                                                          .detail = u"the system's own words"_s,
                                                          .serverPrefix = {},
                                                          .node = endpoint.toString(),
                                                          .command = {}})});
        }
        report.usable = true;
        report.warning = u"10.0.0.1:6379 reports that the cluster is down: 16,320 of 16,384 slots are covered."_s;
        return report;
    }

private:
    MainWindow &m_window;
    QDir m_directory;
};

} // namespace

static void saveExamples(SavedConnections &saved)
{
    struct Example
    {
        QString uri, folder, kind, server, colour;
        QStringList tags;
    };
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (
        const Example &example : std::initializer_list<Example>{
            {u"rediss://ops@10.0.1.11:6379,10.0.2.12:6379,10.0.3.13:6379?name=shop&env=production&cacert=/ca.pem&readonly=1"_s,
             u"Web shop"_s,
             u"Cluster, 3 + 3"_s,
             u"Valkey 9.1.2"_s,
             u"#ec6b73"_s,
             {u"eu"_s, u"pci"_s}},
            {u"rediss://10.4.0.11:6379,10.4.0.12:6379?name=shop-staging&env=staging"_s,
             u"Web shop"_s,
             u"Cluster, 3 + 3"_s,
             u"Redis 8.0.2"_s,
             u"#e3ad45"_s,
             {u"eu"_s}},
            {u"redis://127.0.0.1:7000?name=shop-dev&env=development"_s,
             u"Web shop"_s,
             u"Cluster, 3 + 0"_s,
             u"Redis 7.0.15"_s,
             u"#42b98d"_s,
             {}},
            {u"rediss://10.1.4.20:6379?name=warehouse-archive&env=production&readonly=1"_s,
             u"Warehouse"_s,
             u"Standalone"_s,
             u"Redis 7.0.15"_s,
             u"#ec6b73"_s,
             {u"read-only"_s}},
            {u"redis://a-very-long-host-name.with-a-long-domain.example.internal:6379?name=a connection whose name is longer than its column"_s,
             u"Warehouse"_s,
             {},
             {},
             {},
             {u"night"_s, u"batch"_s, u"slow"_s}},
            {u"unix:///run/redis/metrics.sock?name=metrics-buffer"_s,
             {},
             u"Standalone"_s,
             u"Redis 7.0.15"_s,
             {},
             {}}}) {
        SavedConnection connection;
        connection.target = ConnectionTarget::parse(example.uri).value();
        connection.folder = example.folder;
        connection.kind = example.kind;
        connection.server = example.server;
        connection.colour = example.colour;
        connection.tags = example.tags;
        connection.notes = u"Carts, sessions, and stock of the web shop."_s;
        connection.used = example.kind.isEmpty() ? 0 : 214;
        connection.usedAt = example.kind.isEmpty() ? 0 : now - 3'000'000;
        if (!saved.put(connection))
            qWarning("an example could not be saved");
    }
}

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    setLanguage();
    const QStringList arguments = QApplication::arguments();
    QDir directory(arguments.value(1, QDir::tempPath() + u"/slotscope-pages"_s));
    directory.mkpath(u"."_s);
    QTemporaryDir settingsFolder;
    QSettings settings(settingsFolder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    Theme theme(Theme::Mode::Dark);
    RecentConnections recents(settings);
    for (const QString &uri : {u"redis://10.0.4.7:6379?name=staging&readonly=1"_s,
                               u"redis://ops:x@10.0.1.11:6379,10.0.2.11:6379,10.0.3.11:6379?name=shop"_s})
        recents.add(ConnectionTarget::parse(uri).value(), QDateTime::currentMSecsSinceEpoch() - 3'000'000);
    MainWindow window(theme, settings);
    const QStringList size = arguments.value(2, u"1440x900"_s).split(u'x');
    SavedConnections saved(settingsFolder.filePath(u"connections.json"_s));
    auto *start = new StartPage(theme, recents, saved);
    window.setStartPage(start);
    window.setPaletteAvailable(true);
    window.resize(size.value(0).toInt(), size.value(1).toInt());
    window.show();
    Grabber grabber(window, directory);
    bool ok = grabber.grab(u"start"_s);
    QList<RunSnapshotPtr> left;
    for (const RunState state : {RunState::Interrupted, RunState::Failed})
        left.append(std::make_shared<const RunSnapshot>(samples::reshardRun(*samples::healthy(), state, 12)));
    left.append(std::make_shared<const RunSnapshot>(samples::longRun(*samples::healthy())));
    left.append(left.front()); // one more than the page shows at once
    start->setUnfinished(left);
    for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
        theme.setMode(mode);
        ok = grabber.grab(mode == Theme::Mode::Dark ? u"dark-start-unfinished"_s : u"light-start-unfinished"_s) && ok;
    }
    saveExamples(saved);
    for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
        theme.setMode(mode);
        ok = grabber.grab(mode == Theme::Mode::Dark ? u"dark-connections"_s : u"light-connections"_s) && ok;
    }
    start->setUnfinished({});
    ConnectionView *shop =
        window.openConnection(u"shop"_s, {.kind = Environment::Kind::Production, .tag = u"PRODUCTION"_s}, true);
    ConnectionView *demo = window.openConnection(u"demo"_s, {.kind = Environment::Kind::Development, .tag = u"DEV"_s});
    ok = grabber.grab(u"connecting"_s) && ok;
    ok = grabber.cannotConnect(*demo) && ok;
    for (int tick = 0; tick < 60; ++tick)
        demo->setView(samples::healthy(tick));
    ok = grabber.topology(*demo, u"healthy"_s) && ok;
    window.closeConnection(1);
    demo = window.openConnection(u"demo"_s, {.kind = Environment::Kind::Development, .tag = u"DEV"_s});
    demo->setView(samples::longNames());
    ok = grabber.topology(*demo, u"long"_s) && grabber.slotMap(*demo, u"long-slots"_s) && ok;
    window.closeConnection(1);
    for (int tick = 0; tick < 60; ++tick)
        shop->setView(samples::degraded(tick));
    for (const auto mode : {Theme::Mode::Dark, Theme::Mode::Light}) {
        theme.setMode(mode);
        const QString name = mode == Theme::Mode::Dark ? u"dark"_s : u"light"_s;
        ok = grabber.overlays(*shop, theme, recents, name) && grabber.topology(*shop, name)
            && grabber.slotMap(*shop, name + u"-slots"_s) && ok;
        ConnectionView *plain = window.openConnection(u"shop"_s);
        plain->setView(samples::degraded());
        window.setUnfinished({std::make_shared<const RunSnapshot>(
            samples::reshardRun(*samples::foreignView(), RunState::Interrupted, 12))});
        ok = grabber.grab(name + u"-left-elsewhere"_s) && ok;
        window.setUnfinished({});
        ok = grabber.operations(*plain, name + u"-operations"_s) && ok;
        ok = grabber.resuming(*plain, theme, name + u"-resume"_s) && ok;
        ok = grabber.underWay(*plain, theme, name + u"-moving"_s) && ok;
        window.closeView(plain);
    }
    window.showPage(u"operations"_s);
    ok = grabber.grab(u"operations-read-only"_s) && ok;
    ok = grabber.failedPrimary(*shop) && ok;
    shop->setState(SessionState::Lost,
                   {.code = Error::Code::ConnectionLost,
                    .detail = u"the server closed the connection"_s,
                    .serverPrefix = {},
                    .node = u"10.0.1.11:6379"_s,
                    .command = {}});
    ok = grabber.grab(u"lost"_s) && ok;
    for (const int shards : {3, 12, 50}) {
        ConnectionView *some = window.openConnection(u"%1 shards"_s.arg(shards));
        for (int tick = 0; tick < 60; ++tick)
            some->setView(samples::ofShards(shards, shards == 3 ? 2 : 1, tick));
        window.showPage(u"topology"_s);
        for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            theme.setMode(mode);
            ok = grabber.grab(u"shards-%1-%2"_s.arg(shards).arg(mode == Theme::Mode::Dark ? u"dark"_s : u"light"_s))
                && ok;
        }
    }
    ConnectionView *many = window.openConnection(u"a thousand nodes"_s);
    many->setView(samples::thousandNodes());
    ok = grabber.topology(*many, u"many"_s) && grabber.slotMap(*many, u"many-slots"_s) && ok;
    return ok ? 0 : 1;
}
