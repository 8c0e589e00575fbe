// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/operations/run.h"

namespace slotscope::samples {

/// A reshard of 1,000 slots from the first to the second shard of `view`, in one of its states. `minutesAgo` it began.
[[nodiscard]] RunSnapshot reshardRun(const ClusterView &view, RunState state, int minutesAgo = 0);
/// The same with texts of every length that a server or a user may come up with.
[[nodiscard]] RunSnapshot longRun(const ClusterView &view);
/// A drill whose primary stood still for eight seconds: writes failed, a replica was elected, some writes are gone.
[[nodiscard]] RunSnapshot drillRun(const ClusterView &view, RunState state);
/// A cluster of other nodes.
[[nodiscard]] ClusterViewPtr foreignView();
/// A dozen runs in every state.
[[nodiscard]] QList<RunSnapshotPtr> runs(const ClusterView &view);

} // namespace slotscope::samples
