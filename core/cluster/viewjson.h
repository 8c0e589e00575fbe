// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QJsonObject>

namespace slotscope {

/// Converts a complete view to JSON: state, shards, nodes with each observer's report, findings. Unknown values are
/// missing or null, never 0.
[[nodiscard]] QJsonObject toJson(const ClusterView &view);
[[nodiscard]] QJsonObject toJson(const ClusterView &view, const NodeState &node);
[[nodiscard]] QJsonObject toJson(const ClusterView &view, const Finding &finding);
[[nodiscard]] QJsonObject toJson(const SentinelState &state);
/// "ok", "fail?", "failed", "unreachable", "handshake", "noaddr", "loading", "unknown".
[[nodiscard]] QString conditionName(NodeCondition condition);
/// "primary", "replica", "unknown".
[[nodiscard]] QString roleName(const NodeState &node);
/// "connecting", "ready", "waiting", "refused", "unknown".
[[nodiscard]] QString reachName(Reach::State state);

} // namespace slotscope
