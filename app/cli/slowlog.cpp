// SPDX-License-Identifier: GPL-3.0-or-later
// The slow logs of all nodes in one.
#include "command.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/protocol/replyjson.h"
#include "core/slowlog/commandshape.h"
#include "core/slowlog/slowlogbook.h"
#include "core/slowlog/slowlogreader.h"

#include <QCoro/QCoroTimer>
#include <QDateTime>
#include <QJsonArray>

#include <chrono>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int slowlogPauseMs = 1000;
constexpr int slowlogStepMs = 50; // delay until Ctrl+C is noticed
constexpr int mostEntriesAsked = 1'000'000;

struct SlowlogOptions
{
    QStringList nodes; ///< node names as typed; empty: all nodes
    SlowlogKind kind = SlowlogKind::Slow;
    int count = 128;
    bool follow = false;
    bool shapes = false;
    bool others = false; ///< exclude commands that this program sent
    bool help = false;
};

QString slowlogHelp()
{
    return u"slotscope-cli [options] slowlog [OPTION]…\n\n"
           "Slow log entries of all nodes, in one list by time; nodes that could not be read are listed.\n\n"
           "  --node NODE       only of this node (may be repeated): an id, the start of one, or HOST:PORT\n"
           "  --count N         at most N entries of each node; default 128\n"
           "  --log NAME        slow (the default), large-request or large-reply (Valkey 8.1 and later)\n"
           "  --follow          prints new entries, until Ctrl+C\n"
           "  --shapes          commands without their arguments: count, total, p50, p99, longest\n"
           "  --others          excludes commands that Slotscope itself sent\n\n"
           "Times use this computer's clock: if a node's clock differs by a second or more, this is corrected and "
           "printed.\n"
           "With --json each entry is one line, an object."_s;
}

Result<SlowlogKind> kindNamed(const QString &name)
{
    for (const SlowlogKind kind : {SlowlogKind::Slow, SlowlogKind::LargeRequest, SlowlogKind::LargeReply})
        if (name == QString::fromLatin1(wordsOf(kind).type))
            return kind;
    return failure(Error::Code::InvalidArgument, u"slowlog: --log must be slow, large-request or large-reply"_s);
}

Result<> takeSlowlogValue(const QString &option, const QString &value, SlowlogOptions &options)
{
    if (option == u"--node") {
        options.nodes.append(value);
    } else if (option == u"--log") {
        const auto kind = kindNamed(value);
        if (!kind)
            return failure(kind.error());
        options.kind = *kind;
    } else {
        const auto count = toInteger(value.toUtf8());
        if (!count || *count < 1 || *count > mostEntriesAsked)
            return failure(Error::Code::InvalidArgument,
                           u"slowlog: --count needs a number, 1 to %1"_s.arg(mostEntriesAsked));
        options.count = int(*count);
    }
    return {};
}

Result<SlowlogOptions> readSlowlogOptions(const QStringList &words)
{
    SlowlogOptions options;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if (word == u"--node" || word == u"--count" || word == u"--log") {
            if (++i == words.size())
                return failure(Error::Code::InvalidArgument, u"slowlog: %1 needs a value"_s.arg(word));
            if (const Result<> taken = takeSlowlogValue(word, words[i], options); !taken)
                return failure(taken.error());
        } else if (word == u"--follow") {
            options.follow = true;
        } else if (word == u"--shapes") {
            options.shapes = true;
        } else if (word == u"--others") {
            options.others = true;
        } else if (word == u"--help" || word == u"-h") {
            options.help = true;
        } else {
            return failure(Error::Code::InvalidArgument, u"slowlog: unknown argument “%1”"_s.arg(word));
        }
    }
    if (options.follow && options.shapes)
        return failure(Error::Code::InvalidArgument, u"slowlog: --follow and --shapes cannot be combined"_s);
    return options;
}

/// State that the loops of all nodes share.
struct SlowlogRun
{
    SlowlogOptions options;
    bool json = false;
    std::unique_ptr<SlowlogReader> reader;
    SlowlogBook book;
    QHash<QByteArray, QString> said; ///< last printed problem of each node
    QSet<QByteArray> clocksSaid;
    bool failed = false;
    bool stopping = false;
};
using SlowlogRunPtr = std::shared_ptr<SlowlogRun>;

QJsonObject entryJson(const SlowlogEntry &entry)
{
    QJsonArray command;
    for (const QByteArray &word : entry.command)
        command.append(replyToJson(Value::bulk(word)));
    const bool isTime = entry.kind == SlowlogKind::Slow;
    return {{u"time"_s, QDateTime::fromMSecsSinceEpoch(entry.at, Qt::UTC).toString(Qt::ISODate)},
            {u"node"_s, entry.nodeName},
            {u"nodeId"_s, QString::fromLatin1(entry.nodeId)},
            {u"runId"_s, QString::fromLatin1(entry.runId)},
            {u"id"_s, entry.id},
            {isTime ? u"microseconds"_s : u"bytes"_s, entry.cost},
            {u"command"_s, command},
            {u"cut"_s, isCut(entry.command)},
            {u"client"_s, toDisplay(entry.clientAddress)},
            {u"clientName"_s, toDisplay(entry.clientName)}};
}

