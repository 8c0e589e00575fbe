// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <array>
#include <optional>

namespace slotscope {

/// What is recorded of each node. Rates are of the time between two samples.
enum class Metric : quint8 {
    Commands, ///< processed, a second
    Hits, ///< of keys, a second
    Misses,
    Cpu, ///< percent of one core: main thread, I/O threads, background
    Memory, ///< bytes used
    Resident, ///< bytes
    MaxMemory, ///< bytes; 0: no limit
    Fragmentation, ///< resident / used
    Clients,
    BlockedClients,
    Connections, ///< accepted, a second
    Rejected, ///< connections, a second
    NetIn, ///< bytes a second
    NetOut,
    Keys,
    Expired, ///< keys a second
    Evicted,
    Lag, ///< bytes that the replica furthest behind lacks; of a primary
    Unsaved, ///< changes since the last RDB file
    ForkMs, ///< the last fork held the server up for so long
    ErrorsMoved, ///< replies of MOVED and ASK, a second
    ErrorsDown, ///< CLUSTERDOWN and TRYAGAIN
    ErrorsOther, ///< all other errors
    Count_
};
inline constexpr size_t metricCount = size_t(Metric::Count_);
using MetricFigures = std::array<double, metricCount>; ///< by Metric; NaN where it is not known

/// The name in JSON and CSV: "commands", "net_in".
[[nodiscard]] const char *metricName(Metric metric);
/// Nothing where there is no such name.
[[nodiscard]] std::optional<Metric> metricNamed(QByteArrayView name);

/// What INFO of one node said at one moment: counters as they stand, not yet rates.
struct MetricReading
{
    qint64 at = 0; ///< ms since 1970, by our wall clock: where it stands on the axis
    qint64 steadyAt = 0; ///< ms by the steady clock, for rates: it knows no jump
    std::array<std::optional<double>, metricCount> values; ///< of a rate: the counter
    QByteArray runId;
    qint64 uptimeSeconds = -1;
    bool isPrimary = true;
    qint64 lastSave = 0; ///< s since 1970 by the server's clock; 0: not told
    bool lastSaveOk = true;
    bool loading = false;
};
/// Leaves our own commands out of a server's counter of commands: they would make an idle server look busy.
class OwnCommands
{
public:
    /// `counter` as INFO has it, `sent` by us since the INFO before; below 0: not known. What it gives falls only where
    /// the server's own counter did: a command that was sent may be counted there after the INFO that comes first.
    [[nodiscard]] double without(double counter, qint64 sent);

private:
    double m_sent = 0; ///< since the counter began
    double m_counter = 0, m_given = 0; ///< of the last time
};

/// Whether it is counted up in INFO and shown as a rate.
[[nodiscard]] bool isRate(Metric metric);
/// Whether several nodes together have the largest of theirs, not the sum: "lag".
[[nodiscard]] bool isLargest(Metric metric);
/// Reads any subset of INFO's sections; fields that are missing are absent (errorstat_* since Redis 6.2).
[[nodiscard]] MetricReading readMetrics(QByteArrayView info, qint64 at);

} // namespace slotscope
