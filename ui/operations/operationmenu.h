// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "ui/operations/operationdraft.h"

#include <QCoreApplication>
#include <QMenu>

namespace slotscope {

struct RunSnapshot;

/// An operation that can be started from a place in the window: its menu text, and the draft that the wizard opens
/// with.
struct OperationAct
{
    QString text; ///< with a shortcut behind a tab; empty: a separator
    OperationDraft draft;
    QString reason; ///< why it cannot be done here; empty: it can
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
    [[nodiscard]] static QList<OperationAct> ofCluster(const ClusterView *view); ///< an empty place
    [[nodiscard]] static QList<OperationAct> ofSlots(const ClusterView &view, const SlotSet &slotSet);
    /// Fitting to the kind of finding; empty where nothing can be done about it from here.
    [[nodiscard]] static QList<OperationAct> ofFinding(const ClusterView &view, const Finding &finding);
};

/// The draft with nothing but these.
[[nodiscard]] OperationDraft draftOf(Operation operation, const QByteArray &node = {}, const QByteArray &target = {},
                                     const SlotSet &slotSet = {});
/// It has failed, owns nothing, and does not answer us.
[[nodiscard]] bool isGoneMember(const NodeState &node);
/// The removal of all nodes that have failed and own nothing; `more` is empty where there are not two.
[[nodiscard]] OperationDraft removalOfGone(const ClusterView &view);
/// Adds them; `begin(draft)` when one is chosen. Read-only connections show them greyed, with the reason.
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

/// What takes back what a run has changed; operation empty where nothing is to be taken back.
[[nodiscard]] OperationDraft rollBackDraft(const RunSnapshot &run, const ClusterView &view);
/// Whether a run can be taken back: by the operation of its draft, or, a create, by itself.
[[nodiscard]] bool canRollBack(const RunSnapshot &run, const ClusterView &view);
[[nodiscard]] bool emptiesItsNodes(const RunSnapshot &run); ///< an unfinished create: see ResumeOptions::rollBack
/// Whether it is worth a connection to go on with the run, or to take it back, as far as its journal tells.
[[nodiscard]] bool isLeftOver(const RunSnapshot &run);

} // namespace slotscope
