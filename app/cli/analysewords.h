// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/analysis/analyser.h"
#include "core/analysis/rdbanalysis.h"

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
};

[[nodiscard]] QString analyseHelp();
/// Error::Code::InvalidArgument says which word is wrong.
[[nodiscard]] Result<AnalyseWords> readAnalyseWords(const Context &context);

/// The sizes of all keys as the primaries count them; exit code 1 where one did not tell, or could not be understood.
[[nodiscard]] QCoro::Task<int> tellKeySizes(AnalyseWords words, Context context);

} // namespace slotscope::cli
