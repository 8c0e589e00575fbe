// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"

namespace slotscope {

/// Derives findings from a report, most important first, at most a few of each kind. Pure.
[[nodiscard]] QList<AnalysisFinding> findingsOf(const AnalysisReport &report);

} // namespace slotscope
