// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/remote.h"
#include "core/session/slotheat.h"

#include <QObject>
#include <QTimer>

namespace slotscope {

class PageContext;

/// Reads what CLUSTER SLOT-STATS tells, again and again while it is looked at, and makes a heat of the last two
/// readings.
class SlotHeatFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlotHeatFeed)
public:
    static constexpr int everyMs = 5000;

    explicit SlotHeatFeed(PageContext &context, QObject *parent = nullptr);
    ~SlotHeatFeed() override;

    /// Reads as long as there is a metric; a long pause begins anew, so that a rate is of now.
    void watch(std::optional<SlotMetric> metric);
    void readNow();
    [[nodiscard]] const SlotHeatPtr &heat() const { return m_heat; } ///< null before the first reading
    [[nodiscard]] const SlotUsePtr &use() const { return m_now; } ///< the last reading; null before the first
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; } ///< why the last reading failed
    void take(const SlotUsePtr &use); ///< a reading

Q_SIGNALS:
    void changed();

private:
    void makeHeat();

    PageContext &m_context;
    std::unique_ptr<Remote<SlotUseReader>> m_reader;
    std::optional<SlotMetric> m_metric;
    SlotUsePtr m_before, m_now;
    SlotHeatPtr m_heat;
    std::optional<Error> m_error;
    QTimer m_timer;
    bool m_reading = false;
    quint64 m_session = 0; ///< counts them: an answer of an earlier one is not taken
};

} // namespace slotscope
