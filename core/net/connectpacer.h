// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>

#include <deque>
#include <functional>

namespace slotscope {

/// Limits how many connections of a session are opened at the same time, so that a table that names ten thousand dead
/// nodes cannot use up all sockets or all of the thread's time. First come, first served. Use from one thread only.
class ConnectPacer
{
    Q_DISABLE_COPY_MOVE(ConnectPacer)
public:
    explicit ConnectPacer(int atOnce = 64) : m_atOnce(atOnce) { }

    /// Runs `begin` now, or when its turn comes; not at all if `who` was deleted before that. Call leave() once for
    /// each `begin` that ran.
    void enter(QObject *who, std::function<void()> begin);
    void leave();
    /// Drops all waiting entries; their `begin` never runs.
    void clear() { m_waiting.clear(); }

    /// Minimum time that a failed link waits before a retry. It grows with the number of failing links, so that
    /// together they try at most a few hundred times per second.
    [[nodiscard]] int shortestWaitMs() const { return int(m_failing / triesPerMs); }
    void setFailing(bool failing) { m_failing += failing ? 1 : -1; }

private:
    static constexpr double triesPerMs = 0.2;
    struct Turn
    {
        QPointer<QObject> who;
        std::function<void()> begin;
    };
    int m_atOnce;
    int m_opening = 0;
    int m_failing = 0;
    bool m_handingOut = false; ///< a leave() called inside begin() only frees its place
    std::deque<Turn> m_waiting;
};

} // namespace slotscope
