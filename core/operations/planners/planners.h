// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/facts/facts.h"
#include "core/operations/plan/runsnapshot.h"

namespace slotscope {

/// Makes the plan for a request: checks, exact steps, estimate. Pure. Returns an Error only if the request itself is
/// invalid (unknown node, no slots given); if the cluster's state forbids it, the plan contains a refusing check.
[[nodiscard]] Result<OperationPlan> makePlan(const OperationRequest &request, const OperationFacts &facts);

/// Returns the request that undoes a run: slots that it moved or left open, a setting, the primaries of a rolling
/// failover, an added node. Nullopt for a roll-back, for a run that changed nothing, or if it cannot be undone (a
/// create: see RunOptions::rollBack; a removed node; decisions of a fix).
[[nodiscard]] std::optional<OperationRequest> rollBackOf(const RunSnapshot &run, const ClusterView &view);

/// Slots that are where the run was to move them.
[[nodiscard]] SlotSet stillMoved(const OperationPlan &plan, const ClusterView &view);

/// Returns the request that restores a setting on each node where a config plan changed it. Nullopt for other plans,
/// and if no old value is known.
[[nodiscard]] std::optional<ConfigRequest> undoOf(const OperationPlan &plan);

/// Splits `total` by weight into integers with that exact sum: largest remainder first, ties by index.
[[nodiscard]] QList<qint64> shares(qint64 total, const QList<qint64> &weights);

} // namespace slotscope
