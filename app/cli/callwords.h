// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/protocol/command.h"

namespace slotscope::cli {

/// What stands behind "call".
struct CallWords
{
    QString to; ///< empty: where the key lives
    bool yes = false; ///< the user agrees, whatever the gate asks
    bool quotedInput = false; ///< arguments in double quotes are read with redis-cli's escapes
    bool compares = false; ///< answers side by side
    QString file; ///< lines to run; "-": standard input
    bool goesOn = false; ///< also after a line that failed
    std::optional<bool> resp3;
    Command command;

    /// Over connections of its own, as the window's console does.
    [[nodiscard]] bool ownLinks() const { return compares || !file.isEmpty() || resp3; }
};

[[nodiscard]] QCoro::Task<int> runOnOwnLinks(Context context, CallWords words);

} // namespace slotscope::cli
