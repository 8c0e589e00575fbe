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

/// Sends the requests of a plan over connections that were made and proved by others, on a thread of its own. Each
/// request is written as bytes, each reply counted as bytes. Made, fed and ended by one thread.
class LoadWorker final
{
    Q_DISABLE_COPY_MOVE(LoadWorker)
public:
    using Lane = LoadSocket;
    struct Ended
    {
        quint64 id = 0;
        qint16 node = 0;
        QByteArray why; ///< the kind of error
    };
    /// What there is to tell since it was last asked.
    struct News
    {
        LoadTally tally;
        std::vector<Ended> ended;
        bool wantsRoutes = false; ///< a redirect said that they have changed
        bool done = false; ///< all lanes are idle, or given up: `spoilt`
        qint64 doneAt = 0; ///< loadClock()
        std::vector<quint64> spoilt; ///< with done: lanes that still wait for a reply
    };

    explicit LoadWorker(LoadPlan plan, std::shared_ptr<const LoadRoutes> routes);
    ~LoadWorker(); ///< stops, and waits for the thread

    void start();
    void add(Lane lane);
    void setRoutes(std::shared_ptr<const LoadRoutes> routes);
    void stop() { m_stop = true; } ///< sends nothing more; what was sent is waited for, for a moment
    void abandon() { m_abandoned = m_stop = true; } ///< as stop(), and nothing is waited for
    [[nodiscard]] News takeNews();

private:
    using Request = LoadRequest;
    using Connected = LoadLane;
    using Node = LoadNode;

    void run();
    void takeMail(qint64 now);
    void tend(qint64 now); ///< what is done ten times a second
    void issue(qint64 now);
    void feedIdle(qint64 now);
    [[nodiscard]] bool mayDraw(qint64 now) const;
    [[nodiscard]] qint64 dueBy(qint64 now) const;
    [[nodiscard]] bool isDrawnOut(qint64 now) const;
    [[nodiscard]] bool isAllDrawn() const; ///< those of each key, or the number that was asked for
    [[nodiscard]] size_t room() const; ///< for requests that wait for one node, or for nobody
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
    std::unique_ptr<LoadRoutes> m_patched; ///< with what MOVED said since
    LoadChooser m_chooser;
    LoadDice m_dice;
    std::vector<quint16> m_turns; ///< which command, by what was drawn
    std::deque<Node> m_nodes; ///< grows while one of them is looked at
    std::vector<std::unique_ptr<Connected>> m_lanes;
    std::deque<std::pair<qint64, Request>> m_later; ///< not before then
    std::optional<Request> m_held; ///< drawn, and its node has no room
    qint64 m_drawn = 0, m_counted = 0, m_inFlight = 0, m_queued = 0;
    qint64 m_inTurn = 0;
    qint64 m_lastTended = 0, m_endedAt = 0;
    qint64 m_orphansSince = 0, m_lanelessSince = 0, m_waited = 0; ///< slots without a node; no connection at all
    size_t m_nextNode = 0;
    bool m_ending = false, m_asksRoutes = false;
    int m_epoll = -1;
    QByteArray m_key, m_buffer;
    LoadTally m_tally;
    std::vector<Ended> m_ended;

    std::atomic<bool> m_stop = false, m_abandoned = false;
    std::mutex m_mutex; ///< of those below
    std::vector<Lane> m_newLanes;
    std::shared_ptr<const LoadRoutes> m_newRoutes;
    News m_news;
    std::thread m_thread;
};

/// Nanoseconds of the steady clock, as plans count them.
[[nodiscard]] qint64 loadClock();

} // namespace slotscope
