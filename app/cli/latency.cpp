// SPDX-License-Identifier: GPL-3.0-or-later
// Round trips to all nodes, and what the nodes tell of their own latency.
#include "command.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/latency/latencyreader.h"
#include "core/latency/pingrecorder.h"
#include "core/models/latencywords.h"
#include "core/slowlog/slowlogreader.h"

#include <QCoro/QCoroTimer>
#include <QDateTime>
#include <QJsonArray>

#include <chrono>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int latencyStepMs = 20; // delay until Ctrl+C is noticed
constexpr int longestForSeconds = 1800, longestIntervalMs = 60'000;

struct LatencyOptions
{
    enum class What : quint8 { RoundTrips, Events, Doctor, Commands };
    QStringList nodes; ///< node names as typed; empty: all nodes
    What what = What::RoundTrips;
    int seconds = 0; ///< 0: not given
    int intervalMs = 100;
    bool follow = false;
    bool help = false;
};

QString latencyHelp()
{
    return u"slotscope-cli [options] latency [OPTION]…\n\n"
           "Sends PINGs to every node, on a connection of its own for each, and prints the round-trip times:\n"
           "minimum, average, p50, p99, p99.9, longest, lost. The delay of this program itself is printed "
           "separately.\n\n"
           "  --node NODE       only this node (may be repeated): an id, the start of one, or HOST:PORT\n"
           "  --for SECONDS     how long; default 5\n"
           "  --interval MS     between two pings to a node; default 100, more for very many nodes\n"
           "  --follow          prints the last 5 seconds (or --for) repeatedly, until Ctrl+C\n"
           "  --events          instead: what blocked the servers (LATENCY LATEST), and the threshold of each node\n"
           "  --doctor          instead: LATENCY DOCTOR and MEMORY DOCTOR of each node\n"
           "  --commands        instead: execution times of commands (LATENCY HISTOGRAM), all nodes together; with "
           "--for\n"
           "                    only those of these seconds. Percentiles are upper bounds: the servers count in steps "
           "of\n"
           "                    powers of two\n\n"
           "With --json each row is one line, an object; times are in microseconds."_s;
}

Result<int> latencyNumber(const QString &option, const QString &value, int most)
{
    const auto number = toInteger(value.toUtf8());
    if (!number || *number < 1 || *number > most)
        return failure(Error::Code::InvalidArgument, u"latency: %1 needs a number, 1 to %2"_s.arg(option).arg(most));
    return int(*number);
}

Result<> takeLatencyValue(const QString &option, const QString &value, LatencyOptions &options)
{
    if (option == u"--node") {
        options.nodes.append(value);
        return {};
    }
    const auto number = latencyNumber(option, value, option == u"--for" ? longestForSeconds : longestIntervalMs);
    if (!number)
        return failure(number.error());
    (option == u"--for" ? options.seconds : options.intervalMs) = *number;
    return {};
}

Result<LatencyOptions> readLatencyOptions(const QStringList &words)
{
    using What = LatencyOptions::What;
    LatencyOptions options;
    int kinds = 0;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if (word == u"--node" || word == u"--for" || word == u"--interval") {
            if (++i == words.size())
                return failure(Error::Code::InvalidArgument, u"latency: %1 needs a value"_s.arg(word));
            if (const Result<> taken = takeLatencyValue(word, words[i], options); !taken)
                return failure(taken.error());
        } else if (word == u"--events" || word == u"--doctor" || word == u"--commands") {
            options.what = word == u"--events" ? What::Events : word == u"--doctor" ? What::Doctor : What::Commands;
            ++kinds;
        } else if (word == u"--follow") {
            options.follow = true;
        } else if (word == u"--help" || word == u"-h") {
            options.help = true;
        } else {
            return failure(Error::Code::InvalidArgument, u"latency: unknown argument “%1”"_s.arg(word));
        }
    }
    if (kinds > 1 || (kinds == 1 && options.follow))
        return failure(Error::Code::InvalidArgument,
                       u"latency: use only one of --follow, --events, --doctor and --commands"_s);
    if (options.seconds > 0 && (options.what == What::Events || options.what == What::Doctor))
        return failure(Error::Code::InvalidArgument, u"latency: --for is only for round trips and --commands"_s);
    return options;
}

