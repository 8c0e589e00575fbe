// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/operations/plan/plan.h"

namespace slotscope {

/// The present primary of the shard that `node` belonged to when the plan was made: itself, or its successor. `heirs`
/// are its replicas at that time, needed to find the shard if we did not see the successor take over.
[[nodiscard]] NodeRef primaryNow(const ClusterView &view, const NodeRef &node, const QByteArrayList &heirs = {});

/// Whether the node answers, and no node reports that it has failed.
[[nodiscard]] bool isAlive(const NodeState &node);
/// Whether retrying, after checking the cluster again, may succeed. Any other error would occur again.
[[nodiscard]] bool isTransient(const Error &error);
[[nodiscard]] SlotSet openIn(const ClusterView &view);
/// Living primaries that have no open slot although their replicas show it as open (Valkey 8 and later). Either the
/// replica took its copy during a handover and missed its end (valkey#1664), or it executed a SETSLOT whose client
/// disconnected before the primary did. Another STABLE makes the primary inform its replicas.
[[nodiscard]] QList<int> primariesToTell(const ClusterView &view, quint16 slot);
/// These primaries, with the slots that no primary shows as open.
[[nodiscard]] QHash<int, SlotSet> openOnReplicasOnly(const ClusterView &view);

/// Returns what a step's condition still lacks, as text; empty if it holds. Pure.
[[nodiscard]] QString missingFor(const PlanStep &step, const ClusterView &view);

/// One result of the final check of a run, as text, about the state of all nodes. `good` is false if it is not as it
/// should be. Problems from before the run count as good, unless the run was to repair them.
struct Assessment
{
    bool good = true; ///< or as bad as before the run
    QString text;
    bool broken = false; ///< also set if it was so before
};
/// Bad results come first.
[[nodiscard]] QList<Assessment> verdictOn(const ClusterView &view, const OperationPlan &plan);

} // namespace slotscope
