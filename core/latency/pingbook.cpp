// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/pingbook.h"

#include <algorithm>
#include <cmath>

namespace slotscope {
namespace {

constexpr int rowsPerDecade = 10;

} // namespace

int spectrumRow(qint64 microseconds)
{
    if (microseconds <= spectrumLowest)
        return 0;
    const double rows = std::log10(double(microseconds) / double(spectrumLowest)) * rowsPerDecade;
    return std::clamp(int(std::floor(rows + 1e-9)), 0, spectrumRows - 1);
}

double spectrumLow(int row)
{
    return double(spectrumLowest) * std::pow(10.0, double(row) / rowsPerDecade);
}

void PingSeries::setWindow(qint64 milliseconds)
{
    m_window = std::clamp(milliseconds, sliceMs, kept);
    m_histogram.clear();
    m_from = 0;
    for (const PingSlice &slice : m_slices)
        for (const quint16 bucket : slice.buckets)
            m_histogram.addTo(bucket);
    slideTo(m_now);
}

/// Returns the slice for a time, created if necessary; null if the time is older than all stored slices.
PingSlice *PingSeries::sliceAt(qint64 at)
{
    const qint64 start = at / sliceMs * sliceMs;
    if (start < m_now - kept)
        return nullptr;
    auto place = std::lower_bound(m_slices.begin(), m_slices.end(), start,
                                  [](const PingSlice &slice, qint64 wanted) { return slice.start < wanted; });
    if (place == m_slices.end() || place->start != start) {
        place = m_slices.insert(place, PingSlice());
        place->start = start;
    }
    return &*place;
}

void PingSeries::add(qint64 at, qint64 microseconds)
{
    m_now = std::max(m_now, at);
    PingSlice *slice = sliceAt(at);
    if (!slice)
        return;
    const quint16 bucket = LatencyHistogram::bucketOf(microseconds);
    slice->buckets.push_back(bucket);
    slice->sum += microseconds;
    slice->shortest = slice->shortest < 0 ? microseconds : std::min(slice->shortest, microseconds);
    slice->longest = std::max(slice->longest, microseconds);
    quint16 &row = slice->rows[size_t(spectrumRow(microseconds))];
    row = quint16(std::min(int(row) + 1, 0xffff));
    if (slice->start >= m_from)
        m_histogram.addTo(bucket);
}

void PingSeries::addLost(qint64 at)
{
    m_now = std::max(m_now, at);
    if (PingSlice *slice = sliceAt(at))
        ++slice->lost;
}

size_t PingSeries::firstInWindow() const
{
    const auto first = std::lower_bound(m_slices.begin(), m_slices.end(), m_from,
                                        [](const PingSlice &slice, qint64 from) { return slice.start < from; });
    return size_t(first - m_slices.begin());
}

void PingSeries::slideTo(qint64 now)
{
    m_now = std::max(m_now, now);
    const qint64 from = (m_now - m_window) / sliceMs * sliceMs + sliceMs;
    for (size_t i = firstInWindow(); i < m_slices.size() && m_slices[i].start < from; ++i)
        for (const quint16 bucket : m_slices[i].buckets)
            m_histogram.removeFrom(bucket);
    m_from = std::max(m_from, from);
    while (!m_slices.empty() && m_slices.front().start < m_now - kept)
        m_slices.pop_front();
}

PingFigures PingSeries::figures() const
{
    PingFigures figures;
    qint64 sum = 0;
    for (size_t i = firstInWindow(); i < m_slices.size(); ++i) {
        const PingSlice &slice = m_slices[i];
        figures.answered += slice.answered();
        figures.lost += slice.lost;
        sum += slice.sum;
        if (slice.answered() == 0)
            continue;
        figures.shortest = figures.shortest < 0 ? slice.shortest : std::min(figures.shortest, slice.shortest);
        figures.longest = std::max(figures.longest, slice.longest);
    }
    if (figures.answered == 0)
        return figures;
    // limit to the measured range, because the middle of a bucket may be outside it
    const auto percentile = [&](double share) {
        return std::clamp(m_histogram.percentile(share), figures.shortest, figures.longest);
    };
    figures.average = sum / figures.answered;
    figures.p50 = percentile(0.5);
    figures.p99 = percentile(0.99);
    figures.p999 = percentile(0.999);
    return figures;
}

void PingBook::setWindow(qint64 milliseconds)
{
    m_window = milliseconds;
    m_jitter.setWindow(milliseconds);
    for (const auto &node : std::as_const(m_nodes))
        node->series.setWindow(milliseconds);
}

void PingBook::take(const PingEvent &event)
{
    if (event.kind == PingEvent::Kind::Jitter) {
        m_jitter.add(event.at, event.microseconds);
        return;
    }
    std::shared_ptr<Node> &node = m_nodes[event.nodeId];
    if (!node) {
        node = std::make_shared<Node>();
        node->series.setWindow(m_window);
    }
    switch (event.kind) {
    case PingEvent::Kind::Answered:
        node->series.add(event.at, event.microseconds);
        node->waiting = 0;
        break;
    case PingEvent::Kind::Lost: node->series.addLost(event.at); break;
    case PingEvent::Kind::Waiting:
        node->waiting = event.microseconds;
        node->waitingAt = event.at;
        break;
    case PingEvent::Kind::Linked:
        node->isLinked = true;
        node->problem.reset();
        node->waiting = 0;
        break;
    case PingEvent::Kind::Down:
        node->isLinked = false;
        node->problem = event.why;
        node->waiting = 0;
        break;
    case PingEvent::Kind::Jitter: break;
    }
}

void PingBook::slideTo(qint64 now)
{
    m_jitter.slideTo(now);
    for (const auto &node : std::as_const(m_nodes))
        node->series.slideTo(now);
}

void PingBook::forget(const QByteArray &nodeId)
{
    m_nodes.remove(nodeId);
}

void PingBook::clear()
{
    m_nodes.clear();
    m_jitter = PingSeries();
    m_jitter.setWindow(m_window);
}

const PingBook::Node *PingBook::node(const QByteArray &nodeId) const
{
    const auto found = m_nodes.constFind(nodeId);
    return found == m_nodes.constEnd() ? nullptr : found->get();
}

} // namespace slotscope
