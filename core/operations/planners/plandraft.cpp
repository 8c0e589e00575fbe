// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/planners/plandraft.h"

#include "core/base/text.h"
#include "core/operations/planners/fitchecks.h"
#include "core/operations/planners/outsidechecks.h"

#include <QMap>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int banMs = 65000; ///< a forgotten id is banned for a minute

constexpr qint64 syncBytesPerSecond = 20'000'000; ///< speed of a slow full synchronisation

const ClusterView &viewOf(const OperationFacts &facts)
{
    static const ClusterView none;
    return facts.view ? *facts.view : none;
}

} // namespace

PlanDraft::PlanDraft(const OperationFacts &given, Operation operation) : facts(given), view(viewOf(given))
{
    plan.operation = operation;
    if (!facts.view)
        return;
    const auto basis = std::make_shared<ClusterView>(*facts.view);
    basis->observations.clear(); // these are large, and plans do not compare them
    plan.basis.view = basis;
}

void PlanDraft::check(Verdict verdict, const QString &title, const QString &detail)
{
    plan.checks.append({.verdict = verdict, .title = title, .detail = detail});
}

PlanStep &PlanDraft::step(PlanStep::Kind kind, const QString &title)
{
    PlanStep &added = plan.steps.emplaceBack();
    added.kind = kind;
    added.title = title;
    return added;
}

PlanStep &PlanDraft::commands(const QString &title, const QList<StepCommand> &list)
{
    PlanStep &added = step(PlanStep::Kind::Commands, title);
    added.commands = list;
    return added;
}

PlanStep &PlanDraft::wait(Condition condition, const QString &title, const QList<NodeRef> &nodes, int deadlineMs)
{
    PlanStep &added = step(PlanStep::Kind::Wait, title);
    added.condition = condition;
    added.nodes = nodes;
    added.deadlineMs = deadlineMs;
    return added;
}

/// Introduces all pairs in a small cluster, some neighbours of each node in a large one; gossip does the rest.
void PlanDraft::introduceAll(const Nodes &nodes)
{
    constexpr qsizetype allPairsUpTo = 30;
    QList<StepCommand> list;
    QList<NodeRef> refs;
    for (qsizetype i = 0; i < nodes.size(); ++i) {
        refs.append(ref(*nodes[i]));
        for (qsizetype step = 1; step < nodes.size(); step = nodes.size() <= allPairsUpTo ? step + 1 : 2 * step) {
            const NodeState &other = *nodes[(i + step) % nodes.size()];
            list.append({refs.constLast(), meetCommand(other.address, factsOf(other.id))});
        }
    }
    commands(tr("Introduce the nodes to one another at the addresses where they answer"), list).risk =
        tr("OK only means that the nodes try: if a cluster bus port is blocked, they give up after the node timeout.");
    wait(Condition::Joined, tr("Wait until every node has found the others"), refs, int(30000 + 2 * nodeTimeoutMs()));
}

/// Sends FORGET to all nodes, replicas too, at the same time, because it must reach them all before the ban expires.
void PlanDraft::forgetEverywhere(const NodeState &node, bool waitForBan)
{
    QList<StepCommand> list;
    for (const NodeState *other : reachable())
        if (other->id != node.id)
            list.append({ref(*other), commandOf("CLUSTER", "FORGET", node.id)});
    PlanStep &forget = commands(tr("Make every node forget %1").arg(node.name), list);
    forget.together = true;
    forget.tolerated = {"Unknown node"_ba};
    forget.risk = tr("A node that is not told within a minute announces the node to the others again.");
    wait(Condition::Gone, tr("Wait until no node knows %1 any more").arg(node.name), {ref(node)});
    if (waitForBan)
        wait(Condition::BanExpired, tr("Check again when the ban on its id has expired"), {ref(node)}, banMs).risk =
            tr("A node that still runs and was not reset may come back then.");
}

