// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>

namespace slotscope {

/// What each observer reports about one node. Rows stay in place while the observers are the same.
class PeerReportModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PeerReportModel)
public:
    enum class Column : int { Observer, Flags, PingSent, Link, Epoch, Slots, Count_ };
    explicit PeerReportModel(QObject *parent = nullptr);

    void setNode(const ClusterViewPtr &view, const QByteArray &id);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] bool isPast(const PeerReport &report) const;
    [[nodiscard]] QString text(const PeerReport &report, Column column) const;
    [[nodiscard]] QVariant sortValue(const PeerReport &report, Column column) const;

    ClusterViewPtr m_view; ///< keeps the lines alive that m_reports points to
    QByteArray m_id;
    std::vector<PeerReport> m_reports;
    QByteArrayList m_observers; ///< id of the observer in each row
};

} // namespace slotscope
