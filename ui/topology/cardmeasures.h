// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace slotscope {

/// Sizes in pixels of card parts that both the layout and the painter need.
inline constexpr int roomyIndent = 36; ///< indent of what is placed below a name
inline constexpr int roomyName = 30, roomyHead = 36, roomyPlot = 90, roomyBars = 54, roomyFigures = 46;
inline constexpr int roomyLink = 34; ///< link state of the only replica, or a text that there is none
inline constexpr int roomyLine = 26; ///< values of one of several replicas
inline constexpr int compactNumber = 32; ///< width to the left of the lines

} // namespace slotscope
