// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

/// Estimates, in bytes, the memory that values use on a 64-bit server with jemalloc, as counted by MEMORY USAGE.
/// Compared with Redis 7.0 and 8.0, Valkey 8.1 and 9.1 (tst_rdbanalysis). Versions differ, so a report calls these
/// values estimates.
namespace slotscope::rdbmemory {

[[nodiscard]] qint64 allocated(qint64 size); ///< size that jemalloc reserves for `size` bytes
[[nodiscard]] qint64 key(qint64 nameSize, bool expires, bool isCompact); ///< the key itself, without its value
[[nodiscard]] qint64 string(qint64 size, bool isNumber);
[[nodiscard]] qint64 block(qint64 size); ///< a complete value in one block, such as a listpack
[[nodiscard]] qint64 quicklist();
[[nodiscard]] qint64 quicklistNode(qint64 size);
[[nodiscard]] qint64 stream();
[[nodiscard]] qint64 streamPart(qint64 size, bool isLast); ///< one node of a stream; the last one has spare room
[[nodiscard]] qint64 streamGroup(qint64 consumers, qint64 pending);

/// Memory of a hash table of strings. `isCompact` means Valkey 8.1 and later, which stores entries directly in buckets.
class Table final
{
public:
    Table(qint64 entries, bool isCompact);
    void addString(qint64 size) { m_strings += text(size); }
    void addRaw(qint64 size) { m_strings += size; }
    [[nodiscard]] qint64 bytes() const; ///< for a set or hash
    [[nodiscard]] qint64 zset() const; ///< for a sorted set, including its skip list
    [[nodiscard]] qint64 list() const; ///< for a list, packed as by a server that loads it

private:
    [[nodiscard]] static qint64 text(qint64 size);
    qint64 m_entries, m_strings = 0;
    bool m_isCompact;
};

} // namespace slotscope::rdbmemory
