// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"
#include "core/operations/run.h"

namespace slotscope {

/// A state as a shape, a word and a tone: never by colour alone.
struct RunWord
{
    QString mark; ///< one letter that is a shape: "▶", "✓", "✕", …
    QString text; ///< "Running", "Done", …
    Tone tone = Tone::Neutral;
};
[[nodiscard]] RunWord runWord(const RunSnapshot &run);
[[nodiscard]] RunWord stepWord(StepState::State state, const RunSnapshot &run);

/// How far it is, 0 … 1; by slots where slots move, else by steps.
[[nodiscard]] double doneShare(const RunSnapshot &run);
/// "Reshard 43 %", "Fail over · step 2 of 4".
[[nodiscard]] QString shortProgress(const RunSnapshot &run);
[[nodiscard]] SlotSet slotsToMove(const OperationPlan &plan);

/// Ended before its end, and worth going on with: interrupted, stopped, or failed with slots open.
[[nodiscard]] bool isUnfinished(const RunSnapshot &run);
/// Whether OperationsDoor::resumeInterrupted takes it.
[[nodiscard]] bool canResume(const RunSnapshot &run);
/// Whether the run is about nodes of `view`.
[[nodiscard]] bool concerns(const RunSnapshot &run, const ClusterView &view);
/// The nodes that it is about, "host:port" as its plan has them: where to connect to.
[[nodiscard]] QStringList addressesOf(const OperationPlan &plan);

/// How long it ran or has been running since it was begun or resumed last, in ms; -1 where its end is not known.
[[nodiscard]] qint64 ranForMs(const RunSnapshot &run, qint64 now);
/// "17:23:01" of today, else "21 Nov 17:23". Both in ms since 1970.
[[nodiscard]] QString whenText(qint64 at, qint64 now);

/// Whether a throttle does anything: it holds back MIGRATE alone, the servers' own migration goes as fast as it can.
[[nodiscard]] bool movesClassically(const RunSnapshot &run);
/// It is done, and a node has joined as a primary that was given no slots.
[[nodiscard]] bool hasNewEmptyPrimary(const RunSnapshot &run);

} // namespace slotscope
