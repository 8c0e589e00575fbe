// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/linkpool.h"

#include <QTimer>

namespace slotscope {

/// Paces a connection on which the server sends unrequested data: after a certain number of values, reading pauses so
/// that other connections, timers and pings get their turn.
class PacedReading final
{
public:
    static constexpr int valuesInOneGo = 1000;

    void setLink(const std::weak_ptr<DedicatedLink> &link)
    {
        m_link = link;
        *m_taken = 0;
    }
    /// Call for each value received.
    void took()
    {
        if (++*m_taken != valuesInOneGo)
            return;
        const std::shared_ptr<DedicatedLink> link = m_link.lock();
        if (!link)
            return;
        link->setReading(false);
        QTimer::singleShot(0, link.get(), [raw = link.get(), taken = m_taken] {
            *taken = 0;
            raw->setReading(true);
        });
    }

private:
    std::weak_ptr<DedicatedLink> m_link;
    std::shared_ptr<int> m_taken = std::make_shared<int>(0);
};

} // namespace slotscope
