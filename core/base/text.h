// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace slotscope {

/// Bytes as text for a person: valid printable UTF-8 stays, everything else becomes \xNN, \n, \r, \t, \\.
[[nodiscard]] QString toDisplay(QByteArrayView bytes);

/// Whether a character shows as what it is: no control, format (bidi), private or unassigned character, no line or
/// paragraph separator.
[[nodiscard]] bool showsItself(char32_t character);

/// The one rule for what may reach a terminal. Printable UTF-8 and tabs stay, and line breaks where `lines` says so;
/// what could move the cursor, colour, hide or turn text round (ESC, BEL, C1, bidi and other invisible characters,
/// bytes that are no UTF-8) is written as redis-cli quotes it: \x1b, \a, \xc2\x9b. What is safe comes back as it is, so
/// it may be done twice.
enum class LineBreaks : quint8 { Keep, Quote };
[[nodiscard]] QByteArray terminalSafe(const QByteArray &bytes, LineBreaks lines);
[[nodiscard]] QString terminalSafe(const QString &text, LineBreaks lines);

/// 1234567 -> "1,234,567".
[[nodiscard]] QString groupedNumber(qint64 number);

/// 1536 -> "1.5 KB"; powers of 1024, one decimal below 100.
[[nodiscard]] QString byteSize(qint64 bytes);

/// "14.2 %"; empty where there is no whole.
[[nodiscard]] QString shareText(qint64 part, qint64 whole);

/// Milliseconds as "40 ms", "12 s", "3 min 4 s", "2 h 5 min", "3 d 4 h".
[[nodiscard]] QString duration(qint64 milliseconds);
/// The same without the smaller unit: "13 min"; seconds at least.
[[nodiscard]] QString roughDuration(qint64 milliseconds);

/// Exact integer of a whole text, or nothing: no sign but '-', no blanks, no overflow.
[[nodiscard]] std::optional<qint64> toInteger(QByteArrayView text);
[[nodiscard]] std::optional<quint64> toUnsigned(QByteArrayView text);

} // namespace slotscope
