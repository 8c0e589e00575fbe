// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace slotscope {

/// The earlier time with which the shown time is compared.
struct Comparing
{
    enum class With : quint8 { Nothing, SpanBefore, HourBefore, DayBefore, WeekBefore, RangeA };
    With with = With::Nothing;
    qint64 aFrom = 0, aTo = 0; ///< in ms since 1970: the range set as A; 0: none
    /// How many ms the other time lies before [from, to]; it has the same length. 0: nothing to compare with.
    [[nodiscard]] qint64 byOf(qint64 from, qint64 to) const;
};

/// Text such as "10:00 – 10:15", with the date if it is not today.
[[nodiscard]] QString rangeWords(qint64 from, qint64 to);

} // namespace slotscope
