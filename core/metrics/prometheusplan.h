// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricshistory.h"
#include "core/metrics/prometheus.h"

#include <map>

namespace slotscope {

/// When the queries of a range are evaluated.
struct PrometheusPlan
{
    static constexpr qint64 mostPoints = 11'000; ///< of a series in an answer, by Prometheus' own bound
    qint64 interval = 1000; ///< ms between two scrapes
    qint64 step = 1000; ///< ms between two evaluations
    qint64 rateWindow = 4000; ///< ms that a rate looks back
    qint64 gaugeWindow = 2000; ///< the same of what is no rate
    std::vector<std::pair<qint64, qint64>> pieces; ///< first and last evaluation, ms since 1970
    [[nodiscard]] qint64 first() const { return pieces.empty() ? 0 : pieces.front().first; }
    [[nodiscard]] qint64 last() const { return pieces.empty() ? 0 : pieces.back().second; }
    [[nodiscard]] size_t points() const { return pieces.empty() ? 0 : size_t((last() - first()) / step + 1); }
};
[[nodiscard]] PrometheusPlan planPrometheus(qint64 from, qint64 to, int pixels, qint64 interval);

/// The time between two scrapes, in ms, from the points as they were scraped: the median, in whole seconds; nothing
/// where no series has two.
[[nodiscard]] std::optional<qint64> scrapeInterval(const std::vector<PrometheusSeries> &series);

/// {job=~"a|b",instance=~"…"} of these targets.
[[nodiscard]] QByteArray prometheusSelector(const std::vector<PrometheusTarget> &targets);
/// The PromQL of a metric, one series a target.
[[nodiscard]] QByteArray prometheusQuery(Metric metric, const QByteArray &selector, const PrometheusPlan &plan);
[[nodiscard]] QByteArray prometheusRoleQuery(const QByteArray &selector);
/// "15s", "1500ms": as PromQL wants it.
[[nodiscard]] QByteArray promDuration(qint64 ms);

/// Puts answers together to a history. A sample stands for the step that ends with its evaluation.
class HistoryBuilder final
{
public:
    HistoryBuilder(const PrometheusPlan &plan, const PrometheusMatch &match);
    void addRoles(const std::vector<PrometheusSeries> &series);
    void add(Metric metric, const std::vector<PrometheusSeries> &series);
    /// Moments without a figure are left out.
    [[nodiscard]] QHash<QByteArray, std::vector<MetricSamples::Sample>> take();

private:
    struct Node
    {
        QByteArray id;
        std::vector<MetricSamples::Sample> samples; ///< by evaluation
        std::vector<bool> hasRole;
    };
    template <typename Put>
    void each(const std::vector<PrometheusSeries> &series, Put put);

    PrometheusPlan m_plan;
    std::map<PrometheusTarget, Node> m_nodes;
};

} // namespace slotscope
