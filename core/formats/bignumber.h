// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace slotscope {

/// Largest number, in bytes, that is converted to decimal digits, because the time grows with the square of the length.
inline constexpr qsizetype mostBigBytes = 2048;

/// Decimal digits of an unsigned number, given highest byte first.
[[nodiscard]] QString bigDigits(QByteArrayView magnitude);
/// Decimal digits of a two's complement number, lowest byte first as in pickle, or highest byte first as in Java.
[[nodiscard]] QString bigSigned(QByteArray bytes, bool lowestFirst);
/// Converts decimal digits to the shortest unsigned number, highest byte first; empty for 0 and for invalid digits.
[[nodiscard]] QByteArray bigMagnitude(QByteArrayView digits);

} // namespace slotscope
