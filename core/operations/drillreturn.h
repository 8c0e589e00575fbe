// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/runcontext.h"

namespace slotscope {

/// Two answers, a moment apart: one that was told to stop may answer once more. Any reply is one, a refusal too.
[[nodiscard]] QCoro::Task<bool> answersNow(std::shared_ptr<RunContext> context, NodeRef node);
/// Does what brings the targets back; each is tried, whatever became of the others. A primary that does not answer is
/// started only when another node serves its slots: Error::NotReached where that does not come, or a stop comes first;
/// it then stays as it is.
[[nodiscard]] QCoro::Task<Result<>> bringBack(std::shared_ptr<RunContext> context, PlanStep step, DrillPlan plan);
/// Until every node agrees and the replicas are linked.
[[nodiscard]] QCoro::Task<Result<>> settleDown(std::shared_ptr<RunContext> context, PlanStep step);

} // namespace slotscope
