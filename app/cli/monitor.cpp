// SPDX-License-Identifier: GPL-3.0-or-later
// MONITOR of all nodes at once.
#include "command.h"

#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/profiler/profiler.h"
#include "core/profiler/profilewords.h"
#include "core/slowlog/slowlogreader.h"

#include <QCoro/QCoroTimer>
#include <QSet>

#include <chrono>
#include <cmath>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int monitorStepMs = 50;
constexpr qsizetype monitorGatherBytes = 256 * 1024;
constexpr size_t monitorGroups = 50;

struct MonitorOptions
{
    QStringList nodes; ///< node names as typed; empty: all nodes
    bool primaries = false;
    qint64 milliseconds = 0;
    quint64 count = 0;
    double latencyMs = 0;
    std::optional<ProfileBy> by; ///< group for a table at the end, in place of the lines
    ProfileFilter filter;
    bool yes = false, help = false;
};

QString monitorHelp()
{
    return u"slotscope-cli [options] monitor [OPTION]…\n\n"
           "Every command that the nodes run, live: MONITOR on all of them. This is expensive: a server sends a\n"
           "copy of each command to this computer, and may handle only half of its load meanwhile. The current load "
           "is\n"
           "printed first, on standard error. It ends by --for, --count or --latency, else by Ctrl+C.\n\n"
           "  --node NODE       only of this node (may be repeated): an id, the start of one, or HOST:PORT\n"
           "  --primaries       only of the primaries\n"
           "  --for SECONDS     ends after this time\n"
           "  --count N         ends after this number of lines\n"
           "  --latency MS      ends when one PING in ten takes longer than this on a node\n"
           "  --match WORD      only lines with this word in a command, argument or client (may be repeated)\n"
           "  --by WHAT         no lines but a table at the end: command, prefix (of keys), both, client or node\n"
           "  --yes             does not ask if the connection is marked as production\n\n"
           "With --json each line is an object: time, node, database, source (client, socket or script), client and "
           "the\n"
           "arguments of the command. Passwords in AUTH, HELLO, ACL SETUSER, CONFIG SET and MIGRATE are left out."_s;
}

std::optional<ProfileBy> monitorBy(const QString &word)
{
    static const QHash<QString, ProfileBy> all{{u"command"_s, ProfileBy::CommandName},
                                               {u"prefix"_s, ProfileBy::KeyPrefix},
                                               {u"both"_s, ProfileBy::CommandAndPrefix},
                                               {u"client"_s, ProfileBy::Client},
                                               {u"node"_s, ProfileBy::Node}};
    const auto found = all.constFind(word);
    return found == all.constEnd() ? std::nullopt : std::optional(*found);
}

/// Reads an option with a value; returns false if the value is not valid.
bool takeMonitorValue(MonitorOptions &options, const QString &word, const QString &value)
{
    bool isNumber = false;
    const double number = value.toDouble(&isNumber);
    const bool isGood = isNumber && std::isfinite(number) && number > 0 && number <= 1e9;
    if (word == u"--node") {
        options.nodes.append(value);
        return true;
    }
    if (word == u"--match") {
        options.filter.words.append(value.toUtf8());
        return !value.isEmpty();
    }
    if (word == u"--by") {
        options.by = monitorBy(value);
        return options.by.has_value();
    }
    if (word == u"--for") {
        options.milliseconds = isGood ? qint64(number * 1000) : 0;
        return isGood && options.milliseconds > 0;
    }
    if (word == u"--latency") {
        options.latencyMs = number;
        return isGood;
    }
    const auto count = toUnsigned(value.toUtf8());
    options.count = count.value_or(0);
    return options.count > 0;
}

