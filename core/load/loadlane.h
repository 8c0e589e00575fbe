// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/replycounter.h"

#include <deque>
#include <vector>

namespace slotscope {

/// A socket that was proved, for a worker.
struct LoadSocket
{
    int socket = -1; ///< not blocking; the worker closes it
    qint16 node = 0;
    quint64 id = 0; ///< the maker's
};

/// One request on its way.
struct LoadRequest
{
    qint64 due = 0; ///< nanoseconds
    qint64 key = 0;
    quint16 command = 0;
    quint8 hops = 0;
    bool asking = false;
    bool counts = false;
    bool isPrelude = false; ///< the ASKING before another one
};

/// A connection of a worker, and what waits on it.
struct LoadLane
{
    LoadSocket lane;
    std::deque<LoadRequest> waiting; ///< for their replies
    ReplyCounter replies;
    QByteArray out;
    qsizetype written = 0;
    qint64 heard = 0; ///< when something came, or the first request went
    qint64 roomSince = 0; ///< when its pipeline last got room
    bool open = true, wantsWrite = false;
};

/// A node as a worker knows it.
struct LoadNode
{
    std::deque<LoadRequest> queue;
    std::vector<LoadLane *> idle;
    int lanes = 0;
    qint64 downSince = 0; ///< loadClock(): requests wait for it, and it has no connection; 0: not so
};

} // namespace slotscope
