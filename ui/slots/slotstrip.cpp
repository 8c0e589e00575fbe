// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slots/slotstrip.h"

#include "core/models/nodewords.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

SlotStrip::SlotStrip(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFixedHeight(18);
    setCursor(Qt::PointingHandCursor);
    setAccessibleName(tr("Slot ranges of the shards"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SlotStrip::setView(const ClusterViewPtr &view)
{
    m_view = view;
    update();
}

void SlotStrip::setHighlightedShard(int shard)
{
    m_highlighted = shard;
    update();
}

int SlotStrip::slotAt(int x) const
{
    return std::clamp(x * slotCount / std::max(1, width()), 0, slotCount - 1);
}

void SlotStrip::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath clip;
    clip.addRoundedRect(QRectF(rect()), 4, 4);
    painter.setClipPath(clip);
    painter.fillRect(rect(), tokens.raised);
    if (!m_view)
        return;
    const double unit = double(width()) / slotCount;
    const auto fill = [&](const SlotSet &set, const QColor &colour) {
        for (const SlotRange &range : set.ranges())
            painter.fillRect(QRectF(range.first * unit, 0, std::max(1.0, range.count() * unit), height()), colour);
    };
    for (size_t i = 0; i < m_view->shards.size(); ++i) {
        const ShardState &shard = m_view->shards[i];
        const bool dimmed = m_highlighted >= 0 && int(i) != m_highlighted;
        fill(shard.slots, mixed(tokens.raised, shardColour(shard.colour), dimmed ? 0.2 : 0.9));
    }
    fill(m_view->uncovered, tokens.error);
}

void SlotStrip::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_view)
        return;
    m_pressedX = event->pos().x();
    const int slot = slotAt(m_pressedX);
    const int owner = m_view->owner[size_t(slot)];
    const SlotSet &all = owner == ClusterView::noOwner ? m_view->uncovered : m_view->nodes.at(size_t(owner)).slots;
    for (const SlotRange &range : all.ranges())
        if (range.first <= slot && slot <= range.last)
            Q_EMIT slotsChosen(SlotSet{range});
}

void SlotStrip::mouseMoveEvent(QMouseEvent *event)
{
    const int x = event->pos().x();
    if (!(event->buttons() & Qt::LeftButton) || std::abs(x - m_pressedX) < QApplication::startDragDistance())
        return;
    const auto [first, last] = std::minmax<int>({slotAt(m_pressedX), slotAt(x)});
    Q_EMIT slotsChosen(SlotSet{SlotRange{quint16(first), quint16(last)}});
}

bool SlotStrip::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && m_view) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int slot = slotAt(help->pos().x());
        const int owner = m_view->owner[size_t(slot)];
        QString text = tr("Slot %1: no owner").arg(slot);
        if (owner != ClusterView::noOwner) {
            const NodeState &node = m_view->nodes.at(size_t(owner));
            for (const SlotRange &range : node.slots.ranges()) {
                if (range.first <= slot && slot <= range.last)
                    text =
                        u"%1–%2 · %3 · %4"_s.arg(range.first).arg(range.last).arg(shardWord(*m_view, node), node.name);
            }
        }
        QToolTip::showText(help->globalPos(), plainToolTip(text), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace slotscope
