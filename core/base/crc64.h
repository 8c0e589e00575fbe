// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace slotscope {

/// The checksum at the end of an RDB file: CRC-64 with Jones' polynomial, reflected, initial value 0. Continues from
/// `crc` over further bytes.
[[nodiscard]] quint64 crc64(quint64 crc, QByteArrayView bytes);

} // namespace slotscope
