// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/analysis/rdbreader.h"

#include <atomic>

namespace slotscope {

struct RdbAnalysisRequest
{
    QStringList paths; ///< files, or folders from which all "*.rdb" files are read (a backup); one per shard
    QList<QByteArray> delimiters{QByteArrayLiteral(":")};
    QByteArray type; ///< only keys of this type; empty: all
    int database = -1; ///< only keys of this database; -1: all
};

struct RdbAnalysisProgress
{
    int file = 0, files = 0; ///< counted from 1
    qint64 read = 0, size = 0; ///< bytes over all files
    qint64 keys = 0;
};

/// Makes the same report from RDB files as an analysis of the servers, without any load on them. Times to live are as
/// of the time of writing; memory sizes are estimates from the file's content. A damaged file is reported with its
/// offset among the outcome's problems; keys before that count, so the report is partial. A key in two files (because
/// its slot was moving) counts twice. Any thread; takes about a second per 100 MB. `stop` may be set by another thread;
/// null: cannot be stopped.
[[nodiscard]] Result<AnalysisReportPtr> analyseRdb(const RdbAnalysisRequest &request,
                                                   const std::function<void(const RdbAnalysisProgress &)> &tell = {},
                                                   const std::atomic_bool *stop = nullptr);

} // namespace slotscope
