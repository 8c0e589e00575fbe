// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/prometheusplan.h"

#include "core/metrics/metricsbook.h"

#include <cmath>
#include <set>

namespace slotscope {

namespace {

constexpr const char *byTarget = "by (job, instance, addr) ";

QByteArray quotedLabel(const QByteArray &text)
{
    QByteArray quoted = "\"";
    for (const char each : text) {
        if (each == '"' || each == '\\')
            quoted += '\\';
        if (each == '\n')
            quoted += "\\n";
        else
            quoted += each;
    }
    return quoted + '"';
}

/// Escapes text for RE2, which Prometheus uses.
QByteArray escapedForRe2(const QByteArray &text)
{
    QByteArray escaped;
    for (const char each : text) {
        if (QByteArrayView(R"(\.+*?()|[]{}^$)").contains(each))
            escaped += '\\';
        escaped += each;
    }
    return escaped;
}

QByteArray oneOf(const std::set<QByteArray> &texts)
{
    QByteArray pattern;
    for (const QByteArray &each : texts)
        pattern += (pattern.isEmpty() ? "" : "|") + escapedForRe2(each);
    return quotedLabel(pattern);
}

/// The exporter's name for a metric that is a single counter or gauge.
const char *plainName(Metric metric)
{
    switch (metric) {
    case Metric::Commands: return "redis_commands_processed_total";
    case Metric::Hits: return "redis_keyspace_hits_total";
    case Metric::Misses: return "redis_keyspace_misses_total";
    case Metric::Memory: return "redis_memory_used_bytes";
    case Metric::Resident: return "redis_memory_used_rss_bytes";
    case Metric::MaxMemory: return "redis_memory_max_bytes";
    case Metric::Fragmentation: return "redis_mem_fragmentation_ratio";
    case Metric::Clients: return "redis_connected_clients";
    case Metric::BlockedClients: return "redis_blocked_clients";
    case Metric::Connections: return "redis_connections_received_total";
    case Metric::Rejected: return "redis_rejected_connections_total";
    case Metric::NetIn: return "redis_net_input_bytes_total";
    case Metric::NetOut: return "redis_net_output_bytes_total";
    case Metric::Expired: return "redis_expired_keys_total";
    case Metric::Evicted: return "redis_evicted_keys_total";
    case Metric::Unsaved: return "redis_rdb_changes_since_last_save";
    case Metric::Cpu:
    case Metric::Keys:
    case Metric::Lag:
    case Metric::ForkMs:
    case Metric::ErrorsMoved:
    case Metric::ErrorsDown:
    case Metric::ErrorsOther:
    case Metric::Count_: break;
    }
    return nullptr;
}

/// Builds the terms of one query.
struct Terms
{
    const QByteArray &selector;
    const PrometheusPlan &plan;