Result<MonitorOptions> readMonitorOptions(const QStringList &words)
{
    MonitorOptions options;
    static const QSet<QString> takesValue{u"--node"_s,  u"--for"_s, u"--count"_s,
                                          u"--match"_s, u"--by"_s,  u"--latency"_s};
    const auto wrong = [](const QString &text) { return failure(Error::Code::InvalidArgument, u"monitor: "_s + text); };
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if (takesValue.contains(word)) {
            if (++i == words.size())
                return wrong(u"%1 needs a value"_s.arg(word));
            if (!takeMonitorValue(options, word, words[i]))
                return wrong(u"%1 does not accept “%2”"_s.arg(word, words[i]));
        } else if (word == u"--primaries") {
            options.primaries = true;
        } else if (word == u"--yes") {
            options.yes = true;
        } else if (word == u"--help" || word == u"-h") {
            options.help = true;
        } else {
            return wrong(u"unknown argument “%1”"_s.arg(word));
        }
    }
    if (options.primaries && !options.nodes.isEmpty())
        return wrong(u"--primaries and --node cannot be combined"_s);
    if (options.by && !options.filter.words.isEmpty())
        return wrong(u"--by and --match cannot be combined"_s);
    return options;
}

struct MonitorRun
{
    MonitorOptions options;
    bool json = false;
    Opened opened;
    ProfileOrder order;
    std::unique_ptr<Profiler> profiler;
    QStringList names; ///< names of the order's nodes
    QByteArray gathered; ///< lines waiting to be printed
    QSet<QByteArray> toldNodes;
    bool failed = false, stopping = false;
};
using MonitorRunPtr = std::shared_ptr<MonitorRun>;

void flushMonitor(MonitorRun &run)
{
    if (!run.gathered.isEmpty())
        printBytes(std::exchange(run.gathered, {}));
}

void takeMonitorLine(MonitorRun &run, int node, const MonitorLine &line)
{
    if (!run.options.filter.isEmpty()) {
        ProfileLine whole;
        whole.line = line;
        if (!isMeant(whole, run.options.filter))
            return;
    }
    const QString &name = run.names[node];
    run.gathered += run.json ? jsonLine(jsonOf(line, name, line.command.size())) + '\n'
                             : terminalSafe(textLineOf(line, name), LineBreaks::Keep);
    if (run.gathered.size() > monitorGatherBytes)
        flushMonitor(run);
}

void tellMonitorNodes(MonitorRun &run)
{
    ProfileLook look;
    look.mostGroups = look.mostLines = 0;
    const ProfileSnapshot snapshot = run.profiler->look(look);
    for (const ProfileNode &node : snapshot.nodes) {
        if (!node.problem || run.toldNodes.contains(node.id))
            continue;
        run.toldNodes.insert(node.id);
        run.failed = true;
        QString problem = describe(*node.problem);
        if (const QByteArray right = missingRight(*node.problem); !right.isEmpty())
            problem += u" It needs %1: ACL SETUSER %2 %1"_s.arg(
                QString::fromLatin1(right),
                run.opened.target.credentials.user.isEmpty() ? u"default"_s : run.opened.target.credentials.user);
        printError(problem);
    }
}

void printMonitorGroups(const MonitorRun &run)
{
    ProfileLook look;
    look.by = *run.options.by;
    look.mostGroups = run.json ? std::numeric_limits<size_t>::max() : monitorGroups;
    look.mostLines = 0;
    const ProfileSnapshot snapshot = run.profiler->look(look);
    QList<QStringList> rows;
    rows.append(QStringList({u"LINES"_s, u"A SECOND"_s, u"SHARE"_s, u"WHAT"_s}));
    for (const ProfileGroup &group : snapshot.groups.groups) {
        const QString name = groupText(group, *run.options.by, snapshot.nodes);
        const double rate = double(group.lines) * 1000 / double(std::max<qint64>(1, snapshot.milliseconds));
        if (run.json)
            printJsonLine({{u"group"_s, name}, {u"lines"_s, qint64(group.lines)}, {u"perSecond"_s, rate}});
        else
            rows.append(QStringList(
                {groupedNumber(qint64(group.lines)), QString::number(rate, 'f', 1),
                 QString::number(100.0 * double(group.lines) / double(snapshot.lines), 'f', 1) + u" %"_s, name}));
    }
    if (!run.json && rows.size() > 1)
        printOut(tableText(rows, {0, 1, 2}));
    if (snapshot.groups.others > 0)
        printAside(u"and %1 more with %2 lines\n"_s.arg(groupedNumber(qint64(snapshot.groups.others)),
                                                        groupedNumber(qint64(snapshot.groups.otherLines))));
    if (snapshot.groups.unnamedLines > 0)
        printAside(u"%1 lines belong to other groups that are not counted separately\n"_s.arg(
            groupedNumber(qint64(snapshot.groups.unnamedLines))));
}

