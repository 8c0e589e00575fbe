// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/metrics/infofield.h"
#include "core/metrics/metric.h"

#include <vector>

namespace slotscope {

/// The figure that a rule checks: a metric, the percentage of two, or a field of INFO.
struct WatchedFigure
{
    QByteArray name; ///< metricName(), or "hit_ratio", "memory_percent", "info:used_cpu_sys/s"
    const char *source; ///< untranslated title
    enum class Unit : quint8 { Number, Bytes, Percent, BytesPerSecond, PerSecond, Milliseconds } unit = Unit::Number;
    Metric metric = Metric::Commands; ///< the metric itself, or the first of the two
    std::optional<Metric> other = {}; ///< 100 × metric / (metric + other), or 100 × metric / other
    bool ofBoth = false;
    std::optional<InfoField> field = {}; ///< a field of INFO instead of a metric
    [[nodiscard]] QString title() const; ///< translated title, such as "Memory"
    /// `fields` are those added by the user, by InfoField::text(). NaN: unknown.
    [[nodiscard]] double of(const MetricFigures &figures, const QHash<QByteArray, double> &fields = {}) const;
    [[nodiscard]] QString valueText(double value) const;
};
[[nodiscard]] const std::vector<WatchedFigure> &watchedFigures();
[[nodiscard]] WatchedFigure watchedField(const InfoField &field);

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

    [[nodiscard]] WatchedFigure watched() const;
    /// "memory>100mb for 5s on sum": the format of readThreshold().
    [[nodiscard]] QByteArray text() const;
    /// "Memory above 100 MB for 5 s", without the nodes.
    [[nodiscard]] QString words() const;
};

/// The fields of INFO that rules check, once each.
[[nodiscard]] InfoFields fieldsIn(const std::vector<Threshold> &rules);

/// Parses FIGURE>LIMIT or FIGURE<LIMIT, [for TIME], [on sum|shards|nodes|NODE]. Figures are our names or INFO's
/// (used_memory); info:FIELD is any other field of INFO, see readInfoField(). Sizes are as in redis.conf (kb = 1024, k
/// = 1000), times in ms, s, min, h.
[[nodiscard]] Result<Threshold> readThreshold(const QByteArray &text);
/// Parses a limit with this unit, such as "100mb".
[[nodiscard]] std::optional<double> readLimit(const QByteArray &text, WatchedFigure::Unit unit);
[[nodiscard]] QByteArray limitText(double limit, WatchedFigure::Unit unit);
[[nodiscard]] QByteArray shortTime(qint64 ms); ///< "90s", "1h"
/// Parses the format of shortTime(); a plain number is in seconds. nullopt if it is invalid.
[[nodiscard]] std::optional<qint64> readTime(const QByteArray &text);

} // namespace slotscope
