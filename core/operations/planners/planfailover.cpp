// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/tr.h"
#include "core/operations/planners/failoverchecks.h"

#include "core/base/text.h"
#include "core/operations/planners/fitchecks.h"

#include <QVersionNumber>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Mode = FailoverRequest::Mode;
using Verdict = PlanCheck::Verdict;

constexpr qint64 bigLagBytes = 1024 * 1024;
// an idle primary pings its replicas every ten seconds (repl-ping-replica-period)
constexpr qint64 longSilenceSeconds = 25;
constexpr int electionMs = 10000;

QString modeName(Mode mode)
{
    return mode == Mode::Graceful ? QString() : mode == Mode::Force ? u"FORCE"_s : u"TAKEOVER"_s;
}

} // namespace

PlanDraft::Nodes FailoverChecks::voters() const
{
    PlanDraft::Nodes list;
    for (const NodeState *node : draft.primaries())
        if (!node->slots.isEmpty())
            list.append(node);
    return list;
}

bool FailoverChecks::quorum() const
{
    const PlanDraft::Nodes all = voters();
    const auto up =
        std::count_if(all.begin(), all.end(), [](const NodeState *node) { return PlanDraft::alive(*node); });
    return up > all.size() / 2;
}

void FailoverChecks::checkPrimary()
{
    if (mode == Mode::Graceful) {
        if (!PlanDraft::alive(primary) || primary.condition == NodeCondition::MaybeFailed)
            draft.refuse(tr("Its primary %1 does not answer").arg(primary.name),
                         tr("A graceful failover needs the primary, which pauses writes and reports its offset. Use "
                            "FORCE: the other primaries then vote."));
        else
            draft.pass(tr("Its primary %1 answers").arg(primary.name));
    } else if (mode == Mode::Takeover && quorum() && PlanDraft::alive(primary)) {
        draft.refuse(tr("TAKEOVER is not needed: %1 answers, and most primaries can vote").arg(primary.name),
                     tr("TAKEOVER works without a vote and may leave two nodes that claim the same slots. Use a "
                        "graceful failover, or FORCE."));
    } else if (mode == Mode::Takeover && quorum()) {
        draft.warn(tr("Most primaries can vote"),
                   tr("FORCE would be enough, and is safer than TAKEOVER: it lets the other primaries vote."));
    }
    if (primary.slots.isEmpty())
        draft.check(mode == Mode::Takeover ? Verdict::Warn : Verdict::Refuse, tr("%1 owns no slots").arg(primary.name),
                    tr("A replica of a primary without slots is not elected. Remove it, or give it slots first."));
}

void FailoverChecks::checkCopy()
{
    const ServerInfo *info = replica.currentInfo();
    if (!info) {
        draft.refuse(tr("%1 does not answer").arg(replica.name),
                     tr("A replica that does not answer cannot take over. Choose another one."));
        return;
    }
    if (info->loading.value_or(false) || info->syncInProgress.value_or(false))
        draft.refuse(tr("%1 is still running a full synchronization").arg(replica.name), tr("Wait until it is done."));
    if (!info->primaryLinkUp)
        draft.warn(tr("It is not known whether the replication link of %1 is up").arg(replica.name),
                   tr("The node's INFO does not report it."));
    else if (!*info->primaryLinkUp)
        draft.check(graceful(), tr("The replication link of %1 is down").arg(replica.name),
                    tr("The replica has received nothing from its primary for %1 s: it lacks all writes since then.")
                        .arg(info->primaryLinkDownSeconds.value_or(0)));
    else if (info->primaryLastIoSeconds.value_or(0) > longSilenceSeconds)
        draft.warn(
            tr("%1 last received data from its primary %2 s ago").arg(replica.name).arg(*info->primaryLastIoSeconds),
            tr("The primary may be frozen; the failover then times out, and the primary stays."));
    else
        draft.pass(tr("The replication link of %1 is up").arg(replica.name));
    if (replica.flags.testFlag(NodeFlag::NoFailover))
        draft.warn(tr("%1 is set to start no failover by itself").arg(replica.name),
                   tr("cluster-replica-no-failover prevents a failover when its primary fails, but not this manual "
                      "failover."));
    if (replica.lagBytes.value_or(0) > bigLagBytes)
        draft.warn(tr("%1 lags %2 behind").arg(replica.name, byteSize(*replica.lagBytes)),
                   mode == Mode::Graceful ? tr("The primary pauses writes until the replica has caught up, for at most "
                                               "5 s; then the failover is aborted.")
                                          : tr("These writes are lost."));
}

