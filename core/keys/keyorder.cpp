// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/keyorder.h"

#include <QtEndian>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

namespace slotscope {

namespace {

bool isDigitByte(char c)
{
    return c >= '0' && c <= '9';
}

/// A run of digits, split into leading zeros and the rest.
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

/// Appends a length as bytes whose bytewise order is the order of the lengths.
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
    quint64 head = 0; ///< the eight bytes at the current sorting depth
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

/// Number of threads for sorting so many keys: one for small jobs, which are done before another thread has started.
unsigned threadsFor(size_t count)
{
    constexpr size_t worthThreads = 100'000;
    // the servers may run on the same machine, and the window needs processor time, too
    constexpr unsigned mostThreads = 4;
    return count < worthThreads ? 1 : std::clamp(std::thread::hardware_concurrency(), 1U, mostThreads);
}

/// Runs `work(number)` once on each of `count` threads, the caller's among them, and returns when all are done.
template <typename Work>
void onThreads(unsigned count, const Work &work)
{
    std::vector<std::jthread> others;
    for (unsigned number = 1; number < count; ++number)
        others.emplace_back([&work, number] { work(number); });
    work(0U);
}

/// Sorts texts by comparing eight bytes ("head") at a time. `text` returns the bytes of the item with a given
/// SortItem::at. Groups of texts with equal heads go into a work queue that several threads share.
template <typename Text>
class HeadSort
{
public:
    HeadSort(Text text, const std::atomic<bool> &stop) : m_text(std::move(text)), m_stop(stop) { }

    /// Sorts the items; returns false if `stop` was set meanwhile.
    [[nodiscard]] bool sort(std::vector<SortItem> &items)
    {
        add({.first = items.data(), .last = items.data() + items.size(), .depth = 0, .hasHeads = false});
        onThreads(threadsFor(items.size()), [this](unsigned) { work(); });
        return !m_stop;
    }

private:
    struct Group
    {
        SortItem *first, *last;
        qsizetype depth; ///< the texts are equal up to here
        bool hasHeads; ///< SortItem::head is set for `depth`
    };
    static constexpr qsizetype smallGroup = 12;
    /// groups of this size and more are split, so that other threads get a part
    static constexpr qsizetype largeGroup = 32'768;

    void add(const Group &group)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_waiting.push_back(group);
            ++m_unfinished;
        }
        m_news.notify_one();
    }

    /// What each thread does: sorts groups until the queue is empty, and no group is being sorted that could add
    /// others.
    void work()
    {
        std::unique_lock lock(m_mutex);
        for (;;) {
            m_news.wait(lock, [this] { return !m_waiting.empty() || m_unfinished == 0; });
            if (m_waiting.empty())
                return;
            const Group group = m_waiting.back();
            m_waiting.pop_back();
            lock.unlock();
            if (!m_stop)
                sortWithRest(group);
            lock.lock();
            if (--m_unfinished == 0)
                m_news.notify_all();
        }
    }

    /// Sorts the group and the smaller groups that result from it. Large ones go into the queue, for any thread.
    void sortWithRest(const Group &group)
    {
        // a list instead of recursion, because a key may have a million heads of eight bytes
        std::vector<Group> rest{group};
        while (!rest.empty() && !m_stop) {
            const Group next = rest.back();
            rest.pop_back();
            const qsizetype size = next.last - next.first;
            if (size <= smallGroup)
                sortSmall(next);
            else if (size < largeGroup)
                sortByHead(next, rest);
            else
                split(next);
        }
    }

    void sortSmall(const Group &group)
    {
        std::sort(group.first, group.last, [&](const SortItem &left, const SortItem &right) {
            return compareBytes(m_text(left.at).sliced(group.depth), m_text(right.at).sliced(group.depth)) < 0;
        });
    }

    /// Number of bytes, from `depth` on, that all texts of the group have in common.
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

    void setHeads(Group &group)
    {
        if (std::exchange(group.hasHeads, true))
            return;
        group.depth += shared(group);
        for (SortItem *item = group.first; item != group.last; ++item)
            item->head = headOf(m_text(item->at), group.depth);
    }

