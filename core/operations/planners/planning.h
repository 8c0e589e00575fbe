// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/planners/planners.h"

namespace slotscope {

/// Gathers what the request's planner needs, including which run of this computer is active there by the journals in
/// the folder, and makes the plan. A CreateRequest needs no session. Core thread.
[[nodiscard]] QCoro::Task<Result<OperationPlan>> planFor(std::shared_ptr<ClusterSession> session, Access access,
                                                         OperationRequest request, QString journalFolder);

} // namespace slotscope
