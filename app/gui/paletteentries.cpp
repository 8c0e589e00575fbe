// SPDX-License-Identifier: GPL-3.0-or-later
#include "paletteentries.h"

#include "core/base/translations.h"
#include "core/cluster/viewjson.h"
#include "core/models/nodewords.h"
#include "core/models/operationwords.h"
#include "ui/connect/connectfields.h"
#include "ui/shared/exporting.h"
#include "ui/shared/page.h"
#include "ui/shared/theme.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/pages.h"
#include "ui/shared/slotimage.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonDocument>
#include <QPointer>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int exportedSide = 1024; // in pixels
constexpr int nodeWeight = -2; // ranks nodes below pages and commands that match equally well
constexpr int recentWeight = -4;
constexpr int quitWeight = -60; // ranks Quit below every other match, so that Enter does not quit by mistake

struct EntryWords
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::PaletteEntries)
};

PaletteEntry command(const QString &icon, const QString &title, const QString &subtitle, const QString &keys,
                     std::function<void()> act, const QString &keywords = {})
{
    return {.icon = icon,
            .title = title,
            .subtitle = subtitle,
            .trailing = keys,
            .keywords = keywords,
            .weight = 0,
            .act = std::move(act)};
}

QString fileName(const ConnectionView &view, const QString &what)
{
    QString name = view.title() + u'-' + what;
    for (QChar &c : name) {
        if (!c.isLetterOrNumber() && c != u'-' && c != u'.')
            c = u'_';
    }
    return name;
}

void exportCluster(MainWindow &window)
{
    const ConnectionView *view = window.currentConnection();
    if (view && view->view())
        saveBytes(&window, fileName(*view, u"cluster"_s), u"json"_s, QJsonDocument(toJson(*view->view())).toJson());
}

void exportSlotMap(MainWindow &window, const Theme &theme)
{
    const ConnectionView *view = window.currentConnection();
    if (!view || !view->view())
        return;
    SlotImageRequest request;
    request.view = view->view().get();
    request.tokens = &theme.tokens();
    request.side = exportedSide;
    saveImage(&window, fileName(*view, u"slots"_s), renderSlots(request));
}

void addPages(QList<PaletteEntry> &entries, MainWindow &window)
{
    if (!window.currentConnection())
        return;
    int number = 0;
    for (const PageInfo &info : pageInfos()) {
        ++number;
        entries.append(command(info.icon, info.title, EntryWords::tr("Page"),
                               number < 10 ? u"Ctrl+%1"_s.arg(number) : QString(),
                               [&window, id = info.id] { window.showPage(id); }));
    }
}

void addClusterCommands(QList<PaletteEntry> &entries, MainWindow &window, const Theme &theme,
                        const PaletteActions &actions)
{
    ConnectionView *view = window.currentConnection();
    if (!view)
        return;
    entries.append(command(u"health"_s, EntryWords::tr("Health"),
                           EntryWords::tr("Problems of the cluster and how to fix them"), {}, actions.showHealth,
                           EntryWords::tr("findings problems")));
    entries.append(command(
        u"addresses"_s, EntryWords::tr("Addresses of the nodes"),
        EntryWords::tr("Where each node is reached from here, and the address map"), {},
        [view = QPointer<ConnectionView>(view)] {
            if (view)
                view->showAddresses();
        },
        EntryWords::tr("nat map announced host port")));
    entries.append(command(u"refresh"_s, EntryWords::tr("Refresh"),
                           EntryWords::tr("Read everything again from every node"), u"F5"_s,
                           [view = QPointer<ConnectionView>(view)] {
                               if (view)
                                   view->refresh();
                           }));
    if (view->view()) {
        entries.append(command(
            u"export"_s, EntryWords::tr("Export the cluster as JSON…"),
            EntryWords::tr("Nodes, shards, slots and findings"), {}, [&window] { exportCluster(window); },
            EntryWords::tr("save")));
        if (view->view()->cluster)
            entries.append(command(
                u"export"_s, EntryWords::tr("Export the slot map as PNG…"),
                EntryWords::tr("16,384 slots, coloured by owner"), {},
                [&window, &theme] { exportSlotMap(window, theme); }, EntryWords::tr("save picture image")));
    }
    entries.append(command(u"close"_s, EntryWords::tr("Close connection"), view->title(), u"Ctrl+W"_s,
                           [&window, view = QPointer<ConnectionView>(view)] { window.askToClose(view); }));
}

void addOperations(QList<PaletteEntry> &entries, MainWindow &window)
{
    ConnectionView *view = window.currentConnection();
    for (const OperationInfo &info : operationInfos()) {
        if (info.operation == Operation::Create && (!view || !view->view())) // needs no connection
            entries.append(command(
                u"operations"_s, info.title + u'…', info.line, {}, [&window] { window.openCreateWizard({}); },
                info.keywords + u" operation "_s + operationName(info.operation)));
        if (!view || !view->view())
            continue;
        if (info.clusterOnly && !view->view()->cluster)
            continue;
        OperationDraft draft;
        draft.operation = info.operation;
        const QString line = view->isReadOnly()
            ? EntryWords::tr("Not possible with a read-only connection: shows the operations")
            : info.line;
        entries.append(command(
            u"operations"_s, info.title + u'…', line, {},
            [&window, view = QPointer<ConnectionView>(view), draft] {
                if (view && !view->isReadOnly())
                    window.openWizard(view, draft);
                else
                    window.showPage(u"operations"_s);
            },
            info.keywords + u" operation "_s + operationName(info.operation)));
    }
}

