// SPDX-License-Identifier: GPL-3.0-or-later
// An analysis on its nodes: the questions about the keys that each of them told.
#include "core/analysis/analysisrun.h"

#include "core/base/errortext.h"
#include "core/base/tr.h"
#include "core/base/underway.h"
#include "core/cluster/slot.h"
#include "core/keys/keyfacts.h"

#include <QCoro/QCoroTimer>

#include <chrono>

#ifdef Q_OS_UNIX
#include <ctime>
#endif

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr size_t mostWaitingKeys = 20'000; // above this number, the scan pauses
constexpr qsizetype straysAtOnce = 500;
constexpr int reopenings = 3;
constexpr int lateMs = 400;
constexpr qint64 patienceMs = 30'000; // waiting time for a successor: a node timeout of 15 s plus an election

/// CPU time of this thread in ms, to exclude our own work from the time that a server seems to take. 0 if the system
/// does not report it.
double ownCpuMs()
{
#ifdef Q_OS_UNIX
    timespec now{};
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0)
        return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
#endif
    return 0;
}

/// The facts about one node that an analysis needs, as the node reports them.
struct LaneFacts
{
    bool isLfu = false;
    qint64 listpackEntries = -1;
};

LaneFacts laneFactsOf(const Connection::Replies &replies)
{
    LaneFacts facts;
    if (!replies || replies->size() != 3)
        return facts;
    facts.isLfu = (*replies)[1].bytes().contains("maxmemory_policy:allkeys-lfu")
        || (*replies)[1].bytes().contains("maxmemory_policy:volatile-lfu");
    for (const QByteArrayView name : {"hash-max-listpack-entries", "hash-max-ziplist-entries"})
        if (const Value *value = (*replies)[2].find(name))
            facts.listpackEntries = value->bytes().toLongLong();
    return facts;
}

} // namespace

AnalysisRun::LanePtr AnalysisRun::laneOf(const QByteArray &nodeId)
{
    for (const LanePtr &lane : m_lanes)
        if (lane->nodeId == nodeId)
            return lane;
    auto lane = std::make_shared<Lane>();
    lane->nodeId = nodeId;
    const ClusterViewPtr view = m_session ? m_session->view() : nullptr;
    if (const NodeState *node = view ? view->node(nodeId) : nullptr) {
        lane->isReplica = node->isReplica();
        lane->shard = node->shard < 0 ? 0 : view->shards[size_t(node->shard)].number;
    }
    return m_lanes.emplace_back(std::move(lane));
}

void AnalysisRun::put(KeyBatch batch)
{
    const LanePtr lane = laneOf(batch.nodeId);
    for (const Value &key : batch.keys) {
        if (!m_seen.insert(key.bytes()))
            continue;
        lane->keys.push_back(key.bytes());
        ++m_waitingKeys;
    }
    if (lane->keys.empty() || std::exchange(lane->isRunning, true))
        return;
    ++m_asking;
    runLane(shared_from_this(), lane);
}

bool AnalysisRun::isFull() const
{
    return m_waitingKeys >= mostWaitingKeys;
}

void AnalysisRun::roomMade()
{
    if (m_goOn && m_waitingKeys < mostWaitingKeys / 2)
        m_goOn();
}

int AnalysisRun::shardOf(const QByteArray &key) const
{
    const ClusterViewPtr view = m_session ? m_session->view() : nullptr;
    const qint16 owner = view && view->cluster ? view->owner[slotOfKey(key)] : qint16(-1);
    const int shard = owner < 0 ? -1 : view->nodes[size_t(owner)].shard;
    return shard < 0 ? 0 : view->shards[size_t(shard)].number;
}

