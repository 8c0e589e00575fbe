// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace slotscope {

/// Bytes as text for a person: valid printable UTF-8 stays, everything else becomes \xNN, \n, \r, \t, \\.
[[nodiscard]] QString toDisplay(QByteArrayView bytes);

/// 1234567 -> "1,234,567".
[[nodiscard]] QString groupedNumber(qint64 number);

/// 1536 -> "1.5 KB"; powers of 1024, one decimal below 100.
[[nodiscard]] QString byteSize(qint64 bytes);

/// Milliseconds as "40 ms", "12 s", "3 min 4 s", "2 h 5 min", "3 d 4 h".
[[nodiscard]] QString duration(qint64 milliseconds);

/// Exact integer of a whole text, or nothing: no sign but '-', no blanks, no overflow.
[[nodiscard]] std::optional<qint64> toInteger(QByteArrayView text);
[[nodiscard]] std::optional<quint64> toUnsigned(QByteArrayView text);

} // namespace slotscope