struct LatencyRun
{
    LatencyOptions options;
    bool json = false;
    QByteArrayList nodes;
    Opened opened;
    std::unique_ptr<LatencyReader> reader;
    PingBook book;
    QHash<QByteArray, QString> said; ///< last printed text for each node
    bool failed = false;
    bool stopping = false;
};
using LatencyRunPtr = std::shared_ptr<LatencyRun>;

QString latencyNodeName(const LatencyRun &run, const QByteArray &id)
{
    const ClusterViewPtr view = run.opened.session->view();
    const NodeState *node = view ? view->node(id) : nullptr;
    return node ? node->name : QString::fromLatin1(id);
}

void tellLatencyProblem(LatencyRun &run, const Error &error)
{
    QString problem = describe(error);
    if (const QByteArray right = missingRight(error); !right.isEmpty())
        problem += u" It needs %1."_s.arg(QString::fromLatin1(right));
    printError(problem);
    run.failed = true;
}

QCoro::Task<> pauseFor(LatencyRunPtr run, int milliseconds)
{
    const qint64 until = steadyMs() + milliseconds;
    while (!run->stopping && steadyMs() < until)
        co_await QCoro::sleepFor(std::chrono::milliseconds(latencyStepMs));
}

QJsonObject figuresJson(const PingFigures &figures)
{
    const auto time = [](qint64 microseconds) { return microseconds < 0 ? QJsonValue() : QJsonValue(microseconds); };
    return {{u"answered"_s, figures.answered},  {u"lost"_s, figures.lost},
            {u"min"_s, time(figures.shortest)}, {u"average"_s, time(figures.average)},
            {u"p50"_s, time(figures.p50)},      {u"p99"_s, time(figures.p99)},
            {u"p99.9"_s, time(figures.p999)},   {u"longest"_s, time(figures.longest)}};
}

QStringList figuresRow(const QString &name, const PingFigures &figures, const QString &lost)
{
    return {name,
            millisecondsText(figures.shortest),
            millisecondsText(figures.average),
            millisecondsText(figures.p50),
            millisecondsText(figures.p99),
            millisecondsText(figures.p999),
            millisecondsText(figures.longest),
            lost};
}

/// Prints when a node stops answering, and when it answers again.
void tellSilence(LatencyRun &run, const QByteArray &id, const PingBook::Node *node)
{
    QString problem;
    if (!node)
        problem = u"%1: no connection yet"_s.arg(latencyNodeName(run, id));
    else if (node->problem)
        problem = describe(*node->problem);
    else if (node->waiting > 0)
        problem = u"%1 does not answer"_s.arg(latencyNodeName(run, id));
    if (run.said.value(id) != problem)
        printError(problem.isEmpty() ? u"%1 answers again"_s.arg(latencyNodeName(run, id)) : problem);
    run.said[id] = problem;
    if (!problem.isEmpty())
        run.failed = true;
}

void printRoundTrips(LatencyRun &run)
{
    run.book.slideTo(QDateTime::currentMSecsSinceEpoch());
    const QString now = QDateTime::currentDateTimeUtc().toString(Qt::ISODate);
    QList<QStringList> rows{
        {u"ROUND TRIP, MS"_s, u"MIN"_s, u"AVERAGE"_s, u"P50"_s, u"P99"_s, u"P99.9"_s, u"LONGEST"_s, u"LOST"_s}};
    for (const QByteArray &id : run.nodes) {
        const PingBook::Node *node = run.book.node(id);
        PingFigures figures;
        if (node)
            figures = node->series.figures();
        tellSilence(run, id, node);
        if (run.json) {
            QJsonObject row = figuresJson(figures);
            row.insert(u"time"_s, now);
            row.insert(u"node"_s, latencyNodeName(run, id));
            row.insert(u"nodeId"_s, QString::fromLatin1(id));
            if (node && node->waiting > 0)
                row.insert(u"waiting"_s, node->waiting);
            printJsonLine(row);
            continue;
        }
        QString lost = lostText(figures);
        if (node && node->waiting > 0)
            lost += u" · no reply for %1"_s.arg(timeText(node->waiting));
        rows.append(figuresRow(latencyNodeName(run, id), figures, lost));
    }
    const PingFigures own = run.book.jitter().figures();
    if (run.json) {
        QJsonObject row = figuresJson(own);
        row.insert(u"time"_s, now);
        row.insert(u"ownThread"_s, true);
        printJsonLine(row);
        return;
    }
    rows.append(figuresRow(u"(delay of this program itself)"_s, own, {}));
    printOut(tableText(rows, {1, 2, 3, 4, 5, 6}));
}

