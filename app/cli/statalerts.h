// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/metrics/metricsbook.h"
#include "core/metrics/threshold.h"

namespace slotscope::cli {

inline constexpr int exitAlert = 3; ///< exit code: a rule fired

struct AlertOptions
{
    std::vector<Threshold> rules;
    qint64 forMs = 0; ///< 0: until stopped
    bool first = false; ///< end when the first rule fires
};

/// Prints a line for each rule that fires and each that is over. Returns the exit code.
[[nodiscard]] QCoro::Task<int> watchAlerts(std::shared_ptr<ClusterSession> session, std::shared_ptr<MetricsBook> book,
                                           AlertOptions options, bool json);

} // namespace slotscope::cli
