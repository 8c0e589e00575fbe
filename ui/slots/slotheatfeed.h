// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/slotheat.h"
#include "ui/shared/nodefeed.h"

namespace slotscope {

/// Reads what CLUSTER SLOT-STATS tells, again and again while it is looked at, and makes a heat of the last two words
/// of each slot.
class SlotHeatFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlotHeatFeed)
public:
    static constexpr int everyMs = 5000;

    explicit SlotHeatFeed(PageContext &context, QObject *parent = nullptr);

    /// Reads as long as there is a metric.
    void watch(std::optional<SlotMetric> metric);
    void readNow();
    [[nodiscard]] const SlotHeatPtr &heat() const { return m_heat; } ///< null before the first reading
    [[nodiscard]] const SlotUse *use() const { return m_now.get(); } ///< null before the first reading
    void take(const NodeSlotUse &told); ///< a reading

Q_SIGNALS:
    void changed();

private:
    void makeHeat();

    std::optional<SlotMetric> m_metric;
    std::unique_ptr<SlotUse> m_before, m_now; ///< null before the first reading
    SlotHeatPtr m_heat;
    QTimer m_gather; ///< nodes that answer together make one heat
    NodeFeed<SlotUseReader, NodeSlotUse> m_feed;
};

} // namespace slotscope
