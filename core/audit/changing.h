// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"

namespace slotscope {

/// Whether a command may change something on a server, or hold it up: what the servers' own COMMAND calls write, admin
/// or dangerous, unless CommandGate knows that it changes nothing. A command that no server known to us has counts as
/// changing. EXEC counts, the commands of a connection (AUTH, SELECT, SUBSCRIBE, …) do not. Some 50 ns; any thread.
[[nodiscard]] bool changesServers(const Command &command);

/// Whether a server that is known to us has a command of this name. Another one may be a mistyped AUTH.
[[nodiscard]] bool isKnownCommand(const Command &command);

} // namespace slotscope
