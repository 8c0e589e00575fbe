// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/planners/slottaking.h"

#include <algorithm>

namespace slotscope {

namespace {

bool touchesAbove(const SlotRange &range, const SlotSet &near)
{
    return range.last + 1 < slotCount && near.contains(quint16(range.last + 1));
}

bool touchesBelow(const SlotRange &range, const SlotSet &near)
{
    return range.first > 0 && near.contains(quint16(range.first - 1));
}

/// The part of `range`, at most `count` slots, at the end adjacent to `near`, else at the upper end.
SlotRange pieceOf(const SlotRange &range, int count, const SlotSet &near)
{
    if (range.count() <= count)
        return range;
    if (touchesBelow(range, near) && !touchesAbove(range, near))
        return {range.first, quint16(range.first + count - 1)};
    return {quint16(range.last - count + 1), range.last};
}

/// The range to take from next: one that touches `near` and is big enough, then any that touches it, then the biggest
/// that fits completely, then the smallest.
SlotRange nextRange(const QList<SlotRange> &ranges, int count, const SlotSet &near)
{
    const auto rank = [&](const SlotRange &range) {
        const bool touches = touchesAbove(range, near) || touchesBelow(range, near);
        const bool fits = range.count() <= count;
        const int kind = touches ? (fits ? 1 : 0) : fits ? 2 : 3;
        return std::pair(kind, fits ? -range.count() : range.count());
    };
    return *std::min_element(ranges.begin(), ranges.end(),
                             [&](const SlotRange &a, const SlotRange &b) { return rank(a) < rank(b); });
}

} // namespace

SlotSet extractSlots(SlotSet &from, int count, const SlotSet &near)
{
    SlotSet taken;
    SlotSet reach = near;
    while (count > 0 && !from.isEmpty()) {
        const SlotRange piece = pieceOf(nextRange(from.ranges(), count, reach), count, reach);
        from.remove(piece);
        taken.add(piece);
        reach.add(piece);
        count -= piece.count();
    }
    return taken;
}

} // namespace slotscope
