// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/migration/runcontext.h"

namespace slotscope {

/// Undoes a failed create: resets its nodes to empty nodes of no cluster (CLUSTER RESET HARD), primaries first, because
/// a server with keys refuses and a replica does not. Nothing is done if a node holds keys, belongs to another cluster
/// now, or knows nodes outside the plan. A node already empty is left alone. `asked` means that the user requested
/// this, maybe long after the run: then all nodes must answer. Right after a failure, silent nodes are reported and
/// skipped. Requires the journal. If all are empty, the run is marked as rolled back.
[[nodiscard]] QCoro::Task<Result<>> emptyNodes(std::shared_ptr<RunContext> context, bool asked);

} // namespace slotscope
