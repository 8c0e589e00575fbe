// SPDX-License-Identifier: GPL-3.0-or-later
// A replica without cluster mode becomes the primary: nobody votes, and nobody tells the others.
#include "core/base/tr.h"
#include "core/operations/planners/fitchecks.h"
#include "core/operations/planners/plandraft.h"

#include "core/base/text.h"

#include <QVersionNumber>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Condition = PlanStep::Condition;
using Mode = FailoverRequest::Mode;

constexpr int failoverTimeoutMs = 10'000; ///< timeout of FAILOVER, after which the primary accepts writes again
constexpr int roleDeadlineMs = 20'000;
constexpr int linkDeadlineMs = 120'000;

class Promotion
{
public:
    Promotion(PlanDraft &planDraft, const NodeState &replicaNode, Mode wanted)
        : draft(planDraft), replica(replicaNode), primary(planDraft.view.node(replicaNode.primaryId)), mode(wanted)
    { }
    void check();
    void plan();

private:
    [[nodiscard]] bool hasFailover() const;
    /// The replica's address as the primary and the other replicas use it; nullopt if the primary does not list it.
    [[nodiscard]] std::optional<Endpoint> announced() const;
    void checkReplica();
    void checkCutOff(const ServerInfo &info);
    void checkFollowers();
    [[nodiscard]] PlanDraft::Nodes family() const;
    void handOver(const Endpoint &there);
    void cut();
    void follow(const Endpoint &there);

    PlanDraft &draft;
    const NodeState &replica;
    const NodeState *primary; ///< null: unknown
    const Mode mode;
};

bool Promotion::hasFailover() const
{
    const QVersionNumber version = primary && primary->info
        ? QVersionNumber::fromString(QString::fromLatin1(primary->info->version))
        : QVersionNumber();
    return version >= QVersionNumber(6, 2);
}

std::optional<Endpoint> Promotion::announced() const
{
    const auto reached = Endpoint::parse(replica.name);
    if (!reached)
        return {};
    const NodeObservation *seen = draft.view.observationOf(replica.id);
    const QStringList announcedAs = seen ? seen->announcedAs : QStringList();
    const QList<AttachedReplica> attached =
        primary && primary->info ? primary->info->replicas : QList<AttachedReplica>();
    for (const AttachedReplica &each : attached) {
        const Endpoint endpoint{.host = each.host, .port = each.port, .socketPath = {}};
        if (endpoint == *reached || announcedAs.contains(endpoint.toString()))
            return endpoint;
    }
    // a single replica must be the one listed, but with several, the port may be another's
    if (attached.size() == 1 && draft.replicasOf(replica.primaryId).size() == 1)
        return Endpoint{.host = attached.front().host, .port = attached.front().port, .socketPath = {}};
    if (attached.isEmpty() && announcedAs.isEmpty())
        return *reached;
    return {};
}

void Promotion::checkReplica()
{
    const ServerInfo *info = replica.currentInfo();
    if (!info) {
        draft.refuse(tr("%1 does not answer").arg(replica.name), tr("It cannot be told to take over."));
        return;
    }
    if (info->syncInProgress.value_or(false) || info->loading.value_or(false))
        draft.refuse(tr("%1 has no complete copy of the data yet").arg(replica.name),
                     tr("Wait until it has received and loaded the copy."));
    else if (mode == Mode::Graceful && !info->primaryLinkUp.value_or(false))
        draft.refuse(
            tr("%1 has no replication link to its primary").arg(replica.name),
            tr("The replica would lack the writes since the link was lost. With FORCE it takes over nevertheless."));
    else if (info->primaryLinkUp.value_or(false))
        draft.pass(tr("%1 has a copy of the data").arg(replica.name));
    else
        checkCutOff(*info);
}

/// Checks a replica whose link is down: its data is old. One that never copied has none, and would make the others copy
/// nothing.
void Promotion::checkCutOff(const ServerInfo &info)
{
    const qint64 own = info.keys.value_or(0);
    qint64 others = 0;
    for (const NodeState *node : family())
        if (node != &replica && node->info)
            others = std::max(others, node->info->keys.value_or(0));
    if (own == 0 && others > 0) {
        draft.refuse(tr("%1 contains no keys, but others contain %2").arg(replica.name, groupedNumber(others)),
                     tr("This replica may never have copied the data: the others would copy an empty data set from it "
                        "and lose their own. Choose another replica."));
        return;
    }
    const QString since = info.primaryLinkDownSeconds
        ? tr("for %1").arg(roughDuration(*info.primaryLinkDownSeconds * 1000))
        : tr("duration unknown");
    draft.warn(tr("The replication link of %1 is down (%2)").arg(replica.name, since),
               tr("The replica contains %1 keys, without the writes since the link was lost.").arg(groupedNumber(own)));
    draft.plan.dataLoss.append(
        tr("Writes since the replication link of %1 went down (%2) are lost, even if another server still has them.")
            .arg(replica.name, since));
}

/// The primary and its replicas, without other nodes of this connection.
PlanDraft::Nodes Promotion::family() const
{
    PlanDraft::Nodes nodes = draft.replicasOf(replica.primaryId);
    if (primary)
        nodes.prepend(primary);
    return nodes;
}

