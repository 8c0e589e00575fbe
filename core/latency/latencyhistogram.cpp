// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/latencyhistogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace slotscope {
namespace {

constexpr int stepBits = 5; // 1 << 5 == bucketsPerDoubling

} // namespace

qint64 nearestRank(double share, qint64 count)
{
    constexpr double rounding = 1e-9; // compensates that 0.999 * 1000 is slightly above 999
    return std::clamp<qint64>(qint64(std::ceil(share * double(count) - rounding)), 1, std::max<qint64>(count, 1));
}

/// Below 64, each time has its own bucket; above, each doubling has 32.
quint16 LatencyHistogram::bucketOf(qint64 microseconds)
{
    const auto time = quint64(std::clamp<qint64>(microseconds, 0, longestCounted));
    if (time < 2 * bucketsPerDoubling)
        return quint16(time);
    const int shift = int(std::bit_width(time)) - 1 - stepBits;
    return quint16(shift * bucketsPerDoubling + int(time >> shift));
}

qint64 LatencyHistogram::lowestOf(quint16 bucket)
{
    if (bucket < 2 * bucketsPerDoubling)
        return bucket;
    const int shift = bucket / bucketsPerDoubling - 1;
    return qint64(bucket % bucketsPerDoubling + bucketsPerDoubling) << shift;
}

qint64 LatencyHistogram::middleOf(quint16 bucket)
{
    const qint64 lowest = lowestOf(bucket);
    return lowest + (lowestOf(quint16(bucket + 1)) - lowest) / 2;
}

void LatencyHistogram::addTo(quint16 bucket)
{
    if (bucket >= m_buckets.size())
        m_buckets.resize(size_t(bucket) + 1);
    ++m_buckets[bucket];
    ++m_count;
}

void LatencyHistogram::removeFrom(quint16 bucket)
{
    if (bucket >= m_buckets.size() || m_buckets[bucket] == 0)
        return;
    --m_buckets[bucket];
    --m_count;
}

void LatencyHistogram::clear()
{
    m_buckets.clear();
    m_count = 0;
}

void LatencyHistogram::merge(const LatencyHistogram &other)
{
    if (other.m_buckets.size() > m_buckets.size())
        m_buckets.resize(other.m_buckets.size());
    for (size_t i = 0; i < other.m_buckets.size(); ++i)
        m_buckets[i] += other.m_buckets[i];
    m_count += other.m_count;
}

qint64 LatencyHistogram::percentile(double share) const
{
    if (m_count == 0)
        return -1;
    qint64 left = nearestRank(share, m_count);
    for (size_t i = 0; i < m_buckets.size(); ++i) {
        left -= m_buckets[i];
        if (left <= 0)
            return middleOf(quint16(i));
    }
    return middleOf(quint16(m_buckets.size() - 1));
}

} // namespace slotscope
