// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace slotscope {

/// Pixels of the parts of a card that both its layout and its painter must know.
inline constexpr int roomyIndent = 36; ///< of what stands below a name
inline constexpr int roomyName = 30, roomyHead = 36, roomyPlot = 90, roomyBars = 54, roomyFigures = 46;
inline constexpr int roomyLink = 34; ///< how the only replica is linked; or that there is none
inline constexpr int roomyLine = 26; ///< the figures of one of several replicas
inline constexpr int compactNumber = 32; ///< left of the lines

} // namespace slotscope
