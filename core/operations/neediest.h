// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plandraft.h"

namespace slotscope {

/// The living primary with slots that has fewest replicas, with those of `extra` (by its id), none of `except`; one on
/// another host than `host` where there are several. Null: there is none. Pure.
[[nodiscard]] const NodeState *neediest(const PlanDraft &draft, const QString &host,
                                        const QHash<QByteArray, int> &extra, const PlanDraft::Nodes &except);

} // namespace slotscope
