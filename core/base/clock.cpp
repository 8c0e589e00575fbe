// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"

#include <QDateTime>
#include <QElapsedTimer>

namespace slotscope {

namespace {

class SystemClock final : public Clock
{
public:
    SystemClock() : m_begin(QDateTime::currentMSecsSinceEpoch()) { m_elapsed.start(); }
    [[nodiscard]] qint64 ms() const override { return m_begin + m_elapsed.elapsed(); }

private:
    qint64 m_begin;
    QElapsedTimer m_elapsed;
};

} // namespace

const Clock &Clock::system()
{
    static const SystemClock clock;
    return clock;
}

qint64 steadyMs()
{
    return Clock::system().ms();
}

} // namespace slotscope
