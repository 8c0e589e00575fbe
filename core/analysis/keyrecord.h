// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <optional>

namespace slotscope {

/// What is known about one key, from a live scan or from a file. Unknown facts are missing. The bytes belong to the
/// caller, and are valid during one call.
struct KeyRecord
{
    QByteArrayView key;
    QByteArrayView type; ///< as reported by TYPE: "string", "hash", …, or a module's type name; empty: unknown
    QByteArrayView encoding = {}; ///< as reported by OBJECT ENCODING; empty: unknown
    std::optional<qint64> ttlMs = {}; ///< remaining time; -1: no expiry
    std::optional<qint64> bytes = {}; ///< memory used
    bool isSampled = false; ///< `bytes` is an estimate from a few elements
    std::optional<qint64> elements = {}; ///< number of elements; bytes for a string
    std::optional<qint64> idleSeconds = {};
    std::optional<int> frequency = {}; ///< OBJECT FREQ, 0 … 255, with an LFU policy
    int shard = 0; ///< shard number as shown; 0: unknown
};

} // namespace slotscope
