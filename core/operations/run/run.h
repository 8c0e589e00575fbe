// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/net/uri.h"
#include "core/operations/plan/runsnapshot.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace slotscope {

class ClusterSession;
class Journal;
struct RunContext;

struct RunOptions
{
    QString journalFolder; ///< empty: Journal::defaultFolder()
    bool dataLossAccepted = false; ///< the user accepted the plan's dataLoss
    bool rollBack = false; ///< for an unfinished create: resets its nodes instead of continuing
    std::optional<int> keysPerSecond = {}; ///< throttle that replaces the plan's; 0: none
    int reportEveryMs = 100; ///< shortest interval between snapshots of progress
};

/// Executes one operation: runs a plan step by step, writes the journal, reports progress. It has its own session, so
/// it outlives the window or tab that started it. Core thread.
class OperationRun final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OperationRun)
public:
    /// `session` may be null (create: there is no cluster yet). The run then opens one to `target` when needed.
    OperationRun(OperationPlan plan, ConnectionTarget target, std::shared_ptr<ClusterSession> session,
                 RunOptions options = {}, QObject *parent = nullptr);
    /// Resumes a run from the journal: steps already done are skipped.
    OperationRun(RunSnapshot interrupted, ConnectionTarget target, std::shared_ptr<ClusterSession> session,
                 RunOptions options = {}, QObject *parent = nullptr);
    ~OperationRun() override;

    /// Runs to the end and returns the last snapshot. Fails before the first step if the plan is refused, lacks a
    /// consent, or another run holds the lock.
    [[nodiscard]] QCoro::Task<RunSnapshotPtr> run();
    [[nodiscard]] RunSnapshotPtr snapshot() const { return m_snapshot; }

    void pause(); ///< pauses as soon as the cluster is consistent
    void resume();
    /// First call: completes the slots in progress. Second call: leaves them open.
    void stop();
    /// Limits the keys per second from now on, for classic slot moves; 0: no limit.
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

    std::shared_ptr<RunContext> m_context; ///< shared by all steps; see runcontext.h
    RunOptions m_options;
    RunSnapshotPtr m_snapshot;
    QTimer m_report;
};

/// How to connect to the cluster that a create plan makes: its nodes, with the credentials of `opener` and nothing else
/// of it, because that may be a connection to another cluster.
[[nodiscard]] ConnectionTarget targetOfCreated(const OperationPlan &plan, const ConnectionTarget &opener);
} // namespace slotscope
