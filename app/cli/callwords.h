// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/protocol/command.h"

namespace slotscope::cli {

/// Arguments of `call`.
struct CallWords
{
    QString to; ///< target node; empty: the owner of the key's slot
    bool yes = false; ///< the user agrees to everything that the command gate asks
    bool quotedInput = false; ///< arguments in double quotes are parsed with redis-cli's escapes
    bool compares = false; ///< show the replies of several nodes side by side
    QString file; ///< file of lines to run; "-": standard input
    bool goesOn = false; ///< continue after a line that failed
    std::optional<bool> resp3;
    Command command;

    /// Whether the command uses connections of its own, like the window's console.
    [[nodiscard]] bool ownLinks() const { return compares || !file.isEmpty() || resp3; }
};

[[nodiscard]] QCoro::Task<int> runOnOwnLinks(Context context, CallWords words);

} // namespace slotscope::cli
