// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QHash>

namespace slotscope {

/// What TYPE says, as far as we know how to show it.
enum class ValueType : quint8 { None, String, List, Set, SortedSet, Hash, Stream, Json, Other };

/// From TYPE's word: "zset", "ReJSON-RL", ….
[[nodiscard]] ValueType valueTypeOf(QByteArrayView word);
/// The word that TYPE, and SCAN's option TYPE, have for it; empty for None and Other.
[[nodiscard]] QByteArray valueTypeWord(ValueType type);

/// What is known of a key beside its value. Each fact was asked for by a command of its own; one that was refused
/// stands in `problems` under the command's name, and its figure is -1 or empty.
struct ValueHead
{
    QByteArray key;
    int database = 0;
    QByteArray typeWord; ///< as TYPE says it; "none": there is no such key
    ValueType type = ValueType::None;
    qint64 ttlMs = -1; ///< when it was read; -1: lives for ever, -2: there is no such key
    qint64 readAt = 0; ///< Clock ms
    qint64 length = -1; ///< bytes of a string; elements, fields, members, entries of the rest
    qint64 memory = -1; ///< bytes, by MEMORY USAGE with samples: an estimate for collections
    QByteArray encoding;
    qint64 idleSeconds = -1; ///< read before anything that would set it back
    qint64 frequency = -1; ///< under an LFU policy, where idle time is not kept
    int slot = -1; ///< -1: no cluster
    QByteArray nodeId;
    QString nodeName;
    bool hasFieldTtls = false; ///< the server knows expiries of single fields (Redis >= 7.4, Valkey >= 9)
    QHash<QString, Error> problems;

    [[nodiscard]] bool exists() const { return type != ValueType::None; }
    /// The time left at `now` (Clock ms); -1: for ever, -2: gone.
    [[nodiscard]] qint64 ttlAt(qint64 now) const
    {
        return ttlMs < 0 ? ttlMs : std::max<qint64>(0, ttlMs - (now - readAt));
    }
};

} // namespace slotscope
