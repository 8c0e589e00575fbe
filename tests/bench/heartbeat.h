// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QEventLoop>
#include <QObject>
#include <QTimer>

#include <algorithm>
#include <ctime>

namespace slotscope::bench {

/// Returns the processor time that the calling thread has used, in ms.
inline double threadMs()
{
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return double(t.tv_sec) * 1e3 + double(t.tv_nsec) / 1e6;
}

/// Measures how long events of the GUI thread have to wait, and how much of that time the thread itself uses the
/// processor.
class Heartbeat final : public QObject
{
public:
    Heartbeat() { startTimer(1, Qt::PreciseTimer); }
    void restart()
    {
        m_longestWall = m_longestWork = 0;
        m_clock.start();
        m_work = threadMs();
    }
    [[nodiscard]] double longestWall() const { return m_longestWall; }
    [[nodiscard]] double longestWork() const { return m_longestWork; }

protected:
    void timerEvent(QTimerEvent *) override
    {
        const double work = threadMs();
        m_longestWall = std::max(m_longestWall, double(m_clock.nsecsElapsed()) / 1e6 - 1);
        m_longestWork = std::max(m_longestWork, work - m_work);
        m_work = work;
        m_clock.start();
    }

private:
    QElapsedTimer m_clock;
    double m_work = 0, m_longestWall = 0, m_longestWork = 0;
};

inline void spin(int ms)
{
    QEventLoop loop;
    QTimer::singleShot(ms, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace slotscope::bench
