// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/operations/run/run.h"

namespace slotscope::samples {

/// A run that reshards 1,000 slots from the first to the second shard of `view`, in this state, begun `minutesAgo`
/// minutes ago.
[[nodiscard]] RunSnapshot reshardRun(const ClusterView &view, RunState state, int minutesAgo = 0);
/// The same reshard run, with very short and very long texts such as a server or a user may produce.
[[nodiscard]] RunSnapshot longRun(const ClusterView &view);
/// A failure drill in which the primary was frozen for eight seconds: writes failed, a replica was elected and some
/// writes were lost.
[[nodiscard]] RunSnapshot drillRun(const ClusterView &view, RunState state);
/// A cluster whose nodes are not those of the other samples.
[[nodiscard]] ClusterViewPtr foreignView();
/// A dozen runs that cover every run state.
[[nodiscard]] QList<RunSnapshotPtr> runs(const ClusterView &view);

} // namespace slotscope::samples
