// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"
#include "core/profiler/hotkeys.h"

#include <QAbstractTableModel>

namespace slotscope {

/// The most used keys of all nodes. A key reported by two nodes (because it moved) has a row for each.
class HotKeysModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HotKeysModel)
public:
    enum class Column : int { Key, Cpu, Network, Counter, Slot, Node, Count_ };
    explicit HotKeysModel(QObject *parent = nullptr);

    void clear();
    void take(const NodeHotKeys &told); ///< replaces the node's previous data
    void setView(const ClusterViewPtr &view);
    [[nodiscard]] QByteArray keyAt(int row) const; ///< null: no such row
    [[nodiscard]] bool hasMeasured() const; ///< some come from HOTKEYS
    [[nodiscard]] bool hasCounters() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        HotKey key;
        QByteArray nodeId;
        QString nodeName;
        qint64 allMicroseconds = -1, allBytes = -1; ///< totals of the key's node
    };
    [[nodiscard]] QString text(const Row &row, Column column) const;
    [[nodiscard]] QVariant value(const Row &row, Column column) const;
    [[nodiscard]] QVariant share(const Row &row, Column column) const;

    std::vector<Row> m_rows;
    ClusterViewPtr m_view;
};

} // namespace slotscope
