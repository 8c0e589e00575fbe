// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"

namespace slotscope::cli {

/// Options of a plain-text report.
struct ReportWords
{
    int depth = 2; ///< levels of namespaces that are shown
    int top = 10; ///< namespaces of one parent, keys, slots
};
[[nodiscard]] QString reportText(const AnalysisReport &report, const ReportWords &words);

} // namespace slotscope::cli
