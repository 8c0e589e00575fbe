// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/infofield.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>

namespace slotscope {

/// The numeric fields of INFO and CLUSTER INFO that can be added as plots.
class InfoFieldModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(InfoFieldModel)
public:
    enum class Column : int { Section, Field, Value, Kind, Nodes, Count_ };
    explicit InfoFieldModel(QObject *parent = nullptr) : QAbstractTableModel(parent) { }

    void setFigures(InfoFigures figures);
    [[nodiscard]] const InfoFigure *at(int row) const; ///< null: no such row

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString text(const InfoFigure &figure, Column column) const;

    InfoFigures m_figures;
};

} // namespace slotscope