/// Checks that a majority of voters knows the node as a replica of this primary.
void FailoverChecks::checkVotes()
{
    if (mode == Mode::Takeover)
        return;
    if (!quorum())
        draft.refuse(tr("Most primaries with slots do not answer"),
                     tr("These primaries elect the new one, so the failover cannot succeed. TAKEOVER works without a "
                        "vote; it is the last resort."));
    const PlanDraft::Nodes all = voters();
    qsizetype knowing = 0;
    for (const PeerReport &report : peerReportsOf(draft.view, replica.id)) {
        const NodeState &observer = draft.view.nodes[size_t(report.observer)];
        if (all.contains(&observer) && report.line && report.line->primaryId == primary.id)
            ++knowing;
    }
    if (knowing > all.size() / 2)
        draft.pass(tr("%1 of %2 primaries know it as a replica of %3").arg(knowing).arg(all.size()).arg(primary.name));
    else
        draft.refuse(
            tr("Only %1 of %2 primaries know it as a replica of %3").arg(knowing).arg(all.size()).arg(primary.name),
            tr("The other primaries would not vote for this replica. Wait until the whole cluster knows it."));
}

void FailoverChecks::checkLoad()
{
    for (const NodeState *node : {&replica, &primary})
        if (draft.factsOf(node->id).lastSaveRunning.value_or(0) > 0)
            draft.warn(tr("%1 is saving").arg(node->name), tr("It replies more slowly until the save is done."));
    if (!replica.info || !primary.info)
        return;
    const qint64 limit = replica.info->maxMemory.value_or(0);
    if (limit > 0 && limit < primary.info->usedMemory.value_or(0))
        draft.warn(tr("The maxmemory of %1 is %2").arg(replica.name, byteSize(limit)),
                   tr("Its primary uses %1: as a primary it would evict keys or refuse writes.")
                       .arg(byteSize(primary.info->usedMemory.value_or(0))));
    const auto versionOf = [](const NodeState &node) {
        return QVersionNumber::fromString(QString::fromLatin1(node.info->version));
    };
    if (replica.info->product == primary.info->product && versionOf(replica) < versionOf(primary))
        draft.check(graceful(), tr("%1 runs an older version than its primary").arg(replica.name),
                    tr("It may not understand all of the data. Upgrade it first."));
}

/// Checks that no slot of this shard is being moved, because the new primary would not know of it.
void FailoverChecks::checkShard()
{
    SlotSet open;
    for (const NodeState &node : draft.view.nodes)
        for (const OpenSlot &slot : node.openSlots)
            if (&node == &primary || &node == &replica || slot.peer == primary.id)
                open.add(slot.slot);
    const bool known = primary.openSlotsKnown || !PlanDraft::answers(primary);
    if (!known)
        draft.check(graceful(), tr("It is not known whether slots are in migration on %1").arg(primary.name),
                    tr("The user may not run CLUSTER NODES on this node (ACL: +cluster|nodes)."));
    if (open.isEmpty() && known)
        draft.pass(primary.openSlotsKnown ? tr("No slot of this shard is in migration")
                                          : tr("No node that answers has a slot of this shard in migration"));
    else if (!open.isEmpty())
        draft.check(graceful(), tr("Slots of this shard are in migration: %1").arg(open.toString(6)),
                    tr("The new primary may not know that they are half moved, and report moved keys as missing. "
                       "Finish or cancel the migration first."));
    const bool migrating =
        draft.factsOf(primary.id).migrationsRunning > 0 || draft.factsOf(replica.id).migrationsRunning > 0;
    if (migrating)
        draft.check(graceful(), tr("A slot migration of this shard is running"),
                    tr("A failover at the end of a migration can lose data. Wait, or cancel the migration."));
}

