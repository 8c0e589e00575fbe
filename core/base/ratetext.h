// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace slotscope {

/// Formats a number of things per second: "0", "0.4", "12", "1,204"; "–" if it is unknown (NaN). Below 10 it has one
/// decimal, so that a little is not shown as nothing.
[[nodiscard]] QString rateText(double perSecond);

} // namespace slotscope
