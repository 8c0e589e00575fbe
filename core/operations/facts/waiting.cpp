// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/facts/waiting.h"

#include "core/base/tr.h"
#include "core/operations/plan/countwords.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Observers that answer now, with their tables. A node that no other one knows is left out: it was reset or forgotten,
/// and its table describes only itself.
std::vector<const NodeObservation *> witnesses(const ClusterView &view)
{
    std::vector<const NodeObservation *> all;
    QHash<QByteArray, int> named;
    for (const NodeObservation &observation : view.observations) {
        if (!observation.table || observation.reach.state != Reach::State::Ready || view.indexOf(observation.id) < 0)
            continue;
        all.push_back(&observation);
        for (const NodeLine &line : observation.table->lines)
            ++named[line.id];
    }
    std::vector<const NodeObservation *> known;
    std::copy_if(all.begin(), all.end(), std::back_inserter(known),
                 [&](const NodeObservation *observation) { return named.value(observation->id) > 1; });
    return known.empty() ? all : known; // no two nodes know each other, so use all
}

QString nameOf(const ClusterView &view, QByteArrayView id)
{
    const NodeState *node = view.node(id);
    return node ? node->name : QString::fromLatin1(id.first(std::min<qsizetype>(8, id.size())));
}

QString missingJoin(const ClusterView &view, const QList<NodeRef> &nodes)
{
    for (const NodeRef &node : nodes)
        if (const NodeState *state = view.node(node.id); state && state->reach.state != Reach::State::Ready)
            return tr("%1 does not answer").arg(node.address);
    for (const NodeObservation *witness : witnesses(view)) {
        for (const NodeRef &node : nodes) {
            const NodeLine *line = witness->table->find(node.id);
            const QString observer = nameOf(view, witness->id);
            if (!line)
                return tr("%1 does not know %2 yet").arg(observer, node.address);
            if (line->flags.testFlag(NodeFlag::Handshake))
                return tr("%1 and %2 are still in the handshake").arg(observer, node.address);
            if (!line->flags.testFlag(NodeFlag::Myself) && !line->linkConnected)
                return tr("%1 has no cluster bus link to %2: is port %3 open between them?")
                    .arg(observer, node.address)
                    .arg(line->address.busPort ? line->address.busPort : line->address.port + 10000);
        }
    }
    for (const NodeRef &node : nodes)
        if (!view.node(node.id))
            return tr("%1 is not in the cluster yet").arg(node.address);
    return {};
}

QString missingGone(const ClusterView &view, const NodeRef &node)
{
    QStringList knowing;
    for (const NodeObservation *witness : witnesses(view))
        if (witness->id != node.id && witness->table->find(node.id))
            knowing.append(nameOf(view, witness->id));
    return knowing.isEmpty() ? QString() : tr("%2 still knows %1").arg(node.address, knowing.mid(0, 5).join(u", "_s));
}

QString missingRole(const ClusterView &view, const NodeRef &node, const QByteArray &primaryId)
{
    if (!view.cluster) { // without cluster mode there is no table; use the node's own report
        const NodeState *state = view.node(node.id);
        if (!state || !state->currentInfo())
            return tr("%1 does not answer").arg(node.address);
        return state->primary == primaryId.isEmpty() ? QString() : tr("%1 is unchanged").arg(node.address);
    }
    for (const NodeObservation *witness : witnesses(view)) {
        const NodeLine *line = witness->table->find(node.id);
        const QString observer = nameOf(view, witness->id);
        if (!line)
            return tr("%1 does not know %2").arg(observer, node.address);
        if (line->primaryId != primaryId || line->flags.testFlag(NodeFlag::Primary) != primaryId.isEmpty())
            return primaryId.isEmpty()
                ? tr("%1 does not see %2 as a primary yet").arg(observer, node.address)
                : tr("%1 does not see %2 as a replica of %3 yet").arg(observer, node.address, nameOf(view, primaryId));
    }
    return {};
}

