// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"

namespace slotscope::bench {

/// Returns a full metrics record of `nodes` nodes in shards of two: one hour with one reading per second.
inline std::shared_ptr<MetricsBook> fullRecord(int nodes)
{
    constexpr qint64 begin = 1'790'000'000'000;
    auto book = std::make_shared<MetricsBook>();
    QHash<QByteArray, MetricNode> places;
    for (int node = 0; node < nodes; ++node)
        places.insert("node" + QByteArray::number(node),
                      {.name = QStringLiteral("10.0.0.%1:6379").arg(node),
                       .shard = node / 2 + 1,
                       .colour = node / 2 % 12,
                       .isPrimary = node % 2 == 0});
    book->setNodes(places);
    MetricReading reading;
    for (int second = 0; second <= 3600; ++second) {
        reading.at = reading.steadyAt = begin + second * 1000;
        reading.uptimeSeconds = second + 1;
        for (int node = 0; node < nodes; ++node) {
            reading.isPrimary = node % 2 == 0;
            for (size_t i = 0; i < metricCount; ++i)
                reading.values[i] = double(second) * double(node + int(i) + 1) + double(second % 7);
            book->add("node" + QByteArray::number(node), reading);
        }
    }
    return book;
}

/// Returns the dashboard's query for the whole hour of fullRecord().
inline MetricsQuery wholeHour(MetricGroup group)
{
    MetricsQuery query;
    query.to = 1'790'000'000'000 + 3'600'000;
    query.from = query.to - 3'600'000;
    query.points = 360;
    query.group = group;
    query.replicas = true;
    for (size_t i = 0; i < metricCount; ++i)
        query.metrics.push_back(Metric(i));
    return query;
}

} // namespace slotscope::bench
