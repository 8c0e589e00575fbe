// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <vector>

namespace slotscope {

/// Which keys were seen, by 64 bits of each name's hash: eleven to twenty-two bytes a key, whatever its length. Two of
/// ten million names are taken for one with a probability of 3 in a million. Past `most` it forgets nothing and takes
/// no more in: then everything that is new counts as unseen.
class SeenKeys
{
public:
    static constexpr size_t standardMost = 50'000'000;

    explicit SeenKeys(size_t most = standardMost) : m_most(most) { }
    /// False where it was seen before.
    bool insert(QByteArrayView key);
    [[nodiscard]] size_t size() const { return m_used; }
    [[nodiscard]] quint64 doubtful() const { return m_doubtful; } ///< keys that found no room

private:
    void grow();

    size_t m_most;
    std::vector<quint64> m_slots; ///< 0: free; a power of two of them
    size_t m_used = 0;
    quint64 m_doubtful = 0;
};

} // namespace slotscope
