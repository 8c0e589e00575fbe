// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes that laying out and painting of the answers share.
#pragma once

#include <cstddef>

namespace slotscope::replymetrics {

inline constexpr int padding = 8, headHeight = 22, lineHeight = 19, rowHeight = 24, inset = 16;
inline constexpr int labelWidth = 200, cellGap = 12, helpBar = 3, buttonHeight = 28;
inline constexpr size_t mostColumns = 8; ///< with more nodes, each node is a row

} // namespace slotscope::replymetrics
