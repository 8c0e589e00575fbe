// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace slotscope {

/// Formats a double as PHP serializes it: "0.1", "1", "1.0E+25", "-0", "INF".
[[nodiscard]] QByteArray phpReal(double value);

} // namespace slotscope
