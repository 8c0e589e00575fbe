// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace slotscope {

[[nodiscard]] QString slotsText(qint64 count); ///< "1 slot", "1,000 slots"
[[nodiscard]] QString keysText(qint64 count);

} // namespace slotscope
