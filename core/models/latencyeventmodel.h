// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/latency/latencyreader.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>

namespace slotscope {

/// Delays found by the servers' latency monitors: LATENCY LATEST of all nodes, a row per node and event.
class LatencyEventModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LatencyEventModel)
public:
    enum class Column : int { Event, Node, Latest, Longest, When, History, Meaning, Count_ };
    static constexpr int SpikesRole = Qt::UserRole + 50; ///< list of ms, in order of time
    explicit LatencyEventModel(QObject *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    void take(const NodeLatency &latency);
    void clear();
    [[nodiscard]] const NodeLatency *heardOf(const QByteArray &nodeId) const; ///< null: no data yet
    [[nodiscard]] QByteArray nodeAt(int row) const;
    [[nodiscard]] QByteArray eventAt(int row) const;
    [[nodiscard]] const NodeLatencyEvent *at(int row) const;
    [[nodiscard]] int rowOf(const QByteArray &nodeId, const QByteArray &event) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        QByteArray nodeId, event;
    };
    [[nodiscard]] QString text(int row, Column column) const;
    [[nodiscard]] QVariant value(int row, Column column) const;

    ClusterViewPtr m_view;
    QHash<QByteArray, NodeLatency> m_heard;
    std::vector<Row> m_rows;
};

} // namespace slotscope
