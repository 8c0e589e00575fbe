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

/// One element of a collection, whole.
struct PieceItem
{
    QByteArray name; ///< field, member, item of a list, id of a stream's entry
    QByteArray value; ///< of a field; score of a member, digit for digit
    qint64 expireAt = -1; ///< of a field, ms since 1970; -1: it does not expire
    QList<QPair<QByteArray, QByteArray>> fields; ///< of a stream's entry

    friend bool operator==(const PieceItem &, const PieceItem &) = default;
};

/// What a stream is beside its entries.
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
        qint64 entriesRead = -1; ///< -1: the server does not know, or is older than Redis 7
        QByteArrayList consumers;
        QList<Pending> pending;
        friend bool operator==(const Group &, const Group &) = default;
    };
    QByteArray lastId, maxDeletedId; ///< maxDeletedId is empty before Redis 7
    qint64 entriesAdded = -1; ///< -1: older than Redis 7
    QList<Group> groups;
    friend bool operator==(const StreamState &, const StreamState &) = default;
};

/// A key with its value, or with a part of a long value, on its way from one place to another. Parts of a key follow
/// one another.
struct KeyPiece
{
    QByteArray key;
    QByteArray typeWord; ///< as TYPE says it
    ValueType type = ValueType::None;
    qint64 expireAt = -1; ///< ms since 1970; -1: it does not expire. The same in every part
    int part = 0;
    bool isLast = true;
    bool isPayload = false; ///< `bytes` is what DUMP gave; else the value stands here
    bool changed = false; ///< last part: somebody changed the key while it was read
    QByteArray bytes; ///< of a string (this part of it), of a JSON document
    std::vector<PieceItem> items;
    std::optional<StreamState> stream; ///< last part of a stream

    friend bool operator==(const KeyPiece &, const KeyPiece &) = default;
};

/// The commands that make the value of a piece under a name, in this order: those of the first part expect that there
/// is no such key (SET replaces one), those of a further part that the parts before are there. A stream's state is
/// rebuilt as the server's own AOF rewrite does it. The expiry of the key is not among them, but for a payload.
[[nodiscard]] std::vector<Command> commandsFor(const KeyPiece &piece, const QByteArray &name);

/// A number that is the same for equal values, whatever the order in which a table tells its elements and however it is
/// cut into parts. The key's name is not part of it; expiries are.
class ValueDigest final
{
public:
    void add(const KeyPiece &piece);
    /// Expiries may differ by two seconds: an older server tells what is left, not when it ends.
    [[nodiscard]] bool isEqual(const ValueDigest &other) const;

private:
    void addElement(const QByteArray &bytes, bool dropsRepeated = false);

    quint64 m_first = 0, m_second = 0, m_count = 0;
    qint64 m_expireAt = -1;
    QByteArray m_typeWord;
    QByteArray m_rest; ///< of a string: what does not fill a block yet
    QSet<quint64> m_seen; ///< of a table in parts: a scan may tell an element twice
};

} // namespace slotscope
