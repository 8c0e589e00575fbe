// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/metrics/metric.h"

#include <vector>

namespace slotscope {

/// What a rule looks at: a metric, or the percentage that two of them make.
struct WatchedFigure
{
    QByteArray name; ///< metricName(), or "hit_ratio", "memory_percent"
    const char *source; ///< of its title
    enum class Unit : quint8 { Number, Bytes, Percent, BytesPerSecond, PerSecond, Milliseconds } unit = Unit::Number;
    Metric metric = Metric::Commands; ///< that it is, or the first of the two
    std::optional<Metric> other = {}; ///< 100 × metric / (metric + other), or / other
    bool ofBoth = false;
    [[nodiscard]] QString title() const; ///< "Memory", in the language that is spoken now
    [[nodiscard]] double of(const MetricFigures &figures) const; ///< NaN: not known
    [[nodiscard]] QString valueText(double value) const;
};
[[nodiscard]] const std::vector<WatchedFigure> &watchedFigures();

/// A rule: a figure that is to stay on one side of a limit.
struct Threshold
{
    enum class On : quint8 {
        Sum, ///< all shards together; the largest of what makes no sum, such as lag
        Shards, ///< the primary of each shard, by itself
        Nodes, ///< each node
        Node, ///< one
    };
    static constexpr qint64 longestFor = 24 * 3'600'000LL;

    QByteArray figure; ///< WatchedFigure::name
    bool below = false; ///< below the limit is what it must not be
    double limit = 0;
    qint64 forMs = 0; ///< that it was passed without a break
    On on = On::Nodes;
    QByteArray node; ///< of On::Node: its id or "host:port"
    friend bool operator==(const Threshold &, const Threshold &) = default;

    [[nodiscard]] const WatchedFigure &watched() const;
    /// "memory>100mb for 5s on sum": what readThreshold reads.
    [[nodiscard]] QByteArray text() const;
    /// "Memory above 100 MB for 5 s", without where.
    [[nodiscard]] QString words() const;
};

/// FIGURE>LIMIT or FIGURE<LIMIT, [for TIME], [on sum|shards|nodes|NODE]. Figures are ours or INFO's own names
/// (used_memory); sizes as redis.conf has them (kb = 1024, k = 1000), times in ms, s, min, h.
[[nodiscard]] Result<Threshold> readThreshold(const QByteArray &text);
/// "100mb" of this unit: how a limit is typed.
[[nodiscard]] std::optional<double> readLimit(const QByteArray &text, WatchedFigure::Unit unit);
[[nodiscard]] QByteArray limitText(double limit, WatchedFigure::Unit unit);
[[nodiscard]] QByteArray shortTime(qint64 ms); ///< "90s", "1h"
/// Reads shortTime's form; a number alone is seconds. Nothing where it is none.
[[nodiscard]] std::optional<qint64> readTime(const QByteArray &text);

} // namespace slotscope
