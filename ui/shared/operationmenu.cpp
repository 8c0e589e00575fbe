// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/operationmenu.h"

#include "core/base/text.h"
#include "core/models/runwords.h"
#include "core/operations/planners/planners.h"
#include "ui/shared/slotsunderway.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

const OperationAct separator{};

const NodeState *firstReplica(const ClusterView &view, const NodeState &primary)
{
    if (primary.shard < 0)
        return nullptr;
    for (const int index : view.shards[size_t(primary.shard)].replicas) {
        const NodeState &node = view.nodes[size_t(index)];
        if (!node.primary && node.condition == NodeCondition::Ok)
            return &node;
    }
    return nullptr;
}

bool answers(const NodeState &node)
{
    return node.reach.state == Reach::State::Ready;
}

bool mayBeForgotten(const NodeState &node)
{
    return node.condition == NodeCondition::Failed || node.condition == NodeCondition::NoAddress
        || node.condition == NodeCondition::Handshake;
}

} // namespace

OperationDraft draftOf(Operation operation, const QByteArray &node, const QByteArray &target, const SlotSet &slotSet)
{
    return {.operation = operation, .nodeId = node, .targetId = target, .slots = slotSet, .host = {}};
}

QList<OperationAct> OperationActs::ofNode(const ClusterView &view, const NodeState &node)
{
    if (!view.cluster)
        return ofServer(view, node);
    if (!answers(node))
        return ofDeadNode(view, node);
    QList<OperationAct> acts{separator};
    const bool owns = !node.slots.isEmpty();
    if (node.primary)
        acts.append({tr("Fail over to a replica…\tCtrl+Shift+F"), draftOf(Operation::Failover, node.id),
                     firstReplica(view, node) ? QString() : tr("It has no replica that answers.")});
    else
        acts.append({tr("Fail over to this replica…\tCtrl+Shift+F"), draftOf(Operation::Failover, node.id),
                     node.shard < 0 ? tr("It belongs to no shard.") : QString()});
    OperationDraft away = draftOf(Operation::RollingFailover);
    away.host = node.host();
    acts.append({tr("Fail over all primaries of host %1…").arg(away.host), away, {}});
    acts.append({tr("Failure drill…"), draftOf(Operation::Drill, node.id),
                 node.shard < 0 ? tr("It belongs to no shard.") : QString()});
    acts.append({tr("Replicate…"), draftOf(Operation::Replicate, node.id),
                 owns ? tr("It owns slots: move them away first.") : QString()});
    if (node.primary && node.shard >= 0) {
        acts.append({tr("Add a replica to it…"), draftOf(Operation::AddNode, {}, node.id), {}});
        acts.append({tr("Move slots to it…"), draftOf(Operation::Reshard, {}, node.id), {}});
        acts.append({tr("Move all slots away…"), draftOf(Operation::Reshard, node.id),
                     owns ? QString() : tr("It owns no slots.")});
    }
    acts.append(separator);
    acts.append({tr("Remove node…\tCtrl+Del"), draftOf(Operation::RemoveNode, node.id), {}});
    acts.append({tr("Forget…"), draftOf(Operation::Forget, node.id), {}});
    acts.append({tr("Reset…"), draftOf(Operation::Reset, node.id), {}});
    acts.append(separator);
    acts.append({tr("Backup…"), draftOf(Operation::Backup), {}});
    return acts;
}

/// Operations for a node that does not answer: what its replicas or the other nodes can do.
QList<OperationAct> OperationActs::ofDeadNode(const ClusterView &view, const NodeState &node)
{
    QList<OperationAct> acts{separator};
    if (node.primary && firstReplica(view, node))
        acts.append({tr("Fail over to a replica…\tCtrl+Shift+F"), draftOf(Operation::Failover, node.id), {}});
    if (!node.slots.isEmpty())
        acts.append({tr("Fix its slots…"), draftOf(Operation::Fix, {}, {}, node.slots), {}});
    else
        acts.append({tr("Remove node…\tCtrl+Del"), draftOf(Operation::RemoveNode, node.id), {}});
    if (node.slots.isEmpty())
        acts.append({tr("Forget…"), draftOf(Operation::Forget, node.id), {}});
    if (const OperationDraft all = removalOfGone(view); !all.more.isEmpty())
        acts.append({tr("Remove all %1 nodes that are gone…").arg(all.more.size() + 1), all, {}});
    return acts;
}

