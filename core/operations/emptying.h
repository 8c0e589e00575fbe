// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/runcontext.h"

namespace slotscope {

/// Makes the nodes of a create that did not come about empty nodes of no cluster again (CLUSTER RESET HARD), primaries
/// first: a server refuses where it holds keys, a replica does not. Nothing is done where one of them holds keys, has
/// become a node of another cluster, or knows nodes that the plan does not name; a node that is empty already is left
/// alone. `asked`: by the user, maybe long after: then all must answer. In the moment of a failure those that do not
/// are named and left. Needs the journal. Marks the run as rolled back where all are empty.
[[nodiscard]] QCoro::Task<Result<>> emptyNodes(std::shared_ptr<RunContext> context, bool asked);

} // namespace slotscope
