// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/inflightlimit.h"

namespace slotscope {

QCoro::Task<> InFlightLimit::enter(std::shared_ptr<InFlightLimit> room, qint64 amount)
{
    const auto isFull = [&room, amount] { return room->m_taken > 0 && room->m_taken + amount > room->m_size; };
    while (!room->m_waiting.empty() || isFull()) {
        Awaited<bool>::Completer turn;
        auto awaited = turn.awaited();
        room->m_waiting.push_back(turn);
        std::ignore = co_await awaited;
    }
    room->m_taken += amount;
}

void InFlightLimit::leave(qint64 amount)
{
    m_taken -= amount;
    auto waiting = std::exchange(m_waiting, {});
    for (Awaited<bool>::Completer &turn : waiting)
        turn.complete(true);
}

} // namespace slotscope
