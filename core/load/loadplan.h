// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slot.h"
#include "core/load/loadcommand.h"

#include <QHash>

#include <algorithm>
#include <array>
#include <vector>

namespace slotscope {

/// The times at which requests are due with a fixed rate: evenly spaced, whatever the servers do.
struct LoadSchedule
{
    qint64 start = 0; ///< nanoseconds of the monotonic clock
    double perSecond = 0; ///< 0: no schedule; each request is due when it is sent

    [[nodiscard]] qint64 dueAt(qint64 number) const { return start + qint64(double(number) * 1e9 / perSecond); }
    /// Number of requests due by then.
    [[nodiscard]] qint64 dueBy(qint64 now) const
    {
        return now < start ? 0 : qint64(double(now - start) / 1e9 * perSecond) + 1;
    }
};

/// Requests per second for filling and removing the test keys: the test's own rate, raised if necessary so that these
/// phases end soon; 0 if the test has no rate: as fast as the servers answer.
[[nodiscard]] inline double loadPaceOf(double rate)
{
    constexpr double least = 5'000;
    return rate > 0 ? std::max(rate, least) : 0;
}

/// The time at which counting ended. Replies after the end of the test extend it, so that the rate is not overstated.
/// `end` 0 means no end. In nanoseconds.
[[nodiscard]] inline qint64 loadCountedUntil(qint64 doneAt, qint64 end, qint64 lastAnswer)
{
    return end > 0 && doneAt > end ? std::clamp(lastAnswer, end, doneAt) : doneAt;
}

/// What one worker does in one phase of a load test. Nanoseconds refer to the monotonic clock.
struct LoadPlan
{
    std::vector<LoadCommand> commands;
    std::vector<int> weights; ///< one per command
    LoadKeys keys{{}, 0};
    qint64 keyCount = 1;
    LoadSpec::Distribution distribution = LoadSpec::Distribution::Uniform;
    double zipf = 1;
    quint64 seed = 0;
    qint64 firstKey = 0, keyStep = 1;
    bool inTurn = false; ///< sends each command with each key once, for filling and removing
    QByteArray values; ///< random bytes from which values are taken
    int leastBytes = 0, mostBytes = 0;
    int pipeline = 1;
    LoadSchedule schedule; ///< not used with inTurn
    LoadSchedule pace; ///< with inTurn: upper limit for the rate; times are not counted from it
    qint64 countFrom = 0; ///< requests due before this belong to the warm-up
    qint64 end = 0; ///< 0: no end
    qint64 count = 0; ///< limit of counted requests; 0: none
    bool repeats = false; ///< requests lost with a connection are sent again, which does no harm
    bool replicas = false; ///< reads are sent to replicas
    int timeoutMs = 10'000;
    int givesNodeUpMs = 20'000; ///< with inTurn: a node without a connection for this time is skipped
    QByteArray asking = "*1\r\n$6\r\nASKING\r\n"; ///< the command's name on these servers
};

/// Slot owners, as node numbers of the run.
struct LoadRoutes
{
    static constexpr qint16 nobody = -1;
    std::array<qint16, slotCount> owner{};
    std::vector<std::vector<qint16>> replicas; ///< indexed by node number
    QHash<QByteArray, qint16> byAddress; ///< "host:port" as in the servers' redirects
    std::vector<qint16> primaries; ///< targets of commands without keys
    bool slotsMatter = true; ///< false: a single server for all slots
};

} // namespace slotscope
