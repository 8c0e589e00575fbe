// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>

#include <memory>
#include <optional>
#include <vector>

namespace slotscope {

/// The kind determines on which nodes a subscription is made.
enum class SubscriptionKind : quint8 {
    Channel, ///< SUBSCRIBE on one node, which receives all messages through the cluster bus
    Pattern, ///< PSUBSCRIBE, likewise on one node
    Shard, ///< SSUBSCRIBE on the primary that owns the channel's slot
    KeyEvents, ///< a pattern of keyspace events, which nodes do not pass on: on each primary
};

struct SubscriptionOrder
{
    SubscriptionKind kind = SubscriptionKind::Channel;
    QByteArray name; ///< the channel or pattern
    friend bool operator==(const SubscriptionOrder &, const SubscriptionOrder &) = default;
};

/// A stored message, or a gap: a period in which a subscription could not receive messages.
struct PubSubMessage
{
    quint64 serial = 0; ///< number of a stored message, starting with 1
    int subscription = 0; ///< id of the subscription
    qint64 at = 0; ///< on our clock in ms since 1970; for a gap its end
    qint64 gapFrom = 0; ///< > 0: a gap that started then, whose place is in `payload`
    QByteArray nodeId;
    QString node; ///< name of the node
    QByteArray channel;
    QByteArray payload; ///< truncated if it is longer than the limit for one
    qint64 bytes = 0; ///< size of the complete payload
    [[nodiscard]] bool isGap() const { return gapFrom > 0; }
    [[nodiscard]] bool isCut() const { return !isGap() && bytes > payload.size(); }
};
using PubSubMessagePtr = std::shared_ptr<const PubSubMessage>;
/// Newest first.
using PubSubMessages = std::vector<PubSubMessagePtr>;

/// A subscription's state on one node.
struct SubscriptionPlace
{
    enum class State : quint8 { Opening, On, Refused, Lost };
    QByteArray nodeId; ///< empty: no suitable node is known now
    QString node;
    int shard = -1; ///< shard number; -1: unknown
    State state = State::Opening;
    std::optional<Error> problem; ///< for Refused and Lost
    qint64 lostSince = 0; ///< since when nothing is received, in ms since 1970; 0: never received, or receiving
};

/// The state of a subscription.
struct SubscriptionState
{
    int id = 0;
    SubscriptionOrder order;
    bool isPaused = false;
    /// for a pattern that also matches key events: only those of one node are received
    bool hearsSomeKeyEvents = false;
    std::vector<SubscriptionPlace> places;
    quint64 messages = 0, bytes = 0, gaps = 0;
    double perSecond = 0; ///< over the last few seconds
    int slot = -1; ///< for a shard channel
};

/// One second of the last minute; counts are in the order of the snapshot's subscriptions.
struct PubSubSecond
{
    qint64 second = 0; ///< since 1970
    std::vector<quint32> bySubscription;
};

/// Why a node sends no keyspace events, or fewer than a subscription needs.
struct KeyEventsWarning
{
    QByteArray nodeId;
    QString node;
    QByteArray setting; ///< value of notify-keyspace-events
    QByteArray missing; ///< missing letters, such as "Kx"
    std::optional<Error> problem; ///< set if the setting could not be read
};

/// Selects messages. Empty or 0 means no restriction. Gaps of the subscription always match.
struct PubSubFilter
{
    QByteArray text; ///< in the channel or payload; ignores the case of ASCII letters
    int subscription = 0;
    friend bool operator==(const PubSubFilter &, const PubSubFilter &) = default;
};

struct PubSubSnapshot
{
    std::vector<SubscriptionState> subscriptions; ///< in the order of creation
    std::vector<PubSubSecond> seconds; ///< the last minute including the current second, oldest first
    std::vector<KeyEventsWarning> warnings;
    std::shared_ptr<const PubSubMessages> shown; ///< messages that match the filter
    PubSubFilter filter;
    bool isSearching = false; ///< older messages must still be searched
    quint64 messages = 0, dropped = 0; ///< number received; number of those no longer stored
    quint64 kept = 0, keptBytes = 0;
    double perSecond = 0;
};

} // namespace slotscope
