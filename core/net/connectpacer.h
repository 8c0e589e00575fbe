// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>

#include <deque>
#include <functional>

namespace slotscope {

/// Bounds how many connections of a session are being opened at the same time: a table that names ten thousand dead
/// nodes must not take all sockets, nor the whole thread. First come, first served. One thread.
class ConnectPacer
{
    Q_DISABLE_COPY_MOVE(ConnectPacer)
public:
    explicit ConnectPacer(int atOnce = 64) : m_atOnce(atOnce) { }

    /// Runs `begin` now, or when its turn comes; not at all if `who` was deleted before that. Call leave() once for
    /// each `begin` that ran.
    void enter(QObject *who, std::function<void()> begin);
    void leave();
    /// Those that wait never begin.
    void clear() { m_waiting.clear(); }

    /// How long a link that failed waits at least: the more of them fail, the longer, so that all together they try
    /// some hundred times a second at most.
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
    bool m_handingOut = false; ///< a leave() from within begin() only gives its place back
    std::deque<Turn> m_waiting;
};

} // namespace slotscope
