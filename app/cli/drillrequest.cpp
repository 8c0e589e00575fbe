// SPDX-License-Identifier: GPL-3.0-or-later
#include "changerequests.h"

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Returns the primary of the shard with the number that --shard gives.
Result<QByteArray> primaryOfShard(const Words &words)
{
    const auto number = words.number("shard", 0, 1, 1'000'000);
    if (!number)
        return failure(number.error());
    const ClusterViewPtr view = words.session->view();
    if (view)
        for (const ShardState &shard : view->shards)
            if (shard.number == *number && shard.primary >= 0)
                return view->nodes[size_t(shard.primary)].id;
    return Words::wrong(u"drill: there is no shard %1 with a primary (topology lists them)"_s.arg(*number));
}

} // namespace

Result<OperationRequest> drillRequest(const Words &words)
{
    const int targets = int(words.has("shard")) + int(words.has("host")) + int(words.has("node"));
    if (targets != 1)
        return Words::wrong(u"drill: use one of --shard N, --host HOST and --node NODE"_s);
    DrillSpec spec;
    spec.host = words.value("host");
    if (words.has("shard")) {
        const auto primary = primaryOfShard(words);
        if (!primary)
            return failure(primary.error());
        spec.nodeId = *primary;
    } else if (words.has("node")) {
        const auto node = words.node(words.value("node"));
        if (!node)
            return failure(node.error());
        spec.nodeId = *node;
    }
    const auto way = drillWayOf(words.has("way") ? words.value("way") : u"failover"_s);
    if (!way)
        return Words::wrong(u"drill: --way takes failover, pause, debug-sleep or command"_s);
    spec.way = *way;
    constexpr int secondsMost = mostDrillMs / 1000;
    const auto seconds = words.number("for", 0, 1, secondsMost);
    if (!seconds)
        return failure(seconds.error());
    if (*seconds > 0 && spec.way == DrillWay::Failover)
        return Words::wrong(u"drill: --for is only for --way pause, debug-sleep and command"_s);
    spec.milliseconds = int(*seconds * 1000);
    const bool hasCommands = words.has("stop-command") || words.has("start-command");
    if (hasCommands != (spec.way == DrillWay::OwnCommand))
        return Words::wrong(u"drill: --stop-command and --start-command are only for --way command"_s);
    const auto stop = localWords(words.value("stop-command")), start = localWords(words.value("start-command"));
    if (!stop || !start)
        return Words::wrong(u"drill: %1: %2"_s.arg(stop ? u"--start-command"_s : u"--stop-command"_s,
                                                   (stop ? start : stop).error().detail));
    spec.stop = *stop;
    spec.start = *start;
    spec.back = !words.has("no-back");
    return DrillRequest{.spec = spec};
}

} // namespace slotscope::cli
