// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rdbmemory.h"

#include <algorithm>
#include <bit>

namespace slotscope::rdbmemory {

namespace {

constexpr qint64 object = 16, entry = 24, tableEntry = 32, bucket = 8, tableHead = 56, skipNode = 53, listPart = 32;
constexpr qint64 compactBucket = 64, compactFill = 27; // 7 places per bucket, filled with 5.4 entries on average
constexpr qint64 newStreamPart = 4096, group = 400, consumer = 120, pendingEntry = 110;
constexpr qint64 embedded = 44;

/// The string header for this length, and the terminating byte.
qint64 textSize(qint64 size)
{
    return size + 1 + (size < 32 ? 1 : size < 256 ? 3 : size < 65536 ? 5 : 9);
}

} // namespace

qint64 allocated(qint64 size)
{
    if (size <= 8)
        return 8;
    if (size <= 128)
        return (size + 15) / 16 * 16;
    // four size classes per power of two
    const auto top = qint64(std::bit_floor(quint64(size - 1)));
    const qint64 step = top / 4;
    return (size + step - 1) / step * step;
}

qint64 key(qint64 nameSize, bool expires, bool isCompact)
{
    return allocated(textSize(nameSize)) + (isCompact ? 0 : entry) + (expires ? entry : 0);
}

qint64 string(qint64 size, bool isNumber)
{
    if (isNumber)
        return object;
    return size <= embedded ? allocated(object + textSize(size) + 2) : object + allocated(textSize(size));
}

qint64 block(qint64 size)
{
    return object + allocated(size);
}

qint64 quicklist()
{
    return object + 48;
}

qint64 quicklistNode(qint64 size)
{
    return listPart + allocated(size);
}

qint64 stream()
{
    return object + 160;
}

qint64 streamPart(qint64 size, bool isLast)
{
    return 64 + allocated(isLast ? std::max(size, newStreamPart) : size);
}

qint64 streamGroup(qint64 consumers, qint64 pending)
{
    return group + consumers * consumer + pending * pendingEntry;
}

Table::Table(qint64 entries, bool isCompact) : m_entries(entries), m_isCompact(isCompact) { }

qint64 Table::text(qint64 size)
{
    return allocated(textSize(size));
}

qint64 Table::bytes() const
{
    if (m_isCompact) {
        const auto buckets = qint64(std::bit_ceil(quint64(m_entries * 5 / compactFill + 1)));
        return object + tableHead + buckets * compactBucket + m_strings;
    }
    const auto buckets = qint64(std::bit_ceil(quint64(std::max<qint64>(4, m_entries))));
    return object + tableHead + buckets * bucket + m_entries * tableEntry + m_strings;
}

qint64 Table::zset() const
{
    return bytes() + m_entries * skipNode;
}

qint64 Table::list() const
{
    return quicklist() + m_strings;
}

} // namespace slotscope::rdbmemory
