// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace slotscope {

/// Held by a coroutine that nobody awaits, and that may pause: a thread that ends lets those of its own come to their
/// end first (CoreThread). Else they would stay suspended for ever, with all that they hold.
class Underway final
{
    Q_DISABLE_COPY_MOVE(Underway)
public:
    Underway() { ++s_count; }
    ~Underway() { --s_count; }
    /// How many there are on this thread.
    [[nodiscard]] static int count() { return s_count; }

private:
    inline static thread_local int s_count = 0;
};

} // namespace slotscope
