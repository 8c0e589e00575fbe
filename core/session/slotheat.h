// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// A figure of each slot; -1: not known.
using SlotValues = std::array<qint64, slotCount>;

/// What CLUSTER SLOT-STATS (Valkey 8.0, Redis 8.2 on) tells of the slots, at one moment. CPU and network are sums since
/// the server began to count (CONFIG RESETSTAT, another owner), and only where cluster-slot-stats-enabled is yes.
struct SlotUse
{
    SlotValues memory; ///< bytes; Redis alone tells it
    SlotValues cpuMicroseconds; ///< of the commands on its keys
    SlotValues networkBytes; ///< in and out
    std::array<size_t, slotCount> teller{}; ///< hash of the node that told: another one counts from 0
    std::array<qint64, slotCount> toldAt{}; ///< steadyMs()
    QStringList unsupported; ///< names of nodes that do not know the command
    QStringList withoutCpu; ///< names of nodes that count no CPU and network: the setting is off there
    QStringList errors; ///< what else kept a node from telling
    qint64 takenAt = 0; ///< steadyMs()

    SlotUse();
};
using SlotUsePtr = std::shared_ptr<const SlotUse>;

enum class SlotMetric : quint8 { Memory, Cpu, Network };

/// Bytes, or microseconds or bytes a second.
struct SlotHeat
{
    SlotMetric metric = SlotMetric::Memory;
    SlotValues values;
    qint64 overMs = 0; ///< a rate: between two readings about so far apart; 0: no rate, or no second reading yet
    qint64 sum = 0; ///< of all that are known
    int known = 0; ///< slots with a value
    QList<int> hottest; ///< slots with the highest values, those of 0 left out, at most SlotHeat::mostListed

    static constexpr qsizetype mostListed = 100;
};
using SlotHeatPtr = std::shared_ptr<const SlotHeat>;

/// `before` null: CPU and network have no rate yet. Pure.
[[nodiscard]] SlotHeat slotHeat(const SlotUse *before, const SlotUse &now, SlotMetric metric);
/// Takes one reply to SLOTSRANGE into `use`; false where it is none. Pure.
bool takeSlotStats(const Value &reply, size_t teller, qint64 at, SlotUse &use);

/// Reads the use of all slots from their primaries, a thousand slots at a time.
class SlotUseReader final
{
public:
    explicit SlotUseReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    [[nodiscard]] QCoro::Task<Result<SlotUsePtr>> read() const;

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
