// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace slotscope {

/// A mark that replaces a secret outside core: equal for equal secrets while this program runs, and reveals nothing
/// else. Empty for an empty secret. Any thread.
[[nodiscard]] QByteArray secretMark(const QByteArray &secret);

} // namespace slotscope
