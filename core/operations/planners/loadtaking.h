// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slotset.h"

#include <vector>

namespace slotscope {

/// Takes slots out of `from` whose loads add up to about `load`, at most `maximum` slots. Takes neighbours from the
/// ends of ranges, first of those that touch `near`. Slots without load are taken only between others. The slots are
/// removed from `from`.
[[nodiscard]] SlotSet takeLoad(SlotSet &from, qint64 load, int maximum, const std::vector<qint64> &loads,
                               const SlotSet &near);

} // namespace slotscope
