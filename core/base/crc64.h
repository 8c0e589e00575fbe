// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace slotscope {

/// The checksum that ends an RDB file: CRC-64 with the polynomial of Jones, reflected, from 0 on. Goes on with `crc`
/// over further bytes.
[[nodiscard]] quint64 crc64(quint64 crc, QByteArrayView bytes);

} // namespace slotscope
