// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"
#include "core/operations/run/run.h"

namespace slotscope {

/// A state as symbol, word and tone, so that it does not depend on colour alone.
struct RunWord
{
    QString mark; ///< one character: "▶", "✓", "✕", …
    QString text; ///< "Running", "Done", …
    Tone tone = Tone::Neutral;
};
[[nodiscard]] RunWord runWord(const RunSnapshot &run);
[[nodiscard]] RunWord stepWord(StepState::State state, const RunSnapshot &run);

/// Progress from 0 to 1: by slots if slots are moved, else by steps.
[[nodiscard]] double doneShare(const RunSnapshot &run);
/// "Reshard 43 %", "Fail over · step 2 of 4".
[[nodiscard]] QString shortProgress(const RunSnapshot &run);
[[nodiscard]] SlotSet slotsToMove(const OperationPlan &plan);

/// Whether it ended early and is worth resuming: interrupted, stopped, or failed with open slots.
[[nodiscard]] bool isUnfinished(const RunSnapshot &run);
/// Whether OperationsDoor::resumeInterrupted accepts the run.
[[nodiscard]] bool canResume(const RunSnapshot &run);
/// Whether the run concerns nodes of `view`.
[[nodiscard]] bool touchesNodesOf(const RunSnapshot &run, const ClusterView &view);
/// Addresses of the plan's nodes, "host:port" as in the plan, for connecting to them.
[[nodiscard]] QStringList addressesOf(const OperationPlan &plan);

/// Duration since the start or the last resume, in ms; -1 if the end is unknown.
[[nodiscard]] qint64 ranForMs(const RunSnapshot &run, qint64 now);
/// "17:23:01" for today, else "21 Nov 17:23". Both arguments are in ms since 1970.
[[nodiscard]] QString whenText(qint64 at, qint64 now);

/// Whether a throttle has an effect: only MIGRATE is slowed down, the servers' own migration runs at full speed.
[[nodiscard]] bool movesClassically(const RunSnapshot &run);
/// Whether the run is done and added a primary without slots.
[[nodiscard]] bool hasNewEmptyPrimary(const RunSnapshot &run);

} // namespace slotscope
