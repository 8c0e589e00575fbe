// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/slotcount.h"

#include <QByteArrayView>

#include <utility>

namespace slotscope {

/// Slot of a key: CRC16 (XMODEM) of the key or, if it is not empty, of its hash tag: the text between the first '{' and
/// the next '}' (Redis Cluster specification, "Hash tags").
[[nodiscard]] quint16 slotOfKey(QByteArrayView key);

/// A short text without braces whose slot is `slot`, as it occurs in the braces of a CLUSTERSCAN cursor.
[[nodiscard]] QByteArray hashTagOf(quint16 slot);

/// The part of the key that is hashed.
[[nodiscard]] QByteArrayView hashedPart(QByteArrayView key);

/// The slots of primary number `index` if slots are split evenly: equal contiguous ranges, boundaries rounded to the
/// nearest slot.
[[nodiscard]] std::pair<int, int> equalRange(int index, int primaries);

} // namespace slotscope
