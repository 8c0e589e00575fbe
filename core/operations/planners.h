// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/facts.h"
#include "core/operations/run.h"

namespace slotscope {

/// The plan for a request: checks, exact steps, estimate. Pure. An Error only where the request itself makes no sense
/// (an unknown node, no slots given); whatever the cluster's state forbids is a refusing check.
[[nodiscard]] Result<OperationPlan> makePlan(const OperationRequest &request, const OperationFacts &facts);

/// What takes back what a run has changed: slots that it moved or left open, a setting, the primaries of a rolling
/// failover, a node that it added. Nothing for a run that took back another itself, where it changed nothing, or what
/// cannot be taken back (a create: see RunOptions::rollBack; a removed node; what a fix decided).
[[nodiscard]] std::optional<OperationRequest> rollBackOf(const RunSnapshot &run, const ClusterView &view);

/// Slots that lie where a run was to move them.
[[nodiscard]] SlotSet stillMoved(const OperationPlan &plan, const ClusterView &view);

/// What sets a parameter back on each node that a config plan gave another value; nothing for other plans, and where no
/// node told what it had.
[[nodiscard]] std::optional<ConfigRequest> undoOf(const OperationPlan &plan);

/// Shares of `total` by weight, largest remainder first, ties by index: exact, sums to `total`.
[[nodiscard]] QList<qint64> shares(qint64 total, const QList<qint64> &weights);

} // namespace slotscope
