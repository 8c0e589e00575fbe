// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisfinding.h"
#include "core/analysis/analysisscope.h"
#include "core/analysis/reportparts.h"

#include <memory>

namespace slotscope {

/// The result of an analysis. Immutable, usable on any thread. It contains key names, which are user data.
struct AnalysisReport
{
    static constexpr qsizetype mostNamespaces = 3000, mostKeys = 100, mostTags = 50, mostSlots = 50;

    AnalysisScope scope;
    AnalysisOutcome outcome;
    KeySum sum, withoutTtl, sampled; ///< sampled: keys whose size is an estimate
    qint64 sizesUnknown = 0; ///< number of keys in `sum` without a known size
    double sampleError = -1; ///< mean relative error of the estimated sizes; -1: unknown
    int samplesChecked = 0; ///< number of keys used to determine it
    std::array<KeySum, ttlPlaces> ttl{};
    qint64 ttlUnknown = 0;
    QList<ReportType> types; ///< sorted by bytes, largest first
    QList<ReportNamespace> namespaces; ///< [0] contains all keys
    QList<ReportKey> byBytes, byElements; ///< up to mostKeys per type, largest first
    QList<ReportKey> hottest; ///< by OBJECT FREQ
    QList<ReportTag> tags; ///< sorted by bytes, largest first
    QList<ReportSlot> slots_; ///< sorted by bytes, largest first
    qint64 slotMean = 0; ///< mean bytes of the slots that contain keys
    QList<std::pair<int, KeySum>> shards; ///< sorted by shard number
    ReportHeat heat;
    QList<ReportCompression> compression;
    QList<AnalysisFinding> findings; ///< most important first

    /// Index of a namespace; -1 if there is none of that name.
    [[nodiscard]] int namespaceOf(QByteArrayView name) const;
    [[nodiscard]] QList<int> childrenOf(int index) const; ///< sorted by bytes, largest first
};
using AnalysisReportPtr = std::shared_ptr<const AnalysisReport>;

} // namespace slotscope
