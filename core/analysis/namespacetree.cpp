// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/namespacetree.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace slotscope {

namespace {

constexpr qint64 worthCompressing = 512; // in bytes; for shorter strings, a header would use up the gain
constexpr int mostDepth = 32;
constexpr size_t childrenTold = 100; // a namespace with more children may list those that have several keys only
constexpr qsizetype longestName = 1024; // in bytes; limit for one name in a report

ReportKey reportKeyOf(const KeyRecord &record)
{
    ReportKey key;
    key.key = record.key.toByteArray();
    key.type = record.type.toByteArray();
    key.encoding = record.encoding.toByteArray();
    key.bytes = record.bytes.value_or(-1);
    key.elements = record.elements.value_or(-1);
    key.idleSeconds = record.idleSeconds.value_or(-1);
    key.ttlMs = record.ttlMs;
    key.frequency = record.frequency.value_or(-1);
    key.shard = record.shard;
    key.isSampled = record.isSampled;
    return key;
}

} // namespace

void BiggestKeys::put(qint64 number, const KeyRecord &record)
{
    if (record.key.size() > longestListed) // the key is counted, but names of megabytes would fill the memory
        return;
    const auto isBigger = [](const Entry &left, const Entry &right) { return left.number > right.number; };
    if (m_keys.size() == m_most) {
        std::pop_heap(m_keys.begin(), m_keys.end(), isBigger);
        m_keys.pop_back();
    }
    m_keys.push_back({number, reportKeyOf(record)});
    std::push_heap(m_keys.begin(), m_keys.end(), isBigger);
}

QList<ReportKey> BiggestKeys::sorted() const
{
    std::vector<Entry> keys = m_keys;
    std::sort(keys.begin(), keys.end(), [](const Entry &left, const Entry &right) {
        return left.number != right.number ? left.number > right.number : left.key.key < right.key.key;
    });
    QList<ReportKey> sorted;
    for (Entry &entry : keys)
        sorted.append(std::move(entry.key));
    return sorted;
}

NamespaceTree::NamespaceTree(const Delimiters &delimiters, size_t most)
    : m_delimiters(delimiters), m_most(std::max<size_t>(most, 2))
{
    m_nodes.emplace_back();
}

void NamespaceTree::count(Node &node, const KeyRecord &record, bool isJustOver)
{
    ReportNamespace &part = node.part;
    const qint64 bytes = record.bytes.value_or(0);
    part.sum.add(bytes);
    if (record.ttlMs == -1)
        part.withoutTtl.add(bytes);
    if (record.idleSeconds)
        part.longestIdle = std::max(part.longestIdle, *record.idleSeconds);
    if (record.type == "string" && record.elements.value_or(0) >= worthCompressing) {
        ++part.strings;
        part.stringBytes += *record.elements;
    }
    if (isJustOver)
        part.justOver.add(bytes);
    if (record.bytes && part.parent >= 0)
        node.biggest.offer(bytes, record);
}

void NamespaceTree::add(const KeyRecord &record, bool isJustOver)
{
    int index = 0;
    qsizetype from = 0;
    count(m_nodes.front(), record, isJustOver);
    for (int depth = 0; depth < mostDepth; ++depth) {
        const qsizetype end = m_delimiters.folderEnd(record.key, from);
        if (end < 0)
            m_nodes[size_t(index)].part.own.add(record.bytes.value_or(0));
        if (end < 0 || end > longestName || m_nodes[size_t(index)].isClosed)
            return;
        const QByteArrayView name = record.key.first(end);
        const auto known = m_byName.constFind(QByteArray::fromRawData(name.data(), name.size()));
        const int child = known == m_byName.constEnd() ? makeChild(index, name) : *known;
        if (child < 0)
            return;
        count(m_nodes[size_t(child)], record, isJustOver);
        index = child;
        from = end;
    }
}

/// Adds a child namespace. Returns -1 if there is no room; the parent is then not divided further.
int NamespaceTree::makeChild(int parent, QByteArrayView name)
{
    if (m_nodes.size() >= m_most && !m_isFull) {
        const QByteArray parentName = m_nodes[size_t(parent)].part.name;
        makeRoom();
        parent = parentName.isEmpty() ? 0 : m_byName.value(parentName, -1);
        if (parent < 0 || m_nodes[size_t(parent)].isClosed)
            return -1;
    }
    if (m_isFull) {
        m_nodes[size_t(parent)].part.isFoldedOpen = true;
        return -1;
    }
    Node node;
    node.part.name = name.toByteArray();
    node.part.parent = parent;
    node.part.depth = m_nodes[size_t(parent)].part.depth + 1;
    ++m_nodes[size_t(parent)].children;
    m_nodes.push_back(std::move(node));
    const int index = int(m_nodes.size()) - 1;
    m_byName.insert(m_nodes.back().part.name, index);
    return index;
}

