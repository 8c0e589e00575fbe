// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/viewjson.h"

#include "core/base/errortext.h"

#include <QJsonArray>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

template <typename T>
void put(QJsonObject &object, const QString &name, const std::optional<T> &value)
{
    if (value)
        object[name] = *value;
}

QJsonArray rangesOf(const SlotSet &slotSet)
{
    QJsonArray ranges;
    for (const SlotRange &range : slotSet.ranges())
        ranges.append(QJsonArray{range.first, range.last});
    return ranges;
}

QString nameOf(const ClusterView &view, int index)
{
    return view.nodes[size_t(index)].name;
}

QJsonObject infoOf(const ServerInfo &info)
{
    const auto word = [](const QByteArray &text) {
        // null if the server did not report it
        return text.isEmpty() ? QJsonValue() : QJsonValue(QString::fromUtf8(text));
    };
    QJsonObject object{{u"product"_s, word(info.product)}, {u"version"_s, word(info.version)}};
    put(object, u"uptimeSeconds"_s, info.uptimeSeconds);
    put(object, u"keys"_s, info.keys);
    put(object, u"usedMemory"_s, info.usedMemory);
    put(object, u"maxMemory"_s, info.maxMemory);
    put(object, u"opsPerSecond"_s, info.opsPerSecond);
    put(object, u"clients"_s, info.connectedClients);
    put(object, u"linkUp"_s, info.primaryLinkUp);
    put(object, u"loading"_s, info.loading);
    return object;
}

} // namespace

QString conditionName(NodeCondition condition)
{
    switch (condition) {
    case NodeCondition::Ok: return u"ok"_s;
    case NodeCondition::MaybeFailed: return u"fail?"_s;
    case NodeCondition::Failed: return u"failed"_s;
    case NodeCondition::Unreachable: return u"unreachable"_s;
    case NodeCondition::Handshake: return u"handshake"_s;
    case NodeCondition::NoAddress: return u"noaddr"_s;
    case NodeCondition::Loading: return u"loading"_s;
    case NodeCondition::Unknown: break;
    }
    return u"unknown"_s;
}

QString roleName(const NodeState &node)
{
    return !node.roleKnown ? u"unknown"_s : node.primary ? u"primary"_s : u"replica"_s;
}

QString reachName(Reach::State state)
{
    switch (state) {
    case Reach::State::Connecting: return u"connecting"_s;
    case Reach::State::Ready: return u"ready"_s;
    case Reach::State::Waiting: return u"waiting"_s;
    case Reach::State::Refused: return u"refused"_s;
    case Reach::State::Unknown: break;
    }
    return u"unknown"_s;
}

QJsonObject toJson(const ClusterView &view, const NodeState &node)
{
    QJsonObject object{
        {u"id"_s, QString::fromUtf8(node.id)},        {u"name"_s, node.name},
        {u"address"_s, node.address.toString()},      {u"role"_s, roleName(node)},
        {u"state"_s, conditionName(node.condition)},  {u"slots"_s, rangesOf(node.slots)},
        {u"configEpoch"_s, qint64(node.configEpoch)},
    };
    if (!node.address.hostname.isEmpty())
        object[u"hostname"_s] = node.address.hostname;
    if (!node.primaryId.isEmpty())
        object[u"primaryId"_s] = QString::fromUtf8(node.primaryId);
    if (node.shard >= 0) {
        object[u"shard"_s] = view.shards[size_t(node.shard)].number;
        if (const QString &name = view.shards[size_t(node.shard)].name; !name.isEmpty())
            object[u"shardName"_s] = name;
    }
    put(object, u"lagBytes"_s, node.lagBytes);
    QJsonObject reach{{u"state"_s, reachName(node.reach.state)}, {u"address"_s, node.reach.address}};
    if (node.reach.state == Reach::State::Waiting || node.reach.state == Reach::State::Refused)
        reach[u"error"_s] = describe(node.reach.error);
    if (node.reach.roundTripMs >= 0)
        reach[u"roundTripMs"_s] = node.reach.roundTripMs;
    object[u"reach"_s] = reach;
    if (!node.refused.isEmpty())
        object[u"refused"_s] = node.refused;
    QJsonArray failedBy, maybeBy, open;
    for (const int observer : node.saidFailedBy)
        failedBy.append(nameOf(view, observer));
    for (const int observer : node.saidMaybeFailedBy)
        maybeBy.append(nameOf(view, observer));
    for (const OpenSlot &slot : node.openSlots)
        open.append(QJsonObject{{u"slot"_s, slot.slot},
                                {u"state"_s, slot.migrating ? u"migrating"_s : u"importing"_s},
                                {u"peer"_s, QString::fromUtf8(slot.peer)}});
    object[u"saidFailedBy"_s] = failedBy;
    object[u"saidMaybeFailedBy"_s] = maybeBy;
    object[u"openSlots"_s] = node.openSlotsKnown ? QJsonValue(open) : QJsonValue();
    if (node.info)
        object[u"info"_s] = infoOf(*node.info);
    if (node.isInfoOld())
        object[u"infoIsOld"_s] = true; // the figures are from when it last answered
    return object;
}

