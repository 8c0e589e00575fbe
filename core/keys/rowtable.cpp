// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/rowtable.h"

#include <algorithm>
#include <limits>

namespace slotscope {

RowTablePtr RowTable::empty()
{
    const std::atomic<bool> never{false};
    return build(KeyIndex().snapshot(), {}, never);
}

RowTablePtr RowTable::build(KeySnapshotPtr snapshot, Recipe recipe, const std::atomic<bool> &stop)
{
    auto table = std::make_shared<RowTable>();
    table->m_snapshot = std::move(snapshot);
    table->m_recipe = std::move(recipe);
    if (!table->addChildren(0, quint32(table->m_snapshot->shown->size()), -1, table->m_parts, stop))
        return nullptr;
    table->m_parts.shrink_to_fit();
    table->number();
    return table;
}

/// Adds the content of a folder, and of the open folders in it. Uses an explicit list of pending folders instead of
/// recursion, because folders may be nested as deep as a name is long. Returns false if it was stopped.
bool RowTable::addChildren(quint32 first, quint32 last, qint32 parent, std::vector<Part> &parts,
                           const std::atomic<bool> &stop) const
{
    struct Level
    {
        quint32 place, last;
        qint32 parent;
    };
    std::vector<Level> levels{{first, last, parent}};
    quint32 looked = 0;
    while (!levels.empty()) {
        const Level level = levels.back();
        if (level.place == level.last) {
            levels.pop_back();
            continue;
        }
        if ((++looked & 4095) == 0 && stop)
            return false;
        const bool isTop = level.parent < 0;
        const quint32 prefix = isTop ? 0 : parts[size_t(level.parent)].prefix;
        const quint16 depth = isTop ? 0 : quint16(std::min(parts[size_t(level.parent)].depth + 1, 0xFFFF));
        const QByteArrayView key = m_snapshot->keyAt(level.place);
        const qsizetype end = m_recipe.delimiters.words().isEmpty() ? -1 : m_recipe.delimiters.folderEnd(key, prefix);
        if (end < 0) {
            const bool isList = m_recipe.delimiters.words().isEmpty();
            const quint32 keys = isList ? level.last - level.place : 1;
            const bool goesOn = !parts.empty() && !parts.back().isFolder && parts.back().parent == level.parent
                && parts.back().place + parts.back().keys == level.place;
            if (goesOn)
                parts.back().keys += keys;
            else
                parts.push_back({0, level.place, keys, prefix, level.parent, depth, false, false});
            levels.back().place += keys;
            continue;
        }
        const QByteArrayView name = key.first(end);
        const quint32 after = gallop(level.place + 1, level.last,
                                     [&](quint32 place) { return m_snapshot->keyAt(place).startsWith(name); });
        const bool isOpen =
            !m_recipe.open.isEmpty() && m_recipe.open.contains(QByteArray::fromRawData(name.data(), name.size()));
        parts.push_back({0, level.place, after - level.place, quint32(end), level.parent, depth, true, isOpen});
        levels.back().place = after;
        if (isOpen)
            levels.push_back({parts.back().place, after, qint32(parts.size() - 1)});
    }
    return true;
}

void RowTable::number()
{
    quint64 row = 0;
    for (Part &part : m_parts) {
        part.row = quint32(row);
        row += part.rows();
    }
    m_rows = int(std::min<quint64>(row, std::numeric_limits<int>::max()));
}

/// Index of the part after everything inside this one.
qint32 RowTable::endOfPart(qint32 index) const
{
    const Part &folder = m_parts[size_t(index)];
    const auto after = std::partition_point(m_parts.begin() + index + 1, m_parts.end(),
                                            [&](const Part &part) { return part.place < folder.place + folder.keys; });
    return qint32(after - m_parts.begin());
}

RowTablePtr RowTable::toggled(int row, const std::atomic<bool> &stop) const
{
    const qint32 index = partIndex(row);
    Part folder = m_parts[size_t(index)];
    Q_ASSERT(folder.isFolder);
    auto table = std::make_shared<RowTable>();
    table->m_snapshot = m_snapshot;
    table->m_recipe = m_recipe;
    const QByteArray name = nameAt(row).toByteArray();
    folder.isOpen = !folder.isOpen;
    if (folder.isOpen)
        table->m_recipe.open.insert(name);
    else
        table->m_recipe.open.remove(name);
    const qint32 end = endOfPart(index);
    table->m_parts.assign(m_parts.begin(), m_parts.begin() + index);
    table->m_parts.push_back(folder);
    if (folder.isOpen && !table->addChildren(folder.place, folder.place + folder.keys, index, table->m_parts, stop))
        return nullptr;
    const qint32 moved = qint32(table->m_parts.size()) - end;
    for (size_t i = size_t(end); i < m_parts.size(); ++i) {
        Part part = m_parts[i];
        if (part.parent >= end)
            part.parent += moved;
        table->m_parts.push_back(part);
    }
    table->number();
    return table;
}

qint32 RowTable::partIndex(int row) const
{
    Q_ASSERT(row >= 0 && row < m_rows);
    const auto after = std::partition_point(m_parts.begin(), m_parts.end(),
                                            [&](const Part &part) { return part.row <= quint32(row); });
    return qint32(after - m_parts.begin()) - 1;
}

QByteArrayView RowTable::nameAt(int row) const
{
    const Part &part = partAt(row);
    if (part.isFolder)
        return m_snapshot->keyAt(part.place).first(part.prefix);
    return m_snapshot->keyAt(part.place + (quint32(row) - part.row));
}

QByteArrayView RowTable::labelAt(int row) const
{
    const Part &part = partAt(row);
    const QByteArrayView name = nameAt(row);
    if (!part.isFolder)
        return name.sliced(part.prefix);
    return name.sliced(part.parent < 0 ? 0 : m_parts[size_t(part.parent)].prefix);
}

int RowTable::parentRow(int row) const
{
    const qint32 parent = partAt(row).parent;
    return parent < 0 ? -1 : int(m_parts[size_t(parent)].row);
}

double RowTable::shareAt(int row) const
{
    const Part &part = partAt(row);
    const double own = part.isFolder ? part.keys : 1;
    const double around = part.parent < 0 ? double(m_snapshot->shown->size()) : m_parts[size_t(part.parent)].keys;
    return own / around;
}

int RowTable::rowsBelow(int row) const
{
    const qint32 end = endOfPart(partIndex(row));
    return (size_t(end) == m_parts.size() ? m_rows : int(m_parts[size_t(end)].row)) - row - 1;
}

int RowTable::rowOfKey(QByteArrayView key) const
{
    const auto place = m_snapshot->placeOf(key);
    if (!place)
        return -1;
    const auto after =
        std::partition_point(m_parts.begin(), m_parts.end(), [&](const Part &part) { return part.place <= *place; });
    const Part &part = *(after - 1); // the innermost part that contains the position
    return part.isFolder ? -1 : int(part.row + (*place - part.place));
}

int RowTable::rowOfFolder(QByteArrayView name) const
{
    const quint32 place = m_snapshot->lowerBound(name);
    auto part = std::partition_point(m_parts.begin(), m_parts.end(),
                                     [&](const Part &candidate) { return candidate.place < place; });
    for (; part != m_parts.end() && part->place == place; ++part)
        if (part->isFolder && part->prefix == quint32(name.size()) && m_snapshot->keyAt(place).startsWith(name))
            return int(part->row);
    return -1;
}

} // namespace slotscope
