// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/operationsdoor.h"

namespace slotscope {

/// The plan as redis-cli lines for a shell, each step under its title; the waits between them as comments.
[[nodiscard]] QString shellText(const OperationPlan &plan, const QList<int> &steps = {});
/// The whole plan for people: checks, steps, risks, what is verified.
[[nodiscard]] QString planText(const OperationPlan &plan);
/// What the button that starts it says: "Move 1,000 slots".
[[nodiscard]] QString actText(const OperationRequest &request, const OperationPlan &plan);
/// It drops or overwrites something, or cannot be taken back.
[[nodiscard]] bool isDestructive(const OperationRequest &request, const OperationPlan &plan);
/// "pass", "warning", "refused", with a shape before it.
[[nodiscard]] QString verdictWord(PlanCheck::Verdict verdict);

/// The cluster as it will be when `moves` are done.
[[nodiscard]] ClusterViewPtr afterMoves(const ClusterView &view, const QList<SlotMove> &moves);
/// The cluster that a create makes, from its plan's layout; null where the plan has none.
[[nodiscard]] ClusterViewPtr viewOfLayout(const OperationPlan &plan);

} // namespace slotscope
