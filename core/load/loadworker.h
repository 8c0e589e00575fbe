// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadlane.h"
#include "core/load/loadplan.h"
#include "core/load/loadtally.h"

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace slotscope {

/// Sends the requests of a plan over connections opened and verified elsewhere, on a thread of its own. Requests are
/// written, and replies counted, as raw bytes. Create, use and delete it on one thread.
class LoadWorker final
{
    Q_DISABLE_COPY_MOVE(LoadWorker)
public:
    using Lane = LoadSocket;
    struct Ended
    {
        quint64 id = 0;
        qint16 node = 0;
        QByteArray why; ///< kind of error
    };
    /// What has happened since the last query.
    struct News
    {
        LoadTally tally;
        std::vector<Ended> ended;
        bool wantsRoutes = false; ///< a redirect has shown that slot owners have changed
        bool done = false; ///< all connections are idle or given up: see `spoilt`
        qint64 doneAt = 0; ///< in loadClock()
        std::vector<quint64> spoilt; ///< if done: connections that still wait for a reply
    };

    explicit LoadWorker(LoadPlan plan, std::shared_ptr<const LoadRoutes> routes);
    ~LoadWorker(); ///< stops, and waits for the thread

    void start();
    void add(Lane lane);
    void setRoutes(std::shared_ptr<const LoadRoutes> routes);
    void stop() { m_stop = true; } ///< stops sending; waits briefly for pending replies
    void abandon() { m_abandoned = m_stop = true; } ///< like stop(), but does not wait for replies
    [[nodiscard]] News takeNews();

private:
    using Request = LoadRequest;
    using Connected = LoadLane;
    using Node = LoadNode;

    void run();
    void takeMail(qint64 now);
    void tend(qint64 now); ///< called twenty times a second
    void issue(qint64 now);
    void feedIdle(qint64 now);
    [[nodiscard]] bool mayDraw(qint64 now) const;
    [[nodiscard]] qint64 dueBy(qint64 now) const;
    [[nodiscard]] bool isDrawnOut(qint64 now) const;
    [[nodiscard]] bool isAllDrawn() const; ///< all keys were used, or the requested number was reached
    [[nodiscard]] size_t room() const; ///< limit of requests waiting for one node, or for no node
    [[nodiscard]] bool isGivenUp(const Node &node, qint64 now) const;
    [[nodiscard]] bool isScheduled() const { return m_plan.schedule.perSecond > 0; }
    void feedBusy(qint16 number, qint64 now);
    [[nodiscard]] bool draw(qint64 due, qint64 now); ///< false: no room, or nothing to draw
    [[nodiscard]] Request drawn();
    [[nodiscard]] qint16 nodeFor(const Request &request);
    void route(Request request, qint64 now);
    void fill(Connected &lane, qint64 now);
    void write(Connected &lane, const Request &request);
    void flush(Connected &lane);
    void read(Connected &lane);
    void finish(Connected &lane, qint64 now, bool wasError);
    void finishFailed(Connected &lane, const Request &request, qint64 now, const QByteArray &text);
    [[nodiscard]] bool follow(Connected &lane, Request request, const QByteArray &text, qint64 now);
    void lose(Connected &lane, const QByteArray &why, qint64 now);
    void note(const Request &request, LoadCount &count, qint64 now, const QByteArray &error);
    void rest(qint64 now);
    [[nodiscard]] bool isOver(qint64 now);
    void giveUp(qint64 now);
    void handOver(bool done);
    Node &node(qint16 number);
    LoadCount &countOf(std::vector<LoadCount> &counts, size_t at);

    const LoadPlan m_plan;
    std::shared_ptr<const LoadRoutes> m_routes;
    std::unique_ptr<LoadRoutes> m_patched; ///< routes updated by MOVED replies
    LoadChooser m_chooser;
    LoadDice m_dice;
    std::vector<quint16> m_turns; ///< maps a drawn index to a command
    std::deque<Node> m_nodes; ///< a deque, because it grows while an element is in use
    std::vector<std::unique_ptr<Connected>> m_lanes;
    std::deque<std::pair<qint64, Request>> m_later; ///< requests with the earliest time to retry them
    std::optional<Request> m_held; ///< a request whose node has no room
    qint64 m_drawn = 0, m_counted = 0, m_inFlight = 0, m_queued = 0;
    qint64 m_inTurn = 0;
    qint64 m_lastTended = 0, m_endedAt = 0;
    qint64 m_orphansSince = 0, m_lanelessSince = 0, m_waited = 0; ///< since: a slot has no node; no connection is open
    size_t m_nextNode = 0;
    bool m_ending = false, m_asksRoutes = false;
    int m_epoll = -1;
    QByteArray m_key, m_buffer;
    LoadTally m_tally;
    std::vector<Ended> m_ended;

    std::atomic<bool> m_stop = false, m_abandoned = false;
    std::mutex m_mutex; ///< protects the following members
    std::vector<Lane> m_newLanes;
    std::shared_ptr<const LoadRoutes> m_newRoutes;
    News m_news;
    std::thread m_thread;
};

/// Nanoseconds of the monotonic clock, as used in plans.
[[nodiscard]] qint64 loadClock();

} // namespace slotscope