QCoro::Task<> roundTrips(LatencyRunPtr run)
{
    constexpr int defaultSeconds = 5;
    const int milliseconds = 1000 * (run->options.seconds > 0 ? run->options.seconds : defaultSeconds);
    run->book.setWindow(run->options.follow ? milliseconds : PingSeries::kept);
    PingRecorder recorder(run->opened.session.get());
    recorder.start([run](PingEvent event) { run->book.take(event); }, run->options.intervalMs, run->nodes);
    do {
        co_await pauseFor(run, milliseconds);
        if (run->stopping && run->options.follow)
            break;
        printRoundTrips(*run);
        if (run->options.follow && !run->json)
            printOut(QString());
    } while (run->options.follow);
    recorder.stop();
}

void printEventJson(const NodeLatency &heard, const NodeLatencyEvent &each)
{
    QJsonArray history;
    for (const LatencySpike &spike : each.history)
        history.append(QJsonArray{spike.serverSeconds, spike.milliseconds * 1000});
    QJsonObject row{{u"event"_s, toDisplay(each.event.name)},
                    {u"node"_s, heard.nodeName},
                    {u"nodeId"_s, QString::fromLatin1(heard.nodeId)},
                    {u"time"_s, QDateTime::fromMSecsSinceEpoch(each.at, Qt::UTC).toString(Qt::ISODate)},
                    {u"latest"_s, each.event.latest * 1000},
                    {u"longest"_s, each.event.longest * 1000},
                    {u"history"_s, history}};
    if (heard.threshold)
        row.insert(u"threshold"_s, *heard.threshold * 1000);
    printJsonLine(row);
}

void takeEvents(LatencyRun &run, const NodeLatency &heard, QList<QStringList> &rows)
{
    for (const std::optional<Error> &each : {heard.problem, heard.historyProblem, heard.thresholdProblem})
        if (each)
            tellLatencyProblem(run, *each);
    if (heard.threshold == 0)
        printError(u"the latency monitor of %1 is off (latency-monitor-threshold 0)"_s.arg(heard.nodeName));
    for (const NodeLatencyEvent &each : heard.events) {
        if (run.json) {
            printEventJson(heard, each);
            continue;
        }
        const qint64 ago = QDateTime::currentMSecsSinceEpoch() - each.at;
        rows.append({toDisplay(each.event.name), heard.nodeName, u"%1 ms"_s.arg(groupedNumber(each.event.latest)),
                     u"%1 ms"_s.arg(groupedNumber(each.event.longest)), agoText(ago), eventMeaning(each.event.name)});
    }
}

QCoro::Task<> events(LatencyRunPtr run)
{
    QList<QStringList> rows;
    rows.append(QStringList({u"EVENT"_s, u"NODE"_s, u"LATEST"_s, u"LONGEST"_s, u"WHEN"_s, u"WHAT IT WAS"_s}));
    for (const QByteArray &id : run->nodes) {
        const auto heard = co_await run->reader->read(id);
        if (heard)
            takeEvents(*run, *heard, rows);
        else
            tellLatencyProblem(*run, heard.error());
    }
    if (!run->json && rows.size() > 1)
        printOut(tableText(rows, {2, 3, 4}));
}

void printDoctors(LatencyRun &run, const QByteArray &id, const NodeDoctors &doctors)
{
    QJsonObject row{{u"node"_s, latencyNodeName(run, id)}};
    const auto take = [&](const QString &name, const Result<QByteArray> &words) {
        if (!words) {
            tellLatencyProblem(run, words.error());
            return;
        }
        row.insert(name, QString::fromUtf8(*words));
        if (!run.json)
            printOut(u"%1> %2 DOCTOR\n%3\n"_s.arg(latencyNodeName(run, id), name.toUpper(),
                                                  QString::fromUtf8(*words).trimmed()));
    };
    take(u"latency"_s, doctors.latency);
    take(u"memory"_s, doctors.memory);
    if (run.json)
        printJsonLine(row);
}

