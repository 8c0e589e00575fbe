// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/pingrecorder.h"

#include "core/base/clock.h"

#include <QDateTime>
#include <QElapsedTimer>

#include <algorithm>

namespace slotscope {
namespace {

constexpr int pingsPerSecond = 500; // limit for all nodes together
constexpr int jitterEveryMs = 20;
constexpr size_t mostOutstanding = 600; // one minute at ten per second; beyond it, none is sent until one is answered
constexpr int linkAgainMs = 1000;
constexpr int noTimeout = -1; // late replies count, too
constexpr size_t mostWaitingEvents = 50'000;
constexpr qint64 nanosecondsPerMicrosecond = 1000;

QElapsedTimer begunTimer()
{
    QElapsedTimer timer;
    timer.start();
    return timer;
}

/// Monotonic time in nanoseconds.
qint64 nanoseconds()
{
    static const QElapsedTimer timer = begunTimer();
    return timer.nsecsElapsed();
}

} // namespace

/// Pings to one node.
struct PingRecorder::Pinger
{
    struct Sent
    {
        quint64 number = 0;
        qint64 nanoseconds = 0;
    };
    QByteArray nodeId;
    std::shared_ptr<DedicatedLink> link; ///< null: not connected; there is no other reference, so resetting closes it
    quint64 linkNumber = 0; ///< number of the link
    bool isLinking = false;
    bool isDownTold = false;
    bool isDropped = false; ///< the node is gone, or nobody listens any more
    qint64 linkAt = 0; ///< steadyMs() of the next connection attempt
    std::deque<Sent> outstanding; ///< in the order of sending
    quint64 next = 0;
    std::unique_ptr<QTimer> timer;

