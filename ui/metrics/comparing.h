// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace slotscope {

/// With what earlier time the shown one is compared.
struct Comparing
{
    enum class With : quint8 { Nothing, SpanBefore, HourBefore, DayBefore, WeekBefore, RangeA };
    With with = With::Nothing;
    qint64 aFrom = 0, aTo = 0; ///< ms since 1970: the range that was kept as A; 0: none
    /// How far before [from, to] the other time lies, ms; 0: there is nothing to compare with. It is as long.
    [[nodiscard]] qint64 byOf(qint64 from, qint64 to) const;
};

/// "10:00 – 10:15", with the day where it is another one than today's.
[[nodiscard]] QString rangeWords(qint64 from, qint64 to);

} // namespace slotscope
