// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/profile/savedconnections.h"

namespace slotscope::cli {

/// `saved import FILE`: imports connections of this program, another tool or a Compose file.
[[nodiscard]] QCoro::Task<int> importSaved(Context context, std::shared_ptr<SavedConnections> saved, QStringList words);
/// `saved export FILE`
[[nodiscard]] QCoro::Task<int> exportSaved(std::shared_ptr<SavedConnections> saved, QStringList words);

} // namespace slotscope::cli
