// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

namespace slotscope::cli {

struct CommandsOptions
{
    bool wanted = false;
    QString node; ///< empty: all primaries
    int intervalMs = 1000;
    int count = 0; ///< of tables; 0: until it is stopped
};

/// Which commands the servers run, again and again. Gives the exit code.
[[nodiscard]] QCoro::Task<int> printCommands(std::shared_ptr<ClusterSession> session, CommandsOptions options,
                                             bool json);

} // namespace slotscope::cli
