// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/reportcomparison.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>

namespace slotscope {

/// Changes between two reports, one per row.
class ReportChangesModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReportChangesModel)
public:
    enum class Column : int { What, Name, Before, After, Bytes, Keys, Count_ };
    explicit ReportChangesModel(QObject *parent = nullptr) : QAbstractTableModel(parent) { }
    void show(const QList<ReportChange> &changes);
    [[nodiscard]] const QList<ReportChange> &changes() const { return m_changes; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    QList<ReportChange> m_changes;
};

} // namespace slotscope
