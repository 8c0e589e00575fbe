// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/shapesmodel.h"

#include "core/base/text.h"

#include <QSet>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

// up to this number, each shard has a fixed place; with more, only those that logged the shape are drawn
constexpr size_t mostShardsDrawn = 6;

} // namespace

ShapesModel::ShapesModel(QObject *parent) : QAbstractTableModel(parent) { }

void ShapesModel::setFigures(SlowlogKind kind, const std::vector<ShapeFigures> &figures, const ClusterViewPtr &view)
{
    m_kind = kind;
    m_view = view;
    m_greatest = figures.empty() ? 0 : figures.front().total;
    QHash<QByteArray, const ShapeFigures *> there;
    for (const ShapeFigures &each : figures)
        there.insert(each.shape, &each);
    dropMissing(there);
    for (ShapeFigures &row : m_rows)
        row = *there.take(row.shape);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    if (there.isEmpty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + int(there.size()) - 1);
    for (const ShapeFigures &each : figures)
        if (there.contains(each.shape))
            m_rows.push_back(each);
    endInsertRows();
}

void ShapesModel::dropMissing(const QHash<QByteArray, const ShapeFigures *> &there)
{
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (there.contains(m_rows[size_t(row)].shape))
            continue;
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
}

const ShapeFigures *ShapesModel::at(int row) const
{
    return row >= 0 && row < rowCount() ? &m_rows[size_t(row)] : nullptr;
}

int ShapesModel::rowOf(const QByteArray &shape) const
{
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const ShapeFigures &row) { return row.shape == shape; });
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

int ShapesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ShapesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant ShapesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ShapeFigures &row = m_rows[size_t(index.row())];
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case SortRole: return value(row, column);
    case NumberRole: return column != Column::Shape && column != Column::Shards;
    case MonospaceRole: return column == Column::Shape;
    case ElideEndRole: return column == Column::Shape;
    case LeadRole: return column == Column::Shape ? text(row, column).indexOf(u' ') : -1;
    case ShareRole:
        return column == Column::Total ? QVariant(m_greatest > 0 ? double(row.total) / double(m_greatest) : 0.0)
                                       : QVariant();
    case ShardColoursRole: return column == Column::Shards ? QVariant(coloursOf(row)) : QVariant();
    case Qt::AccessibleTextRole:
        return tr("%1, %2 times, %3 in total")
            .arg(text(row, Column::Shape), text(row, Column::Count), text(row, Column::Total));
    default: return {};
    }
}

QVariant ShapesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{
        QT_TR_NOOP("Shape"), QT_TR_NOOP("Count"),   QT_TR_NOOP("Total"), QT_TR_NOOP("p50"),
        QT_TR_NOOP("p99"),   QT_TR_NOOP("Longest"), QT_TR_NOOP("Shards")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{
        "shape"_L1, "count"_L1, "total"_L1, "p50"_L1, "p99"_L1, "longest"_L1, "shards"_L1};
    if (role == NumberRole)
        return Column(section) != Column::Shape && Column(section) != Column::Shards;
    if (role == Qt::DisplayRole)
        return tr(titles.at(size_t(section)));
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

QVariant ShapesModel::value(const ShapeFigures &row, Column column) const
{
    switch (column) {
    case Column::Count: return row.count;
    case Column::Total: return row.total;
    case Column::P50: return row.p50;
    case Column::P99: return row.p99;
    case Column::Longest: return row.longest;
    default: return text(row, column);
    }
}

QString ShapesModel::text(const ShapeFigures &row, Column column) const
{
    switch (column) {
    case Column::Shape: return toDisplay(row.shape);
    case Column::Count: return groupedNumber(row.count);
    case Column::Shards: {
        QStringList numbers;
        for (const QByteArray &id : row.nodes) {
            const NodeState *node = m_view ? m_view->node(id) : nullptr;
            const QString number =
                node && node->shard >= 0 ? QString::number(m_view->shards.at(size_t(node->shard)).number) : u"?"_s;
            if (!numbers.contains(number))
                numbers.append(number);
        }
        std::sort(numbers.begin(), numbers.end());
        return numbers.join(u' ');
    }
    default: return costText(m_kind, value(row, column).toLongLong());
    }
}

QVariantList ShapesModel::coloursOf(const ShapeFigures &row) const
{
    QSet<int> logged;
    for (const QByteArray &id : row.nodes)
        if (const NodeState *node = m_view ? m_view->node(id) : nullptr)
            logged.insert(node->shard);
    QVariantList colours;
    const bool hasPlaces = m_view && m_view->shards.size() <= mostShardsDrawn;
    for (size_t shard = 0; m_view && shard < m_view->shards.size(); ++shard) {
        if (logged.contains(int(shard)))
            colours.append(m_view->shards[shard].colour);
        else if (hasPlaces)
            colours.append(-1);
    }
    return colours;
}

} // namespace slotscope
