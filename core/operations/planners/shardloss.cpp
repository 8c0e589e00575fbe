// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/planners/shardloss.h"

namespace slotscope {

qint64 replicaOffsetOf(const NodeState &replica)
{
    return replica.info ? replica.info->replicaOffset.value_or(0) : 0;
}

namespace {

/// Whether a replica may have its primary's data: it was connected once, or has keys from before. One that was never
/// connected, or is receiving its first copy, has offset 0, and the servers would not elect it either.
bool mayHaveData(const NodeState &replica)
{
    return replica.info && (replicaOffsetOf(replica) > 0 || replica.info->keys.value_or(0) > 0)
        && !replica.info->syncInProgress.value_or(false) && !replica.info->loading.value_or(false);
}

/// Whether a replica is receiving from its primary: within the ten seconds between two pings of an idle one.
bool hearsItsPrimary(const NodeState &replica)
{
    constexpr qint64 pingsWithinSeconds = 15;
    return PlanDraft::answers(replica) && replica.info && replica.info->primaryLinkUp.value_or(false)
        && replica.info->primaryLastIoSeconds.value_or(0) <= pingsWithinSeconds;
}

/// Whether a majority of the primaries with slots answers. Otherwise no node is ever marked as failed.
bool canVote(const PlanDraft &draft)
{
    int all = 0, answering = 0;
    for (const NodeState *primary : draft.primaries())
        if (!primary->slots.isEmpty()) {
            ++all;
            answering += PlanDraft::answers(*primary) ? 1 : 0;
        }
    return 2 * answering > all;
}

} // namespace

const NodeState *livingReplica(const PlanDraft &draft, const NodeState &primary)
{
    const NodeState *best = nullptr;
    for (const NodeState *replica : draft.replicasOf(primary.id))
        if (PlanDraft::alive(*replica) && mayHaveData(*replica)
            && (!best || replicaOffsetOf(*replica) > replicaOffsetOf(*best)))
            best = replica;
    return best;
}

bool isSilent(const PlanDraft &draft, const NodeState &primary)
{
    if (PlanDraft::answers(primary) || primary.slots.isEmpty() || canVote(draft))
        return false;
    const qsizetype suspect = primary.saidFailedBy.size() + primary.saidMaybeFailedBy.size();
    return 2 * suspect > draft.reachable().size();
}

bool isGone(const NodeState &primary)
{
    return primary.condition == NodeCondition::NoAddress && !primary.slots.isEmpty() && !PlanDraft::answers(primary);
}

bool hasFailed(const PlanDraft &draft, const NodeState &primary)
{
    int voters = 0, sayFailed = 0;
    for (const NodeState *node : draft.primaries()) {
        if (node == &primary || !PlanDraft::answers(*node))
            continue;
        ++voters;
        sayFailed += primary.saidFailedBy.contains(draft.view.indexOf(node->id)) ? 1 : 0;
    }
    const PlanDraft::Nodes replicas = draft.replicasOf(primary.id);
    return (voters == 0 || 2 * sayFailed > voters || isSilent(draft, primary) || isGone(primary))
        && std::none_of(replicas.begin(), replicas.end(),
                        [](const NodeState *replica) { return hearsItsPrimary(*replica); });
}

qint64 linkLostBeforeMs(const PlanDraft &draft, const NodeState &replica, const NodeState &primary)
{
    constexpr qint64 toleranceMs = 5000;
    std::optional<qint64> silentMs;
    for (const NodeObservation &observation : draft.view.observations) {
        const bool answers = observation.table && observation.reach.state == Reach::State::Ready;
        const NodeLine *said = answers ? observation.table->find(primary.id) : nullptr;
        if (!said || said->pongReceived <= 0)
            continue;
        qint64 newest = 0;
        for (const NodeLine &line : observation.table->lines)
            newest = std::max(newest, line.pongReceived);
        silentMs = std::min(silentMs.value_or(newest), newest - said->pongReceived);
    }
    const qint64 downMs = replica.info->primaryLinkDownSeconds.value_or(-1) * 1000;
    return silentMs && downMs - *silentMs > toleranceMs ? downMs - *silentMs : 0;
}

} // namespace slotscope
