// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace slotscope {

/// Opens descriptors 0, 1 and 2 where the caller had closed them: else a socket gets one of these numbers, and what is
/// printed goes to a server as commands. They lead to /dev/null and the wrong way, so that reading from 0 and writing
/// to 1 and 2 fails as it does on a closed one. First thing in main().
void openStandardFiles();

} // namespace slotscope
