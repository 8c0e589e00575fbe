// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/migration/runcontext.h"

namespace slotscope {

/// Removes the remaining keys of a probe whose program has ended.
[[nodiscard]] QCoro::Task<> removeLeftovers(std::shared_ptr<RunContext> context, DrillPlan plan);
/// Returns one line with the number of missing writes.
[[nodiscard]] QString outcomeNote(const DrillReport &report);
/// Number of writes of the drill's probe that replicas had acknowledged and that are lost nevertheless, which must
/// never happen. 0 if the run is no drill.
[[nodiscard]] qint64 lostInDrill(const RunSnapshot &run);

/// If a drill could not bring back what it took away, adds that to the run's error, with the nodes and what to do.
void tellNotBroughtBack(RunSnapshot &run);
/// Whether roles and slots are the same as before the drill; waits a moment for replicas to replicate their primaries
/// again. Differences are recorded in the run's state. True if the run is no drill, or the layout was not to be
/// restored.
[[nodiscard]] QCoro::Task<bool> isAsBeforeDrill(std::shared_ptr<RunContext> context);

} // namespace slotscope
