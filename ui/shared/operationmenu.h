// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "ui/shared/operationdraft.h"

#include <QCoreApplication>
#include <QMenu>

namespace slotscope {

struct RunSnapshot;

/// An operation that can be started from a place in the window: its menu text, and the draft that the wizard opens
/// with.
struct OperationAct
{
    QString text; ///< with a shortcut after a tab character; empty: a separator
    OperationDraft draft;
    QString reason; ///< why it is not possible here; empty: it is
};

/// Lists the operations that each place offers. Their texts end in "…": a wizard asks before anything is changed.
class OperationActs
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::OperationActs)
public:
    [[nodiscard]] static QList<OperationAct> ofNode(const ClusterView &view, const NodeState &node);
    [[nodiscard]] static QList<OperationAct> ofDeadNode(const ClusterView &view, const NodeState &node);
    [[nodiscard]] static QList<OperationAct> ofServer(const ClusterView &view, const NodeState &node);
    [[nodiscard]] static QList<OperationAct> ofShard(const ClusterView &view, const ShardState &shard);
    [[nodiscard]] static QList<OperationAct> ofHost(const QString &host);
    [[nodiscard]] static QList<OperationAct> ofCluster(const ClusterView *view); ///< for a click on an empty place
    [[nodiscard]] static QList<OperationAct> ofSlots(const ClusterView &view, const SlotSet &slotSet);
    /// Operations that fit the kind of finding; empty if none of them helps.
    [[nodiscard]] static QList<OperationAct> ofFinding(const ClusterView &view, const Finding &finding);
};

/// A draft with only these values.
[[nodiscard]] OperationDraft draftOf(Operation operation, const QByteArray &node = {}, const QByteArray &target = {},
                                     const SlotSet &slotSet = {});
/// Whether the node has failed, owns no slots, and does not answer Slotscope.
[[nodiscard]] bool isGoneMember(const NodeState &node);
/// Draft to remove all nodes that have failed and own no slots; `more` is empty if there are fewer than two.
[[nodiscard]] OperationDraft removalOfGone(const ClusterView &view);
/// Adds the operations to a menu and calls `begin(draft)` when one is chosen. With a read-only connection they are
/// disabled and show the reason.
template <typename Begin>
void addActs(QMenu *menu, const QList<OperationAct> &acts, bool readOnly, QObject *context, Begin begin)
{
    for (const OperationAct &act : acts) {
        if (act.text.isEmpty()) {
            menu->addSeparator();
            continue;
        }
        QAction *action = menu->addAction(act.text, context, [draft = act.draft, begin] { begin(draft); });
        action->setObjectName(act.draft.operation ? operationName(*act.draft.operation) : QString());
        action->setEnabled(!readOnly && act.reason.isEmpty());
        action->setToolTip(readOnly ? OperationActs::tr("This connection is read-only.") : act.reason);
    }
    menu->setToolTipsVisible(true);
}

/// Draft that undoes the changes of an operation; its `operation` is empty if there is nothing to undo.
[[nodiscard]] OperationDraft rollBackDraft(const RunSnapshot &run, const ClusterView &view);
/// Whether an operation can be rolled back: by the operation of its draft or, for create, by resuming it.
[[nodiscard]] bool canRollBack(const RunSnapshot &run, const ClusterView &view);
/// whether it is an unfinished create, see ResumeOptions::rollBack
[[nodiscard]] bool emptiesItsNodes(const RunSnapshot &run);
/// Whether the operation can still be resumed or rolled back according to its journal, so that connecting for it makes
/// sense.
[[nodiscard]] bool isLeftOver(const RunSnapshot &run);

} // namespace slotscope
