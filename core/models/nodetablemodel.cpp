// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/nodetablemodel.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

using Column = NodeTableModel::Column;

struct ColumnInfo
{
    const char *title;
    QLatin1StringView name;
    bool number;
    bool monospace;
};

constexpr std::array<ColumnInfo, size_t(Column::Count_)> columnInfos{{
    {QT_TRANSLATE_NOOP("NodeTableModel", "State"), "state"_L1, false, false},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Role"), "role"_L1, false, false},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Address"), "address"_L1, false, true},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Node id"), "id"_L1, false, true},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Shard"), "shard"_L1, false, false},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Slots"), "slots"_L1, true, true},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Keys"), "keys"_L1, true, true},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Memory"), "memoryBytes"_L1, true, true},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Ops/s"), "opsPerSecond"_L1, true, true},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Clients"), "clients"_L1, true, true},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Lag"), "lagBytes"_L1, true, true},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Version"), "version"_L1, false, true},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Uptime"), "uptimeSeconds"_L1, true, true},
    {QT_TRANSLATE_NOOP("NodeTableModel", "Reported failed by"), "saidFailedBy"_L1, false, false},
}};

QVariant figure(const std::optional<qint64> &value)
{
    return value ? QVariant(*value) : QVariant();
}

bool sameRow(const NodeState &a, const NodeState &b)
{
    return a.condition == b.condition && a.primary == b.primary && a.shard == b.shard && a.name == b.name
        && a.info == b.info && a.lagBytes == b.lagBytes && a.slots == b.slots && a.saidFailedBy == b.saidFailedBy
        && a.saidMaybeFailedBy == b.saidMaybeFailedBy;
}

} // namespace

NodeTableModel::NodeTableModel(QObject *parent) : QAbstractTableModel(parent) { }

void NodeTableModel::setView(const ClusterViewPtr &view)
{
    if (view == m_view)
        return;
    if (!view) {
        beginResetModel();
        m_view.reset();
        m_ids.clear();
        endResetModel();
        return;
    }
    removeMissing(*view);
    const ClusterViewPtr before = std::exchange(m_view, view);
    announceChanges(before.get());
    QByteArrayList added;
    for (const NodeState &node : view->nodes) {
        if (!before || before->indexOf(node.id) < 0)
            added.append(node.id);
    }
    if (!added.isEmpty()) {
        beginInsertRows({}, int(m_ids.size()), int(m_ids.size() + added.size() - 1));
        m_ids += added;
        endInsertRows();
    }
}

void NodeTableModel::removeMissing(const ClusterView &view)
{
    for (int row = int(m_ids.size()) - 1; row >= 0; --row) {
        if (view.indexOf(m_ids.at(row)) >= 0)
            continue;
        beginRemoveRows({}, row, row);
        m_ids.removeAt(row);
        endRemoveRows();
    }
}

void NodeTableModel::announceChanges(const ClusterView *before)
{
    int first = -1;
    const int rows = int(m_ids.size());
    for (int row = 0; row <= rows; ++row) {
        const NodeState *now = row < rows ? m_view->node(m_ids.at(row)) : nullptr;
        const NodeState *then = row < rows && before ? before->node(m_ids.at(row)) : nullptr;
        const bool changed = now && !(then && sameRow(*then, *now));
        if (changed && first < 0)
            first = row;
        if (!changed && first >= 0) {
            Q_EMIT dataChanged(index(first, 0), index(row - 1, columnCount() - 1));
            first = -1;
        }
    }
}

const NodeState *NodeTableModel::nodeAt(int row) const
{
    return m_view && row >= 0 && row < m_ids.size() ? m_view->node(m_ids.at(row)) : nullptr;
}

int NodeTableModel::rowOf(QByteArrayView id) const
{
    return int(m_ids.indexOf(id.toByteArray()));
}

int NodeTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_ids.size());
}

int NodeTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant NodeTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const NodeState *node = nodeAt(index.row());
    if (!node)
        return {};
    const auto column = Column(index.column());
    const ColumnInfo &info = columnInfos.at(size_t(index.column()));
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return text(*node, column);
    case SortRole: return sortValue(*node, column);
    case IdRole: return node->id;
    case ToneRole:
        return int(column == Column::State              ? stateWord(*node).tone
                       : column == Column::SaidFailedBy ? Tone::Bad
                                                        : Tone::Neutral);
    case BadgeRole: return column == Column::State;
    case NumberRole: return info.number;
    case MonospaceRole: return info.monospace;
    case ShardColourRole:
        return column == Column::Shard && node->shard >= 0 ? m_view->shards.at(size_t(node->shard)).colour : -1;
    default: return {};
    }
}

QVariant NodeTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const ColumnInfo &info = columnInfos.at(size_t(section));
    switch (role) {
    case Qt::DisplayRole: return tr(info.title);
    case ColumnNameRole: return QString(info.name);
    case NumberRole: return info.number;
    default: return {};
    }
}

QVariant NodeTableModel::sortValue(const NodeState &node, Column column) const
{
    const ServerInfo *info = node.currentInfo();
    switch (column) {
    case Column::Shard: return node.shard < 0 ? QVariant() : QVariant(m_view->shards.at(size_t(node.shard)).number);
    case Column::Slots: return node.slots.count();
    case Column::Keys: return info ? figure(info->keys) : QVariant();
    case Column::Memory: return info ? figure(info->usedMemory) : QVariant();
    case Column::OpsPerSecond: return info ? figure(info->opsPerSecond) : QVariant();
    case Column::Clients: return info ? figure(info->connectedClients) : QVariant();
    case Column::Uptime: return info ? figure(info->uptimeSeconds) : QVariant();
    case Column::Lag: return figure(node.lagBytes);
    default: return text(node, column);
    }
}

QString NodeTableModel::text(const NodeState &node, Column column) const
{
    const auto sized = [](const QVariant &value) { return value.isValid() ? byteSize(value.toLongLong()) : QString(); };
    switch (column) {
    case Column::State: return stateWord(node).text;
    case Column::Role: return roleWord(node);
    case Column::Address: return node.name;
    case Column::Id: return QString::fromLatin1(node.id);
    case Column::Shard: return shardWord(*m_view, node);
    case Column::Version: return node.info ? toDisplay(node.info->version) : QString();
    case Column::SaidFailedBy: return saidByText(*m_view, node);
    case Column::Memory:
    case Column::Lag: return sized(sortValue(node, column));
    case Column::Uptime: {
        const QVariant seconds = sortValue(node, column);
        return seconds.isValid() ? duration(seconds.toLongLong() * 1000) : QString();
    }
    default: break;
    }
    const QVariant number = sortValue(node, column);
    return number.isValid() ? groupedNumber(number.toLongLong()) : QString();
}

} // namespace slotscope