QJsonObject toJson(const ClusterView &view, const Finding &finding)
{
    QJsonArray nodes;
    for (const QByteArray &id : finding.nodes) {
        const NodeState *node = view.node(id);
        nodes.append(QJsonObject{{u"id"_s, QString::fromUtf8(id)}, {u"name"_s, node ? node->name : QString()}});
    }
    return {{u"kind"_s, finding.kindName()},      {u"severity"_s, severityName(finding.severity)},
            {u"title"_s, finding.title},          {u"explanation"_s, finding.explanation},
            {u"advice"_s, finding.advice},        {u"nodes"_s, nodes},
            {u"slots"_s, rangesOf(finding.slots)}};
}

QJsonObject toJson(const SentinelState &state)
{
    QJsonArray list;
    for (const SentinelWord &word : state.sentinels) {
        QJsonObject object{{u"address"_s, word.address}, {u"state"_s, reachName(word.reach.state)}};
        if (word.tellsPrimary()) {
            object[u"primary"_s] = word.primary.address;
            object[u"replicas"_s] = QJsonArray::fromStringList(word.replicas);
            object[u"flags"_s] = QString::fromUtf8(word.primary.flags.join(','));
            object[u"configEpoch"_s] = qint64(word.primary.epoch);
            object[u"quorum"_s] = word.primary.quorum;
            object[u"otherSentinels"_s] = word.primary.otherSentinels;
            object[u"quorumKnown"_s] = word.isQuorumKnown;
            object[u"quorumProblem"_s] = word.quorumProblem.isEmpty() ? QJsonValue() : word.quorumProblem;
        } else {
            const bool answers = word.reach.state == Reach::State::Ready && word.hasAnswered;
            const bool fails = word.reach.state == Reach::State::Waiting || word.reach.state == Reach::State::Refused;
            object[u"error"_s] = answers || fails ? QJsonValue(describe(answers ? word.error : word.reach.error))
                                                  : QJsonValue(); // null: no answer yet
        }
        list.append(object);
    }
    const SentinelWord *leading = state.leading();
    return {{u"primaryName"_s, state.primaryName},
            {u"primary"_s, leading ? QJsonValue(leading->primary.address) : QJsonValue()},
            {u"sentinels"_s, list}};
}

QJsonObject toJson(const ClusterView &view)
{
    QJsonArray nodes, shards, findings;
    for (const NodeState &node : view.nodes)
        nodes.append(toJson(view, node));
    for (const ShardState &shard : view.shards) {
        QJsonArray replicas;
        for (const int replica : shard.replicas)
            replicas.append(QString::fromUtf8(view.nodes[size_t(replica)].id));
        shards.append(QJsonObject{
            {u"number"_s, shard.number},
            {u"primary"_s, shard.primary < 0 ? QJsonValue() : QString::fromUtf8(view.nodes[size_t(shard.primary)].id)},
            {u"replicas"_s, replicas},
            {u"slots"_s, rangesOf(shard.slots)}});
    }
    for (const Finding &finding : view.findings)
        findings.append(toJson(view, finding));
    QJsonObject sentinels;
    if (view.sentinels)
        sentinels = toJson(*view.sentinels);
    const auto known = [&view](const QJsonValue &value) { return view.slotsKnown ? value : QJsonValue(); };
    return {{u"cluster"_s, view.cluster},
            {u"takenAt"_s, view.takenAt},
            {u"health"_s, severityName(view.health())},
            {u"agreed"_s, known(view.observers > 0 ? QJsonValue(view.agreed) : QJsonValue())},
            {u"observers"_s, view.observers},
            {u"slotsCovered"_s, known(view.covered.count())},
            {u"uncovered"_s, known(rangesOf(view.uncovered))},
            {u"unserved"_s, known(rangesOf(view.unserved))},
            {u"disputed"_s, known(rangesOf(view.disputed))},
            {u"shards"_s, shards},
            {u"nodes"_s, nodes},
            {u"sentinels"_s, view.sentinels ? QJsonValue(sentinels) : QJsonValue()},
            {u"findings"_s, findings}};
}

} // namespace slotscope
