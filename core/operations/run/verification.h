// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/migration/runcontext.h"

namespace slotscope {

/// Result of the final check of a run.
struct Verification
{
    bool whole = true; ///< all is as it should be
    ClusterViewPtr last; ///< latest view; null if no node could be queried
};

/// Queries all nodes until everything is as it should be, for at most 20 s, but only briefly if the run failed. The
/// result is stored in the run's state. Core thread.
[[nodiscard]] QCoro::Task<Verification> verifyOutcome(std::shared_ptr<RunContext> context, bool succeeded);

} // namespace slotscope