    /// Splits a large group into heads smaller than, equal to and larger than a head from its middle.
    void split(Group group)
    {
        setHeads(group);
        const qsizetype size = group.last - group.first;
        std::array<quint64, 9> sample{};
        for (size_t i = 0; i < sample.size(); ++i)
            sample[i] = group.first[qsizetype(i) * (size - 1) / qsizetype(sample.size() - 1)].head;
        std::nth_element(sample.begin(), sample.begin() + sample.size() / 2, sample.end());
        const quint64 pivot = sample[sample.size() / 2];
        SortItem *equal =
            std::partition(group.first, group.last, [pivot](const SortItem &item) { return item.head < pivot; });
        SortItem *larger =
            std::partition(equal, group.last, [pivot](const SortItem &item) { return item.head == pivot; });
        if (group.first != equal)
            add({group.first, equal, group.depth, true});
        if (larger != group.last)
            add({larger, group.last, group.depth, true});
        std::vector<Group> rest;
        sortAlike(equal, larger, group.depth, rest);
        for (const Group &longer : rest)
            add(longer);
    }

    void sortByHead(Group group, std::vector<Group> &rest)
    {
        setHeads(group);
        std::sort(group.first, group.last,
                  [](const SortItem &left, const SortItem &right) { return left.head < right.head; });
        for (SortItem *first = group.first; first != group.last;) {
            SortItem *last = first + 1;
            while (last != group.last && last->head == first->head)
                ++last;
            sortAlike(first, last, group.depth, rest);
            first = last;
        }
    }

    /// Sorts texts with equal heads. A text that ends within its head comes before one that continues with zero bytes.
    /// Texts that continue beyond the head are put into `rest`.
    void sortAlike(SortItem *first, SortItem *last, qsizetype depth, std::vector<Group> &rest)
    {
        if (last - first < 2)
            return;
        const auto lengthWithin = [&](const SortItem &item) {
            return std::min<qsizetype>(m_text(item.at).size() - depth, 9);
        };
        SortItem *longer = std::partition(first, last, [&](const SortItem &item) { return lengthWithin(item) < 9; });
        std::sort(first, longer, [&](const SortItem &left, const SortItem &right) {
            return lengthWithin(left) < lengthWithin(right);
        });
        if (last - longer > 1)
            rest.push_back({longer, last, depth + 8, false});
    }

    Text m_text;
    const std::atomic<bool> &m_stop;
    std::mutex m_mutex; ///< protects the following two members
    std::vector<Group> m_waiting;
    int m_unfinished = 0; ///< number of groups that wait or are being sorted
    std::condition_variable m_news;
};

template <typename Text>
[[nodiscard]] bool sortItems(std::vector<SortItem> &items, Text text, const std::atomic<bool> &stop)
{
    return items.empty() || HeadSort<Text>(std::move(text), stop).sort(items);
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
        out.push_back('0'); // so that a number is compared with other characters like any digit
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
    // the sorting texts (bytes whose order is the natural order) of one part of the keys, written by one thread
    struct Part
    {
        std::vector<char> texts;
        std::vector<size_t> starts;
        size_t bytes = 0; ///< total bytes of the keys themselves
    };
    const unsigned threads = threadsFor(ids.size());
    const quint32 most = quint32(ids.size() / threads + 1); // number of keys in a part
    std::vector<Part> parts(threads);
    for (size_t i = 0; i < ids.size(); ++i) {
        items[i].at = quint32(i);
        parts[i / most].bytes += size_t(keys.at(ids[i]).size());
    }
    // reserved on this thread, because allocations by other threads would leave holes in their own memory areas
    for (auto &[texts, starts, bytes] : parts) {
        constexpr size_t numbersOfKey = 3; // keys with up to this many numbers fit; each number takes two bytes more
        texts.reserve(bytes + most * 2 * numbersOfKey);
        starts.reserve(most + 1);
    }
    onThreads(threads, [&](unsigned number) {
        auto &[texts, starts, bytes] = parts[number];
        const size_t first = size_t(number) * most, last = std::min(ids.size(), first + most);
        for (size_t i = first; i < last; ++i) {
            if ((i & 4095) == 0 && stop)
                return;
            starts.push_back(texts.size());
            appendNatural(keys.at(ids[i]), texts);
        }
        starts.push_back(texts.size());
    });
    if (stop)
        return false;
    const auto text = [&](quint32 at) {
        const Part &part = parts[at / most];
        const quint32 in = at % most;
        const size_t start = part.starts[in];
        return QByteArrayView(part.texts.data() + start, qsizetype(part.starts[in + 1] - start));
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
