// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/analysis/rdbreader.h"

#include <atomic>

namespace slotscope {

struct RdbAnalysisRequest
{
    QStringList paths; ///< files, and folders whose files "*.rdb" are meant (a backup); one for each shard
    QList<QByteArray> delimiters{QByteArrayLiteral(":")};
    QByteArray type; ///< only keys of this type; empty: all
    int database = -1; ///< only of this one; -1: all
};

struct RdbAnalysisProgress
{
    int file = 0, files = 0; ///< from 1
    qint64 read = 0, size = 0; ///< bytes of all files
    qint64 keys = 0;
};

/// What the keys in RDB files come to: the report that an analysis of the servers gives, without any load on them.
/// Times to live are those of the moment when a file was written; bytes in memory are estimates from what stands in the
/// file. A file that is damaged is told with its offset in the outcome's problems, and the keys before it count: then
/// the report is a part. The same key in two files (a slot that was on its way) counts twice, as it does in the files.
/// Any thread; takes about a second for 100 MB. `stop` may be set by another thread; null: nobody stops it.
[[nodiscard]] Result<AnalysisReportPtr> analyseRdb(const RdbAnalysisRequest &request,
                                                   const std::function<void(const RdbAnalysisProgress &)> &tell = {},
                                                   const std::atomic_bool *stop = nullptr);

} // namespace slotscope
