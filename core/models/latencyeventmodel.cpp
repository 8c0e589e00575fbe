// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/latencyeventmodel.h"

#include "core/base/text.h"
#include "core/models/latencywords.h"

#include <QDateTime>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

LatencyEventModel::LatencyEventModel(QObject *parent) : QAbstractTableModel(parent) { }

void LatencyEventModel::setView(const ClusterViewPtr &view)
{
    m_view = view;
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (!view || view->node(m_rows[size_t(row)].nodeId))
            continue;
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void LatencyEventModel::take(const NodeLatency &latency)
{
    const bool isRead = !latency.problem;
    for (int row = rowCount() - 1; row >= 0; --row) {
        const Row &each = m_rows[size_t(row)];
        const bool isThere = std::any_of(latency.events.begin(), latency.events.end(),
                                         [&](const NodeLatencyEvent &event) { return event.event.name == each.event; });
        if (each.nodeId != latency.nodeId || isThere || !isRead)
            continue;
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
    NodeLatency heard = latency;
    if (!isRead && m_heard.contains(latency.nodeId)) // keep the data read before
        heard.events = m_heard.value(latency.nodeId).events;
    m_heard.insert(latency.nodeId, heard);
    for (const NodeLatencyEvent &event : heard.events) {
        if (rowOf(latency.nodeId, event.event.name) >= 0)
            continue;
        beginInsertRows({}, rowCount(), rowCount());
        m_rows.push_back({latency.nodeId, event.event.name});
        endInsertRows();
    }
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void LatencyEventModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_heard.clear();
    endResetModel();
}

const NodeLatency *LatencyEventModel::heardOf(const QByteArray &nodeId) const
{
    const auto found = m_heard.constFind(nodeId);
    return found == m_heard.constEnd() ? nullptr : &*found;
}

QByteArray LatencyEventModel::nodeAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[size_t(row)].nodeId : QByteArray();
}

QByteArray LatencyEventModel::eventAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[size_t(row)].event : QByteArray();
}

const NodeLatencyEvent *LatencyEventModel::at(int row) const
{
    const NodeLatency *heard = heardOf(nodeAt(row));
    if (!heard)
        return nullptr;
    const auto found = std::find_if(heard->events.begin(), heard->events.end(), [&](const NodeLatencyEvent &event) {
        return event.event.name == m_rows[size_t(row)].event;
    });
    return found == heard->events.end() ? nullptr : &*found;
}

int LatencyEventModel::rowOf(const QByteArray &nodeId, const QByteArray &event) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&](const Row &row) { return row.nodeId == nodeId && row.event == event; });
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

int LatencyEventModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int LatencyEventModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QString LatencyEventModel::text(int row, Column column) const
{
    const NodeLatencyEvent *event = at(row);
    if (!event)
        return {};
    switch (column) {
    case Column::Event: return toDisplay(event->event.name);
    case Column::Node: {
        const NodeState *node = m_view ? m_view->node(nodeAt(row)) : nullptr;
        return node ? node->name : heardOf(nodeAt(row))->nodeName;
    }
    case Column::Latest: return tr("%1 ms").arg(groupedNumber(event->event.latest));
    case Column::Longest: return tr("%1 ms").arg(groupedNumber(event->event.longest));
    case Column::When: return agoText(QDateTime::currentMSecsSinceEpoch() - event->at);
    case Column::Meaning: return eventMeaning(event->event.name);
    default: return {};
    }
}

QVariant LatencyEventModel::value(int row, Column column) const
{
    const NodeLatencyEvent *event = at(row);
    if (!event)
        return {};
    switch (column) {
    case Column::Latest: return event->event.latest;
    case Column::Longest: return event->event.longest;
    case Column::When: return event->at;
    case Column::History: return qint64(event->history.size());
    default: return text(row, column);
    }
}

QVariant LatencyEventModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int row = index.row();
    const auto column = Column(index.column());
    const NodeLatencyEvent *event = at(row);
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case SortRole: return value(row, column);
    case IdRole: return nodeAt(row);
    case NumberRole: return column == Column::Latest || column == Column::Longest || column == Column::When;
    case MonospaceRole: return column == Column::Event || column == Column::Node;
    case ToneRole:
        if (event && column == Column::Latest)
            return int(roundTripTone(event->event.latest * 1000));
        return int(column == Column::When || column == Column::Meaning ? Tone::Muted : Tone::Neutral);
    case ShardColourRole: {
        const NodeState *node = m_view && column == Column::Node ? m_view->node(nodeAt(row)) : nullptr;
        return node && node->shard >= 0 ? QVariant(m_view->shards.at(size_t(node->shard)).colour) : QVariant();
    }
    case SpikesRole: {
        QVariantList spikes;
        if (event)
            for (const LatencySpike &spike : event->history)
                spikes.append(spike.milliseconds);
        return spikes;
    }
    case Qt::ToolTipRole:
        if (event && event->event.count && *event->event.count > 0)
            return tr("%1 times, %2 ms on average")
                .arg(groupedNumber(*event->event.count), groupedNumber(*event->event.sum / *event->event.count));
        return column == Column::Meaning ? QVariant(text(row, column)) : QVariant();
    default: return {};
    }
}

QVariant LatencyEventModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{
        QT_TR_NOOP("Event"), QT_TR_NOOP("Node"),    QT_TR_NOOP("Latest"), QT_TR_NOOP("Longest"),
        QT_TR_NOOP("When"),  QT_TR_NOOP("History"), QT_TR_NOOP("Meaning")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{
        "event"_L1, "node"_L1, "latest"_L1, "longest"_L1, "at"_L1, "spikes"_L1, "meaning"_L1};
    const auto column = Column(section);
    if (role == NumberRole)
        return column == Column::Latest || column == Column::Longest || column == Column::When;
    if (role == Qt::DisplayRole)
        return tr(titles.at(size_t(section)));
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

} // namespace slotscope
