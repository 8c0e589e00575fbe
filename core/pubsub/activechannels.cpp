// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pubsub/activechannels.h"

#include "core/base/tr.h"
#include "core/cluster/slot.h"

#include <algorithm>
#include <map>

namespace slotscope {
namespace {

constexpr qsizetype namesAtOnce = 500;
constexpr size_t mostChannelsInAll = 20'000;

using NodeChannelsPtr = std::shared_ptr<NodeChannels>;

/// Runs a PUBSUB subcommand on one node. Returns nullopt if it was refused, which is recorded.
QCoro::Task<std::optional<Value>> askNode(QPointer<ClusterSession> session, NodeChannelsPtr into, Command command)
{
    if (!session)
        co_return std::nullopt;
    NodeSelection selection;
    selection.kind = NodeSelection::Kind::Node;
    selection.nodeId = into->nodeId;
    const Result<QList<NodeReply>> replies = co_await session->call(command, selection);
    if (!replies) {
        into->problems.push_back(replies.error());
        co_return std::nullopt;
    }
    for (const NodeReply &each : *replies) {
        if (each.reply)
            co_return std::optional<Value>(*each.reply);
        into->problems.push_back(each.reply.error());
    }
    co_return std::nullopt;
}

/// Whether the error is from a server without shard channels: "ERR unknown subcommand 'SHARDCHANNELS'", "ERR Unknown
/// PUBSUB subcommand …".
bool isUnknownSubcommand(const Error &error)
{
    return error.code == Error::Code::ServerError && error.serverPrefix == "ERR"
        && error.detail.contains(QLatin1StringView("unknown"), Qt::CaseInsensitive)
        && error.detail.contains(QLatin1StringView("subcommand"), Qt::CaseInsensitive);
}

/// Reads the channels; returns true if that succeeded.
QCoro::Task<bool> askChannels(QPointer<ClusterSession> session, NodeChannelsPtr into, bool shard)
{
    const Command list = commandOf("PUBSUB", shard ? "SHARDCHANNELS" : "CHANNELS");
    const auto names = co_await askNode(session, into, list);
    if (!names) {
        const bool isUnknown = shard && !into->problems.empty() && isUnknownSubcommand(into->problems.back());
        if (isUnknown)
            into->problems.pop_back();
        co_return isUnknown;
    }
    const Value::List &items = names->items();
    const qsizetype count = std::min(qsizetype(items.size()), mostChannelsOfNode);
    into->more += quint64(qsizetype(items.size()) - count);
    for (qsizetype at = 0; at < count; at += namesAtOnce) {
        Command numbers = commandOf("PUBSUB", shard ? "SHARDNUMSUB" : "NUMSUB");
        for (qsizetype i = at; i < std::min(count, at + namesAtOnce); ++i)
            numbers.append(items[size_t(i)].bytes());
        const auto told = co_await askNode(session, into, numbers);
        if (!told)
            co_return false;
        const Value::List &pairs = told->items();
        auto &channels = shard ? into->shardChannels : into->channels;
        for (size_t i = 0; i + 1 < pairs.size(); i += 2)
            if (pairs[i + 1].toInteger() > 0) // a channel whose subscribers have left meanwhile is omitted
                channels.emplace_back(pairs[i].bytes(), pairs[i + 1].toInteger());
    }
    co_return true;
}

QCoro::Task<> askAll(QPointer<ClusterSession> session, NodeChannelsPtr into)
{
    const bool areKnown = co_await askChannels(session, into, false);
    const bool areShardsKnown = co_await askChannels(session, into, true);
    into->hasAnswered = areKnown && areShardsKnown;
    const Command numpat = commandOf("PUBSUB", "NUMPAT");
    const auto patterns = co_await askNode(session, into, numpat);
    if (patterns)
        into->patterns = patterns->toInteger();
}

} // namespace

ActiveChannels mergedChannels(const std::vector<NodeChannels> &nodes)
{
    ActiveChannels all;
    std::map<std::pair<bool, QByteArray>, ActiveChannel> found;
    for (const NodeChannels &node : nodes) {
        ++all.asked;
        all.answered += node.hasAnswered ? 1 : 0;
        all.more += node.more;
        all.patterns += node.patterns.value_or(0);
        all.patternsFrom += node.patterns ? 1 : 0;
        for (const Error &problem : node.problems)
            all.problems.emplace_back(node.node, problem);
        for (const bool shard : {false, true})
            for (const auto &[name, subscribers] : shard ? node.shardChannels : node.channels) {
                ActiveChannel &channel = found[{shard, name}];
                channel.name = name;
                channel.isShard = shard;
                channel.subscribers += subscribers;
                channel.nodes.append(node.nodeId);
                channel.slot = shard ? int(slotOfKey(name)) : -1;
            }
    }
    for (auto &[key, channel] : found)
        all.channels.push_back(std::move(channel));
    std::stable_sort(
        all.channels.begin(), all.channels.end(),
        [](const ActiveChannel &left, const ActiveChannel &right) { return left.subscribers > right.subscribers; });
    if (all.channels.size() > mostChannelsInAll) {
        all.more += all.channels.size() - mostChannelsInAll;
        all.channels.resize(mostChannelsInAll);
    }
    return all;
}

QCoro::Task<Result<ActiveChannels>> readActiveChannels(QPointer<ClusterSession> session)
{
    const ClusterViewPtr view = session ? session->view() : nullptr;
    if (!view)
        co_return failure(Error::Code::NoRoute, tr("no node answers"));
    std::vector<NodeChannelsPtr> nodes;
    std::vector<QCoro::Task<>> asking;
    for (const NodeState &node : view->nodes) {
        if (node.id.isEmpty() || node.condition == NodeCondition::Handshake
            || node.condition == NodeCondition::NoAddress)
            continue;
        auto into = std::make_shared<NodeChannels>();
        into->nodeId = node.id;
        into->node = node.name;
        nodes.push_back(into);
        if (node.reach.state == Reach::State::Ready)
            asking.push_back(askAll(session, into));
        else
            into->problems.push_back({.code = Error::Code::Unreachable,
                                      .detail = tr("its subscribers are not counted"),
                                      .serverPrefix = {},
                                      .node = node.name,
                                      .command = {}});
    }
    for (QCoro::Task<> &each : asking)
        co_await each;
    std::vector<NodeChannels> told;
    for (const NodeChannelsPtr &each : nodes)
        told.push_back(*each);
    co_return Result<ActiveChannels>(mergedChannels(told));
}

} // namespace slotscope
