// SPDX-License-Identifier: GPL-3.0-or-later
// What SlotsPage has to do with operations: a selection that is to move, and a run that moves slots.
#include "core/models/runwords.h"
#include "core/operations/run/operationsdoor.h"
#include "ui/shared/operationmenu.h"
#include "ui/slots/shardlegend.h"
#include "ui/slots/slotmap.h"
#include "ui/slots/slotspage.h"

#include <QDrag>
#include <QMimeData>
#include <QPushButton>
#include <QShortcut>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void SlotsPage::connectOperations()
{
    connect(m_map, &SlotMap::dragRequested, this, &SlotsPage::startDrag);
    connect(m_legend, &ShardLegend::slotsDropped, this, &SlotsPage::dropOn);
    auto *shortcut = new QShortcut(QKeySequence(u"Ctrl+M"_s), this);
    shortcut->setWhatsThis(tr("Move the selected slots…"));
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, [this] { moveSelection(); });
    connect(&context(), &PageContext::operationsChanged, this, &SlotsPage::takeOperations);
    connect(&context(), &PageContext::readOnlyChanged, this, &SlotsPage::takeReadOnly);
    takeOperations();
    takeReadOnly();
}

void SlotsPage::takeOperations()
{
    if (OperationsDoor *operations = context().operations())
        connect(operations, &OperationsDoor::runChanged, this, &SlotsPage::showRun, Qt::UniqueConnection);
}

void SlotsPage::takeReadOnly()
{
    m_move->setEnabled(!context().isReadOnly());
    m_move->setToolTip(context().isReadOnly() ? tr("This connection is read-only.")
                                              : tr("To another shard; a wizard asks which one (Ctrl+M)"));
}

void SlotsPage::moveSelection(const QByteArray &target)
{
    if (!context().isReadOnly() && !m_map->selected().isEmpty())
        Q_EMIT operationRequested(draftOf(Operation::Reshard, {}, target, m_map->selected()));
}

QByteArray SlotsPage::primaryOf(int shard) const
{
    const ShardState *state = m_legend->shards().shardAt(shard);
    return state && state->primary >= 0 ? m_view->nodes.at(size_t(state->primary)).id : QByteArray();
}

void SlotsPage::dropOn(int shard, const SlotSet &slotSet)
{
    const QByteArray target = primaryOf(shard);
    if (!context().isReadOnly() && !target.isEmpty())
        Q_EMIT operationRequested(draftOf(Operation::Reshard, {}, target, slotSet));
}

void SlotsPage::startDrag()
{
    if (context().isReadOnly() || m_map->selected().isEmpty())
        return;
    auto *carried = new QMimeData;
    carried->setData(ShardLegend::slotsMimeType(), m_map->selected().toString().toLatin1());
    carried->setText(m_map->selected().toString());
    auto *drag = new QDrag(m_map);
    drag->setMimeData(carried);
    drag->exec(Qt::CopyAction);
}

void SlotsPage::showRun(const RunSnapshotPtr &run)
{
    if (!run || !run->plan || !m_view || run->plan->moves.isEmpty() || !touchesNodesOf(*run, *m_view)
        || (run->isOver() && run->id != m_moving)) {
        if (!run)
            m_map->setMotion({});
        return;
    }
    if (run->isOver()) {
        m_moving.clear();
        m_map->setMotion({});
        return;
    }
    m_moving = run->id;
    SlotMotion motion{.moving = run->progress.moving, .moved = run->progress.moved, .target = {}};
    const SlotSet shown = motion.moving.united(motion.moved);
    for (const SlotMove &move : run->plan->moves) {
        const NodeState *node = m_view->node(move.target.id);
        if (!node || node->shard < 0)
            continue;
        const int colour = m_view->shards.at(size_t(node->shard)).colour;
        const SlotSet here = move.slots.intersected(shown);
        for (const SlotRange &range : here.ranges()) {
            for (int slot = range.first; slot <= range.last; ++slot)
                motion.target.insert(quint16(slot), colour);
        }
    }
    m_map->setMotion(motion);
}

} // namespace slotscope
