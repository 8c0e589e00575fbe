// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadgenerator.h"

#include <QJsonArray>

namespace slotscope::cli {

/// One line with the state of a load test.
[[nodiscard]] QString loadProgressText(const LoadState &state);
/// Results of a load test: rates, nodes, commands, errors.
[[nodiscard]] QString loadReportText(const LoadReport &report);
/// Changes since an earlier load test, and the differences that make the two not comparable.
[[nodiscard]] QString loadChangesText(const LoadReport &before, const LoadReport &after);
[[nodiscard]] QJsonArray loadChangesJson(const LoadReport &before, const LoadReport &after);

} // namespace slotscope::cli
