// SPDX-License-Identifier: GPL-3.0-or-later
// The connections of a worker: what is written to them, what comes back, and what ends them.
#include "core/load/loadworker.h"

#include "core/protocol/redirect.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype readSize = 256 * 1024;
constexpr quint8 mostHops = 32;
constexpr qint64 nsPerMs = 1'000'000;
constexpr qint64 tryAgainAfter = 20 * nsPerMs, passingAfter = 200 * nsPerMs;
constexpr qsizetype longestKind = 32;

/// The error's first word, such as "NOPERM", "WRONGTYPE"; ERR if the text does not start with such a word.
QByteArray kindOf(const QByteArray &text)
{
    const qsizetype end = text.indexOf(' ');
    const QByteArray word = text.left(std::min(end < 0 ? text.size() : end, longestKind));
    const bool isKind = !word.isEmpty()
        && std::all_of(word.begin(), word.end(), [](char each) { return (each >= 'A' && each <= 'Z') || each == '_'; });
    return isKind ? word : "ERR"_ba;
}

/// Errors from a temporary state of the server: loading, a script running, a failover.
bool isPassing(const QByteArray &kind)
{
    return kind == "LOADING" || kind == "BUSY" || kind == "CLUSTERDOWN" || kind == "MASTERDOWN" || kind == "READONLY"
        || kind == "NOREPLICAS";
}

void watch(int epoll, int socket, void *lane, bool write, int operation)
{
    epoll_event event{};
    event.events = EPOLLIN;
    if (write)
        event.events |= EPOLLOUT;
    event.data.ptr = lane;
    ::epoll_ctl(epoll, operation, socket, &event);
}

} // namespace

void LoadWorker::takeMail(qint64 now)
{
    std::vector<Lane> lanes;
    std::shared_ptr<const LoadRoutes> routes;
    {
        const std::lock_guard lock(m_mutex);
        lanes.swap(m_newLanes);
        routes.swap(m_newRoutes);
    }
    for (const Lane &lane : lanes) {
        auto &made = m_lanes.emplace_back(std::make_unique<Connected>());
        made->lane = lane;
        made->heard = made->roomSince = now;
        Node &to = node(lane.node);
        ++to.lanes;
        to.downSince = 0;
        to.idle.push_back(made.get());
        watch(m_epoll, lane.socket, made.get(), false, EPOLL_CTL_ADD);
    }
    if (!routes)
        return;
    m_routes = std::move(routes);
    m_patched.reset();
    m_orphansSince = 0;
    for (size_t i = 0; i < m_nodes.size(); ++i) { // requests for a lost node may have another owner now
        Node &each = m_nodes[i];
        if (each.lanes > 0 || each.queue.empty())
            continue;
        std::deque<Request> waiting = std::exchange(each.queue, {});
        m_queued -= qint64(waiting.size());
        for (const Request &request : waiting)
            route(request, now);
    }
}

/// Writes as many requests as the pipeline has room for, in one write. Without a schedule, new requests are created
/// here; those for other nodes go into their queues, so that each node gets its share of the keys.
void LoadWorker::fill(Connected &lane, qint64 now)
{
    const bool scheduled = isScheduled();
    const qint16 own = lane.lane.node;
    const qint64 before = m_inFlight;
    qint64 tries = 16 * qint64(m_plan.pipeline) + 4096;
    while (qint64(lane.waiting.size()) < m_plan.pipeline && !m_ending) {
        if (node(own).queue.empty()) {
            if (scheduled || !mayDraw(now) || --tries < 0 || !draw(now, now))
                break;
            continue;
        }
        std::deque<Request> &queue = node(own).queue;
        Request request = queue.front();
        queue.pop_front();
        --m_queued;
        if (!scheduled && request.hops == 0)
            request.due = now;
        else if (scheduled)
            m_tally.longestLate = std::max(m_tally.longestLate, (now - std::max(request.due, lane.roomSince)) / 1000);
        if (lane.waiting.empty())
            lane.heard = now;
        write(lane, request);
    }
    if (m_inFlight > before)
        flush(lane);
}

