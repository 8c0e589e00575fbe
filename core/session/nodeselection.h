// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/cluster/slot.h"
#include "core/protocol/value.h"

#include <QStringList>

#include <array>
#include <memory>

namespace slotscope {

/// Which nodes a command goes to.
struct NodeSelection
{
    enum class Kind : quint8 { ByKey, Node, All, Primaries, Replicas };
    Kind kind = Kind::ByKey;
    QByteArray nodeId; ///< for Kind::Node
};

/// One node's answer to a command.
struct NodeReply
{
    QByteArray nodeId;
    QString nodeName;
    Result<Value> reply; ///< an Error also where the server refused
    qint64 microseconds = 0; ///< from sending to answer
    bool fromReplica = false; ///< a replica served it: its data may be older than its primary's
};

/// Keys in each slot, as far as they could be counted.
struct SlotKeyCounts
{
    std::array<qint64, slotCount> keys{}; ///< -1: not known
    QStringList errors; ///< nodes that did not answer, and why
    qint64 takenAt = 0; ///< ms since 1970
};
using SlotKeyCountsPtr = std::shared_ptr<const SlotKeyCounts>;

/// What connecting waits for.
enum class WaitFor : quint8 {
    EveryNode, ///< each node has answered, or every way to it came to nothing
    OneNode, ///< one has told of the cluster, and no further seed will soon
};

enum class SessionState : quint8 {
    Connecting, ///< no seed has answered yet; error() says what the attempts so far came to
    Ready, ///< at least one node answers
    Lost, ///< was ready, now no node answers; goes on trying
    Failed, ///< no seed let us in, for a reason that trying again does not mend (wrong password, …)
    Closed,
};

} // namespace slotscope
