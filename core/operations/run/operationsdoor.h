// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/facts/facts.h"
#include "core/operations/run/run.h"

#include <QFuture>
#include <QHash>
#include <QSet>

namespace slotscope {

class CoreThread;
class OperationsBridge;

/// A plan together with the request that it was made for.
struct PlannedOperation
{
    OperationRequest request;
    OperationPlan plan;
};

/// Changes for a resumed run.
struct ResumeOptions
{
    BusyKeyPolicy busyKeys = BusyKeyPolicy::Stop; ///< for keys that differ on both nodes; Stop: as in the plan
    bool rollBack = false; ///< for create only: see RunOptions
    std::optional<int> callTimeoutMs = {}; ///< timeout of a MIGRATE call; nullopt: as in the plan
    std::optional<int> keysPerSecond = {}; ///< new throttle; 0: none; nullopt: as in the plan
    std::shared_ptr<const OperationPlan> shown = {}; ///< plan that the user agreed to; null: the journal's
};

/// The GUI thread's access to operations. Runs continue when a tab or page is closed; they end with this object. GUI
/// thread.
class OperationsDoor final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OperationsDoor)
public:
    explicit OperationsDoor(CoreThread &thread, QString journalFolder = {}, QObject *parent = nullptr);
    ~OperationsDoor() override; ///< stops active runs: slots in progress stay open, and the journal can be resumed

    /// Queries the cluster and makes a plan; changes nothing.
    [[nodiscard]] QFuture<Result<PlannedOperation>> plan(ConnectionTarget target, OperationRequest request);
    /// Starts a run and returns its id; snapshots are sent by runChanged.
    [[nodiscard]] QFuture<Result<QString>> start(ConnectionTarget target, OperationPlan plan, bool dataLossAccepted);
    /// Resumes an interrupted run as it was shown; fails if its journal now contains another plan.
    [[nodiscard]] QFuture<Result<QString>> resumeInterrupted(ConnectionTarget target, const QString &id,
                                                             const ResumeOptions &options = {});

    void pause(const QString &id);
    void resume(const QString &id);
    void stop(const QString &id);
    void setThrottle(const QString &id, int keysPerSecond); ///< see OperationRun::setThrottle()

    [[nodiscard]] QList<RunSnapshotPtr> runs() const; ///< runs of this program and of the journals, newest first
    [[nodiscard]] RunSnapshotPtr run(const QString &id) const; ///< null if unknown
    /// whether it was started or resumed here
    [[nodiscard]] bool isOurs(const QString &id) const { return m_ours.contains(id); }
    /// This program's runs that have not ended. Runs of other programs are known only from their journals.
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
