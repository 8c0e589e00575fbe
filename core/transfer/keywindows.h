// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/value.h"
#include "core/transfer/keypiece.h"

namespace slotscope {

/// Commands that read a value in windows, and what their answers mean. Pure.

inline constexpr int windowItems = 500; ///< elements of a collection in one part; COUNT is a hint, so it may be more
inline constexpr qint64 windowBytes = 1 << 20; ///< of a string

/// Which commands a server has; as long as that is not known, the older ones are used.
struct ServerAbilities
{
    bool expireTime = false; ///< PEXPIRETIME (Redis >= 7)
    bool fieldExpiry = false; ///< HPEXPIRETIME (Redis >= 7.4, Valkey >= 9)
};

/// TYPE, the expiry, and with `asksSize` MEMORY USAGE.
void appendHeadCommands(const QByteArray &key, const ServerAbilities &abilities, bool asksSize,
                        std::vector<Command> &commands);
/// ms since 1970, from the answer to TIME; 0 where it is none.
[[nodiscard]] qint64 serverTimeMs(const Value &answer);
/// ms since 1970; -1: it does not expire. `now` is the server's.
[[nodiscard]] qint64 expiryOf(const Value &answer, const ServerAbilities &abilities, qint64 now);

/// Where reading of a long value goes on.
struct WindowCursor
{
    QByteArray position = "0"; ///< a scan's cursor, or the last id of a stream
    qint64 done = 0; ///< bytes of a string, items of a list
    bool atEnd = false;
};

enum class WindowOutcome : quint8 {
    Whole,
    More, ///< there is more than the window
    Gone, ///< no such key
};

/// One command, or two for a stream.
void appendFirstWindow(const KeyPiece &piece, std::vector<Command> &commands);
/// `more`: the answer to the second command.
[[nodiscard]] WindowOutcome takeFirstWindow(const Value &answer, const Value &more, KeyPiece &piece);

[[nodiscard]] Command windowCommand(const KeyPiece &piece, const WindowCursor &cursor);
/// Fills the piece and moves the cursor on; false where the key is gone.
[[nodiscard]] bool takeWindow(const Value &answer, KeyPiece &piece, WindowCursor &cursor);

[[nodiscard]] Command fieldExpiryCommand(const KeyPiece &piece);
void takeFieldExpiries(const Value &answer, KeyPiece &piece);

/// From XINFO STREAM, XINFO GROUPS, XINFO CONSUMERS, XPENDING.
[[nodiscard]] StreamState streamStateOf(const Value &info);
[[nodiscard]] QList<StreamState::Group> streamGroupsOf(const Value &groups);
[[nodiscard]] QByteArrayList consumersOf(const Value &consumers);
void appendPending(const Value &page, qint64 now, QList<StreamState::Pending> &pending);

} // namespace slotscope
