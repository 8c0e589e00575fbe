// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slotset.h"

#include <vector>

namespace slotscope {

/// Takes slots out of `from` whose loads sum up to about `load`, at most `maximum` slots: neighbours from the ends of
/// ranges, those that touch `near` first; slots without a load only between others. `from` loses them.
[[nodiscard]] SlotSet takeLoad(SlotSet &from, qint64 load, int maximum, const std::vector<qint64> &loads,
                               const SlotSet &near);

} // namespace slotscope
