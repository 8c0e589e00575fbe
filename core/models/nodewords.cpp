// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/nodewords.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/cluster/viewjson.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

LinkWord replicaLinkWord(const NodeState &node)
{
    const ServerInfo *info = node.currentInfo();
    if (!info)
        return {tr("not reported"), Tone::Muted};
    if (info->syncInProgress.value_or(false))
        return {tr("full sync running"), Tone::Warning};
    if (!info->primaryLinkUp.value_or(true)) {
        const auto down = info->primaryLinkDownSeconds;
        return {down && *down >= 0 ? tr("link down %1").arg(duration(*down * 1000)) : tr("link down"), Tone::Bad};
    }
    if (!node.lagBytes)
        return {tr("linked"), Tone::Muted};
    return {tr("linked · lag %1").arg(byteSize(std::max<qint64>(0, *node.lagBytes))), Tone::Muted};
}

} // namespace

StateWord stateWord(const NodeState &node)
{
    switch (node.condition) {
    case NodeCondition::Ok: return {tr("ok"), Tone::Good};
    case NodeCondition::MaybeFailed: return {tr("fail?"), Tone::Warning};
    case NodeCondition::Failed: return {tr("failed"), Tone::Bad};
    case NodeCondition::Unreachable: return {tr("unreachable"), Tone::Warning};
    case NodeCondition::Handshake: return {tr("handshake"), Tone::Warning};
    case NodeCondition::NoAddress: return {tr("no address was given"), Tone::Warning};
    case NodeCondition::Loading: return {tr("loading"), Tone::Warning};
    case NodeCondition::Unknown: break;
    }
    return {tr("unknown"), Tone::Muted};
}

QString roleWord(const NodeState &node)
{
    if (!node.roleKnown)
        return tr("unknown");
    return node.primary ? tr("primary") : tr("replica");
}

QString shardTitle(const ShardState &shard)
{
    return shard.name.isEmpty() ? tr("Shard %1").arg(shard.number)
                                : tr("Shard %1 · %2").arg(shard.number).arg(shard.name);
}

QString shardTitle(const ClusterView *view, int number)
{
    for (const ShardState &shard : view ? view->shards : std::vector<ShardState>())
        if (shard.number == number)
            return shardTitle(shard);
    return tr("Shard %1").arg(number);
}

QString shardWord(const ClusterView &view, const NodeState &node)
{
    if (node.shard < 0 || size_t(node.shard) >= view.shards.size())
        return tr("no shard");
    return shardTitle(view.shards[size_t(node.shard)]);
}

LinkWord linkWord(const ClusterView &view, const NodeState &node)
{
    switch (node.condition) {
    case NodeCondition::Failed: {
        const qint64 since = failedForMs(view, node);
        return {since < 0 ? tr("failed") : tr("failed %1 ago").arg(clockText(since)), Tone::Bad};
    }
    case NodeCondition::MaybeFailed: return {tr("suspected to have failed"), Tone::Warning};
    case NodeCondition::Unreachable: return {tr("unreachable from here"), Tone::Warning};
    case NodeCondition::Loading: return {tr("loading its data"), Tone::Warning};
    case NodeCondition::Handshake: return {tr("in handshake"), Tone::Warning};
    case NodeCondition::NoAddress: return {tr("address not known"), Tone::Warning};
    default: break;
    }
    return node.isReplica() ? replicaLinkWord(node) : LinkWord{};
}

QString saidByText(const ClusterView &view, const NodeState &node)
{
    const auto primariesIn = [&view](const QList<int> &observers) {
        return int(std::count_if(observers.begin(), observers.end(), [&view](int index) {
            return index >= 0 && size_t(index) < view.nodes.size() && view.nodes[size_t(index)].primary;
        }));
    };
    const int failed = primariesIn(node.saidFailedBy);
    const int suspected = primariesIn(node.saidMaybeFailedBy);
    if (failed == 0 && suspected == 0) {
        const auto others = int(node.saidFailedBy.size() + node.saidMaybeFailedBy.size());
        return others > 0 ? counted(others, tr("reported failed by 1 replica, but no primary"),
                                    tr("reported failed by %1 replicas, but no primary"))
                          : QString();
    }
    const int voters = int(std::count_if(view.shards.begin(), view.shards.end(),
                                         [](const ShardState &shard) { return shard.primary >= 0; }));
    if (failed == 0)
        return tr("%1 of %2 primaries suspect a failure").arg(suspected).arg(voters);
    QString text = tr("%1 of %2 primaries report it failed").arg(failed).arg(voters);
    if (suspected > 0)
        text += u", "_s + counted(suspected, tr("1 primary suspects a failure"), tr("%1 primaries suspect a failure"));
    return text;
}

