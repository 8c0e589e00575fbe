// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace slotscope {

/// Length of a bar for `some` relative to one for `most`: 0 … 1.
[[nodiscard]] inline double barShare(qint64 some, qint64 most)
{
    return most <= 0 ? 0 : double(some) / double(most);
}

} // namespace slotscope
