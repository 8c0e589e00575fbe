// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/planners.h"

namespace slotscope {

/// Gathers what the request's planner must know, also which run of this machine is at work there by the journals of the
/// folder, and plans. No session is needed for a CreateRequest. Core thread.
[[nodiscard]] QCoro::Task<Result<OperationPlan>> planFor(std::shared_ptr<ClusterSession> session, Access access,
                                                         OperationRequest request, QString journalFolder);

} // namespace slotscope
