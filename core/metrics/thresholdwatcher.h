// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/metrics/thresholdwatch.h"
#include "core/session/clustersession.h"

#include <QObject>
#include <QPointer>
#include <QSet>
#include <QTimer>

#include <deque>

namespace slotscope {

/// Changes since the last report, and the present state of the rules.
struct ThresholdReport
{
    std::vector<ThresholdChange> changes; ///< oldest first
    quint64 dropped = 0; ///< number of older changes dropped for lack of room
    std::vector<ThresholdSummary> rules;
};

/// Checks rules against a record twice a second as long as it exists, and adds events to the record. A service for
/// Remote; lives on the session's thread.
class ThresholdWatcher final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ThresholdWatcher)
public:
    static constexpr int lookMs = 500;
    static constexpr size_t mostChanges = 1000;

    explicit ThresholdWatcher(QPointer<ClusterSession> session = {});

    void watch(std::shared_ptr<MetricsBook> book);
    void setRules(const std::vector<Threshold> &rules);
    [[nodiscard]] ThresholdReport takeReport();
    [[nodiscard]] QCoro::Task<Result<ThresholdReport>> report(); ///< the same as a task, for Remote
    void look();

private:
    /// An event of a rule that is firing.
    struct Open
    {
        MetricEvent event;
        Threshold rule;
        QSet<QByteArray> nodes; ///< nodes for which it still fires
    };
    void note(const std::vector<ThresholdChange> &changes);
    void open(const std::vector<ThresholdChange> &fired, qint64 now);
    void close(const ThresholdChange &change, qint64 now);

    std::shared_ptr<MetricsBook> m_book;
    ThresholdWatch m_watch;
    QTimer m_timer;
    std::deque<ThresholdChange> m_changes;
    quint64 m_dropped = 0;
    std::deque<Open> m_open;
};

} // namespace slotscope
