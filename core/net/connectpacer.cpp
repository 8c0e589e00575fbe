// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/connectpacer.h"

namespace slotscope {

void ConnectPacer::enter(QObject *who, std::function<void()> begin)
{
    if (m_opening >= m_atOnce) {
        m_waiting.push_back({who, std::move(begin)});
        return;
    }
    ++m_opening;
    begin();
}

void ConnectPacer::leave()
{
    --m_opening;
    if (m_handingOut)
        return;
    m_handingOut = true;
    while (m_opening < m_atOnce && !m_waiting.empty()) {
        const Turn turn = std::move(m_waiting.front());
        m_waiting.pop_front();
        if (!turn.who)
            continue;
        ++m_opening;
        turn.begin();
    }
    m_handingOut = false;
}

} // namespace slotscope
