// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/planners/loadtaking.h"

#include <algorithm>

namespace slotscope {

namespace {

/// Walks over a set of slots range by range, starting at the end next to the receiver's slots.
class LoadTaker
{
public:
    LoadTaker(qint64 load, int maximum, const std::vector<qint64> &loads)
        : m_left(load), m_room(maximum), m_loads(loads)
    { }
    void walk(const SlotRange &range, bool upwards);
    void lastOne(const SlotSet &from);
    [[nodiscard]] SlotSet taken() const { return m_taken; }

private:
    qint64 m_left;
    int m_room;
    const std::vector<qint64> &m_loads;
    SlotSet m_taken;
};

void LoadTaker::walk(const SlotRange &range, bool upwards)
{
    std::vector<quint16> idle; // slots without load, taken only if they lie between taken ones
    bool begun = false;
    for (int i = 0; i < range.count() && m_left > 0 && m_room > 0; ++i) {
        const auto slot = quint16(upwards ? range.first + i : range.last - i);
        const qint64 load = m_loads[slot];
        if (load == 0) {
            if (begun)
                idle.push_back(slot);
            continue;
        }
        if (load > m_left || int(idle.size()) >= m_room) {
            idle.clear();
            begun = false;
            continue;
        }
        m_room -= int(idle.size()) + 1;
        for (const quint16 with : idle)
            m_taken.add(with);
        idle.clear();
        m_taken.add(slot);
        begun = true;
        m_left -= load;
    }
}

/// Adds one more slot if that brings the sum closer to the wanted load.
void LoadTaker::lastOne(const SlotSet &from)
{
    if (m_left <= 0 || m_room <= 0)
        return;
    int best = -1;
    qint64 bestOff = m_left;
    for (const SlotRange &range : from.ranges()) {
        for (int slot = range.first; slot <= range.last; ++slot) {
            const qint64 off = std::abs(m_left - m_loads[size_t(slot)]);
            if (off < bestOff && !m_taken.contains(quint16(slot))) {
                best = slot;
                bestOff = off;
            }
        }
    }
    if (best >= 0)
        m_taken.add(quint16(best));
}

} // namespace

SlotSet takeLoad(SlotSet &from, qint64 load, int maximum, const std::vector<qint64> &loads, const SlotSet &near)
{
    LoadTaker taker(load, maximum, loads);
    const auto touchesBelow = [&](const SlotRange &range) {
        return range.first > 0 && near.contains(quint16(range.first - 1));
    };
    const auto touchesAbove = [&](const SlotRange &range) {
        return range.last + 1 < slotCount && near.contains(quint16(range.last + 1));
    };
    QList<SlotRange> ranges = from.ranges();
    std::stable_sort(ranges.begin(), ranges.end(), [&](const SlotRange &a, const SlotRange &b) {
        return (touchesBelow(a) || touchesAbove(a)) && !(touchesBelow(b) || touchesAbove(b));
    });
    for (const SlotRange &range : std::as_const(ranges))
        taker.walk(range, touchesBelow(range) && !touchesAbove(range));
    taker.lastOne(from);
    from = from.subtracted(taker.taken());
    return taker.taken();
}

} // namespace slotscope
