// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/latencyhistogram.h"

#include <QByteArray>
#include <QHash>

#include <vector>

namespace slotscope {

/// What was counted of one node, or of one command.
struct LoadCount
{
    qint64 sent = 0; ///< all, with those of the warm-up
    qint64 failed = 0, unknown = 0; ///< of `sent`: answered with an error; not answered
    qint64 ok = 0; ///< that count: after the warm-up
    QHash<QByteArray, qint64> errors; ///< that count, by kind
    LatencyHistogram times; ///< of all that count, errors too
    qint64 longest = -1; ///< microseconds, exact
    double sum = 0; ///< microseconds

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

/// What a worker has counted since it was last asked.
struct LoadTally
{
    std::vector<LoadCount> nodes; ///< by the number of the node in the run
    std::vector<LoadCount> commands; ///< by place in the plan
    LoadCount nobody; ///< due, and no node served the slot: never sent
    qint64 warmUp = 0; ///< answered, and not counted
    qint64 lastAnswer = 0; ///< loadClock() of the last answer that counts
    qint64 removed = 0; ///< sum of integer replies
    qint64 missed = 0; ///< null replies that count
    qint64 redirects = 0;
    qint64 unfinished = 0; ///< of those that count: due, and not answered when the run ended
    qint64 longestLate = 0; ///< microseconds from when one was due, and a connection had room, to when it was sent
    double busiest = 0; ///< share of its time, 0 … 1, in which a worker did not wait; known at its end

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
