// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace slotscope {

inline constexpr double notKnown = std::numeric_limits<double>::quiet_NaN(); ///< value of a metric without data

/// Samples in order of time, limited in number: the oldest are dropped.
class MetricSamples final
{
public:
    explicit MetricSamples(size_t most) : m_most(most) { }
    void add(qint64 at, bool isPrimary, const std::array<float, metricCount> &values)
    {
        if (m_samples.size() < m_most) {
            m_samples.push_back({at, isPrimary, values});
            return;
        }
        m_samples[m_start] = {at, isPrimary, values};
        m_start = (m_start + 1) % m_most;
    }
    struct Sample
    {
        qint64 at = 0;
        bool isPrimary = true;
        std::array<float, metricCount> values;
    };
    [[nodiscard]] size_t size() const { return m_samples.size(); }
    [[nodiscard]] const Sample &at(size_t index) const { return m_samples[(m_start + index) % m_samples.size()]; }
    /// Index of the first sample that is not before `time`.
    [[nodiscard]] size_t firstFrom(qint64 time) const
    {
        size_t low = 0, high = size();
        while (low < high) {
            const size_t middle = low + (high - low) / 2;
            if (at(middle).at < time)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// Drops samples at `time` and later.
    void dropFrom(qint64 time)
    {
        const size_t kept = firstFrom(time);
        if (kept == size())
            return;
        std::rotate(m_samples.begin(), m_samples.begin() + qptrdiff(m_start), m_samples.end());
        m_start = 0;
        m_samples.resize(kept);
    }

private:
    size_t m_most, m_start = 0;
    std::vector<Sample> m_samples;
};

/// Collects the samples of one minute.
struct MetricMinute
{
    qint64 number = -1;
    std::array<double, metricCount> sums{};
    std::array<int, metricCount> counts{};
    bool isPrimary = true;
};

} // namespace slotscope
