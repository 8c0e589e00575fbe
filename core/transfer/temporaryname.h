// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace slotscope {

/// A name beside `key`, in the same slot: for a value that is being built. It begins with the key's own name where that
/// can be, so that a user who may write one may write the other.
[[nodiscard]] QByteArray temporaryNameFor(const QByteArray &key, quint64 number);

} // namespace slotscope
