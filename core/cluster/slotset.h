// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/cluster/slot.h"

#include <QByteArray>
#include <QList>

namespace slotscope {

constexpr int rangesShown = 6; ///< number of ranges shown in a sentence before " …"

/// The slots `first` to `last`, both included.
struct SlotRange
{
    quint16 first = 0;
    quint16 last = 0;
    [[nodiscard]] int count() const { return last - first + 1; }
    friend bool operator==(const SlotRange &, const SlotRange &) = default;
};

/// A set of slots as sorted, disjoint, non-adjacent ranges. Cheap to copy (implicitly shared).
class SlotSet
{
public:
    SlotSet() = default;
    SlotSet(std::initializer_list<SlotRange> ranges);

    void add(SlotRange range);
    void add(quint16 slot) { add(SlotRange{slot, slot}); }
    void remove(SlotRange range);
    [[nodiscard]] bool contains(quint16 slot) const;
    [[nodiscard]] bool isEmpty() const { return m_ranges.isEmpty(); }
    [[nodiscard]] int count() const;
    [[nodiscard]] const QList<SlotRange> &ranges() const { return m_ranges; }
    [[nodiscard]] QList<quint16> toList() const; ///< each slot separately
    [[nodiscard]] SlotSet united(const SlotSet &other) const;
    [[nodiscard]] SlotSet intersected(const SlotSet &other) const;
    [[nodiscard]] SlotSet subtracted(const SlotSet &other) const;
    /// All 16384 slots.
    [[nodiscard]] static SlotSet all() { return {SlotRange{0, slotCount - 1}}; }

    /// "0-5460 5462"; empty for the empty set. At most `maximum` ranges, then " …" (-1: all).
    [[nodiscard]] QString toString(int maximum = -1) const;
    /// Parses the format of toString(); ranges may be separated by blanks or commas.
    [[nodiscard]] static Result<SlotSet> parse(QByteArrayView text);

    friend bool operator==(const SlotSet &, const SlotSet &) = default;

private:
    QList<SlotRange> m_ranges;
};

} // namespace slotscope