QCoro::Task<> doctor(LatencyRunPtr run)
{
    for (const QByteArray &id : run->nodes) {
        const auto doctors = co_await run->reader->doctors(id);
        if (doctors)
            printDoctors(*run, id, *doctors);
        else
            tellLatencyProblem(*run, doctors.error());
    }
}

QCoro::Task<> readHistograms(LatencyRunPtr run, std::shared_ptr<QHash<QByteArray, NodeCommands>> into)
{
    for (const QByteArray &id : run->nodes) {
        const auto heard = co_await run->reader->commands(id);
        if (heard && !heard->problem)
            into->insert(id, *heard);
        else
            tellLatencyProblem(*run, heard ? *heard->problem : heard.error());
    }
}

void printCommands(const CommandLatencies &all, bool json)
{
    QList<QStringList> rows{{u"COMMAND"_s, u"CALLS"_s, u"P50"_s, u"P99"_s, u"P99.9"_s, u"LONGEST"_s}};
    const auto bound = [](qint64 microseconds) { return microseconds < 0 ? u"–"_s : u"≤ "_s + timeText(microseconds); };
    for (auto each = all.constBegin(); each != all.constEnd(); ++each) {
        const CommandLatency &figures = each.value();
        if (json)
            printJsonLine({{u"command"_s, toDisplay(each.key())},
                           {u"calls"_s, figures.calls},
                           {u"p50UpTo"_s, figures.percentile(0.5)},
                           {u"p99UpTo"_s, figures.percentile(0.99)},
                           {u"p99.9UpTo"_s, figures.percentile(0.999)},
                           {u"longestUpTo"_s, figures.longest()}});
        else
            rows.append({toDisplay(each.key()), groupedNumber(figures.calls), bound(figures.percentile(0.5)),
                         bound(figures.percentile(0.99)), bound(figures.percentile(0.999)), bound(figures.longest())});
    }
    if (!json && rows.size() > 1)
        printOut(tableText(rows, {1, 2, 3, 4, 5}));
}

QCoro::Task<> commands(LatencyRunPtr run)
{
    const auto before = std::make_shared<QHash<QByteArray, NodeCommands>>();
    const auto after = std::make_shared<QHash<QByteArray, NodeCommands>>();
    if (run->options.seconds > 0) {
        co_await readHistograms(run, before);
        co_await pauseFor(run, run->options.seconds * 1000);
    }
    co_await readHistograms(run, after);
    CommandLatencies all;
    for (auto each = after->constBegin(); each != after->constEnd(); ++each) {
        if (run->options.seconds > 0 && !before->contains(each.key()))
            continue; // its earlier values are not known, which was already printed
        const NodeCommands was = before->value(each.key());
        mergeInto(all, was.runId == each->runId ? difference(each->histogram, was.histogram) : each->histogram);
    }
    printCommands(all, run->json);
}

} // namespace

QCoro::Task<int> runLatency(Context context)
{
    using What = LatencyOptions::What;
    const auto options = readLatencyOptions(context.arguments);
    if (!options)
        co_return usageError(options.error().detail);
    if (options->help) {
        printOut(latencyHelp());
        co_return exitDone;
    }
    const auto run = std::make_shared<LatencyRun>();
    run->options = *options;
    run->json = context.json;
    run->opened = co_await openSession(context);
    if (!run->opened.session)
        co_return exitFailed;
    const auto nodes = nodesNamed(run->opened, options->nodes);
    if (!nodes) {
        printError(nodes.error());
        co_return exitUsage;
    }
    run->nodes = *nodes;
    run->reader = std::make_unique<LatencyReader>(run->opened.session.get());
    const Signals signalsSeen([run] { run->stopping = true; });
    switch (options->what) {
    case What::RoundTrips: co_await roundTrips(run); break;
    case What::Events: co_await events(run); break;
    case What::Doctor: co_await doctor(run); break;
    case What::Commands: co_await commands(run); break;
    }
    if (options->follow)
        co_return exitDone;
    co_return run->failed ? exitFailed : exitDone;
}

} // namespace slotscope::cli