/// Merges the children of the namespaces with the most children, until half of the room is free; never those of the
/// root.
void NamespaceTree::makeRoom()
{
    std::vector<size_t> order(m_nodes.size());
    std::iota(order.begin(), order.end(), size_t(0));
    std::erase_if(order, [&](size_t index) { return index == 0 || m_nodes[index].children == 0; });
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t left, size_t right) { return m_nodes[left].children > m_nodes[right].children; });
    std::vector<bool> closing(m_nodes.size());
    size_t left = m_nodes.size();
    for (const size_t index : order) {
        if (left <= m_most / 2)
            break;
        closing[index] = true;
        left -= std::min(left, m_nodes[index].children);
    }
    closeAll(closing);
    // so many namespaces at top level that no further ones are distinguished
    m_isFull = m_nodes.size() > m_most * 3 / 4;
}

/// Removes everything below the marked namespaces, and counts the removed ones.
void NamespaceTree::closeAll(const std::vector<bool> &closing)
{
    constexpr int gone = -1;
    std::vector<int> place(m_nodes.size(), gone); // new index of each remaining namespace
    std::vector<Node> kept;
    for (size_t i = 0; i < m_nodes.size(); ++i) {
        Node &node = m_nodes[i];
        const int parent = node.part.parent;
        const bool stays = parent < 0 || (place[size_t(parent)] != gone && !closing[size_t(parent)]);
        if (!stays) {
            int heir = parent; // the nearest ancestor that remains in the tree
            while (place[size_t(heir)] == gone)
                heir = m_nodes[size_t(heir)].part.parent;
            ++kept[size_t(place[size_t(heir)])].part.folded;
            node.part.parent = heir;
            continue;
        }
        place[i] = int(kept.size());
        if (parent >= 0)
            node.part.parent = place[size_t(parent)];
        if (closing[i]) {
            node.isClosed = true;
            node.part.isFoldedOpen = true;
            node.part.folded = 0;
            node.children = 0;
        }
        kept.push_back(std::move(node));
    }
    m_nodes = std::move(kept);
    m_byName.clear();
    for (size_t i = 1; i < m_nodes.size(); ++i)
        m_byName.insert(m_nodes[i].part.name, int(i));
}

QList<ReportNamespace> NamespaceTree::biggest(qsizetype most) const
{
    std::vector<int> order(m_nodes.size()), folded;
    std::iota(order.begin(), order.end(), 0);
    // a single key among very many siblings is a field of a record, not a namespace
    const auto isRecord = [&](int index) {
        const int parent = m_nodes[size_t(index)].part.parent;
        return parent >= 0 && m_nodes[size_t(index)].part.sum.keys == 1
            && m_nodes[size_t(parent)].children > childrenTold;
    };
    std::vector<char> isOut(m_nodes.size(), 0); // whether it is a record, or inside one; parents precede their children
    for (size_t i = 1; i < m_nodes.size(); ++i) {
        const int parent = m_nodes[i].part.parent;
        isOut[i] = isRecord(int(i)) || (parent >= 0 && isOut[size_t(parent)] != 0);
    }
    const auto records =
        std::stable_partition(order.begin(), order.end(), [&isOut](int index) { return isOut[size_t(index)] == 0; });
    folded.assign(records, order.end());
    order.erase(records, order.end());
    const auto isBefore = [&](int left, int right) {
        const ReportNamespace &one = m_nodes[size_t(left)].part, &other = m_nodes[size_t(right)].part;
        if (one.sum.bytes != other.sum.bytes)
            return one.sum.bytes > other.sum.bytes;
        if (one.sum.keys != other.sum.keys)
            return one.sum.keys > other.sum.keys;
        return left < right; // a parent precedes its only child
    };
    const size_t kept = std::min(order.size(), size_t(most));
    std::partial_sort(order.begin(), order.begin() + qsizetype(kept), order.end(), isBefore);
    std::sort(order.begin(), order.begin() + qsizetype(kept));
    std::vector<int> place(m_nodes.size(), -1);
    QList<ReportNamespace> biggest;
    for (size_t i = 0; i < kept; ++i) {
        const Node &node = m_nodes[size_t(order[i])];
        ReportNamespace part = node.part;
        part.parent = part.parent < 0 ? -1 : place[size_t(part.parent)];
        part.biggest = node.biggest.sorted();
        place[size_t(order[i])] = int(biggest.size());
        biggest.append(std::move(part));
    }
    folded.insert(folded.end(), order.begin() + qsizetype(kept), order.end());
    for (const int index : folded) { // merge omitted namespaces into those that remain
        int heir = m_nodes[size_t(index)].part.parent;
        while (place[size_t(heir)] < 0)
            heir = m_nodes[size_t(heir)].part.parent;
        ++biggest[place[size_t(heir)]].folded;
    }
    return biggest;
}

} // namespace slotscope
