// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/session/pollschedule.h"
#include "core/session/shardmemory.h"

namespace slotscope {

struct SessionOptions
{
    int pollMs = 500; ///< polling interval; 0: polls only on request (command line)
    int pollTimeoutMs = 2000; ///< a node that is silent for this time counts as unreachable
    int connectTimeoutMs = 5000;
    int commandTimeoutMs = 30000;
    int searchAfterMs = 700; ///< time after which other addresses are tried if the announced one has not answered
    /// The caller is joining the seeds into one cluster, so it is no conflict if they do not know each other yet.
    bool seedsAreBeingJoined = false;
    PollBudget budget = {};
    /// null: shard numbers are not kept beyond the session
    std::shared_ptr<ShardMemory> shards = ShardMemory::ofProgram();
    const Clock *clock = &Clock::system(); ///< must outlive the session
};

} // namespace slotscope
