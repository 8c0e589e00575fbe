// SPDX-License-Identifier: GPL-3.0-or-later
// What all keys of a cluster come to: types, namespaces, times to live, the biggest, what is worth doing.
#include "analysetext.h"
#include "analysewords.h"
#include "command.h"

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

QString progressWords(const AnalysisProgress &progress, const ScanRequest &scan)
{
    if (progress.step == AnalysisProgress::Step::Heat)
        return u"measuring the load of slots…"_s;
    return u"%1 keys counted, %2 · %3"_s.arg(groupedNumber(progress.counted), byteSize(progress.bytes),
                                             summaryOf(progress.scan, scan));
}

/// Reads the files in a thread of its own, so that Ctrl+C can end it and keep what was read.
QCoro::Task<Result<AnalysisReportPtr>> analyseFiles(AnalyseWords words)
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
    co_return future.result();
}

QCoro::Task<Result<AnalysisReportPtr>> analyseServers(AnalyseWords words, Opened opened)
{
    words.request.cluster = opened.target.title();
    Analyser analyser(opened.session.get());
    const Signals signalsSeen([&analyser] { analyser.stop(); });
    const ScanRequest scan = words.request.scan;
    Analyser::Report report = [scan](const AnalysisProgress &progress) { showProgress(progressWords(progress, scan)); };
    auto made = co_await analyser.analyse(words.request, std::move(report));
    clearProgress();
    co_return made;
}

/// Whether the analysis needs a connection to a cluster.
bool needsSession(const AnalyseWords &words)
{
    const bool isMade = words.show.isEmpty() && words.rdb.paths.isEmpty();
    return isMade || words.list || words.show == u"last" || words.compare == u"last";
}

/// Returns the exit code: 1 if the report could not be stored, which is printed.
int save(const AnalysisReport &report)
{
    const auto stored = ReportStore(ReportStore::usualFolder()).save(report);
    if (!stored) {
        printError(stored.error());
        return exitFailed;
    }
    printAside(u"saved as %1\n"_s.arg(stored->path));
    return exitDone;
}

/// Returns the requested report: a stored one, one made from files, or one made from the servers now.
QCoro::Task<Result<AnalysisReportPtr>> reportFor(AnalyseWords words, Opened opened)
{
    if (!words.show.isEmpty())
        co_return reportNamed(words.show, opened);
    if (!words.rdb.paths.isEmpty())
        co_return co_await analyseFiles(words);
    co_return co_await analyseServers(words, opened);
}

} // namespace

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

QCoro::Task<int> runAnalyse(Context context)
{
    auto words = readAnalyseWords(context);
    if (!words)
        co_return usageError(words.error().detail);
    if (words->help) {
        printOut(analyseHelp());
        co_return exitDone;
    }
    if (words->keySizes)
        co_return co_await tellKeySizes(*words, context);
    Opened opened;
    if (needsSession(*words)) {
        opened = co_await openSession(context);
        if (!opened.session)
            co_return exitFailed;
    }
    if (words->list)
        co_return listReports(opened, context.json);
    if (!words->node.isEmpty()) {
        const auto id = opened.session->resolveNode(words->node);
        if (!id) {
            printError(id.error());
            co_return exitUsage;
        }
        words->request.scan.nodeId = *id;
    }
    Result<AnalysisReportPtr> other = AnalysisReportPtr();
    if (!words->compare.isEmpty())
        // read the other report before this one is stored and becomes “last”
        other = reportNamed(words->compare, opened);
    if (!other) {
        printError(other.error());
        co_return exitFailed;
    }
    const Result<AnalysisReportPtr> made = co_await reportFor(*words, opened);
    if (!made) {
        printError(made.error());
        co_return exitFailed;
    }
    const int saved = words->save ? save(**made) : exitDone;
    if (*other)
        printComparison(*other, *made, words->top, context.json);
    const int printed =
        *other ? ((*made)->outcome.isPartial() ? exitFailed : exitDone) : printReport(**made, *words, context.json);
    co_return std::max(saved, printed);
}

} // namespace slotscope::cli
