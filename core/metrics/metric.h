// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>

#include <array>
#include <optional>

namespace slotscope {

/// The figures recorded for each node. Rates refer to the time between two samples.
enum class Metric : quint8 {
    Commands, ///< commands processed per second
    Hits, ///< key hits per second
    Misses,
    Cpu, ///< in percent of one core: main thread, I/O threads, background
    Memory, ///< used memory in bytes
    Resident, ///< in bytes
    MaxMemory, ///< in bytes; 0: no limit
    Fragmentation, ///< resident memory / used memory
    Clients,
    BlockedClients,
    Connections, ///< accepted per second
    Rejected, ///< rejected connections per second
    NetIn, ///< bytes per second
    NetOut,
    Keys,
    Expired, ///< keys per second
    Evicted,
    Lag, ///< for a primary: replication lag of its slowest replica in bytes
    Unsaved, ///< number of changes since the last RDB file
    ForkMs, ///< how long the last fork blocked the server
    ErrorsMoved, ///< MOVED and ASK replies per second
    ErrorsDown, ///< CLUSTERDOWN and TRYAGAIN replies per second
    ErrorsOther, ///< all other error replies per second
    Count_
};
inline constexpr size_t metricCount = size_t(Metric::Count_);
using MetricFigures = std::array<double, metricCount>; ///< indexed by Metric; NaN if unknown

/// The name in JSON and CSV, such as "commands", "net_in".
[[nodiscard]] const char *metricName(Metric metric);
/// nullopt if there is no such name.
[[nodiscard]] std::optional<Metric> metricNamed(QByteArrayView name);

/// Values from one INFO of a node. Counters are stored as they are, not as rates.
struct MetricReading
{
    qint64 at = 0; ///< our wall clock in ms since 1970, for the time axis
    qint64 steadyAt = 0; ///< monotonic clock in ms, for rates, because it does not jump
    std::array<std::optional<double>, metricCount> values; ///< for a rate, its counter
    QByteArray runId;
    qint64 uptimeSeconds = -1;
    bool isPrimary = true;
    qint64 lastSave = 0; ///< seconds since 1970 on the server's clock; 0: not reported
    bool lastSaveOk = true;
    bool loading = false;
    /// A field of INFO added by the user. It may have been read at another time than the rest.
    struct Field
    {
        double value = 0;
        qint64 steadyAt = 0; ///< monotonic clock in ms
    };
    QHash<QByteArray, Field> fields; ///< by InfoField::name, as they are
};
/// Excludes our own commands from a server's command counter, because they would make an idle server look busy.
class OwnCommands
{
public:
    /// `counter` is the value in INFO, `sent` the number of commands sent by us since the previous INFO; below 0:
    /// unknown. The result decreases only if the server's counter did, because a command sent by us may be counted only
    /// after the next INFO.
    [[nodiscard]] double without(double counter, qint64 sent);

private:
    double m_sent = 0; ///< total sent since the counter started
    double m_counter = 0, m_given = 0; ///< values of the previous call
};

/// Whether INFO has a counter that is shown as a rate.
[[nodiscard]] bool isRate(Metric metric);
/// Whether several nodes are combined by maximum instead of sum, as for "lag".
[[nodiscard]] bool isLargest(Metric metric);
/// Parses any subset of INFO's sections. Missing fields stay empty (errorstat_* exists since Redis 6.2).
[[nodiscard]] MetricReading readMetrics(QByteArrayView info, qint64 at);

} // namespace slotscope
