// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#ifdef __SANITIZE_THREAD__
#include <atomic>
#endif

namespace slotscope {

/// Stands where values cross from one thread to another by Qt's event queue: before they are posted, and where they
/// arrive. Qt is not instrumented, so ThreadSanitizer would miss the order that the queue makes. Nothing in other
/// builds.
inline void crossBorder()
{
#ifdef __SANITIZE_THREAD__
    static std::atomic<int> order{0};
    order.fetch_add(1, std::memory_order_acq_rel);
#endif
}

} // namespace slotscope
