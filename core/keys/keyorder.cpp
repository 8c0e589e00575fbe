// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/keyorder.h"

#include <QtEndian>

#include <algorithm>
#include <cstring>

namespace slotscope {

namespace {

bool isDigitByte(char c)
{
    return c >= '0' && c <= '9';
}

/// A run of digits: leading zeros, and the rest.
struct DigitRun
{
    QByteArrayView digits;
    qsizetype zeros = 0;
    qsizetype end = 0;
};

DigitRun digitRunAt(QByteArrayView text, qsizetype at)
{
    qsizetype first = at;
    while (first < text.size() && text[first] == '0')
        ++first;
    qsizetype end = first;
    while (end < text.size() && isDigitByte(text[end]))
        ++end;
    return {text.sliced(first, end - first), first - at, end};
}

int sign(qsizetype left, qsizetype right)
{
    return left < right ? -1 : left > right ? 1 : 0;
}

int compareBytes(QByteArrayView left, QByteArrayView right)
{
    const size_t common = size_t(std::min(left.size(), right.size()));
    const int difference = common == 0 ? 0 : std::memcmp(left.data(), right.data(), common);
    return difference != 0 ? difference : sign(left.size(), right.size());
}

int compareRuns(const DigitRun &left, const DigitRun &right)
{
    if (const int longer = sign(left.digits.size(), right.digits.size()))
        return longer;
    if (const int larger = compareBytes(left.digits, right.digits))
        return larger;
    return sign(left.zeros, right.zeros);
}

int compareNaturally(QByteArrayView left, QByteArrayView right)
{
    qsizetype l = 0, r = 0;
    while (l < left.size() && r < right.size()) {
        if (isDigitByte(left[l]) && isDigitByte(right[r])) {
            const DigitRun leftRun = digitRunAt(left, l), rightRun = digitRunAt(right, r);
            if (const int difference = compareRuns(leftRun, rightRun))
                return difference;
            l = leftRun.end;
            r = rightRun.end;
        } else if (left[l] != right[r]) {
            return quint8(left[l]) < quint8(right[r]) ? -1 : 1;
        } else {
            ++l;
            ++r;
        }
    }
    return sign(left.size() - l, right.size() - r);
}

/// A length of any size in bytes that compare as it does.
void appendLength(qsizetype length, std::vector<char> &out)
{
    constexpr qsizetype longer = 255;
    out.push_back(char(std::min(length, longer)));
    if (length < longer)
        return;
    for (int shift = 56; shift >= 0; shift -= 8)
        out.push_back(char(quint64(length) >> shift));
}

struct SortItem
{
    quint64 head = 0; ///< the eight bytes at the depth that is being sorted
    quint32 at = 0;
};

quint64 headOf(QByteArrayView text, qsizetype depth)
{
    if (text.size() - depth >= 8)
        return qFromBigEndian<quint64>(text.data() + depth);
    char bytes[8] = {};
    if (text.size() > depth)
        std::memcpy(bytes, text.data() + depth, size_t(text.size() - depth));
    return qFromBigEndian<quint64>(bytes);
}

/// Sorts texts that are equal up to `depth`. `text`: at -> bytes.
template <typename Text>
class HeadSort
{
public:
    HeadSort(Text text, const std::atomic<bool> &stop) : m_text(std::move(text)), m_stop(stop) { }

    [[nodiscard]] bool sort(SortItem *first, SortItem *last)
    {
        m_waiting.push_back({first, last, 0});
        while (!m_waiting.empty() && !m_stop) { // a list of its own: a key may be a million times eight bytes long
            const Group group = m_waiting.back();
            m_waiting.pop_back();
            if (group.last - group.first <= smallGroup)
                sortSmall(group);
            else
                sortByHead(group);
        }
        return !m_stop;
    }

private:
    struct Group
    {
        SortItem *first, *last;
        qsizetype depth;
    };
    static constexpr qsizetype smallGroup = 12;

    void sortSmall(const Group &group)
    {
        std::sort(group.first, group.last, [&](const SortItem &left, const SortItem &right) {
            return compareBytes(m_text(left.at).sliced(group.depth), m_text(right.at).sliced(group.depth)) < 0;
        });
    }

    /// How many bytes from `depth` on all of them share.
    qsizetype shared(const Group &group) const
    {
        const QByteArrayView model = m_text(group.first->at).sliced(group.depth);
        qsizetype common = model.size();
        for (const SortItem *item = group.first + 1; item != group.last && common > 0; ++item) {
            const QByteArrayView other = m_text(item->at).sliced(group.depth);
            const qsizetype most = std::min(common, other.size());
            common = std::mismatch(model.begin(), model.begin() + most, other.begin()).first - model.begin();
        }
        return common;
    }

