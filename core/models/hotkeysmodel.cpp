// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/hotkeysmodel.h"

#include "core/base/text.h"
#include "core/cluster/slot.h"
#include "core/slowlog/slowlogentry.h"

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr double highestCounter = 255;

QVariant known(qint64 figure)
{
    return figure < 0 ? QVariant() : QVariant(figure);
}

} // namespace

HotKeysModel::HotKeysModel(QObject *parent) : QAbstractTableModel(parent) { }

void HotKeysModel::clear()
{
    beginResetModel();
    m_rows.clear();
    endResetModel();
}

void HotKeysModel::take(const NodeHotKeys &told)
{
    beginResetModel();
    std::erase_if(m_rows, [&told](const Row &row) { return row.nodeId == told.nodeId; });
    for (const HotKey &key : told.keys)
        m_rows.push_back({.key = key,
                          .nodeId = told.nodeId,
                          .nodeName = told.nodeName,
                          .allMicroseconds = told.allMicroseconds,
                          .allBytes = told.allBytes});
    endResetModel();
}

void HotKeysModel::setView(const ClusterViewPtr &view)
{
    m_view = view;
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {ShardColourRole});
}

QByteArray HotKeysModel::keyAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[size_t(row)].key.key : QByteArray();
}

bool HotKeysModel::hasMeasured() const
{
    return std::any_of(m_rows.begin(), m_rows.end(), [](const Row &row) { return row.key.frequency < 0; });
}

bool HotKeysModel::hasCounters() const
{
    return std::any_of(m_rows.begin(), m_rows.end(), [](const Row &row) { return row.key.frequency >= 0; });
}

int HotKeysModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int HotKeysModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant HotKeysModel::value(const Row &row, Column column) const
{
    switch (column) {
    case Column::Cpu: return known(row.key.cpuMicroseconds);
    case Column::Network: return known(row.key.netBytes);
    case Column::Counter: return known(row.key.frequency);
    case Column::Slot: return int(slotOfKey(row.key.key));
    default: return text(row, column);
    }
}

QVariant HotKeysModel::share(const Row &row, Column column) const
{
    if (column == Column::Counter && row.key.frequency >= 0)
        return double(row.key.frequency) / highestCounter;
    const qint64 part = column == Column::Cpu ? row.key.cpuMicroseconds : row.key.netBytes;
    const qint64 whole = column == Column::Cpu ? row.allMicroseconds : row.allBytes;
    const bool isShare = column == Column::Cpu || column == Column::Network;
    return isShare && part >= 0 && whole > 0 ? QVariant(std::min(1.0, double(part) / double(whole))) : QVariant();
}

QString HotKeysModel::text(const Row &row, Column column) const
{
    const auto withShare = [&](const QString &figure) {
        const QVariant part = share(row, column);
        return part.isValid() ? tr("%1 · %2 %").arg(figure, QString::number(100 * part.toDouble(), 'f', 1)) : figure;
    };
    switch (column) {
    case Column::Key: return toDisplay(row.key.key);
    case Column::Cpu:
        return row.key.cpuMicroseconds < 0 ? u"–"_s : withShare(costText(SlowlogKind::Slow, row.key.cpuMicroseconds));
    case Column::Network: return row.key.netBytes < 0 ? u"–"_s : withShare(byteSize(row.key.netBytes));
    case Column::Counter: return row.key.frequency < 0 ? u"–"_s : QString::number(row.key.frequency);
    case Column::Slot: return QString::number(slotOfKey(row.key.key));
    case Column::Node: return row.nodeName;
    case Column::Count_: break;
    }
    return {};
}

QVariant HotKeysModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[size_t(index.row())];
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case SortRole: return value(row, column);
    case IdRole: return row.nodeId;
    case NumberRole: return column != Column::Key && column != Column::Node;
    case MonospaceRole: return column == Column::Key || column == Column::Node;
    case ShareRole: return share(row, column);
    case ShardColourRole: {
        const NodeState *node = m_view && column == Column::Node ? m_view->node(row.nodeId) : nullptr;
        return node && node->shard >= 0 ? QVariant(m_view->shards.at(size_t(node->shard)).colour) : QVariant();
    }
    default: return {};
    }
}

QVariant HotKeysModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{
        QT_TR_NOOP("Key"),     QT_TR_NOOP("CPU time"), QT_TR_NOOP("Network"),
        QT_TR_NOOP("Counter"), QT_TR_NOOP("Slot"),     QT_TR_NOOP("Node")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{
        "key"_L1, "cpuMicroseconds"_L1, "networkBytes"_L1, "counter"_L1, "slot"_L1, "node"_L1};
    if (role == NumberRole)
        return Column(section) != Column::Key && Column(section) != Column::Node;
    if (role == ColumnNameRole)
        return QString(names.at(size_t(section)));
    return role == Qt::DisplayRole ? QVariant(tr(titles.at(size_t(section)))) : QVariant();
}

} // namespace slotscope
