// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/operations/run/run.h"

namespace slotscope {

class OperationsDoor;

/// Returns `view` for display: slots that `ours`, the operations of this program, have in migration on purpose are no
/// longer warnings; a note names the operation that moves them. Returns `view` itself if none of them is involved.
[[nodiscard]] ClusterViewPtr withRuns(const ClusterViewPtr &view, const QList<RunSnapshotPtr> &ours);
/// Adjusts the view for the operations of the door; null: none.
[[nodiscard]] ClusterViewPtr withRuns(const ClusterViewPtr &view, const OperationsDoor *operations);

/// Whether the finding is a note made by withRuns().
[[nodiscard]] bool isUnderWay(const Finding &finding);
/// Slots that operations of this program have in migration, in a view returned by withRuns().
[[nodiscard]] SlotSet slotsUnderWay(const ClusterView &view);

} // namespace slotscope
