// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterinfo.h"
#include "core/operations/migration/keymover.h"

namespace slotscope {

/// The largest number of slots moved together.
inline constexpr int mostSlotsInGroup = 32;

/// The slot moves from one source to one target.
struct SlotPair
{
    SlotMove move; ///< its `slots` are those still to be moved
    MigrationOptions options;
    std::shared_ptr<KeyRoute> route;
    QList<quint16> queue; ///< slots not begun
    SlotSet open; ///< slots begun and not yet handed over
    int groupSize = mostSlotsInGroup;
    int done = 0; ///< number of slots handed over
    QByteArrayList fallen; ///< ids of former targets that failed
    std::optional<Error> error; ///< error of one lane; the others end after their current group
    QList<NodeRef> others; ///< other primaries, which are told the new owner
    QList<NodeRef> replicas; ///< replicas of the target
    /// MEETs that the target had received before tellClaims(); nullopt: it has heard the claims
    std::optional<qint64> meetsBefore;
    bool tellsOnce = false; ///< the target runs Redis, which can announce a group with two broadcasts
    /// for one group at a time, if slots are handed over one by one
    std::shared_ptr<InFlightLimit> handingOver = std::make_shared<InFlightLimit>(1);
};

/// Determines from the present cluster which nodes the two ends are and which slots must still be moved. Slots that the
/// target already owns, or that its predecessor owned when it died, are closed on the source and count as done.
[[nodiscard]] QCoro::Task<Result<>> preparePair(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair);

/// Whether the slot was being handed over when the connection or the target was lost: neither the source nor anybody
/// else claims it, and the target is importing it from the source or is the successor of the `fallen` (former targets,
/// latest last), one of which took the slot and died before it could inform its successor. The keys are then on the
/// target.
[[nodiscard]] bool isInHand(const ClusterView &view, const NodeRef &source, const NodeRef &target,
                            const QByteArrayList &fallen, quint16 slot);

/// Sends SETSLOT for each slot in one write, so that the node saves its table only once. STABLE has no `id`.
[[nodiscard]] QCoro::Task<Result<>> setSlots(std::shared_ptr<NodeLink> link, QList<quint16> slotList, QByteArray what,
                                             QByteArray id, bool roleMayHaveChanged, int timeoutMs = 0);
/// Tells a node the owners of slots that it assigns to a third node or to none. While a node imports a slot from a
/// primary that dies, it does not learn who took that over, and replies CLUSTERDOWN (Redis,
/// clusterUpdateSlotsConfigWith). Slots that it claims itself stay.
[[nodiscard]] QCoro::Task<Result<>> tellOwner(std::shared_ptr<NodeLink> link, ClusterViewPtr view, NodeRef node,
                                              NodeRef owner, SlotSet slotSet);
/// Whether the target will have a higher epoch than the source when it takes a slot: its own epoch is higher, or the
/// epochs that it knows make it take a higher one. Otherwise a packet of the source still in transit would take the
/// slot back, and the target would delete the keys it has just received (Redis 3.0 and later, Valkey).
[[nodiscard]] bool isAhead(const ClusterInfo &target, const ClusterInfo &source);
/// Opens slots: IMPORTING on the target first, because it must accept ASK before the source sends it. The source's
/// first keys are read with its replies. Waits until the target is ahead.
[[nodiscard]] QCoro::Task<Result<std::shared_ptr<KeyMoves>>>
openGroup(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair, QList<quint16> group);
/// Makes the source report its slots to the target with a MEET, which is sent at once; awaitClaims() waits for that, a
/// second at most. Redis 7 marks a slot whose owner once sent a packet without it, even if the slot comes to the node
/// itself. If slots were moved the other way a moment ago, a packet in transit could therefore take one back from the
/// target regardless of its epoch, and the target would delete the keys. A packet that claims the slot removes the
/// mark. If MEET is not permitted, the move continues without it.
[[nodiscard]] QCoro::Task<> tellClaims(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair,
                                       AnnouncedAddress target);
[[nodiscard]] QCoro::Task<> awaitClaims(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair);
/// Waits until the target's connected replicas have received the keys, before it becomes the owner: keys missing on a
/// promoted replica would be lost.
[[nodiscard]] QCoro::Task<Result<>> awaitReplicas(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair);
/// Hands over slots: first on the target, which takes a new epoch and informs everybody, then on the source. With
/// Valkey one slot after the other.
[[nodiscard]] QCoro::Task<Result<>> handOver(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair,
                                             QList<quint16> group);
/// Makes the source accept the new owner and give up its claim.
[[nodiscard]] QCoro::Task<Result<>> giveSlots(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair,
                                              QList<quint16> group, qsizetype queued = 0);
/// Tells the other primaries the new owner, which saves their clients a redirect. If one is unreachable, gossip will
/// inform it.
[[nodiscard]] QCoro::Task<> tellOthers(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair,
                                       QList<quint16> group);

} // namespace slotscope
