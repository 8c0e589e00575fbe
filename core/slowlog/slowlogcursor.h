// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/slowlog/slowlogentry.h"

namespace slotscope {

/// How far one node's log was read. Pure.
class SlowlogCursor final
{
public:
    struct News
    {
        std::vector<SlowlogEntry> entries; ///< entries not seen before
        qint64 missed = 0; ///< number of entries logged since the last reading, but dropped before this one
        bool isWhole = true; ///< false: request more entries; none were taken
    };
    /// Number of entries to request: as many as are probably new, `most` at first.
    [[nodiscard]] int nextCount(int most) const;
    /// Takes a server's entries, newest first, after a request for `asked`. `runId` is empty if unknown.
    [[nodiscard]] News take(const QByteArray &runId, std::vector<SlowlogEntry> entries, int asked, int most);
    /// Run id of the process read last; a made-up one if the server does not report it.
    [[nodiscard]] QByteArray runId() const;

private:
    QByteArray m_runId;
    qint64 m_lastId = -1; ///< -1: no entry of this process was seen
    bool m_begun = false;
    int m_generation = 0; ///< number of restarts of processes without known run id
    int m_lastNews = 0;
};

/// Difference between a node's clock and ours. Logs contain whole seconds, so small differences are ignored.
class ClockDifference final
{
public:
    static constexpr qint64 noticeableMs = 1000;

    /// Takes the server's TIME in ms since 1970, and our time before and after the query.
    void take(qint64 server, qint64 before, qint64 after);
    [[nodiscard]] bool isKnown() const { return m_known; }
    /// How many ms the server's clock is ahead; 0 if too small to matter.
    [[nodiscard]] qint64 ahead() const { return qAbs(m_ahead) < noticeableMs ? 0 : m_ahead; }
    /// Converts an entry's time to our clock, in ms since 1970.
    [[nodiscard]] qint64 ours(qint64 serverSeconds) const { return serverSeconds * 1000 - ahead(); }

private:
    bool m_known = false;
    qint64 m_ahead = 0;
};

/// The reply to TIME in ms since 1970; nullopt if it is invalid.
[[nodiscard]] std::optional<qint64> parseTime(const Value &reply);

} // namespace slotscope
