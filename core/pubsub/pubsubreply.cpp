// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pubsub/pubsubreply.h"

#include <QHash>

namespace slotscope {
namespace {

struct ReplyWord
{
    PubSubReply::Kind what;
    SubscriptionKind kind;
    size_t items;
};

const QHash<QByteArray, ReplyWord> &replyWords()
{
    using Kind = PubSubReply::Kind;
    using Of = SubscriptionKind;
    static const QHash<QByteArray, ReplyWord> words{
        {"message", {Kind::Message, Of::Channel, 3}},          {"pmessage", {Kind::Message, Of::Pattern, 4}},
        {"smessage", {Kind::Message, Of::Shard, 3}},           {"subscribe", {Kind::Subscribed, Of::Channel, 3}},
        {"psubscribe", {Kind::Subscribed, Of::Pattern, 3}},    {"ssubscribe", {Kind::Subscribed, Of::Shard, 3}},
        {"unsubscribe", {Kind::Unsubscribed, Of::Channel, 3}}, {"punsubscribe", {Kind::Unsubscribed, Of::Pattern, 3}},
        {"sunsubscribe", {Kind::Unsubscribed, Of::Shard, 3}}};
    return words;
}

} // namespace

PubSubReply readPubSubReply(const Value &value)
{
    PubSubReply reply;
    if (value.isError()) {
        reply.what = PubSubReply::Kind::Refused;
        return reply;
    }
    if (value.isString() && value.bytes() == "PONG") {
        reply.what = PubSubReply::Kind::Pong;
        return reply;
    }
    const Value::List &items = value.items();
    if ((value.type() != Value::Type::Push && value.type() != Value::Type::Array) || items.empty())
        return reply;
    if (items.size() == 2 && items[0].bytes() == "pong") {
        reply.what = PubSubReply::Kind::Pong;
        return reply;
    }
    const auto word = replyWords().constFind(items[0].bytes());
    if (word == replyWords().constEnd() || items.size() != word->items)
        return reply;
    reply.what = word->what;
    reply.kind = word->kind;
    reply.name = items[1].bytes();
    if (reply.what == PubSubReply::Kind::Message) {
        reply.channel = items[items.size() - 2].bytes();
        reply.payload = items.back().bytes();
    }
    return reply;
}

QByteArray subscribeCommand(SubscriptionKind kind)
{
    switch (kind) {
    case SubscriptionKind::Channel: return "SUBSCRIBE";
    case SubscriptionKind::Shard: return "SSUBSCRIBE";
    case SubscriptionKind::Pattern:
    case SubscriptionKind::KeyEvents: break;
    }
    return "PSUBSCRIBE";
}

QByteArray unsubscribeCommand(SubscriptionKind kind)
{
    switch (kind) {
    case SubscriptionKind::Channel: return "UNSUBSCRIBE";
    case SubscriptionKind::Shard: return "SUNSUBSCRIBE";
    case SubscriptionKind::Pattern:
    case SubscriptionKind::KeyEvents: break;
    }
    return "PUNSUBSCRIBE";
}

} // namespace slotscope
