// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisfinding.h"
#include "core/analysis/analysisscope.h"
#include "core/analysis/reportparts.h"

#include <memory>

namespace slotscope {

/// What an analysis came to: immutable, for any thread. Names of keys in it are data.
struct AnalysisReport
{
    static constexpr qsizetype mostNamespaces = 3000, mostKeys = 100, mostTags = 50, mostSlots = 50;

    AnalysisScope scope;
    AnalysisOutcome outcome;
    KeySum sum, withoutTtl, sampled; ///< sampled: of those whose bytes are estimates
    qint64 sizesUnknown = 0; ///< keys of `sum` whose size is not known
    double sampleError = -1; ///< mean error of the sampled sizes, as a part of them; -1: not known
    int samplesChecked = 0; ///< keys that it was found with
    std::array<KeySum, ttlPlaces> ttl{};
    qint64 ttlUnknown = 0;
    QList<ReportType> types; ///< most bytes first
    QList<ReportNamespace> namespaces; ///< [0] holds all
    QList<ReportKey> byBytes, byElements; ///< mostKeys a type, biggest first
    QList<ReportKey> hottest; ///< by OBJECT FREQ
    QList<ReportTag> tags; ///< most bytes first
    QList<ReportSlot> slots_; ///< most bytes first
    qint64 slotMean = 0; ///< bytes, of the slots that hold keys
    QList<std::pair<int, KeySum>> shards; ///< by number
    ReportHeat heat;
    QList<ReportCompression> compression;
    QList<AnalysisFinding> findings; ///< worst first

    /// Index; -1: none of that name.
    [[nodiscard]] int namespaceOf(QByteArrayView name) const;
    [[nodiscard]] QList<int> childrenOf(int index) const; ///< most bytes first
};
using AnalysisReportPtr = std::shared_ptr<const AnalysisReport>;

} // namespace slotscope
