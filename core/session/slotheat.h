// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QMap>
#include <QPointer>

#include <optional>
#include <vector>

namespace slotscope {

/// A figure of each slot; -1: not known.
using SlotValues = std::array<qint64, slotCount>;

/// What one primary tells of its slots (CLUSTER SLOT-STATS: Valkey 8.0, Redis 8.2 on). CPU and network are sums since
/// it began to count (CONFIG RESETSTAT, another owner), and only where cluster-slot-stats-enabled is yes.
struct NodeSlotUse
{
    struct Slot
    {
        quint16 number = 0;
        qint64 memory = -1; ///< bytes; Redis alone tells it. -1 here and below: not told
        qint64 cpuMicroseconds = -1; ///< of the commands on its keys
        qint64 networkBytes = -1; ///< in and out
        qint64 toldAt = 0; ///< steadyMs()
    };
    QByteArray nodeId;
    QString nodeName;
    std::vector<Slot> slots;
    bool isUnsupported = false; ///< the server does not know the command
    bool isWithoutCpu = false, isWithoutNetwork = false; ///< it does not count them: cluster-slot-stats-enabled
    std::optional<Error> error; ///< what else kept it from telling
};

/// The last word of each slot, whoever told it, and of each node, by name, why it tells nothing.
struct SlotUse
{
    struct Told
    {
        NodeSlotUse::Slot slot;
        size_t teller = 0; ///< hash of the node that told: another one counts from 0
    };
    std::array<Told, slotCount> slots{}; ///< toldAt 0: never told
    QStringList unsupported, withoutCpu, withoutNetwork, errors; ///< sorted; names of nodes, errors as they are shown

    /// Takes a node's word in the place of its former one.
    void take(const NodeSlotUse &told);

private:
    QMap<QString, QString> m_errors; ///< by node's name
};

enum class SlotMetric : quint8 { Memory, Cpu, Network };

/// Bytes, or microseconds or bytes a second.
struct SlotHeat
{
    SlotMetric metric = SlotMetric::Memory;
    SlotValues values;
    qint64 overMs =
        0; ///< a rate: the longest time between two readings of a slot; 0: no rate, or no second reading yet
    qint64 sum = 0; ///< of all that are known
    int known = 0; ///< slots with a value
    QList<int> hottest; ///< slots with the highest values, those of 0 left out, at most SlotHeat::mostListed

    static constexpr qsizetype mostListed = 100;
};
using SlotHeatPtr = std::shared_ptr<const SlotHeat>;

/// A word that is so much older than the newest is none of now: its node does not answer.
inline constexpr qint64 slotUseOldMs = 20'000;
/// `before` null: CPU and network have no rate yet. Pure.
[[nodiscard]] SlotHeat slotHeat(const SlotUse *before, const SlotUse &now, SlotMetric metric);
/// "12.4 ms/s", "1.2 MB/s", "640 KB".
[[nodiscard]] QString slotHeatText(SlotMetric metric, qint64 value);
/// Takes one reply to SLOTSRANGE, told at `at` (steadyMs()), into `use`; false where it is none. Pure.
bool takeSlotStats(const Value &reply, qint64 at, NodeSlotUse &use);

/// Reads the use of the slots from their primaries, a thousand slots at a time.
class SlotUseReader final
{
public:
    explicit SlotUseReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    /// Nothing but the name of a node that owns no slots. Cancelled where the session ends.
    [[nodiscard]] QCoro::Task<Result<NodeSlotUse>> read(QByteArray nodeId) const;
    /// All primaries, side by side.
    [[nodiscard]] QCoro::Task<Result<SlotUse>> readAll() const;

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
