// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace slotscope {

/// Opens descriptors 0, 1 and 2 if the caller had closed them. Otherwise a socket could get one of these numbers, and
/// printed text would be sent to a server as commands. They are opened on /dev/null in the wrong direction, so that
/// reading 0 and writing 1 and 2 fails as for closed descriptors. Call first in main().
void openStandardFiles();

} // namespace slotscope
