// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace slotscope {

/// Times in microseconds, counted in logarithmic buckets: 32 per doubling, so a percentile is wrong by 2 % at most.
/// Times can be removed again, for a sliding window. Pure.
class LatencyHistogram final
{
public:
    static constexpr int bucketsPerDoubling = 32;
    static constexpr qint64 longestCounted = qint64(1) << 32; ///< over an hour; longer times count as this

    [[nodiscard]] static quint16 bucketOf(qint64 microseconds);
    [[nodiscard]] static qint64 lowestOf(quint16 bucket); ///< the smallest time in the bucket
    [[nodiscard]] static qint64 middleOf(quint16 bucket);

    void add(qint64 microseconds) { addTo(bucketOf(microseconds)); }
    void addTo(quint16 bucket);
    void removeFrom(quint16 bucket); ///< removes a time added before
    void clear();
    void merge(const LatencyHistogram &other);

    [[nodiscard]] qint64 count() const { return m_count; }
    /// Percentile by nearest rank, as the middle of its bucket; -1 if empty. A `share` of 0.99 means p99.
    [[nodiscard]] qint64 percentile(double share) const;

private:
    std::vector<quint32> m_buckets; ///< only as long as the highest used bucket requires
    qint64 m_count = 0;
};

/// The rank, 1 … count, of a percentile by nearest rank.
[[nodiscard]] qint64 nearestRank(double share, qint64 count);

} // namespace slotscope
