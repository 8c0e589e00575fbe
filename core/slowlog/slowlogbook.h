// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/slowlog/slowlogentry.h"

#include <QSet>

namespace slotscope {

/// The entries of all nodes together, each once, by time. Keeps them longer than the servers do, up to a bound: then
/// the oldest go.
class SlowlogBook final
{
public:
    static constexpr size_t usualBound = 20'000;

    struct Change
    {
        std::vector<SlowlogEntryPtr> added; ///< in order, and still there
        std::vector<SlowlogEntryPtr> removed; ///< that were there before
    };
    explicit SlowlogBook(size_t bound = usualBound) : m_bound(bound) { }

    /// In any order; what is there already is left out.
    Change add(std::vector<SlowlogEntry> entries);
    void clear();
    [[nodiscard]] const std::vector<SlowlogEntryPtr> &entries() const { return m_entries; } ///< by isEarlier()
    [[nodiscard]] quint64 dropped() const { return m_dropped; } ///< that found no room

private:
    size_t m_bound;
    std::vector<SlowlogEntryPtr> m_entries;
    QSet<QByteArray> m_known; ///< names of m_entries
    quint64 m_dropped = 0;
};

} // namespace slotscope
