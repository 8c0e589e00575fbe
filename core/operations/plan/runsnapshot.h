// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/drill/drillreport.h"
#include "core/operations/plan/plan.h"

namespace slotscope {

enum class RunState : quint8 {
    Running,
    Paused, ///< nothing is in progress; the cluster is consistent
    Stopping, ///< completing what is in progress
    Done, ///< every step succeeded and was verified
    Failed, ///< a step failed; `error` contains node, command and reason
    Stopped, ///< stopped by the user; the rest can be resumed
    Interrupted, ///< its program ended before the run did (according to the journal)
};

/// State of one step.
struct StepState
{
    enum class State : quint8 { Pending, Running, Done, Failed, Skipped };
    State state = State::Pending;
    QString note; ///< result or progress: "OK from 6 nodes", an error, what is waited for
    qint64 startedAt = 0, endedAt = 0; ///< ms since 1970; 0: not yet
};

/// Progress of a long step. -1: unknown.
struct RunProgress
{
    int slotsDone = 0, slotsTotal = 0;
    qint64 keysDone = 0, keysTotal = -1;
    qint64 bytesDone = -1, bytesTotal = -1;
    double keysPerSecond = -1;
    qint64 leftMs = -1; ///< estimated time left
    SlotSet moving; ///< slots being moved now
    SlotSet moved; ///< slots handed over so far
    QString method; ///< "classic", "atomic"; empty if nothing is moved
};

struct RunLine
{
    qint64 at = 0; ///< ms since 1970
    bool warning = false;
    QString text;
};

/// The state of a run at one moment. Immutable and shared between threads.
struct RunSnapshot
{
    QString id; ///< also its journal's file name: "20261121-161755-123-reshard"
    std::shared_ptr<const OperationPlan> plan;
    QString cluster; ///< the user's name for the connection
    QString who; ///< user@host on this computer
    qint64 startedAt = 0, resumedAt = 0, endedAt = 0; ///< ms since 1970; 0: not yet, or never
    RunState state = RunState::Running;
    int step = -1; ///< index of the current step in plan->steps
    QList<StepState> steps; ///< one per step of the plan
    RunProgress progress;
    QList<RunLine> log;
    QString waitingFor; ///< why the run is waiting; empty: it is working
    QStringList verified; ///< what was verified, with the results
    std::optional<Error> error;
    SlotSet leftOpen; ///< slots left open by a failure or a stop
    std::optional<int> throttle = {}; ///< keys per second chosen during the run; 0: no limit; nullopt: as planned
    bool rollingBack = false; ///< its nodes are being reset, or some could not be reset; the run cannot be resumed
    bool rolledBack = false; ///< its changes were undone since, so there is nothing to resume
    DrillReportPtr drill = {}; ///< results of a drill so far; null: none yet, or no drill
    [[nodiscard]] bool isOver() const { return state >= RunState::Done; }
    [[nodiscard]] qint64 lastBegunAt() const { return resumedAt > 0 ? resumedAt : startedAt; }
};
using RunSnapshotPtr = std::shared_ptr<const RunSnapshot>;

[[nodiscard]] QString stateName(RunState state); ///< "running", "done", …
[[nodiscard]] QJsonObject toJson(const RunSnapshot &run); ///< the parts that change, without the plan

/// A line of RunSnapshot::verified, split into its prefix, as kind, and text.
struct VerifiedLine
{
    enum class Kind : quint8 { Verified, Not, Still };
    Kind kind = Kind::Verified; ///< Still: broken, as before the run
    QString text;
};
[[nodiscard]] VerifiedLine verifiedLine(const QString &line);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::RunSnapshotPtr)
