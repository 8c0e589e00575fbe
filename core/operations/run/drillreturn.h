// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/migration/runcontext.h"

namespace slotscope {

/// Whether the node answers twice, a moment apart, because a server told to stop may still answer once. Error replies
/// count, too.
[[nodiscard]] QCoro::Task<bool> answersNow(std::shared_ptr<RunContext> context, NodeRef node);
/// Brings the drill's targets back; each is tried even if others fail. A primary that does not answer is started only
/// after another node serves its slots. If that does not happen, or the user stops first, it is left as it is and the
/// result is Error::NotReached.
[[nodiscard]] QCoro::Task<Result<>> bringBack(std::shared_ptr<RunContext> context, PlanStep step, DrillPlan plan);
/// Waits until every node agrees and the replicas are connected.
[[nodiscard]] QCoro::Task<Result<>> settleDown(std::shared_ptr<RunContext> context, PlanStep step);

} // namespace slotscope
