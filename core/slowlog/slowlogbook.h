// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/slowlog/slowlogentry.h"

#include <QSet>

namespace slotscope {

/// The entries of all nodes, sorted by time and without duplicates. Keeps them longer than the servers do, up to a
/// limit; beyond it, the oldest are dropped.
class SlowlogBook final
{
public:
    static constexpr size_t usualBound = 20'000;

    struct Change
    {
        std::vector<SlowlogEntryPtr> added; ///< new entries that are still there, sorted
        std::vector<SlowlogEntryPtr> removed; ///< old entries that were dropped
    };
    explicit SlowlogBook(size_t bound = usualBound) : m_bound(bound) { }

    /// Adds entries in any order; known ones are ignored.
    Change add(std::vector<SlowlogEntry> entries);
    void clear();
    [[nodiscard]] const std::vector<SlowlogEntryPtr> &entries() const { return m_entries; } ///< sorted with isEarlier()
    [[nodiscard]] quint64 dropped() const { return m_dropped; } ///< number of entries without room

private:
    size_t m_bound;
    std::vector<SlowlogEntryPtr> m_entries;
    QSet<QByteArray> m_known; ///< unique names of m_entries
    quint64 m_dropped = 0;
};

} // namespace slotscope
