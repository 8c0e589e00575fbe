// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/pubsub/pubsubtypes.h"

#include <QSet>

#include <functional>

namespace slotscope {

/// A subscription's state on one node, and when to retry it. All times except those in `place` are steadyMs().
struct SubscriptionSeat
{
    static constexpr qint64 firstPauseMs = 500, longestPauseMs = 30'000;
    static constexpr qint64 provedMs = 5000; ///< a subscription that lasted this long ends a series of failures

    SubscriptionPlace place;
    bool isAsked = false; ///< the command is pending or was granted
    bool wasOn = false;
    qint64 confirmedAt = 0;
    qint64 agreedAt = 0; ///< time of the last view that confirms this node
    qint64 lostAt = 0; ///< since when nothing is received; 0: never received, or receiving
    qint64 retryAt = 0; ///< earliest time of the next try
    int failures = 0; ///< number of consecutive failures
    QSet<QByteArray> failedNodes; ///< nodes that failed in this series

    /// Records a failure on its node: the next try follows after a pause, which doubles with each failure.
    void fail(qint64 now);
    void forgive(); ///< allows the next try at once
    /// If messages were received before, records that none are since `since`.
    void lose(qint64 since, qint64 now, qint64 wallNow);
    void succeed(qint64 now);
    /// Moves to another node: at once if that has not failed in this series, else after the pause. `heardAt` is when
    /// data last arrived from the previous node.
    void moveTo(const QByteArray &nodeId, qint64 heardAt, qint64 now, qint64 wallNow);
    void reopen(); ///< makes a refused subscription be tried again
};

/// Returns 500 ms, 1 s, 2 s … 30 s.
[[nodiscard]] qint64 pauseAfterFailures(int failures);
/// Whether the error needs the user, because automatic retries could lock the user out.
[[nodiscard]] bool isPasswordRefusal(const Error &error);
/// Whether this node may be used for subscriptions.
[[nodiscard]] bool isUsableNode(const NodeState &node);

/// Chooses the node for channels and patterns; any node receives everything published. Keeps the former one, unless it
/// is gone, or others report it as failed and a healthy one exists. `isAvoided`: it failed a moment ago; `hasLine`:
/// there is a connection to it. Empty if there is none.
[[nodiscard]] QByteArray chooseHome(const ClusterView &view, const QByteArray &former,
                                    const std::function<bool(const QByteArray &)> &isAvoided,
                                    const std::function<bool(const QByteArray &)> &hasLine);

} // namespace slotscope
