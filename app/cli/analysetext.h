// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"

namespace slotscope::cli {

/// A report for people, in plain text.
struct ReportWords
{
    int depth = 2; ///< of namespaces
    int top = 10; ///< namespaces of one parent, keys, slots
};
[[nodiscard]] QString reportText(const AnalysisReport &report, const ReportWords &words);

} // namespace slotscope::cli
