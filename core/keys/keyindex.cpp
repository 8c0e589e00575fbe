// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/keyindex.h"

#include <QHash>

#include <algorithm>

namespace slotscope {

namespace {

constexpr size_t fewestSlots = 1024;
constexpr quint32 largeRun = 1 << 20, smallRun = 1 << 19; // number of keys sorted in one step
constexpr size_t manyKeys = 4'000'000; // from this number on, small steps, to save memory

/// Whether `next` accepts only keys that `before` accepted.
bool isNarrower(const KeyFilter &next, const KeyFilter &before)
{
    return next.mode == KeyFilter::Mode::Substring && before.mode == next.mode && before.anyCase == next.anyCase
        && next.text.contains(before.text) && (before.exclude.isEmpty() || next.exclude == before.exclude);
}

} // namespace

quint32 KeySnapshot::lowerBound(QByteArrayView key) const
{
    const Permutation &ids = byName ? *byName : *shown;
    const auto first = std::partition_point(ids.begin(), ids.end(),
                                            [&](quint32 id) { return compareKeys(keys.at(id), key, order) < 0; });
    return quint32(first - ids.begin());
}

std::pair<quint32, quint32> KeySnapshot::rangeOf(QByteArrayView prefix) const
{
    const quint32 first = lowerBound(prefix), last = quint32(shown->size());
    return {first, gallop(first, last, [&](quint32 place) { return keyAt(place).startsWith(prefix); })};
}

std::optional<quint32> KeySnapshot::placeOf(QByteArrayView key) const
{
    const quint32 place = lowerBound(key);
    const Permutation &ids = byName ? *byName : *shown;
    if (place >= ids.size() || keys.at(ids[place]) != key)
        return std::nullopt;
    if (!rankOfName)
        return place;
    const quint32 rank = (*rankOfName)[place];
    return rank == noRank ? std::nullopt : std::optional(rank);
}

KeyIndex::KeyIndex(KeyOrder order)
    : m_slots(fewestSlots, freeSlot), m_order(order), m_sorted(std::make_shared<Permutation>()), m_shown(m_sorted)
{ }

size_t KeyIndex::hashOf(QByteArrayView key)
{
    return qHashBits(key.data(), size_t(key.size()), 0x5107'5c09);
}

/// Position of an existing key in the hash table.
size_t KeyIndex::find(QByteArrayView key, size_t hash) const
{
    const size_t mask = m_slots.size() - 1;
    for (size_t slot = hash & mask; m_slots[slot] != freeSlot; slot = (slot + 1) & mask) {
        const quint32 id = m_slots[slot];
        if (id != removedSlot && m_keys.tagOf(id) == quint8(hash >> 56) && m_keys.at(id) == key)
            return slot;
    }
    return nowhere;
}

void KeyIndex::reserve(quint64 keys)
{
    if (keys * 4 / 3 >= m_slots.size() && keys < KeyTable::mostKeys)
        makeSlots(keys);
}

/// Rebuilds the hash table with room for this many keys.
void KeyIndex::makeSlots(quint64 keys)
{
    // free the old table first, because both together would need half as much memory again
    m_slots = std::vector<quint32>();
    size_t size = fewestSlots;
    while (size * 3 / 4 <= keys + 1)
        size *= 2;
    m_slots.assign(size, freeSlot);
    m_slotsUsed = 0;
    for (quint32 id = 0; id < m_keys.count(); ++id) {
        if (!m_removed.isEmpty() && m_removed.contains(id))
            continue;
        size_t slot = hashOf(m_keys.at(id)) & (size - 1);
        while (m_slots[slot] != freeSlot)
            slot = (slot + 1) & (size - 1);
        m_slots[slot] = id;
        ++m_slotsUsed;
    }
}

bool KeyIndex::insert(QByteArrayView key)
{
    return insert(key, hashOf(key));
}

bool KeyIndex::insert(QByteArrayView key, size_t hash)
{
    if (find(key, hash) != nowhere || m_keys.count() >= KeyTable::mostKeys)
        return false;
    if (m_slotsUsed + 1 > m_slots.size() * 3 / 4)
        makeSlots(size());
    const size_t mask = m_slots.size() - 1;
    size_t slot = hash & mask;
    while (m_slots[slot] != freeSlot)
        slot = (slot + 1) & mask;
    m_slots[slot] = m_keys.append(key, quint8(hash >> 56));
    ++m_slotsUsed;
    return true;
}

bool KeyIndex::remove(QByteArrayView key)
{
    const size_t slot = find(key, hashOf(key));
    if (slot == nowhere)
        return false;
    const quint32 id = std::exchange(m_slots[slot], removedSlot);
    m_removed.insert(id);
    if (id < m_taken)
        m_gone.insert(id);
    return true;
}

void KeyIndex::setOrder(KeyOrder order)
{
    if (std::exchange(m_order, order) == order)
        return;
    m_sorted = m_shown = std::make_shared<Permutation>();
    m_taken = 0;
    m_gone.clear();
}

void KeyIndex::setFilter(const KeyMatcher &matcher)
{
    if (matcher.filter() == m_matcher.filter())
        return;
    m_narrowing = !m_filterDue && isNarrower(matcher.filter(), m_matcher.filter());
    m_matcher = matcher;
    m_filterDue = true;
}

Permutation KeyIndex::filtered(const Permutation &ids) const
{
    Permutation taken;
    for (const quint32 id : ids)
        if (m_matcher.takes(m_keys.at(id)))
            taken.push_back(id);
    return taken;
}

bool KeyIndex::refilter(const std::atomic<bool> &stop)
{
    if (m_matcher.takesAll()) {
        m_shown = m_sorted;
        m_filterDue = false;
        return true;
    }
    auto taken = std::make_shared<Permutation>();
    for (const quint32 id : m_narrowing ? *m_shown : *m_sorted) {
        if (m_matcher.takes(m_keys.at(id)))
            taken->push_back(id);
        if (stop)
            return false;
    }
    taken->shrink_to_fit();
    m_shown = std::move(taken);
    m_filterDue = m_narrowing = false;
    return true;
}

/// Removes deleted keys from the sorted order.
void KeyIndex::takeOut()
{
    const auto without = [this](const Permutation &ids) {
        auto rest = std::make_shared<Permutation>();
        rest->reserve(ids.size());
        std::copy_if(ids.begin(), ids.end(), std::back_inserter(*rest),
                     [this](quint32 id) { return !m_gone.contains(id); });
        return PermutationPtr(rest);
    };
    const bool same = m_shown == m_sorted;
    m_sorted = without(*m_sorted);
    m_shown = same ? m_sorted : without(*m_shown);
    m_gone.clear();
}

bool KeyIndex::settle(const std::atomic<bool> &stop)
{
    if (!m_gone.isEmpty())
        takeOut();
    if (m_filterDue && !refilter(stop))
        return false;
    if (m_taken == m_keys.count())
        return true;
    const quint32 most = m_sorted->size() > manyKeys ? smallRun : largeRun;
    const quint32 until = quint32(std::min<quint64>(m_keys.count(), quint64(m_taken) + most));
    // sorting a key is faster than merging it, so if only few are sorted yet, sort them again with the new ones
    const bool again = m_taken < 3 * (until - m_taken) && until <= largeRun;
    Permutation run = numbers(again ? 0 : m_taken, until);
    if (!sortKeys(m_keys, run, m_order, stop))
        return false;
    PermutationPtr shown;
    if (!m_matcher.takesAll()) {
        shown = std::make_shared<Permutation>(filtered(run));
        if (!again)
            shown = mergeKeys(m_keys, *m_shown, *shown, m_order, stop);
        if (!shown)
            return false;
    }
    const PermutationPtr sorted =
        again ? std::make_shared<Permutation>(std::move(run)) : mergeKeys(m_keys, *m_sorted, run, m_order, stop);
    if (!sorted)
        return false;
    m_sorted = sorted;
    m_shown = shown ? shown : sorted;
    m_taken = until;
    return isSettled();
}

/// Numbers of existing keys in insertion order, which is also the order of their bytes in memory.
Permutation KeyIndex::numbers(quint32 first, quint32 last) const
{
    Permutation ids;
    ids.reserve(last - first);
    for (quint32 id = first; id < last; ++id)
        if (m_removed.isEmpty() || !m_removed.contains(id))
            ids.push_back(id);
    return ids;
}

KeySnapshotPtr KeyIndex::snapshot() const
{
    auto snapshot = std::make_shared<KeySnapshot>();
    snapshot->keys = m_keys.shared();
    snapshot->sorted = m_sorted;
    snapshot->shown = m_shown;
    snapshot->order = m_order;
    snapshot->waiting = waiting();
    snapshot->filter = m_matcher.filter();
    return snapshot;
}

quint64 KeyIndex::bytesHeld() const
{
    quint64 permutations = m_sorted->capacity();
    if (m_shown != m_sorted)
        permutations += m_shown->capacity();
    return m_keys.bytesHeld() + (m_slots.capacity() + permutations) * sizeof(quint32);
}

} // namespace slotscope