    void sortByHead(Group group)
    {
        group.depth += shared(group);
        for (SortItem *item = group.first; item != group.last; ++item)
            item->head = headOf(m_text(item->at), group.depth);
        // where heads are alike, a text that ends in its head comes first: the other one has zeros there
        const auto lengthWithin = [&](const SortItem &item) {
            return std::min<qsizetype>(m_text(item.at).size() - group.depth, 9);
        };
        std::sort(group.first, group.last,
                  [](const SortItem &left, const SortItem &right) { return left.head < right.head; });
        for (SortItem *first = group.first; first != group.last;) {
            SortItem *last = first + 1;
            while (last != group.last && last->head == first->head)
                ++last;
            if (last - first > 1) {
                SortItem *longer =
                    std::partition(first, last, [&](const SortItem &item) { return lengthWithin(item) < 9; });
                std::sort(first, longer, [&](const SortItem &left, const SortItem &right) {
                    return lengthWithin(left) < lengthWithin(right);
                });
                if (last - longer > 1)
                    m_waiting.push_back({longer, last, group.depth + 8});
            }
            first = last;
        }
    }

    Text m_text;
    const std::atomic<bool> &m_stop;
    std::vector<Group> m_waiting;
};

template <typename Text>
[[nodiscard]] bool sortItems(std::vector<SortItem> &items, Text text, const std::atomic<bool> &stop)
{
    return HeadSort<Text>(std::move(text), stop).sort(items.data(), items.data() + items.size());
}

bool sortByBytes(const KeyBytes &keys, Permutation &ids, const std::atomic<bool> &stop)
{
    std::vector<SortItem> items(ids.size());
    for (size_t i = 0; i < ids.size(); ++i)
        items[i].at = ids[i];
    const bool done = sortItems(
        items, [&keys](quint32 id) { return keys.at(id); }, stop);
    std::transform(items.begin(), items.end(), ids.begin(), [](const SortItem &item) { return item.at; });
    return done;
}

} // namespace

int compareKeys(QByteArrayView left, QByteArrayView right, KeyOrder order)
{
    return order == KeyOrder::Bytes ? compareBytes(left, right) : compareNaturally(left, right);
}

void appendNatural(QByteArrayView key, std::vector<char> &out)
{
    for (qsizetype at = 0; at < key.size();) {
        if (!isDigitByte(key[at])) {
            out.push_back(key[at++]);
            continue;
        }
        const DigitRun run = digitRunAt(key, at);
        out.push_back('0'); // stands among other bytes as any digit does
        appendLength(run.digits.size(), out);
        out.insert(out.end(), run.digits.begin(), run.digits.end());
        appendLength(run.zeros, out);
        at = run.end;
    }
}

bool sortKeys(const KeyBytes &keys, Permutation &ids, KeyOrder order, const std::atomic<bool> &stop)
{
    if (order == KeyOrder::Bytes)
        return sortByBytes(keys, ids, stop);
    std::vector<SortItem> items(ids.size());
    std::vector<char> texts;
    std::vector<size_t> starts(ids.size() + 1);
    for (size_t i = 0; i < ids.size(); ++i) {
        items[i].at = quint32(i);
        appendNatural(keys.at(ids[i]), texts);
        starts[i + 1] = texts.size();
        if ((i & 4095) == 0 && stop)
            return false;
    }
    const auto text = [&](quint32 at) {
        return QByteArrayView(texts.data() + starts[at], qsizetype(starts[at + 1] - starts[at]));
    };
    if (!sortItems(items, text, stop))
        return false;
    const Permutation before = ids;
    std::transform(items.begin(), items.end(), ids.begin(), [&](const SortItem &item) { return before[item.at]; });
    return true;
}

PermutationPtr mergeKeys(const KeyBytes &keys, const Permutation &left, const Permutation &right, KeyOrder order,
                         const std::atomic<bool> &stop)
{
    const Permutation &few = left.size() < right.size() ? left : right;
    const Permutation &many = left.size() < right.size() ? right : left;
    auto merged = std::make_shared<Permutation>();
    merged->reserve(few.size() + many.size());
    quint32 done = 0;
    for (const quint32 id : few) {
        if ((id & 1023) == 0 && stop)
            return nullptr;
        const QByteArrayView key = keys.at(id);
        const quint32 until = gallop(done, quint32(many.size()),
                                     [&](quint32 place) { return compareKeys(keys.at(many[place]), key, order) < 0; });
        merged->insert(merged->end(), many.begin() + done, many.begin() + until);
        merged->push_back(id);
        done = until;
    }
    merged->insert(merged->end(), many.begin() + done, many.end());
    return merged;
}

} // namespace slotscope
