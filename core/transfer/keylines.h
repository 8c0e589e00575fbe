// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/transfer/keypiece.h"

namespace slotscope {

/// How exported keys stand in a file.
enum class KeyFileFormat : quint8 {
    Lines, ///< a JSON object a line, lossless; docs/export-format.md
    Commands, ///< what redis-cli reads: SET, RPUSH, …, PEXPIREAT
    Csv, ///< an element a line, for other programs; it cannot be read back
};

/// The first line of a file of Lines.
[[nodiscard]] QByteArray headerLine();
/// The last one: how many keys stand before it. A file without it was cut.
[[nodiscard]] QByteArray trailerLine(qint64 keys);
/// A piece as one line, without its line break.
[[nodiscard]] QByteArray jsonLineOf(const KeyPiece &piece);

/// What a line of a file says.
struct KeyLine
{
    enum class Kind : quint8 { Header, Piece, Trailer };
    Kind kind = Kind::Piece;
    KeyPiece piece;
    qint64 keys = 0; ///< Trailer
};
/// Error::Parse says what is wrong with the line.
[[nodiscard]] Result<KeyLine> keyLineOf(const QByteArray &line);

/// The commands of a piece, a line each, quoted as redis-cli reads them. A key's first line deletes what stands there.
[[nodiscard]] QByteArray commandLinesOf(const KeyPiece &piece);

[[nodiscard]] QByteArray csvHeader();
/// A line for each element: key, type, expiry (ISO 8601, UTC), name (field, member, entry id, index), value, score.
/// What is no UTF-8 stands as redis-cli quotes it. `index`: of the first item of a list's part.
[[nodiscard]] QByteArray csvLinesOf(const KeyPiece &piece, qint64 index);

} // namespace slotscope
