// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// A channel that has subscribers now.
struct ActiveChannel
{
    QByteArray name;
    bool isShard = false;
    qint64 subscribers = 0; ///< sum over all nodes
    QByteArrayList nodes; ///< ids of nodes with subscribers
    int slot = -1; ///< for a shard channel
};

/// What one node reports about its own subscribers.
struct NodeChannels
{
    QByteArray nodeId;
    QString node;
    std::vector<std::pair<QByteArray, qint64>> channels, shardChannels; ///< pairs of name and number of subscribers
    quint64 more = 0; ///< number of further channels, not listed
    std::optional<qint64> patterns; ///< PUBSUB NUMPAT
    std::vector<Error> problems;
    bool hasAnswered = false; ///< its channels and shard channels are known
};

struct ActiveChannels
{
    std::vector<ActiveChannel> channels; ///< sorted by subscribers, largest first
    quint64 more = 0; ///< number of channels left out, because the nodes have too many
    qint64 patterns = 0; ///< number of distinct patterns, added over the nodes that reported it
    int patternsFrom = 0; ///< number of nodes that reported their patterns
    int answered = 0, asked = 0; ///< answered: nodes that reported all their channels
    std::vector<std::pair<QString, Error>> problems; ///< node and what it refused
};

inline constexpr qsizetype mostChannelsOfNode = 5000;

[[nodiscard]] ActiveChannels mergedChannels(const std::vector<NodeChannels> &nodes);

/// Asks every node, because a server reports only its own subscribers.
[[nodiscard]] QCoro::Task<Result<ActiveChannels>> readActiveChannels(QPointer<ClusterSession> session);

} // namespace slotscope
