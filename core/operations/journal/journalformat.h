// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plan/runsnapshot.h"

namespace slotscope {

/// The lines of a journal, each a JSON object. Only this file knows how events are written and what they mean when
/// read. Enumerators are written by name.
namespace journal {

inline constexpr int version = 2; ///< version 1 used numbers for states and error codes, and can still be read

[[nodiscard]] QJsonObject begun(const RunSnapshot &run, const QList<QByteArray> &nodeIds); ///< the first line
[[nodiscard]] QJsonObject resumed(const QString &who);
[[nodiscard]] QJsonObject line(const RunLine &said);
[[nodiscard]] QJsonObject stepBegun(int index, qint64 at);
[[nodiscard]] QJsonObject stepEnded(int index, const StepState &step); ///< succeeded or failed
[[nodiscard]] QJsonObject slotsOpened(const SlotSet &slotSet);
/// `keys` is the number of keys moved by the whole run so far, if counted.
[[nodiscard]] QJsonObject slotsClosed(const SlotSet &slotSet, std::optional<qint64> keys = {});
[[nodiscard]] QJsonObject rollingBack();
[[nodiscard]] QJsonObject rolledBack();
[[nodiscard]] QJsonObject drilled(const DrillReport &report);
[[nodiscard]] QJsonObject ended(const RunSnapshot &run);

/// Whether a text is a run id, which is used as a file name: "20261121-161755-123-reshard".
[[nodiscard]] bool isRunId(const QString &text);
/// The nodes that a run may change, according to its first line; empty if the line is invalid.
[[nodiscard]] QList<QByteArray> nodesIn(const QByteArray &firstLine);
/// Reconstructs a run from journal lines; Interrupted if they contain no end. A last line cut by a crash is ignored.
[[nodiscard]] Result<RunSnapshot> runFrom(const QByteArray &lines);

} // namespace journal

} // namespace slotscope