/// Operations for a server without cluster mode.
QList<OperationAct> OperationActs::ofServer(const ClusterView &view, const NodeState &node)
{
    QList<OperationAct> acts{separator};
    if (node.isReplica() && !view.sentinels)
        acts.append({tr("Fail over to this replica…\tCtrl+Shift+F"), draftOf(Operation::Failover, node.id),
                     answers(node) ? QString() : tr("It does not answer.")});
    acts.append({tr("Backup…"), draftOf(Operation::Backup), {}});
    return acts;
}

QList<OperationAct> OperationActs::ofShard(const ClusterView &view, const ShardState &shard)
{
    const NodeState *primary = shard.primary >= 0 ? &view.nodes[size_t(shard.primary)] : nullptr;
    const NodeState *member = primary ? primary
        : shard.replicas.isEmpty()    ? nullptr
                                      : &view.nodes[size_t(shard.replicas.front())];
    if (!view.cluster || !member)
        return {};
    const QString headless = primary ? QString() : tr("It has no primary: fail over first.");
    const bool canFail = !primary || firstReplica(view, *primary);
    QList<OperationAct> acts{
        {tr("Fail over shard %1…").arg(shard.number), draftOf(Operation::Failover, member->id),
         canFail ? QString() : tr("It has no replica that answers.")},
        {tr("Failure drill…"), draftOf(Operation::Drill, member->id), headless},
        {tr("Add a replica to it…"), draftOf(Operation::AddNode, {}, member->id), headless},
        {tr("Move slots to it…"), draftOf(Operation::Reshard, {}, member->id), headless},
        {tr("Move all slots away…"), draftOf(Operation::Reshard, member->id),
         shard.slots.isEmpty() ? tr("It owns no slots.") : headless},
        separator,
    };
    return acts + ofCluster(&view);
}

QList<OperationAct> OperationActs::ofHost(const QString &host)
{
    OperationDraft away = draftOf(Operation::RollingFailover);
    away.host = host;
    OperationDraft drill = draftOf(Operation::Drill);
    drill.host = host;
    return {{tr("Fail over all primaries of host %1…").arg(host), away, {}},
            {tr("Failure drill: host %1…").arg(host), drill, {}}};
}

QList<OperationAct> OperationActs::ofCluster(const ClusterView *view)
{
    const QString reason = view && view->cluster ? QString() : tr("This server does not run in cluster mode.");
    QList<OperationAct> acts;
    if (const OperationDraft all = view ? removalOfGone(*view) : OperationDraft(); !all.more.isEmpty())
        acts.append({tr("Remove all %1 nodes that are gone…").arg(all.more.size() + 1), all, {}});
    acts += QList<OperationAct>{{tr("Add node…"), draftOf(Operation::AddNode), reason},
                                {tr("Rebalance…"), draftOf(Operation::Rebalance), reason},
                                {tr("Fix slots…"), draftOf(Operation::Fix), reason},
                                {tr("Backup…"), draftOf(Operation::Backup), view ? QString() : reason},
                                separator,
                                {tr("Create cluster…"), draftOf(Operation::Create), {}}};
    return acts;
}

bool isGoneMember(const NodeState &node)
{
    return node.shard >= 0 && node.slots.isEmpty() && !answers(node) && node.condition == NodeCondition::Failed;
}

OperationDraft removalOfGone(const ClusterView &view)
{
    OperationDraft draft = draftOf(Operation::RemoveNode);
    for (const NodeState &node : view.nodes) {
        if (!isGoneMember(node))
            continue;
        if (draft.nodeId.isEmpty())
            draft.nodeId = node.id;
        else
            draft.more.append(node.id);
    }
    return draft;
}

