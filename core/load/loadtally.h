// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/latencyhistogram.h"

#include <QByteArray>
#include <QHash>

#include <vector>

namespace slotscope {

/// Counts of one node, or of one command.
struct LoadCount
{
    qint64 sent = 0; ///< all requests, including the warm-up
    qint64 failed = 0, unknown = 0; ///< of `sent`: requests with an error reply; requests without a reply
    qint64 ok = 0; ///< successful and counted, so after the warm-up
    QHash<QByteArray, qint64> errors; ///< counted errors by kind
    LatencyHistogram times; ///< of all counted requests, including errors
    qint64 longest = -1; ///< exact, in microseconds
    double sum = 0; ///< in microseconds

    void note(qint64 microseconds)
    {
        times.add(microseconds);
        longest = std::max(longest, microseconds);
        sum += double(microseconds);
    }
    void merge(const LoadCount &other)
    {
        sent += other.sent;
        failed += other.failed;
        unknown += other.unknown;
        ok += other.ok;
        for (auto each = other.errors.cbegin(); each != other.errors.cend(); ++each)
            errors[each.key()] += each.value();
        times.merge(other.times);
        longest = std::max(longest, other.longest);
        sum += other.sum;
    }
    [[nodiscard]] qint64 errorSum() const
    {
        qint64 all = 0;
        for (const qint64 each : errors)
            all += each;
        return all;
    }
};

/// Counts of a worker since the last query.
struct LoadTally
{
    std::vector<LoadCount> nodes; ///< indexed by node number of the run
    std::vector<LoadCount> commands; ///< indexed by position in the plan
    LoadCount nobody; ///< requests that were due but never sent, because no node served the slot
    qint64 warmUp = 0; ///< answered, but not counted
    qint64 lastAnswer = 0; ///< loadClock() of the last counted reply
    qint64 removed = 0; ///< sum of integer replies
    qint64 missed = 0; ///< number of counted null replies
    qint64 redirects = 0;
    qint64 unfinished = 0; ///< counted requests due but unanswered at the end
    /// largest delay in µs from when a request was due and a connection had room, until it was sent
    qint64 longestLate = 0;
    double busiest = 0; ///< fraction of time, 0 … 1, in which a worker did not wait; set at its end

    void merge(const LoadTally &other)
    {
        const auto add = [](std::vector<LoadCount> &to, const std::vector<LoadCount> &from) {
            if (to.size() < from.size())
                to.resize(from.size());
            for (size_t i = 0; i < from.size(); ++i)
                to[i].merge(from[i]);
        };
        add(nodes, other.nodes);
        add(commands, other.commands);
        nobody.merge(other.nobody);
        warmUp += other.warmUp;
        lastAnswer = std::max(lastAnswer, other.lastAnswer);
        removed += other.removed;
        missed += other.missed;
        redirects += other.redirects;
        unfinished += other.unfinished;
        longestLate = std::max(longestLate, other.longestLate);
        busiest = std::max(busiest, other.busiest);
    }
};

} // namespace slotscope
