// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run.h"

namespace slotscope {

/// The lines of a journal: the one place that knows each event, how it is written and what it means when it is read.
/// What may be one of several is written by name. A line is a JSON object.
namespace journal {

inline constexpr int version = 2; ///< 1 had numbers for states and error codes; it is still read

[[nodiscard]] QJsonObject begun(const RunSnapshot &run, const QList<QByteArray> &nodeIds); ///< the first line
[[nodiscard]] QJsonObject resumed(const QString &who);
[[nodiscard]] QJsonObject line(const RunLine &said);
[[nodiscard]] QJsonObject stepBegun(int index, qint64 at);
[[nodiscard]] QJsonObject stepEnded(int index, const StepState &step); ///< done, or failed
[[nodiscard]] QJsonObject slotsOpened(const SlotSet &slotSet);
/// `keys`: moved by the whole run so far, where that is counted.
[[nodiscard]] QJsonObject slotsClosed(const SlotSet &slotSet, std::optional<qint64> keys = {});
[[nodiscard]] QJsonObject rollingBack();
[[nodiscard]] QJsonObject rolledBack();
[[nodiscard]] QJsonObject drilled(const DrillReport &report);
[[nodiscard]] QJsonObject ended(const RunSnapshot &run);

/// Whether a text is the id of a run, which becomes the name of a file: "20261121-161755-123-reshard".
[[nodiscard]] bool isRunId(const QString &text);
/// The nodes that a run may touch, by its first line; nothing where it is no first line.
[[nodiscard]] QList<QByteArray> nodesIn(const QByteArray &firstLine);
/// The run that the lines of a journal tell of, Interrupted where they tell no end. A last line that a crash has cut
/// does not count.
[[nodiscard]] Result<RunSnapshot> runFrom(const QByteArray &lines);

} // namespace journal

} // namespace slotscope
