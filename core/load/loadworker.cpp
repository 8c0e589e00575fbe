// SPDX-License-Identifier: GPL-3.0-or-later
// Which request comes next, when, and to whom. The connections are in loadworkerlanes.cpp.
#include "core/load/loadworker.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

namespace slotscope {
namespace {

constexpr qint64 perMs = 1'000'000;
constexpr qint64 tendEvery = 50 * perMs;
constexpr qint64 waitsForNode = 1000 * perMs; // how long a request waits for a node without a connection
constexpr qint64 drainFor = 2000 * perMs;
constexpr size_t roomOfClosed = 1024, roomOfSchedule = 1'000'000; // requests waiting for one node, at most
constexpr int mostEvents = 256;
constexpr qint64 mostInOneGo = 4096;
constexpr qint64 mostGivenUp = 10'000'000; // limit of unfinished requests counted one by one
constexpr int longestWaitMs = 10;

std::vector<quint16> turnsOf(const std::vector<int> &weights)
{
    qint64 sum = 0;
    for (const int weight : weights)
        sum += weight;
    constexpr qint64 most = 10'000; // above this sum, shares are rounded, but never to zero
    std::vector<quint16> turns;
    for (size_t i = 0; i < weights.size(); ++i) {
        const qint64 share = sum <= most ? weights[i] : std::max<qint64>(1, weights[i] * most / sum);
        turns.insert(turns.end(), size_t(share), quint16(i));
    }
    return turns;
}

} // namespace

qint64 loadClock()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

LoadWorker::LoadWorker(LoadPlan plan, std::shared_ptr<const LoadRoutes> routes)
    : m_plan(std::move(plan))
    , m_routes(std::move(routes))
    , m_chooser(m_plan.distribution, m_plan.keyCount, m_plan.zipf, m_plan.seed, m_plan.firstKey, m_plan.keyStep)
    , m_dice(m_plan.seed ^ 0x5851F42D4C957F2DU)
    , m_turns(turnsOf(m_plan.weights))
    , m_inTurn(m_plan.firstKey)
    , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
{
    m_tally.commands.resize(m_plan.commands.size());
}

LoadWorker::~LoadWorker()
{
    abandon();
    if (m_thread.joinable())
        m_thread.join();
    for (const auto &lane : m_lanes)
        if (lane->open)
            ::close(lane->lane.socket);
    for (const Lane &lane : m_newLanes)
        ::close(lane.socket);
    if (m_epoll >= 0)
        ::close(m_epoll);
}

void LoadWorker::start()
{
    m_thread = std::thread([this] { run(); });
}

void LoadWorker::add(Lane lane)
{
    const std::lock_guard lock(m_mutex);
    m_newLanes.push_back(lane);
}

void LoadWorker::setRoutes(std::shared_ptr<const LoadRoutes> routes)
{
    const std::lock_guard lock(m_mutex);
    m_newRoutes = std::move(routes);
}

LoadWorker::News LoadWorker::takeNews()
{
    const std::lock_guard lock(m_mutex);
    News news = std::move(m_news);
    m_news = {};
    m_news.done = news.done;
    return news;
}

void LoadWorker::run()
{
    const qint64 began = loadClock();
    qint64 now = began;
    while (!m_abandoned && !isOver(now)) {
        takeMail(now);
        if (now - m_lastTended >= tendEvery)
            tend(now);
        issue(now);
        feedIdle(now);
        rest(now);
        now = loadClock();
    }
    giveUp(now);
    m_tally.busiest = 1 - double(m_waited) / double(std::max<qint64>(1, loadClock() - began));
    handOver(true);
}

LoadWorker::Node &LoadWorker::node(qint16 number)
{
    if (size_t(number) >= m_nodes.size())
        m_nodes.resize(size_t(number) + 1);
    return m_nodes[size_t(number)];
}

LoadCount &LoadWorker::countOf(std::vector<LoadCount> &counts, size_t at)
{
    if (at >= counts.size())
        counts.resize(at + 1);
    return counts[at];
}

bool LoadWorker::isAllDrawn() const
{
    if (m_plan.inTurn)
        return m_inTurn >= m_plan.keyCount * qint64(m_plan.commands.size());
    return m_plan.count > 0 && m_counted >= m_plan.count;
}

size_t LoadWorker::room() const
{
    return isScheduled() ? roomOfSchedule : roomOfClosed;
}

/// Whether a node is skipped. When each key is used once, one lost node must not delay all others forever.
bool LoadWorker::isGivenUp(const Node &node, qint64 now) const
{
    return m_plan.inTurn && node.lanes == 0 && node.downSince > 0
        && now - node.downSince > m_plan.givesNodeUpMs * perMs;
}

bool LoadWorker::mayDraw(qint64 now) const
{
    if (m_ending || m_stop || m_held)
        return false;
    if (isAllDrawn() || (m_plan.repeats && m_later.size() >= room()))
        return false;
    if (m_plan.inTurn)
        return m_plan.pace.perSecond <= 0 || m_drawn < m_plan.pace.dueBy(now);
    return isScheduled() ? m_drawn < dueBy(now) : m_plan.end == 0 || now < m_plan.end;
}

/// Number of requests that the schedule has due by then, not counting any after the end.
qint64 LoadWorker::dueBy(qint64 now) const
{
    return m_plan.schedule.dueBy(m_plan.end > 0 ? std::min(now, m_plan.end - 1) : now);
}

/// Whether no more requests will be created.
bool LoadWorker::isDrawnOut(qint64 now) const
{
    if (m_held)
        return false;
    if (m_stop || m_plan.inTurn || isAllDrawn())
        return m_stop || isAllDrawn();
    return m_plan.end > 0 && now >= m_plan.end && (!isScheduled() || m_drawn >= dueBy(now));
}

LoadWorker::Request LoadWorker::drawn()
{
    Request request;
    if (m_plan.inTurn) {
        request.command = quint16(m_inTurn % qint64(m_plan.commands.size()));
        request.key = m_inTurn / qint64(m_plan.commands.size());
        m_inTurn += m_plan.keyStep;
    } else {
        request.command = m_turns.size() == 1 ? m_turns.front() : m_turns[m_dice.below(m_turns.size())];
        request.key = m_plan.commands[request.command].hasKey() ? m_chooser.next() : 0;
    }
    return request;
}

qint16 LoadWorker::nodeFor(const Request &request)
{
    const LoadRoutes &routes = m_patched ? *m_patched : *m_routes;
    const LoadCommand &command = m_plan.commands[request.command];
    qint16 owner = LoadRoutes::nobody;
    if (!command.hasKey() || !routes.slotsMatter) {
        if (!routes.primaries.empty())
            owner = routes.primaries[m_nextNode++ % routes.primaries.size()];
    } else {
        m_key.resize(0);
        m_plan.keys.append(m_key, command.kind(), request.key);
        owner = routes.owner[slotOfKey(m_key)];
    }
    if (m_plan.replicas && command.reads() && owner >= 0 && size_t(owner) < routes.replicas.size()) {
        const std::vector<qint16> &replicas = routes.replicas[size_t(owner)];
        for (size_t i = 0; i < replicas.size(); ++i) { // choose the connected ones in turn
            const qint16 replica = replicas[m_nextNode++ % replicas.size()];
            if (size_t(replica) < m_nodes.size() && m_nodes[size_t(replica)].lanes > 0)
                return replica;
        }
    }
    return owner;
}

/// Adds a request to its node's queue, ignoring the limit. If no node serves the slot, it is retried soon.
void LoadWorker::route(Request request, qint64 now)
{
    const qint16 target = nodeFor(request);
    if (target < 0) {
        m_asksRoutes = true;
        if (m_orphansSince == 0)
            m_orphansSince = now;
        const bool waits =
            m_plan.inTurn ? now - m_orphansSince <= m_plan.givesNodeUpMs * perMs : now - request.due <= waitsForNode;
        if (waits)
            m_later.emplace_back(now + 20 * perMs, request);
        else
            note(request, m_tally.nobody, now, "CLUSTERDOWN");
        return;
    }
    if (isGivenUp(node(target), now)) {
        note(request, countOf(m_tally.nodes, size_t(target)), now, "UNREACHABLE");
        return;
    }
    node(target).queue.push_back(request);
    ++m_queued;
}

bool LoadWorker::draw(qint64 due, qint64 now)
{
    Request request = drawn();
    request.due = due;
    request.counts = due >= m_plan.countFrom;
    ++m_drawn;
    m_counted += request.counts ? 1 : 0;
    const qint16 target = nodeFor(request);
    const bool isLost = target >= 0 && isGivenUp(node(target), now);
    if (isLost || (target < 0 && m_later.size() < room())) {
        route(request, now);
        return true;
    }
    if (target < 0 || node(target).queue.size() >= room()) {
        const bool isDown = target < 0 || node(target).lanes == 0;
        if (isDown && !m_plan.inTurn && !isScheduled()) { // drop the request, as if it had never been created
            --m_drawn;
            m_counted -= request.counts ? 1 : 0;
            return true;
        }
        m_held = request;
        return false;
    }
    node(target).queue.push_back(request);
    ++m_queued;
    return true;
}

/// Creates the requests due by the schedule. The schedule does not wait: requests without room keep their due time.
void LoadWorker::issue(qint64 now)
{
    if (m_held) {
        const qint16 target = nodeFor(*m_held);
        const bool hasRoom =
            target < 0 ? m_later.size() < room() : isGivenUp(node(target), now) || node(target).queue.size() < room();
        if (hasRoom)
            route(*std::exchange(m_held, {}), now);
    }
    while (!m_later.empty() && m_later.front().first <= now) {
        const Request request = m_later.front().second;
        m_later.pop_front();
        route(request, now);
    }
    for (qint64 go = 0; isScheduled() && go < mostInOneGo && mayDraw(now); ++go)
        if (!draw(m_plan.schedule.dueAt(m_drawn), now))
            break;
}

void LoadWorker::feedIdle(qint64 now)
{
    for (size_t i = 0; i < m_nodes.size(); ++i) {
        const std::vector<Connected *> idle = std::exchange(m_nodes[i].idle, {});
        for (Connected *lane : idle) {
            if (!lane->open)
                continue;
            fill(*lane, now);
            if (lane->open && lane->waiting.empty())
                m_nodes[i].idle.push_back(lane);
        }
        if (isScheduled() && m_plan.pipeline > 1 && !m_nodes[i].queue.empty())
            feedBusy(qint16(i), now);
    }
}

/// With a schedule, sends due requests at once if a pipeline has room.
void LoadWorker::feedBusy(qint16 number, qint64 now)
{
    for (const auto &lane : m_lanes)
        if (lane->open && lane->lane.node == number && !lane->waiting.empty() && !node(number).queue.empty())
            fill(*lane, now);
}

/// Waits for replies, or until the next request is due.
void LoadWorker::rest(qint64 now)
{
    epoll_event events[mostEvents];
    qint64 wait = longestWaitMs * perMs;
    if (isScheduled() && !m_held && !isDrawnOut(now))
        wait = std::clamp<qint64>(m_plan.schedule.dueAt(m_drawn) - loadClock(), 0, wait);
    if (wait > 0 && wait < longestWaitMs * perMs) { // shorter than the resolution of epoll_wait()
        pollfd ready{.fd = m_epoll, .events = POLLIN, .revents = 0};
        const timespec time{.tv_sec = 0, .tv_nsec = long(wait)};
        const qint64 before = loadClock();
        const int some = ::ppoll(&ready, 1, &time, nullptr);
        m_waited += loadClock() - before;
        if (some <= 0)
            return;
        wait = 0;
    }
    const qint64 before = loadClock();
    const int count = ::epoll_wait(m_epoll, events, mostEvents, int(wait / perMs));
    m_waited += wait > 0 ? loadClock() - before : 0;
    for (int i = 0; i < count; ++i) {
        auto *lane = static_cast<Connected *>(events[i].data.ptr);
        if (lane->open && (events[i].events & EPOLLOUT) != 0)
            flush(*lane);
        if (lane->open && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
            read(*lane);
    }
}

/// Handles silent connections and nodes without one, and hands over the counts.
void LoadWorker::tend(qint64 now)
{
    m_lastTended = now;
    for (const auto &lane : m_lanes)
        if (lane->open && !lane->waiting.empty() && now - lane->heard > m_plan.timeoutMs * perMs)
            lose(*lane, "TIMEOUT", now);
    for (size_t i = 0; i < m_nodes.size(); ++i) {
        Node &each = m_nodes[i];
        m_asksRoutes = m_asksRoutes || (each.lanes == 0 && !each.queue.empty());
        if (each.lanes == 0 && !each.queue.empty() && each.downSince == 0)
            each.downSince = now;
        while (each.lanes == 0 && !each.queue.empty()
               && (m_plan.inTurn ? isGivenUp(each, now) : now - each.queue.front().due > waitsForNode)) {
            const Request request = each.queue.front();
            each.queue.pop_front();
            --m_queued;
            note(request, countOf(m_tally.nodes, i), now, "UNREACHABLE");
        }
    }
    const bool hasLane = std::any_of(m_lanes.begin(), m_lanes.end(), [](const auto &lane) { return lane->open; });
    m_lanelessSince = hasLane ? 0 : m_lanelessSince > 0 ? m_lanelessSince : now;
    handOver(false);
}

bool LoadWorker::isOver(qint64 now)
{
    if (m_plan.inTurn && m_lanelessSince > 0 && now - m_lanelessSince > m_plan.givesNodeUpMs * perMs)
        return true; // no connection is left for the remaining requests
    if (m_stop && !m_ending) { // nothing more is sent
        m_ending = true;
        m_endedAt = now;
    } else if (m_endedAt == 0 && m_lastTended != 0) {
        const bool byTime = m_plan.end > 0 && now >= m_plan.end;
        if (!isDrawnOut(now) && !byTime)
            return false;
        m_endedAt = now;
        m_ending = byTime && !isScheduled(); // without a schedule, requests not yet sent were not due
    }
    if (m_endedAt == 0)
        return false;
    if (m_inFlight == 0 && (m_ending || (m_queued == 0 && m_later.empty() && isDrawnOut(now))))
        return true;
    return (m_ending || m_plan.end > 0) && now - m_endedAt > drainFor;
}

/// Counts unanswered requests with the time that they have waited. Omitting them would make the results look better
/// than they are.
void LoadWorker::giveUp(qint64 now)
{
    const auto unfinished = [&](const Request &request, qint16 number) { // a negative number means no node
        if (!request.counts || request.isPrelude)
            return;
        const qint64 time = std::max<qint64>(0, now - request.due) / 1000;
        (number < 0 ? m_tally.nobody : countOf(m_tally.nodes, size_t(number))).note(time);
        m_tally.commands[request.command].note(time);
        ++m_tally.unfinished;
    };
    for (const auto &lane : m_lanes)
        for (const Request &request : lane->waiting) {
            unfinished(request, lane->lane.node);
            if (!request.isPrelude)
                ++countOf(m_tally.nodes, size_t(lane->lane.node)).unknown;
        }
    if (!isScheduled())
        return; // without a schedule, nothing was due that was not sent
    for (size_t i = 0; i < m_nodes.size(); ++i)
        for (const Request &request : m_nodes[i].queue)
            unfinished(request, qint16(i));
    if (m_held)
        unfinished(*m_held, nodeFor(*m_held));
    for (const auto &[when, request] : m_later)
        unfinished(request, nodeFor(request));
    if (m_stop || m_nodes.empty())
        return;
    const qint64 due = std::min(dueBy(now), m_drawn + mostGivenUp);
    for (qint64 each = m_drawn; each < due && (m_plan.count == 0 || m_counted < m_plan.count); ++each, ++m_counted) {
        Request request = drawn();
        request.due = m_plan.schedule.dueAt(each);
        request.counts = request.due >= m_plan.countFrom;
        unfinished(request, nodeFor(request));
    }
    qint64 untold = std::max<qint64>(0, dueBy(now) - due); // too many to count one by one
    if (m_plan.count > 0)
        untold = std::min(untold, std::max<qint64>(0, m_plan.count - m_counted));
    m_tally.unfinished += untold;
}

void LoadWorker::handOver(bool done)
{
    const std::lock_guard lock(m_mutex);
    m_news.tally.merge(m_tally);
    const size_t nodes = m_tally.nodes.size();
    m_tally = {};
    m_tally.nodes.resize(nodes);
    m_tally.commands.resize(m_plan.commands.size());
    m_news.ended.insert(m_news.ended.end(), m_ended.begin(), m_ended.end());
    m_ended.clear();
    m_news.wantsRoutes = m_news.wantsRoutes || std::exchange(m_asksRoutes, false);
    if (!done)
        return;
    for (const auto &lane : m_lanes)
        if (lane->open && !lane->waiting.empty())
            m_news.spoilt.push_back(lane->lane.id);
    m_news.done = true;
    m_news.doneAt = loadClock();
}

} // namespace slotscope
