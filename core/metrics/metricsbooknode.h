// SPDX-License-Identifier: GPL-3.0-or-later
// What stands behind MetricsBook; for its own files alone.
#pragma once

#include "core/metrics/metricrings.h"
#include "core/metrics/metricsbook.h"

#include <cmath>

namespace slotscope {

inline constexpr qint64 metricMinuteMs = 60'000;

struct MetricsBook::Node
{
    MetricNode place;
    bool isThere = true; ///< the newest view contains it
    MetricReading last;
    std::array<double, metricCount> newest{};
    std::vector<double> newestFields; ///< in the order of MetricsBook::fields()
    bool hasNewest = false;
    qint64 interval = 1000; ///< time between its readings, smoothed
    MetricSamples samples{mostSamples}, minutes{mostMinutes};
    MetricMinute minute;

    void setColumns(const std::vector<int> &sources)
    {
        samples.setColumns(sources);
        minutes.setColumns(sources);
        newestFields.assign(sources.size(), notKnown);
        minute.fieldSums.assign(sources.size(), 0);
        minute.fieldCounts.assign(sources.size(), 0);
    }
    void keep(const MetricReading &reading, const std::array<float, metricCount> &values)
    {
        // after the wall clock was set back, drop later samples, so that each time occurs once on the axis
        samples.dropFrom(reading.at);
        minutes.dropFrom(reading.at / metricMinuteMs * metricMinuteMs); // the minute of this reading is collected again
        samples.add(reading.at, reading.isPrimary, values, {newestFields.begin(), newestFields.end()});
        if (const qint64 number = reading.at / metricMinuteMs; number != minute.number) {
            if (minute.number >= 0 && minute.number < number)
                closeMinute();
            minute = {};
            minute.number = number;
            minute.fieldSums.assign(newestFields.size(), 0);
            minute.fieldCounts.assign(newestFields.size(), 0);
        }
        minute.isPrimary = reading.isPrimary;
        for (size_t i = 0; i < metricCount; ++i) {
            if (std::isnan(values[i]))
                continue;
            minute.sums[i] += double(values[i]);
            ++minute.counts[i];
        }
        for (size_t i = 0; i < newestFields.size(); ++i) {
            if (std::isnan(newestFields[i]))
                continue;
            minute.fieldSums[i] += newestFields[i];
            ++minute.fieldCounts[i];
        }
    }
    /// Time of the first sample, or of the minutes recorded before it; 0: no data.
    [[nodiscard]] qint64 oldest() const
    {
        if (samples.size() == 0)
            return 0;
        const qint64 sample = samples.at(0).at;
        return minutes.size() > 0 && minutes.at(0).at + metricMinuteMs <= sample ? minutes.at(0).at : sample;
    }
    void closeMinute()
    {
        std::array<float, metricCount> means;
        for (size_t i = 0; i < metricCount; ++i)
            means[i] = minute.counts[i] > 0 ? float(minute.sums[i] / minute.counts[i]) : float(notKnown);
        std::vector<float> fields;
        for (size_t i = 0; i < minute.fieldSums.size(); ++i)
            fields.push_back(minute.fieldCounts[i] > 0 ? float(minute.fieldSums[i] / minute.fieldCounts[i])
                                                       : float(notKnown));
        minutes.add(minute.number * metricMinuteMs, minute.isPrimary, means, fields);
    }
};

} // namespace slotscope
