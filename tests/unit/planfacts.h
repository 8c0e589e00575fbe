// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/planners/planners.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

namespace slotscope {

/// Returns the users of a server without a password.
inline QHash<QByteArray, AclUser> openDoor()
{
    return {{"default", AclUser{.on = true, .noPassword = true, .passwordHashes = {}}}};
}

/// Builds the facts that a planner needs about a cluster from a text of CLUSTER NODES. All nodes send this same text
/// and run Redis 7.0.15.
struct PlanFacts
{
    QByteArray text = "aa 10.0.0.1:1@10001 master - 0 0 1 connected 0-5460\n"
                      "bb 10.0.0.2:1@10001 master - 0 0 2 connected 5461-10922\n"
                      "cc 10.0.0.3:1@10001 master - 0 0 3 connected 10923-16383\n"
                      "dd 10.0.0.2:2@10002 slave aa 0 0 1 connected\n"
                      "ee 10.0.0.3:2@10002 slave bb 0 0 2 connected\n"
                      "ff 10.0.0.1:2@10002 slave cc 0 0 3 connected\n";
    QByteArrayList away; ///< ids of nodes that do not answer
    /// open slots that a node lists in its own line, such as "[5->-bb]", by node id
    QHash<QByteArray, QByteArray> open;
    QHash<QByteArray, QByteArray> own; ///< texts of CLUSTER NODES of nodes that see the cluster differently, by node id
    OperationFacts facts;
    ShardNames names; ///< shard numbers from an earlier build()

    PlanFacts &replace(const QByteArray &from, const QByteArray &to)
    {
        Q_ASSERT(text.contains(from));
        text.replace(from, to);
        return *this;
    }

    /// Simulates that bb took this slot, from the middle of aa's slots, and died. Its promoted replica ee has not heard
    /// of that and still sees the slot as aa's.
    void dieWith(int slot)
    {
        const QByteArray number = QByteArray::number(slot);
        const QByteArray left = "0-" + QByteArray::number(slot - 1) + ' ' + QByteArray::number(slot + 1) + "-5460";
        replace("connected 0-5460", "connected " + left)
            .replace("master - 0 0 2 connected 5461-10922", "master,fail - 0 0 7 disconnected " + number)
            .replace("slave bb 0 0 2 connected", "master - 0 0 8 connected 5461-10922");
        own["ee"] = text;
        own["ee"].replace(left, "0-5460").replace("disconnected " + number, "disconnected");
        away = {"bb"};
    }

    QByteArrayList ids() const
    {
        QByteArrayList list;
        for (const QByteArray &line : text.split('\n'))
            if (!line.isEmpty())
                list.append(line.left(line.indexOf(' ')));
        return list;
    }

    /// Returns node `id`'s reply to CLUSTER NODES.
    QByteArray answerOf(const QByteArray &id) const
    {
        QByteArrayList lines = own.value(id, text).split('\n');
        for (QByteArray &line : lines) {
            if (!line.startsWith(id + ' '))
                continue;
            const qsizetype flags = line.indexOf(' ', id.size() + 1) + 1;
            line.insert(flags, "myself,");
            if (open.contains(id))
                line += ' ' + open.value(id);
        }
        return lines.join('\n');
    }

    NodeObservation observe(const QByteArray &id) const
    {
        NodeObservation observation;
        observation.id = id;
        observation.reach.state = away.contains(id) ? Reach::State::Waiting : Reach::State::Ready;
        auto table = parseClusterNodes(answerOf(id));
        Q_ASSERT(table);
        auto info = std::make_shared<ServerInfo>();
        info->product = "redis";
        info->version = "7.0.15";
        info->keys = 1000;
        info->usedMemory = 1'000'000;
        const NodeLine *self = table->self();
        if (self && self->flags.testFlag(NodeFlag::Replica)) {
            info->primaryLinkUp = true;
            info->primaryLastIoSeconds = away.contains(self->primaryId) ? 30 : 0;
            info->replicaOffset = 100;
        }
        observation.info = info;
        observation.table = std::make_shared<const NodesTable>(std::move(*table));
        observation.tableAt = 1'700'000'000'000;
        return observation;
    }

    void build()
    {
        std::vector<NodeObservation> list;
        for (const QByteArray &id : ids()) {
            list.push_back(observe(id));
            if (away.contains(id) || facts.nodes.contains(id))
                continue;
            NodeFacts node;
            node.answered = node.addSlotsRange = node.functions = true;
            node.capabilitiesKnown = node.migrationsKnown = true;
            node.nodeTimeoutMs = 5000;
            node.allowReplicaMigration = false;
            node.login.emplace();
            node.users = openDoor();
            facts.nodes.insert(id, node);
            facts.counted.insert(id);
        }
        facts.view = std::make_shared<const ClusterView>(buildView(list, names, 1'700'000'000'000));
    }

