// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/slotset.h"

#include "core/cluster/parse.h"

#include <algorithm>

namespace slotscope {

SlotSet::SlotSet(std::initializer_list<SlotRange> ranges)
{
    for (const SlotRange &range : ranges)
        add(range);
}

void SlotSet::add(SlotRange range)
{
    Q_ASSERT(range.first <= range.last && range.last < slotCount);
    if (m_ranges.isEmpty() || range.first > m_ranges.constLast().last + 1) {
        m_ranges.append(range); // fast path, since nodes list their ranges in order
        return;
    }
    // merge all ranges that overlap or touch the new one
    const auto begin = std::lower_bound(m_ranges.cbegin(), m_ranges.cend(), range.first,
                                        [](const SlotRange &r, quint16 first) { return r.last + 1 < first; });
    auto end = begin;
    for (; end != m_ranges.cend() && end->first <= range.last + 1; ++end) {
        range.first = std::min(range.first, end->first);
        range.last = std::max(range.last, end->last);
    }
    const qsizetype at = begin - m_ranges.cbegin();
    const qsizetype melted = end - begin;
    if (melted == 0) {
        m_ranges.insert(at, range);
        return;
    }
    m_ranges[at] = range;
    m_ranges.remove(at + 1, melted - 1);
}

QList<quint16> SlotSet::toList() const
{
    QList<quint16> list;
    list.reserve(count());
    for (const SlotRange &range : m_ranges)
        for (int slot = range.first; slot <= range.last; ++slot)
            list.append(quint16(slot));
    return list;
}

void SlotSet::remove(SlotRange range)
{
    QList<SlotRange> left;
    left.reserve(m_ranges.size() + 1);
    for (const SlotRange &r : std::as_const(m_ranges)) {
        if (r.first < range.first)
            left.append({r.first, std::min(r.last, quint16(range.first - 1))});
        if (r.last > range.last)
            left.append({std::max(r.first, quint16(range.last + 1)), r.last});
        if (r.last < range.first || r.first > range.last)
            // no overlap: keep the range, for which exactly one of the two lines above appended an entry
            left.last() = r;
    }
    m_ranges = left;
}

bool SlotSet::contains(quint16 slot) const
{
    const auto at = std::lower_bound(m_ranges.cbegin(), m_ranges.cend(), slot,
                                     [](const SlotRange &r, quint16 wanted) { return r.last < wanted; });
    return at != m_ranges.cend() && at->first <= slot;
}

int SlotSet::count() const
{
    int total = 0;
    for (const SlotRange &range : m_ranges)
        total += range.count();
    return total;
}

SlotSet SlotSet::united(const SlotSet &other) const
{
    SlotSet result;
    result.m_ranges.reserve(m_ranges.size() + other.m_ranges.size());
    auto a = m_ranges.cbegin();
    auto b = other.m_ranges.cbegin();
    while (a != m_ranges.cend() || b != other.m_ranges.cend()) {
        const bool takeA = b == other.m_ranges.cend() || (a != m_ranges.cend() && a->first <= b->first);
        result.add(takeA ? *a++ : *b++);
    }
    return result;
}

SlotSet SlotSet::intersected(const SlotSet &other) const
{
    SlotSet result;
    auto a = m_ranges.cbegin();
    auto b = other.m_ranges.cbegin();
    while (a != m_ranges.cend() && b != other.m_ranges.cend()) {
        const quint16 first = std::max(a->first, b->first);
        const quint16 last = std::min(a->last, b->last);
        if (first <= last)
            result.add(SlotRange{first, last});
        if (a->last < b->last)
            ++a;
        else
            ++b;
    }
    return result;
}

SlotSet SlotSet::subtracted(const SlotSet &other) const
{
    SlotSet result;
    auto b = other.m_ranges.cbegin();
    for (const SlotRange &range : m_ranges) {
        int first = range.first;
        while (b != other.m_ranges.cend() && b->last < range.first)
            ++b;
        for (auto cut = b; cut != other.m_ranges.cend() && cut->first <= range.last; ++cut) {
            if (cut->first > first)
                result.add(SlotRange{quint16(first), quint16(cut->first - 1)});
            first = std::max(first, cut->last + 1);
        }
        if (first <= range.last)
            result.add(SlotRange{quint16(first), range.last});
    }
    return result;
}

QString SlotSet::toString(int maximum) const
{
    QString text;
    int written = 0;
    for (const SlotRange &range : m_ranges) {
        if (maximum >= 0 && written == maximum)
            return text + (text.isEmpty() ? QStringLiteral("…") : QStringLiteral(" …"));
        if (written++ > 0)
            text += QLatin1Char(' ');
        text += QString::number(range.first);
        if (range.last != range.first)
            text += QLatin1Char('-') + QString::number(range.last);
    }
    return text;
}

Result<SlotSet> SlotSet::parse(QByteArrayView text)
{
    SlotSet set;
    const auto separates = [](char c) { return c == ' ' || c == ',' || c == '\t' || c == '\n' || c == '\r'; };
    qsizetype at = 0;
    while (at < text.size()) {
        if (separates(text[at])) {
            ++at;
            continue;
        }
        const qsizetype begin = at;
        while (at < text.size() && !separates(text[at]))
            ++at;
        QByteArrayView last = text.sliced(begin, at - begin);
        const QByteArrayView token = last;
        const QByteArrayView first = takeUntil(last, '-');
        const bool single = first.size() == token.size();
        const std::optional<quint64> from = toUnsigned(first);
        const std::optional<quint64> to = single ? from : toUnsigned(last);
        if (!from || !to || *from > *to || *to >= quint64(slotCount))
            return failure(parseError(QT_TRANSLATE_NOOP("slotscope", "this is not a slot or a range of slots"), token));
        set.add(SlotRange{quint16(*from), quint16(*to)});
    }
    return set;
}

} // namespace slotscope
