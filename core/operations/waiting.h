// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/operations/plan.h"

namespace slotscope {

/// The primary of the shard that `node` belonged to when the plan was made: itself, or who was promoted. `heirs` are
/// the replicas it had: who did not see it lead cannot tell its shard from the cluster.
[[nodiscard]] NodeRef primaryNow(const ClusterView &view, const NodeRef &node, const QByteArrayList &heirs = {});

[[nodiscard]] SlotSet openIn(const ClusterView &view);
/// Living primaries whose replicas show the slot as open and who do not themselves (Valkey 8 and later): the replica
/// took its copy in the middle of a hand-over and missed its end (valkey#1664), or had executed a SETSLOT whose client
/// went before the primary did it. Told STABLE once more, the primary tells them.
[[nodiscard]] QList<int> primariesToTell(const ClusterView &view, quint16 slot);
/// Those, with the slots that no primary shows as open.
[[nodiscard]] QHash<int, SlotSet> openOnReplicasOnly(const ClusterView &view);

/// What is still missing for a step's condition, in words; empty: it holds. Pure.
[[nodiscard]] QString missingFor(const PlanStep &step, const ClusterView &view);

/// What the end of a run looks at on every node: the state of the whole, in words; not `good` where it is not whole.
/// What was amiss before the run is no fault of it, but for one that repairs.
struct Assessment
{
    bool good = true; ///< or as it was before
    QString text;
    bool broken = false; ///< also where it was so before
};
/// What is broken comes first.
[[nodiscard]] QList<Assessment> verdictOn(const ClusterView &view, const OperationPlan &plan);

} // namespace slotscope
