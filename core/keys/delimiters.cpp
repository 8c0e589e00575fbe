// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/delimiters.h"

#include <algorithm>
#include <cstring>

namespace slotscope {

Delimiters::Delimiters(const QList<QByteArray> &words)
{
    for (const QByteArray &word : words) {
        if (word.isEmpty() || m_words.contains(word))
            continue;
        m_words.append(word);
        m_ends[quint8(word.back())] = true;
    }
}

qsizetype Delimiters::folderEnd(QByteArrayView key, qsizetype from) const
{
    if (m_words.size() == 1 && m_words.front().size() == 1) {
        const qsizetype at = key.indexOf(m_words.front().front(), from);
        return at < 0 ? -1 : at + 1;
    }
    for (qsizetype at = from; at < key.size(); ++at) {
        if (!m_ends[quint8(key[at])])
            continue;
        const QByteArrayView own = key.sliced(from, at + 1 - from);
        for (const QByteArray &word : m_words)
            if (own.endsWith(word))
                return at + 1;
    }
    return -1;
}

QByteArray Delimiters::endOf(QByteArrayView folder) const
{
    QByteArray longest;
    for (const QByteArray &word : m_words)
        if (word.size() > longest.size() && folder.endsWith(word))
            longest = word;
    return longest;
}

bool Delimiters::needByteOrder() const
{
    return std::any_of(m_words.begin(), m_words.end(),
                       [](const QByteArray &word) { return word.back() >= '0' && word.back() <= '9'; });
}

} // namespace slotscope
