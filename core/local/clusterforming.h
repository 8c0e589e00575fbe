// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/net/uri.h"

namespace slotscope {

/// Makes one cluster of fresh empty nodes, the first `primaries` being primaries with equal slot ranges and the others
/// their replicas in turn; done when every node agrees and all replicas are linked. For throw-away clusters: no plan,
/// no journal.
[[nodiscard]] QCoro::Task<Result<>> formCluster(QList<Endpoint> nodes, int primaries, Access access,
                                                std::stop_token stop);

/// Makes all but the first node replicas of the first; done when all are linked.
[[nodiscard]] QCoro::Task<Result<>> formReplicaSet(QList<Endpoint> nodes, Access access, std::stop_token stop);

} // namespace slotscope
