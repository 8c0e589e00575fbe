// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/value.h"
#include "core/pubsub/pubsubtypes.h"

namespace slotscope {

/// What a server sends over a connection that subscribes.
struct PubSubReply
{
    enum class Kind : quint8 {
        Message,
        Subscribed,
        Unsubscribed, ///< also unasked: the slot of a shard channel went elsewhere
        Pong,
        Refused, ///< the error is the value itself
        Other,
    };
    /// The command that it belongs to; of key events that of patterns.
    SubscriptionKind kind = SubscriptionKind::Channel;
    Kind what = Kind::Other;
    QByteArray name; ///< channel or pattern that was subscribed to
    QByteArray channel, payload; ///< of a message
};
[[nodiscard]] PubSubReply readPubSubReply(const Value &value);

/// "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE".
[[nodiscard]] QByteArray subscribeCommand(SubscriptionKind kind);
[[nodiscard]] QByteArray unsubscribeCommand(SubscriptionKind kind);

} // namespace slotscope
