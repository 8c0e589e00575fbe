// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/planners/plandraft.h"

namespace slotscope {

/// Whether a node that is going to replicate another one can log in there with its masteruser and masterauth.
enum class LoginFit : quint8 { Fits, Wrong, Unknown };
/// If `why` is given, it receives the reason for a mismatch.
[[nodiscard]] LoginFit loginFit(const NodeFacts &replica, const NodeFacts &primary, QString *why = nullptr);

/// Checks that `replica` can copy data from `primary`: login and data format. `severity` applies if it cannot.
void checkReplication(PlanDraft &draft, const NodeRef &replica, const NodeRef &primary, PlanCheck::Verdict severity);

/// Whether keys of `source` can be stored on `target`, as far as known.
[[nodiscard]] bool keysFit(const PlanDraft &draft, const NodeRef &source, const NodeRef &target);
/// Refuses the plan if keys of `source` cannot be stored on `target`: it has fewer databases, or cannot read the
/// payload version of the source. Reported once per pair.
void checkKeysFit(PlanDraft &draft, const NodeRef &source, const NodeRef &target);

} // namespace slotscope
