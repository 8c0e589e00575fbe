// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadgenerator.h"

#include <QJsonArray>

namespace slotscope::cli {

/// How a load test stands, in one line.
[[nodiscard]] QString loadProgressText(const LoadState &state);
/// What it came to: figures, nodes, commands, errors.
[[nodiscard]] QString loadReportText(const LoadReport &report);
/// What changed since an earlier one, and what does not compare.
[[nodiscard]] QString loadChangesText(const LoadReport &before, const LoadReport &after);
[[nodiscard]] QJsonArray loadChangesJson(const LoadReport &before, const LoadReport &after);

} // namespace slotscope::cli