    [[nodiscard]] QByteArray over(const char *function, const char *name, const QByteArray &matcher = {}) const
    {
        const bool isCounter = qstrcmp(function, "rate") == 0;
        QByteArray labels = selector;
        if (!matcher.isEmpty())
            labels.insert(labels.size() - 1, ',' + matcher);
        return QByteArray(function) + '(' + name + labels + '['
            + promDuration(isCounter ? plan.rateWindow : plan.gaugeWindow) + "])";
    }
    [[nodiscard]] static QByteArray largest(const QByteArray &term)
    {
        return QByteArray("max ") + byTarget + '(' + term + ')';
    }
    [[nodiscard]] QByteArray errors(const QByteArray &matcher) const
    {
        return QByteArray("sum ") + byTarget + "(max by (job, instance, addr, err) ("
            + over("rate", "redis_errors_total", matcher) + ")) or 0 * "
            + largest(over("avg_over_time", "redis_total_error_replies"));
    }
    /// Lag of the slowest replica, including peaks between two evaluations.
    [[nodiscard]] QByteArray lag() const
    {
        const QByteArray behind = largest("redis_master_repl_offset" + selector) + " - min " + byTarget
            + "(redis_connected_slave_offset_bytes" + selector + ')';
        return "clamp_min(max_over_time((" + behind + ")[" + promDuration(plan.gaugeWindow) + ':'
            + promDuration(plan.interval) + "]), 0) and " + largest(over("last_over_time", "redis_up"));
    }
};

} // namespace

QByteArray promDuration(qint64 ms)
{
    return ms % 1000 == 0 ? QByteArray::number(ms / 1000) + 's' : QByteArray::number(ms) + "ms";
}

PrometheusPlan planPrometheus(qint64 from, qint64 to, int pixels, qint64 interval)
{
    PrometheusPlan plan;
    plan.interval = std::max<qint64>(interval, 1000);
    plan.step = std::max(metricStep(to - from, pixels), plan.interval);
    plan.rateWindow = std::max(plan.step, 4 * plan.interval);
    plan.gaugeWindow = std::max(plan.step, 2 * plan.interval);
    const qint64 first = from / plan.step * plan.step + plan.step;
    const qint64 last = (to + plan.step - 1) / plan.step * plan.step;
    for (qint64 at = first; at <= last; at += PrometheusPlan::mostPoints * plan.step)
        plan.pieces.emplace_back(at, std::min(last, at + (PrometheusPlan::mostPoints - 1) * plan.step));
    return plan;
}

std::optional<qint64> scrapeInterval(const std::vector<PrometheusSeries> &series)
{
    std::vector<qint64> spacings;
    for (const PrometheusSeries &each : series)
        for (size_t i = 1; i < each.points.size(); ++i)
            if (const qint64 passed = each.points[i].first - each.points[i - 1].first; passed > 0)
                spacings.push_back(passed);
    if (spacings.empty())
        return std::nullopt;
    const auto middle = spacings.begin() + qsizetype(spacings.size() / 2);
    std::nth_element(spacings.begin(), middle, spacings.end());
    return std::max<qint64>(1, (*middle + 500) / 1000) * 1000;
}

QByteArray prometheusSelector(const std::vector<PrometheusTarget> &targets)
{
    std::set<QByteArray> jobs, instances;
    for (const PrometheusTarget &each : targets) {
        jobs.insert(each.job);
        instances.insert(each.instance);
    }
    return "{job=~" + oneOf(jobs) + ",instance=~" + oneOf(instances) + '}';
}

QByteArray prometheusQuery(Metric metric, const QByteArray &selector, const PrometheusPlan &plan)
{
    const Terms terms{selector, plan};
    if (const char *name = plainName(metric)) {
        if (isRate(metric))
            return Terms::largest(terms.over("rate", name));
        return Terms::largest(terms.over(metric == Metric::Fragmentation ? "max_over_time" : "avg_over_time", name));
    }
    switch (metric) {
    case Metric::Cpu:
        return "100 * (" + Terms::largest(terms.over("rate", "redis_cpu_sys_seconds_total")) + " + "
            + Terms::largest(terms.over("rate", "redis_cpu_user_seconds_total")) + ')';
    case Metric::Keys:
        return QByteArray("sum ") + byTarget + "(max by (job, instance, addr, db) ("
            + terms.over("avg_over_time", "redis_db_keys") + "))";
    case Metric::ForkMs: // older exporters report microseconds
        return "1000 * " + Terms::largest(terms.over("max_over_time", "redis_latest_fork_seconds")) + " or "
            + Terms::largest(terms.over("max_over_time", "redis_latest_fork_usec")) + " / 1000";
    case Metric::Lag: return terms.lag();
    case Metric::ErrorsMoved: return terms.errors(R"(err=~"MOVED|ASK")");
    case Metric::ErrorsDown: return terms.errors(R"(err=~"CLUSTERDOWN|TRYAGAIN")");
    case Metric::ErrorsOther: return terms.errors(R"(err!~"MOVED|ASK|CLUSTERDOWN|TRYAGAIN")");
    default: break;
    }
    return {};
}

QByteArray prometheusRoleQuery(const QByteArray &selector)
{
    return "max by (job, instance, addr, role) (redis_instance_info" + selector + ')';
}

HistoryBuilder::HistoryBuilder(const PrometheusPlan &plan, const PrometheusMatch &match) : m_plan(plan)
{
    std::array<float, metricCount> nothing;
    nothing.fill(float(notKnown));
    for (auto node = match.targets.constBegin(); node != match.targets.constEnd(); ++node) {
        if (node->empty())
            continue;
        Node &made = m_nodes[node->front()];
        made.id = node.key();
        made.samples.resize(plan.points(), {0, true, nothing});
        made.hasRole.resize(plan.points());
        for (size_t i = 0; i < made.samples.size(); ++i)
            made.samples[i].at = plan.first() + qint64(i) * plan.step - plan.step;
    }
}

template <typename Put>
void HistoryBuilder::each(const std::vector<PrometheusSeries> &series, Put put)
{
    for (const PrometheusSeries &one : series) {
        const auto node = m_nodes.find(PrometheusTarget::of(one.labels));
        if (node == m_nodes.end())
            continue;
        for (const auto &[at, value] : one.points) {
            const qint64 index = (at - m_plan.first() + m_plan.step / 2) / m_plan.step;
            if (at >= m_plan.first() && index < qint64(node->second.samples.size()))
                put(node->second, size_t(index), one, value);
        }
    }
}

void HistoryBuilder::addRoles(const std::vector<PrometheusSeries> &series)
{
    each(series, [](Node &node, size_t index, const PrometheusSeries &one, double) {
        node.samples[index].isPrimary = one.labels.value("role") == "master";
        node.hasRole[index] = true;
    });
    for (auto &[target, node] : m_nodes) {
        for (size_t i = 1; i < node.samples.size(); ++i)
            if (!node.hasRole[i] && node.hasRole[i - 1]) {
                node.samples[i].isPrimary = node.samples[i - 1].isPrimary;
                node.hasRole[i] = true;
            }
    }
}

void HistoryBuilder::add(Metric metric, const std::vector<PrometheusSeries> &series)
{
    each(series, [metric](Node &node, size_t index, const PrometheusSeries &, double value) {
        if (value >= 0)
            node.samples[index].values[size_t(metric)] = float(value);
    });
}

QHash<QByteArray, std::vector<MetricSamples::Sample>> HistoryBuilder::take()
{
    QHash<QByteArray, std::vector<MetricSamples::Sample>> nodes;
    for (auto &[target, node] : m_nodes) {
        std::erase_if(node.samples, [](const MetricSamples::Sample &sample) {
            return std::all_of(sample.values.begin(), sample.values.end(),
                               [](float value) { return std::isnan(value); });
        });
        if (!node.samples.empty())
            nodes.insert(node.id, std::move(node.samples));
    }
    m_nodes.clear();
    return nodes;
}

} // namespace slotscope
