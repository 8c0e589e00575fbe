// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/slowlogmodel.h"

#include "core/base/text.h"

#include <QDateTime>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

QString momentText(qint64 at)
{
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(at);
    return when.toString(when.date() == QDate::currentDate() ? u"hh:mm:ss"_s : u"yyyy-MM-dd hh:mm:ss"_s);
}

SlowlogModel::SlowlogModel(QObject *parent) : QAbstractTableModel(parent) { }

void SlowlogModel::setView(const ClusterViewPtr &view)
{
    m_view = view;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, int(Column::Node)), index(rowCount() - 1, int(Column::Cost)), {ShardColourRole});
}

void SlowlogModel::setKind(SlowlogKind kind)
{
    if (m_kind == kind)
        return;
    m_kind = kind;
    m_shape.clear();
    fill();
    Q_EMIT headerDataChanged(Qt::Horizontal, int(Column::Cost), int(Column::Cost));
}

void SlowlogModel::setFilter(const SlowlogFilter &filter)
{
    if (m_filter == filter)
        return;
    m_filter = filter;
    m_words = filter.text.split(u' ', Qt::SkipEmptyParts);
    fill();
}

void SlowlogModel::setShape(const QByteArray &shape)
{
    if (m_shape == shape)
        return;
    m_shape = shape;
    fill();
}

void SlowlogModel::fill()
{
    beginResetModel();
    m_matching.clear();
    m_rows.clear();
    for (const SlowlogEntryPtr &entry : book().entries()) {
        if (!passes(*entry))
            continue;
        m_matching.push_back(entry);
        if (m_shape.isEmpty() || entry->shape == m_shape)
            m_rows.push_back(entry);
    }
    m_longest = 0;
    for (const SlowlogEntryPtr &entry : m_rows)
        m_longest = std::max(m_longest, entry->cost);
    endResetModel();
    Q_EMIT entriesChanged();
}

std::vector<SlowlogEntryPtr> SlowlogModel::allEntries() const
{
    std::vector<SlowlogEntryPtr> all;
    for (const SlowlogBook &book : m_books)
        all.insert(all.end(), book.entries().begin(), book.entries().end());
    return all;
}

void SlowlogModel::add(SlowlogKind kind, std::vector<SlowlogEntry> entries)
{
    const SlowlogBook::Change change = m_books.at(size_t(kind)).add(std::move(entries));
    if (kind != m_kind || (change.added.empty() && change.removed.empty()))
        return;
    if (!change.removed.empty())
        dropRows(change.removed);
    std::vector<SlowlogEntryPtr> rows;
    for (const SlowlogEntryPtr &entry : change.added) {
        if (!passes(*entry))
            continue;
        m_matching.push_back(entry);
        if (m_shape.isEmpty() || entry->shape == m_shape)
            rows.push_back(entry);
    }
    if (!rows.empty()) {
        beginInsertRows({}, rowCount(), rowCount() + int(rows.size()) - 1);
        m_rows.insert(m_rows.end(), rows.begin(), rows.end());
        endInsertRows();
    }
    measureLongest();
    Q_EMIT entriesChanged();
}

void SlowlogModel::dropRows(const std::vector<SlowlogEntryPtr> &gone)
{
    const QSet<SlowlogEntryPtr> set(gone.begin(), gone.end());
    std::erase_if(m_matching, [&](const SlowlogEntryPtr &entry) { return set.contains(entry); });
    for (int last = rowCount() - 1; last >= 0;) {
        if (!set.contains(m_rows[size_t(last)])) {
            --last;
            continue;
        }
        int first = last;
        while (first > 0 && set.contains(m_rows[size_t(first) - 1]))
            --first;
        beginRemoveRows({}, first, last);
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        endRemoveRows();
        last = first - 1;
    }
}

