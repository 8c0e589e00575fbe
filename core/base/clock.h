// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace slotscope {

/// The clock used for all time measurement in the program's logic. Tests supply their own clock.
class Clock
{
public:
    Clock() = default;
    virtual ~Clock() = default;
    Q_DISABLE_COPY_MOVE(Clock)

    /// Returns monotonic milliseconds, at the same rate for the whole process. They start at the wall-clock time of
    /// program start, so the value looks like milliseconds since 1970, but later changes of the wall clock do not
    /// affect it. Any thread.
    [[nodiscard]] virtual qint64 ms() const = 0;
    /// The machine's monotonic clock.
    [[nodiscard]] static const Clock &system();
};

/// Clock::system().ms(), the time to use for ages and durations. Use the wall clock for times written to a file or
/// shown as a date.
[[nodiscard]] qint64 steadyMs();

} // namespace slotscope
