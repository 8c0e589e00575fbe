// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"

namespace slotscope {

/// What became of one namespace, type or key between two reports.
struct ReportChange
{
    enum class Kind : quint8 { All, Type, Namespace, Key };
    Kind kind = Kind::Namespace;
    QByteArray name; ///< empty: of All
    KeySum before, after; ///< of a key: one key, or none
    bool isUnknownBefore = false, isUnknownAfter = false; ///< too small to be in that report: not 0
    [[nodiscard]] qint64 bytes() const { return after.bytes - before.bytes; }
    [[nodiscard]] qint64 keys() const { return after.keys - before.keys; }
};

/// All first, then what changed most, by bytes; at most `most` of each kind. Of namespaces those are told whose change
/// no namespace below tells nearly as well. Pure.
[[nodiscard]] QList<ReportChange> compared(const AnalysisReport &before, const AnalysisReport &after,
                                           qsizetype most = 200);
/// Why the two do not tell of the same keys, in words; empty: they do.
[[nodiscard]] QString unlikeness(const AnalysisReport &before, const AnalysisReport &after);

} // namespace slotscope
