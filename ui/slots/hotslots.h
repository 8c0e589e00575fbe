// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/session/slotheat.h"

#include <QWidget>

class QTreeWidget;

namespace slotscope {

/// The hottest slots, one per line: slot, shard, value, share of the total.
class HotSlots final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HotSlots)
public:
    static constexpr int mostShown = 6;

    explicit HotSlots(QWidget *parent = nullptr);
    void show(const SlotHeatPtr &heat, const ClusterViewPtr &view); ///< hidden if there is no heat
    [[nodiscard]] QTreeWidget *list() const { return m_list; }

Q_SIGNALS:
    void slotChosen(int slot);

private:
    QTreeWidget *m_list;
};

} // namespace slotscope