/// Checks that the nodes that will replicate the new primary can log in there: the old primary and the other replicas.
void FailoverChecks::checkFollowers()
{
    PlanDraft::Nodes followers = draft.replicasOf(primary.id);
    followers.prepend(&primary);
    for (const NodeState *follower : std::as_const(followers))
        if (follower != &replica && PlanDraft::alive(*follower))
            checkReplication(draft, PlanDraft::ref(*follower), PlanDraft::ref(replica), graceful());
}

void FailoverChecks::all()
{
    checkPrimary();
    checkCopy();
    checkVotes();
    checkShard();
    checkFollowers();
    checkLoad();
    for (const NodeObservation &observation : draft.view.observations) {
        if (observation.reach.state != Reach::State::Ready || !observation.clusterInfo
            || observation.clusterInfo->stateOk)
            continue;
        draft.warn(tr("A node reports that the cluster is down"), tr("See the health findings first."));
        break;
    }
}

void addFailover(PlanDraft &draft, const NodeState &replica, const NodeState &primary, FailoverRequest::Mode mode)
{
    PlanStep &failover =
        draft.step(PlanStep::Kind::Failover, tr("%1 takes over from %2").arg(replica.name, primary.name));
    failover.nodes = {PlanDraft::ref(replica), PlanDraft::ref(primary)};
    failover.mode = modeName(mode);
    failover.deadlineMs = int(electionMs + 2 * draft.nodeTimeoutMs());
    failover.risk = mode == Mode::Graceful
        ? tr("The primary pauses writes for a moment. If the election does not succeed in time, the primary stays.")
        : tr("Writes that the former primary has not sent to %1 are lost.").arg(replica.name);
    draft.plan.verifies.append(tr("Every node that answers sees %1 as the primary that owns %2")
                                   .arg(replica.name, slotsText(primary.slots.count())));
    if (!PlanDraft::alive(primary))
        return;
    const qint64 patience = 60000 + 2 * draft.nodeTimeoutMs();
    draft.wait(PlanStep::Condition::LinksUp, tr("Wait until %1 replicates the new primary").arg(primary.name),
               {PlanDraft::ref(primary)}, int(patience));
    draft.plan.verifies.append(
        tr("%1 is a replica of the new primary, and its replication link is up").arg(primary.name));
}

Result<OperationPlan> planFailover(const FailoverRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Failover);
    const auto replica = draft.find(request.replicaId);
    if (!replica)
        return failure(replica.error());
    const NodeState *primary = draft.view.node((*replica)->primaryId);
    draft.plan.title = tr("%1 takes over").arg((*replica)->name);
    draft.checkNobodyElse();
    if ((*replica)->primary || !primary) {
        draft.refuse((*replica)->primary ? tr("%1 is already a primary").arg((*replica)->name)
                                         : tr("The primary of %1 is not known").arg((*replica)->name),
                     tr("Choose a replica of the shard whose primary shall change."));
        return draft.plan;
    }
    draft.plan.title = tr("%1 takes over from %2").arg((*replica)->name, primary->name);
    FailoverChecks checks(draft, **replica, *primary, request.mode);
    checks.all();
    // the bus must work, otherwise nobody can vote
    draft.checkBus(request.mode == Mode::Takeover ? Verdict::Warn : Verdict::Refuse);
    draft.checkNodeTimeouts();
    if (request.mode != Mode::Graceful)
        draft.plan.dataLoss.append(tr("Writes that %1 has accepted and not yet sent to %2 are lost%3.")
                                       .arg(primary->name, (*replica)->name,
                                            (*replica)->lagBytes
                                                ? tr(" (%1 when last read)").arg(byteSize(*(*replica)->lagBytes))
                                                : QString()));
    if (request.mode == Mode::Takeover)
        draft.plan.dataLoss.append(tr("There is no vote: if %1 still serves clients, two nodes claim its slots, and "
                                      "the writes of one side are lost.")
                                       .arg(primary->name));
    addFailover(draft, **replica, *primary, request.mode);
    if (request.mode != Mode::Takeover)
        draft.plan.notes.append(tr("If this shard had a failover within the last %1, the other primaries may refuse to "
                                   "vote again. Then wait, and try again.")
                                    .arg(duration(2 * draft.nodeTimeoutMs())));
    return draft.plan;
}

} // namespace slotscope