void tellMonitorCost(const MonitorRun &run)
{
    qint64 rate = 0;
    int known = 0;
    for (const QByteArray &id : run.order.nodes) {
        const NodeState *node = run.opened.view->node(id);
        if (node && node->info && node->info->opsPerSecond) {
            rate += *node->info->opsPerSecond;
            ++known;
        }
    }
    if (known == 0) {
        printAside(
            u"MONITOR on %1 of %2 nodes; how many commands per second they run is not known, and they send a copy "
            u"of each\n"_s.arg(run.order.nodes.size())
                .arg(run.opened.view->nodes.size()));
        return;
    }
    printAside(
        u"MONITOR on %1 of %2 nodes; %3 of them currently run %4 commands per second, and send a copy of each\n"_s
            .arg(run.order.nodes.size())
            .arg(run.opened.view->nodes.size())
            .arg(known)
            .arg(groupedNumber(rate)));
}

QCoro::Task<> watchNodes(MonitorRunPtr run)
{
    const Signals signalsSeen([run] { run->stopping = true; });
    Result<> begun = co_await run->profiler->start(run->order);
    if (!begun) {
        run->failed = true;
        printError(begun.error());
        co_return;
    }
    while (run->profiler->isRunning() && !run->stopping) {
        tellMonitorNodes(*run);
        flushMonitor(*run);
        co_await QCoro::sleepFor(std::chrono::milliseconds(monitorStepMs));
    }
    run->profiler->stop();
    flushMonitor(*run);
    tellMonitorNodes(*run);
    if (run->options.by)
        printMonitorGroups(*run);
    ProfileLook look;
    look.mostGroups = look.mostLines = 0;
    const ProfileSnapshot snapshot = run->profiler->look(look);
    printAside(u"%1 %2 lines in %3\n"_s.arg(endText(snapshot, run->order), groupedNumber(qint64(snapshot.lines)),
                                            duration(snapshot.milliseconds)));
    if (snapshot.odd > 0)
        printError(u"%1 lines could not be read"_s.arg(groupedNumber(qint64(snapshot.odd))));
}

} // namespace

QCoro::Task<int> runMonitor(Context context)
{
    const auto options = readMonitorOptions(context.arguments);
    if (!options)
        co_return usageError(options.error().detail);
    if (options->help) {
        printOut(monitorHelp());
        co_return exitDone;
    }
    const auto run = std::make_shared<MonitorRun>();
    run->options = *options;
    run->json = context.json;
    run->opened = co_await openSession(context);
    if (!run->opened.session)
        co_return exitFailed;
    const auto nodes = nodesNamed(run->opened, options->nodes, options->primaries);
    if (!nodes) {
        printError(nodes.error());
        co_return exitUsage;
    }
    run->order.nodes = *nodes;
    run->order.milliseconds = options->milliseconds;
    run->order.lines = options->count;
    run->order.pingMicroseconds = qint64(options->latencyMs * 1000);
    run->order.readPerSecond = 0;
    for (const QByteArray &id : run->order.nodes) {
        const NodeState *node = run->opened.view->node(id);
        run->names.append(node ? node->name : QString::fromLatin1(id));
    }
    tellMonitorCost(*run);
    const Command command = commandOf("MONITOR");
    const GateVerdict verdict = co_await run->opened.session->judge(command, GateLink::Own);
    const auto consent = consentTo(verdict, run->opened.target, options->yes);
    if (!consent)
        co_return exitUsage;
    run->order.consent = *consent;
    run->profiler = std::make_unique<Profiler>(run->opened.session.get());
    if (!options->by)
        run->profiler->setTaker(
            [raw = run.get()](int node, const MonitorLine &line) { takeMonitorLine(*raw, node, line); });
    co_await watchNodes(run);
    co_return run->failed ? exitFailed : exitDone;
}

} // namespace slotscope::cli
