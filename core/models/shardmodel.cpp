// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/shardmodel.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

const NodeState *primaryOf(const ClusterView &view, const ShardState &shard)
{
    return shard.primary < 0 ? nullptr : &view.nodes.at(size_t(shard.primary));
}

} // namespace

ShardModel::ShardModel(QObject *parent) : QAbstractTableModel(parent) { }

void ShardModel::setView(const ClusterViewPtr &view)
{
    const int before = rowCount();
    const int after = view ? int(view->shards.size()) : 0;
    if (after < before) {
        beginRemoveRows({}, after, before - 1);
        m_view = view;
        endRemoveRows();
    } else if (after > before) {
        beginInsertRows({}, before, after - 1);
        m_view = view;
        endInsertRows();
    }
    m_view = view;
    if (const int kept = std::min(before, after); kept > 0)
        Q_EMIT dataChanged(index(0, 0), index(kept - 1, columnCount() - 1));
}

const ShardState *ShardModel::shardAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_view->shards.at(size_t(row)) : nullptr;
}

int ShardModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_view ? 0 : int(m_view->shards.size());
}

int ShardModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant ShardModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ShardState &shard = m_view->shards.at(size_t(index.row()));
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(shard, column);
    case SortRole: return sortValue(shard, column);
    case ShardColourRole: return shard.colour;
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3 slots")
            .arg(text(shard, Column::Shard), text(shard, Column::Primary), text(shard, Column::Slots));
    default: return {};
    }
}

QVariant ShardModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{
        QT_TR_NOOP("Shard"), QT_TR_NOOP("Primary"), QT_TR_NOOP("Slots"),
        QT_TR_NOOP("Keys"),  QT_TR_NOOP("Memory"),  QT_TR_NOOP("Ranges")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{
        "shard"_L1, "primary"_L1, "slots"_L1, "keys"_L1, "memoryBytes"_L1, "ranges"_L1};
    if (role == Qt::DisplayRole)
        return tr(titles.at(size_t(section)));
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

QString ShardModel::text(const ShardState &shard, Column column) const
{
    const NodeState *primary = primaryOf(*m_view, shard);
    const QVariant value = column == Column::Keys || column == Column::Memory ? sortValue(shard, column) : QVariant();
    switch (column) {
    case Column::Shard: return shardTitle(shard);
    case Column::Primary: return primary ? primary->name : tr("no primary");
    case Column::Slots: return groupedNumber(shard.slots.count());
    case Column::Keys: return value.isValid() ? shortCount(value.toLongLong()) : QString();
    case Column::Memory: return value.isValid() ? byteSize(value.toLongLong()) : QString();
    default: return shard.slots.toString();
    }
}

QVariant ShardModel::sortValue(const ShardState &shard, Column column) const
{
    const NodeState *primary = primaryOf(*m_view, shard);
    const ServerInfo *info = primary ? primary->currentInfo() : nullptr;
    const auto figure = [](const std::optional<qint64> &value) { return value ? QVariant(*value) : QVariant(); };
    switch (column) {
    case Column::Shard: return shard.number;
    case Column::Slots: return shard.slots.count();
    case Column::Keys: return info ? figure(info->keys) : QVariant();
    case Column::Memory: return info ? figure(info->usedMemory) : QVariant();
    default: return text(shard, column);
    }
}

} // namespace slotscope
