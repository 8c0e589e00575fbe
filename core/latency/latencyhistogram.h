// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace slotscope {

/// Times in microseconds, counted in logarithmic buckets: 32 for each doubling, so a percentile is off by 2 % at most.
/// Pure. What went in may be taken out again, for a window that slides.
class LatencyHistogram final
{
public:
    static constexpr int bucketsPerDoubling = 32;
    static constexpr qint64 longestCounted = qint64(1) << 32; ///< over an hour; what is longer counts as this

    [[nodiscard]] static quint16 bucketOf(qint64 microseconds);
    [[nodiscard]] static qint64 lowestOf(quint16 bucket); ///< the least time that falls into it
    [[nodiscard]] static qint64 middleOf(quint16 bucket);

    void add(qint64 microseconds) { addTo(bucketOf(microseconds)); }
    void addTo(quint16 bucket);
    void removeFrom(quint16 bucket); ///< one that was added
    void clear();
    void merge(const LatencyHistogram &other);

    [[nodiscard]] qint64 count() const { return m_count; }
    /// By nearest rank, the middle of its bucket; -1 where nothing was counted. `share` 0.99 is p99.
    [[nodiscard]] qint64 percentile(double share) const;

private:
    std::vector<quint32> m_buckets; ///< as long as the greatest bucket needs
    qint64 m_count = 0;
};

/// The rank, 1 … count, of a percentile by nearest rank.
[[nodiscard]] qint64 nearestRank(double share, qint64 count);

} // namespace slotscope
