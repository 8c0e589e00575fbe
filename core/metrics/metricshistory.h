// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricrings.h"

#include <QHash>
#include <QString>
#include <QStringList>

namespace slotscope {

/// Figures from elsewhere, for the time before a book's own record.
struct MetricsHistory
{
    qint64 from = 0, to = 0; ///< ms since 1970: what was asked for
    qint64 step = 0; ///< ms: each sample stands for [at, at + step)
    QString words; ///< where it is from: "Prometheus, every 15 s"
    QStringList notes; ///< what has to be said of it: "two series for 127.0.0.1:7001, job a used"
    QHash<QByteArray, std::vector<MetricSamples::Sample>> nodes; ///< by time
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
