// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slotset.h"

namespace slotscope {

/// Takes `count` slots out of `from` so that few ranges come out of it: from the ends of ranges that touch `near`
/// first, then whole ranges that fit, then the end of one range. Fewer where `from` has not as many. `from` loses them.
[[nodiscard]] SlotSet takeSlots(SlotSet &from, int count, const SlotSet &near);

} // namespace slotscope