QString missingLinks(const ClusterView &view, const QList<NodeRef> &nodes)
{
    for (const NodeRef &node : nodes) {
        const NodeState *state = view.node(node.id);
        const ServerInfo *info = state ? state->currentInfo() : nullptr;
        if (!info)
            return tr("%1 does not answer").arg(node.address);
        if (info->role != "slave")
            return tr("%1 is not a replica yet").arg(node.address);
        if (info->syncInProgress.value_or(false))
            return tr("%1 is running a full synchronization").arg(node.address);
        if (!info->primaryLinkUp.value_or(false))
            return tr("the replication link of %1 to its primary is not up yet").arg(node.address);
        if (info->loading.value_or(false))
            return tr("%1 is loading its data").arg(node.address);
    }
    return {};
}

QString missingOwner(const ClusterView &view, const NodeRef &node, const SlotSet &slotSet)
{
    for (const NodeObservation *witness : witnesses(view)) {
        const NodeLine *line = witness->table->find(node.id);
        const SlotSet missing = line ? slotSet.subtracted(line->slots) : slotSet;
        if (!missing.isEmpty())
            return tr("%1 does not see %2 as the owner of %3 yet")
                .arg(nameOf(view, witness->id), node.address, missing.toString(4));
    }
    return {};
}

/// Lists observers that report another owner of a slot than the first observer does; empty if all agree.
QString missingSameSlots(const ClusterView &view)
{
    const auto all = witnesses(view);
    for (const NodeObservation *witness : all) {
        for (const NodeLine &line : witness->table->lines) {
            if (line.slots.isEmpty())
                continue;
            const NodeState *node = view.node(line.id);
            if (!node || !(node->slots == line.slots))
                return tr("%1 has an outdated slot map: it assigns other slots to %2")
                    .arg(nameOf(view, witness->id), nameOf(view, line.id));
        }
    }
    return {};
}

QString claimText(const ClusterView &view, const NodeLine *line)
{
    if (!line)
        return tr("unknown");
    const QString role = line->flags.testFlag(NodeFlag::Replica)
        ? tr("replica of %1").arg(nameOf(view, line->primaryId))
        : tr("primary");
    const QString failed = line->flags.testFlag(NodeFlag::Failed) ? tr(", failed")
        : line->flags.testFlag(NodeFlag::MaybeFailed)             ? tr(", possibly failed")
                                                                  : QString();
    return tr("%1%2, epoch %3, %4 slots at %5")
        .arg(role, failed)
        .arg(line->configEpoch)
        .arg(line->slots.count())
        .arg(line->address.toString());
}

/// Describes the first difference between what two nodes report about a third.
QString firstDifference(const ClusterView &view)
{
    const auto all = witnesses(view);
    for (const NodeObservation *witness : all) {
        for (const NodeLine &line : witness->table->lines) {
            const NodeLine *other = all.front()->table->find(line.id);
            const bool unknownAddress = line.address.host.isEmpty() || (other && other->address.host.isEmpty());
            if (line.flags.testFlag(NodeFlag::Handshake) || unknownAddress)
                continue;
            if (!other || other->claimHash != line.claimHash)
                return tr("%1 describes %2 as: %3; %4 describes it as: %5")
                    .arg(nameOf(view, witness->id), nameOf(view, line.id), claimText(view, &line),
                         nameOf(view, all.front()->id), claimText(view, other));
        }
    }
    return tr("the nodes do not agree yet");
}

} // namespace

QList<int> primariesToTell(const ClusterView &view, quint16 slot)
{
    QList<int> list;
    const QList<int> holders = view.openSlots.value(slot);
    for (const int holder : holders) {
        const NodeState &node = view.nodes[size_t(holder)];
        const int primary = node.primary ? -1 : view.indexOf(node.primaryId);
        if (primary >= 0 && isAlive(view.nodes[size_t(primary)]) && !holders.contains(primary)
            && !list.contains(primary))
            list.append(primary);
    }
    return list;
}

