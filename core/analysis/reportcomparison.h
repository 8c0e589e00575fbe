// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"

namespace slotscope {

/// The change of one namespace, type or key between two reports.
struct ReportChange
{
    enum class Kind : quint8 { All, Type, Namespace, Key };
    Kind kind = Kind::Namespace;
    QByteArray name; ///< empty for All
    KeySum before, after; ///< for a key: one key, or none
    /// too small to be listed in that report, which is different from 0
    bool isUnknownBefore = false, isUnknownAfter = false;
    [[nodiscard]] qint64 bytes() const { return after.bytes - before.bytes; }
    [[nodiscard]] qint64 keys() const { return after.keys - before.keys; }
};

/// Compares two reports: All first, then the biggest changes by bytes, at most `most` of each kind. A namespace is
/// omitted if a nested one explains nearly the same change. Pure.
[[nodiscard]] QList<ReportChange> compared(const AnalysisReport &before, const AnalysisReport &after,
                                           qsizetype most = 200);
/// Why the two reports do not cover the same keys; empty if they do.
[[nodiscard]] QString unlikeness(const AnalysisReport &before, const AnalysisReport &after);

} // namespace slotscope
