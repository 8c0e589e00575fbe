// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/movemap.h"

#include "core/base/text.h"
#include "ui/shared/theme.h"

#include <QPainter>

namespace slotscope {
namespace {

constexpr int columns = 128;
constexpr int legendRow = 20;
constexpr int legendRows = 4;

} // namespace

MoveMap::MoveMap(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_image(columns, columns, QImage::Format_RGB32)
{
    setAccessibleName(tr("Map of the slots that move"));
    setFixedSize(MoveMap::sizeHint());
    connect(&theme, &Theme::changed, this, &MoveMap::render);
}

QSize MoveMap::sizeHint() const
{
    return {m_side + 2, m_side + 10 + legendRows * legendRow};
}

void MoveMap::setCompact(bool compact)
{
    m_side = compact ? columns : 2 * columns;
    setFixedSize(MoveMap::sizeHint());
    update();
}

void MoveMap::setRun(const RunSnapshotPtr &run, const ClusterViewPtr &view)
{
    const bool same = run && m_run && run->plan == m_run->plan && run->progress.moved == m_run->progress.moved
        && run->progress.moving == m_run->progress.moving && run->leftOpen == m_run->leftOpen
        && run->isOver() == m_run->isOver() && bool(view) == bool(m_view);
    m_run = run;
    m_view = view;
    if (!same && run)
        render();
}

int MoveMap::colourOf(const NodeRef &node, int otherwise) const
{
    const NodeState *known = m_view ? m_view->node(node.id) : nullptr;
    return known && known->shard >= 0 ? m_view->shards.at(size_t(known->shard)).colour : otherwise;
}

void MoveMap::fill(const SlotSet &set, const QColor &colour)
{
    for (const SlotRange &range : set.ranges()) {
        for (int slot = range.first; slot <= range.last; ++slot)
            m_image.setPixel(slot % columns, slot / columns, colour.rgb());
    }
}

void MoveMap::render()
{
    if (!m_run)
        return;
    const ThemeTokens &tokens = m_theme.tokens();
    m_image.fill(tokens.raised);
    for (const ShardState &shard : m_view ? m_view->shards : std::vector<ShardState>())
        fill(shard.slots, mixed(tokens.raised, shardColour(shard.colour), 0.12));
    SlotSet moved = m_run->progress.moved;
    if (m_run->state == RunState::Done) // a fix whose slots were already stable has counted no moved slots
        for (const SlotMove &move : m_run->plan->moves)
            moved = moved.united(move.slots);
    const SlotSet moving = m_run->isOver() ? SlotSet() : m_run->progress.moving.subtracted(moved);
    m_legend.clear();
    SlotSet all;
    int number = 0;
    QColor first = tokens.accent;
    for (const SlotMove &move : m_run->plan->moves) {
        const QColor target = shardColour(colourOf(move.target, number % shardShadeCount));
        fill(move.slots, mixed(tokens.raised, target, 0.4));
        fill(move.slots.intersected(moved), target);
        all = all.united(move.slots);
        if (number++ == 0)
            first = target;
    }
    fill(moving, tokens.text);
    fill(m_run->leftOpen, tokens.error);
    const int left = all.subtracted(moved).subtracted(moving).subtracted(m_run->leftOpen).count();
    const QString count = groupedNumber(moved.intersected(all).count());
    m_legend.append(
        {first,
         m_run->isOver() ? tr("%1 of %2 moved").arg(count, groupedNumber(all.count())) : tr("%1 moved").arg(count)});
    if (!m_run->isOver())
        m_legend.append({tokens.text, tr("%1 in progress").arg(groupedNumber(moving.count()))});
    if (left > 0)
        m_legend.append({mixed(tokens.raised, first, 0.4),
                         m_run->isOver() ? tr("%1 not moved").arg(groupedNumber(left))
                                         : tr("%1 to move").arg(groupedNumber(left))});
    if (!m_run->leftOpen.isEmpty())
        m_legend.append({tokens.error, tr("%1 left in migration").arg(groupedNumber(m_run->leftOpen.count()))});
    QStringList words;
    for (const LegendRow &row : std::as_const(m_legend))
        words << row.text;
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    update();
}

void MoveMap::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ThemeTokens &tokens = m_theme.tokens();
    painter.drawImage(QRect(1, 1, m_side, m_side), m_image);
    painter.setPen(tokens.line2);
    painter.drawRect(QRect(0, 0, m_side + 1, m_side + 1));
    painter.setFont(Theme::smallFont());
    int y = m_side + 10;
    for (const LegendRow &row : m_legend) {
        painter.setPen(tokens.line2);
        painter.setBrush(row.colour);
        painter.drawRect(QRect(1, y + 4, 10, 10));
        painter.setPen(tokens.muted);
        painter.drawText(QRect(20, y, m_side - 20, legendRow - 2), Qt::AlignVCenter | Qt::AlignLeft, row.text);
        y += legendRow;
    }
}

} // namespace slotscope
