// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/reportparts.h"

#include <QMap>
#include <QStringList>

namespace slotscope {

/// Distribution of the sizes of keys of one type.
struct SizesOfType
{
    QByteArray type; ///< as reported by TYPE; for an unknown type the server's own name
    /// sizes are bytes in memory (not for strings); else numbers of elements, or bytes of strings
    bool isMemory = false;
    PowerHistogram keys{};

    [[nodiscard]] qint64 sum() const; ///< number of keys
    friend bool operator==(const SizesOfType &, const SizesOfType &) = default;
};

/// The content of INFO keysizes (Redis 8.0 and later): sizes of all keys, which the server tracks on each change.
struct KeySizes
{
    static constexpr qsizetype mostTypes = 64; ///< limit per database
    static constexpr qsizetype mostDamaged = 20; ///< number of invalid lines stored

    bool isTold = false; ///< the reply has the section; otherwise the server does not support it
    QMap<int, QList<SizesOfType>> databases; ///< maps a database number to its types, which are in the server's order
    QMap<int, qint64> keys; ///< keys per database from INFO keyspace; empty: unknown
    QStringList damaged; ///< the first lines of the section that could not be parsed; their keys are not counted
    qint64 damagedCount = 0; ///< number of all such lines

    void add(const KeySizes &other);
    /// Distributions by type; `database` -1: sum over all.
    [[nodiscard]] QList<SizesOfType> sum(int database = -1) const;
    /// Number of keys that no line covers (streams, modules), as far as known; -1: unknown.
    [[nodiscard]] qint64 untold(int database = -1) const;
};

/// Parses a reply to INFO keysizes keyspace. Pure; memory is limited by the length of the text.
[[nodiscard]] KeySizes parseKeySizes(const QByteArray &info);

/// The numbers counted in one place of a PowerHistogram: "0", "1", "2–3", "4–7", ….
[[nodiscard]] QString powerText(size_t place);
/// The numbers from the first place's smallest to the last place's largest, such as "2–255".
[[nodiscard]] QString powerText(size_t first, size_t last);

} // namespace slotscope
