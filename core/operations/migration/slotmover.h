// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/migration/runcontext.h"

namespace slotscope {

/// Moves slots with SETSLOT and MIGRATE: disjoint (source, target) pairs in parallel, several slots per pair at a time,
/// with pipelined commands. Repeated after a crash, it completes half-way slots. At the end, every slot that it touched
/// has one owner and is closed, unless it returns an error and RunSnapshot::leftOpen lists the open ones.
[[nodiscard]] QCoro::Task<Result<>> moveSlots(std::shared_ptr<RunContext> context, PlanStep step);

/// Moves keys of `step.slots` from nodes[0] to nodes[1], which owns these slots.
[[nodiscard]] QCoro::Task<Result<>> gatherKeys(std::shared_ptr<RunContext> context, PlanStep step);

/// Deletes keys of `step.slots` on nodes[0], which does not own them.
[[nodiscard]] QCoro::Task<Result<>> deleteKeys(std::shared_ptr<RunContext> context, PlanStep step);

/// Moves slots with CLUSTER MIGRATESLOTS (Valkey 9) or CLUSTER MIGRATION IMPORT (Redis 8.4), depending on step.mode.
[[nodiscard]] QCoro::Task<Result<>> moveSlotsAtomically(std::shared_ptr<RunContext> context, PlanStep step);

} // namespace slotscope
