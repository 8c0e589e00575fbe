// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace slotscope {

/// Marks a coroutine that nobody awaits and that may suspend. A thread that ends lets such coroutines finish first
/// (CoreThread). Otherwise they would stay suspended forever, with everything they own.
class Underway final
{
    Q_DISABLE_COPY_MOVE(Underway)
public:
    Underway() { ++s_count; }
    ~Underway() { --s_count; }
    /// Number of such coroutines on this thread.
    [[nodiscard]] static int count() { return s_count; }

private:
    inline static thread_local int s_count = 0;
};

} // namespace slotscope
