// SPDX-License-Identifier: GPL-3.0-or-later
// How many keys go into one MIGRATE, and how many of these are under way at once.
#include "core/operations/migration/keycalls.h"

namespace slotscope {

namespace {

constexpr int limitOfCallMs = 150; // for each I/O step of one MIGRATE among several; a single one gets more
constexpr int lanesAtOnce = 3; // lanes used at the same time; each gets a share of the stall budget
// target duration: a MIGRATE call blocks both nodes, so keep it short without losing speed
constexpr double callAimMs = 20;
constexpr int mostKeysInCall = 1000;
constexpr double pipelineAimMs = 40; // target duration of all calls sent and not yet answered
// Querying MEMORY USAGE for every key takes a fifth of the whole time. So all keys are queried until this many in a row
// were small, then only those of one round in thirty-two. A big key, or a call that takes longer than its keys explain,
// starts this over.
constexpr int smallEnough = 3000;
constexpr int roundsBetweenProbes = 32;
constexpr double slowCallMs = 60;

/// Number of keys in a call. With a throttle at most a fifth of a second's keys, because otherwise a thousand keys
/// would move at once, followed by a long pause.
qsizetype keysInCall(const KeyRoute &route, const MigrationOptions &options)
{
    return options.keysPerSecond > 0 ? std::min(route.keyLimit, std::max(1, options.keysPerSecond / 5))
                                     : route.keyLimit;
}

int limitOf(const KeyRoute &route, const Call &call)
{
    const bool alone = route.careful || call.bytes >= bigBytes;
    return alone ? route.migrateTimeoutMs : std::min(limitOfCallMs, route.migrateTimeoutMs);
}

} // namespace

void appendCalls(std::vector<Call> &calls, const KeyRoute &route, const MigrationOptions &options, quint16 slot,
                 int database, const QByteArrayList &keys, std::span<const qint64> sizes)
{
    Call call{.slot = slot, .database = database, .keys = {}, .bytes = 0};
    for (qsizetype i = 0; i < keys.size(); ++i) {
        const qint64 size = sizes.empty() ? 0 : sizes[size_t(i)];
        const bool full = call.keys.size() >= keysInCall(route, options) || call.bytes + size > options.batchBytes;
        if (full && !call.keys.isEmpty())
            calls.push_back(std::exchange(call, {.slot = slot, .database = database, .keys = {}, .bytes = 0}));
        call.keys.append(keys[i]);
        call.bytes += size;
    }
    if (!call.keys.isEmpty())
        calls.push_back(std::move(call));
}

void learn(KeyRoute &route, qsizetype keys, double milliseconds)
{
    if (milliseconds > slowCallMs && milliseconds > 3 * double(keys) / route.keysPerMs)
        route.smallInARow = 0;
    if (keys < 10 || milliseconds <= 0)
        return;
    route.keysPerMs = route.keysPerMs * 0.7 + 0.3 * double(keys) / milliseconds;
    route.keyLimit = std::clamp(int(route.keysPerMs * callAimMs), 10, mostKeysInCall);
}

bool isProbing(KeyRoute &route)
{
    return !route.sizesDenied && (route.smallInARow < smallEnough || ++route.rounds % roundsBetweenProbes == 0);
}

std::vector<Call> takeChunk(const KeyRoute &route, const MigrationOptions &options, std::vector<Call> &calls,
                            size_t &position)
{
    std::vector<Call> chunk;
    qsizetype keys = 0;
    qint64 bytes = 0;
    int limits = 0;
    auto most = qsizetype(route.keysPerMs * pipelineAimMs);
    if (options.keysPerSecond > 0)
        most = std::min(most, keysInCall(route, options));
    for (; position < calls.size(); ++position) {
        Call &call = calls[position];
        call.limitMs = limitOf(route, call);
        const bool fits = keys + call.keys.size() <= most && bytes + call.bytes <= options.batchBytes
            && limits + call.limitMs <= route.stallBudgetMs / lanesAtOnce;
        if (!chunk.empty() && !fits)
            break;
        keys += call.keys.size();
        bytes += call.bytes;
        limits += call.limitMs;
        chunk.push_back(std::move(call));
    }
    return chunk;
}

bool isLastOfSlot(const std::vector<Call> &chunk, size_t index)
{
    return index + 1 == chunk.size() || chunk[index + 1].slot != chunk[index].slot;
}

} // namespace slotscope