    /// Changes the INFO values of one node. To be called after build().
    void change(const QByteArray &id, const std::function<void(ServerInfo &)> &how)
    {
        auto view = std::make_shared<ClusterView>(*facts.view);
        NodeState &node = view->nodes[size_t(view->indexOf(id))];
        auto info = std::make_shared<ServerInfo>(*node.info);
        how(*info);
        node.info = info;
        facts.view = view;
    }

    void keysEach(qint64 keys)
    {
        auto counts = std::make_shared<SlotKeyCounts>();
        counts->keys.fill(keys);
        facts.keyCounts = counts;
    }

    /// Makes a plan, and checks that it survives being written to the journal and read back.
    OperationPlan plan(const OperationRequest &request)
    {
        if (!facts.view && !std::holds_alternative<CreateRequest>(request))
            build();
        const Result<OperationPlan> made = makePlan(request, facts);
        if (!made)
            return {.title = u"error: "_qs + made.error().detail};
        const auto again = planFromJson(QJsonDocument::fromJson(QJsonDocument(toJson(*made)).toJson()).object());
        if (!again || QJsonDocument(toJson(*again)).toJson() != QJsonDocument(toJson(*made)).toJson()
            || again->steps != made->steps)
            return {.title = u"does not survive its journal"_qs};
        return *made;
    }
};

inline QStringList titlesOf(const OperationPlan &plan, PlanCheck::Verdict verdict)
{
    QStringList list;
    for (const PlanCheck &check : plan.checks)
        if (check.verdict == verdict)
            list.append(check.title);
    return list;
}

inline QString refusals(const OperationPlan &plan)
{
    return titlesOf(plan, PlanCheck::Verdict::Refuse).join(QStringLiteral("; "));
}

inline QString warnings(const OperationPlan &plan)
{
    return titlesOf(plan, PlanCheck::Verdict::Warn).join(QStringLiteral("; "));
}

inline QString text(const SlotMove &move)
{
    return QStringLiteral("%1>%2: %3")
        .arg(QString::fromLatin1(move.source.id), QString::fromLatin1(move.target.id), move.slots.toString());
}

inline QString movesOf(const QList<SlotMove> &moves)
{
    QStringList list;
    for (const SlotMove &move : moves)
        list.append(text(move));
    return list.join(QStringLiteral("; "));
}

/// Returns a plan's steps in short form: "gather bb>aa: 5", "bb: CLUSTER SETSLOT 5 STABLE", "wait agreed".
inline QStringList stepsOf(const OperationPlan &plan)
{
    QStringList list;
    for (const PlanStep &step : plan.steps) {
        const QJsonObject json = toJson({.steps = {step}})[u"steps"].toArray().first().toObject();
        QStringList nodes;
        for (const NodeRef &node : step.nodes)
            nodes.append(QString::fromLatin1(node.id));
        QString line = json[u"kind"].toString();
        if (step.kind == PlanStep::Kind::Commands) {
            QStringList words;
            for (const StepCommand &command : step.commands)
                words.append(QString::fromLatin1(command.node.id + ": " + command.command.join(' ')));
            line = words.join(QStringLiteral(", "));
        } else if (step.kind == PlanStep::Kind::Wait) {
            line += u' ' + json[u"condition"].toString() + u' ' + nodes.join(u'>');
        } else if (step.kind == PlanStep::Kind::MoveSlots) {
            line += u' ' + movesOf(step.moves);
        } else {
            line += u' ' + step.mode + u' ' + nodes.join(u'>');
            if (!step.slots.isEmpty())
                line += QStringLiteral(": ") + step.slots.toString();
        }
        list.append(line.simplified());
    }
    return list;
}

inline OutsideNode outsideNode(const QString &address, const QByteArray &id)
{
    OutsideNode node;
    node.endpoint = *Endpoint::parse(address);
    node.ip = node.endpoint.host;
    node.answered = node.clusterEnabled = true;
    node.id = id;
    node.knownNodes = 1;
    node.owned.emplace();
    node.keys = 0;
    node.functionCount = 0;
    node.product = "redis";
    node.version = "7.0.15";
    node.facts.answered = node.facts.addSlotsRange = node.facts.capabilitiesKnown = true;
    node.facts.nodeTimeoutMs = 5000;
    node.facts.login.emplace();
    node.facts.users = openDoor();
    return node;
}

} // namespace slotscope
