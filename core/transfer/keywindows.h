// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/value.h"
#include "core/transfer/keypiece.h"

namespace slotscope {

/// Commands that read a value in windows, and the interpretation of their replies. Pure.

/// elements of a collection per part; may be exceeded, because COUNT is only a hint
inline constexpr int windowItems = 500;
inline constexpr qint64 windowBytes = 1 << 20; ///< bytes of a string per part

/// Which commands a server has. While unknown, the older ones are used.
struct ServerAbilities
{
    bool expireTime = false; ///< PEXPIRETIME exists (Redis >= 7)
    bool fieldExpiry = false; ///< HPEXPIRETIME exists (Redis >= 7.4, Valkey >= 9)
};

/// Appends TYPE, the query for the expiry and, with `asksSize`, MEMORY USAGE.
void appendHeadCommands(const QByteArray &key, const ServerAbilities &abilities, bool asksSize,
                        std::vector<Command> &commands);
/// Converts a reply to TIME to ms since 1970; 0 if it is invalid.
[[nodiscard]] qint64 serverTimeMs(const Value &answer);
/// Returns the expiry in ms since 1970; -1: none. `now` is the server's time.
[[nodiscard]] qint64 expiryOf(const Value &answer, const ServerAbilities &abilities, qint64 now);

/// Where to continue reading a long value.
struct WindowCursor
{
    QByteArray position = "0"; ///< cursor of a scan, or last id of a stream
    qint64 done = 0; ///< bytes of a string, or items of a list, read so far
    bool atEnd = false;
};

enum class WindowOutcome : quint8 {
    Whole,
    More, ///< there is more after the window
    Gone, ///< the key does not exist
};

/// Appends one command, or two for a stream.
void appendFirstWindow(const KeyPiece &piece, std::vector<Command> &commands);
/// `more` is the reply to the second command.
[[nodiscard]] WindowOutcome takeFirstWindow(const Value &answer, const Value &more, KeyPiece &piece);

[[nodiscard]] Command windowCommand(const KeyPiece &piece, const WindowCursor &cursor);
/// Stores the reply in the piece and advances the cursor; returns false if the key is gone.
[[nodiscard]] bool takeWindow(const Value &answer, KeyPiece &piece, WindowCursor &cursor);

[[nodiscard]] Command fieldExpiryCommand(const KeyPiece &piece);
void takeFieldExpiries(const Value &answer, KeyPiece &piece);

/// The functions below parse XINFO STREAM, XINFO GROUPS, XINFO CONSUMERS and XPENDING.
[[nodiscard]] StreamState streamStateOf(const Value &info);
[[nodiscard]] QList<StreamState::Group> streamGroupsOf(const Value &groups);
[[nodiscard]] QByteArrayList consumersOf(const Value &consumers);
void appendPending(const Value &page, qint64 now, QList<StreamState::Pending> &pending);

} // namespace slotscope
