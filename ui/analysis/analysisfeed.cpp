// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/analysisfeed.h"

#include "core/base/errortext.h"
#include "core/base/ownfiles.h"
#include "core/base/whendone.h"
#include "ui/shared/pagecontext.h"

#include <QMutex>
#include <QtConcurrent/QtConcurrentRun>

#include <atomic>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int lookAtFilesMs = 100;

} // namespace

struct AnalysisFeed::Files
{
    std::atomic_bool stop = false;
    QMutex mutex;
    RdbAnalysisProgress progress;
};

AnalysisFeed::AnalysisFeed(PageContext &context, QObject *parent)
    : QObject(parent), m_context(context), m_files(ReportStore::usualFolder())
{
    connect(&context, &PageContext::doorChanged, this, &AnalysisFeed::takeDoor);
    connect(&m_look, &QTimer::timeout, this, &AnalysisFeed::progressChanged);
    takeDoor();
}

AnalysisFeed::~AnalysisFeed()
{
    endFiles();
    m_context.setBusy(u"analysis"_s, false);
}

void AnalysisFeed::takeDoor()
{
    ++m_list;
    ++m_file;
    m_isOfFormerSession = true;
    ++m_sizing;
    m_analyser.reset();
    m_sizesReader.reset();
    if (m_context.door()) {
        m_analyser = std::make_unique<Remote<Analyser>>(*m_context.door());
        m_sizesReader = std::make_unique<Remote<KeySizesReader>>(*m_context.door());
    }
    if (std::exchange(m_sizes, nullptr)) // the new session may belong to another cluster
        Q_EMIT sizesChanged();
    if (!m_isRunning || m_reading)
        return;
    ++m_run;
    end();
    Q_EMIT runningChanged();
    Q_EMIT failed(
        failure(Error::Code::Cancelled, tr("The connection closed during the analysis: there is no report.")).value());
}

void AnalysisFeed::end()
{
    m_isRunning = false;
    m_context.setBusy(u"analysis"_s, false);
}

void AnalysisFeed::start(AnalysisRequest request)
{
    if (!m_analyser || m_isRunning)
        return;
    request.cluster = m_context.title();
    m_request = request;
    m_progress = {};
    m_isRunning = true;
    m_context.setBusy(u"analysis"_s, true);
    const quint64 run = ++m_run;
    const auto sink = std::make_shared<BatchSink<AnalysisProgress>>(this, [this, run](Batch<AnalysisProgress> batch) {
        if (run != m_run || batch.items.empty())
            return;
        m_progress = std::move(batch.items.back());
        Q_EMIT progressChanged();
    });
    whenDone(m_analyser->call<AnalysisReportPtr>(
                 [request, sink](Analyser &analyser) { return analyser.analyse(request, sink); }),
             this, [this, run](const Result<AnalysisReportPtr> &result) {
                 if (run == m_run)
                     finish(result);
             });
    Q_EMIT runningChanged();
}

void AnalysisFeed::startFiles(const QStringList &paths)
{
    if (m_isRunning || paths.isEmpty())
        return;
    m_progress = {};
    m_progress.step = AnalysisProgress::Step::Files;
    m_isRunning = true;
    m_context.setBusy(u"analysis"_s, true);
    m_reading = std::make_shared<Files>();
    m_look.start(lookAtFilesMs);
    RdbAnalysisRequest request;
    request.paths = paths;
    request.delimiters = m_request.delimiters;
    whenDone(QtConcurrent::run([request, files = m_reading] {
                 return analyseRdb(
                     request,
                     [&files](const RdbAnalysisProgress &progress) {
                         const QMutexLocker locker(&files->mutex);
                         files->progress = progress;
                     },
                     &files->stop);
             }),
             this, [this](const Result<AnalysisReportPtr> &result) { takeFiles(result); });
    Q_EMIT runningChanged();
}

void AnalysisFeed::takeFiles(const Result<AnalysisReportPtr> &result)
{
    endFiles();
    end();
    if (result)
        show(*result, {});
    else if (result.error().code != Error::Code::Cancelled)
        Q_EMIT failed(result.error());
    Q_EMIT runningChanged();
}

void AnalysisFeed::endFiles()
{
    if (m_reading)
        m_reading->stop = true;
    m_reading.reset();
    m_look.stop();
}

RdbAnalysisProgress AnalysisFeed::filesProgress() const
{
    if (!m_reading)
        return {};
    const QMutexLocker locker(&m_reading->mutex);
    return m_reading->progress;
}

void AnalysisFeed::pause()
{
    if (m_analyser)
        m_analyser->tell([](Analyser &analyser) { analyser.pause(); });
}

