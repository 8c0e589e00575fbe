// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/journal.h"
#include "core/session/clustersession.h"

#include <functional>

namespace slotscope {

class DrillWatch;

/// What the steps of one run work with. Coroutines hold it by shared_ptr, so a run that is given up never pulls it away
/// from under them. Core thread.
struct RunContext
{
    ConnectionTarget target;
    std::shared_ptr<ClusterSession> session; ///< null until there is a cluster
    RunSnapshot state; ///< what is published
    Journal journal;
    qint64 throttledUntil = 0; ///< steadyMs(): when the keys that were sent so far are within the throttle
    std::optional<int> keysPerSecond; ///< the throttle that the user has chosen since; nothing: as planned; 0: none
    qint64 keysBefore = 0; ///< a resumed step had moved so many
    /// Keys of MIGRATE calls that timed out, by the source's run id and database: it has them still and serves them, so
    /// a copy at the target is of such a call, executed late.
    QHash<QByteArray, QSet<QByteArray>> timedOut;
    bool paused = false;
    bool stopping = false; ///< finish what is in hand
    bool abandoned = false; ///< leave at the next wait
    std::function<void()> changed = [] {};
    bool restoring = false; ///< what a drill took away is brought back, also where the journal cannot be written
    QStringList drillNotes = {}; ///< how a drill came to no good end
    std::shared_ptr<DrillWatch> drill; ///< null where no drill measures
    std::function<void(const NodeRef &)> failoverSent = [](const NodeRef &) {}; ///< just before CLUSTER FAILOVER

    ~RunContext();

    [[nodiscard]] QList<QByteArray>
    nodesTouched() const; ///< ids of all nodes that the run may touch: the lock is about them
    void log(const QString &text, bool warning = false);
    void note(const QString &text); ///< of the current step
    void waitFor(const QString &why); ///< empty: it moves again
    /// Pauses; false when the run was abandoned meanwhile.
    [[nodiscard]] static QCoro::Task<bool> sleep(std::shared_ptr<RunContext> context, int milliseconds);
    /// Holds a run that is paused; false when it is to stop or was abandoned.
    [[nodiscard]] static QCoro::Task<bool> proceed(std::shared_ptr<RunContext> context);
    /// A ready link to a node: the session's, or one of its own for a node outside.
    [[nodiscard]] static QCoro::Task<Result<NodeLink *>> link(std::shared_ptr<RunContext> context, NodeRef node);
    /// A link for this caller alone, so that a long command there holds up nobody else; `database` selected.
    [[nodiscard]] static QCoro::Task<Result<std::shared_ptr<NodeLink>>>
    ownLink(std::shared_ptr<RunContext> context, NodeRef node, int database, int commandTimeoutMs);
    /// An error reply is an Error that names node and command.
    [[nodiscard]] static QCoro::Task<Result<Value>> send(std::shared_ptr<RunContext> context, NodeRef node,
                                                         Command command, int timeoutMs = 0);
    /// A session on the target, its seeds and `further` addresses, where there is none yet.
    [[nodiscard]] static QCoro::Task<Result<>> openSession(std::shared_ptr<RunContext> context, QStringList further);
    /// A fresh look at every node.
    [[nodiscard]] static QCoro::Task<Result<ClusterViewPtr>> look(std::shared_ptr<RunContext> context);

private:
    std::map<QString, std::shared_ptr<NodeLink>> m_outside; ///< by address
};

} // namespace slotscope
