// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/tableroles.h"
#include "core/session/addresses.h"

#include <QAbstractTableModel>

namespace slotscope {

/// Where each node is reached, and who was found there when it was tried. A row keeps its trial while its address
/// stays.
class AddressModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AddressModel)
public:
    enum class Column : int { Node, Announced, Used, Found, State, Count_ };
    explicit AddressModel(QObject *parent = nullptr);

    void setPlaces(const QList<NodePlace> &places);
    void setTesting(int row); ///< its trial is under way
    void setTrial(const QByteArray &id, const PlaceTrial &trial);
    [[nodiscard]] const QList<NodePlace> &places() const { return m_places; }
    [[nodiscard]] int rowOf(const QByteArray &id) const;
    [[nodiscard]] const PlaceTrial *trialOf(int row) const; ///< null: not tried at this address

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
    QHash<QByteArray, PlaceTrial> m_trials; ///< by node id
    QSet<QByteArray> m_testing;
};

} // namespace slotscope
