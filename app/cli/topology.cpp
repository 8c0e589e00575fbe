// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "core/base/text.h"
#include "core/cluster/viewjson.h"

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

QString orDash(const std::optional<qint64> &number)
{
    return number ? groupedNumber(*number) : u"-"_s;
}

QString linkOf(const NodeState &node)
{
    const ServerInfo *now = node.currentInfo();
    if (!node.isReplica() || !now || !now->primaryLinkUp)
        return u"-"_s;
    if (!*now->primaryLinkUp)
        return u"link down"_s;
    return node.lagBytes ? byteSize(*node.lagBytes) : u"linked"_s;
}

QStringList rowOf(const ClusterView &view, const NodeState &node)
{
    const ServerInfo none;
    const ServerInfo &info = node.currentInfo() ? *node.currentInfo() : none;
    return {node.shard < 0 ? u"-"_s : QString::number(view.shards[size_t(node.shard)].number),
            roleName(node),
            node.name,
            node.id.contains(':') ? u"-"_s
                                  // an unknown id is replaced by the address
                                  : QString::fromUtf8(node.id.left(8)),
            conditionName(node.condition),
            node.slots.isEmpty() ? u"-"_s : node.slots.toString(3),
            orDash(info.keys),
            info.usedMemory ? byteSize(*info.usedMemory) : u"-"_s,
            orDash(info.opsPerSecond),
            orDash(info.connectedClients),
            linkOf(node),
            info.version.isEmpty() ? u"-"_s : QString::fromUtf8(info.version),
            info.uptimeSeconds ? duration(*info.uptimeSeconds * 1000) : u"-"_s};
}

} // namespace

QCoro::Task<int> runTopology(Context context)
{
    if (!context.arguments.isEmpty())
        co_return needlessWords(u"topology"_s, context);
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    const ClusterView &view = *opened.view;
    if (context.json) {
        printJson(toJson(view));
        co_return exitDone;
    }
    QList<QStringList> rows{{u"SHARD"_s, u"ROLE"_s, u"ADDRESS"_s, u"ID"_s, u"STATE"_s, u"SLOTS"_s, u"KEYS"_s,
                             u"MEMORY"_s, u"OPS/S"_s, u"CLIENTS"_s, u"LAG"_s, u"VERSION"_s, u"UP"_s}};
    for (const NodeState &node : view.nodes)
        rows.append(rowOf(view, node));
    printOut(tableText(rows, {6, 7, 8, 9}));
    if (view.sentinels) {
        const SentinelWord *leading = view.sentinels->leading();
        const qsizetype known = view.sentinels->sentinels.size();
        const auto telling = std::count_if(view.sentinels->sentinels.cbegin(), view.sentinels->sentinels.cend(),
                                           [](const SentinelWord &word) { return word.tellsPrimary(); });
        printOut(u"\n“%1”: %2 of %3 Sentinels answer%4, health: %5"_s.arg(view.sentinels->primaryName)
                     .arg(telling)
                     .arg(known)
                     .arg(leading ? u", quorum %1"_s.arg(leading->primary.quorum) : QString())
                     .arg(severityName(view.health())));
    }
    if (view.cluster)
        printOut(u"\n%1 shards, %2 nodes, %3, seen by %4 observers, health: %5"_s.arg(view.shards.size())
                     .arg(view.nodes.size())
                     .arg(coverText(view))
                     .arg(view.observers)
                     .arg(severityName(view.health())));
    co_return exitDone;
}

} // namespace slotscope::cli
