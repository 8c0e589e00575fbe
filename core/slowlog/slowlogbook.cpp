// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/slowlog/slowlogbook.h"

#include <algorithm>

namespace slotscope {
namespace {

/// A unique name of the entry. It includes the time, because ids start again if an unknown process is restarted.
QByteArray nameOf(const SlowlogEntry &entry)
{
    return QByteArray::number(int(entry.kind)) + ' ' + entry.nodeId + ' ' + entry.runId + ' '
        + QByteArray::number(entry.id) + ' ' + QByteArray::number(entry.serverSeconds);
}

bool pointsEarlier(const SlowlogEntryPtr &left, const SlowlogEntryPtr &right)
{
    return isEarlier(*left, *right);
}

} // namespace

SlowlogBook::Change SlowlogBook::add(std::vector<SlowlogEntry> entries)
{
    Change change;
    for (SlowlogEntry &entry : entries) {
        const QByteArray name = nameOf(entry);
        if (m_known.contains(name))
            continue;
        m_known.insert(name);
        change.added.push_back(std::make_shared<const SlowlogEntry>(std::move(entry)));
    }
    if (change.added.empty())
        return change;
    std::sort(change.added.begin(), change.added.end(), pointsEarlier);
    const auto before = std::ptrdiff_t(m_entries.size());
    m_entries.insert(m_entries.end(), change.added.begin(), change.added.end());
    std::inplace_merge(m_entries.begin(), m_entries.begin() + before, m_entries.end(), pointsEarlier);
    if (m_entries.size() <= m_bound)
        return change;
    const auto excess = std::ptrdiff_t(m_entries.size() - m_bound);
    const SlowlogEntryPtr oldestKept = m_entries[size_t(excess)];
    for (auto entry = m_entries.begin(); entry != m_entries.begin() + excess; ++entry) {
        m_known.remove(nameOf(**entry));
        if (!std::binary_search(change.added.begin(), change.added.end(), *entry, pointsEarlier))
            change.removed.push_back(*entry);
    }
    m_entries.erase(m_entries.begin(), m_entries.begin() + excess);
    m_dropped += quint64(excess);
    std::erase_if(change.added, [&](const SlowlogEntryPtr &entry) { return isEarlier(*entry, *oldestKept); });
    return change;
}

void SlowlogBook::clear()
{
    m_entries.clear();
    m_known.clear();
    m_dropped = 0;
}

} // namespace slotscope
