// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slot.h"
#include "core/load/loadcommand.h"

#include <QHash>

#include <algorithm>
#include <array>
#include <vector>

namespace slotscope {

/// When requests are due at a fixed rate: evenly, whatever the servers do.
struct LoadSchedule
{
    qint64 start = 0; ///< nanoseconds of the steady clock
    double perSecond = 0; ///< 0: no schedule, each is due when it is sent

    [[nodiscard]] qint64 dueAt(qint64 number) const { return start + qint64(double(number) * 1e9 / perSecond); }
    /// How many are due by then.
    [[nodiscard]] qint64 dueBy(qint64 now) const
    {
        return now < start ? 0 : qint64(double(now - start) / 1e9 * perSecond) + 1;
    }
};

/// Filling and removing with `rate` asked for, in requests a second: as fast as the test itself, or so fast that they
/// end; 0: as many as the servers answer.
[[nodiscard]] inline double loadPaceOf(double rate)
{
    constexpr double least = 5'000;
    return rate > 0 ? std::max(rate, least) : 0;
}

/// When counting ended: answers that came after the time of the test make it longer, so that the rate is not
/// overstated. `end` 0: none. Nanoseconds.
[[nodiscard]] inline qint64 loadCountedUntil(qint64 doneAt, qint64 end, qint64 lastAnswer)
{
    return end > 0 && doneAt > end ? std::clamp(lastAnswer, end, doneAt) : doneAt;
}

/// What one phase of a load test does; each worker has its own. Nanoseconds are of the steady clock.
struct LoadPlan
{
    std::vector<LoadCommand> commands;
    std::vector<int> weights; ///< of the commands
    LoadKeys keys{{}, 0};
    qint64 keyCount = 1;
    LoadSpec::Distribution distribution = LoadSpec::Distribution::Uniform;
    double zipf = 1;
    quint64 seed = 0;
    qint64 firstKey = 0, keyStep = 1;
    bool inTurn = false; ///< each command with each key, once: filling, removing
    QByteArray values; ///< random bytes that values are pieces of
    int leastBytes = 0, mostBytes = 0;
    int pipeline = 1;
    LoadSchedule schedule; ///< not with inTurn
    LoadSchedule pace; ///< inTurn: no more than are due by it are sent; none of them counts from then
    qint64 countFrom = 0; ///< what is due before is the warm-up's
    qint64 end = 0; ///< 0: none
    qint64 count = 0; ///< that count; 0: no limit
    bool repeats = false; ///< what a lost connection took along is sent again: it does no harm
    bool replicas = false; ///< reads go to replicas
    int timeoutMs = 10'000;
    int givesNodeUpMs = 20'000; ///< inTurn: a node without a connection for so long is left out
    QByteArray asking = "*1\r\n$6\r\nASKING\r\n"; ///< as the servers know it
};

/// Who serves what, by the numbers that nodes have in a run.
struct LoadRoutes
{
    static constexpr qint16 nobody = -1;
    std::array<qint16, slotCount> owner{};
    std::vector<std::vector<qint16>> replicas; ///< of each node
    QHash<QByteArray, qint16> byAddress; ///< "host:port", as servers name them
    std::vector<qint16> primaries; ///< for commands without a key
    bool slotsMatter = true; ///< false: one server for all
};

} // namespace slotscope
