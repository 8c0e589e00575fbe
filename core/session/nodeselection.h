// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/cluster/slot.h"
#include "core/protocol/value.h"

#include <QStringList>

#include <array>
#include <memory>

namespace slotscope {

/// Selects the nodes a command is sent to.
struct NodeSelection
{
    enum class Kind : quint8 { ByKey, Node, All, Primaries, Replicas };
    Kind kind = Kind::ByKey;
    QByteArray nodeId; ///< only for Kind::Node
};

/// One node's answer to a command.
struct NodeReply
{
    QByteArray nodeId;
    QString nodeName;
    Result<Value> reply; ///< also an Error if the server replied with one
    qint64 microseconds = 0; ///< time from sending to the reply
    bool fromReplica = false; ///< a replica answered, whose data may be older than its primary's
};

/// Number of keys in each slot, as far as it could be read.
struct SlotKeyCounts
{
    std::array<qint64, slotCount> keys{}; ///< -1: unknown
    QStringList errors; ///< one message for each node that did not answer
    qint64 takenAt = 0; ///< time of the count in ms since 1970
};
using SlotKeyCountsPtr = std::shared_ptr<const SlotKeyCounts>;

/// What ClusterSession::connected() waits for.
enum class WaitFor : quint8 {
    EveryNode, ///< each node has answered, or all attempts to reach it have failed
    OneNode, ///< one node has described the cluster, and each seed has answered, failed or had its time
};

enum class SessionState : quint8 {
    Connecting, ///< no seed has answered yet; error() describes the attempts so far
    Ready, ///< at least one node answers
    Lost, ///< was ready, now no node answers; reconnecting continues
    Failed, ///< no seed accepted us, for a reason that a retry does not fix (wrong password, …)
    Closed,
};

} // namespace slotscope
