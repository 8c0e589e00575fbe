// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/replycounter.h"

#include <deque>
#include <vector>

namespace slotscope {

/// The socket of a verified connection, for a worker.
struct LoadSocket
{
    int socket = -1; ///< non-blocking; closed by the worker
    qint16 node = 0;
    quint64 id = 0; ///< number assigned by the creator
};

/// One pending request.
struct LoadRequest
{
    qint64 due = 0; ///< in nanoseconds
    qint64 key = 0;
    quint16 command = 0;
    quint8 hops = 0;
    bool asking = false;
    bool counts = false;
    bool isPrelude = false; ///< the ASKING before another request
};

/// A worker's connection with its pending requests.
struct LoadLane
{
    LoadSocket lane;
    std::deque<LoadRequest> waiting; ///< requests waiting for replies
    ReplyCounter replies;
    QByteArray out;
    qsizetype written = 0;
    qint64 heard = 0; ///< time of the last data, or of the first request
    qint64 roomSince = 0; ///< time when its pipeline last got room
    bool open = true, wantsWrite = false;
};

/// A node from a worker's point of view.
struct LoadNode
{
    std::deque<LoadRequest> queue;
    std::vector<LoadLane *> idle;
    int lanes = 0;
    qint64 downSince = 0; ///< time by loadClock() since when requests have waited for a connection; 0: none waits
};

} // namespace slotscope
