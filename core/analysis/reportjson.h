// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/base/result.h"

#include <QJsonObject>

namespace slotscope {

/// The form of a report in files and for other programs. Numbers are exact up to 2^53.
inline constexpr int reportVersion = 1;
[[nodiscard]] QJsonObject reportToJson(const AnalysisReport &report);
/// Error::Code::Parse says what is wrong: no report, damaged, or of a newer Slotscope. What it holds is bounded.
[[nodiscard]] Result<AnalysisReport> reportFromJson(const QJsonObject &object);

} // namespace slotscope
