// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/reportparts.h"

#include <QMap>
#include <QStringList>

namespace slotscope {

/// How many keys of one type have which size.
struct SizesOfType
{
    QByteArray type; ///< as TYPE says it; of one that is not known here: the server's own word
    bool isMemory = false; ///< bytes in memory of what is no string; else elements, of strings their bytes
    PowerHistogram keys{};

    [[nodiscard]] qint64 sum() const; ///< keys
    friend bool operator==(const SizesOfType &, const SizesOfType &) = default;
};

/// What INFO keysizes tells (Redis 8.0 and later): the sizes of all keys, which the server counts as they change.
struct KeySizes
{
    static constexpr qsizetype mostTypes = 64; ///< of a database
    static constexpr qsizetype mostDamaged = 20; ///< lines that are kept

    bool isTold = false; ///< the reply has the section: without it the server does not count them
    QMap<int, QList<SizesOfType>> databases; ///< by number; in the server's order
    QMap<int, qint64> keys; ///< by database, as INFO keyspace counts them; empty: not told
    QStringList damaged; ///< lines of the section that are not understood, the first of them; none of their keys counts
    qint64 damagedCount = 0; ///< all of these

    void add(const KeySizes &other);
    /// By type; `database` -1: of all.
    [[nodiscard]] QList<SizesOfType> sum(int database = -1) const;
    /// Keys that no line counts (streams, modules), as far as it is known; -1: not known.
    [[nodiscard]] qint64 untold(int database = -1) const;
};

/// Reads the reply to INFO keysizes keyspace. Pure; memory is bounded by the text.
[[nodiscard]] KeySizes parseKeySizes(const QByteArray &info);

/// "0", "1", "2–3", "4–7", …: which numbers a place of a PowerHistogram counts.
[[nodiscard]] QString powerText(size_t place);
/// "2–255": from the least that the first place counts to the most of the last.
[[nodiscard]] QString powerText(size_t first, size_t last);

} // namespace slotscope
