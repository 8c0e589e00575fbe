// SPDX-License-Identifier: GPL-3.0-or-later
// What all keys of a cluster come to: types, namespaces, times to live, the biggest, what is worth doing.
#include "analysetext.h"
#include "command.h"

#include "core/analysis/analyser.h"
#include "core/analysis/rdbanalysis.h"
#include "core/analysis/reportexport.h"
#include "core/analysis/reportjson.h"
#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"

#include <QCoro/QCoroTimer>

#include <QMutex>
#include <QtConcurrent/QtConcurrentRun>

#include <chrono>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

struct AnalyseWords
{
    AnalysisRequest request;
    QString node; ///< as it was typed; empty: all
    int depth = 2, top = 10;
    RdbAnalysisRequest rdb; ///< without paths: of a cluster
    bool hasDatabase = false;
    bool hasDelimiters = false; ///< some were given: the standard one goes
    bool html = false, csv = false; ///< in place of plain text
    bool help = false;
};

QString analyseHelp()
{
    return u"slotscope-cli [options] analyse [OPTION]…\n\n"
           "Reads all keys and tells what they come to: how many of which type, memory by namespace, times to live,\n"
           "the biggest keys, what is worth doing. Each key costs its node a SCAN's part and five to six short "
           "commands.\n\n"
           "  --match PATTERN   only names that match, as SCAN MATCH does\n"
           "  --type TYPE       only keys of that type: string, list, hash, set, zset, stream, or a module's\n"
           "  --node NODE       only what this node has; an id, the start of one, or HOST:PORT\n"
           "  --replicas        from a replica of each shard\n"
           "  --slots RANGES    only keys of these slots: 0-5460,7000\n"
           "  --database N      of this database; default: the URI's\n"
           "  --ceiling MS      how long a call may hold a server up; default 5. Fewer keys at once where it takes "
           "longer\n"
           "  --samples N       elements of a key that MEMORY USAGE looks at; default 5\n"
           "  --delimiter TEXT  what parts names into namespaces; default “:”. May be given several times\n"
           "  --depth N         how deep namespaces are printed; default 2\n"
           "  --top N           how many namespaces, keys and slots are printed; default 10\n"
           "  --no-idle         do not ask how long a key was not used (how often, under an LFU policy)\n"
           "  --no-values       do not read a few strings of each namespace to try whether they would shrink\n"
           "  --touch           ask for lengths also where that makes keys look used (Redis before 7.2)\n"
           "  --html, --csv     as a page for a browser, or rows for a spreadsheet; --json has all of it\n"
           "  --heat SECONDS    how long the work of slots is looked at before; default 3, 0: not\n"
           "  --rdb FILE        from RDB files in place of the servers: no load on them. May be given several times,\n"
           "                    once for each shard; a folder stands for its files *.rdb (a backup). Sizes are "
           "estimates,\n"
           "                    times to live those of the moment when the file was written\n\n"
           "Ctrl+C ends it early: what was read until then is told, as a part."_s;
}

Result<int> countOf(const QString &option, const QByteArray &word, int least, int most)
{
    const auto number = toInteger(word);
    if (!number || *number < least || *number > most)
        return failure(Error::Code::InvalidArgument,
                       u"analyse: %1 takes a number from %2 to %3"_s.arg(option).arg(least).arg(most));
    return int(*number);
}

/// Takes a number; false where the option has none.
Result<bool> takeCount(const QString &option, const QByteArray &value, AnalyseWords &words)
{
    int *into = nullptr;
    int least = 0, most = 1000, times = 1;
    if (option == u"--database") {
        into = &words.request.scan.database;
        most = 1'000'000;
    } else if (option == u"--ceiling") {
        into = &words.request.scan.ceilingMs;
        least = 1;
        most = 10'000;
    } else if (option == u"--samples") {
        into = &words.request.samples;
        least = 1;
    } else if (option == u"--depth") {
        into = &words.depth;
        least = 1;
    } else if (option == u"--top") {
        into = &words.top;
        least = 1;
        most = 100;
    } else if (option == u"--heat") {
        into = &words.request.heatMs;
        times = 1000;
        most = 3600;
    } else {
        return false;
    }
    const auto number = countOf(option, value, least, most);
    if (!number)
        return failure(number.error());
    *into = *number * times;
    return true;
}

Result<> takeAnalyseValue(const QString &option, const QByteArray &value, AnalyseWords &words)
{
    const auto taken = takeCount(option, value, words);
    if (!taken)
        return failure(taken.error());
    if (*taken)
        return {};
    if (option == u"--rdb") {
        words.rdb.paths.append(QString::fromLocal8Bit(value));
    } else if (option == u"--match") {
        words.request.scan.pattern = value;
    } else if (option == u"--type") {
        words.request.scan.type = value;
    } else if (option == u"--node") {
        words.node = QString::fromUtf8(value);
        words.request.scan.from = ScanRequest::From::OneNode;
    } else if (option == u"--slots") {
        const auto slots_ = SlotSet::parse(value);
        if (!slots_)
            return failure(slots_.error());
        words.request.scan.slotsOnly = *slots_;
    } else if (value.isEmpty()) {
        return failure(Error::Code::InvalidArgument, u"analyse: --delimiter takes a text"_s);
    } else {
        if (!std::exchange(words.hasDelimiters, true))
            words.request.delimiters.clear();
        words.request.delimiters.append(value);
    }
    return {};
}

