// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes that join, as primaries, as replicas, or as a shard of their own.
#include "core/base/tr.h"
#include "core/operations/planners/outsidechecks.h"
#include "core/operations/planners/neediest.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/planners/planners.h"
#include "core/operations/planners/slottaking.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Verdict = PlanCheck::Verdict;
using Condition = PlanStep::Condition;

qint64 bytesOf(const NodeState *node)
{
    return node && node->info ? node->info->usedMemory.value_or(0) : 0;
}

qsizetype livingReplicas(const PlanDraft &draft, const NodeState &primary)
{
    const PlanDraft::Nodes all = draft.replicasOf(primary.id);
    return std::count_if(all.begin(), all.end(), [](const NodeState *node) { return PlanDraft::alive(*node); });
}

} // namespace

const NodeState *neediest(const PlanDraft &draft, const QString &host, const QHash<QByteArray, int> &extra,
                          const PlanDraft::Nodes &except)
{
    const NodeState *best = nullptr;
    std::tuple<qsizetype, bool> bestRank;
    for (const NodeState *node : draft.primaries()) {
        if (!PlanDraft::alive(*node) || node->slots.isEmpty() || except.contains(node))
            continue;
        const std::tuple rank(livingReplicas(draft, *node) + extra.value(node->id), node->host() == host);
        if (!best || rank < bestRank) {
            best = node;
            bestRank = rank;
        }
    }
    return best;
}

namespace {

/// Chooses the nodes that a new one is introduced to, because gossip alone takes seconds to reach the rest.
void meetThem(PlanDraft &draft, const OutsideNode &node)
{
    constexpr qsizetype introductions = 8;
    QList<StepCommand> list;
    for (const NodeState *other : draft.reachable()) {
        if (other->shard < 0 || other->address.host.isEmpty() || list.size() == introductions)
            continue;
        list.append({PlanDraft::ref(node), meetCommand(other->address, draft.factsOf(other->id))});
    }
    draft.commands(tr("Introduce %1 to the cluster").arg(node.endpoint.toString()), list).risk =
        tr("If its cluster bus port is blocked, the node does not join; then it is made to forget the cluster again.");
}

void copyFunctions(PlanDraft &draft, const OutsideNode &node)
{
    for (const NodeState *primary : draft.primaries()) {
        const NodeFacts &known = draft.factsOf(primary->id);
        if (!PlanDraft::alive(*primary) || known.functionCount.value_or(0) == 0)
            continue;
        draft
            .step(PlanStep::Kind::CopyFunctions,
                  tr("Copy the functions of %1 to %2").arg(primary->name, node.endpoint.toString()))
            .nodes = {PlanDraft::ref(*primary), PlanDraft::ref(node)};
        return;
    }
}

/// Nodes that join as primaries, as replicas, or as a shard of their own.
class Joiners
{
public:
    Joiners(PlanDraft &planDraft, const AddNodeRequest &wanted) : draft(planDraft), request(wanted) { }
    Result<> resolve();
    void check();
    void plan();

private:
    struct Joiner
    {
        const OutsideNode *node = nullptr;
        bool isReplica = false;
        NodeRef primary = {}; ///< primary of a replica; without an id if there is none
        QString primaryHost = {};
        qint64 bytes = 0;
    };
    void findPrimary(Joiner &joiner, QHash<QByteArray, int> &extra);
    void checkTwins();
    void follow();
    void giveShares();
    [[nodiscard]] QString title() const;
    [[nodiscard]] bool rebalances() const;

