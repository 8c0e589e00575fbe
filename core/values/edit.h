// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"
#include "core/values/valuehead.h"

#include <QList>
#include <QPair>

#include <optional>

namespace slotscope {

/// What an edit relies on: a reading command, and the answer that it had when the value was shown.
struct EditCheck
{
    Command read;
    std::optional<QByteArray> expected; ///< nothing: a null; a number as its digits
};

/// A change of one key: all of `commands`, in one MULTI, and only where each check still holds.
struct Edit
{
    QByteArray key;
    QByteArrayList alsoWatched; ///< further keys of the same slot that it depends on
    QList<EditCheck> checks;
    QList<Command> commands;
    /// Keeps the previous value with the outcome, so that the edit can be undone. For small values only: this costs one
    /// DUMP before the edit and one after it.
    bool keepsFormer = false;

    /// "HSET and HPEXPIRE in one MULTI, if nobody changed it meanwhile".
    [[nodiscard]] QString words() const;
};

/// Functions that make each kind of edit. Pure: an edit holds commands, nothing is sent. A value or a time to live that
/// is not given stays as it is.
namespace edits {

using Pairs = QList<QPair<QByteArray, QByteArray>>; ///< field and value, member and score

/// KEEPTTL (Redis >= 6.0). `before` is the whole value as it was shown.
[[nodiscard]] Edit setString(const QByteArray &key, const QByteArray &before, const QByteArray &after);
[[nodiscard]] Edit append(const QByteArray &key, const QByteArray &bytes);
/// `by`: a whole number, else a decimal one (INCRBYFLOAT).
[[nodiscard]] Edit increment(const QByteArray &key, const QByteArray &by);

/// `before` nothing: the field must be new. `ttlMs`: what the field has still to live, just read; -1: it does not
/// expire. HSET alone would take its expiry away.
[[nodiscard]] Edit setField(const QByteArray &key, const QByteArray &field, const std::optional<QByteArray> &before,
                            const QByteArray &after, qint64 ttlMs = -1);
[[nodiscard]] Edit removeFields(const QByteArray &key, const QByteArrayList &fields);
/// Value and expiry go with it; refused where the new name exists.
[[nodiscard]] Edit renameField(const QByteArray &key, const QByteArray &field, const QByteArray &name,
                               const QByteArray &value, qint64 ttlMs = -1);
/// `ttlMs` -1: it lives for ever.
[[nodiscard]] Edit expireField(const QByteArray &key, const QByteArray &field, qint64 ttlMs);

[[nodiscard]] Edit setItem(const QByteArray &key, qint64 index, const QByteArray &before, const QByteArray &after);
[[nodiscard]] Edit pushItems(const QByteArray &key, bool atHead, const QByteArrayList &items);
/// In front of the item that is at `index` now. The marker is a value that no list holds.
[[nodiscard]] Edit insertItem(const QByteArray &key, qint64 index, const QByteArray &there, const QByteArray &item,
                              const QByteArray &marker);
[[nodiscard]] Edit removeItem(const QByteArray &key, qint64 index, const QByteArray &there, const QByteArray &marker);
/// Keeps the items `first` … `last` only.
[[nodiscard]] Edit trimList(const QByteArray &key, qint64 first, qint64 last);

[[nodiscard]] Edit addMembers(const QByteArray &key, const QByteArrayList &members);
[[nodiscard]] Edit removeMembers(const QByteArray &key, ValueType type, const QByteArrayList &members);
[[nodiscard]] Edit renameMember(const QByteArray &key, const QByteArray &member, const QByteArray &name);
/// `before` nothing: the member must be new.
[[nodiscard]] Edit setScore(const QByteArray &key, const QByteArray &member, const std::optional<QByteArray> &before,
                            const QByteArray &score);
[[nodiscard]] Edit renameScored(const QByteArray &key, const QByteArray &member, const QByteArray &name,
                                const QByteArray &score);

/// `id`: "*" lets the server choose.
[[nodiscard]] Edit addEntry(const QByteArray &key, const QByteArray &id, const Pairs &fields);
[[nodiscard]] Edit removeEntries(const QByteArray &key, const QByteArrayList &ids);
[[nodiscard]] Edit trimStream(const QByteArray &key, qint64 keep);
[[nodiscard]] Edit createGroup(const QByteArray &key, const QByteArray &group, const QByteArray &fromId);
[[nodiscard]] Edit destroyGroup(const QByteArray &key, const QByteArray &group);
[[nodiscard]] Edit setGroupId(const QByteArray &key, const QByteArray &group, const QByteArray &id);
[[nodiscard]] Edit removeConsumer(const QByteArray &key, const QByteArray &group, const QByteArray &consumer);
[[nodiscard]] Edit acknowledge(const QByteArray &key, const QByteArray &group, const QByteArrayList &ids);
[[nodiscard]] Edit claim(const QByteArray &key, const QByteArray &group, const QByteArray &consumer,
                         const QByteArrayList &ids);

[[nodiscard]] Edit setDocument(const QByteArray &key, const QByteArray &before, const QByteArray &after);

/// `ttlMs`: from now; -1: for ever. 0 and below delete the key: the caller has asked.
[[nodiscard]] Edit expire(const QByteArray &key, qint64 ttlMs);
/// `at`: ms since 1970 by the server's clock.
[[nodiscard]] Edit expireAt(const QByteArray &key, qint64 at);
[[nodiscard]] Edit remove(const QByteArray &key);
/// A new key; refused where there is one of that name. Pairs are fields, members with scores, or an entry's fields; for
/// a string the one value stands in front. `ttlMs` -1: for ever.
[[nodiscard]] Edit create(const QByteArray &key, ValueType type, const Pairs &pairs, qint64 ttlMs);
/// Within its slot; refused where the new name is taken. The time to live goes with it.
[[nodiscard]] Edit rename(const QByteArray &key, const QByteArray &name);

} // namespace edits

/// A score as the server will store it, digit for digit as Redis >= 7.2 and Valkey >= 8 print it; nothing where it is
/// no number.
[[nodiscard]] std::optional<QByteArray> storedScore(const QByteArray &typed);

} // namespace slotscope
