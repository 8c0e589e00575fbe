// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/slowlog/slowlogentry.h"

namespace slotscope {

/// How far one node's log was read. Pure: it knows no socket.
class SlowlogCursor final
{
public:
    struct News
    {
        std::vector<SlowlogEntry> entries; ///< not seen before
        qint64 missed = 0; ///< logged since the last look, and gone from the log before this one
        bool isWhole = true; ///< false: ask for more, nothing was taken
    };
    /// How many to ask for: as many as are likely to be new, `most` at first.
    [[nodiscard]] int nextCount(int most) const;
    /// Takes what a server gave, newest first, when it was asked for `asked`. `runId` empty: it does not tell its own.
    [[nodiscard]] News take(const QByteArray &runId, std::vector<SlowlogEntry> entries, int asked, int most);
    /// Of the process that was read last; made up where the server does not tell it.
    [[nodiscard]] QByteArray runId() const;

private:
    QByteArray m_runId;
    qint64 m_lastId = -1; ///< -1: nothing seen of this run
    bool m_begun = false;
    int m_generation = 0; ///< of runs whose id is not told
    int m_lastNews = 0;
};

/// Compares a node's clock with ours. A log keeps whole seconds, so a smaller difference is taken for none.
class ClockDifference final
{
public:
    static constexpr qint64 noticeableMs = 1000;

    /// The server's TIME in ms since 1970, and ours before and after it was asked.
    void take(qint64 server, qint64 before, qint64 after);
    [[nodiscard]] bool isKnown() const { return m_known; }
    /// How far the server's clock is ahead, in ms; 0 where that cannot be noticed.
    [[nodiscard]] qint64 ahead() const { return qAbs(m_ahead) < noticeableMs ? 0 : m_ahead; }
    /// An entry's time by our clock, in ms since 1970.
    [[nodiscard]] qint64 ours(qint64 serverSeconds) const { return serverSeconds * 1000 - ahead(); }

private:
    bool m_known = false;
    qint64 m_ahead = 0;
};

/// TIME's reply in ms since 1970; nothing where it is none.
[[nodiscard]] std::optional<qint64> parseTime(const Value &reply);

} // namespace slotscope
