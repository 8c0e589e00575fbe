// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace slotscope {

/// What stands for a secret outside the core: the same for equal secrets while this program runs, and tells nothing
/// else of them. Empty for none. Any thread.
[[nodiscard]] QByteArray secretMark(const QByteArray &secret);

} // namespace slotscope