void printEntry(const SlowlogEntry &entry, bool json)
{
    if (json) {
        printJsonLine(entryJson(entry));
        return;
    }
    const QString when = QDateTime::fromMSecsSinceEpoch(entry.at).toString(u"yyyy-MM-dd hh:mm:ss"_s);
    const QString client = toDisplay(entry.clientAddress)
        + (entry.clientName.isEmpty() ? QString() : u" ("_s + toDisplay(entry.clientName) + u')');
    printOut(u"%1  %2  %3  %4  %5"_s
                 .arg(when, entry.nodeName, costText(entry.kind, entry.cost).rightJustified(9),
                      commandText(entry.command), client)
                 .trimmed());
}

/// Prints a node's problem when it starts, and when it is over.
void tellNode(SlowlogRun &run, const NodeSlowlog &log)
{
    QString problem;
    if (log.problem) {
        problem = describe(*log.problem);
        if (const QByteArray right = missingRight(*log.problem); !right.isEmpty())
            problem += u" It needs %1."_s.arg(QString::fromLatin1(right));
        run.failed = true;
    }
    if (run.said.value(log.nodeId) != problem)
        printError(problem.isEmpty() ? u"%1 answers again"_s.arg(log.nodeName) : problem);
    run.said[log.nodeId] = problem;
    if (log.clockAhead != 0 && !run.clocksSaid.contains(log.nodeId)) {
        run.clocksSaid.insert(log.nodeId);
        printError(log.clockAhead > 0 ? u"the clock of %1 is %2 ahead of this computer: corrected"_s.arg(
                       log.nodeName, duration(log.clockAhead))
                                      : u"the clock of %1 is %2 behind this computer: corrected"_s.arg(
                                          log.nodeName, duration(-log.clockAhead)));
    }
    if (log.missed > 0)
        printError(
            u"%1: %2 entries were dropped before they could be read"_s.arg(log.nodeName, groupedNumber(log.missed)));
}

QCoro::Task<> readOnce(SlowlogRunPtr run, QByteArray nodeId)
{
    SlowlogRequest request;
    request.nodeId = nodeId;
    request.kind = run->options.kind;
    request.most = run->options.count;
    auto log = co_await run->reader->read(request);
    if (!log) {
        if (!run->stopping)
            printError(log.error());
        run->failed = true;
        co_return;
    }
    tellNode(*run, *log);
    if (run->options.others)
        std::erase_if(log->entries, isOurs);
    const SlowlogBook::Change change = run->book.add(std::move(log->entries));
    if (run->options.follow)
        for (const SlowlogEntryPtr &entry : change.added)
            printEntry(*entry, run->json);
}

QCoro::Task<> followNode(SlowlogRunPtr run, QByteArray nodeId)
{
    while (!run->stopping) {
        co_await readOnce(run, nodeId);
        for (int waited = 0; waited < slowlogPauseMs && !run->stopping; waited += slowlogStepMs)
            co_await QCoro::sleepFor(std::chrono::milliseconds(slowlogStepMs));
    }
}

void printShapes(const SlowlogRun &run)
{
    const SlowlogKind kind = run.options.kind;
    QList<QStringList> rows{{u"COUNT"_s, u"TOTAL"_s, u"P50"_s, u"P99"_s, u"LONGEST"_s, u"SHAPE"_s}};
    for (const ShapeFigures &each : figuresOf(run.book.entries())) {
        if (run.json) {
            printJsonLine({{u"shape"_s, toDisplay(each.shape)},
                           {u"count"_s, each.count},
                           {u"total"_s, each.total},
                           {u"p50"_s, each.p50},
                           {u"p99"_s, each.p99},
                           {u"longest"_s, each.longest},
                           {u"unit"_s, kind == SlowlogKind::Slow ? u"microseconds"_s : u"bytes"_s},
                           {u"nodes"_s, each.nodes.size()}});
            continue;
        }
        rows.append({groupedNumber(each.count), costText(kind, each.total), costText(kind, each.p50),
                     costText(kind, each.p99), costText(kind, each.longest), toDisplay(each.shape)});
    }
    if (!run.json && rows.size() > 1)
        printOut(tableText(rows, {0, 1, 2, 3, 4}));
}

} // namespace

QCoro::Task<int> runSlowlog(Context context)
{
    const auto options = readSlowlogOptions(context.arguments);
    if (!options)
        co_return usageError(options.error().detail);
    if (options->help) {
        printOut(slowlogHelp());
        co_return exitDone;
    }
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    const auto nodes = nodesNamed(opened, options->nodes);
    if (!nodes) {
        printError(nodes.error());
        co_return exitUsage;
    }
    const auto run = std::make_shared<SlowlogRun>();
    run->options = *options;
    run->json = context.json;
    run->reader = std::make_unique<SlowlogReader>(opened.session.get());
    const Signals signalsSeen([run] { run->stopping = true; });
    std::vector<QCoro::Task<>> tasks;
    for (const QByteArray &node : *nodes) {
        if (options->follow)
            tasks.push_back(followNode(run, node));
        else
            tasks.push_back(readOnce(run, node));
    }
    for (QCoro::Task<> &task : tasks)
        co_await task;
    if (options->follow)
        co_return exitDone;
    if (options->shapes) {
        printShapes(*run);
    } else {
        for (const SlowlogEntryPtr &entry : run->book.entries())
            printEntry(*entry, run->json);
    }
    co_return run->failed ? exitFailed : exitDone;
}

} // namespace slotscope::cli
