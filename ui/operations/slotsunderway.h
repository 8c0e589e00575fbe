// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/operations/run.h"

namespace slotscope {

class OperationsDoor;

/// `view` as the window shows it: what `ours`, the runs of this program, have open on purpose is no fault, and no
/// longer among the warnings; a note says what moves it. `view` itself where none of them has to do with it.
[[nodiscard]] ClusterViewPtr withRuns(const ClusterViewPtr &view, const QList<RunSnapshotPtr> &ours);
/// The same with the runs of the door; null: none.
[[nodiscard]] ClusterViewPtr withRuns(const ClusterViewPtr &view, const OperationsDoor *operations);

/// A note of withRuns().
[[nodiscard]] bool isUnderWay(const Finding &finding);
/// What our runs have open, in a view that withRuns() gave.
[[nodiscard]] SlotSet slotsUnderWay(const ClusterView &view);

} // namespace slotscope