void LoadWorker::write(Connected &lane, const Request &request)
{
    const LoadCommand &command = m_plan.commands[request.command];
    if (request.asking) {
        lane.out.append(m_plan.asking);
        Request prelude = request;
        prelude.isPrelude = true;
        lane.waiting.push_back(prelude);
        ++m_inFlight;
    }
    m_key.resize(0);
    if (command.hasKey())
        m_plan.keys.append(m_key, command.kind(), request.key);
    QByteArrayView value;
    const quint64 number = m_dice.next();
    if (command.hasValue()) {
        const int spread = m_plan.mostBytes - m_plan.leastBytes;
        const int size = m_plan.leastBytes + (spread > 0 ? int(m_dice.below(quint64(spread) + 1)) : 0);
        const qsizetype room = m_plan.values.size() - size;
        value = QByteArrayView(m_plan.values).sliced(room > 0 ? qsizetype(m_dice.below(quint64(room))) : 0, size);
    }
    command.append(lane.out, m_key, value, number);
    lane.waiting.push_back(request);
    ++m_inFlight;
    ++countOf(m_tally.nodes, size_t(lane.lane.node)).sent;
    ++m_tally.commands[request.command].sent;
}

void LoadWorker::flush(Connected &lane)
{
    while (lane.written < lane.out.size()) {
        const ssize_t taken = ::send(lane.lane.socket, lane.out.constData() + lane.written,
                                     size_t(lane.out.size() - lane.written), MSG_NOSIGNAL);
        if (taken > 0) {
            lane.written += taken;
            continue;
        }
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        lose(lane, "CONNECTION", loadClock());
        return;
    }
    const bool left = lane.written < lane.out.size();
    if (!left) {
        lane.out.resize(0);
        lane.written = 0;
    }
    if (left != lane.wantsWrite) {
        lane.wantsWrite = left;
        watch(m_epoll, lane.lane.socket, &lane, left, EPOLL_CTL_MOD);
    }
}