QCoro::Task<Result<>> AnalysisRun::openLane(Ptr self, LanePtr lane)
{
    if (lane->link && lane->link->isOpen())
        co_return Result<>();
    LinkPool::LeaseOptions options;
    options.database = self->m_request.scan.database;
    options.noTouch = true;
    options.readonlyReplica = lane->isReplica;
    const auto link = co_await self->m_session->lease(lane->nodeId, options);
    if (!link)
        co_return failure(link.error());
    lane->link = *link;
    QElapsedTimer time;
    time.start();
    const auto pong = co_await lane->link->send(commandOf("PING"));
    lane->roundTripMs = double(time.nsecsElapsed()) / 1e6;
    if (!pong)
        co_return failure(pong.error());
    std::vector<Command> commands;
    commands.push_back(commandOf("PING"));
    commands.push_back(commandOf("INFO", "memory"));
    commands.push_back(commandOf("CONFIG", "GET", "hash-max-*-entries"));
    const auto replies = co_await lane->link->sendAll(commands);
    if (!replies)
        co_return failure(replies.error());
    const LaneFacts facts = laneFactsOf(replies);
    self->m_aggregator.setListpackEntries(facts.listpackEntries);
    lane->questions.samples = self->m_request.samples;
    lane->questions.asksIdle = self->m_request.asksIdle;
    lane->questions.asksFrequency = self->m_request.asksIdle && facts.isLfu;
    lane->questions.asksLength = lane->link->leavesIdle() || self->m_request.touches;
    self->m_lengthsLeft = self->m_lengthsLeft || !lane->questions.asksLength;
    co_return Result<>();
}

void AnalysisRun::count(const FoundKey &key, int shard)
{
    const KeyRecord record = key.record(shard, m_request.samples);
    m_aggregator.add(record);
    if (m_request.triesValues)
        m_samples.offer(record);
}

void AnalysisRun::takeRound(KeyRound &round, Lane &lane)
{
    for (const FoundKey &key : round.done)
        count(key, lane.shard);
    lane.typed = std::move(round.typed);
    m_progress.vanished += round.vanished;
    m_progress.refused += round.refusal.keys;
    if (round.refusal.error)
        noteProblem(describe(*round.refusal.error));
    m_strays += round.strays;
    m_waitingKeys += size_t(round.strays.size());
}

/// Sends one pipeline of queries. Returns an error if the connection was lost; the new keys of the pipeline then go to
/// their present owners.
QCoro::Task<Result<>> AnalysisRun::askRound(Ptr self, LanePtr lane)
{
    QByteArrayList fresh;
    for (int i = 0; i < lane->atOnce && !lane->keys.empty(); ++i) {
        fresh.append(std::move(lane->keys.front()));
        lane->keys.pop_front();
    }
    const auto round = std::make_shared<KeyRound>(lane->questions);
    const std::vector<Command> commands = round->commands(std::exchange(lane->typed, {}), fresh);
    QElapsedTimer time;
    time.start();
    const double cpuBefore = ownCpuMs();
    const auto replies = co_await lane->link->sendAll(commands);
    self->m_waitingKeys -= size_t(fresh.size());
    if (!replies) {
        for (const FoundKey &known : round->unanswered())
            self->count(known, lane->shard);
        self->m_strays += fresh;
        self->m_waitingKeys += size_t(fresh.size());
        co_return failure(replies.error());
    }
    const double servedMs =
        std::max(0.0, double(time.nsecsElapsed()) / 1e6 - (ownCpuMs() - cpuBefore) - lane->roundTripMs);
    round->take(*replies, lane->link->endpoint().toString());
    self->takeRound(*round, *lane);
    self->roomMade();
    const int ceiling = self->m_request.scan.ceilingMs;
    lane->atOnce = nextRound(lane->atOnce, servedMs, ceiling);
    if (servedMs > ceiling) // pause, so that the node can serve other clients
        co_await QCoro::sleepFor(std::chrono::milliseconds(std::min<qint64>(1000, qint64(servedMs))));
    co_return Result<>();
}

/// Gives up on a node that does not answer: its keys are queried from their present owners.
void AnalysisRun::giveUp(Lane &lane, const Error &error)
{
    for (const FoundKey &known : std::exchange(lane.typed, {}))
        count(known, lane.shard);
    for (QByteArray &key : std::exchange(lane.keys, {}))
        m_strays.append(std::move(key));
    Q_UNUSED(error)
}

