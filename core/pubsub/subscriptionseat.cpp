// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pubsub/subscriptionseat.h"

#include <algorithm>

namespace slotscope {

qint64 pauseAfterFailures(int failures)
{
    qint64 pause = SubscriptionSeat::firstPauseMs;
    for (int i = 1; i < failures && pause < SubscriptionSeat::longestPauseMs; ++i)
        pause *= 2;
    return std::min(pause, SubscriptionSeat::longestPauseMs);
}

bool isPasswordRefusal(const Error &error)
{
    return error.code == Error::Code::AuthRequired || error.code == Error::Code::WrongPassword
        || error.code == Error::Code::NoPermission;
}

bool isUsableNode(const NodeState &node)
{
    return !node.id.isEmpty() && node.condition != NodeCondition::Handshake
        && node.condition != NodeCondition::NoAddress;
}

void SubscriptionSeat::fail(qint64 now)
{
    if (place.state == SubscriptionPlace::State::On && now - confirmedAt >= provedMs)
        forgive();
    ++failures;
    failedNodes.insert(place.nodeId);
    retryAt = now + pauseAfterFailures(failures);
}

void SubscriptionSeat::forgive()
{
    failures = 0;
    failedNodes.clear();
    retryAt = 0;
}

void SubscriptionSeat::lose(qint64 since, qint64 now, qint64 wallNow)
{
    if (!wasOn || lostAt > 0)
        return;
    lostAt = std::min(since, now);
    place.lostSince = std::max<qint64>(1, wallNow - (now - lostAt));
}

void SubscriptionSeat::succeed(qint64 now)
{
    place.state = SubscriptionPlace::State::On;
    place.problem.reset();
    place.lostSince = 0;
    lostAt = 0;
    wasOn = true;
    confirmedAt = now;
}

void SubscriptionSeat::moveTo(const QByteArray &nodeId, qint64 heardAt, qint64 now, qint64 wallNow)
{
    const bool wasLost = lostAt > 0;
    lose(std::min(heardAt, std::max(confirmedAt, agreedAt)), now, wallNow);
    if (!wasLost)
        place.problem.reset();
    place.nodeId = nodeId;
    reopen();
    if (!failedNodes.contains(nodeId))
        retryAt = 0;
}

void SubscriptionSeat::reopen()
{
    place.state = lostAt > 0 ? SubscriptionPlace::State::Lost : SubscriptionPlace::State::Opening;
    isAsked = false;
}

QByteArray chooseHome(const ClusterView &view, const QByteArray &former,
                      const std::function<bool(const QByteArray &)> &isAvoided,
                      const std::function<bool(const QByteArray &)> &hasLine)
{
    const auto isSound = [](const NodeState &node) { return node.condition != NodeCondition::Failed; };
    const NodeState *home = former.isEmpty() ? nullptr : view.node(former);
    if (home && isSound(*home))
        return former;
    const NodeState *best = nullptr;
    int most = -1;
    for (const NodeState &node : view.nodes) {
        if (!isUsableNode(node))
            continue;
        const int worth = (isSound(node) ? 16 : 0) + (isAvoided(node.id) ? 0 : 8)
            + (node.reach.state == Reach::State::Ready ? 4 : 0) + (node.primary ? 2 : 0) + (hasLine(node.id) ? 1 : 0);
        if (worth > most) {
            most = worth;
            best = &node;
        }
    }
    if (home && (!best || !isSound(*best) || best->reach.state != Reach::State::Ready))
        return former; // there is no better node
    return best ? best->id : QByteArray();
}

} // namespace slotscope
