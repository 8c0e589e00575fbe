// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterinfo.h"
#include "core/operations/keymover.h"

namespace slotscope {

/// So many slots go together at most.
inline constexpr int mostSlotsInGroup = 32;

/// One source and one target at work.
struct SlotPair
{
    SlotMove move; ///< slots: what is still to be moved
    MigrationOptions options;
    std::shared_ptr<KeyRoute> route;
    QList<quint16> queue; ///< not begun
    SlotSet open; ///< begun, not handed over
    int groupSize = mostSlotsInGroup;
    int done = 0; ///< slots handed over
    QByteArrayList fallen; ///< who was the target before
    std::optional<Error> error; ///< of a lane; the others end after their group
    QList<NodeRef> others; ///< further primaries, told of the new owner
    QList<NodeRef> replicas; ///< of the target
    std::optional<qint64> meetsBefore; ///< MEETs the target had received before tellClaims(); nothing: it heard of it
    bool tellsOnce = false; ///< the target is a Redis: it may be made to tell of a group with two broadcasts
    std::shared_ptr<Room> handingOver = std::make_shared<Room>(1); ///< for one group, where slots go one by one
};

/// Looks at the cluster as it is now: who the two ends are, which slots are still to be moved. Slots that the target
/// owns already, or that its predecessor owned when it died, are closed on the source, and done.
[[nodiscard]] QCoro::Task<Result<>> preparePair(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair);

/// Whether the slot was being handed over when the connection or the target was lost: the source does not claim it any
/// more, nobody else does, and the target imports it from there, or is the heir of the `fallen` (former targets, the
/// last one last), who took it and did not live to tell the heir. Its keys are at the target.
[[nodiscard]] bool isInHand(const ClusterView &view, const NodeRef &source, const NodeRef &target,
                            const QByteArrayList &fallen, quint16 slot);

/// SETSLOT for each slot in one write, so that the node saves its table once. No `id` with STABLE.
[[nodiscard]] QCoro::Task<Result<>> setSlots(std::shared_ptr<NodeLink> link, QList<quint16> slotList, QByteArray what,
                                             QByteArray id, bool roleMayHaveChanged, int timeoutMs = 0);
/// Tells a node who owns slots that it gives to a third one or to nobody. While it imports a slot from a primary that
/// dies it hears nothing of who took that over, and says CLUSTERDOWN (Redis, clusterUpdateSlotsConfigWith). What it
/// claims itself stays.
[[nodiscard]] QCoro::Task<Result<>> tellOwner(std::shared_ptr<NodeLink> link, ClusterViewPtr view, NodeRef node,
                                              NodeRef owner, SlotSet slotSet);
/// Whether the target, when it takes a slot, has a higher epoch than the source: its own is, or what it has heard of
/// makes it take a higher one. Where it is not, a packet of the source that is still under way takes the slot back, and
/// the target deletes the keys that it was just given (Redis 3.0 and later, Valkey).
[[nodiscard]] bool isAhead(const ClusterInfo &target, const ClusterInfo &source);
/// IMPORTING on the target first: it must be able to take ASK before the source says so. The source's first keys come
/// with its answers. Waits until the target is ahead.
[[nodiscard]] QCoro::Task<Result<std::shared_ptr<KeyMoves>>>
openGroup(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair, QList<quint16> group);
/// Lets the source tell the target what it owns, with a MEET, which is sent at once; awaitClaims() waits until that is
/// heard, a second at most. Redis 7 keeps a mark on a slot whose owner once sent a packet without it, also when the
/// slot comes to the node itself: where slots went the other way a moment ago, a packet that was under way could take
/// one back from the target, whatever its epoch, and the target would delete the keys. A packet that claims the slot
/// takes the mark away. Who may not send MEET goes on without.
[[nodiscard]] QCoro::Task<> tellClaims(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair,
                                       AnnouncedAddress target);
[[nodiscard]] QCoro::Task<> awaitClaims(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair);
/// The target's linked replicas must have what it was given before it becomes the owner: what a promoted replica lacks
/// is lost.
[[nodiscard]] QCoro::Task<Result<>> awaitReplicas(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair);
/// The target first: it takes a new epoch and tells everybody. Then the source. On a Valkey one slot after the other.
[[nodiscard]] QCoro::Task<Result<>> handOver(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair,
                                             QList<quint16> group);
/// The source says whose they are now, and ceases to claim them.
[[nodiscard]] QCoro::Task<Result<>> giveSlots(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair,
                                              QList<quint16> group, qsizetype queued = 0);
/// Tells the other primaries, whose clients are spared a redirect. Gossip does the rest where one is away.
[[nodiscard]] QCoro::Task<> tellOthers(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair,
                                       QList<quint16> group);

} // namespace slotscope
