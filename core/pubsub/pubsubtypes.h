// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>

#include <memory>
#include <optional>
#include <vector>

namespace slotscope {

/// Where a subscription belongs follows from its kind.
enum class SubscriptionKind : quint8 {
    Channel, ///< SUBSCRIBE: over one node, which hears of all messages through the cluster bus
    Pattern, ///< PSUBSCRIBE: the same
    Shard, ///< SSUBSCRIBE: at the primary that owns the channel's slot
    KeyEvents, ///< a pattern of keyspace events, which no node passes on: at each primary
};

struct SubscriptionOrder
{
    SubscriptionKind kind = SubscriptionKind::Channel;
    QByteArray name; ///< of the channel, or the pattern
    friend bool operator==(const SubscriptionOrder &, const SubscriptionOrder &) = default;
};

/// A message as it is kept, or a gap: a time in which a subscription could not hear any.
struct PubSubMessage
{
    quint64 serial = 0; ///< grows by one with each that is kept, from 1
    int subscription = 0; ///< id
    qint64 at = 0; ///< ms since 1970 by our clock; of a gap its end
    qint64 gapFrom = 0; ///< > 0: it is a gap that began then, and `payload` says where
    QByteArray nodeId;
    QString node; ///< its name
    QByteArray channel;
    QByteArray payload; ///< its beginning, where it is longer than what is kept of one
    qint64 bytes = 0; ///< of the whole payload
    [[nodiscard]] bool isGap() const { return gapFrom > 0; }
    [[nodiscard]] bool isCut() const { return !isGap() && bytes > payload.size(); }
};
using PubSubMessagePtr = std::shared_ptr<const PubSubMessage>;
/// The newest first.
using PubSubMessages = std::vector<PubSubMessagePtr>;

/// A subscription at one node.
struct SubscriptionPlace
{
    enum class State : quint8 { Opening, On, Refused, Lost };
    QByteArray nodeId; ///< empty: no node is known for it now
    QString node;
    int shard = -1; ///< number; -1: not known
    State state = State::Opening;
    std::optional<Error> problem; ///< for Refused and Lost
    qint64 lostSince = 0; ///< ms since 1970: nothing is heard since then; 0: never was, or is heard
};

/// A subscription as it stands.
struct SubscriptionState
{
    int id = 0;
    SubscriptionOrder order;
    bool isPaused = false;
    bool hearsSomeKeyEvents = false; ///< of a pattern: it fits key events, too, of which only one node's come through
    std::vector<SubscriptionPlace> places;
    quint64 messages = 0, bytes = 0, gaps = 0;
    double perSecond = 0; ///< over the last few seconds
    int slot = -1; ///< of a shard channel
};

/// One second of the last minute, in the order of the snapshot's subscriptions.
struct PubSubSecond
{
    qint64 second = 0; ///< since 1970
    std::vector<quint32> bySubscription;
};

/// Why a node sends no or fewer keyspace events than a subscription asks for.
struct KeyEventsWarning
{
    QByteArray nodeId;
    QString node;
    QByteArray setting; ///< notify-keyspace-events
    QByteArray missing; ///< letters that it lacks, "Kx"
    std::optional<Error> problem; ///< the setting could not be read
};

/// Which messages are meant: what is empty or 0 holds for all. Gaps of the subscription are meant in any case.
struct PubSubFilter
{
    QByteArray text; ///< in the channel or the payload; ASCII letters in either case
    int subscription = 0;
    friend bool operator==(const PubSubFilter &, const PubSubFilter &) = default;
};

struct PubSubSnapshot
{
    std::vector<SubscriptionState> subscriptions; ///< in the order in which they were made
    std::vector<PubSubSecond> seconds; ///< the last minute, oldest first, the one that runs included
    std::vector<KeyEventsWarning> warnings;
    std::shared_ptr<const PubSubMessages> shown; ///< those that the filter means
    PubSubFilter filter;
    bool isSearching = false; ///< older ones are still to be looked through for the filter
    quint64 messages = 0, dropped = 0; ///< heard; of these no longer kept
    quint64 kept = 0, keptBytes = 0;
    double perSecond = 0;
};

} // namespace slotscope
