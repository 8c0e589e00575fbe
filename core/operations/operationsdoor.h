// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/facts.h"
#include "core/operations/run.h"

#include <QFuture>
#include <QHash>
#include <QSet>

namespace slotscope {

class CoreThread;
class OperationsBridge;

/// A plan and what was asked for.
struct PlannedOperation
{
    OperationRequest request;
    OperationPlan plan;
};

/// What an interrupted run does otherwise from now on.
struct ResumeOptions
{
    BusyKeyPolicy busyKeys = BusyKeyPolicy::Stop; ///< for keys that differ on both ends; Stop: as the plan has it
    bool rollBack = false; ///< of a create: see RunOptions
    std::optional<int> callTimeoutMs = {}; ///< of a MIGRATE call; nothing: as the plan has it
    std::optional<int> keysPerSecond = {}; ///< another throttle; 0: none; nothing: as the plan has it
    std::shared_ptr<const OperationPlan> shown = {}; ///< what the user agreed to; null: what the journal has
};

/// The GUI thread's one door to operations. Runs go on when a tab or page goes; they end with this. GUI thread.
class OperationsDoor final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OperationsDoor)
public:
    explicit OperationsDoor(CoreThread &thread, QString journalFolder = {}, QObject *parent = nullptr);
    ~OperationsDoor() override; ///< stops what runs: slots in hand stay open, the journal can be resumed

    /// Gathers facts and plans; changes nothing.
    [[nodiscard]] QFuture<Result<PlannedOperation>> plan(ConnectionTarget target, OperationRequest request);
    /// Starts a run; its snapshots come by runChanged. The result is its id.
    [[nodiscard]] QFuture<Result<QString>> start(ConnectionTarget target, OperationPlan plan, bool dataLossAccepted);
    /// Goes on with an interrupted run of the history, as it is shown: not where its journal tells another plan by now.
    [[nodiscard]] QFuture<Result<QString>> resumeInterrupted(ConnectionTarget target, const QString &id,
                                                             const ResumeOptions &options = {});

    void pause(const QString &id);
    void resume(const QString &id);
    void stop(const QString &id);
    void setThrottle(const QString &id, int keysPerSecond); ///< OperationRun::setThrottle()

    [[nodiscard]] QList<RunSnapshotPtr> runs() const; ///< of this program and of the journals, newest first
    [[nodiscard]] RunSnapshotPtr run(const QString &id) const; ///< null where unknown
    [[nodiscard]] bool isOurs(const QString &id) const { return m_ours.contains(id); } ///< begun or resumed here
    /// Of this program and not over: another program's runs show as their journals have them.
    [[nodiscard]] QList<RunSnapshotPtr> running() const;

Q_SIGNALS:
    void runChanged(slotscope::RunSnapshotPtr run);
    void historyChanged();

private:
    void take(const RunSnapshotPtr &run, bool ours);

    QHash<QString, RunSnapshotPtr> m_runs;
    QSet<QString> m_ours;
    OperationsBridge *m_bridge = nullptr; ///< lives on the core thread
};

} // namespace slotscope
