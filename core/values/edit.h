// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"
#include "core/values/valuehead.h"

#include <QList>
#include <QPair>

#include <optional>

namespace slotscope {

/// A condition of an edit: a read command, and the reply that it had when the value was shown.
struct EditCheck
{
    Command read;
    std::optional<QByteArray> expected; ///< nullopt: null reply; a number as its digits
};

/// A change of one key. All `commands` are sent in one MULTI, and only if each check still holds.
struct Edit
{
    QByteArray key;
    QByteArrayList alsoWatched; ///< other keys of the same slot that must not change either
    QList<EditCheck> checks;
    QList<Command> commands;
    /// Keeps the previous value with the outcome, so that the edit can be undone. For small values only: this costs one
    /// DUMP before the edit and one after it.
    bool keepsFormer = false;

    /// Describes the commands: "HSET and HPEXPIRE in one MULTI, if nobody changed it meanwhile".
    [[nodiscard]] QString words() const;
};

/// Functions that make each kind of edit. Pure: an edit contains commands, nothing is sent. Values and times to live
/// not passed stay as they are.
namespace edits {

using Pairs = QList<QPair<QByteArray, QByteArray>>; ///< field and value, or member and score

/// Keeps the time to live with KEEPTTL (Redis >= 6.0). `before` is the complete value as shown.
[[nodiscard]] Edit setString(const QByteArray &key, const QByteArray &before, const QByteArray &after);
/// Replaces a value that was not read as a whole: checks only that it still has this length, in bytes.
[[nodiscard]] Edit replaceString(const QByteArray &key, qint64 lengthBefore, const QByteArray &after);
/// Bytes of a string that are overwritten, from an offset on; both of the same size.
struct Overwriting
{
    qint64 offset = 0;
    QByteArray before, after;
};
/// Overwrites parts of a string with SETRANGE; only these parts are checked and sent.
[[nodiscard]] Edit overwrite(const QByteArray &key, const QList<Overwriting> &parts);
[[nodiscard]] Edit append(const QByteArray &key, const QByteArray &bytes);
/// `by` is a whole number, or a decimal one (INCRBYFLOAT).
[[nodiscard]] Edit increment(const QByteArray &key, const QByteArray &by);

/// `before` nullopt means that the field must be new. `ttlMs` is the field's present time to live, just read, needed
/// because HSET removes it; -1: none.
[[nodiscard]] Edit setField(const QByteArray &key, const QByteArray &field, const std::optional<QByteArray> &before,
                            const QByteArray &after, qint64 ttlMs = -1);
[[nodiscard]] Edit removeFields(const QByteArray &key, const QByteArrayList &fields);
/// Value and expiry move to the new name; refused if that exists.
[[nodiscard]] Edit renameField(const QByteArray &key, const QByteArray &field, const QByteArray &name,
                               const QByteArray &value, qint64 ttlMs = -1);
/// `ttlMs` -1 removes the expiry.
[[nodiscard]] Edit expireField(const QByteArray &key, const QByteArray &field, qint64 ttlMs);

[[nodiscard]] Edit setItem(const QByteArray &key, qint64 index, const QByteArray &before, const QByteArray &after);
[[nodiscard]] Edit pushItems(const QByteArray &key, bool atHead, const QByteArrayList &items);
/// Inserts before the item now at `index`. The marker is a value that no list contains.
[[nodiscard]] Edit insertItem(const QByteArray &key, qint64 index, const QByteArray &there, const QByteArray &item,
                              const QByteArray &marker);
[[nodiscard]] Edit removeItem(const QByteArray &key, qint64 index, const QByteArray &there, const QByteArray &marker);
/// Keeps only the items `first` … `last`.
[[nodiscard]] Edit trimList(const QByteArray &key, qint64 first, qint64 last);

[[nodiscard]] Edit addMembers(const QByteArray &key, const QByteArrayList &members);
[[nodiscard]] Edit removeMembers(const QByteArray &key, ValueType type, const QByteArrayList &members);
[[nodiscard]] Edit renameMember(const QByteArray &key, const QByteArray &member, const QByteArray &name);
/// `before` nullopt means that the member must be new.
[[nodiscard]] Edit setScore(const QByteArray &key, const QByteArray &member, const std::optional<QByteArray> &before,
                            const QByteArray &score);
[[nodiscard]] Edit renameScored(const QByteArray &key, const QByteArray &member, const QByteArray &name,
                                const QByteArray &score);

/// `id` "*" lets the server choose the id.
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
/// Edits of a JSON document at a path that matches one value. `before` is the reply to JSON.GET with that path, and
/// `after` a JSON text. Other parts of the document may change meanwhile.
[[nodiscard]] Edit setAtPath(const QByteArray &key, const QByteArray &path, const QByteArray &before,
                             const QByteArray &after);
[[nodiscard]] Edit removeAtPath(const QByteArray &key, const QByteArray &path, const QByteArray &before);
/// Refused if the object has a member at the path. The check expects the reply for no match, "[]".
[[nodiscard]] Edit addMember(const QByteArray &key, const QByteArray &path, const QByteArray &value);
/// Adds an item at the end of the array at the path.
[[nodiscard]] Edit appendAtPath(const QByteArray &key, const QByteArray &path, const QByteArray &before,
                                const QByteArray &value);

/// `ttlMs` from now on; negative: removes the expiry. 0 deletes the key, which the caller must have confirmed.
[[nodiscard]] Edit expire(const QByteArray &key, qint64 ttlMs);
/// `at` is in ms since 1970 on the server's clock.
[[nodiscard]] Edit expireAt(const QByteArray &key, qint64 at);
[[nodiscard]] Edit remove(const QByteArray &key);
/// Creates a key; refused if the name exists. Pairs are fields, members with scores, or the fields of a stream entry;
/// for a string, the first element is its value. `ttlMs` -1: no expiry.
[[nodiscard]] Edit create(const QByteArray &key, ValueType type, const Pairs &pairs, qint64 ttlMs);
/// Renames within the same slot; refused if the new name exists. The time to live moves with it.
[[nodiscard]] Edit rename(const QByteArray &key, const QByteArray &name);

} // namespace edits

/// A score as the server will store it, in the exact format of Redis >= 7.2 and Valkey >= 8; nullopt if it is no
/// number.
[[nodiscard]] std::optional<QByteArray> storedScore(const QByteArray &typed);

} // namespace slotscope
