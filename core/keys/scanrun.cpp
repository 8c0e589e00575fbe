// SPDX-License-Identifier: GPL-3.0-or-later
// A scan as a whole: where it begins, and what has to be read again.
#include "core/keys/scanrun.h"

#include "core/base/clock.h"
#include "core/base/tr.h"
#include "core/cluster/slot.h"
#include "core/keys/keyfilter.h"

#include <QCoro/QCoroTimer>

#include <algorithm>
#include <chrono>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int scanReportMs = 100;
constexpr qint64 successorMs = 30'000; // waiting time for a successor: a node timeout of 15 s plus an election
constexpr int lookAgainMs = 300;
constexpr int mostRounds = 200; // limit for slots that keep moving
constexpr qsizetype lanesAtOnce = 32; // nodes scanned in parallel

/// Whether waiting does not help, because the user lacks permission or the server lacks a feature.
bool isFinal(const std::optional<Error> &error)
{
    using Code = Error::Code;
    return error
        && (error->code == Code::NoPermission || error->code == Code::NoDatabase || error->code == Code::WrongPassword
            || error->code == Code::AuthRequired || error->code == Code::ServerError || error->code == Code::Parse);
}

/// The slot of all keys that a pattern can match, if it has a complete hash tag before any special character.
std::optional<quint16> slotOfPattern(const QByteArray &pattern)
{
    const qsizetype open = pattern.indexOf('{'), close = pattern.indexOf('}', open + 1);
    if (open < 0 || close <= open + 1)
        return std::nullopt;
    const QByteArrayView before = QByteArrayView(pattern).first(close);
    for (const char special : {'*', '?', '[', '\\'})
        if (before.contains(special))
            return std::nullopt;
    return slotOfKey(QByteArrayView(pattern).sliced(open, close + 1 - open));
}

bool isReachable(const NodeState &node)
{
    return node.reach.state == Reach::State::Ready;
}

/// Each answering primary's own report of its slots.
QHash<QByteArray, SlotWitness> witnessesOf(const ClusterView &view)
{
    QHash<QByteArray, SlotWitness> witnesses;
    for (const NodeState &node : view.nodes) {
        if (!node.primary || !isReachable(node))
            continue;
        const NodeObservation *observed = view.observationOf(node.id);
        const NodeLine *own = observed && observed->table ? observed->table->self() : nullptr;
        SlotWitness witness = own ? SlotWitness::of(*own) : SlotWitness();
        if (!own) {
            witness.owned = node.slots;
            witness.epoch = node.configEpoch;
        }
        witnesses.insert(node.id, witness);
    }
    return witnesses;
}

} // namespace

ScanRun::ScanRun(QPointer<ClusterSession> session, ScanRequest request, std::shared_ptr<KeyOutlet> outlet,
                 KeyScanner::Report report)
    : m_session(std::move(session))
    , m_request(std::move(request))
    , m_outlet(std::move(outlet))
    , m_report(std::move(report))
{
    m_reports.setInterval(scanReportMs);
    m_reports.callOnTimeout([this] { tell(); });
    m_outlet->whenRoom([this] { wake(); });
}

ScanRun::~ScanRun()
{
    m_outlet->whenRoom({});
}

void ScanRun::pause()
{
    if (m_paused || m_progress.state != ScanProgress::State::Running)
        return;
    m_paused = true;
    m_pausedAt = m_time.elapsed();
    m_progress.state = ScanProgress::State::Paused;
    tell();
}

void ScanRun::goOn()
{
    if (!std::exchange(m_paused, false))
        return;
    m_pausedMs += m_time.elapsed() - m_pausedAt;
    m_progress.state = ScanProgress::State::Running;
    wake();
    tell();
}

void ScanRun::stop()
{
    const Ptr self = shared_from_this(); // resuming a waiting coroutine may release the last reference to this object
    m_stopped = true;
    wake();
}

void ScanRun::wake()
{
    const Ptr self = shared_from_this();
    for (Awaited<bool>::Completer &waiting : std::exchange(m_waiting, {}))
        waiting.complete(true);
}

/// Waits for room and while paused; returns false if the scan was stopped.
QCoro::Task<bool> ScanRun::mayGoOn(Ptr self)
{
    while (!self->m_stopped && self->m_session && (self->m_paused || self->m_outlet->isFull()))
        std::ignore = co_await self->m_waiting.emplace_back().awaited();
    co_return !self->m_stopped && self->m_session;
}

ScanProgress &ScanRun::progress()
{
    const qint64 now = m_paused ? m_pausedAt : m_time.elapsed();
    m_progress.elapsedMs = now - m_pausedMs;
    m_progress.seen = 0;
    m_progress.expected = 0;
    for (const ScanProgress::Node &node : std::as_const(m_progress.nodes)) {
        m_progress.seen += node.seen;
        if (!node.replacedBy.isEmpty())
            continue;
        m_progress.expected = node.expected < 0 || m_progress.expected < 0 ? -1 : m_progress.expected + node.expected;
    }
    if (m_progress.nodes.empty())
        m_progress.expected = -1;
    m_progress.perSecond = m_progress.elapsedMs > 0 ? double(m_progress.seen) * 1000 / double(m_progress.elapsedMs) : 0;
    return m_progress;
}

