// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QHash>

namespace slotscope {

/// The types that can be shown, from TYPE.
enum class ValueType : quint8 { None, String, List, Set, SortedSet, Hash, Stream, Json, Other };

/// Converts a reply of TYPE: "zset", "ReJSON-RL", ….
[[nodiscard]] ValueType valueTypeOf(QByteArrayView word);
/// The name that TYPE and SCAN's option TYPE use; empty for None and Other.
[[nodiscard]] QByteArray valueTypeWord(ValueType type);

/// What is known about a key besides its value. Each fact comes from a command of its own. If one was refused,
/// `problems` has the error under the command's name, and the field is -1 or empty.
struct ValueHead
{
    QByteArray key;
    int database = 0;
    QByteArray typeWord; ///< as reported by TYPE; "none": the key does not exist
    ValueType type = ValueType::None;
    qint64 ttlMs = -1; ///< as of reading; -1: no expiry, -2: the key does not exist
    qint64 readAt = 0; ///< time of reading in Clock::ms()
    qint64 length = -1; ///< bytes of a string; else number of elements, fields, members or entries
    qint64 memory = -1; ///< bytes by MEMORY USAGE with samples, so an estimate for collections
    QByteArray encoding;
    qint64 idleSeconds = -1; ///< read before any command that would reset it
    qint64 frequency = -1; ///< only with an LFU policy, which keeps no idle time
    int slot = -1; ///< -1: no cluster mode
    QByteArray nodeId;
    QString nodeName;
    bool hasFieldTtls = false; ///< fields can expire on this server (Redis >= 7.4, Valkey >= 9)
    QHash<QString, Error> problems;

    [[nodiscard]] bool exists() const { return type != ValueType::None; }
    /// The remaining time at `now` (Clock::ms()); -1: no expiry, -2: gone.
    [[nodiscard]] qint64 ttlAt(qint64 now) const
    {
        return ttlMs < 0 ? ttlMs : std::max<qint64>(0, ttlMs - (now - readAt));
    }
};

} // namespace slotscope
