// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace slotscope {

/// Raises this process's limit of open files as far as the system permits (65,536 at most): with two sockets per node,
/// a cluster of 1,000 nodes exceeds the usual 1,024. Call once at start. If the system refuses, the limit stays as it
/// is.
void raiseFileLimit();

} // namespace slotscope
