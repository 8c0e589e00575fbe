// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/migration/keymover.h"

#include <span>

namespace slotscope {

/// A key of this size is moved in a call of its own, with the longer timeout.
inline constexpr qint64 bigBytes = 256 * 1024;

/// One MIGRATE command to send.
struct Call
{
    quint16 slot = 0;
    int database = 0;
    QByteArrayList keys;
    qint64 bytes = 0; ///< sum of the keys' sizes, as far as known
    int limitMs = 0; ///< timeout for each I/O step
};

/// Splits the keys of one slot into calls by count and bytes; a big key gets its own call. `sizes` are the sizes of the
/// keys, or empty.
void appendCalls(std::vector<Call> &calls, const KeyRoute &route, const MigrationOptions &options, quint16 slot,
                 int database, const QByteArrayList &keys, std::span<const qint64> sizes);
/// Takes the calls that a lane sends at once, limited by keys, bytes and how long the source may be blocked.
[[nodiscard]] std::vector<Call> takeChunk(const KeyRoute &route, const MigrationOptions &options,
                                          std::vector<Call> &calls, size_t &position);
[[nodiscard]] bool isLastOfSlot(const std::vector<Call> &chunk, size_t index);
/// Adjusts the size of future calls to the time that the last ones took.
void learn(KeyRoute &route, qsizetype keys, double milliseconds);
/// Whether the sizes of the next keys should be queried.
[[nodiscard]] bool isProbing(KeyRoute &route);

} // namespace slotscope
