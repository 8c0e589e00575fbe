// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/net/uri.h"

namespace slotscope {

/// Creates a cluster from empty nodes: the first `primaries` nodes become primaries with equal slot ranges, the others
/// their replicas in turn. Returns when every node agrees and all replicas are connected. For throw-away clusters, so
/// without plan and journal.
[[nodiscard]] QCoro::Task<Result<>> formCluster(QList<Endpoint> nodes, int primaries, Access access,
                                                std::stop_token stop);

/// Makes all other nodes replicas of the first; returns when all are connected.
[[nodiscard]] QCoro::Task<Result<>> formReplicaSet(QList<Endpoint> nodes, Access access, std::stop_token stop);

} // namespace slotscope