void addLoadTest(QList<PaletteEntry> &entries, MainWindow &window)
{
    if (!window.currentConnection())
        return;
    entries.append(command(
        u"operations"_s, EntryWords::tr("Load test"),
        EntryWords::tr("How many requests the servers answer, and how fast"), {},
        [&window] { window.showPlace({.page = u"operations"_s, .part = u"load"_s}); },
        EntryWords::tr("benchmark rate latency percentiles stress")));
}

void addCommands(QList<PaletteEntry> &entries, MainWindow &window, const PaletteActions &actions)
{
    entries.append(command(u"plus"_s, EntryWords::tr("New connection…"), EntryWords::tr("To a cluster or server"),
                           u"Ctrl+T"_s, actions.connect, EntryWords::tr("connect open")));
    entries.append(command(
        u"plug"_s, EntryWords::tr("Connections"), EntryWords::tr("Saved and recent connections; open ones stay open"),
        u"Ctrl+Shift+T"_s, [&window] { window.showStart(); },
        EntryWords::tr("saved connections list home start page import export")));
    entries.append(command(u"play"_s, EntryWords::tr("Start the demo cluster"),
                           EntryWords::tr("Six servers on this computer with sample data"), {}, actions.startDemo));
    const std::initializer_list<std::pair<QString, Theme::Mode>> modes{
        {EntryWords::tr("Theme: dark"), Theme::Mode::Dark},
        {EntryWords::tr("Theme: light"), Theme::Mode::Light},
        {EntryWords::tr("Theme: follow the system"), Theme::Mode::System}};
    for (const auto &[title, mode] : modes)
        entries.append(command(u"theme"_s, title, EntryWords::tr("Appearance"), {},
                               [&window, chosen = mode] { window.setThemeMode(int(chosen)); }));
    for (const Language &each : languages())
        entries.append(command(
            u"theme"_s, EntryWords::tr("Language: %1").arg(each.name), EntryWords::tr("Appearance"), {},
            [&window, code = each.code] { window.setLanguage(code); }, u"language 언어 korean english "_s + each.code));
    entries.append(command(
        u"config"_s, EntryWords::tr("Settings…"), EntryWords::tr("Settings of Slotscope, and where it stores data"),
        u"Ctrl+,"_s, [&window] { window.openSettings(); }, EntryWords::tr("preferences options audit folder")));
    entries.append(command(
        u"info"_s, EntryWords::tr("Keyboard shortcuts"), EntryWords::tr("What the keys do, here and everywhere"),
        u"Ctrl+?"_s, [&window] { window.openShortcuts(); }, EntryWords::tr("help keys")));
    entries.append(command(
        u"operations"_s, EntryWords::tr("Audit log"), EntryWords::tr("Changes sent to servers, by whom and when"), {},
        [&window] { window.showPlace({.page = u"operations"_s, .part = u"audit"_s}); },
        EntryWords::tr("record history who")));
    entries.append(command(
        u"quit"_s, EntryWords::tr("Quit"), EntryWords::tr("Ends Slotscope"), u"Ctrl+Q"_s, [&window] { window.close(); },
        EntryWords::tr("exit")));
    entries.last().weight = quitWeight;
}

void addNodes(QList<PaletteEntry> &entries, MainWindow &window)
{
    const ConnectionView *connection = window.currentConnection();
    if (!connection || !connection->view())
        return;
    const ClusterView &view = *connection->view();
    for (const NodeState &node : view.nodes) {
        const QString id = QString::fromLatin1(node.id);
        QStringList facts{roleWord(node), shardWord(view, node)};
        if (node.condition != NodeCondition::Ok)
            facts << stateWord(node).text;
        PaletteEntry entry = command(
            u"topology"_s, node.name, facts.join(u" · "_s), id.left(8),
            [&window, nodeId = node.id] { goToNode(window, nodeId); }, id);
        entry.weight = nodeWeight;
        entries.append(entry);
    }
}

} // namespace

QList<PaletteEntry> paletteEntries(MainWindow &window, const Theme &theme, const RecentConnections &recents,
                                   const PaletteActions &actions)
{
    QList<PaletteEntry> entries;
    addPages(entries, window);
    addClusterCommands(entries, window, theme, actions);
    addOperations(entries, window);
    addLoadTest(entries, window);
    addCommands(entries, window, actions);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const RecentConnection &recent : recents.list()) {
        PaletteEntry entry = command(u"plug"_s, EntryWords::tr("Connect to %1").arg(recent.target.title()),
                                     fieldsOf(recent.target).hosts, agoText(recent.usedAt, now),
                                     [actions, recent] { actions.useRecent(recent); });
        entry.weight = recentWeight;
        entries.append(entry);
    }
    addNodes(entries, window);
    return entries;
}

std::optional<PaletteEntry> paletteAnswer(MainWindow &window, const QString &words)
{
    const ConnectionView *connection = window.currentConnection();
    if (!connection || !connection->view())
        return std::nullopt;
    const auto answer = slotAnswer(words, *connection->view());
    if (!answer)
        return std::nullopt;
    PaletteEntry entry = command(u"slots"_s, answer->title, answer->subtitle, {},
                                 [&window, wanted = answer->slotSet] { goToSlots(window, wanted); });
    entry.weight = answer->explicitly ? 0 : -1;
    return entry;
}

void goToNode(MainWindow &window, const QByteArray &id)
{
    window.showPlace({.page = u"topology"_s, .node = id});
}

void goToSlots(MainWindow &window, const SlotSet &slotSet)
{
    window.showPlace({.page = u"slots"_s, .slots = slotSet});
}

} // namespace slotscope
