// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/transfer/keypiece.h"

namespace slotscope {

/// File formats for exported keys.
enum class KeyFileFormat : quint8 {
    Lines, ///< one JSON object per line, without loss; docs/export-format.md
    Commands, ///< commands for redis-cli: SET, RPUSH, …, PEXPIREAT
    Csv, ///< one line per element, for other programs; cannot be imported
};

/// The first line of a file in format Lines.
[[nodiscard]] QByteArray headerLine();
/// The last line, with the number of keys before it. A file without it is incomplete.
[[nodiscard]] QByteArray trailerLine(qint64 keys);
/// A piece as one line, without line break.
[[nodiscard]] QByteArray jsonLineOf(const KeyPiece &piece);

/// The content of one line of a file.
struct KeyLine
{
    enum class Kind : quint8 { Header, Piece, Trailer };
    Kind kind = Kind::Piece;
    KeyPiece piece;
    qint64 keys = 0; ///< for a trailer: number of keys
};
/// Error::Parse says what is wrong with the line.
[[nodiscard]] Result<KeyLine> keyLineOf(const QByteArray &line);

/// The commands for a piece, one per line, quoted for redis-cli. The first line of a key deletes an existing one.
[[nodiscard]] QByteArray commandLinesOf(const KeyPiece &piece);

[[nodiscard]] QByteArray csvHeader();
/// One line per element: key, type, expiry (ISO 8601, UTC), name (field, member, entry id, index), value, score. Bytes
/// that are not valid UTF-8 are quoted as by redis-cli. `index` is that of the first item in a list's part.
[[nodiscard]] QByteArray csvLinesOf(const KeyPiece &piece, qint64 index);

} // namespace slotscope
