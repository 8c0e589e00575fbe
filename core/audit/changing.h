// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"

namespace slotscope {

/// Whether a command may change something on a server, or block it: flagged write, admin or dangerous in COMMAND,
/// unless CommandGate knows that it changes nothing. Unknown commands count as changing. EXEC counts; commands about
/// the connection (AUTH, SELECT, SUBSCRIBE, …) do not. Takes about 50 ns; any thread.
[[nodiscard]] bool changesServers(const Command &command);

/// Whether a server known to us has a command of this name. Otherwise it may be a mistyped AUTH.
[[nodiscard]] bool isKnownCommand(const Command &command);

} // namespace slotscope
