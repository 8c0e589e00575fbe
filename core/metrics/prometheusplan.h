// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricshistory.h"
#include "core/metrics/prometheus.h"

#include <map>

namespace slotscope {

/// The times at which the queries for a period are evaluated.
struct PrometheusPlan
{
    static constexpr qint64 mostPoints = 11'000; ///< Prometheus' limit of points per series in one reply
    qint64 interval = 1000; ///< time between two scrapes in ms
    qint64 step = 1000; ///< time between two evaluations in ms
    qint64 rateWindow = 4000; ///< window of rates in ms
    qint64 gaugeWindow = 2000; ///< window of other values in ms
    std::vector<std::pair<qint64, qint64>> pieces; ///< first and last evaluation of each piece in ms since 1970
    [[nodiscard]] qint64 first() const { return pieces.empty() ? 0 : pieces.front().first; }
    [[nodiscard]] qint64 last() const { return pieces.empty() ? 0 : pieces.back().second; }
    [[nodiscard]] size_t points() const { return pieces.empty() ? 0 : size_t((last() - first()) / step + 1); }
};
[[nodiscard]] PrometheusPlan planPrometheus(qint64 from, qint64 to, int pixels, qint64 interval);

/// The time between two scrapes in ms, from raw points: the median in whole seconds; nullopt if no series has two
/// points.
[[nodiscard]] std::optional<qint64> scrapeInterval(const std::vector<PrometheusSeries> &series);

/// The selector {job=~"a|b",instance=~"…"} for these targets.
[[nodiscard]] QByteArray prometheusSelector(const std::vector<PrometheusTarget> &targets);
/// The PromQL query for a metric, with one series per target.
[[nodiscard]] QByteArray prometheusQuery(Metric metric, const QByteArray &selector, const PrometheusPlan &plan);
[[nodiscard]] QByteArray prometheusRoleQuery(const QByteArray &selector);
/// A duration in PromQL: "15s", "1500ms".
[[nodiscard]] QByteArray promDuration(qint64 ms);

/// Combines replies to a history. A sample stands for the step that ends with its evaluation.
class HistoryBuilder final
{
public:
    HistoryBuilder(const PrometheusPlan &plan, const PrometheusMatch &match);
    void addRoles(const std::vector<PrometheusSeries> &series);
    void add(Metric metric, const std::vector<PrometheusSeries> &series);
    /// Leaves out times without any figure.
    [[nodiscard]] QHash<QByteArray, std::vector<MetricSamples::Sample>> take();

private:
    struct Node
    {
        QByteArray id;
        std::vector<MetricSamples::Sample> samples; ///< one per evaluation
        std::vector<bool> hasRole;
    };
    template <typename Put>
    void each(const std::vector<PrometheusSeries> &series, Put put);

    PrometheusPlan m_plan;
    std::map<PrometheusTarget, Node> m_nodes;
};

} // namespace slotscope