void AnalysisFeed::goOn()
{
    if (m_analyser)
        m_analyser->tell([](Analyser &analyser) { analyser.goOn(); });
}

void AnalysisFeed::stop()
{
    if (m_reading) { // a stopped reading of files still gives a report
        m_reading->stop = true;
        return;
    }
    if (m_analyser)
        m_analyser->tell([](Analyser &analyser) { analyser.stop(); });
}

void AnalysisFeed::finish(const Result<AnalysisReportPtr> &result)
{
    end();
    if (result) {
        show(*result, {});
        store(*result);
    } else if (result.error().code != Error::Code::Cancelled) {
        Q_EMIT failed(result.error());
    }
    Q_EMIT runningChanged();
}

void AnalysisFeed::show(const AnalysisReportPtr &report, const QString &path)
{
    ++m_file; // ignore the result of a file that is still being read
    m_report = report;
    m_path = path;
    m_isOfFormerSession = false;
    Q_EMIT reportChanged();
}

void AnalysisFeed::store(const AnalysisReportPtr &report)
{
    whenDone(QtConcurrent::run([files = m_files, report] { return files.save(*report); }), this,
             [this, report](const Result<StoredReport> &stored) {
                 if (!stored) {
                     Q_EMIT failed(stored.error());
                     return;
                 }
                 if (m_report == report)
                     m_path = stored->path;
                 m_stored.prepend(*stored);
                 Q_EMIT storedChanged();
             });
}

void AnalysisFeed::readSizes()
{
    if (!m_sizesReader)
        return;
    whenDone(m_sizesReader->call<ClusterKeySizesPtr>([](KeySizesReader &reader) { return reader.read(); }), this,
             [this, serial = ++m_sizing](const Result<ClusterKeySizesPtr> &sizes) {
                 // without a view or a session, the sizes are read again with the next session
                 if (serial != m_sizing || !sizes)
                     return;
                 m_sizes = *sizes;
                 Q_EMIT sizesChanged();
             });
}

void AnalysisFeed::readList()
{
    const ClusterViewPtr view = m_context.view();
    if (!view)
        return;
    QSet<QByteArray> nodes;
    for (size_t i = 0; view->cluster && i < view->nodes.size(); ++i)
        nodes.insert(view->nodes[i].id);
    whenDone(QtConcurrent::run([files = m_files, nodes, name = m_context.title()] { return files.list(nodes, name); }),
             this, [this, serial = ++m_list](const ReportList &list) {
                 if (serial != m_list)
                     return;
                 m_unreadable = list.unreadable;
                 takeList(list.reports);
             });
}

/// The session may belong to another cluster now: drops the report shown, unless it is stored for this cluster. Reports
/// of RDB files belong to no connection and stay.
void AnalysisFeed::takeList(const QList<StoredReport> &stored)
{
    m_stored = stored;
    const bool isListed = std::ranges::any_of(stored, [this](const StoredReport &each) { return each.path == m_path; });
    const bool isOfFiles = m_report && m_report->scope.samples == AnalysisScope::ofAFile;
    if (m_report && m_isOfFormerSession && !isListed && !isOfFiles)
        show(nullptr, {});
    Q_EMIT storedChanged();
    if (!m_report && !stored.isEmpty())
        open(stored.front().path);
}

void AnalysisFeed::readFor(const QString &path, std::function<void(const Result<AnalysisReportPtr> &)> then)
{
    whenDone(QtConcurrent::run([files = m_files, path] { return files.read(path); }), this,
             [then = std::move(then)](const Result<AnalysisReportPtr> &report) { then(report); });
}

void AnalysisFeed::open(const QString &path)
{
    readFor(path, [this, path, serial = ++m_file](const Result<AnalysisReportPtr> &report) {
        if (serial != m_file)
            return;
        if (report) {
            show(*report, path);
            return;
        }
        m_stored.removeIf([&path](const StoredReport &stored) { return stored.path == path; });
        Q_EMIT storedChanged();
        Q_EMIT failed(report.error());
    });
}

void AnalysisFeed::remove(const QString &path)
{
    whenDone(QtConcurrent::run([path] { return removeFile(path); }), this, [this, path](const Result<> &removed) {
        if (!removed) {
            Q_EMIT failed(removed.error());
            return;
        }
        m_stored.removeIf([&path](const StoredReport &stored) { return stored.path == path; });
        if (m_path == path) {
            show(nullptr, {});
            if (!m_stored.isEmpty())
                open(m_stored.front().path);
        }
        Q_EMIT storedChanged();
    });
}

} // namespace slotscope