    PlanDraft &draft;
    const AddNodeRequest &request;
    const NodeState *primary = nullptr; ///< the primary that the request names
    QList<Joiner> list;
};

Result<> Joiners::resolve()
{
    if (draft.facts.outside.isEmpty() || draft.facts.outside.size() != request.endpoints().size())
        return failure(Error::Code::InvalidArgument, tr("no node was given"));
    if (request.asShard && (request.asReplica || !request.replicaOf.isEmpty()))
        return failure(Error::Code::InvalidArgument, tr("a new shard needs a primary of its own"));
    if (!request.replicaOf.isEmpty()) {
        const auto found = draft.find(request.replicaOf);
        if (!found)
            return failure(found.error());
        primary = *found;
    }
    for (const OutsideNode &node : draft.facts.outside)
        list.append(
            {.node = &node, .isReplica = request.asShard ? !list.isEmpty() : request.asReplica || primary != nullptr});
    return {};
}

bool Joiners::rebalances() const
{
    return request.rebalance && !list.constFirst().isReplica;
}

void Joiners::checkTwins()
{
    QHash<QString, QString> seen;
    for (const Joiner &joiner : std::as_const(list)) {
        const OutsideNode &node = *joiner.node;
        const QString name = node.endpoint.toString();
        const QString same = node.id.isEmpty() ? name : QString::fromLatin1(node.id);
        if (const QString other = seen.value(same); !other.isEmpty())
            draft.refuse(tr("%1 and %2 are the same node").arg(other, name), tr("Enter each node once."));
        seen.insert(same, name);
    }
}

void Joiners::findPrimary(Joiner &joiner, QHash<QByteArray, int> &extra)
{
    const OutsideNode &node = *joiner.node;
    if (request.asShard) {
        const OutsideNode &first = *list.constFirst().node;
        joiner.primary = PlanDraft::ref(first);
        joiner.primaryHost = first.ip;
        return;
    }
    const NodeState *above =
        primary ? primary : neediest(draft, node.ip.isEmpty() ? node.endpoint.host : node.ip, extra, {});
    if (!above || !above->primary) {
        draft.refuse(above ? tr("%1 is a replica").arg(above->name) : tr("No primary answers"),
                     tr("A replica needs a primary that answers."));
        return;
    }
    ++extra[above->id];
    joiner.primary = PlanDraft::ref(*above);
    joiner.primaryHost = above->host();
    joiner.bytes = bytesOf(above);
}

void Joiners::check()
{
    draft.checkWhole(rebalances() ? Verdict::Refuse : Verdict::Warn);
    checkTwins();
    QHash<QByteArray, int> extra;
    for (Joiner &joiner : list) {
        checkJoining(draft, *joiner.node, joiner.isReplica ? Joining::Replica : Joining::Primary);
        if (joiner.isReplica)
            findPrimary(joiner, extra);
    }
}

QString Joiners::title() const
{
    const QString first = list.constFirst().node->endpoint.toString();
    if (list.size() == 1)
        return list.constFirst().isReplica && !list.constFirst().primary.id.isEmpty()
            ? tr("Add %1 as a replica of %2").arg(first, list.constFirst().primary.address)
            : tr("Add %1 as a primary").arg(first);
    if (request.asShard)
        return tr("Add a shard: %1 with %2 replicas").arg(first).arg(list.size() - 1);
    return list.constFirst().isReplica ? tr("Add %1 nodes as replicas").arg(list.size())
                                       : tr("Add %1 nodes as primaries").arg(list.size());
}

void Joiners::follow()
{
    for (const Joiner &joiner : std::as_const(list)) {
        if (!joiner.isReplica || joiner.primary.id.isEmpty())
            continue;
        const NodeRef added = PlanDraft::ref(*joiner.node);
        if (joiner.primaryHost == joiner.node->ip)
            draft.warn(list.size() == 1 ? tr("It is on the same host as its primary")
                                        : tr("%1 is on the same host as its primary").arg(added.address),
                       tr("If that host fails, both nodes fail."));
        draft.followPrimary(added, joiner.primary, joiner.bytes);
        if (joiner.bytes > 0)
            draft.plan.estimate.bytes = std::max<qint64>(draft.plan.estimate.bytes, 0) + joiner.bytes;
        draft.plan.verifies.append(list.size() == 1 ? tr("The replication link is up")
                                                    : tr("The replication link of %1 is up").arg(added.address));
    }
}

/// Moves slots only after the replicas replicate, so that no slot is ever without a copy.
void Joiners::giveShares()
{
    QList<NodeRef> newcomers;
    for (const Joiner &joiner : std::as_const(list))
        if (!joiner.isReplica)
            newcomers.append(PlanDraft::ref(*joiner.node));
    const QList<SlotMove> moves = draft.sharesFor(newcomers);
    if (moves.isEmpty())
        draft.plan.notes.append(tr("No slots are moved: there are too few for one more primary."));
    if (!request.asShard)
        draft.warn(newcomers.size() == 1 ? tr("The new primary has no replica")
                                         : tr("The new primaries have no replicas"),
                   tr("If one fails, its slots are lost with it. Add replicas too."));
    draft.moveSlots(moves, request.migration);
}

void Joiners::plan()
{
    QList<NodeRef> joined;
    for (const Joiner &joiner : std::as_const(list)) {
        if (!joiner.isReplica)
            copyFunctions(draft, *joiner.node);
        meetThem(draft, *joiner.node);
        joined.append(PlanDraft::ref(*joiner.node));
        draft.plan.verifies.append(tr("Every node that answers knows %1").arg(joiner.node->endpoint.toString()));
    }
    if (list.size() == 1 && list.constFirst().isReplica && !list.constFirst().primary.id.isEmpty())
        joined.append(list.constFirst().primary);
    draft.wait(Condition::Joined,
               list.size() == 1 ? tr("Wait until every node knows the new node")
                                : tr("Wait until every node knows the new nodes"),
               joined, int(30000 + 2 * draft.nodeTimeoutMs()));
    draft.plan.title = title();
    follow();
    if (!list.constFirst().isReplica && !rebalances())
        draft.plan.notes.append(
            tr("The new node has no slots yet: rebalance afterwards, and include primaries without slots."));
    draft.wait(Condition::SameSlots, tr("Wait until all nodes show the same topology"), {});
    if (rebalances())
        giveShares();
}

} // namespace

Result<OperationPlan> planAddNode(const AddNodeRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::AddNode);
    Joiners joiners(draft, request);
    if (const auto known = joiners.resolve(); !known)
        return failure(known.error());
    joiners.check();
    joiners.plan();
    return draft.plan;
}

} // namespace slotscope
