// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QPair>

#include <algorithm>
#include <vector>

namespace slotscope {

/// One element of a collection: a list item, field, member, or stream entry.
struct ValueRow
{
    /// A row stores at most this much of a value; the rest is read when it is shown.
    static constexpr qsizetype keptBytes = 4096;

    QByteArray name; ///< field, member or entry id; empty for a list item
    QByteArray value; ///< of a field or list item, its first keptBytes; empty for other types
    qint64 valueSize = 0; ///< size of the complete value in bytes
    QByteArray score; ///< of a sorted set's member, exactly as the server returned it
    qint64 ttlMs = -2; ///< of a field, as of reading: -1 no expiry, -2 not read, 0 expired
    qint64 ttlReadAt = 0; ///< time of reading ttlMs in Clock::ms(); 0: ttlMs does not count down
    QList<QPair<QByteArray, QByteArray>> fields; ///< of a stream entry

    [[nodiscard]] bool isWhole() const { return valueSize == value.size(); }
    /// The remaining time at `now` (Clock::ms()), with the meanings of ttlMs.
    [[nodiscard]] qint64 ttlAt(qint64 now) const
    {
        return ttlMs <= 0 || ttlReadAt == 0 ? ttlMs : std::max<qint64>(0, ttlMs - (now - ttlReadAt));
    }
};

/// A part of a collection.
struct ValueWindow
{
    std::vector<ValueRow> rows;
    QByteArray cursor; ///< Scan: where to continue; "0": finished. Stream: the last id read, empty at the end
    qint64 total = -1; ///< total number of elements, read together with the rows; -1: not read

    [[nodiscard]] bool isLast() const { return cursor == "0" || cursor.isEmpty(); }
};

/// A consumer group of a stream.
struct StreamGroup
{
    QByteArray name;
    qint64 consumers = 0, pending = 0;
    qint64 lag = -1; ///< entries not delivered yet; -1: unknown to the server (XINFO GROUPS, Redis >= 7)
    QByteArray lastDelivered; ///< id of the entry
};

struct StreamConsumer
{
    QByteArray name;
    qint64 pending = 0;
    qint64 idleMs = -1; ///< since it last made a request
    qint64 inactiveMs = -1; ///< since it last received an entry; -1: unknown (Redis < 7.2)
};

/// An entry that was delivered but not acknowledged.
struct PendingEntry
{
    QByteArray id, consumer;
    qint64 idleMs = 0, deliveries = 0;
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::ValueRow)
