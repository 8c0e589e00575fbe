// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/tableroles.h"
#include "core/session/addresses.h"

#include <QAbstractTableModel>

namespace slotscope {

/// The address at which each node is reached, and the result of trying it. A row keeps its result while the address
/// stays the same.
class AddressModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AddressModel)
public:
    enum class Column : int { Node, Announced, Used, Found, State, Count_ };
    explicit AddressModel(QObject *parent = nullptr);

    void setPlaces(const QList<NodePlace> &places);
    void setTesting(int row); ///< the row's address is being tried
    void setTrial(const QByteArray &id, const PlaceTrial &trial);
    [[nodiscard]] const QList<NodePlace> &places() const { return m_places; }
    [[nodiscard]] int rowOf(const QByteArray &id) const;
    [[nodiscard]] const PlaceTrial *trialOf(int row) const; ///< null: this address was not tried

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString text(int row, Column column) const;
    [[nodiscard]] Tone tone(int row, Column column) const;
    void tellChanged(int row);

    QList<NodePlace> m_places;
    QHash<QByteArray, PlaceTrial> m_trials; ///< results of the trials, by node id
    QSet<QByteArray> m_testing;
};

} // namespace slotscope
