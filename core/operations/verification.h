// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/runcontext.h"

namespace slotscope {

/// What the end of a run found.
struct Verification
{
    bool whole = true; ///< or there was nobody to ask
    ClusterViewPtr last; ///< null where nobody was asked
};

/// Asks every node until all is as it should be, 20 s at most; once where the run did not succeed. What was found
/// stands in the state. Core thread.
[[nodiscard]] QCoro::Task<Verification> verifyOutcome(std::shared_ptr<RunContext> context, bool succeeded);

} // namespace slotscope
