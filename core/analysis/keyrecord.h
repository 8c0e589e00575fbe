// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <optional>

namespace slotscope {

/// What is known of one key, from whatever source: a live scan, or a file that a server wrote. What is not known is
/// absent. The bytes are somebody else's, for the time of one call.
struct KeyRecord
{
    QByteArrayView key;
    QByteArrayView type; ///< as TYPE says it: "string", "hash", …, a module's own word; empty: not known
    QByteArrayView encoding = {}; ///< as OBJECT ENCODING says it; empty: not known
    std::optional<qint64> ttlMs = {}; ///< what is left of its life; -1: it has no end
    std::optional<qint64> bytes = {}; ///< in memory
    bool isSampled = false; ///< `bytes` is an estimate, of a few of its elements
    std::optional<qint64> elements = {}; ///< of a string its bytes
    std::optional<qint64> idleSeconds = {};
    std::optional<int> frequency = {}; ///< OBJECT FREQ, 0 … 255, under an LFU policy
    int shard = 0; ///< its number as it is shown; 0: not known
};

} // namespace slotscope