QList<OperationAct> OperationActs::ofSlots(const ClusterView &view, const SlotSet &slotSet)
{
    if (slotSet.isEmpty())
        return {{tr("Move slots…\tCtrl+M"), draftOf(Operation::Reshard), tr("Select slots first.")}};
    const int count = slotSet.count();
    QList<OperationAct> acts{
        {count == 1 ? tr("Move 1 slot…\tCtrl+M") : tr("Move %1 slots…\tCtrl+M").arg(groupedNumber(count)),
         draftOf(Operation::Reshard, {}, {}, slotSet),
         {}}};
    const bool open = std::any_of(view.openSlots.keyBegin(), view.openSlots.keyEnd(),
                                  [&slotSet](quint16 slot) { return slotSet.contains(slot); });
    if (open || !slotSet.intersected(view.uncovered).isEmpty() || !slotSet.intersected(view.disputed).isEmpty())
        acts.append({tr("Fix these slots…"), draftOf(Operation::Fix, {}, {}, slotSet), {}});
    return acts;
}

QList<OperationAct> OperationActs::ofFinding(const ClusterView &view, const Finding &finding)
{
    const QByteArray id = finding.nodes.value(0);
    const NodeState *node = view.node(id);
    using Kind = Finding::Kind;
    if (isUnderWay(finding))
        return {}; // a running operation is the cause, so wait for it
    switch (finding.kind) {
    case Kind::UncoveredSlots:
    case Kind::OpenSlots:
    case Kind::SlotClaimedTwice:
    case Kind::Disagreement: return {{tr("Fix…"), draftOf(Operation::Fix, {}, {}, finding.slots), {}}};
    case Kind::ClusterStateFail: return {{tr("Fix…"), draftOf(Operation::Fix), {}}};
    case Kind::NodeFailed:
    case Kind::NodeMaybeFailed: {
        QList<OperationAct> acts;
        if (node && node->primary && firstReplica(view, *node))
            acts.append({tr("Fail over…"), draftOf(Operation::Failover, id), {}});
        if (node && finding.kind == Kind::NodeFailed && node->slots.isEmpty())
            acts.append({tr("Remove…"), draftOf(Operation::RemoveNode, id), {}});
        return acts;
    }
    case Kind::StuckHandshake:
    case Kind::NoAddress:
    case Kind::PartlyKnownNode:
        return node && mayBeForgotten(*node) ? QList<OperationAct>{{tr("Forget…"), draftOf(Operation::Forget, id), {}}}
                                             : QList<OperationAct>{};
    case Kind::EmptyNode: return {{tr("Create cluster…"), draftOf(Operation::Create), {}}};
    case Kind::NoReplica:
        return {{tr("Add a replica…"), draftOf(Operation::AddNode, {}, node && node->primary ? id : QByteArray()), {}}};
    default: return {};
    }
}

OperationDraft rollBackDraft(const RunSnapshot &run, const ClusterView &view)
{
    OperationDraft draft;
    const auto request = rollBackOf(run, view);
    if (!request)
        return draft;
    draft.run = run.id;
    draft.runTitle = run.plan->title;
    if (const auto *undo = std::get_if<ConfigRequest>(&*request)) { // the form shows the value for each node
        draft.operation = Operation::Config;
        draft.host = QString::fromUtf8(undo->name);
        draft.values = undo->values;
        draft.persist = undo->persist;
    } else {
        draft.operation = Operation::RollBack;
        draft.ready = request;
    }
    return draft;
}

bool emptiesItsNodes(const RunSnapshot &run)
{
    return run.plan->operation == Operation::Create && !run.rolledBack && run.isOver()
        && (canResume(run) || run.rollingBack);
}

bool isLeftOver(const RunSnapshot &run)
{
    return (isUnfinished(run) && canResume(run)) || emptiesItsNodes(run);
}

bool canRollBack(const RunSnapshot &run, const ClusterView &view)
{
    return emptiesItsNodes(run) || rollBackOf(run, view).has_value();
}

} // namespace slotscope
