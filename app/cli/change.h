// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

namespace slotscope::cli {

/// The commands that change a cluster, for the table in main.cpp; all are run by runChange().
[[nodiscard]] QList<Subcommand> changeCommands();
[[nodiscard]] QCoro::Task<int> runChange(Context context);

} // namespace slotscope::cli
