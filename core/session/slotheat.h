// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QMap>
#include <QPointer>

#include <optional>
#include <vector>

namespace slotscope {

/// One value per slot; -1: unknown.
using SlotValues = std::array<qint64, slotCount>;

/// What one primary reports about its slots (CLUSTER SLOT-STATS: since Valkey 8.0, Redis 8.2). CPU and network are
/// totals since counting started (CONFIG RESETSTAT and a new owner restart it), and need cluster-slot-stats-enabled.
struct NodeSlotUse
{
    struct Slot
    {
        quint16 number = 0;
        qint64 memory = -1; ///< bytes; only Redis reports it. -1 here and below: not reported
        qint64 cpuMicroseconds = -1; ///< CPU time of commands on keys of the slot
        qint64 networkBytes = -1; ///< received and sent
        qint64 toldAt = 0; ///< time of the report as steadyMs()
    };
    QByteArray nodeId;
    QString nodeName;
    std::vector<Slot> slots;
    bool isUnsupported = false; ///< the server does not know CLUSTER SLOT-STATS
    /// the server does not count this: cluster-slot-stats-enabled is no
    bool isWithoutCpu = false, isWithoutNetwork = false;
    std::optional<Error> error; ///< any other reason for missing data
};

/// The latest report on each slot, whichever node sent it, and for each node without data the reason.
struct SlotUse
{
    struct Told
    {
        NodeSlotUse::Slot slot;
        size_t teller = 0; ///< hash of the reporting node's id: another node counts from 0
    };
    std::array<Told, slotCount> slots{}; ///< toldAt is 0 for a slot never reported
    /// sorted node names; `errors` holds messages for display
    QStringList unsupported, withoutCpu, withoutNetwork, errors;

    /// Replaces the node's previous report.
    void take(const NodeSlotUse &told);

private:
    QMap<QString, QString> m_errors; ///< messages by node name
};

enum class SlotMetric : quint8 { Memory, Cpu, Network };

/// The values of one metric per slot: bytes, or microseconds or bytes per second.
struct SlotHeat
{
    SlotMetric metric = SlotMetric::Memory;
    SlotValues values;
    qint64 overMs =
        0; ///< for rates: longest interval between two readings of a slot; 0: no rate, or no second reading yet
    qint64 sum = 0; ///< sum of all known values
    int known = 0; ///< number of slots with a value
    QList<int> hottest; ///< at most `mostListed` slots with the highest values above 0

    static constexpr qsizetype mostListed = 100;
};
using SlotHeatPtr = std::shared_ptr<const SlotHeat>;

/// Reports this much older than the newest are ignored, because their node no longer answers.
inline constexpr qint64 slotUseOldMs = 20'000;
/// Computes the metric's values. If `before` is null, CPU and network have no rate yet. Pure.
[[nodiscard]] SlotHeat slotHeat(const SlotUse *before, const SlotUse &now, SlotMetric metric);
/// Formats a value: "12.4 ms/s", "1.2 MB/s", "640 KB".
[[nodiscard]] QString slotHeatText(SlotMetric metric, qint64 value);
/// Adds one reply to CLUSTER SLOT-STATS SLOTSRANGE to `use`; `at` is its time as steadyMs(). Returns false if the reply
/// is malformed. Pure.
bool takeSlotStats(const Value &reply, qint64 at, NodeSlotUse &use);

/// Reads slot statistics from the primaries, a thousand slots per query.
class SlotUseReader final
{
public:
    explicit SlotUseReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    /// The result of a node without slots contains only its name. Cancelled if the session ends.
    [[nodiscard]] QCoro::Task<Result<NodeSlotUse>> read(QByteArray nodeId) const;
    /// Reads all primaries in parallel.
    [[nodiscard]] QCoro::Task<Result<SlotUse>> readAll() const;

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
