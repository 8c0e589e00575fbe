// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/slotheat.h"
#include "ui/shared/nodefeed.h"

namespace slotscope {

/// Reads CLUSTER SLOT-STATS repeatedly while it is shown, and computes heat from the last two samples of each slot.
class SlotHeatFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlotHeatFeed)
public:
    static constexpr int everyMs = 5000;

    explicit SlotHeatFeed(PageContext &context, QObject *parent = nullptr);

    /// Reads as long as a metric is set.
    void watch(std::optional<SlotMetric> metric);
    void readNow();
    [[nodiscard]] const SlotHeatPtr &heat() const { return m_heat; } ///< null before the first sample
    [[nodiscard]] const SlotUse *use() const { return m_now.get(); } ///< null before the first sample
    void take(const NodeSlotUse &told); ///< takes the sample of one node

Q_SIGNALS:
    void changed();

private:
    void makeHeat();

    std::optional<SlotMetric> m_metric;
    std::unique_ptr<SlotUse> m_before, m_now; ///< null before the first sample
    SlotHeatPtr m_heat;
    QTimer m_gather; ///< delay that combines the samples of several nodes into one heat
    NodeFeed<SlotUseReader, NodeSlotUse> m_feed;
};

} // namespace slotscope
