// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QPair>

#include <vector>

namespace slotscope {

/// One element of a collection: an item of a list, a field, a member, an entry of a stream.
struct ValueRow
{
    /// More of a value than this is not kept in a row; it is read again where it is shown.
    static constexpr qsizetype keptBytes = 4096;

    QByteArray name; ///< field, member, entry id; empty for an item of a list
    QByteArray value; ///< of a field or a list's item, its first keptBytes; empty for the rest
    qint64 valueSize = 0; ///< in bytes, the whole
    QByteArray score; ///< of a sorted set's member, digit for digit as the server gave it
    qint64 ttlMs = -2; ///< of a field: -1 none, -2 not read
    QList<QPair<QByteArray, QByteArray>> fields; ///< of a stream's entry

    [[nodiscard]] bool isWhole() const { return valueSize == value.size(); }
};

/// A part of a collection.
struct ValueWindow
{
    std::vector<ValueRow> rows;
    QByteArray
        cursor; ///< of a scan: where it goes on; "0": it is through. A stream: the last id read, empty at the end
    qint64 total = -1; ///< elements in all, read together with the rows; -1: not read

    [[nodiscard]] bool isLast() const { return cursor == "0" || cursor.isEmpty(); }
};

/// A consumer group of a stream.
struct StreamGroup
{
    QByteArray name;
    qint64 consumers = 0, pending = 0;
    qint64 lag = -1; ///< entries not delivered yet; -1: the server does not know (XINFO GROUPS, Redis >= 7)
    QByteArray lastDelivered; ///< id
};

struct StreamConsumer
{
    QByteArray name;
    qint64 pending = 0;
    qint64 idleMs = -1; ///< since it last asked
    qint64 inactiveMs = -1; ///< since it last got an entry; -1: not told (Redis < 7.2)
};

/// An entry that was delivered and is not acknowledged.
struct PendingEntry
{
    QByteArray id, consumer;
    qint64 idleMs = 0, deliveries = 0;
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::ValueRow)
