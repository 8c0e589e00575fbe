// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/shardmodel.h"

#include <QListView>

namespace slotscope {

class Theme;

/// The shards with their slots, keys and memory; the current one is highlighted on the map.
class ShardLegend final : public QListView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShardLegend)
public:
    explicit ShardLegend(const Theme &theme, QWidget *parent = nullptr);
    void setView(const ClusterViewPtr &view);
    [[nodiscard]] const ShardModel &shards() const { return m_model; }
    void clearChoice();

Q_SIGNALS:
    void shardChosen(int shard); ///< index into the view's shards, -1: none
    void shardActivated(int shard); ///< double click or Enter

protected:
    void mousePressEvent(QMouseEvent *event) override;

private:
    ShardModel m_model;
};

} // namespace slotscope
