// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/drill/drillreport.h"

namespace slotscope {

/// Formats ms since the loss with a sign: "+2.31 s".
[[nodiscard]] QString drillTime(qint64 milliseconds);
[[nodiscard]] QString drillSpan(qint64 milliseconds); ///< "80 ms", "2.31 s"
/// One event as a sentence, with its time: "+2.31 s (± 0.1 s)  127.0.0.1:7002 suspects 127.0.0.1:7001".
[[nodiscard]] QString drillEventText(const DrillEvent &event);
[[nodiscard]] QString drillWayTitle(DrillWay way); ///< "Graceful failover", …

/// One phase on a shard's time line, in the usual order.
struct DrillPhase
{
    enum class Kind : quint8 {
        Begun,
        LastAnswer,
        Suspected,
        Failed,
        Elected,
        FirstWrite,
        Starting,
        Follows,
        HandingBack,
        Restored
    };
    Kind kind = Kind::Begun;
    qint64 at = 0; ///< ms since the loss
    qint64 since = 0; ///< it happened between this time and `at`; equal if observed by ourselves
    QString title; ///< such as "Suspected"
    QString detail; ///< which node, reported by which node
};
/// The observed phases of one lane's shard, sorted by time. Pure.
[[nodiscard]] QList<DrillPhase> phasesOf(const DrillReport &report, const DrillLaneReport &lane);

/// The conclusions as text: how long writes failed, what was lost, what was not observed.
struct DrillConclusion
{
    enum class Kind : quint8 { Good, Note, Bad };
    Kind kind = Kind::Note;
    QString text;
};
[[nodiscard]] QList<DrillConclusion> conclusionsOf(const DrillReport &report);
/// The report as lines for a terminal.
[[nodiscard]] QString drillText(const DrillReport &report);

} // namespace slotscope