ScanProgress::Node &ScanRun::nodeOf(const QByteArray &id)
{
    const auto known = std::find_if(m_progress.nodes.begin(), m_progress.nodes.end(),
                                    [&](const ScanProgress::Node &node) { return node.id == id; });
    if (known != m_progress.nodes.end())
        return *known;
    ScanProgress::Node added{.id = id, .address = QString::fromUtf8(id)};
    const ClusterViewPtr view = m_session ? m_session->view() : nullptr;
    if (const NodeState *node = view ? view->node(id) : nullptr) {
        added.address = node->name;
        added.shard = node->shard < 0 ? 0 : view->shards[size_t(node->shard)].number;
        added.isReplica = node->isReplica();
    }
    return m_progress.nodes.emplace_back(std::move(added));
}

/// The node on which a shard is scanned.
QByteArray ScanRun::readerOf(const ClusterView &view, const ShardState &shard) const
{
    if (m_request.from == ScanRequest::From::Replicas) {
        const NodeState *best = nullptr;
        for (const int index : shard.replicas) {
            const NodeState &node = view.nodes[size_t(index)];
            if (isReachable(node) && (!best || node.lagBytes.value_or(0) < best->lagBytes.value_or(0)))
                best = &node;
        }
        if (best)
            return best->id;
    }
    return shard.primary < 0 ? QByteArray() : view.nodes[size_t(shard.primary)].id;
}

/// Returns the nodes for the first round, and records which slots must be covered.
Result<QByteArrayList> ScanRun::nodesToBegin(const ClusterView &view)
{
    SlotSet wanted = m_request.slotsOnly.value_or(SlotSet::all());
    if (const auto slot = slotOfPattern(m_request.pattern))
        wanted = wanted.intersected({SlotRange{*slot, *slot}});
    const bool isOne = m_request.from == ScanRequest::From::OneNode || m_request.from == ScanRequest::From::OneShard;
    const NodeState *named = isOne ? view.node(m_request.nodeId) : nullptr;
    if (isOne && !named)
        return failure(Error::Code::NoRoute, tr("this node is not known"));
    if (!view.slotsKnown)
        return failure(Error::Code::NoRoute, tr("the nodes do not report which slots they own"));
    QByteArrayList nodes;
    SlotSet covered;
    for (size_t shard = 0; shard < view.shards.size(); ++shard) {
        const ShardState &state = view.shards[shard];
        const SlotSet own = state.slots.intersected(wanted);
        if (own.isEmpty() || (isOne && named->shard != int(shard)))
            continue;
        const QByteArray reader = m_request.from == ScanRequest::From::OneNode ? named->id : readerOf(view, state);
        if (reader.isEmpty())
            continue;
        nodes.append(reader);
        m_partOf[reader] = own;
        covered = covered.united(own);
        if (const NodeState *node = view.node(reader); node->isReplica())
            m_replicas.append(reader);
    }
    if (!isOne)
        m_progress.missing = wanted.subtracted(covered);
    m_coverage = SlotCoverage(covered);
    return nodes;
}

/// Records slots that are open, or have another owner than in the previous view.
void ScanRun::noteView(const ClusterView &view)
{
    for (auto open = view.openSlots.cbegin(); open != view.openSlots.cend(); ++open)
        m_disturbed.add(open.key());
    for (size_t slot = 0; slot < m_owners.size(); ++slot) {
        const qint16 index = view.owner[slot];
        const QByteArray owner = index < 0 ? QByteArray() : view.nodes[size_t(index)].id;
        if (!m_owners[slot].isEmpty() && m_owners[slot] != owner)
            m_disturbed.add(quint16(slot));
        m_owners[slot] = owner;
    }
}

/// Records which nodes replace failed ones, because they scan their slots.
void ScanRun::noteSuccessors(const QHash<QByteArray, SlotSet> &passes)
{
    for (ScanProgress::Node &node : m_progress.nodes) {
        if (!node.error || node.done)
            continue;
        for (auto pass = passes.cbegin(); pass != passes.cend(); ++pass)
            if (pass.key() != node.id && !pass->intersected(m_partOf.value(node.id)).isEmpty())
                node.replacedBy = pass.key();
    }
    for (auto pass = passes.cbegin(); pass != passes.cend(); ++pass)
        m_partOf[pass.key()] = m_partOf.value(pass.key()).united(*pass);
}

QCoro::Task<ClusterViewPtr> ScanRun::lookAgain(Ptr self)
{
    co_await QCoro::sleepFor(std::chrono::milliseconds(lookAgainMs));
    if (!self->m_session || self->m_stopped)
        co_return ClusterViewPtr();
    const auto view = co_await self->m_session->fullCheck();
    if (!view || !self->m_session)
        co_return ClusterViewPtr();
    co_return ClusterViewPtr(*view);
}

QCoro::Task<> ScanRun::lane(Ptr self, std::shared_ptr<std::deque<QByteArray>> queue)
{
    while (!queue->empty() && !self->m_stopped) {
        const QByteArray nodeId = queue->front();
        queue->pop_front();
        co_await passNode(self, nodeId);
    }
}

