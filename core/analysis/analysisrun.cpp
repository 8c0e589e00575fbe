// SPDX-License-Identifier: GPL-3.0-or-later
// An analysis as a whole: the slots' own figures, the scan with the questions about its keys, the report.
#include "core/analysis/analysisrun.h"

#include "core/analysis/findingrules.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/cluster/slot.h"
#include "core/session/slotheat.h"

#include <QCoro/QCoroTimer>
#include <QDateTime>

#include <chrono>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int analysisTellMs = 100;
constexpr qsizetype hotSlotsKept = 20, checkedKeys = 20;
constexpr qsizetype namespacesTried = 8;
constexpr int moreSamples = 20; // factor for the number of samples in the check

KeyAggregator::Options aggregatorOptions(const AnalysisRequest &request)
{
    KeyAggregator::Options options;
    options.delimiters = request.delimiters;
    return options;
}

ReportHeat heatOf(const SlotUse &before, const SlotUse &now, const ClusterView &view)
{
    ReportHeat told;
    SlotHeat heat = slotHeat(&before, now, SlotMetric::Cpu);
    if (heat.known == 0) {
        heat = slotHeat(&before, now, SlotMetric::Network);
        told.isNetwork = true;
    }
    if (heat.known == 0) {
        told.problem = !now.errors.isEmpty()
            ? now.errors.front()
            : tr("the servers do not count the load of slots (cluster-slot-stats-enabled)");
        return told;
    }
    told.sum = heat.sum;
    told.overMs = heat.overMs;
    for (const int slot : heat.hottest.mid(0, hotSlotsKept)) {
        const qint16 owner = view.owner[size_t(slot)];
        const int shard = owner < 0 ? -1 : view.nodes[size_t(owner)].shard;
        told.slots_.append({slot, shard < 0 ? 0 : view.shards[size_t(shard)].number, heat.values[size_t(slot)]});
    }
    return told;
}

} // namespace

AnalysisRun::AnalysisRun(QPointer<ClusterSession> session, AnalysisRequest request, Analyser::Report tell)
    : m_session(std::move(session))
    , m_request(std::move(request))
    , m_tell(std::move(tell))
    , m_aggregator(aggregatorOptions(m_request))
    , m_samples(Delimiters(m_request.delimiters))
    , m_scanner(std::make_unique<KeyScanner>(m_session))
{
    m_reports.setInterval(analysisTellMs);
    m_reports.callOnTimeout([this] { this->tell(); });
}

AnalysisRun::~AnalysisRun() = default;

void AnalysisRun::pause()
{
    if (m_paused || m_stopped)
        return;
    m_paused = true;
    m_pausedAt = m_time.elapsed();
    if (m_scanner)
        m_scanner->pause();
    tell();
}

void AnalysisRun::goOn()
{
    if (!std::exchange(m_paused, false))
        return;
    m_pausedMs += m_time.elapsed() - m_pausedAt;
    if (m_scanner)
        m_scanner->goOn();
    wake();
    tell();
}

void AnalysisRun::stop()
{
    const Ptr self = shared_from_this(); // resuming a waiting coroutine may release the last reference to this object
    m_stopped = true;
    if (m_scanner)
        m_scanner->stop();
    wake();
}

void AnalysisRun::wake()
{
    const Ptr self = shared_from_this();
    for (Awaited<bool>::Completer &waiting : std::exchange(m_waiting, {}))
        waiting.complete(true);
}

/// Waits while paused; returns false if the analysis was stopped.
QCoro::Task<bool> AnalysisRun::mayGoOn(Ptr self)
{
    while (!self->m_stopped && self->m_session && self->m_paused)
        std::ignore = co_await self->m_waiting.emplace_back().awaited();
    co_return !self->m_stopped && self->m_session;
}

/// Waits until all coroutines that query keys have ended.
QCoro::Task<> AnalysisRun::allAsked(Ptr self)
{
    while (self->m_asking > 0) {
        self->m_idle = Awaited<bool>::Completer();
        std::ignore = co_await self->m_idle.awaited();
    }
}

void AnalysisRun::ended()
{
    if (--m_asking == 0)
        m_idle.complete(true);
}

