// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/analysis/analyser.h"
#include "core/analysis/rdbanalysis.h"
#include "core/analysis/reportstore.h"

namespace slotscope::cli {

/// What `analyse` was told to do.
struct AnalyseWords
{
    AnalysisRequest request;
    QString node; ///< as it was typed; empty: all
    int depth = 2, top = 10;
    RdbAnalysisRequest rdb; ///< without paths: of a cluster
    bool hasDatabase = false;
    bool hasDelimiters = false; ///< some were given: the standard one goes
    bool html = false, csv = false; ///< in place of plain text
    bool help = false;
    bool keySizes = false; ///< no analysis: what the servers count of all keys (INFO keysizes)
    bool list = false; ///< the stored reports
    bool save = false; ///< the report is stored
    QString show, compare; ///< a file, or "last": shown in place of an analysis; compared with
};

[[nodiscard]] QString analyseHelp();
/// Error::Code::InvalidArgument says which word is wrong.
[[nodiscard]] Result<AnalyseWords> readAnalyseWords(const Context &context);

/// The sizes of all keys as the primaries count them; exit code 1 where one did not tell, or could not be understood.
[[nodiscard]] QCoro::Task<int> tellKeySizes(AnalyseWords words, Context context);

[[nodiscard]] int printReport(const AnalysisReport &report, const AnalyseWords &words, bool json);

/// The stored reports of the cluster that `opened` is connected to.
[[nodiscard]] ReportList storedReports(const Opened &opened);
[[nodiscard]] int listReports(const Opened &opened, bool json);
/// What a word for a report leads to: "last" is the newest of the cluster, which must be opened for it; else a file, by
/// its path or by its name in the folder of reports.
[[nodiscard]] Result<AnalysisReportPtr> reportNamed(const QString &word, const Opened &opened);
/// What changed between the older and the newer one; why the two are not alike on standard error.
void printComparison(const AnalysisReportPtr &one, const AnalysisReportPtr &other, int top, bool json);

} // namespace slotscope::cli
