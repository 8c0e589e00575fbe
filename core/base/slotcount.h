// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace slotscope {

/// Number of slots of every cluster, a constant of the protocol.
inline constexpr int slotCount = 16384;

} // namespace slotscope
