// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

namespace slotscope::cli {

struct CommandsOptions
{
    bool wanted = false;
    QString node; ///< node as typed; empty: all primaries
    int intervalMs = 1000;
    int count = 0; ///< number of tables; 0: until stopped
};

/// Prints repeatedly which commands the servers run. Returns the exit code.
[[nodiscard]] QCoro::Task<int> printCommands(std::shared_ptr<ClusterSession> session, CommandsOptions options,
                                             bool json);

} // namespace slotscope::cli