QHash<int, SlotSet> openOnReplicasOnly(const ClusterView &view)
{
    QHash<int, SlotSet> byPrimary;
    for (auto it = view.openSlots.cbegin(); it != view.openSlots.cend(); ++it) {
        const QList<int> &holders = it.value();
        if (std::any_of(holders.begin(), holders.end(), [&](int node) { return view.nodes[size_t(node)].primary; }))
            continue;
        for (const int primary : primariesToTell(view, it.key()))
            byPrimary[primary].add(it.key());
    }
    return byPrimary;
}

bool isTransient(const Error &error)
{
    if (error.serverPrefix == "BUSYKEY")
        return false;
    switch (error.code) {
    case Error::Code::ConnectionLost:
    case Error::Code::ConnectionRefused:
    case Error::Code::MaybeExecuted:
    case Error::Code::Timeout:
    case Error::Code::Unreachable:
    case Error::Code::ClusterDown:
    case Error::Code::Loading:
    case Error::Code::NoRoute: return true;
    default: break;
    }
    for (const QByteArrayView prefix : {"IOERR", "MOVED", "ASK", "TRYAGAIN", "READONLY", "NOREPLICAS", "CLUSTERDOWN",
                                        "LOADING", "MASTERDOWN", "UNBLOCKED"})
        if (error.serverPrefix == prefix)
            return true;
    for (const auto *text :
         {"not the owner of hash slot", "SETSLOT only with", "READONLY", "MOVED", "CLUSTERDOWN", "LOADING",
          "I don't know about node", "already the owner of hash slot", "Target node is not a master", "Unknown node"})
        if (error.detail.contains(QLatin1StringView(text)))
            return true;
    return false;
}

bool isAlive(const NodeState &node)
{
    return node.reach.state == Reach::State::Ready && node.condition != NodeCondition::Failed;
}

SlotSet openIn(const ClusterView &view)
{
    SlotSet open;
    for (auto it = view.openSlots.cbegin(); it != view.openSlots.cend(); ++it)
        open.add(it.key());
    return open;
}

namespace {

/// Describes missing agreement, only about the slots `concerned` if there are any.
QString missingAgreement(const ClusterView &view, const SlotSet &concerned)
{
    const auto among = [&concerned](const SlotSet &all) {
        return concerned.isEmpty() ? all : all.intersected(concerned);
    };
    const SlotSet open = openIn(view);
    if (const SlotSet uncovered = among(view.uncovered); view.cluster && !uncovered.isEmpty())
        return tr("slots %1 have no owner").arg(uncovered.toString(4));
    if (!among(open).isEmpty())
        return tr("in migration: %1").arg(slotsText(among(open).count()));
    if (const SlotSet disputed = among(view.disputed); !disputed.isEmpty())
        return tr("the nodes name different owners for %1").arg(disputed.toString(4));
    if (!concerned.isEmpty())
        return {};
    if (!view.agreed)
        return firstDifference(view);
    for (const NodeState &node : view.nodes) {
        if (node.flags.testFlag(NodeFlag::Handshake))
            return tr("%1 is still in the handshake").arg(node.name);
        const NodeObservation *observation = view.observationOf(node.id);
        if (node.condition == NodeCondition::Ok && observation && observation->clusterInfo
            && !observation->clusterInfo->stateOk)
            return tr("%1 reports that the cluster is down").arg(node.name);
    }
    return {};
}

} // namespace