QCoro::Task<> ScanRun::passOver(Ptr self, QByteArrayList nodeIds)
{
    for (const QByteArray &id : nodeIds)
        std::ignore = self->nodeOf(id);
    auto queue = std::make_shared<std::deque<QByteArray>>(nodeIds.begin(), nodeIds.end());
    std::vector<QCoro::Task<>> tasks;
    for (qsizetype i = 0; i < std::min(lanesAtOnce, nodeIds.size()); ++i)
        tasks.push_back(lane(self, queue));
    for (QCoro::Task<> &task : tasks)
        co_await task;
}

QCoro::Task<> ScanRun::scanSlots(Ptr self, ClusterViewPtr view)
{
    const Result<QByteArrayList> begin = self->nodesToBegin(*view);
    if (!begin) {
        self->m_progress.error = begin.error();
        co_return;
    }
    self->noteView(*view);
    self->m_disturbed = {};
    co_await passOver(self, *begin);
    self->m_coverage.endRound();
    const bool isOne = self->m_request.from == ScanRequest::From::OneNode;
    if (isOne && !begin->isEmpty() && self->nodeOf(begin->front()).done)
        co_return; // the request was for this node's keys, even if its slots have moved since
    qint64 patientSince = self->m_time.elapsed();
    for (int round = 1; round < mostRounds && !self->m_stopped && !self->m_coverage.missing().isEmpty();) {
        if (self->m_time.elapsed() - patientSince > successorMs)
            break;
        const ClusterViewPtr now = co_await lookAgain(self);
        if (!now)
            continue;
        self->noteView(*now);
        QHash<QByteArray, SlotSet> passes = self->m_coverage.next(witnessesOf(*now));
        if (passes.isEmpty())
            continue;
        passes.removeIf([&](const auto &pass) { return isFinal(self->nodeOf(pass.key()).error); });
        if (passes.isEmpty())
            break;
        self->noteSuccessors(passes);
        self->m_disturbed = {};
        const int missing = self->m_coverage.missing().count();
        co_await passOver(self, passes.keys());
        self->m_coverage.endRound();
        ++round;
        bool anyDone = false;
        for (const QByteArray &id : passes.keys())
            anyDone = anyDone || self->nodeOf(id).done;
        if (anyDone || self->m_coverage.missing().count() < missing)
            patientSince = self->m_time.elapsed();
    }
    self->m_progress.missing = self->m_progress.missing.united(self->m_coverage.missing());
}

/// Scans a server without cluster mode, or one of its replicas.
QCoro::Task<> ScanRun::scanOneServer(Ptr self, ClusterViewPtr view)
{
    const qint64 since = self->m_time.elapsed();
    QByteArray before;
    while (!self->m_stopped && view) {
        QByteArray chosen = self->m_request.from == ScanRequest::From::OneNode ? self->m_request.nodeId : QByteArray();
        for (const ShardState &shard : view->shards)
            if (chosen.isEmpty())
                chosen = self->readerOf(*view, shard);
        const NodeState *node = view->node(chosen);
        if (node) {
            if (node->isReplica() && !self->m_replicas.contains(chosen))
                self->m_replicas.append(chosen);
            if (!before.isEmpty() && before != chosen)
                self->nodeOf(before).replacedBy = chosen;
            before = chosen;
            const QByteArrayList one(1, chosen);
            co_await passOver(self, one);
            if (self->nodeOf(chosen).done || isFinal(self->nodeOf(chosen).error))
                co_return;
        }
        if (self->m_time.elapsed() - since > successorMs)
            co_return;
        const ClusterViewPtr next = co_await lookAgain(self);
        if (next)
            view = next;
    }
}

QCoro::Task<Result<ScanProgress>> ScanRun::run(Ptr self)
{
    const ClusterViewPtr view = self->m_session ? self->m_session->view() : nullptr;
    if (!view)
        co_return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
    self->m_time.start();
    self->m_progress.state = ScanProgress::State::Running;
    self->m_reports.start();
    QObject context;
    QObject::connect(self->m_session, &ClusterSession::viewChanged, &context,
                     [weak = self->weak_from_this()](const ClusterViewPtr &changed) {
                         if (const Ptr run = weak.lock(); run && changed)
                             run->noteView(*changed);
                     });
    const QByteArray &pattern = self->m_request.pattern;
    if (!pattern.isEmpty() && !hasGlob(pattern)) {
        const Result<> found = co_await lookUp(self, withoutEscapes(pattern));
        if (!found)
            self->m_progress.error = found.error();
    } else if (view->cluster) {
        co_await scanSlots(self, view);
    } else {
        co_await scanOneServer(self, view);
    }
    self->m_reports.stop();
    self->goOn();
    self->m_progress.state =
        self->m_stopped || !self->m_session ? ScanProgress::State::Stopped : ScanProgress::State::Done;
    self->tell();
    if (self->m_progress.error && self->m_progress.nodes.empty())
        co_return failure(*self->m_progress.error);
    co_return Result<ScanProgress>(self->progress());
}

} // namespace slotscope
