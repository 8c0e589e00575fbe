// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/shardmodel.h"

#include <QListView>

namespace slotscope {

class Theme;

/// List of shards with their slots, keys and memory; the current one is highlighted on the map.
class ShardLegend final : public QListView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShardLegend)
public:
    explicit ShardLegend(const Theme &theme, QWidget *parent = nullptr);
    void setView(const ClusterViewPtr &view);
    [[nodiscard]] const ShardModel &shards() const { return m_model; }
    void clearChoice();
    [[nodiscard]] int dropRow() const { return m_dropRow; } ///< shard under the dragged slots; -1: none
    [[nodiscard]] static QString slotsMimeType() { return QStringLiteral("application/x-slotscope-slots"); }

Q_SIGNALS:
    void shardChosen(int shard); ///< index into the view's shards; -1: none
    void shardActivated(int shard); ///< by double click or Enter
    void slotsDropped(int shard, const slotscope::SlotSet &slotSet); ///< slots that shall move to the shard

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void setDropRow(int row);
    int m_dropRow = -1;
    ShardModel m_model;
};

} // namespace slotscope
