// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/base/result.h"

#include <QJsonObject>

namespace slotscope {

/// Version of the JSON format of reports, for files and other programs. Numbers are exact up to 2^53.
inline constexpr int reportVersion = 1;
[[nodiscard]] QJsonObject reportToJson(const AnalysisReport &report);
/// Parses a report. Error::Code::Parse says what is wrong: not a report, damaged, or from a newer Slotscope. The amount
/// of data read is limited.
[[nodiscard]] Result<AnalysisReport> reportFromJson(const QJsonObject &object);

} // namespace slotscope
