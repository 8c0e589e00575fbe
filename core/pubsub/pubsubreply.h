// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/value.h"
#include "core/pubsub/pubsubtypes.h"

namespace slotscope {

/// One message from a server over a subscribing connection.
struct PubSubReply
{
    enum class Kind : quint8 {
        Message,
        Subscribed,
        Unsubscribed, ///< also sent without a request, when the slot of a shard channel has moved
        Pong,
        Refused, ///< the value itself is the error
        Other,
    };
    /// Kind of command that it belongs to; for key events that of patterns.
    SubscriptionKind kind = SubscriptionKind::Channel;
    Kind what = Kind::Other;
    QByteArray name; ///< the subscribed channel or pattern
    QByteArray channel, payload; ///< for a message
};
[[nodiscard]] PubSubReply readPubSubReply(const Value &value);

/// "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE".
[[nodiscard]] QByteArray subscribeCommand(SubscriptionKind kind);
[[nodiscard]] QByteArray unsubscribeCommand(SubscriptionKind kind);

} // namespace slotscope
