// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/session/pollschedule.h"
#include "core/session/shardmemory.h"

namespace slotscope {

struct SessionOptions
{
    int pollMs = 500; ///< tick of the observing timer; 0: observes only when told to (command line)
    int pollTimeoutMs = 2000; ///< a node that says nothing for so long counts as unreachable from here
    int connectTimeoutMs = 5000;
    int commandTimeoutMs = 30000;
    int searchAfterMs = 700; ///< an announced address that has not answered by then is looked for elsewhere
    /// The seeds are being made one cluster by the caller: that they do not know one another yet is no conflict.
    bool seedsAreBeingJoined = false;
    PollBudget budget = {};
    std::shared_ptr<ShardMemory> shards = ShardMemory::ofProgram(); ///< null: numbers are those of the session alone
    const Clock *clock = &Clock::system(); ///< outlives the session
};

} // namespace slotscope
