// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"
#include "core/slowlog/commandshape.h"

#include <QAbstractTableModel>

namespace slotscope {

/// Commands grouped by shape. New data changes rows in place, so that the selection stays.
class ShapesModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShapesModel)
public:
    enum class Column : int { Shape, Count, Total, P50, P99, Longest, Shards, Count_ };
    explicit ShapesModel(QObject *parent = nullptr);

    void setFigures(SlowlogKind kind, const std::vector<ShapeFigures> &figures, const ClusterViewPtr &view);
    [[nodiscard]] const ShapeFigures *at(int row) const;
    [[nodiscard]] int rowOf(const QByteArray &shape) const; ///< -1: not there

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    void dropMissing(const QHash<QByteArray, const ShapeFigures *> &there);
    [[nodiscard]] QVariant value(const ShapeFigures &row, Column column) const;
    [[nodiscard]] QString text(const ShapeFigures &row, Column column) const;
    [[nodiscard]] QVariantList coloursOf(const ShapeFigures &row) const;

    std::vector<ShapeFigures> m_rows;
    SlowlogKind m_kind = SlowlogKind::Slow;
    ClusterViewPtr m_view;
    qint64 m_greatest = 0; ///< largest total
};

} // namespace slotscope
