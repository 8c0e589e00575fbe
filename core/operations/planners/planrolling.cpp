// SPDX-License-Identifier: GPL-3.0-or-later
// Failovers of several shards, one after the other.
#include "core/base/tr.h"
#include "core/operations/planners/failoverchecks.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Verdict = PlanCheck::Verdict;
using Mode = FailoverRequest::Mode;

/// A shard that changes its primary in a rolling failover.
struct HandOver
{
    const NodeState *primary = nullptr;
    const NodeState *replica = nullptr;
};

QString zoneOf(const NodeState &node, const QHash<QString, QString> &labels)
{
    return labels.value(node.name, node.host());
}

/// Whether a node is on the host or in the zone to be vacated. IPv6 addresses may be given with brackets.
bool isThere(const NodeState &node, const RollingFailoverRequest &request)
{
    const QString zone = zoneOf(node, request.labels);
    return zone == request.awayFromHost || zone == hostOfAddress(request.awayFromHost + u":0"_s)
        || (!node.address.hostname.isEmpty() && node.address.hostname == request.awayFromHost);
}

/// The living replica elsewhere that has received most of the data.
const NodeState *bestReplica(const PlanDraft &draft, const NodeState &primary, const RollingFailoverRequest &request)
{
    const NodeState *best = nullptr;
    for (const NodeState *node : draft.replicasOf(primary.id)) {
        const ServerInfo *info = node->currentInfo();
        if (!PlanDraft::alive(*node) || isThere(*node, request) || !info || !info->primaryLinkUp.value_or(false))
            continue;
        if (!best || node->lagBytes.value_or(0) < best->lagBytes.value_or(0))
            best = node;
    }
    return best;
}

Result<QList<HandOver>> handOvers(PlanDraft &draft, const RollingFailoverRequest &request)
{
    QList<HandOver> list;
    for (const QByteArray &id : request.preferred) {
        const auto node = draft.find(id);
        if (!node)
            return failure(node.error());
        if ((*node)->primary)
            continue; // already a primary
        const NodeState *primary = draft.view.node((*node)->primaryId);
        const auto same = [&](const HandOver &other) { return other.primary == primary; };
        if (primary && std::any_of(list.begin(), list.end(), same))
            return failure(Error::Code::InvalidArgument,
                           tr("two nodes of the shard of %1 were chosen as its primary").arg(primary->name));
        if (primary)
            list.append(HandOver{primary, *node});
        else
            draft.refuse(tr("The primary of %1 is not known").arg((*node)->name),
                         tr("Wait until the cluster knows the node."));
    }
    if (request.awayFromHost.isEmpty())
        return list;
    const auto there = [&](const NodeState &node) { return isThere(node, request); };
    if (std::none_of(draft.view.nodes.begin(), draft.view.nodes.end(), there)) {
        QStringList zones;
        for (const NodeState &node : draft.view.nodes)
            zones.append(zoneOf(node, request.labels));
        zones.removeDuplicates();
        zones.sort();
        draft.refuse(tr("No node runs on %1").arg(request.awayFromHost),
                     tr("The hosts and zones of this cluster are: %1.").arg(zones.join(u", "_s)));
        return list;
    }
    for (const NodeState *primary : draft.primaries()) {
        if (!isThere(*primary, request) || primary->slots.isEmpty())
            continue;
        if (const NodeState *replica = bestReplica(draft, *primary, request))
            list.append(HandOver{primary, replica});
        else
            draft.refuse(tr("No replica elsewhere can take over from %1").arg(primary->name),
                         tr("A replica must answer, have its replication link up, and run on another host than %1.")
                             .arg(request.awayFromHost));
    }
    return list;
}

} // namespace

Result<OperationPlan> planRolling(const RollingFailoverRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::RollingFailover);
    if (request.awayFromHost.isEmpty() && request.preferred.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("neither a host nor preferred primaries were given"));
    draft.plan.title = request.awayFromHost.isEmpty() ? tr("Restore the preferred primaries")
                                                      : tr("Make all nodes on %1 replicas").arg(request.awayFromHost);
    draft.checkWhole(Verdict::Refuse);
    const auto list = handOvers(draft, request);
    if (!list)
        return failure(list.error());
    for (const HandOver &shard : *list) {
        FailoverChecks(draft, *shard.replica, *shard.primary, Mode::Graceful).all();
        draft.wait(PlanStep::Condition::LinksUp, tr("Check that %1 is up to date").arg(shard.replica->name),
                   {PlanDraft::ref(*shard.replica)});
        addFailover(draft, *shard.replica, *shard.primary, Mode::Graceful);
    }
    if (!list->isEmpty())
        draft.plan.notes.append(tr("The shards follow one another; the first failure stops the operation."));
    else if (!draft.plan.isRefused())
        draft.plan.notes.append(tr("All primaries are already where they should be."));
    return draft.plan;
}

} // namespace slotscope
