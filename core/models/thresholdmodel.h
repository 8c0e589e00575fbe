// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"
#include "core/slowlog/slowlogreader.h"

#include <QAbstractTableModel>

namespace slotscope {

/// Each node's threshold for logging a command, and how full its log is. A threshold that differs from most nodes' is a
/// warning.
class ThresholdModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ThresholdModel)
public:
    enum class Column : int { Node, Over, Kept, Count_ };
    explicit ThresholdModel(QObject *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    void setKind(SlowlogKind kind);
    void take(SlowlogKind kind, const NodeSlowlog &log); ///< ignores the log's entries
    void clear(); ///< removes all data
    [[nodiscard]] SlowlogKind kind() const { return m_kind; }
    [[nodiscard]] const NodeSlowlog *heardOf(const QByteArray &nodeId) const; ///< null: no data yet
    [[nodiscard]] QByteArray nodeAt(int row) const;
    [[nodiscard]] QByteArrayList nodes() const { return m_ids; }
    [[nodiscard]] std::optional<qint64> usualThreshold() const; ///< most common threshold
    [[nodiscard]] std::optional<qint64> usualCapacity() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString text(const QByteArray &id, Column column) const;
    [[nodiscard]] Tone tone(const QByteArray &id, Column column) const;
    [[nodiscard]] std::optional<qint64> most(std::optional<qint64> NodeSlowlog::*figure) const;

    SlowlogKind m_kind = SlowlogKind::Slow;
    ClusterViewPtr m_view;
    QByteArrayList m_ids; ///< node id of each row
    QHash<QByteArray, NodeSlowlog> m_logs;
};

/// "10 ms", "64 KB", "off" for -1, "everything" for 0.
[[nodiscard]] QString thresholdText(SlowlogKind kind, qint64 threshold);

} // namespace slotscope
