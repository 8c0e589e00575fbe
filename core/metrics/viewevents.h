// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/metrics/metricsbook.h"

namespace slotscope {

/// Lists the events between two views of one cluster, oldest first: failovers, nodes lost and recovered, nodes that
/// joined or left, slots with a new owner. Pure.
[[nodiscard]] std::vector<MetricEvent> eventsBetween(const ClusterView &before, const ClusterView &now);

/// Role and shard of each node in a view, by id.
[[nodiscard]] QHash<QByteArray, MetricNode> metricNodesOf(const ClusterView &view);

} // namespace slotscope