/// Finds the longest entry shown, which sets the scale of the bars.
void SlowlogModel::measureLongest()
{
    qint64 longest = 0;
    for (const SlowlogEntryPtr &entry : m_rows)
        longest = std::max(longest, entry->cost);
    if (std::exchange(m_longest, longest) != longest && rowCount() > 0)
        Q_EMIT dataChanged(index(0, int(Column::Cost)), index(rowCount() - 1, int(Column::Cost)), {ShareRole});
}

bool SlowlogModel::passes(const SlowlogEntry &entry) const
{
    if (entry.cost < m_filter.minimum || (m_filter.hidesOurs && isOurs(entry))
        || (!m_filter.nodeId.isEmpty() && entry.nodeId != m_filter.nodeId))
        return false;
    if (m_words.isEmpty())
        return true;
    const QString text =
        commandText(entry.command) + u' ' + toDisplay(entry.clientAddress) + u' ' + toDisplay(entry.clientName);
    return std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

SlowlogEntryPtr SlowlogModel::entryAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[size_t(row)] : nullptr;
}

int SlowlogModel::rowOf(const SlowlogEntryPtr &entry) const
{
    const auto found = std::find(m_rows.begin(), m_rows.end(), entry);
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

int SlowlogModel::colourOf(const QByteArray &nodeId) const
{
    const NodeState *node = m_view ? m_view->node(nodeId) : nullptr;
    return node && node->shard >= 0 ? m_view->shards.at(size_t(node->shard)).colour : -1;
}

int SlowlogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int SlowlogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant SlowlogModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const SlowlogEntry &entry = *m_rows[size_t(index.row())];
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(entry, column);
    case Qt::ToolTipRole: return column == Column::Words ? text(entry, column).left(2000) : QString();
    case SortRole: return sortValue(entry, column);
    case IdRole: return entry.nodeId;
    case NumberRole: return column == Column::Cost;
    case MonospaceRole: return column == Column::Node || column == Column::Words || column == Column::Client;
    case ElideEndRole: return column == Column::Words;
    case LeadRole: return column == Column::Words ? commandName(entry.command).size() : 0;
    case ToneRole: return int(column == Column::Client || column == Column::Name ? Tone::Muted : Tone::Neutral);
    case ShareRole:
        return column == Column::Cost ? QVariant(m_longest > 0 ? double(entry.cost) / double(m_longest) : 0.0)
                                      : QVariant();
    case ShardColourRole:
        return column == Column::Node || column == Column::Cost ? QVariant(colourOf(entry.nodeId)) : QVariant();
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3").arg(text(entry, Column::Time), text(entry, Column::Cost), text(entry, Column::Words));
    default: return {};
    }
}

QVariant SlowlogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{
        QT_TR_NOOP("Time"),    QT_TR_NOOP("Node"),   QT_TR_NOOP("Took"),
        QT_TR_NOOP("Command"), QT_TR_NOOP("Client"), QT_TR_NOOP("Name")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{
        "time"_L1, "node"_L1, "microseconds"_L1, "command"_L1, "client"_L1, "clientName"_L1};
    const bool isSize = Column(section) == Column::Cost && m_kind != SlowlogKind::Slow;
    if (role == Qt::DisplayRole)
        return isSize ? tr("Size") : tr(titles.at(size_t(section)));
    if (role == ColumnNameRole)
        return isSize ? u"bytes"_s : QString(names.at(size_t(section)));
    return {};
}

QString SlowlogModel::text(const SlowlogEntry &entry, Column column) const
{
    switch (column) {
    case Column::Time: return momentText(entry.at);
    case Column::Node: return entry.nodeName;
    case Column::Cost: return costText(entry.kind, entry.cost);
    case Column::Words: return commandText(entry.command);
    case Column::Client: return toDisplay(entry.clientAddress);
    case Column::Name: return toDisplay(entry.clientName);
    case Column::Count_: break;
    }
    return {};
}

QVariant SlowlogModel::sortValue(const SlowlogEntry &entry, Column column) const
{
    switch (column) {
    case Column::Time: return entry.at;
    case Column::Cost: return entry.cost;
    default: return text(entry, column);
    }
}

} // namespace slotscope