NodeRef primaryNow(const ClusterView &view, const NodeRef &node, const QByteArrayList &heirs)
{
    const auto refOf = [](const NodeState &state) { return NodeRef{.id = state.id, .address = state.name}; };
    const NodeState *state = view.node(node.id);
    const int primary = state && state->shard >= 0 ? view.shards[size_t(state->shard)].primary : -1;
    const NodeState *now = primary >= 0 ? &view.nodes[size_t(primary)] : nullptr;
    // a node that lost its last slots may have become part of another shard
    if (now && now->id != node.id && !heirs.isEmpty() && !heirs.contains(now->id))
        now = nullptr;
    // a dead primary keeps this role while a slot is assigned to it that its successor has not heard of
    const bool dead = now && now->condition == NodeCondition::Failed;
    if (now && !dead)
        return refOf(*now);
    const NodeState *fallen = nullptr;
    for (const QByteArray &id : heirs) {
        const NodeState *heir = view.node(id);
        if (!heir || !heir->primary || heir->slots.isEmpty())
            continue;
        if (isAlive(*heir))
            return refOf(*heir);
        fallen = fallen ? fallen : heir;
    }
    return now ? refOf(*now) : fallen ? refOf(*fallen) : node;
}

QString missingFor(const PlanStep &step, const ClusterView &view)
{
    const NodeRef node = step.nodes.value(0);
    switch (step.condition) {
    case PlanStep::Condition::None: return {};
    case PlanStep::Condition::Joined: return missingJoin(view, step.nodes);
    case PlanStep::Condition::Gone:
    case PlanStep::Condition::BanExpired: return missingGone(view, node);
    case PlanStep::Condition::Primary: return missingRole(view, node, {});
    case PlanStep::Condition::ReplicaOf: return missingRole(view, node, step.nodes.value(1).id);
    case PlanStep::Condition::LinksUp: return missingLinks(view, step.nodes);
    case PlanStep::Condition::Agreed: return missingAgreement(view, step.slots);
    case PlanStep::Condition::Owned: return missingOwner(view, node, step.slots);
    case PlanStep::Condition::SameSlots: return missingSameSlots(view);
    }
    return {};
}

namespace {

QString namesOf(const QList<NodeRef> &nodes)
{
    QStringList names;
    for (const NodeRef &node : nodes)
        names.append(node.address);
    return names.size() <= 3 ? names.join(u", "_s)
                             : tr("%1 and %2 others").arg(names.mid(0, 2).join(u", "_s)).arg(names.size() - 2);
}

/// Adds the results of the steps, which must still hold at the end.
void addOutcome(QList<Assessment> &list, const ClusterView &view, const OperationPlan &plan)
{
    QByteArrayList promoted;
    for (const PlanStep &step : plan.steps)
        if (step.kind == PlanStep::Kind::Failover)
            promoted.append(step.nodes.value(0).id);
    const auto add = [&](const PlanStep &step, const QString &good) {
        const QString missing =
            step.kind == PlanStep::Kind::Failover ? missingRole(view, step.nodes.value(0), {}) : missingFor(step, view);
        list.append({.good = missing.isEmpty(), .text = missing.isEmpty() ? good : missing});
    };
    for (const PlanStep &step : plan.steps) {
        const NodeRef node = step.nodes.value(0);
        // the step would have failed otherwise
        if (step.kind == PlanStep::Kind::Commands && plan.operation == Operation::Config)
            list.append(
                {.good = true, .text = tr("%1 nodes replied OK: %2").arg(step.commands.size()).arg(step.title)});
        if (node.id.isEmpty() || step.mayFail)
            continue;
        if (step.kind == PlanStep::Kind::Failover)
            add(step, tr("every node sees %1 as a primary").arg(node.address));
        else if (step.condition == PlanStep::Condition::Joined)
            add(step, tr("every node knows %1, and has a link to it").arg(namesOf(step.nodes)));
        else if (step.condition == PlanStep::Condition::ReplicaOf)
            add(step, tr("every node sees %1 as a replica of %2").arg(node.address, step.nodes.value(1).address));
        else if (step.condition == PlanStep::Condition::LinksUp && !promoted.contains(node.id))
            add(step, tr("replication links up: %1").arg(namesOf(step.nodes)));
        else if (step.condition == PlanStep::Condition::Primary && !view.cluster)
            add(step, tr("%1 is a primary").arg(node.address));
        else if (step.kind == PlanStep::Kind::Backup)
            list.append({.good = true, .text = tr("each file is complete, and the manifest contains its checksum")});
        else if (step.condition == PlanStep::Condition::Gone)
            add(step, tr("no node knows %1 any more").arg(node.address));
    }
}

/// Adds whether the nodes report that the cluster is up.
void addState(QList<Assessment> &list, const ClusterView &view, const ClusterView &before)
{
    int asked = 0;
    QStringList down;
    for (const NodeObservation &observation : view.observations) {
        if (observation.reach.state != Reach::State::Ready || !observation.clusterInfo)
            continue;
        ++asked;
        if (!observation.clusterInfo->stateOk)
            down.append(nameOf(view, observation.id));
    }
    const bool wasDown = !before.unserved.isEmpty() // slots of an owner that other nodes have not noticed as failed
        || std::any_of(before.findings.begin(), before.findings.end(),
                       [](const Finding &finding) { return finding.kind == Finding::Kind::ClusterStateFail; });
    if (!down.isEmpty())
        list.append({.good = wasDown,
                     .text = tr("%1 of %2 nodes report that the cluster is down%3")
                                 .arg(down.size())
                                 .arg(asked)
                                 .arg(wasDown ? tr(", as before") : QString()),
                     .broken = true});
    else if (asked > 0)
        list.append({.good = true, .text = tr("%1 nodes report that the cluster is ok").arg(asked)});
}

int rankOf(const Assessment &assessment)
{
    return !assessment.good ? 0 : assessment.broken ? 1 : 2;
}

} // namespace

