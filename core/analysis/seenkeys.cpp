// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/seenkeys.h"

#include <QHashFunctions>

namespace slotscope {

namespace {

constexpr size_t firstSlots = 1024;

/// Combines two hashes with different seeds, because QHash's own need not be good in all bits.
quint64 fingerprint(QByteArrayView key)
{
    const quint64 one = qHashBits(key.data(), size_t(key.size()), 0x51ed'270bU);
    const quint64 other = qHashBits(key.data(), size_t(key.size()), 0x7f4a'7c15U);
    quint64 mixed = one ^ (other * 0x9e37'79b9'7f4a'7c15ULL);
    mixed ^= mixed >> 32;
    return mixed == 0 ? 1 : mixed;
}

} // namespace

bool SeenKeys::insert(QByteArrayView key)
{
    if (m_used * 4 >= m_slots.size() * 3 && m_used < m_most)
        grow();
    const quint64 wanted = fingerprint(key);
    size_t at = wanted & (m_slots.size() - 1);
    while (m_slots[at] != 0) {
        if (m_slots[at] == wanted)
            return false;
        at = (at + 1) & (m_slots.size() - 1);
    }
    if (m_used >= m_most) {
        ++m_doubtful;
        return true;
    }
    m_slots[at] = wanted;
    ++m_used;
    return true;
}

void SeenKeys::grow()
{
    std::vector<quint64> larger(m_slots.empty() ? firstSlots : m_slots.size() * 2);
    for (const quint64 print : m_slots) {
        if (print == 0)
            continue;
        size_t at = print & (larger.size() - 1);
        while (larger[at] != 0)
            at = (at + 1) & (larger.size() - 1);
        larger[at] = print;
    }
    m_slots = std::move(larger);
}

} // namespace slotscope
