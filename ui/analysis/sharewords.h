// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace slotscope {

/// "14.2 %"; empty where there is no whole.
[[nodiscard]] inline QString shareWords(qint64 some, qint64 all)
{
    return all <= 0 ? QString() : QStringLiteral("%1 %").arg(double(some) * 100 / double(all), 0, 'f', 1);
}
/// How long a bar of `some` is beside one of `most`: 0 … 1.
[[nodiscard]] inline double barShare(qint64 some, qint64 most)
{
    return most <= 0 ? 0 : double(some) / double(most);
}

} // namespace slotscope
