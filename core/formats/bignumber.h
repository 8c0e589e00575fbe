// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace slotscope {

/// Longest magnitude that is written out in digits: more takes time that grows with its square.
inline constexpr qsizetype mostBigBytes = 2048;

/// Digits of a magnitude, its highest byte first.
[[nodiscard]] QString bigDigits(QByteArrayView magnitude);
/// The same of a two's complement number, its lowest byte first as pickle, or highest byte first as Java stores it.
[[nodiscard]] QString bigSigned(QByteArray bytes, bool lowestFirst);
/// Shortest magnitude of digits, highest byte first; empty for 0 and for what are no digits.
[[nodiscard]] QByteArray bigMagnitude(QByteArrayView digits);

} // namespace slotscope
