// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/planners/plandraft.h"

namespace slotscope {

/// A replica's replication offset; 0 if it was never connected or does not report it.
[[nodiscard]] qint64 replicaOffsetOf(const NodeState &replica);
/// The living replica that has most of a primary's data; null if there is none, or none that may have any data.
[[nodiscard]] const NodeState *livingReplica(const PlanDraft &draft, const NodeState &primary);
/// Replaces "failed" if no majority can vote: the primary does not answer us, and most answering nodes suspect it.
[[nodiscard]] bool isSilent(const PlanDraft &draft, const NodeState &primary);
/// Whether the others have lost the node's address: it was restarted with a new id, or no longer exists. It is never
/// marked as failed, and never comes back as itself.
[[nodiscard]] bool isGone(const NodeState &primary);
/// Whether a majority of the answering primaries reports it as failed, and no replica receives from it.
[[nodiscard]] bool hasFailed(const PlanDraft &draft, const NodeState &primary);
/// How long before its primary fell silent a replica had lost its link; 0 if not noticeably. Times are compared on each
/// observer's own clock, whose present time is taken from its most recent pong.
[[nodiscard]] qint64 linkLostBeforeMs(const PlanDraft &draft, const NodeState &replica, const NodeState &primary);

} // namespace slotscope
