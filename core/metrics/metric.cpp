// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/metric.h"

#include "core/cluster/parse.h"

#include <QHash>

namespace slotscope {

namespace {

struct MetricInfo
{
    const char *name;
    bool isRate;
    const char *field; ///< name in INFO; null: computed from several fields
};

constexpr std::array<MetricInfo, metricCount> metricInfos{{
    {"commands", true, "total_commands_processed"},
    {"hits", true, "keyspace_hits"},
    {"misses", true, "keyspace_misses"},
    {"cpu", true, nullptr},
    {"memory", false, "used_memory"},
    {"resident", false, "used_memory_rss"},
    {"max_memory", false, "maxmemory"},
    {"fragmentation", false, "mem_fragmentation_ratio"},
    {"clients", false, "connected_clients"},
    {"blocked_clients", false, "blocked_clients"},
    {"connections", true, "total_connections_received"},
    {"rejected", true, "rejected_connections"},
    {"net_in", true, "total_net_input_bytes"},
    {"net_out", true, "total_net_output_bytes"},
    {"keys", false, nullptr},
    {"expired", true, "expired_keys"},
    {"evicted", true, "evicted_keys"},
    {"lag", false, nullptr},
    {"unsaved", false, "rdb_changes_since_last_save"},
    {"fork_ms", false, "latest_fork_usec"},
    {"errors_moved", true, nullptr},
    {"errors_down", true, nullptr},
    {"errors_other", true, nullptr},
}};

const QHash<QByteArrayView, Metric> &simpleFields()
{
    static const QHash<QByteArrayView, Metric> fields = [] {
        QHash<QByteArrayView, Metric> made;
        for (size_t i = 0; i < metricCount; ++i)
            if (metricInfos[i].field)
                made.insert(QByteArrayView(metricInfos[i].field), Metric(i));
        return made;
    }();
    return fields;
}

std::optional<double> number(QByteArrayView text)
{
    bool ok = false;
    const double value = text.trimmed().toByteArray().toDouble(&ok);
    return ok && qIsFinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

/// Parses the lines of one INFO.
class InfoReading
{
public:
    explicit InfoReading(MetricReading &reading) : m_reading(reading) { }

    void section(QByteArrayView title) { m_hasKeyspace = m_hasKeyspace || title == "# Keyspace"; }
    void line(QByteArrayView key, QByteArrayView value)
    {
        const auto field = simpleFields().constFind(key);
        if (field != simpleFields().constEnd())
            m_reading.values[size_t(*field)] = number(value);
        else if (key.startsWith("errorstat_"))
            error(key.sliced(10), value);
        else if (key.startsWith("db"))
            database(key.sliced(2), value);
        else if (key.startsWith("slave") && value.contains("offset="))
            replica(value);
        else
            word(key, value);
    }
    void finish()
    {
        auto &values = m_reading.values;
        if (auto &fork = values[size_t(Metric::ForkMs)])
            *fork /= 1000;
        if (m_hasKeyspace)
            values[size_t(Metric::Keys)] = m_keys; // an empty keyspace has no db line, which means no keys
        if (m_cpu >= 0)
            values[size_t(Metric::Cpu)] = m_cpu * 100;
        if (m_offset >= 0 && m_slowest >= 0 && m_reading.isPrimary)
            values[size_t(Metric::Lag)] = std::max(0.0, m_offset - m_slowest);
        // a server without errors so far reports total_error_replies but no errorstat lines
        if (m_knowsErrors || m_hasErrorTotal) {
            values[size_t(Metric::ErrorsMoved)] = m_moved;
            values[size_t(Metric::ErrorsDown)] = m_down;
            values[size_t(Metric::ErrorsOther)] = m_other;
        }
    }

private:
    static std::optional<double> part(QByteArrayView value, QByteArrayView name)
    {
        while (!value.isEmpty()) {
            QByteArrayView each = takeUntil(value, ',');
            if (takeUntil(each, '=') == name)
                return number(each);
        }
        return std::nullopt;
    }
    void error(QByteArrayView name, QByteArrayView value)
    {
        const double count = part(value, "count").value_or(0);
        m_knowsErrors = true;
        if (name == "MOVED" || name == "ASK")
            m_moved += count;
        else if (name == "CLUSTERDOWN" || name == "TRYAGAIN")
            m_down += count;
        else
            m_other += count;
    }
    void database(QByteArrayView number, QByteArrayView value)
    {
        if (toUnsigned(number))
            m_keys += part(value, "keys").value_or(0);
    }
    void replica(QByteArrayView value)
    {
        if (const auto offset = part(value, "offset"))
            m_slowest = m_slowest < 0 ? *offset : std::min(m_slowest, *offset);
    }
    void word(QByteArrayView key, QByteArrayView value)
    {
        if (key == "used_cpu_sys" || key == "used_cpu_user")
            m_cpu = std::max(m_cpu, 0.0) + number(value).value_or(0);
        else if (key == "run_id")
            m_reading.runId = value.toByteArray();
        else if (key == "uptime_in_seconds")
            m_reading.uptimeSeconds = qint64(number(value).value_or(-1));
        else if (key == "role")
            m_reading.isPrimary = value == "master";
        else if (key == "master_repl_offset")
            m_offset = number(value).value_or(-1);
        else if (key == "rdb_last_save_time")
            m_reading.lastSave = qint64(number(value).value_or(0));
        else if (key == "rdb_last_bgsave_status")
            m_reading.lastSaveOk = value == "ok";
        else if (key == "loading")
            m_reading.loading = value == "1";
        else if (key == "total_error_replies")
            m_hasErrorTotal = true;
    }

    MetricReading &m_reading;
    double m_keys = 0, m_moved = 0, m_down = 0, m_other = 0;
    double m_cpu = -1, m_offset = -1, m_slowest = -1; ///< below 0: not reported
    bool m_knowsErrors = false, m_hasErrorTotal = false, m_hasKeyspace = false;
};

} // namespace

const char *metricName(Metric metric)
{
    return metricInfos.at(size_t(metric)).name;
}

std::optional<Metric> metricNamed(QByteArrayView name)
{
    for (size_t i = 0; i < metricCount; ++i)
        if (name == metricInfos[i].name)
            return Metric(i);
    return std::nullopt;
}

bool isRate(Metric metric)
{
    return metricInfos.at(size_t(metric)).isRate;
}

bool isLargest(Metric metric)
{
    return metric == Metric::Lag || metric == Metric::Fragmentation || metric == Metric::ForkMs;
}

double OwnCommands::without(double counter, qint64 sent)
{
    const bool beganAnew = counter < m_counter;
    m_counter = counter;
    m_sent = beganAnew ? 0 : m_sent + double(std::max<qint64>(0, sent));
    const double theirs = std::max(0.0, counter - m_sent);
    m_given = beganAnew ? theirs : std::max(theirs, m_given);
    return m_given;
}

MetricReading readMetrics(QByteArrayView info, qint64 at)
{
    MetricReading reading;
    reading.at = reading.steadyAt = at;
    InfoReading lines(reading);
    while (!info.isEmpty()) {
        QByteArrayView line = takeLine(info);
        if (line.startsWith('#')) {
            lines.section(line);
            continue;
        }
        const QByteArrayView key = takeUntil(line, ':');
        lines.line(key, line);
    }
    lines.finish();
    return reading;
}

} // namespace slotscope
