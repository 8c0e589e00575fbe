// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/pubsub/pubsubtypes.h"

#include <QSet>

#include <functional>

namespace slotscope {

/// A subscription's place at one node, and when it is asked for again. All times but those of `place` are steadyMs().
struct SubscriptionSeat
{
    static constexpr qint64 firstPauseMs = 500, longestPauseMs = 30'000;
    static constexpr qint64 provedMs = 5000; ///< what held that long is no failure in a row with the next

    SubscriptionPlace place;
    bool isAsked = false; ///< the command is on its way, or was granted
    bool wasOn = false;
    qint64 confirmedAt = 0;
    qint64 agreedAt = 0; ///< the last view that has it at its node and does not doubt that one
    qint64 lostAt = 0; ///< nothing is heard since then; 0: never was, or is heard
    qint64 retryAt = 0; ///< not before
    int failures = 0; ///< in a row
    QSet<QByteArray> failedNodes; ///< where it failed in this row

    /// It failed at its node: the next try comes after a pause, which doubles from one failure to the next.
    void fail(qint64 now);
    void forgive(); ///< the next try comes at once
    /// Nothing is heard since `since`, where it was heard before.
    void lose(qint64 since, qint64 now, qint64 wallNow);
    void succeed(qint64 now);
    /// Goes to another node: at once where it has not failed there yet in this row, else after its pause. `heardAt`:
    /// when something came last from the one before.
    void moveTo(const QByteArray &nodeId, qint64 heardAt, qint64 now, qint64 wallNow);
    void reopen(); ///< what was refused is asked for again
};

/// 500 ms, 1 s, 2 s … 30 s.
[[nodiscard]] qint64 pauseAfterFailures(int failures);
/// The user has to do something first: trying on his behalf could lock him out.
[[nodiscard]] bool isPasswordRefusal(const Error &error);
/// Whether a subscription may be at this node.
[[nodiscard]] bool isUsableNode(const NodeState &node);

/// The node for channels and patterns: any hears of everything that is published. The former one stays until it is gone
/// or others say that it has failed and there is a sound one. `isAvoided`: it failed us a moment ago; `hasLine`: there
/// is a connection to it. Empty: there is none.
[[nodiscard]] QByteArray chooseHome(const ClusterView &view, const QByteArray &former,
                                    const std::function<bool(const QByteArray &)> &isAvoided,
                                    const std::function<bool(const QByteArray &)> &hasLine);

} // namespace slotscope