Result<AnalyseWords> readAnalyseWords(const Context &context)
{
    static const QStringList withValue{u"--match"_s,    u"--type"_s,    u"--node"_s,    u"--slots"_s,
                                       u"--database"_s, u"--ceiling"_s, u"--samples"_s, u"--delimiter"_s,
                                       u"--depth"_s,    u"--top"_s,     u"--heat"_s,    u"--rdb"_s};
    AnalyseWords words;
    const QStringList &arguments = context.arguments;
    const bool isRaw = context.rawArguments.size() == arguments.size(); // a pattern is not text
    words.request.scan.database = context.target ? std::max(0, context.target->database) : 0;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &word = arguments[i];
        if (withValue.contains(word)) {
            if (++i == arguments.size())
                return failure(Error::Code::InvalidArgument, u"analyse: %1 needs a value"_s.arg(word));
            const QByteArray value = isRaw ? context.rawArguments[i] : arguments[i].toUtf8();
            words.hasDatabase = words.hasDatabase || word == u"--database";
            if (const Result<> taken = takeAnalyseValue(word, value, words); !taken)
                return failure(taken.error());
        } else if (word == u"--replicas") {
            words.request.scan.from = ScanRequest::From::Replicas;
        } else if (word == u"--no-idle") {
            words.request.asksIdle = false;
        } else if (word == u"--no-values") {
            words.request.triesValues = false;
        } else if (word == u"--html" || word == u"--csv") {
            (word == u"--html" ? words.html : words.csv) = true;
        } else if (word == u"--touch") {
            words.request.touches = true;
        } else if (word == u"--help" || word == u"-h") {
            words.help = true;
        } else {
            return failure(Error::Code::InvalidArgument, u"analyse: unknown word “%1”"_s.arg(word));
        }
    }
    const ScanRequest &scan = words.request.scan;
    const bool isOfServers =
        scan.from != ScanRequest::From::Primaries || !scan.pattern.isEmpty() || scan.slotsOnly.has_value();
    if (!words.rdb.paths.isEmpty() && isOfServers)
        return failure(Error::Code::InvalidArgument,
                       u"analyse: --rdb does not go together with --match, --node, --replicas and --slots"_s);
    if (!words.node.isEmpty() && words.request.scan.from == ScanRequest::From::Replicas)
        return failure(Error::Code::InvalidArgument, u"analyse: --node or --replicas, not both"_s);
    if (words.html + words.csv + context.json > 1)
        return failure(Error::Code::InvalidArgument, u"analyse: one of --html, --csv, --json"_s);
    return words;
}

QString progressWords(const AnalysisProgress &progress, const ScanRequest &scan)
{
    if (progress.step == AnalysisProgress::Step::Heat)
        return u"looking at the work of slots…"_s;
    return u"%1 keys counted, %2 · %3"_s.arg(groupedNumber(progress.counted), byteSize(progress.bytes),
                                             summaryOf(progress.scan, scan));
}

int printReport(const AnalysisReport &report, const AnalyseWords &words, bool json)
{
    if (json)
        printJson(reportToJson(report));
    else if (words.html || words.csv)
        printBytes(words.html ? reportHtml(report) : reportCsv(report));
    else
        printOut(reportText(report, {.depth = words.depth, .top = words.top}));
    for (const QString &problem : report.outcome.problems)
        printAside(problem + u'\n');
    return report.outcome.isPartial() ? exitFailed : exitDone;
}

/// Files are read on a thread of its own, so that Ctrl+C ends it with what was read.
QCoro::Task<int> analyseFiles(AnalyseWords words, bool json)
{
    words.rdb.delimiters = words.request.delimiters;
    words.rdb.type = words.request.scan.type;
    words.rdb.database = words.hasDatabase ? words.request.scan.database : -1;
    const auto stop = std::make_shared<std::atomic_bool>(false);
    const auto newest = std::make_shared<std::pair<QMutex, RdbAnalysisProgress>>();
    const Signals signalsSeen([stop] { *stop = true; });
    QFuture<Result<AnalysisReportPtr>> future = QtConcurrent::run([request = words.rdb, stop, newest] {
        return analyseRdb(
            request,
            [newest](const RdbAnalysisProgress &progress) {
                const QMutexLocker locker(&newest->first);
                newest->second = progress;
            },
            stop.get());
    });
    while (!future.isFinished()) {
        co_await QCoro::sleepFor(std::chrono::milliseconds(100));
        const QMutexLocker locker(&newest->first);
        const RdbAnalysisProgress &progress = newest->second;
        showProgress(u"file %1 of %2, %3 of %4, %5 keys"_s.arg(progress.file)
                         .arg(progress.files)
                         .arg(byteSize(progress.read), byteSize(progress.size), groupedNumber(progress.keys)));
    }
    clearProgress();
    const Result<AnalysisReportPtr> made = future.result();
    if (!made) {
        printError(made.error());
        co_return exitFailed;
    }
    co_return printReport(**made, words, json);
}

} // namespace

QCoro::Task<int> runAnalyse(Context context)
{
    auto words = readAnalyseWords(context);
    if (!words)
        co_return usageError(words.error().detail);
    if (words->help) {
        printOut(analyseHelp());
        co_return exitDone;
    }
    if (!words->rdb.paths.isEmpty())
        co_return co_await analyseFiles(*words, context.json);
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    if (!words->node.isEmpty()) {
        const auto id = opened.session->resolveNode(words->node);
        if (!id) {
            printError(id.error());
            co_return exitUsage;
        }
        words->request.scan.nodeId = *id;
    }
    words->request.cluster = opened.target.title();
    Analyser analyser(opened.session.get());
    const Signals signalsSeen([&analyser] { analyser.stop(); });
    const ScanRequest scan = words->request.scan;
    Analyser::Report report = [scan](const AnalysisProgress &progress) { showProgress(progressWords(progress, scan)); };
    const auto made = co_await analyser.analyse(words->request, std::move(report));
    clearProgress();
    if (!made) {
        printError(made.error());
        co_return exitFailed;
    }
    co_return printReport(**made, *words, context.json);
}

} // namespace slotscope::cli
