// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"
#include "core/values/valuehead.h"

#include <QList>
#include <QPair>
#include <QSet>

#include <optional>
#include <vector>

namespace slotscope {

/// One complete element of a collection.
struct PieceItem
{
    QByteArray name; ///< field, member, list item, or id of a stream entry
    QByteArray value; ///< value of a field; score of a member, exactly as printed
    qint64 expireAt = -1; ///< for a field, ms since 1970; -1: no expiry
    QList<QPair<QByteArray, QByteArray>> fields; ///< for a stream entry

    friend bool operator==(const PieceItem &, const PieceItem &) = default;
};

/// The state of a stream besides its entries.
struct StreamState
{
    struct Pending
    {
        QByteArray id, consumer;
        qint64 deliveredAt = 0; ///< ms since 1970
        qint64 deliveries = 0;
        friend bool operator==(const Pending &, const Pending &) = default;
    };
    struct Group
    {
        QByteArray name, lastDelivered;
        qint64 entriesRead = -1; ///< -1: unknown to the server, or older than Redis 7
        QByteArrayList consumers;
        QList<Pending> pending;
        friend bool operator==(const Group &, const Group &) = default;
    };
    QByteArray lastId, maxDeletedId; ///< maxDeletedId is empty before Redis 7
    qint64 entriesAdded = -1; ///< -1: older than Redis 7
    QList<Group> groups;
    friend bool operator==(const StreamState &, const StreamState &) = default;
};

/// A key with its value, or part of a long value, in transit. The parts of a key follow each other.
struct KeyPiece
{
    QByteArray key;
    QByteArray typeWord; ///< as reported by TYPE
    ValueType type = ValueType::None;
    qint64 expireAt = -1; ///< ms since 1970; -1: no expiry; the same in all parts
    int part = 0;
    bool isLast = true;
    bool isPayload = false; ///< `bytes` is a DUMP payload; otherwise the fields contain the value
    bool changed = false; ///< in the last part: somebody changed the key while it was read
    QByteArray bytes; ///< the string or this part of it, or a JSON document
    std::vector<PieceItem> items;
    std::optional<StreamState> stream; ///< in the last part of a stream

    friend bool operator==(const KeyPiece &, const KeyPiece &) = default;
};

/// Returns the commands that create the value of a piece under a name. Those of the first part require that the key
/// does not exist (SET replaces it), those of a further part that the earlier parts are there. A stream's state is
/// restored as in the server's own AOF rewrite. The key's expiry is included only for payloads.
[[nodiscard]] std::vector<Command> commandsFor(const KeyPiece &piece, const QByteArray &name);

/// A digest that is the same for equal values, independent of the order in which a table returns its elements, and of
/// how the value is split into parts. It includes expiries, but not the key's name.
class ValueDigest final
{
public:
    void add(const KeyPiece &piece);
    /// Allows a difference of two seconds in expiries, because an older server reports only the remaining time.
    [[nodiscard]] bool isEqual(const ValueDigest &other) const;

private:
    void addElement(const QByteArray &bytes, bool dropsRepeated = false);

    quint64 m_first = 0, m_second = 0, m_count = 0;
    qint64 m_expireAt = -1;
    QByteArray m_typeWord;
    QByteArray m_rest; ///< for a string: bytes that do not fill a block yet
    QSet<quint64> m_seen; ///< for a table in parts: elements seen, because a scan may return one twice
};

} // namespace slotscope
