// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slotset.h"

namespace slotscope {

/// The map is 128 slots wide and high, in reading order.
inline constexpr int slotColumns = 128;

/// Selection of slots by mouse and keyboard. A drag selects all slots between its ends in reading order, across rows;
/// with Alt a rectangle, which is one range per row.
class SlotSelection final
{
public:
    enum class Mode : quint8 { Replace, Toggle /* Ctrl */, Extend /* Shift */ };

    enum class Shape : quint8 { Run, Rectangle /* Alt */ };

    void press(quint16 slot, Mode mode, Shape shape = Shape::Run);
    void dragTo(quint16 slot);
    void move(int columns, int rows, bool extend); ///< for arrow keys; the cursor stays inside the map
    void setCursor(quint16 slot); ///< moves the cursor without selecting
    void select(const SlotSet &slotSet);
    void clear();

    [[nodiscard]] const SlotSet &selected() const { return m_selected; }
    [[nodiscard]] int cursor() const { return m_cursor; } ///< -1: none yet

    /// All slots from one to the other, in reading order.
    [[nodiscard]] static SlotSet run(quint16 end, quint16 other);
    /// All slots of the rectangle with these two corners.
    [[nodiscard]] static SlotSet rectangle(quint16 corner, quint16 opposite);

private:
    SlotSet m_selected, m_base;
    Shape m_shape = Shape::Run;
    int m_anchor = -1;
    int m_cursor = -1;
    bool m_removing = false;
};

} // namespace slotscope