void PlanDraft::followPrimary(const NodeRef &replica, const NodeRef &primary, qint64 bytes)
{
    checkReplication(*this, replica, primary, Verdict::Refuse);
    commands(tr("Make %1 a replica of %2").arg(replica.address, primary.address),
             {{replica, commandOf("CLUSTER", "REPLICATE", primary.id)}})
        .risk = tr("Its data is replaced by a full copy of the data of %1.").arg(primary.address);
    wait(Condition::ReplicaOf,
         tr("Wait until every node sees %1 as a replica of %2").arg(replica.address, primary.address),
         {replica, primary});
    const qint64 deadline = 60000 + std::max<qint64>(bytes, 0) * 1000 / syncBytesPerSecond;
    wait(Condition::LinksUp, tr("Wait until %1 has copied the data").arg(replica.address), {replica},
         int(std::min<qint64>(deadline, 24 * 3600 * 1000)));
}

NodeRef PlanDraft::ref(const OutsideNode &node)
{
    return {.id = node.id, .address = node.endpoint.toString()};
}

const NodeFacts &PlanDraft::factsOf(const QByteArray &id) const
{
    static const NodeFacts none;
    const auto found = facts.nodes.constFind(id);
    return found == facts.nodes.cend() ? none : *found;
}

const NodeFacts &PlanDraft::factsOf(const NodeRef &node) const
{
    const NodeFacts *known = facts.about(node);
    return known ? *known : factsOf(QByteArray());
}

PlanDraft::Nodes PlanDraft::members() const
{
    Nodes list;
    for (const NodeState &node : view.nodes)
        if (node.shard >= 0 && !node.flags.testFlag(NodeFlag::Handshake))
            list.append(&node);
    return list;
}

PlanDraft::Nodes PlanDraft::primaries() const
{
    Nodes list;
    for (const NodeState *node : members())
        if (node->primary && (!node->slots.isEmpty() || node->condition != NodeCondition::Failed))
            list.append(node);
    return list;
}

PlanDraft::Nodes PlanDraft::replicasOf(const QByteArray &primaryId) const
{
    Nodes list;
    for (const NodeState &node : view.nodes)
        if (node.isReplica() && node.primaryId == primaryId)
            list.append(&node);
    return list;
}

const NodeState *PlanDraft::primaryOf(const NodeState &replica) const
{
    const int index = replica.shard < 0 ? -1 : view.shards[size_t(replica.shard)].primary;
    return index < 0 ? nullptr : &view.nodes[size_t(index)];
}

PlanDraft::Nodes PlanDraft::reachable() const
{
    Nodes list;
    for (const NodeState &node : view.nodes)
        if (answers(node))
            list.append(&node);
    return list;
}

Result<const NodeState *> PlanDraft::find(const QByteArray &id) const
{
    if (const NodeState *node = view.node(id))
        return node;
    return failure(Error::Code::InvalidArgument,
                   id.isEmpty() ? tr("no node was given") : tr("no node has the id %1").arg(toDisplay(id)));
}

bool PlanDraft::isLastCopy(const ClusterView &view, const NodeState &node)
{
    const NodeState *primary = node.primary ? &node : view.node(node.primaryId);
    if (!primary || primary->slots.isEmpty() || (primary != &node && alive(*primary)))
        return false;
    return std::none_of(view.nodes.begin(), view.nodes.end(), [&](const NodeState &other) {
        return &other != &node && !other.primary && other.primaryId == primary->id && alive(other);
    });
}

qint64 PlanDraft::nodeTimeoutMs() const
{
    qint64 longest = -1;
    for (const NodeFacts &node : facts.nodes)
        longest = std::max(longest, node.nodeTimeoutMs);
    return longest > 0 ? longest : defaultNodeTimeoutMs;
}

qint64 PlanDraft::usualNodeTimeoutMs() const
{
    QMap<qint64, int> nodesWith;
    for (const NodeFacts &node : facts.nodes)
        if (node.nodeTimeoutMs > 0)
            ++nodesWith[node.nodeTimeoutMs];
    const auto most = std::max_element(nodesWith.cbegin(), nodesWith.cend());
    return most == nodesWith.cend() ? -1 : most.key();
}

QString namesOf(const PlanDraft::Nodes &nodes, int maximum)
{
    QStringList names;
    for (const NodeState *node : nodes.mid(0, maximum))
        names.append(node->name);
    const qsizetype more = nodes.size() - names.size();
    return more > 0 ? PlanDraft::tr("%1 and %2 more").arg(names.join(u", "_s)).arg(more) : names.join(u", "_s);
}

} // namespace slotscope
