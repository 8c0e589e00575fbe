// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/journal/journal.h"
#include "core/session/clustersession.h"

#include <functional>

namespace slotscope {

class DrillWatch;

/// Shared state of the steps of one run. Coroutines keep it alive by shared_ptr, so an abandoned run cannot destroy it
/// under them. Core thread.
struct RunContext
{
    ConnectionTarget target;
    std::shared_ptr<ClusterSession> session; ///< null until there is a cluster
    RunSnapshot state; ///< published to observers
    Journal journal;
    qint64 throttledUntil = 0; ///< steadyMs() from which more keys may be sent under the throttle
    std::optional<int> keysPerSecond; ///< throttle chosen during the run; nullopt: as planned; 0: none
    qint64 keysBefore = 0; ///< keys moved by this step before the run was resumed
    /// Keys of timed-out MIGRATE calls, by the source's run id and database. The source still has and serves them, so a
    /// copy on the target comes from such a call, executed late.
    QHash<QByteArray, QSet<QByteArray>> timedOut;
    bool paused = false;
    bool stopping = false; ///< complete what is in progress
    bool abandoned = false; ///< leave at the next wait
    std::function<void()> changed = [] {};
    bool restoring = false; ///< a drill's targets are brought back even if the journal cannot be written
    QStringList drillNotes = {}; ///< why a drill did not end well
    std::shared_ptr<DrillWatch> drill; ///< null unless a drill is measuring
    std::function<void()> endDrillWatch; ///< called when the context is destroyed; null if no drill measures
    std::function<void(const NodeRef &)> failoverSent = [](const NodeRef &) {}; ///< called just before CLUSTER FAILOVER

    ~RunContext();

    [[nodiscard]] QList<QByteArray> nodesTouched() const; ///< ids of all nodes that the run may change, for the lock
    void log(const QString &text, bool warning = false);
    void note(const QString &text); ///< sets the note of the current step
    void waitFor(const QString &why); ///< sets RunSnapshot::waitingFor; empty: not waiting
    /// Waits; returns false if the run was abandoned meanwhile.
    [[nodiscard]] static QCoro::Task<bool> sleep(std::shared_ptr<RunContext> context, int milliseconds);
    /// Waits while the run is paused; returns false if it is being stopped or was abandoned.
    [[nodiscard]] static QCoro::Task<bool> proceed(std::shared_ptr<RunContext> context);
    /// Returns a ready link to a node: the session's, or one of its own for an outside node.
    [[nodiscard]] static QCoro::Task<Result<NodeLink *>> link(std::shared_ptr<RunContext> context, NodeRef node);
    /// Opens a link for this caller alone, with `database` selected, so that a long command delays nobody else.
    [[nodiscard]] static QCoro::Task<Result<std::shared_ptr<NodeLink>>>
    ownLink(std::shared_ptr<RunContext> context, NodeRef node, int database, int commandTimeoutMs);
    /// Sends a command. An error reply becomes an Error with node and command.
    [[nodiscard]] static QCoro::Task<Result<Value>> send(std::shared_ptr<RunContext> context, NodeRef node,
                                                         Command command, int timeoutMs = 0);
    /// Opens a session to the target, its seeds and the `further` addresses, if there is none yet.
    [[nodiscard]] static QCoro::Task<Result<>> openSession(std::shared_ptr<RunContext> context, QStringList further);
    /// Queries every node and returns the new view.
    [[nodiscard]] static QCoro::Task<Result<ClusterViewPtr>> look(std::shared_ptr<RunContext> context);

private:
    std::map<QString, std::shared_ptr<NodeLink>> m_outside; ///< links to outside nodes, by address
};

} // namespace slotscope
