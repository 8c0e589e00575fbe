// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keyfilter.h"
#include "core/keys/keyorder.h"

#include <QSet>

#include <array>

namespace slotscope {

/// The keys of one moment, in order; immutable, for any thread.
struct KeySnapshot
{
    KeyBytes keys;
    PermutationPtr sorted; ///< every key that is in order by now
    PermutationPtr shown; ///< those of `sorted` that the filter takes; the same one where there is no filter
    KeyOrder order = KeyOrder::Natural;
    quint64 waiting = 0; ///< keys that are known and not in `sorted` yet
    KeyFilter filter;
    /// Where `shown` is in another order than that of names (ranked()): its keys by name, and where each of these
    /// stands in `shown`. Null: `shown` is in the order of names.
    PermutationPtr byName, rankOfName;
    static constexpr quint32 noRank = 0xFFFFFFFF; ///< it is not shown

    /// Places in `shown` of the keys from which `prefix` (no digit at its end) on all begin with it. In the order of
    /// names only, as the next one.
    [[nodiscard]] std::pair<quint32, quint32> rangeOf(QByteArrayView prefix) const;
    [[nodiscard]] quint32 lowerBound(QByteArrayView key) const;
    /// The place in `shown` of a key; nothing where it is not shown.
    [[nodiscard]] std::optional<quint32> placeOf(QByteArrayView key) const;
    [[nodiscard]] QByteArrayView keyAt(quint32 place) const { return keys.at((*shown)[place]); }
};
using KeySnapshotPtr = std::shared_ptr<const KeySnapshot>;

/// Every key of a scan once: an arena of their bytes, a hash table of their numbers, and their order. At ten million
/// keys it takes at most 24 bytes beside those of each key, filter aside. One thread at a time; what is read elsewhere
/// is snapshot().
class KeyIndex
{
    Q_DISABLE_COPY_MOVE(KeyIndex)
public:
    explicit KeyIndex(KeyOrder order = KeyOrder::Natural);

    /// False where it is there already.
    bool insert(QByteArrayView key);
    /// `count` keys at one go, which is faster; `at`: number -> key. Gives how many are new.
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
    /// So many keys will come.
    void reserve(quint64 keys);
    [[nodiscard]] bool contains(QByteArrayView key) const { return find(key, hashOf(key)) != nowhere; }
    [[nodiscard]] quint64 size() const { return m_keys.count() - quint64(m_removed.size()); }

    void setOrder(KeyOrder order);
    void setFilter(const KeyMatcher &matcher);
    /// Puts the next keys in order, some million at most; true once all are. `stop` ends it early, without harm.
    bool settle(const std::atomic<bool> &stop);
    [[nodiscard]] quint64 waiting() const { return m_keys.count() - m_taken; }
    [[nodiscard]] bool isSettled() const { return waiting() == 0 && !m_filterDue && m_gone.isEmpty(); }
    [[nodiscard]] KeySnapshotPtr snapshot() const;
    /// All that it holds in memory, keys included.
    [[nodiscard]] quint64 bytesHeld() const;

private:
    static constexpr quint32 freeSlot = 0xFFFFFFFF, removedSlot = 0xFFFFFFFE;
    static constexpr size_t nowhere = ~size_t(0);
    static constexpr size_t ahead = 16; ///< keys whose place in the hash table is on its way into the cache

    [[nodiscard]] static size_t hashOf(QByteArrayView key);
    [[nodiscard]] size_t find(QByteArrayView key, size_t hash) const;
    bool insert(QByteArrayView key, size_t hash);
    void makeSlots(quint64 keys);
    [[nodiscard]] Permutation numbers(quint32 first, quint32 last) const;
    void takeOut();
    bool refilter(const std::atomic<bool> &stop);
    [[nodiscard]] Permutation filtered(const Permutation &ids) const;

    KeyTable m_keys;
    std::vector<quint32> m_slots; ///< numbers of keys, by hash
    size_t m_slotsUsed = 0;
    KeyOrder m_order;
    PermutationPtr m_sorted, m_shown;
    quint32 m_taken = 0; ///< keys below this number are in m_sorted
    QSet<quint32> m_removed, m_gone; ///< m_gone: removed, and still in m_sorted
    KeyMatcher m_matcher;
    bool m_filterDue = false;
    bool m_narrowing = false; ///< the filter that is due takes only what the one before took
};

} // namespace slotscope
