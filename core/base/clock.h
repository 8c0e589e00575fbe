// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace slotscope {

/// The time that logic measures with. A test gives a clock of its own.
class Clock
{
public:
    Clock() = default;
    virtual ~Clock() = default;
    Q_DISABLE_COPY_MOVE(Clock)

    /// Milliseconds that only ever go forward, at the same pace in the whole process. They begin at the wall time of
    /// the program's start, so that one reads like milliseconds since 1970; a wall clock that is set meanwhile does not
    /// move them. Any thread.
    [[nodiscard]] virtual qint64 ms() const = 0;
    /// The machine's own steady clock.
    [[nodiscard]] static const Clock &system();
};

/// Clock::system().ms(): the one time for ages and durations. What is written to a file, or shown as a date, wants the
/// wall clock instead.
[[nodiscard]] qint64 steadyMs();

} // namespace slotscope
