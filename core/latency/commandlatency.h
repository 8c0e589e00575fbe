// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/value.h"

#include <QMap>

#include <optional>

namespace slotscope {

/// How long a command ran, as LATENCY HISTOGRAM counts it: by powers of two, so a percentile is an upper bound.
struct CommandLatency
{
    qint64 calls = 0; ///< as the server counts them
    QMap<qint64, qint64> buckets; ///< upper bound in microseconds -> calls within, not those of lower buckets

    [[nodiscard]] qint64 counted() const; ///< calls in the buckets
    /// In microseconds: so long or shorter; -1 where nothing was counted.
    [[nodiscard]] qint64 percentile(double share) const;
    [[nodiscard]] qint64 longest() const { return buckets.isEmpty() ? -1 : buckets.lastKey(); }
    void merge(const CommandLatency &other);
};
using CommandLatencies = QMap<QByteArray, CommandLatency>; ///< "get", "config|get"

/// LATENCY HISTOGRAM, RESP2 and RESP3.
[[nodiscard]] Result<CommandLatencies> parseLatencyHistogram(const Value &reply);

/// What was added between two moments of one server. Where it counts less than before it was reset or started again:
/// then all of `after` is new.
[[nodiscard]] CommandLatencies difference(const CommandLatencies &after, const CommandLatencies &before);
void mergeInto(CommandLatencies &all, const CommandLatencies &one);

/// Percentiles of a command as INFO latencystats tells them, in microseconds; the server says which ("p50", "p99.9").
using CommandPercentiles = QMap<QByteArray, QMap<QByteArray, double>>;
[[nodiscard]] CommandPercentiles parseLatencyStats(QByteArrayView info);

} // namespace slotscope
