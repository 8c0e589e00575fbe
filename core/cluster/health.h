// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QCoreApplication>

namespace slotscope {

/// Time in ms within which a missing bus link usually returns, and a node in handshake becomes a known node. A MEET
/// between nodes that already know each other, which our own resharding sends, causes both states for a tenth of a
/// second.
inline constexpr qint64 passesWithinMs = 2000;

/// Lists all problems in `view`, most severe first. `memory` stores since when usually temporary states have lasted,
/// and is updated here. Observers that report different owners become an error if that lasts.
[[nodiscard]] QList<Finding> findingsOf(const ClusterView &view, ShardNames &memory);

/// Used by the health*.cpp files: collects findings and formats node names for them.
class Health
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::Finding)
    Q_DISABLE_COPY_MOVE(Health)
public:
    Health(const ClusterView &view, ShardNames &memory) : m_view(view), m_memory(memory) { }

    void checkSlots(qint64 disputedSince);
    void checkNodes();
    void checkReplicas();
    void checkWhole();
    void checkAnswers();
    void checkLearnt();
    /// reports nodes that others look for at a wrong address, or for which they have no address
    void checkIdentities();
    void checkSentinels();
    void checkRights(); ///< reports missing ACL permissions, in one finding for all nodes
    void checkSettings(); ///< reports settings that differ although they should be equal on all nodes
    [[nodiscard]] QList<Finding> take();

private:
    void checkSentinel(const SentinelWord &word);
    void checkSentinelsAgree(const SentinelWord &leading);
    void checkPrimaryOfSentinels(const SentinelWord &leading);
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

    /// Whether the state `what` has lasted longer than this, and so is not a temporary one.
    [[nodiscard]] bool lasts(const QByteArray &what, qint64 longerThanMs = passesWithinMs);
    [[nodiscard]] bool isEmptyNode() const; ///< whether the view has only one node, a new one without slots
    /// the node's observation if missing ACL permissions are its only problem, else null
    [[nodiscard]] const NodeObservation *onlyLacksRights(const NodeState &node) const;

    const ClusterView &m_view;
    ShardNames &m_memory;
    QHash<QByteArray, qint64> m_passing; ///< temporary states found in this view
    QList<Finding> m_findings;
};

} // namespace slotscope
