// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/session/slotheat.h"

#include <QWidget>

class QTreeWidget;

namespace slotscope {

/// The hottest slots, a line each: slot, shard, value, its part of all.
class HotSlots final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HotSlots)
public:
    static constexpr int mostShown = 6;

    explicit HotSlots(QWidget *parent = nullptr);
    void show(const SlotHeatPtr &heat, const ClusterViewPtr &view); ///< hidden where there is none
    [[nodiscard]] QTreeWidget *list() const { return m_list; }

Q_SIGNALS:
    void slotChosen(int slot);

private:
    QTreeWidget *m_list;
};

} // namespace slotscope