QCoro::Task<> AnalysisRun::runLane(Ptr self, LanePtr lane)
{
    const Underway underway;
    int failures = 0;
    while (!lane->keys.empty() || !lane->typed.empty()) {
        const bool goesOn = co_await mayGoOn(self);
        if (!goesOn)
            break;
        Result<> asked = co_await openLane(self, lane);
        if (asked)
            asked = co_await askRound(self, lane);
        if (asked)
            continue;
        lane->link.reset();
        if (++failures < reopenings && self->m_session)
            continue;
        self->giveUp(*lane, asked.error());
        break;
    }
    if (self->m_stopped) {
        self->m_waitingKeys -= lane->keys.size();
        lane->keys.clear();
        self->giveUp(*lane, Error{}); // its remaining keys count with what is known about them
    }
    lane->isRunning = false;
    self->startStrays();
    self->roomMade();
    self->ended();
}

void AnalysisRun::startStrays()
{
    if (m_strays.isEmpty() || std::exchange(m_strayRuns, true))
        return;
    ++m_asking;
    runStrays(shared_from_this());
}

void AnalysisRun::takeStrays(const std::vector<KeyFacts> &facts, const QByteArrayList &keys)
{
    for (size_t i = 0; i < facts.size(); ++i) {
        const KeyFacts &told = facts[i];
        if (told.type == "none" || told.ttlMs == -2) {
            ++m_progress.vanished;
            continue;
        }
        if (told.type.isEmpty() && told.problem.contains(u"NOPERM"_s)) {
            ++m_progress.refused;
            noteProblem(told.problem);
            continue;
        }
        if (told.type.isEmpty()) {
            m_late.append(keys[qsizetype(i)]);
            m_latest = told.problem;
            continue;
        }
        if (!told.problem.isEmpty())
            noteProblem(told.problem);
        FoundKey key;
        key.key = keys[qsizetype(i)];
        key.type = told.type;
        key.encoding = told.encoding;
        key.ttlMs = told.ttlMs;
        key.bytes = told.memory;
        key.elements = told.length;
        key.idleSeconds = told.idleSeconds;
        count(key, shardOf(key.key));
    }
}

/// Queries keys that moved or whose node was lost from their present owners.
QCoro::Task<> AnalysisRun::runStrays(Ptr self)
{
    const Underway underway;
    KeyFactsReader reader(self->m_session);
    KeyFactSet wanted = KeyFact::Type | KeyFact::Ttl | KeyFact::Memory | KeyFact::Length | KeyFact::Encoding;
    if (self->m_request.asksIdle)
        wanted |= KeyFact::Idle;
    while (!self->m_strays.isEmpty()) {
        const bool goesOn = co_await mayGoOn(self);
        if (!goesOn)
            break;
        const QByteArrayList keys = self->m_strays.mid(0, straysAtOnce);
        self->m_strays.remove(0, keys.size());
        const auto facts = co_await reader.read(keys, wanted, self->m_request.scan.database);
        self->m_waitingKeys -= size_t(keys.size());
        if (facts) {
            self->takeStrays(*facts, keys);
        } else {
            self->m_late += keys;
            self->m_latest = describe(facts.error());
        }
        self->roomMade();
    }
    self->m_strayRuns = false;
    self->ended();
}

/// Queries again, as long as a move or failover may take, keys that are moving or whose node is being replaced.
QCoro::Task<> AnalysisRun::askLate(Ptr self)
{
    qint64 patientSince = self->m_time.elapsed();
    for (bool isFirst = true; !self->m_late.isEmpty() || !self->m_strays.isEmpty(); isFirst = false) {
        const bool goesOn = co_await mayGoOn(self);
        if (!goesOn || self->m_time.elapsed() - patientSince > patienceMs)
            break;
        if (!isFirst) {
            co_await QCoro::sleepFor(std::chrono::milliseconds(lateMs));
            if (!self->m_session)
                break;
            std::ignore = co_await self->m_session->fullCheck();
        }
        const qsizetype due = self->m_late.size();
        self->m_waitingKeys += size_t(due);
        self->m_strays += std::exchange(self->m_late, {});
        self->startStrays();
        co_await allAsked(self);
        if (self->m_late.size() < due)
            patientSince = self->m_time.elapsed();
    }
    self->m_progress.unread = self->m_late.size();
    if (!self->m_late.isEmpty())
        self->noteProblem(self->m_latest);
}

} // namespace slotscope
