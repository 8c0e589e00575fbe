// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace slotscope {

/// How long a bar of `some` is beside one of `most`: 0 … 1.
[[nodiscard]] inline double barShare(qint64 some, qint64 most)
{
    return most <= 0 ? 0 : double(some) / double(most);
}

} // namespace slotscope
