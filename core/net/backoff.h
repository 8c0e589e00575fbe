// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRandomGenerator>

namespace slotscope {

/// Waiting times between attempts: doubled from firstMs up to capMs, each with ±20 % jitter, so that many connections
/// do not retry at the same moment.
class Backoff
{
public:
    explicit Backoff(int firstMs = 200, int capMs = 8000) : m_firstMs(firstMs), m_capMs(capMs) { }
    void reset() { m_attempts = 0; }
    [[nodiscard]] int next(QRandomGenerator &random = *QRandomGenerator::global())
    {
        const int base = m_attempts > 16 ? m_capMs : int(std::min(qint64(m_capMs), qint64(m_firstMs) << m_attempts));
        ++m_attempts;
        return base * random.bounded(80, 121) / 100;
    }

private:
    int m_firstMs;
    int m_capMs;
    int m_attempts = 0;
};

} // namespace slotscope
