// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/analysis/analyser.h"
#include "core/analysis/rdbanalysis.h"
#include "core/analysis/reportstore.h"

namespace slotscope::cli {

/// Options of `analyse`.
struct AnalyseWords
{
    AnalysisRequest request;
    QString node; ///< node as typed; empty: all primaries
    int depth = 2, top = 10;
    RdbAnalysisRequest rdb; ///< RDB files to analyse; without paths, a cluster is analysed
    bool hasDatabase = false;
    bool hasDelimiters = false; ///< delimiters were given, so the default delimiter is not used
    bool html = false, csv = false; ///< output format in place of plain text
    bool help = false;
    bool keySizes = false; ///< no analysis, but the key sizes that the servers count (INFO keysizes)
    bool list = false; ///< list the stored reports
    bool save = false; ///< store the report
    QString show, compare; ///< a file or "last": the report to show instead of an analysis, and the one to compare with
};

[[nodiscard]] QString analyseHelp();
/// Parses the arguments; Error::Code::InvalidArgument names the wrong one.
[[nodiscard]] Result<AnalyseWords> readAnalyseWords(const Context &context);

/// Prints the key sizes that the primaries count. Exit code 1 if a primary did not report them or its reply was not
/// understood.
[[nodiscard]] QCoro::Task<int> tellKeySizes(AnalyseWords words, Context context);

[[nodiscard]] int printReport(const AnalysisReport &report, const AnalyseWords &words, bool json);

/// Returns the stored reports of the cluster to which `opened` is connected.
[[nodiscard]] ReportList storedReports(const Opened &opened);
[[nodiscard]] int listReports(const Opened &opened, bool json);
/// Loads the report that `word` names: "last" is the newest of the cluster, which must be connected; otherwise the path
/// of a file, or its name in the folder of reports.
[[nodiscard]] Result<AnalysisReportPtr> reportNamed(const QString &word, const Opened &opened);
/// Prints the changes from the older to the newer report, and on standard error the reasons why the two may not be
/// comparable.
void printComparison(const AnalysisReportPtr &one, const AnalysisReportPtr &other, int top, bool json);

} // namespace slotscope::cli