void AnalysisRun::noteProblem(const QString &words)
{
    constexpr qsizetype mostProblems = 20;
    if (!m_problems.contains(words) && m_problems.size() < mostProblems)
        m_problems.append(words);
}

void AnalysisRun::tell()
{
    const qint64 now = m_paused ? m_pausedAt : m_time.elapsed();
    m_progress.elapsedMs = now - m_pausedMs;
    m_progress.isPaused = m_paused;
    m_progress.counted = m_aggregator.sum().keys;
    m_progress.bytes = m_aggregator.sum().bytes;
    m_progress.scan.seen = m_seen.size() + m_seen.doubtful();
    if (m_tell)
        m_tell(m_progress);
}

/// Measures slot statistics for a while, before our own queries affect them.
QCoro::Task<> AnalysisRun::readHeat(Ptr self)
{
    const ClusterViewPtr view = self->m_session->view();
    if (self->m_request.heatMs <= 0 || !view || !view->cluster)
        co_return;
    const SlotUseReader reader(self->m_session);
    const auto before = co_await reader.readAll();
    if (!before) {
        self->m_heat.problem = describe(before.error());
        co_return;
    }
    const bool isAnyTold = std::any_of(before->slots.begin(), before->slots.end(),
                                       [](const SlotUse::Told &told) { return told.slot.toldAt > 0; });
    if (!isAnyTold) {
        self->m_heat.problem =
            !before->errors.isEmpty() ? before->errors.front() : tr("CLUSTER SLOT-STATS needs Redis 8.2 or Valkey 8.0");
        co_return;
    }
    QElapsedTimer waited;
    waited.start();
    while (waited.elapsed() < self->m_request.heatMs && !self->m_stopped && self->m_session)
        co_await QCoro::sleepFor(std::chrono::milliseconds(analysisTellMs));
    if (!self->m_session || self->m_stopped)
        co_return;
    const auto now = co_await reader.readAll();
    if (now)
        self->m_heat = heatOf(*before, *now, *view);
    else
        self->m_heat.problem = describe(now.error());
}

/// Queries the biggest keys with estimated sizes again with more samples, to find the error of the estimates.
QCoro::Task<> AnalysisRun::checkSamples(Ptr self, std::shared_ptr<AnalysisReport> report)
{
    qint64 off = 0, sum = 0;
    const QByteArray samples = QByteArray::number(self->m_request.samples * moreSamples);
    for (const ReportKey &key : std::as_const(report->byBytes)) {
        if (!key.isSampled || report->samplesChecked >= checkedKeys)
            continue;
        const bool goesOn = co_await mayGoOn(self);
        if (!goesOn)
            co_return;
        Command command{"MEMORY"_ba, "USAGE"_ba, key.key, "SAMPLES"_ba, samples};
        const auto told = co_await self->m_session->browse(command, self->m_request.scan.database);
        if (!told.reply || told.reply->type() != Value::Type::Integer || told.reply->toInteger() <= 0)
            continue;
        off += std::abs(told.reply->toInteger() - key.bytes);
        sum += told.reply->toInteger();
        ++report->samplesChecked;
        if (!self->m_session)
            co_return;
    }
    if (sum > 0)
        report->sampleError = double(off) / double(sum);
}

/// Tests whether strings would be smaller if compressed, with a few values of the namespaces with the most bytes in
/// strings.
QCoro::Task<> AnalysisRun::tryValues(Ptr self, std::shared_ptr<AnalysisReport> report)
{
    const QByteArray last = QByteArray::number(ValueSamples::bytesTried - 1);
    const QList<ValueSamples::Namespace> namespaces = self->m_samples.largest(namespacesTried);
    for (const ValueSamples::Namespace &part : namespaces) {
        QByteArrayList values;
        for (const QByteArray &key : part.keys) {
            const bool goesOn = co_await mayGoOn(self);
            if (!goesOn)
                co_return;
            Command command{"GETRANGE"_ba, key, "0"_ba, last};
            const auto told = co_await self->m_session->browse(command, self->m_request.scan.database);
            if (told.reply && told.reply->isString() && !told.reply->bytes().isEmpty())
                values.append(told.reply->bytes());
            if (!self->m_session)
                co_return;
        }
        if (!values.isEmpty())
            report->compression.append(triedCompression(part, values));
    }
}