    void drop()
    {
        isDropped = true;
        timer->stop();
        link.reset();
    }
};

struct PingRecorder::Shared
{
    QPointer<ClusterSession> session;
    Tell tell;
    int wantedMs = 0, intervalMs = 0;
    QByteArrayList only; ///< the nodes to ping; empty: all
    std::vector<PingerPtr> pingers;
    QTimer jitter;
    qint64 jitterArmed = 0;
    bool isStopped = false;
};

PingRecorder::PingRecorder(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

PingRecorder::~PingRecorder()
{
    stop();
}

int PingRecorder::paceFor(int wantedMs, qsizetype nodes)
{
    return std::max(wantedMs, int(nodes * 1000 / pingsPerSecond));
}

void PingRecorder::start(std::shared_ptr<BatchSink<PingEvent>> sink, int intervalMs)
{
    stop();
    m_stream = std::make_unique<BatchStream<PingEvent>>(std::move(sink), mostWaitingEvents);
    start(
        [stream = QPointer<BatchStream<PingEvent>>(m_stream.get())](PingEvent event) {
            if (stream)
                stream->push(std::move(event));
        },
        intervalMs);
}

void PingRecorder::start(Tell tell, int intervalMs, const QByteArrayList &nodes)
{
    if (m_shared)
        stop();
    if (!m_session)
        return;
    m_shared = std::make_shared<Shared>();
    m_shared->session = m_session;
    m_shared->tell = std::move(tell);
    m_shared->wantedMs = intervalMs;
    m_shared->only = nodes;
    m_following = std::make_unique<QObject>();
    QObject::connect(m_session, &ClusterSession::viewChanged, m_following.get(),
                     [this](const ClusterViewPtr &view) { follow(view); });
    beginJitter();
    follow(m_session->view());
}

void PingRecorder::stop()
{
    m_following.reset();
    if (!m_shared)
        return;
    m_shared->isStopped = true;
    m_shared->jitter.stop();
    for (const PingerPtr &pinger : m_shared->pingers)
        pinger->drop();
    m_shared->pingers.clear();
    m_shared.reset();
    m_stream.reset();
}

void PingRecorder::beginJitter()
{
    Shared *shared = m_shared.get();
    shared->jitter.setSingleShot(true); // restarted each time, so that one delay does not shorten the next interval
    shared->jitter.setTimerType(Qt::PreciseTimer);
    shared->jitter.setInterval(jitterEveryMs);
    QObject::connect(&shared->jitter, &QTimer::timeout, &shared->jitter, [shared] {
        const qint64 late = nanoseconds() - shared->jitterArmed - jitterEveryMs * 1'000'000LL;
        PingEvent event;
        event.kind = PingEvent::Kind::Jitter;
        event.at = QDateTime::currentMSecsSinceEpoch();
        event.microseconds = std::max<qint64>(0, late / nanosecondsPerMicrosecond);
        shared->tell(std::move(event));
        shared->jitterArmed = nanoseconds();
        shared->jitter.start();
    });
    shared->jitterArmed = nanoseconds();
    shared->jitter.start();
}

/// Starts pinging new nodes and stops pinging removed ones, each at a different time within the interval.
void PingRecorder::follow(const ClusterViewPtr &view)
{
    if (!m_shared || !view)
        return;
    Shared &shared = *m_shared;
    QByteArrayList wanted;
    for (const NodeState &node : view->nodes)
        if (!node.id.isEmpty() && node.condition != NodeCondition::Handshake
            && node.condition != NodeCondition::NoAddress && (shared.only.isEmpty() || shared.only.contains(node.id)))
            wanted.append(node.id);
    std::erase_if(shared.pingers, [&](const PingerPtr &pinger) {
        const bool isGone = !wanted.contains(pinger->nodeId);
        if (isGone)
            pinger->drop();
        return isGone;
    });
    shared.intervalMs = paceFor(shared.wantedMs, wanted.size());
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        const bool isKnown = std::any_of(shared.pingers.begin(), shared.pingers.end(),
                                         [&](const PingerPtr &pinger) { return pinger->nodeId == wanted[i]; });
        if (isKnown)
            continue;
        const auto pinger = std::make_shared<Pinger>();
        pinger->nodeId = wanted[i];
        pinger->timer = std::make_unique<QTimer>();
        pinger->timer->setTimerType(Qt::PreciseTimer);
        QObject::connect(pinger->timer.get(), &QTimer::timeout, pinger->timer.get(),
                         [weak = std::weak_ptr<Pinger>(pinger), of = std::weak_ptr<Shared>(m_shared)] {
                             const PingerPtr due = weak.lock();
                             const SharedPtr all = of.lock();
                             if (due && all && !all->isStopped)
                                 tick(all, due);
                         });
        shared.pingers.push_back(pinger);
        const int delay = int(i * shared.intervalMs / wanted.size());
        QTimer::singleShot(delay, Qt::PreciseTimer, pinger->timer.get(),
                           [timer = pinger->timer.get(), interval = shared.intervalMs] { timer->start(interval); });
    }
    for (const PingerPtr &pinger : shared.pingers)
        if (pinger->timer->isActive() && pinger->timer->interval() != shared.intervalMs)
            pinger->timer->setInterval(shared.intervalMs);
}

void PingRecorder::tick(const SharedPtr &shared, const PingerPtr &pinger)
{
    if (!pinger->link || !pinger->link->isOpen()) {
        pinger->link.reset();
        if (!pinger->isLinking && steadyMs() >= pinger->linkAt)
            link(shared, pinger);
        return;
    }
    if (!pinger->outstanding.empty()) {
        const qint64 age = (nanoseconds() - pinger->outstanding.front().nanoseconds) / nanosecondsPerMicrosecond;
        if (age > 2000LL * shared->intervalMs) {
            PingEvent event;
            event.kind = PingEvent::Kind::Waiting;
            event.nodeId = pinger->nodeId;
            event.at = QDateTime::currentMSecsSinceEpoch();
            event.microseconds = age;
            shared->tell(std::move(event));
        }
    }
    if (pinger->outstanding.size() < mostOutstanding)
        ping(shared, pinger);
}

QCoro::Task<> PingRecorder::link(SharedPtr shared, PingerPtr pinger)
{
    if (!shared->session)
        co_return;
    pinger->isLinking = true;
    LinkPool::LeaseOptions options;
    Result<std::shared_ptr<DedicatedLink>> link = co_await shared->session->lease(pinger->nodeId, options);
    pinger->isLinking = false;
    pinger->linkAt = steadyMs() + linkAgainMs;
    if (pinger->isDropped)
        co_return;
    PingEvent event;
    event.nodeId = pinger->nodeId;
    event.at = QDateTime::currentMSecsSinceEpoch();
    if (link) {
        pinger->link = *link;
        ++pinger->linkNumber;
        pinger->isDownTold = false;
        event.kind = PingEvent::Kind::Linked;
    } else {
        event.kind = PingEvent::Kind::Down;
        event.why = std::make_shared<const Error>(link.error());
    }
    shared->tell(std::move(event));
}

QCoro::Task<> PingRecorder::ping(SharedPtr shared, PingerPtr pinger)
{
    // a plain pointer, because the link must be closed when the pinger resets it
    DedicatedLink *const link = pinger->link.get();
    const quint64 linkNumber = pinger->linkNumber;
    const quint64 number = pinger->next++;
    PingEvent event;
    event.nodeId = pinger->nodeId;
    event.at = QDateTime::currentMSecsSinceEpoch();
    const qint64 sent = nanoseconds();
    pinger->outstanding.push_back({number, sent});
    Command command = commandOf("PING");
    const Connection::Reply reply = co_await link->send(std::move(command), noTimeout);
    const qint64 took = nanoseconds() - sent;
    std::erase_if(pinger->outstanding, [number](const Pinger::Sent &each) { return each.number == number; });
    if (pinger->isDropped)
        co_return;
    if (reply) { // an error reply is also a measured round trip
        event.microseconds = took / nanosecondsPerMicrosecond;
        shared->tell(std::move(event));
        co_return;
    }
    event.kind = PingEvent::Kind::Lost;
    shared->tell(event);
    if (pinger->linkNumber == linkNumber) {
        pinger->link.reset();
        if (std::exchange(pinger->isDownTold, true))
            co_return;
        event.kind = PingEvent::Kind::Down;
        event.why = std::make_shared<const Error>(reply.error());
        shared->tell(std::move(event));
    }
}

} // namespace slotscope
