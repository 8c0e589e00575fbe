// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

/// About what values take in a server of 64 bits with jemalloc, as MEMORY USAGE counts them; all in bytes. Compared
/// with Redis 7.0 and 8.0, Valkey 8.1 and 9.1 (tst_rdbanalysis): versions differ, so a report says that these are
/// estimates.
namespace slotscope::rdbmemory {

[[nodiscard]] qint64 allocated(qint64 size); ///< what jemalloc gives for so many
[[nodiscard]] qint64 key(qint64 nameSize, bool expires, bool isCompact); ///< the key itself, without its value
[[nodiscard]] qint64 string(qint64 size, bool isNumber);
[[nodiscard]] qint64 block(qint64 size); ///< a listpack or the like as a whole value
[[nodiscard]] qint64 quicklist();
[[nodiscard]] qint64 quicklistNode(qint64 size);
[[nodiscard]] qint64 stream();
[[nodiscard]] qint64 streamPart(qint64 size, bool isLast); ///< the last one has room for what comes
[[nodiscard]] qint64 streamGroup(qint64 consumers, qint64 pending);

/// A hash table of strings. `isCompact`: of Valkey 8.1 and later, which puts what it holds into its buckets.
class Table final
{
public:
    Table(qint64 entries, bool isCompact);
    void addString(qint64 size) { m_strings += text(size); }
    void addRaw(qint64 size) { m_strings += size; }
    [[nodiscard]] qint64 bytes() const; ///< a set's or a hash's
    [[nodiscard]] qint64 zset() const; ///< with its skip list
    [[nodiscard]] qint64 list() const; ///< packed, as a server that reads it does

private:
    [[nodiscard]] static qint64 text(qint64 size);
    qint64 m_entries, m_strings = 0;
    bool m_isCompact;
};

} // namespace slotscope::rdbmemory
