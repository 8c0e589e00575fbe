// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run.h"

namespace slotscope {

/// Whether every step is one that a planner of this program makes: a command that one of them sends, with the nodes and
/// slots that its kind works on. A plan may come from a journal that somebody else has changed: this is asked when it
/// is read, and again before it is carried out. Error::InvalidArgument says what is wrong.
[[nodiscard]] Result<> checkSteps(const OperationPlan &plan);

/// Whether all of `part` stands in `whole`, which may say more: a text that was read and written again has lost
/// nothing.
[[nodiscard]] bool isPartOf(const QJsonValue &part, const QJsonValue &whole);

/// Whether two plans do the same; how keys are moved may differ.
[[nodiscard]] bool doTheSame(const OperationPlan &a, const OperationPlan &b);

/// What the steps that a run has not done yet destroy or decide for good, for people: resuming it wants a consent of
/// its own to each.
[[nodiscard]] QStringList destructiveRest(const RunSnapshot &run);
/// The same run, as it is shown before it is resumed: what destroys stands among what may be lost.
[[nodiscard]] RunSnapshot asResumed(RunSnapshot run);

} // namespace slotscope