void Promotion::check()
{
    if (draft.view.sentinels)
        draft.refuse(tr("Sentinels manage the primary here"),
                     tr("The Sentinels would undo this failover. Let the Sentinels fail over: use their card, or "
                        "slotscope-cli sentinel failover."));
    if (mode == Mode::Takeover)
        draft.refuse(tr("TAKEOVER is only for clusters"), tr("Without a cluster there is no vote: use FORCE."));
    checkReplica();
    const bool isUp = primary && PlanDraft::alive(*primary);
    if (mode == Mode::Graceful && !isUp)
        draft.refuse(tr("Its primary does not answer"),
                     tr("A graceful hand-over needs the primary. With FORCE the replica takes over without it."));
    else if (mode == Mode::Graceful && !hasFailover())
        draft.refuse(tr("%1 has no FAILOVER command").arg(primary->name),
                     tr("FAILOVER exists since Redis 6.2. Stop the clients' writes, then use FORCE."));
    checkFollowers();
    if (mode != Mode::Force)
        return;
    draft.plan.dataLoss.append(
        primary ? tr("Writes that %1 has accepted and not yet sent to %2 are lost.").arg(primary->name, replica.name)
                : tr("Writes that its primary has accepted and not yet sent to %1 are lost.").arg(replica.name));
    if (!isUp)
        draft.warn(tr("The former primary cannot be reached"),
                   tr("When the former primary comes back, there are two primaries: keep clients away from the former "
                      "one, and make it a replica (REPLICAOF)."));
}

/// Checks that the other replicas can log in to the new primary and can be told to replicate it. Replicas of another
/// primary are left alone.
void Promotion::checkFollowers()
{
    for (const NodeState *node : family()) {
        if (node == &replica)
            continue;
        if (PlanDraft::alive(*node))
            checkReplication(draft, PlanDraft::ref(*node), PlanDraft::ref(replica),
                             mode == Mode::Graceful ? PlanCheck::Verdict::Refuse : PlanCheck::Verdict::Warn);
        else if (node != primary)
            draft.warn(tr("%1 does not answer and cannot be told").arg(node->name),
                       tr("This replica still replicates the former primary. When the replica is back, make it a "
                          "replica of %1.")
                           .arg(replica.name));
    }
    for (const NodeState &node : draft.view.nodes)
        if (node.primary && &node != primary && PlanDraft::alive(node))
            draft.warn(tr("%1 is a separate primary").arg(node.name), tr("It and its replicas are not changed."));
}

void Promotion::handOver(const Endpoint &there)
{
    PlanStep &step = draft.commands(tr("%1 hands over to %2").arg(primary->name, replica.name),
                                    {{PlanDraft::ref(*primary),
                                      commandOf("FAILOVER", "TO", there.host.toUtf8(), QByteArray::number(there.port),
                                                "TIMEOUT", QByteArray::number(failoverTimeoutMs))}});
    step.tolerated = {"server is a replica"_ba}; // FAILOVER was already sent; the wait for the new primary verifies it
    step.risk = tr("The primary pauses writes until the replica has all of them; if that takes longer than %1, it "
                   "resumes as before. If the replica has all writes but does not take over, FAILOVER ABORT on the "
                   "primary ends the pause.")
                    .arg(duration(failoverTimeoutMs));
}

void Promotion::cut()
{
    draft
        .commands(tr("%1 stops being a replica").arg(replica.name),
                  {{PlanDraft::ref(replica), commandOf("REPLICAOF", "NO", "ONE")}})
        .risk = tr("Writes that its primary has not sent are lost.");
}

void Promotion::follow(const Endpoint &there)
{
    QList<StepCommand> list;
    QList<NodeRef> followers;
    for (const NodeState *node : family()) {
        const bool isFormer = primary && node == primary;
        if (node == &replica || !PlanDraft::alive(*node))
            continue;
        followers.append(PlanDraft::ref(*node));
        if (!isFormer || mode == Mode::Force) // FAILOVER makes the old primary a replica of the new one automatically
            list.append(
                {followers.constLast(), commandOf("REPLICAOF", there.host.toUtf8(), QByteArray::number(there.port))});
    }
    if (!list.isEmpty())
        draft.commands(tr("Make the others replicas of %1").arg(replica.name), list).risk =
            tr("Replicas that cannot continue from their offset run a full synchronization.");
    if (followers.isEmpty())
        return;
    draft.wait(Condition::LinksUp, tr("Wait until the others replicate it"), followers, linkDeadlineMs);
    draft.plan.verifies.append(tr("The replication links of the others are up"));
}

void Promotion::plan()
{
    const auto there = announced();
    if (!there) {
        draft.refuse(tr("It is not known at which address others reach %1").arg(replica.name),
                     tr("Its primary knows it by another address than the one used here, or it is reached through a "
                        "Unix socket. Connect to the addresses that the primary reports (INFO replication)."));
        return;
    }
    if (mode == Mode::Graceful && primary)
        handOver(*there);
    else
        cut();
    draft.wait(Condition::Primary, tr("Wait until %1 is a primary").arg(replica.name), {PlanDraft::ref(replica)},
               roleDeadlineMs);
    draft.plan.verifies.append(tr("%1 reports itself as a primary").arg(replica.name));
    follow(*there);
    draft.plan.notes.append(
        tr("Clients are not informed: if they use the address of the former primary, give them the new one."));
}

} // namespace

Result<OperationPlan> planPromotion(const FailoverRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Failover);
    const auto replica = draft.find(request.replicaId);
    if (!replica)
        return failure(replica.error());
    draft.plan.title = tr("%1 takes over").arg((*replica)->name);
    draft.checkNobodyElse();
    if (!(*replica)->isReplica()) {
        draft.refuse(tr("%1 is already a primary").arg((*replica)->name), tr("Choose one of its replicas."));
        return draft.plan;
    }
    Promotion promotion(draft, **replica, request.mode);
    promotion.check();
    promotion.plan();
    return draft.plan;
}

} // namespace slotscope
