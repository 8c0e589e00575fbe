// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/slowlog/slowlogcursor.h"

#include "core/base/text.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int fewestAsked = 16;
constexpr qint64 clockPrecisionMs = 250; // smaller changes are caused by the network

} // namespace

int SlowlogCursor::nextCount(int most) const
{
    return m_begun ? std::clamp(2 * m_lastNews + fewestAsked, std::min(fewestAsked, most), most) : most;
}

QByteArray SlowlogCursor::runId() const
{
    return m_runId.isEmpty() ? "untold-" + QByteArray::number(m_generation) : m_runId;
}

SlowlogCursor::News SlowlogCursor::take(const QByteArray &runId, std::vector<SlowlogEntry> entries, int asked, int most)
{
    const qint64 newest = entries.empty() ? -1 : entries.front().id;
    const bool wentBack = runId.isEmpty() && newest >= 0 && newest < m_lastId;
    if (runId != m_runId || wentBack) {
        m_runId = runId;
        m_generation += wentBack ? 1 : 0;
        m_lastId = -1;
        m_begun = false;
    }
    const qint64 oldest = entries.empty() ? -1 : entries.back().id;
    // ids continue after a RESET, so an empty log shows no gap
    const bool isGap = m_lastId >= 0 && oldest > m_lastId + 1;
    const bool mayHaveMore = m_begun && oldest > m_lastId + 1 && int(entries.size()) >= asked;
    News news;
    if (mayHaveMore && asked < most) {
        news.isWhole = false;
        return news;
    }
    news.missed = isGap ? oldest - m_lastId - 1 : 0;
    for (SlowlogEntry &entry : entries) {
        if (entry.id <= m_lastId)
            continue;
        entry.runId = this->runId();
        news.entries.push_back(std::move(entry));
    }
    m_lastId = std::max(m_lastId, newest);
    m_lastNews = int(news.entries.size());
    m_begun = true;
    return news;
}

void ClockDifference::take(qint64 server, qint64 before, qint64 after)
{
    if (m_known && after - before > noticeableMs) // too imprecise
        return;
    const qint64 ahead = server - (before + after) / 2;
    if (!m_known || qAbs(ahead - m_ahead) > clockPrecisionMs)
        m_ahead = ahead;
    m_known = true;
}

std::optional<qint64> parseTime(const Value &reply)
{
    if (reply.items().size() != 2)
        return std::nullopt;
    const auto seconds = toInteger(reply.items()[0].bytes());
    const auto micros = toInteger(reply.items()[1].bytes());
    if (!seconds || !micros)
        return std::nullopt;
    return *seconds * 1000 + *micros / 1000;
}

} // namespace slotscope
