// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slotset.h"

namespace slotscope {

/// Takes `count` slots out of `from` in few ranges: first from the ends of ranges that touch `near`, then whole ranges
/// that fit, then the end of one range. Returns fewer if `from` has not enough. The slots are removed from `from`.
[[nodiscard]] SlotSet extractSlots(SlotSet &from, int count, const SlotSet &near);

} // namespace slotscope
