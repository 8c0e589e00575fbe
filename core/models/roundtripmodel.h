// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/latency/pingbook.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>

namespace slotscope {

/// Round-trip times to each node over the period that the PingBook covers. A node that disappears for a while keeps its
/// row.
class RoundTripModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RoundTripModel)
public:
    enum class Column : int { Node, Min, Average, P50, P99, P999, Longest, Lost, Spectrum, Count_ };
    explicit RoundTripModel(const PingBook &book, QObject *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    void refresh(); ///< updates the rows from the PingBook
    [[nodiscard]] QByteArray nodeAt(int row) const { return m_ids.value(row); }
    [[nodiscard]] int rowOf(const QByteArray &nodeId) const { return int(m_ids.indexOf(nodeId)); }
    [[nodiscard]] QByteArrayList nodes() const { return m_ids; }
    [[nodiscard]] QString nameOf(const QByteArray &nodeId) const; ///< "host:port"
    [[nodiscard]] int colourOf(const QByteArray &nodeId) const; ///< palette index of its shard; -1: none
    [[nodiscard]] PingFigures figuresOf(const QByteArray &nodeId) const { return m_figures.value(nodeId); }
    /// Lowest row of the spectrum in all rows: 0.1 ms, or 10 µs if shorter times have occurred.
    [[nodiscard]] int lowestRow() const { return m_lowestRow; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] qint64 time(const QByteArray &id, Column column) const;
    [[nodiscard]] QString text(const QByteArray &id, Column column) const;
    [[nodiscard]] QString lostCell(const QByteArray &id) const;
    [[nodiscard]] Tone tone(const QByteArray &id, Column column) const;

    const PingBook &m_book;
    ClusterViewPtr m_view;
    QByteArrayList m_ids; ///< node id of each row
    QHash<QByteArray, PingFigures> m_figures;
    int m_lowestRow = 0;
};

} // namespace slotscope
