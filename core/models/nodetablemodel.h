// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>

namespace slotscope {

/// All nodes of a view, one per row. A new view changes rows in place, so that selection and scroll position stay.
class NodeTableModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeTableModel)
public:
    enum class Column : int {
        State,
        Role,
        Address,
        Id,
        Shard,
        Slots,
        Keys,
        Memory,
        OpsPerSecond,
        Clients,
        Lag,
        Version,
        Uptime,
        SaidFailedBy,
        Count_
    };
    explicit NodeTableModel(QObject *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    [[nodiscard]] const NodeState *nodeAt(int row) const;
    [[nodiscard]] int rowOf(QByteArrayView id) const; ///< -1 if unknown

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    void removeMissing(const ClusterView &view);
    void announceChanges(const ClusterView *before);
    [[nodiscard]] QVariant sortValue(const NodeState &node, Column column) const;
    [[nodiscard]] QString text(const NodeState &node, Column column) const;

    ClusterViewPtr m_view;
    QByteArrayList m_ids; ///< node id of each row
};

} // namespace slotscope
