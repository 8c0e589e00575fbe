// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/sentcommands.h"

#include "core/base/secrets.h"

namespace slotscope {

namespace {

constexpr qsizetype wordsHeld = 8;
constexpr qsizetype bytesHeld = 256; // bytes stored of an argument

} // namespace

void SentCommands::setOn(bool on)
{
    if (m_on.exchange(on) != on && !on)
        clear();
}

void SentCommands::clear()
{
    const QMutexLocker lock(&m_mutex);
    m_entries.clear();
}

void SentCommands::add(AuditEntry entry)
{
    if (entry.words.size() > wordsHeld)
        entry.words.resize(wordsHeld);
    for (KeptWord &word : entry.words)
        // hide secrets before truncating, because a truncated one would not be recognised
        if (word.bytes.size() > bytesHeld)
            word.bytes = scrubbed(word.bytes).left(bytesHeld);
    const QMutexLocker lock(&m_mutex);
    if (m_entries.size() >= most)
        m_entries.pop_front();
    m_entries.push_back(std::move(entry));
    ++m_count;
}

SentCommands::News SentCommands::since(quint64 last, size_t atMost) const
{
    News news;
    {
        const QMutexLocker lock(&m_mutex);
        const quint64 came = m_count - std::min(last, m_count);
        const size_t taken = size_t(std::min({quint64(m_entries.size()), came, quint64(atMost)}));
        news.last = m_count;
        news.missed = last == 0 ? 0 : came - taken;
        news.entries.reserve(qsizetype(taken));
        for (size_t i = m_entries.size() - taken; i < m_entries.size(); ++i)
            news.entries.append(m_entries[i]);
    }
    for (AuditEntry &entry : news.entries)
        finishRedaction(entry);
    return news;
}

} // namespace slotscope
