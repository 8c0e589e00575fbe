// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/metrics/metricsbook.h"

namespace slotscope {

/// What has happened between two views of one cluster, oldest first: failovers, nodes lost and back, nodes that came or
/// went, slots that have another owner. Pure.
[[nodiscard]] std::vector<MetricEvent> eventsBetween(const ClusterView &before, const ClusterView &now);

/// Where the nodes of a view stand, by id.
[[nodiscard]] QHash<QByteArray, MetricNode> metricNodesOf(const ClusterView &view);

} // namespace slotscope
