// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricrings.h"

#include <QHash>
#include <QString>
#include <QStringList>

namespace slotscope {

/// Figures from an external source, for the time before a book's own record.
struct MetricsHistory
{
    qint64 from = 0, to = 0; ///< requested period in ms since 1970
    qint64 step = 0; ///< in ms: each sample stands for [at, at + step)
    QString words; ///< description of the source: "Prometheus, every 15 s"
    QStringList notes; ///< remarks such as "two series for 127.0.0.1:7001, job a used"
    QHash<QByteArray, std::vector<MetricSamples::Sample>> nodes; ///< samples of each node by node id, sorted by time
    [[nodiscard]] qint64 oldest() const
    {
        qint64 oldest = 0;
        for (const auto &samples : nodes)
            if (!samples.empty() && (oldest == 0 || samples.front().at < oldest))
                oldest = samples.front().at;
        return oldest;
    }
};

} // namespace slotscope
