// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/linkpool.h"

#include <QTimer>

namespace slotscope {

/// For a connection over which a server sends without being asked: after so many values in one go, other connections,
/// timers and pings have their turn before reading goes on.
class PacedReading final
{
public:
    static constexpr int valuesInOneGo = 1000;

    void setLink(const std::weak_ptr<DedicatedLink> &link)
    {
        m_link = link;
        *m_taken = 0;
    }
    /// Called for each value.
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
