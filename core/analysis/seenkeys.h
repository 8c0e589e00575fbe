// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <vector>

namespace slotscope {

/// Remembers the keys seen, by a 64-bit hash of each name: eleven to twenty-two bytes per key of any length. The
/// probability that among ten million names two are confused is 3 in a million. Beyond `most` keys, nothing is
/// forgotten and nothing added, so all new keys count as unseen.
class SeenKeys
{
public:
    static constexpr size_t standardMost = 50'000'000;

    explicit SeenKeys(size_t most = standardMost) : m_most(most) { }
    /// Returns false if the key was seen before.
    bool insert(QByteArrayView key);
    [[nodiscard]] size_t size() const { return m_used; }
    [[nodiscard]] quint64 doubtful() const { return m_doubtful; } ///< number of keys for which there was no room

private:
    void grow();

    size_t m_most;
    std::vector<quint64> m_slots; ///< 0: free; the size is a power of two
    size_t m_used = 0;
    quint64 m_doubtful = 0;
};

} // namespace slotscope
