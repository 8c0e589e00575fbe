// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QCoreApplication>

namespace slotscope {

/// A link on the bus that is made anew, a handshake: mostly over in a moment. A MEET between nodes that know each
/// other, as our own reshard sends it, leaves both for a tenth of a second.
inline constexpr qint64 passesWithinMs = 2000;

/// All that is not as it should be in `view`, worst first. `memory` says since when what passes mostly is there, and is
/// brought up to date; observers that name different owners are an error when that lasts.
[[nodiscard]] QList<Finding> findingsOf(const ClusterView &view, ShardNames &memory);

/// Helpers of the health*.cpp files: findings put together, and how nodes are named in them.
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
    void checkIdentities(); ///< who is where: sought elsewhere, or nowhere
    void checkSentinels();
    void checkRights(); ///< what the user may not ask, in one finding for all nodes
    void checkSettings(); ///< what all nodes should have the same
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

    /// Seen for longer than what passes by itself.
    [[nodiscard]] bool lasts(const QByteArray &what, qint64 longerThanMs = passesWithinMs);
    [[nodiscard]] bool isEmptyNode() const; ///< one node alone that owns nothing: a new one
    [[nodiscard]] const NodeObservation *onlyLacksRights(const NodeState &node) const; ///< what it said; else null

    const ClusterView &m_view;
    ShardNames &m_memory;
    QHash<QByteArray, qint64> m_passing; ///< of this view
    QList<Finding> m_findings;
};

} // namespace slotscope
