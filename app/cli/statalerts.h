// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/metrics/metricsbook.h"
#include "core/metrics/threshold.h"

namespace slotscope::cli {

inline constexpr int exitAlert = 3; ///< a rule fired

struct AlertOptions
{
    std::vector<Threshold> rules;
    qint64 forMs = 0; ///< 0: until it is stopped
    bool first = false; ///< the first rule that fires ends it
};

/// A line for each rule that fires and for each that is over. Gives the exit code.
[[nodiscard]] QCoro::Task<int> watchAlerts(std::shared_ptr<ClusterSession> session, std::shared_ptr<MetricsBook> book,
                                           AlertOptions options, bool json);

} // namespace slotscope::cli
