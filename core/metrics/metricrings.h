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
    /// `fields` are the values of the columns; missing ones are unknown.
    void add(qint64 at, bool isPrimary, const std::array<float, metricCount> &values,
             const std::vector<float> &fields = {})
    {
        size_t place = m_samples.size();
        if (place < m_most) {
            m_samples.push_back({at, isPrimary, values});
        } else {
            place = m_start;
            m_samples[place] = {at, isPrimary, values};
            m_start = (m_start + 1) % m_most;
        }
        for (size_t i = 0; i < m_columns.size(); ++i) {
            m_columns[i].resize(m_samples.size(), float(notKnown));
            m_columns[i][place] = i < fields.size() ? fields[i] : float(notKnown);
        }
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
        for (std::vector<float> &column : m_columns) {
            std::rotate(column.begin(), column.begin() + qptrdiff(m_start), column.end());
            column.resize(kept);
        }
        m_start = 0;
        m_samples.resize(kept);
    }

    /// Sets the columns of fields added by the user. Column i takes the data of the present column sources[i]; -1: it
    /// starts empty.
    void setColumns(const std::vector<int> &sources)
    {
        std::vector<std::vector<float>> columns;
        for (const int source : sources)
            columns.push_back(source >= 0 ? m_columns[size_t(source)]
                                          : std::vector<float>(m_samples.size(), float(notKnown)));
        m_columns = std::move(columns);
    }
    [[nodiscard]] float field(size_t index, size_t column) const
    {
        return m_columns[column][(m_start + index) % m_samples.size()];
    }
    [[nodiscard]] std::vector<float> fields(size_t index) const
    {
        std::vector<float> all;
        for (size_t i = 0; i < m_columns.size(); ++i)
            all.push_back(field(index, i));
        return all;
    }

private:
    size_t m_most, m_start = 0;
    std::vector<Sample> m_samples;
    std::vector<std::vector<float>> m_columns; ///< parallel to m_samples
};

/// Collects the samples of one minute.
struct MetricMinute
{
    qint64 number = -1;
    std::array<double, metricCount> sums{};
    std::array<int, metricCount> counts{};
    std::vector<double> fieldSums;
    std::vector<int> fieldCounts;
    bool isPrimary = true;
};

} // namespace slotscope
