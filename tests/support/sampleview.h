// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/session/sessiondoor.h"
#include "core/session/slotheat.h"

namespace slotscope::samples {

/// Three primaries, three replicas, nothing wrong. `tick` moves the figures, for updates.
[[nodiscard]] ClusterViewPtr healthy(int tick = 0);

/// Five shards, ten nodes and a ghost: a failed replica, open slots, disputed slots, an uncovered range.
[[nodiscard]] ClusterViewPtr degraded(int tick = 0);

/// IPv6, long host names, hundreds of slot ranges in one shard.
[[nodiscard]] ClusterViewPtr longNames();

/// So many shards on three hosts, each with replicas on the next ones; nothing wrong.
[[nodiscard]] ClusterViewPtr ofShards(int shards, int replicas = 1, int tick = 0);

/// 500 shards of two nodes.
[[nodiscard]] ClusterViewPtr thousandNodes(int tick = 0);

/// A standalone server without cluster.
[[nodiscard]] ClusterViewPtr standalone();

/// Keys a slot, made up, fitting to `view`.
[[nodiscard]] SlotKeyCountsPtr keyCounts(const ClusterView &view);
/// CPU and network of the slots, made up, at the reading's number: 0, 1, … five seconds apart.
[[nodiscard]] NodeSlotUse slotUse(const ClusterView &view, int reading);

} // namespace slotscope::samples
