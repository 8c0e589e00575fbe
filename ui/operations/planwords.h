// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"

namespace slotscope {

/// The plan as redis-cli lines for a shell, each step below its title; waits between them are comments.
[[nodiscard]] QString shellText(const OperationPlan &plan, const QList<int> &steps = {});
/// The whole plan as plain text: checks, steps, risks, what is verified.
[[nodiscard]] QString planText(const OperationPlan &plan);
/// Text of the button that starts it, such as "Move 1,000 slots".
[[nodiscard]] QString actText(const OperationRequest &request, const OperationPlan &plan);
/// Whether it deletes or overwrites data, or cannot be undone.
[[nodiscard]] bool isDestructive(const OperationRequest &request, const OperationPlan &plan);
/// "pass", "warning" or "refused", preceded by a symbol.
[[nodiscard]] QString verdictWord(PlanCheck::Verdict verdict);

/// The cluster as it will be after `moves`.
[[nodiscard]] ClusterViewPtr afterMoves(const ClusterView &view, const QList<SlotMove> &moves);
/// The new cluster of a create, from the layout of its plan; null if the plan has none.
[[nodiscard]] ClusterViewPtr viewOfLayout(const OperationPlan &plan);

} // namespace slotscope
