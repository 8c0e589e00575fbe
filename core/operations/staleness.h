// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run.h"

namespace slotscope {

/// Whether what is left of a run may be done long after it was planned. Moving slots and gathering keys look at the
/// cluster as it is; what decides who owns slots, or deletes keys, goes by how it was.
[[nodiscard]] bool canWait(const RunSnapshot &run);

/// What has become different since the plan was made, for people; empty: nothing that matters to it. `unclear`: the
/// connection to some nodes is still being made, look again. The plan has a basis.
[[nodiscard]] QString outdatedBy(const OperationPlan &plan, const ClusterView &now, bool &unclear);

} // namespace slotscope
