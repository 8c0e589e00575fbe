// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/metrics/metric.h"

#include <vector>

namespace slotscope {

/// The figure that a rule checks: a metric, or the percentage of two.
struct WatchedFigure
{
    QByteArray name; ///< metricName(), or "hit_ratio", "memory_percent"
    const char *source; ///< untranslated title
    enum class Unit : quint8 { Number, Bytes, Percent, BytesPerSecond, PerSecond, Milliseconds } unit = Unit::Number;
    Metric metric = Metric::Commands; ///< the metric itself, or the first of the two
    std::optional<Metric> other = {}; ///< 100 × metric / (metric + other), or 100 × metric / other
    bool ofBoth = false;
    [[nodiscard]] QString title() const; ///< translated title, such as "Memory"
    [[nodiscard]] double of(const MetricFigures &figures) const; ///< NaN: unknown
    [[nodiscard]] QString valueText(double value) const;
};
[[nodiscard]] const std::vector<WatchedFigure> &watchedFigures();

/// A rule: a figure that should stay on one side of a limit.
struct Threshold
{
    enum class On : quint8 {
        Sum, ///< all shards together; the maximum if a sum makes no sense, such as lag
        Shards, ///< the primary of each shard separately
        Nodes, ///< each node separately
        Node, ///< one particular node
    };
    static constexpr qint64 longestFor = 24 * 3'600'000LL;

    QByteArray figure; ///< see WatchedFigure::name
    bool below = false; ///< alarm below the limit instead of above
    double limit = 0;
    qint64 forMs = 0; ///< how long the limit must be passed continuously
    On on = On::Nodes;
    QByteArray node; ///< for On::Node: its id or "host:port"
    friend bool operator==(const Threshold &, const Threshold &) = default;

    [[nodiscard]] const WatchedFigure &watched() const;
    /// "memory>100mb for 5s on sum": the format of readThreshold().
    [[nodiscard]] QByteArray text() const;
    /// "Memory above 100 MB for 5 s", without the nodes.
    [[nodiscard]] QString words() const;
};

/// Parses FIGURE>LIMIT or FIGURE<LIMIT, [for TIME], [on sum|shards|nodes|NODE]. Figures are our names or INFO's
/// (used_memory). Sizes are as in redis.conf (kb = 1024, k = 1000), times in ms, s, min, h.
[[nodiscard]] Result<Threshold> readThreshold(const QByteArray &text);
/// Parses a limit with this unit, such as "100mb".
[[nodiscard]] std::optional<double> readLimit(const QByteArray &text, WatchedFigure::Unit unit);
[[nodiscard]] QByteArray limitText(double limit, WatchedFigure::Unit unit);
[[nodiscard]] QByteArray shortTime(qint64 ms); ///< "90s", "1h"
/// Parses the format of shortTime(); a plain number is in seconds. nullopt if it is invalid.
[[nodiscard]] std::optional<qint64> readTime(const QByteArray &text);

} // namespace slotscope
