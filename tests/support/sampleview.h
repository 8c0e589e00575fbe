// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/session/sessiondoor.h"
#include "core/session/slotheat.h"

namespace slotscope::samples {

/// A cluster of three primaries and three replicas without problems. `tick` changes the metrics, to simulate updates.
[[nodiscard]] ClusterViewPtr healthy(int tick = 0);

/// A cluster of five shards, ten nodes and one node without an address: with a failed replica, open slots, disputed
/// slots and an uncovered slot range.
[[nodiscard]] ClusterViewPtr degraded(int tick = 0);

/// A cluster with IPv6 addresses, long host names and a shard of hundreds of slot ranges.
[[nodiscard]] ClusterViewPtr longNames();

/// A cluster of this many shards on three hosts, without problems. The replicas of each shard are on the hosts that
/// follow its primary's host.
[[nodiscard]] ClusterViewPtr ofShards(int shards, int replicas = 1, int tick = 0);

/// A cluster of 500 shards with two nodes each.
[[nodiscard]] ClusterViewPtr thousandNodes(int tick = 0);

/// A standalone server without cluster mode.
[[nodiscard]] ClusterViewPtr standalone();

/// Made-up key counts of the slots of `view`.
[[nodiscard]] SlotKeyCountsPtr keyCounts(const ClusterView &view);
/// Made-up CPU and network use of the slots of `view` at reading number `reading` (0, 1, …), where readings are five
/// seconds apart.
[[nodiscard]] NodeSlotUse slotUse(const ClusterView &view, int reading);

} // namespace slotscope::samples
