// SPDX-License-Identifier: GPL-3.0-or-later
// What moves on SlotMap: slots in flight, and a selection taken by the mouse.
#include "ui/shared/theme.h"
#include "ui/slots/slotmap.h"

#include <QApplication>
#include <QMouseEvent>
#include <QPainter>

#include <cmath>
#include <numbers>

namespace slotscope {
namespace {

constexpr int pulseMs = 84; // 12 frames per second
constexpr int phases = 14; // frames of one pulse

} // namespace

void SlotMap::setMotion(const SlotMotion &motion)
{
    if (motion == m_motion)
        return;
    m_motion = motion;
    updatePulse();
    viewport()->update();
}

void SlotMap::updatePulse()
{
    const bool wanted = isVisible() && !m_theme.isStill() && !m_motion.moving.isEmpty();
    if (wanted && !m_pulse.isActive())
        m_pulse.start(pulseMs);
    else if (!wanted)
        m_pulse.stop();
}

void SlotMap::showEvent(QShowEvent *event)
{
    QAbstractScrollArea::showEvent(event);
    updatePulse();
}

void SlotMap::hideEvent(QHideEvent *event)
{
    QAbstractScrollArea::hideEvent(event);
    updatePulse();
}

/// Paints slots that were handed over in their new colour, and slots being moved in both colours, the new one pulsing.
void SlotMap::paintMotion(QPainter &painter) const
{
    const auto each = [](const SlotSet &set, const auto &act) {
        for (const SlotRange &range : set.ranges()) {
            for (int slot = range.first; slot <= range.last; ++slot)
                act(quint16(slot));
        }
    };
    const double ratio = devicePixelRatioF();
    const double gap = m_side >= 3 * slotColumns ? 1 / ratio : 0;
    const auto colourOf = [this](quint16 slot) { return shardColour(m_motion.target.value(slot, 0)); };
    each(m_motion.moved, [&](quint16 slot) {
        if (m_motion.target.contains(slot))
            painter.fillRect(rectOf(slot).adjusted(0, 0, -gap, -gap), colourOf(slot));
    });
    const double phase = m_theme.isStill() ? 0.5 : double(m_phase % phases) / phases;
    const double wave = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * phase);
    painter.save();
    each(m_motion.moving, [&](quint16 slot) {
        const QRectF cell = rectOf(slot).adjusted(0, 0, -gap, -gap);
        QColor colour = colourOf(slot);
        colour.setAlphaF(float(0.25 + 0.55 * wave));
        painter.fillRect(cell, colour);
        painter.setClipRect(cell);
        painter.setPen(QPen(m_theme.tokens().text, std::max(1.0, cell.width() / 7)));
        const double step = std::max(3.0, cell.width() / 2);
        for (double x = cell.left() - cell.height(); x < cell.right(); x += step)
            painter.drawLine(QPointF(x, cell.bottom()), QPointF(x + cell.height(), cell.top()));
    });
    painter.restore();
}

/// Whether the mouse drags the selection: it has moved far enough from where it was pressed.
bool SlotMap::takeSelection(const QMouseEvent &event)
{
    if (!m_taken)
        return false;
    if ((event.position() - *m_taken).manhattanLength() >= QApplication::startDragDistance()) {
        m_taken.reset();
        Q_EMIT dragRequested();
    }
    return true;
}

} // namespace slotscope