QList<Assessment> verdictOn(const ClusterView &view, const OperationPlan &plan)
{
    QList<Assessment> list;
    const auto add = [&](const QString &missing, const QString &good) {
        list.append({.good = missing.isEmpty(), .text = missing.isEmpty() ? good : missing});
    };
    addOutcome(list, view, plan);
    if (!view.cluster)
        return list;
    if (!view.slotsKnown) {
        add(tr("no node reported who owns the slots"), {});
        return list;
    }
    add(missingSameSlots(view),
        tr("%1 nodes report the same owner for every slot").arg(groupedNumber(qsizetype(witnesses(view).size()))));
    for (const SlotMove &move : plan.moves)
        add(missingOwner(view, primaryNow(view, move.target, move.targetHeirs), move.slots),
            tr("all nodes report that %1 owns %2")
                .arg(primaryNow(view, move.target, move.targetHeirs).address, move.slots.toString(4)));
    const ClusterView before = plan.basis.view ? *plan.basis.view : ClusterView();
    SlotSet repaired; // slots repaired or moved; only these matter to the plan
    for (const RepairedSlots &row : plan.results.repairs)
        repaired = repaired.united(row.slots);
    for (const SlotMove &move : plan.moves)
        repaired = repaired.united(move.slots);
    const auto addSlots = [&](const SlotSet &now, const SlotSet &then, const QString &what, const QString &good) {
        const bool asBefore = now.subtracted(then.subtracted(repaired)).isEmpty();
        list.append({.good = asBefore,
                     .text = now.isEmpty() ? good
                         : asBefore        ? tr("%1, as before").arg(what.arg(now.toString(4)))
                                           : what.arg(now.toString(4)),
                     .broken = !now.isEmpty()});
    };
    addSlots(openIn(view), openIn(before), tr("slots in migration: %1"), tr("no slot is in migration"));
    addSlots(view.uncovered, before.uncovered, tr("slots without an owner: %1"), tr("all 16,384 slots have an owner"));
    addSlots(view.unserved, before.unserved, tr("slots that no node serves: %1"), tr("every owner serves its slots"));
    addState(list, view, before);
    std::stable_sort(list.begin(), list.end(),
                     [](const Assessment &a, const Assessment &b) { return rankOf(a) < rankOf(b); });
    return list;
}

} // namespace slotscope