qint64 failedForMs(const ClusterView &view, const NodeState &node)
{
    qint64 oldest = -1;
    for (const PeerReport &report : peerReportsOf(view, node.id)) {
        if (!report.line || report.line->pingSent <= 0
            || !(report.line->flags & NodeFlags(NodeFlag::Failed | NodeFlag::MaybeFailed)))
            continue;
        oldest = std::max(oldest, view.takenAt - report.line->pingSent);
    }
    return oldest;
}

QString reachText(const NodeState &node, qint64 now)
{
    switch (node.reach.state) {
    case Reach::State::Unknown: return tr("not tried yet");
    case Reach::State::Connecting: return tr("connecting");
    case Reach::State::Ready:
        return node.reach.roundTripMs < 0 ? tr("connected")
                                          : tr("answers in %1 ms").arg(node.reach.roundTripMs, 0, 'f', 1);
    case Reach::State::Waiting: {
        const qint64 seconds = std::max<qint64>(0, (node.reach.retryAt - now + 999) / 1000);
        const QString why = node.reach.error.detail.isEmpty() ? describe(node.reach.error) : node.reach.error.detail;
        return seconds > 0 ? tr("%1 · retry in %2 s").arg(why).arg(seconds) : tr("%1 · trying again").arg(why);
    }
    case Reach::State::Refused: return describe(node.reach.error);
    }
    return {};
}

qint64 heardAt(const ClusterView &view)
{
    qint64 fromReady = 0;
    qint64 fromAny = 0;
    for (const NodeState &node : view.nodes) {
        const qint64 heard = std::max(node.observedAt, node.infoAt);
        fromAny = std::max(fromAny, heard);
        if (node.reach.state == Reach::State::Ready)
            fromReady = std::max(fromReady, heard);
    }
    return fromReady > 0 ? fromReady : fromAny > 0 ? fromAny : view.takenAt;
}

QString rangesText(const SlotSet &set, int maximum)
{
    return set.toString(maximum).replace(u'-', u'–');
}

QString shortCount(qint64 number)
{
    const double value = double(std::abs(number));
    const auto scaled = [number](double unit, const QString &suffix) {
        const double part = double(number) / unit;
        return QString::number(part, 'f', std::abs(part) < 10 ? 2 : 1) + u' ' + suffix;
    };
    if (value < 1'000)
        return QString::number(number);
    if (value < 1'000'000)
        return QString::number(double(number) / 1'000, 'f', 1) + u" k"_s;
    return value < 1e9 ? scaled(1e6, u"M"_s) : scaled(1e9, u"G"_s);
}

QString counted(qint64 number, const QString &one, const QString &many)
{
    return number == 1 ? one : many.arg(groupedNumber(number));
}

QString clockText(qint64 milliseconds)
{
    const qint64 seconds = std::max<qint64>(0, milliseconds / 1000);
    if (seconds >= 86'400)
        return duration(milliseconds);
    const QString tail = u"%1:%2"_s.arg(seconds / 60 % 60, seconds >= 3600 ? 2 : 1, 10, QChar(u'0'))
                             .arg(seconds % 60, 2, 10, QChar(u'0'));
    return seconds >= 3600 ? QString::number(seconds / 3600) + u':' + tail : tail;
}

QByteArray nodesJson(const ClusterView &view)
{
    QJsonArray nodes;
    for (const NodeState &node : view.nodes)
        nodes.append(toJson(view, node));
    return QJsonDocument(nodes).toJson();
}

QByteArray nodeJson(const ClusterView &view, const NodeState &node)
{
    return QJsonDocument(toJson(view, node)).toJson();
}

} // namespace slotscope
