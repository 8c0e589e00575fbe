// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// A channel that somebody subscribes to now.
struct ActiveChannel
{
    QByteArray name;
    bool isShard = false;
    qint64 subscribers = 0; ///< in all nodes together
    QByteArrayList nodes; ///< ids of those that have some
    int slot = -1; ///< of a shard channel
};

/// What one node says of its own subscribers.
struct NodeChannels
{
    QByteArray nodeId;
    QString node;
    std::vector<std::pair<QByteArray, qint64>> channels, shardChannels; ///< name, subscribers
    quint64 more = 0; ///< channels beyond these
    std::optional<qint64> patterns; ///< PUBSUB NUMPAT
    std::vector<Error> problems;
    bool hasAnswered = false; ///< its channels and shard channels are known
};

struct ActiveChannels
{
    std::vector<ActiveChannel> channels; ///< the most subscribers first
    quint64 more = 0; ///< left out: the nodes have more than are listed
    qint64 patterns = 0; ///< different patterns, added up over the nodes that told
    int patternsFrom = 0; ///< nodes that told of their patterns
    int answered = 0, asked = 0; ///< nodes: that told of all their channels
    std::vector<std::pair<QString, Error>> problems; ///< node, what it refused
};

inline constexpr qsizetype mostChannelsOfNode = 5000;

[[nodiscard]] ActiveChannels mergedChannels(const std::vector<NodeChannels> &nodes);

/// Asks every node: a server tells of its own subscribers only.
[[nodiscard]] QCoro::Task<Result<ActiveChannels>> readActiveChannels(QPointer<ClusterSession> session);

} // namespace slotscope
