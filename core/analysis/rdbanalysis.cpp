// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rdbanalysis.h"

#include "core/analysis/findingrules.h"
#include "core/analysis/keyaggregator.h"
#include "core/base/errortext.h"
#include "core/base/tr.h"

#include <QDateTime>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QSet>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Returns the files that the paths stand for, without duplicates.
Result<QStringList> filesOf(const QStringList &paths)
{
    QStringList files;
    for (const QString &path : paths) {
        const QFileInfo info(path);
        if (!info.isDir()) {
            files.append(path);
            continue;
        }
        const QFileInfoList inside = QDir(path).entryInfoList({u"*.rdb"_s}, QDir::Files, QDir::Name);
        if (inside.isEmpty())
            return failure(Error::Code::InvalidArgument, tr("%1 contains no file *.rdb").arg(path));
        for (const QFileInfo &file : inside)
            files.append(file.filePath());
    }
    QSet<QString> known; // a file under two names must not count twice
    files.removeIf([&known](const QString &path) {
        const QString file = QFileInfo(path).canonicalFilePath();
        if (file.isEmpty() || !known.contains(file)) {
            known.insert(file);
            return false;
        }
        return true;
    });
    if (files.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("no file was given"));
    return files;
}

KeyRecord recordOf(const RdbKey &key, qint64 writtenAt)
{
    KeyRecord record{.key = key.name, .type = key.type};
    record.encoding = key.encoding;
    record.ttlMs = key.expiresAt == -1 ? -1 : std::max<qint64>(0, key.expiresAt - writtenAt);
    if (key.memory >= 0)
        record.bytes = key.memory;
    // an estimate, because the file does not contain the memory that a server needs for the key
    record.isSampled = true;
    if (key.elements >= 0)
        record.elements = key.elements;
    if (key.idleSeconds >= 0)
        record.idleSeconds = key.idleSeconds;
    if (key.frequency >= 0)
        record.frequency = key.frequency;
    return record;
}

} // namespace

Result<AnalysisReportPtr> analyseRdb(const RdbAnalysisRequest &request,
                                     const std::function<void(const RdbAnalysisProgress &)> &tell,
                                     const std::atomic_bool *stop)
{
    const auto files = filesOf(request.paths);
    if (!files)
        return failure(files.error());
    QElapsedTimer clock;
    clock.start();
    KeyAggregator aggregator({.delimiters = request.delimiters});
    AnalysisOutcome outcome;
    outcome.isWhole = true;
    RdbAnalysisProgress progress{.files = int(files->size())};
    for (const QString &file : *files)
        progress.size += QFileInfo(file).size();
    qint64 before = 0, oldest = -1;
    QStringList names;
    for (const QString &path : *files) {
        ++progress.file;
        names.append(QFileInfo(path).fileName());
        // used if the file does not contain the time of writing
        qint64 writtenAt = QFileInfo(path).lastModified().toMSecsSinceEpoch();
        const auto takeKey = [&](const RdbKey &key, const RdbSummary &told) {
            ++progress.keys;
            writtenAt = told.writtenAt >= 0 ? told.writtenAt : writtenAt;
            if ((request.type.isEmpty() || key.type == request.type)
                && (request.database < 0 || key.database == request.database))
                aggregator.add(recordOf(key, writtenAt));
        };
        const auto goOn = [&](qint64 read, qint64) {
            progress.read = before + read;
            if (tell)
                tell(progress);
            return !stop || !*stop;
        };
        const auto summary = RdbReader::read(path, takeKey, goOn);
        before += QFileInfo(path).size();
        oldest = oldest < 0 ? writtenAt : std::min(oldest, writtenAt);
        if (summary)
            continue;
        outcome.isWhole = false;
        if (summary.error().code == Error::Code::Cancelled) {
            outcome.isStopped = true;
            break;
        }
        if (files->size() == 1 && aggregator.sum().keys == 0)
            return failure(summary.error());
        outcome.problems.append(describe(summary.error()));
    }
    // because the keys are as of that time
    outcome.startedAt = oldest < 0 ? QDateTime::currentMSecsSinceEpoch() : oldest;
    outcome.elapsedMs = clock.elapsed();
    AnalysisScope scope;
    scope.cluster = names.size() == 1 ? names.front() : tr("%1 files").arg(names.size());
    scope.source = names.size() > 3 ? tr("%1 and %2 more").arg(names.mid(0, 3).join(u", "_s)).arg(names.size() - 3)
                                    : names.join(u", "_s);
    if (request.database == 0)
        scope.only = tr("database %1").arg(request.database);
    scope.type = request.type;
    scope.database = std::max(0, request.database);
    scope.samples = AnalysisScope::ofAFile;
    scope.delimiters = request.delimiters;
    auto report = std::make_shared<AnalysisReport>(aggregator.report(scope, outcome));
    report->heat.problem = tr("A file contains no load of slots.");
    report->findings = findingsOf(*report);
    return AnalysisReportPtr(std::move(report));
}

} // namespace slotscope
