// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/runcontext.h"

namespace slotscope {

/// Removes the keys of a probe whose program has ended, those that are still there.
[[nodiscard]] QCoro::Task<> removeLeftovers(std::shared_ptr<RunContext> context, DrillPlan plan);
/// How many writes are missing, in one line.
[[nodiscard]] QString outcomeNote(const DrillReport &report);
/// Writes of a drill's probe that the replicas had acknowledged, and that are gone: never to be. 0 where it is no
/// drill.
[[nodiscard]] qint64 lostInDrill(const RunSnapshot &run);

/// Where a drill could not bring back what it took away, its error says so, with the nodes and the way on.
void tellNotBroughtBack(RunSnapshot &run);
/// Whether roles and slots are those from before the drill; waits a moment for replicas to follow. What differs stands
/// in the state. True where it is no drill, or the layout was not to be made again.
[[nodiscard]] QCoro::Task<bool> isAsBeforeDrill(std::shared_ptr<RunContext> context);

} // namespace slotscope
