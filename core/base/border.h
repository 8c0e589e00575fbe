// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#ifdef __SANITIZE_THREAD__
#include <atomic>
#endif

namespace slotscope {

/// Call where values pass from one thread to another through Qt's event queue: before posting and on arrival. Qt is not
/// instrumented, so ThreadSanitizer would not see the ordering made by the queue. Does nothing in other builds.
inline void crossBorder()
{
#ifdef __SANITIZE_THREAD__
    static std::atomic<int> order{0};
    order.fetch_add(1, std::memory_order_acq_rel);
#endif
}

} // namespace slotscope
