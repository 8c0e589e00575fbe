// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/value.h"

#include <QMap>

#include <optional>

namespace slotscope {

/// Execution times of a command from LATENCY HISTOGRAM, by powers of two, so percentiles are upper bounds.
struct CommandLatency
{
    qint64 calls = 0; ///< number of calls as the server counts them
    /// maps the upper bound of each bucket in microseconds to its number of calls, not cumulative
    QMap<qint64, qint64> buckets;

    [[nodiscard]] qint64 counted() const; ///< number of calls in all buckets
    /// Upper bound of the percentile in microseconds; -1 if there are no calls.
    [[nodiscard]] qint64 percentile(double share) const;
    [[nodiscard]] qint64 longest() const { return buckets.isEmpty() ? -1 : buckets.lastKey(); }
    void merge(const CommandLatency &other);
};
using CommandLatencies = QMap<QByteArray, CommandLatency>; ///< by command name: "get", "config|get"

/// Parses LATENCY HISTOGRAM in RESP2 and RESP3.
[[nodiscard]] Result<CommandLatencies> parseLatencyHistogram(const Value &reply);

/// What one server has added between two moments. If it counts less than before, it was reset or restarted, so
/// everything in `after` is new.
[[nodiscard]] CommandLatencies difference(const CommandLatencies &after, const CommandLatencies &before);
void mergeInto(CommandLatencies &all, const CommandLatencies &one);

/// Percentiles of commands from INFO latencystats, in microseconds. The server decides which ones ("p50", "p99.9").
using CommandPercentiles = QMap<QByteArray, QMap<QByteArray, double>>;
[[nodiscard]] CommandPercentiles parseLatencyStats(QByteArrayView info);

} // namespace slotscope
