// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"

namespace slotscope {

/// A standalone page for a browser: without scripts and external resources, with all names escaped.
[[nodiscard]] QByteArray reportHtml(const AnalysisReport &report);
/// Rows with kind, name, keys, bytes, … for a spreadsheet: types, namespaces, biggest keys, tags, slots. A name that a
/// spreadsheet could take for a formula is prefixed with an apostrophe.
[[nodiscard]] QByteArray reportCsv(const AnalysisReport &report);

/// Label of a place in the distribution of times to live, in the user's language: "none", "< 1 min", …
[[nodiscard]] QString ttlPlaceText(size_t place);
/// One line about the content: "all 1,310,402 keys · …", or that it is partial and why.
[[nodiscard]] QString reportSummary(const AnalysisReport &report);
/// What is missing or uncertain, one line each; empty: nothing.
[[nodiscard]] QStringList reportLacks(const AnalysisReport &report);

} // namespace slotscope
