// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"

namespace slotscope {

/// A page of its own for a browser: no script, nothing is fetched, every name is escaped.
[[nodiscard]] QByteArray reportHtml(const AnalysisReport &report);
/// Rows of kind, name, keys, bytes, … for a spreadsheet: types, namespaces, biggest keys, tags, slots. A name that a
/// spreadsheet would take for a formula has an apostrophe before it.
[[nodiscard]] QByteArray reportCsv(const AnalysisReport &report);

/// Times to live by place, in the user's language: "none", "< 1 min", …
[[nodiscard]] QString ttlPlaceText(size_t place);
/// One line on what the report holds: "all 1,310,402 keys · …", or that it is a part, and why.
[[nodiscard]] QString reportSummary(const AnalysisReport &report);
/// What is missing or uncertain, a line each; empty: nothing.
[[nodiscard]] QStringList reportLacks(const AnalysisReport &report);

} // namespace slotscope
