// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/runcontext.h"

namespace slotscope {

/// Does one step. Done a second time it changes nothing more: that is what resuming rests on.
[[nodiscard]] QCoro::Task<Result<>> doStep(std::shared_ptr<RunContext> context, PlanStep step);

/// Why a replica is not linked to its primary, in the servers' words; empty where they tell nothing.
[[nodiscard]] QCoro::Task<QString> whyNotLinked(std::shared_ptr<RunContext> context, NodeRef replica, NodeRef primary);

/// Makes nodes[0] the primary of its shard, and sees that everybody says so.
[[nodiscard]] QCoro::Task<Result<>> failOver(std::shared_ptr<RunContext> context, PlanStep step);

/// An RDB file of each node into step.folder, all begun together, with checksums and a manifest.
[[nodiscard]] QCoro::Task<Result<>> backUp(std::shared_ptr<RunContext> context, PlanStep step);

/// One part of a drill: takes nodes away and measures, brings them back, waits for them, ends the probe.
[[nodiscard]] QCoro::Task<Result<>> drill(std::shared_ptr<RunContext> context, PlanStep step);
/// Ends what a drill has begun to measure, and keeps its report; also where the run came to no good end.
[[nodiscard]] QCoro::Task<> endDrill(std::shared_ptr<RunContext> context);

} // namespace slotscope
