// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace slotscope {

/// Converts bytes to text for display: valid printable UTF-8 stays, everything else becomes \xNN,
/// , \r, \t, \\.
[[nodiscard]] QString toDisplay(QByteArrayView bytes);

/// Whether a character is visible as itself: no control, format (bidi), private or unassigned character, and no line or
/// paragraph separator.
[[nodiscard]] bool showsItself(char32_t character);

/// Makes text safe for a terminal. Printable UTF-8 and tabs stay, and so do line breaks, depending on `lines`. Anything
/// that could move the cursor, change colours, hide or reverse text (ESC, BEL, C1, bidi and other invisible characters,
/// invalid UTF-8) is quoted as by redis-cli: \x1b, \a, \xc2\x9b. Safe text is returned unchanged, so applying it twice
/// does no harm.
enum class LineBreaks : quint8 { Keep, Quote };
[[nodiscard]] QByteArray terminalSafe(const QByteArray &bytes, LineBreaks lines);
[[nodiscard]] QString terminalSafe(const QString &text, LineBreaks lines);

/// 1234567 -> "1,234,567".
[[nodiscard]] QString groupedNumber(qint64 number);

/// Formats a size, such as "1.5 KB" for 1536: powers of 1024, one decimal below 100.
[[nodiscard]] QString byteSize(qint64 bytes);

/// Formats a share as "14.2 %"; empty if `whole` is not positive.
[[nodiscard]] QString shareText(qint64 part, qint64 whole);

/// Formats milliseconds as "40 ms", "12 s", "3 min 4 s", "2 h 5 min", "3 d 4 h".
[[nodiscard]] QString duration(qint64 milliseconds);
/// Formats a duration without the smaller unit: "13 min"; in seconds at least.
[[nodiscard]] QString roughDuration(qint64 milliseconds);

/// Parses a complete text as integer: no sign except '-', no blanks, no overflow; nullopt if it is invalid.
[[nodiscard]] std::optional<qint64> toInteger(QByteArrayView text);
[[nodiscard]] std::optional<quint64> toUnsigned(QByteArrayView text);

} // namespace slotscope
