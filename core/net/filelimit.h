// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace slotscope {

/// Lets this process open as many files as the system permits (65,536 at most): two sockets a node are more than the
/// usual 1,024 in a cluster of 1,000. Call once at start; what the system refuses stays as it was.
void raiseFileLimit();

} // namespace slotscope
