// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/keymover.h"

#include <span>

namespace slotscope {

/// A key of that size goes alone, with the long time limit.
inline constexpr qint64 bigBytes = 256 * 1024;

/// One MIGRATE to be sent.
struct Call
{
    quint16 slot = 0;
    int database = 0;
    QByteArrayList keys;
    qint64 bytes = 0; ///< as far as they were asked
    int limitMs = 0; ///< for each I/O step
};

/// Cuts the keys of one slot into calls: by count, by bytes; a big key alone. `sizes`: of the keys, or empty.
void appendCalls(std::vector<Call> &calls, const KeyRoute &route, const MigrationOptions &options, quint16 slot,
                 int database, const QByteArrayList &keys, std::span<const qint64> sizes);
/// What a lane sends at once: by keys, by bytes, and by how long the source may be held up.
[[nodiscard]] std::vector<Call> takeChunk(const KeyRoute &route, const MigrationOptions &options,
                                          std::vector<Call> &calls, size_t &position);
[[nodiscard]] bool isLastOfSlot(const std::vector<Call> &chunk, size_t index);
/// Grows or shrinks how much goes into one call, by what the last ones took.
void learn(KeyRoute &route, qsizetype keys, double milliseconds);
/// Whether the sizes of the next keys are asked.
[[nodiscard]] bool isProbing(KeyRoute &route);

} // namespace slotscope
