// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/net/awaited.h"

#include <QtGlobal>

#include <vector>

namespace slotscope {

/// Room for so much at a time. Who finds none waits, first come first served; what is bigger than the whole goes alone.
/// Both sides live on one thread.
class Room
{
public:
    explicit Room(qint64 size) : m_size(size) { }
    /// Each enter() is followed by one leave() of the same amount, 1 at least.
    [[nodiscard]] static QCoro::Task<> enter(std::shared_ptr<Room> room, qint64 amount = 1);
    void leave(qint64 amount = 1);

private:
    qint64 m_size;
    qint64 m_taken = 0;
    std::vector<Awaited<bool>::Completer> m_waiting;
};

} // namespace slotscope
