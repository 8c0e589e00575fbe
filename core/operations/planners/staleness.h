// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plan/runsnapshot.h"

namespace slotscope {

/// Whether the rest of a run may be executed long after planning. Moving slots and gathering keys check the present
/// cluster, but steps that decide slot owners or delete keys rely on its former state.
[[nodiscard]] bool canWait(const RunSnapshot &run);

/// Describes what has changed since the plan was made; empty if nothing relevant. `unclear` is set if connections to
/// some nodes are still being opened, so that the check should be repeated. The plan must have a basis.
[[nodiscard]] QString outdatedBy(const OperationPlan &plan, const ClusterView &now, bool &unclear);

} // namespace slotscope
