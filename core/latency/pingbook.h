// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/latency/latencyhistogram.h"

#include <QHash>

#include <array>
#include <deque>
#include <memory>
#include <optional>

namespace slotscope {

/// An event from PingRecorder.
struct PingEvent
{
    enum class Kind : quint8 {
        Answered,
        Lost, ///< sent, but the connection ended before the reply
        Waiting, ///< present age of the oldest unanswered ping
        Linked, ///< the ping connection is open
        Down, ///< there is no ping connection; see `why`
        Jitter, ///< how late our own thread was
    };
    Kind kind = Kind::Answered;
    QByteArray nodeId; ///< empty for Jitter
    qint64 at = 0; ///< time of sending in ms since 1970
    qint64 microseconds = 0;
    std::shared_ptr<const Error> why = {};
};

inline constexpr int spectrumRows = 53; ///< ten per power of ten, from 10 µs to 2 s
inline constexpr qint64 spectrumLowest = 10, spectrumHighest = 2'000'000; ///< microseconds
/// The row for a duration, 0 at the bottom. Durations outside spectrumLowest … spectrumHighest go into the bottom or
/// the top row.
[[nodiscard]] int spectrumRow(qint64 microseconds);
/// Lower bound of a row in microseconds.
[[nodiscard]] double spectrumLow(int row);

/// The pings sent within one slice of time.
struct PingSlice
{
    qint64 start = 0; ///< ms since 1970, a multiple of the slice length
    qint64 sum = 0, shortest = -1, longest = -1; ///< in microseconds; -1: none was answered
    int lost = 0;
    std::array<quint16, spectrumRows> rows{};
    std::vector<quint16> buckets; ///< LatencyHistogram buckets, one per answered ping
    [[nodiscard]] int answered() const { return int(buckets.size()); }
};

/// Figures over the window; times in microseconds, -1 if there are none.
struct PingFigures
{
    qint64 answered = 0, lost = 0;
    qint64 shortest = -1, average = -1, p50 = -1, p99 = -1, p999 = -1, longest = -1;
    [[nodiscard]] qint64 sent() const { return answered + lost; }
};

/// Round-trip times to one node, or the lateness of our own thread, in a sliding window. Pure.
class PingSeries final
{
public:
    static constexpr qint64 sliceMs = 2000;
    static constexpr qint64 kept = 30 * 60'000; ///< the longest possible window

    void setWindow(qint64 milliseconds);
    void add(qint64 at, qint64 microseconds);
    void addLost(qint64 at);
    void slideTo(qint64 now); ///< removes times older than the window
    [[nodiscard]] PingFigures figures() const;
    [[nodiscard]] const std::deque<PingSlice> &slices() const { return m_slices; } ///< sorted; gaps are left out

private:
    PingSlice *sliceAt(qint64 at);
    [[nodiscard]] size_t firstInWindow() const;

    std::deque<PingSlice> m_slices;
    LatencyHistogram m_histogram; ///< times within the window
    qint64 m_window = 5 * 60'000;
    qint64 m_from = 0; ///< start of the window, a multiple of the slice length
    qint64 m_now = 0;
};

/// The data of all nodes. Pure.
class PingBook final
{
public:
    struct Node
    {
        PingSeries series;
        bool isLinked = false;
        std::shared_ptr<const Error> problem; ///< why there is no connection
        qint64 waiting = 0; ///< age of the oldest unanswered ping in microseconds; 0: none is late
        qint64 waitingAt = 0; ///< when that was reported
    };

    void setWindow(qint64 milliseconds);
    void take(const PingEvent &event);
    void slideTo(qint64 now);
    void forget(const QByteArray &nodeId);
    void clear();
    [[nodiscard]] const Node *node(const QByteArray &nodeId) const; ///< null: no data
    [[nodiscard]] const PingSeries &jitter() const { return m_jitter; }
    [[nodiscard]] qint64 window() const { return m_window; }

private:
    QHash<QByteArray, std::shared_ptr<Node>> m_nodes;
    PingSeries m_jitter;
    qint64 m_window = 5 * 60'000;
};

} // namespace slotscope
