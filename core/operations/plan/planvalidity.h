// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plan/runsnapshot.h"

namespace slotscope {

/// Checks that every step could have been made by a planner of this program: known commands, and the nodes and slots
/// that its kind needs. A journal with a plan may have been modified, so this is checked when it is read and again
/// before it is executed. Error::InvalidArgument says what is wrong.
[[nodiscard]] Result<> checkSteps(const OperationPlan &plan);

/// Whether `whole` contains all of `part`, possibly more: reading and writing a text again has lost nothing.
[[nodiscard]] bool isPartOf(const QJsonValue &part, const QJsonValue &whole);

/// Whether two plans do the same; they may differ in how keys are moved.
[[nodiscard]] bool doTheSame(const OperationPlan &a, const OperationPlan &b);

/// Lists, for display, what the remaining steps of a run destroy or finally decide. Resuming needs a separate consent
/// to each.
[[nodiscard]] QStringList destructiveRest(const RunSnapshot &run);
/// The run as shown before it is resumed: destructive steps are added to its reasons for data loss.
[[nodiscard]] RunSnapshot asResumed(RunSnapshot run);

} // namespace slotscope
