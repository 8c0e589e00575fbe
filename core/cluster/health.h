// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QCoreApplication>

namespace slotscope {

/// All that is not as it should be in `view`, worst first. `disputedSince` (ms since 1970, 0: not): when observers
/// began to name different owners; gossip settles that in a moment, what lasts is an error.
[[nodiscard]] QList<Finding> findingsOf(const ClusterView &view, qint64 disputedSince);

/// Helpers of the health*.cpp files: findings put together, and how nodes are named in them.
class Health
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::Finding)
    Q_DISABLE_COPY_MOVE(Health)
public:
    explicit Health(const ClusterView &view) : m_view(view) { }

    void checkSlots(qint64 disputedSince);
    void checkNodes();
    void checkReplicas();
    void checkWhole();
    void checkAnswers();
    void checkLearnt();
    void checkIdentities(); ///< who is where: sought elsewhere, or nowhere
    [[nodiscard]] QList<Finding> take();

private:
    void checkOpenSlots();
    void checkDisputes(qint64 disputedSince);
    void checkFailure(const NodeState &node);
    void checkReach(const NodeState &node);
    void checkKnown(const NodeState &node);
    void checkLinks();
    void checkHosts();
    void checkReaddressed();
    void checkStrangers();
    void checkGhost(const NodeState &node);
    void checkReplica(const NodeState &node, const NodeState *primary);
    Finding &add(Finding::Kind kind, Severity severity, const QString &title, const QString &explanation,
                 const QString &advice);
    [[nodiscard]] QString names(const QList<int> &nodes) const; ///< "a", "a and b", "a and 2 others"

    [[nodiscard]] QString sayers(const QList<int> &nodes) const; ///< "a says", "a and 2 others say"

    const ClusterView &m_view;
    QList<Finding> m_findings;
};

} // namespace slotscope
