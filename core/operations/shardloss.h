// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plandraft.h"

namespace slotscope {

/// Its replication offset; 0: it was never linked, or does not tell.
[[nodiscard]] qint64 replicaOffsetOf(const NodeState &replica);
/// The living replica with most of the data of a primary; null: there is none, or none that may have any.
[[nodiscard]] const NodeState *livingReplica(const PlanDraft &draft, const NodeState &primary);
/// What stands for “failed” where nobody can vote: it does not answer us, and most nodes that do suspect it.
[[nodiscard]] bool isSilent(const PlanDraft &draft, const NodeState &primary);
/// The others have lost its address: it was started again with a new id, or is no more. It is never called failed, and
/// never comes back as itself.
[[nodiscard]] bool isGone(const NodeState &primary);
/// A majority of the primaries that answer call it failed, and no replica hears from it.
[[nodiscard]] bool hasFailed(const PlanDraft &draft, const NodeState &primary);
/// How long before its primary fell silent a replica had lost its link; 0: not noticeably. By each observer's own
/// clock: the last pong of anybody is as good as now there.
[[nodiscard]] qint64 linkLostBeforeMs(const PlanDraft &draft, const NodeState &replica, const NodeState &primary);

} // namespace slotscope
