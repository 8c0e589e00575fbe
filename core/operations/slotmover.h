// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/runcontext.h"

namespace slotscope {

/// Whether it may go well when it is tried again, with the cluster looked at anew. Any other error would come again.
[[nodiscard]] bool isTransient(const Error &error);

/// Moves slots with SETSLOT and MIGRATE. Disjoint (source, target) pairs side by side; in a pair several slots in
/// flight, their commands pipelined. Done again after a crash it finishes what it finds half-way. The coroutine ends
/// with the cluster whole: every slot it touched has one owner and is closed, but where the error says otherwise and
/// RunSnapshot::leftOpen names them.
[[nodiscard]] QCoro::Task<Result<>> moveSlots(std::shared_ptr<RunContext> context, PlanStep step);

/// Keys of `step.slots` that lie on nodes[0] go to nodes[1], which owns these slots.
[[nodiscard]] QCoro::Task<Result<>> gatherKeys(std::shared_ptr<RunContext> context, PlanStep step);

/// Keys of `step.slots` on nodes[0], which does not own them, are deleted.
[[nodiscard]] QCoro::Task<Result<>> deleteKeys(std::shared_ptr<RunContext> context, PlanStep step);

/// CLUSTER MIGRATESLOTS (Valkey 9) or CLUSTER MIGRATION IMPORT (Redis 8.4), by step.mode.
[[nodiscard]] QCoro::Task<Result<>> moveSlotsAtomically(std::shared_ptr<RunContext> context, PlanStep step);

} // namespace slotscope
