// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keyfilter.h"
#include "core/keys/keyorder.h"

#include <QSet>

#include <array>

namespace slotscope {

/// The sorted keys of one moment. Immutable, usable on any thread.
struct KeySnapshot
{
    KeyBytes keys;
    PermutationPtr sorted; ///< all keys sorted so far
    PermutationPtr shown; ///< keys in `sorted` that match the filter; the same object if there is no filter
    KeyOrder order = KeyOrder::Natural;
    quint64 waiting = 0; ///< known keys that are not in `sorted` yet
    KeyFilter filter;
    /// If `shown` is not ordered by name (ranked()): its keys sorted by name, and the position of each in `shown`. Null
    /// if it is ordered by name.
    PermutationPtr byName, rankOfName;
    static constexpr quint32 noRank = 0xFFFFFFFF; ///< the key is not shown

    /// Range of positions in `shown` of the keys that begin with `prefix`, which must not end with a digit. Like the
    /// next function, only for order by name.
    [[nodiscard]] std::pair<quint32, quint32> rangeOf(QByteArrayView prefix) const;
    [[nodiscard]] quint32 lowerBound(QByteArrayView key) const;
    /// Position of a key in `shown`; nullopt if it is not shown.
    [[nodiscard]] std::optional<quint32> placeOf(QByteArrayView key) const;
    [[nodiscard]] QByteArrayView keyAt(quint32 place) const { return keys.at((*shown)[place]); }
};
using KeySnapshotPtr = std::shared_ptr<const KeySnapshot>;

/// All distinct keys of a scan: their bytes in an arena, a hash table of their numbers, and their order. With ten
/// million keys, it needs at most 24 bytes per key in addition to the key's bytes, without a filter. One thread at a
/// time; other threads read a snapshot().
class KeyIndex
{
    Q_DISABLE_COPY_MOVE(KeyIndex)
public:
    explicit KeyIndex(KeyOrder order = KeyOrder::Natural);

    /// Returns false if the key is already there.
    bool insert(QByteArrayView key);
    /// Inserts `count` keys together, which is faster. `at` maps number to key. Returns how many are new.
    template <typename At>
    size_t insertAll(size_t count, At at)
    {
        size_t added = 0;
        std::array<size_t, ahead> hashes;
        for (size_t i = 0; i < count + ahead; ++i) {
            if (i >= ahead && insert(at(i - ahead), hashes[i % ahead]))
                ++added;
            if (i < count) {
                hashes[i % ahead] = hashOf(at(i));
                __builtin_prefetch(&m_slots[hashes[i % ahead] & (m_slots.size() - 1)]);
            }
        }
        return added;
    }
    bool remove(QByteArrayView key);
    /// Announces how many keys will come.
    void reserve(quint64 keys);
    [[nodiscard]] bool contains(QByteArrayView key) const { return find(key, hashOf(key)) != nowhere; }
    [[nodiscard]] quint64 size() const { return m_keys.count() - quint64(m_removed.size()); }

    void setOrder(KeyOrder order);
    void setFilter(const KeyMatcher &matcher);
    /// Sorts the next keys, about a million at most; returns true once all are sorted. `stop` ends it early, without
    /// harm.
    bool settle(const std::atomic<bool> &stop);
    [[nodiscard]] quint64 waiting() const { return m_keys.count() - m_taken; }
    [[nodiscard]] bool isSettled() const { return waiting() == 0 && !m_filterDue && m_gone.isEmpty(); }
    [[nodiscard]] KeySnapshotPtr snapshot() const;
    /// Memory used, including keys, in bytes.
    [[nodiscard]] quint64 bytesHeld() const;

private:
    static constexpr quint32 freeSlot = 0xFFFFFFFF, removedSlot = 0xFFFFFFFE;
    static constexpr size_t nowhere = ~size_t(0);
    static constexpr size_t ahead = 16; ///< keys whose hash table entries are prefetched into the cache

    [[nodiscard]] static size_t hashOf(QByteArrayView key);
    [[nodiscard]] size_t find(QByteArrayView key, size_t hash) const;
    bool insert(QByteArrayView key, size_t hash);
    void makeSlots(quint64 keys);
    [[nodiscard]] Permutation numbers(quint32 first, quint32 last) const;
    void takeOut();
    bool refilter(const std::atomic<bool> &stop);
    [[nodiscard]] Permutation filtered(const Permutation &ids) const;

    KeyTable m_keys;
    std::vector<quint32> m_slots; ///< key numbers, by hash
    size_t m_slotsUsed = 0;
    KeyOrder m_order;
    PermutationPtr m_sorted, m_shown;
    quint32 m_taken = 0; ///< keys below this number are in m_sorted
    QSet<quint32> m_removed, m_gone; ///< m_gone: removed keys that are still in m_sorted
    KeyMatcher m_matcher;
    bool m_filterDue = false;
    bool m_narrowing = false; ///< the pending filter accepts only keys that the previous one accepted
};

} // namespace slotscope
