// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plandraft.h"

namespace slotscope {

/// Whether a node would be let in by another one that it shall replicate, by its masteruser and masterauth.
enum class LoginFit : quint8 { Fits, Wrong, Unknown };
/// `why`, where given, is told what is wrong.
[[nodiscard]] LoginFit loginFit(const NodeFacts &replica, const NodeFacts &primary, QString *why = nullptr);

/// A check that `replica` could copy from `primary`: the login, and the form of the data. `severity`: where it could
/// not.
void checkReplication(PlanDraft &draft, const NodeRef &replica, const NodeRef &primary, PlanCheck::Verdict severity);

/// Whether keys of `source` can be put on `target`, as far as is known.
[[nodiscard]] bool keysFit(const PlanDraft &draft, const NodeRef &source, const NodeRef &target);
/// Refuses where keys of `source` cannot be put on `target`: it has fewer databases, or does not read the form in which
/// the source dumps values. Said once a pair.
void checkKeysFit(PlanDraft &draft, const NodeRef &source, const NodeRef &target);

} // namespace slotscope