AnalysisScope AnalysisRun::scope(const ScanProgress &scanned) const
{
    AnalysisScope scope;
    scope.cluster = m_request.cluster;
    if (const ClusterViewPtr view = m_session ? m_session->view() : nullptr) {
        scope.hasSlots = view->cluster;
        // without cluster mode, an id is an address and not suitable for recognising the cluster
        for (size_t i = 0; view->cluster && i < view->nodes.size(); ++i)
            scope.nodes.append(view->nodes[i].id);
    }
    const QString all = summaryOf(scanned, m_request.scan);
    scope.source = all.section(u" · "_s, 1, 1);
    if (m_request.scan.from == ScanRequest::From::OneNode || m_request.scan.from == ScanRequest::From::OneShard)
        for (const ScanProgress::Node &node : scanned.nodes)
            scope.only = scope.source = node.address;
    scope.pattern = m_request.scan.pattern;
    scope.type = m_request.scan.type;
    if (m_request.scan.slotsOnly)
        scope.slotsOnly = m_request.scan.slotsOnly->toString();
    scope.database = m_request.scan.database;
    scope.fromReplicas = m_request.scan.from == ScanRequest::From::Replicas;
    scope.samples = m_request.samples;
    scope.delimiters = m_request.delimiters;
    return scope;
}

AnalysisOutcome AnalysisRun::outcome(const ScanProgress &scanned) const
{
    AnalysisOutcome outcome;
    outcome.startedAt = m_startedAt;
    outcome.elapsedMs = m_time.elapsed() - m_pausedMs;
    outcome.isStopped = m_stopped || scanned.state == ScanProgress::State::Stopped;
    outcome.isWhole = scanned.isWhole() && !outcome.isStopped;
    outcome.expected = scanned.expected;
    outcome.vanished = m_progress.vanished;
    outcome.refused = m_progress.refused;
    outcome.unread = m_progress.unread;
    outcome.doubtful = qint64(m_seen.doubtful());
    outcome.missing = scanned.missing.isEmpty() ? QString() : scanned.missing.toString();
    for (const ScanProgress::Node &node : scanned.nodes)
        if (node.error && node.replacedBy.isEmpty())
            outcome.problems.append(describe(*node.error));
    outcome.problems += m_problems;
    if (m_lengthsLeft)
        outcome.problems.append(
            tr("Lengths were not read: without CLIENT NO-TOUCH (Redis 7.2) that would mark the keys as used."));
    return outcome;
}

QCoro::Task<Result<AnalysisReportPtr>> AnalysisRun::run(Ptr self)
{
    if (!self->m_session || !self->m_session->view())
        co_return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
    self->m_time.start();
    self->m_startedAt = QDateTime::currentMSecsSinceEpoch();
    self->m_reports.start();
    self->tell();
    co_await readHeat(self);
    if (!self->m_session || self->m_stopped) {
        self->m_reports.stop();
        co_return failure(Error::Code::Cancelled);
    }
    self->m_progress.step = AnalysisProgress::Step::Keys;
    KeyScanner::Report report = [weak = self->weak_from_this()](const ScanProgress &scanned) {
        if (const Ptr run = weak.lock())
            run->m_progress.scan = scanned;
    };
    const auto scanned = co_await self->m_scanner->scan(self->m_request.scan, self, std::move(report));
    co_await allAsked(self);
    co_await askLate(self);
    self->m_scanner.reset();
    if (!scanned) {
        self->m_reports.stop();
        co_return failure(scanned.error());
    }
    self->m_progress.scan = *scanned;
    self->m_progress.step = AnalysisProgress::Step::Checks;
    self->tell();
    const auto made =
        std::make_shared<AnalysisReport>(self->m_aggregator.report(self->scope(*scanned), self->outcome(*scanned)));
    made->heat = self->m_heat;
    if (!self->m_stopped && self->m_session)
        co_await checkSamples(self, made);
    // if some server lacks NO-TOUCH, reading values would count as access to the keys
    const bool mayRead = self->m_request.triesValues && !self->m_lengthsLeft;
    if (mayRead && !self->m_stopped && self->m_session)
        co_await tryValues(self, made);
    made->findings = findingsOf(*made);
    self->m_reports.stop();
    self->tell();
    co_return Result<AnalysisReportPtr>(made);
}

} // namespace slotscope
