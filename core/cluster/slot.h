// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/slotcount.h"

#include <QByteArrayView>

#include <utility>

namespace slotscope {

/// CRC16 (XMODEM) of the key, or of its hash tag: what stands between the first '{' and the first '}' after it, when
/// that is not empty (Redis Cluster specification, "Hash tags").
[[nodiscard]] quint16 slotOfKey(QByteArrayView key);

/// The part of the key that is hashed.
[[nodiscard]] QByteArrayView hashedPart(QByteArrayView key);

/// Slots of the `index`-th of `primaries` primaries: equal contiguous ranges, boundaries rounded to the nearest slot.
[[nodiscard]] std::pair<int, int> equalRange(int index, int primaries);

} // namespace slotscope
