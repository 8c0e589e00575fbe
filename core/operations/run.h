// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/drill/drillreport.h"
#include "core/net/uri.h"
#include "core/operations/plan.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace slotscope {

class ClusterSession;
class Journal;
struct RunContext;

enum class RunState : quint8 {
    Running,
    Paused, ///< nothing is in hand; the cluster is whole
    Stopping, ///< finishing what is in hand
    Done, ///< every step done and verified
    Failed, ///< a step could not be done; error says which node, command and why
    Stopped, ///< as the user asked; what is left can be resumed
    Interrupted, ///< its program ended in the midst of it (found in the journal)
};

/// How far one step is.
struct StepState
{
    enum class State : quint8 { Pending, Running, Done, Failed, Skipped };
    State state = State::Pending;
    QString note; ///< what came out: "OK from 6 nodes", an error, what is waited for
    qint64 startedAt = 0, endedAt = 0; ///< ms since 1970; 0: not yet
};

/// Figures of a long step. -1: not known.
struct RunProgress
{
    int slotsDone = 0, slotsTotal = 0;
    qint64 keysDone = 0, keysTotal = -1;
    qint64 bytesDone = -1, bytesTotal = -1;
    double keysPerSecond = -1;
    qint64 leftMs = -1; ///< an estimate
    SlotSet moving; ///< in flight now
    SlotSet moved; ///< handed over so far
    QString method; ///< "classic", "atomic"; empty where nothing is moved
};

struct RunLine
{
    qint64 at = 0; ///< ms since 1970
    bool warning = false;
    QString text;
};

/// A run at one moment; immutable, shared across threads.
struct RunSnapshot
{
    QString id; ///< also the journal's file name: "20261121-161755-123-reshard"
    std::shared_ptr<const OperationPlan> plan;
    QString cluster; ///< what the user calls the connection
    QString who; ///< user@host of this machine
    qint64 startedAt = 0, resumedAt = 0, endedAt = 0; ///< ms since 1970; 0: not yet, or never
    RunState state = RunState::Running;
    int step = -1; ///< index into plan->steps of the current one
    QList<StepState> steps; ///< one a step of the plan
    RunProgress progress;
    QList<RunLine> log;
    QString waitingFor; ///< why nothing moves at the moment; empty: it moves
    QStringList verified; ///< what was verified, with result
    std::optional<Error> error;
    SlotSet leftOpen; ///< slots left open by a failure or a stop
    std::optional<int> throttle = {}; ///< keys a second, chosen while it runs; 0: none; nothing: as planned
    bool rollingBack = false; ///< its nodes are being made empty, or not all could be: there is no going on with it
    bool rolledBack = false; ///< what it had changed was taken back since: nothing is left to resume
    DrillReportPtr drill = {}; ///< what a drill has measured so far; null: nothing yet, or it is none
    [[nodiscard]] bool isOver() const { return state >= RunState::Done; }
    [[nodiscard]] qint64 lastBegunAt() const { return resumedAt > 0 ? resumedAt : startedAt; }
};
using RunSnapshotPtr = std::shared_ptr<const RunSnapshot>;

struct RunOptions
{
    QString journalFolder; ///< empty: Journal::defaultFolder()
    bool dataLossAccepted = false; ///< the consent a plan with dataLoss needs
    bool rollBack = false; ///< of an unfinished create: makes its nodes empty again instead of going on
    std::optional<int> keysPerSecond = {}; ///< another throttle than the plan's; 0: none
    int reportEveryMs = 100; ///< at most so often, snapshots of progress are given
};

/// One operation under way: takes a plan step by step, writes the journal, tells how far it is. It has a session of its
/// own, so it outlives the window or tab that started it. Core thread.
class OperationRun final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OperationRun)
public:
    /// `session` may be null (create: there is no cluster yet); the run then opens one on `target` when it needs it.
    OperationRun(OperationPlan plan, ConnectionTarget target, std::shared_ptr<ClusterSession> session,
                 RunOptions options = {}, QObject *parent = nullptr);
    /// Goes on with a run of the journal: done steps are not done again.
    OperationRun(RunSnapshot interrupted, ConnectionTarget target, std::shared_ptr<ClusterSession> session,
                 RunOptions options = {}, QObject *parent = nullptr);
    ~OperationRun() override;

    /// To the end; the last snapshot. A plan that is refused, lacks a consent, or meets a lock fails before its first
    /// step.
    [[nodiscard]] QCoro::Task<RunSnapshotPtr> run();
    [[nodiscard]] RunSnapshotPtr snapshot() const { return m_snapshot; }

    void pause(); ///< as soon as the cluster is whole
    void resume();
    /// First call: finishes the slots in hand. Second: leaves them open.
    void stop();
    /// At most so many keys a second from now on, where slots move the classic way; 0: as fast as it goes.
    void setThrottle(int keysPerSecond);

Q_SIGNALS:
    void changed(slotscope::RunSnapshotPtr snapshot);

private:
    QCoro::Task<Result<>> asPlanned();
    QCoro::Task<Result<>> runSteps();
    QCoro::Task<Result<>> runStep(int index);
    QCoro::Task<> restoreAfterDrill(Error why);
    void publish();
    void scheduleReport();
    QCoro::Task<> finish(Result<> outcome);

    std::shared_ptr<RunContext> m_context; ///< what steps work with; see runcontext.h
    RunOptions m_options;
    RunSnapshotPtr m_snapshot;
    QTimer m_report;
};

/// How the cluster that a create plan makes is reached: by its nodes, with the credentials of `opener` and nothing else
/// of it, which may be a connection to another cluster.
[[nodiscard]] ConnectionTarget targetOfCreated(const OperationPlan &plan, const ConnectionTarget &opener);
[[nodiscard]] QString stateName(RunState state); ///< "running", "done", …
[[nodiscard]] QJsonObject toJson(const RunSnapshot &run); ///< without the plan: what changes

/// A line of RunSnapshot::verified without the word that says how it stands.
struct VerifiedLine
{
    enum class Kind : quint8 { Verified, Not, Still };
    Kind kind = Kind::Verified; ///< Still: broken, as before the run
    QString text;
};
[[nodiscard]] VerifiedLine verifiedLine(const QString &line);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::RunSnapshotPtr)
