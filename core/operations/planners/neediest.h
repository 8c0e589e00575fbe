// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/planners/plandraft.h"

namespace slotscope {

/// Returns the living primary with slots that has the fewest replicas, counting also those in `extra` (replicas by
/// primary id) and ignoring those in `except`. Among several, prefers one on another host than `host`. Null if there is
/// none. Pure.
[[nodiscard]] const NodeState *neediest(const PlanDraft &draft, const QString &host,
                                        const QHash<QByteArray, int> &extra, const PlanDraft::Nodes &except);

} // namespace slotscope
