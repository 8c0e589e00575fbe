// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>

namespace slotscope {

/// One row per shard, for the legend of the slot map. Rows are changed in place.
class ShardModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShardModel)
public:
    enum class Column : int { Shard, Primary, Slots, Keys, Memory, Ranges, Count_ };
    explicit ShardModel(QObject *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    [[nodiscard]] const ShardState *shardAt(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString text(const ShardState &shard, Column column) const;
    [[nodiscard]] QVariant sortValue(const ShardState &shard, Column column) const;
    ClusterViewPtr m_view;
};

} // namespace slotscope
