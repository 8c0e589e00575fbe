// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace slotscope {

/// Returns a name in the same slot as `key`, for a value being built. If possible, it starts with the key's own name,
/// so that a user permitted to write the key may also write this one.
[[nodiscard]] QByteArray temporaryNameFor(const QByteArray &key, quint64 number);

} // namespace slotscope
