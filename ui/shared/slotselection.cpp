// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/slotselection.h"

#include <algorithm>

namespace slotscope {

SlotSet SlotSelection::rectangle(quint16 corner, quint16 opposite)
{
    const auto [left, right] = std::minmax<int>({corner % slotColumns, opposite % slotColumns});
    const auto [top, bottom] = std::minmax<int>({corner / slotColumns, opposite / slotColumns});
    SlotSet result;
    for (int row = top; row <= bottom; ++row)
        result.add(SlotRange{quint16(row * slotColumns + left), quint16(row * slotColumns + right)});
    return result;
}

SlotSet SlotSelection::run(quint16 end, quint16 other)
{
    const auto [first, last] = std::minmax<quint16>({end, other});
    SlotSet result;
    result.add(SlotRange{first, last});
    return result;
}

void SlotSelection::press(quint16 slot, Mode mode, Shape shape)
{
    m_shape = shape;
    if (mode == Mode::Extend && m_anchor >= 0) {
        dragTo(slot);
        return;
    }
    m_base = mode == Mode::Toggle ? m_selected : SlotSet();
    m_removing = mode == Mode::Toggle && m_selected.contains(slot);
    m_anchor = slot;
    dragTo(slot);
}

void SlotSelection::dragTo(quint16 slot)
{
    if (m_anchor < 0)
        m_anchor = slot;
    m_cursor = slot;
    const SlotSet area =
        m_shape == Shape::Rectangle ? rectangle(quint16(m_anchor), slot) : run(quint16(m_anchor), slot);
    m_selected = m_removing ? m_base.subtracted(area) : m_base.united(area);
}

void SlotSelection::move(int columns, int rows, bool extend)
{
    if (m_cursor < 0) {
        m_cursor = 0;
        m_anchor = 0;
    } else {
        const int column = std::clamp(m_cursor % slotColumns + columns, 0, slotColumns - 1);
        const int row = std::clamp(m_cursor / slotColumns + rows, 0, slotCount / slotColumns - 1);
        m_cursor = row * slotColumns + column;
    }
    if (extend) {
        m_shape = Shape::Run;
        dragTo(quint16(m_cursor));
        return;
    }
    m_anchor = m_cursor;
    m_base = {};
    m_removing = false;
}

void SlotSelection::setCursor(quint16 slot)
{
    m_cursor = slot;
    m_anchor = slot;
    m_base = {};
    m_removing = false;
}

void SlotSelection::select(const SlotSet &slotSet)
{
    m_selected = slotSet;
    m_base = {};
    m_removing = false;
    if (!slotSet.isEmpty())
        m_anchor = m_cursor = slotSet.ranges().first().first;
}

void SlotSelection::clear()
{
    m_selected = {};
    m_base = {};
    m_removing = false;
    m_anchor = m_cursor;
}

} // namespace slotscope
