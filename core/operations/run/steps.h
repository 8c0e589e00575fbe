// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/migration/runcontext.h"

namespace slotscope {

/// Executes one step. Repeating it changes nothing more, so that runs can be resumed.
[[nodiscard]] QCoro::Task<Result<>> doStep(std::shared_ptr<RunContext> context, PlanStep step);

/// Why a replica is not connected to its primary, as the servers report; empty if they report nothing.
[[nodiscard]] QCoro::Task<QString> whyNotLinked(std::shared_ptr<RunContext> context, NodeRef replica, NodeRef primary);

/// Makes nodes[0] the primary of its shard, and checks that all nodes report it.
[[nodiscard]] QCoro::Task<Result<>> failOver(std::shared_ptr<RunContext> context, PlanStep step);

/// Saves an RDB file of each node in step.folder, all started together, with checksums and a manifest.
[[nodiscard]] QCoro::Task<Result<>> backUp(std::shared_ptr<RunContext> context, PlanStep step);

/// Executes one part of a drill: takes nodes away and measures, brings them back, waits for them, or ends the probe.
[[nodiscard]] QCoro::Task<Result<>> drill(std::shared_ptr<RunContext> context, PlanStep step);
/// Ends a drill's measurement and keeps its report, also if the run failed.
[[nodiscard]] QCoro::Task<> endDrill(std::shared_ptr<RunContext> context);

} // namespace slotscope