void LoadWorker::read(Connected &lane)
{
    if (m_buffer.isEmpty())
        m_buffer.resize(readSize);
    const ssize_t count = ::recv(lane.lane.socket, m_buffer.data(), size_t(readSize), 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return;
    const qint64 now = loadClock();
    if (count <= 0)
        return lose(lane, "CONNECTION", now);
    lane.heard = now;
    if (qint64(lane.waiting.size()) >= m_plan.pipeline)
        lane.roomSince = now;
    lane.replies.feed(QByteArrayView(m_buffer.constData(), count));
    while (true) {
        const ReplyCounter::Step step = lane.replies.advance();
        if (step == ReplyCounter::Step::NeedsMore)
            break;
        if (step == ReplyCounter::Step::Broken || lane.waiting.empty())
            return lose(lane, "PROTOCOL", now);
        finish(lane, now, step == ReplyCounter::Step::Error);
    }
    const bool scheduled = isScheduled();
    if (lane.waiting.empty() || scheduled)
        fill(lane, now);
    if (lane.open && lane.waiting.empty())
        node(lane.lane.node).idle.push_back(&lane);
}

/// Handles one reply, which belongs to the oldest pending request.
void LoadWorker::finish(Connected &lane, qint64 now, bool wasError)
{
    const Request request = lane.waiting.front();
    lane.waiting.pop_front();
    --m_inFlight;
    if (request.isPrelude)
        return;
    if (wasError)
        return finishFailed(lane, request, now, lane.replies.errorText());
    m_tally.removed += lane.replies.integer();
    m_tally.missed += lane.replies.isNull() && request.counts ? 1 : 0;
    note(request, countOf(m_tally.nodes, size_t(lane.lane.node)), now, {});
}

void LoadWorker::finishFailed(Connected &lane, const Request &request, qint64 now, const QByteArray &text)
{
    if (follow(lane, request, text, now))
        return;
    note(request, countOf(m_tally.nodes, size_t(lane.lane.node)), now, kindOf(text));
    ++countOf(m_tally.nodes, size_t(lane.lane.node)).failed;
    ++m_tally.commands[request.command].failed;
}

/// Follows MOVED and ASK a limited number of times; returns true if the request was sent on.
bool LoadWorker::follow(Connected &lane, Request request, const QByteArray &text, qint64 now)
{
    if (text.startsWith("TRYAGAIN") && request.hops < mostHops) {
        ++request.hops;
        m_later.emplace_back(now + tryAgainAfter, request);
        return true;
    }
    if (m_plan.repeats && isPassing(kindOf(text)) && now - request.due < m_plan.givesNodeUpMs * nsPerMs) {
        request.hops = std::max<quint8>(request.hops, 1); // the time counts from the first attempt
        m_asksRoutes = true;
        m_later.emplace_back(now + passingAfter, request);
        return true;
    }
    const auto redirect = parseRedirect(text);
    if (!redirect || request.hops >= mostHops)
        return false;
    ++m_tally.redirects;
    ++request.hops;
    request.asking = false;
    const LoadRoutes &routes = m_patched ? *m_patched : *m_routes;
    const QByteArray address = redirect->host.toUtf8() + ':' + QByteArray::number(redirect->port);
    const auto found = redirect->host.isEmpty() ? routes.byAddress.cend() : routes.byAddress.constFind(address);
    const bool isKnown = found != routes.byAddress.cend();
    const bool asks = redirect->kind == Redirect::Kind::Ask;
    if (!asks)
        m_asksRoutes = true;
    if (!isKnown || node(*found).lanes == 0 || *found == lane.lane.node) {
        m_asksRoutes = true;
        m_later.emplace_back(now + tryAgainAfter, request);
        return true;
    }
    const qint16 target = *found;
    if (!asks && routes.owner[redirect->slot] != target) {
        if (!m_patched)
            m_patched = std::make_unique<LoadRoutes>(*m_routes);
        m_patched->owner[redirect->slot] = target;
    }
    request.asking = asks;
    node(target).queue.push_front(request);
    ++m_queued;
    return true;
}

/// Handles a lost connection. Pending requests may or may not have been executed: they count as failed, and are
/// repeated only if that does no harm.
void LoadWorker::lose(Connected &lane, const QByteArray &why, qint64 now)
{
    lane.open = false;
    ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, lane.lane.socket, nullptr);
    ::close(lane.lane.socket);
    --node(lane.lane.node).lanes;
    std::erase(node(lane.lane.node).idle, &lane);
    m_ended.push_back({.id = lane.lane.id, .node = lane.lane.node, .why = why});
    m_asksRoutes = true;
    m_inFlight -= qint64(lane.waiting.size());
    for (Request request : std::exchange(lane.waiting, {})) {
        if (request.isPrelude)
            continue;
        ++countOf(m_tally.nodes, size_t(lane.lane.node)).unknown;
        ++m_tally.commands[request.command].unknown;
        if (m_plan.repeats && request.hops < mostHops) {
            ++request.hops;
            m_later.emplace_back(now + tryAgainAfter, request);
            continue;
        }
        note(request, countOf(m_tally.nodes, size_t(lane.lane.node)), now, why);
    }
}

void LoadWorker::note(const Request &request, LoadCount &of, qint64 now, const QByteArray &error)
{
    if (!request.counts) {
        ++m_tally.warmUp;
        return;
    }
    m_tally.lastAnswer = std::max(m_tally.lastAnswer, now);
    const qint64 time = std::max<qint64>(0, now - request.due) / 1000;
    for (LoadCount *count : {&of, &m_tally.commands[request.command]}) {
        count->note(time);
        if (error.isEmpty())
            ++count->ok;
        else
            ++count->errors[error];
    }
}

} // namespace slotscope
