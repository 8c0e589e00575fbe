// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/replycounter.h"

#include "core/base/text.h"

#include <cstring>

namespace slotscope {
namespace {

constexpr qsizetype longestCutLine = 64 * 1024;
constexpr size_t deepestReply = 64;

} // namespace

void ReplyCounter::feed(QByteArrayView bytes)
{
    m_bytes = bytes;
    m_at = 0;
}

ReplyCounter::Step ReplyCounter::advance()
{
    while (true) {
        if (m_skip > 0) {
            const qint64 here = std::min<qint64>(m_skip, m_bytes.size() - m_at);
            m_at += here;
            m_skip -= here;
            if (m_skip > 0)
                return Step::NeedsMore;
            if (const Step step = ended(false); step != Step::NeedsMore)
                return step;
            continue;
        }
        if (m_at >= m_bytes.size())
            return Step::NeedsMore;
        const char *begin = m_bytes.data() + m_at;
        const auto left = size_t(m_bytes.size() - m_at);
        const auto *end = static_cast<const char *>(std::memchr(begin, '\n', left));
        if (!end) {
            m_line.append(begin, qsizetype(left));
            m_at = m_bytes.size();
            return m_line.size() > longestCutLine ? Step::Broken : Step::NeedsMore;
        }
        m_at += end - begin + 1;
        Step step;
        if (m_line.isEmpty()) {
            step = takeLine(QByteArrayView(begin, end - begin));
        } else {
            m_line.append(begin, end - begin);
            const QByteArray whole = std::exchange(m_line, {});
            step = takeLine(whole);
        }
        if (step != Step::NeedsMore)
            return step;
    }
}

/// Handles a line without its '
/// '. NeedsMore means that the reply is not complete.
ReplyCounter::Step ReplyCounter::takeLine(QByteArrayView line)
{
    if (line.size() < 2 || line.back() != '\r')
        return Step::Broken;
    const QByteArrayView rest = line.sliced(1, line.size() - 2);
    if (m_open.empty()) {
        m_integer = 0;
        m_null = false;
    }
    switch (line.front()) {
    case '+':
    case ',':
    case '#':
    case '(': return ended(false);
    case '_': m_null = m_open.empty(); return ended(false);
    case ':':
        if (m_open.empty())
            m_integer = toInteger(rest).value_or(0);
        return ended(false);
    case '-':
        if (m_open.empty())
            m_error = rest.toByteArray();
        return ended(m_open.empty());
    case '$':
    case '=':
    case '*':
    case '~':
    case '%': break;
    default: return Step::Broken;
    }
    const auto size = toInteger(rest);
    if (!size || *size < -1 || *size > (qint64(1) << 40))
        return Step::Broken;
    if (*size == -1) {
        m_null = m_open.empty();
        return ended(false);
    }
    if (line.front() == '$' || line.front() == '=') {
        m_skip = *size + 2;
        return Step::NeedsMore;
    }
    if (*size == 0)
        return ended(false);
    if (m_open.size() >= deepestReply)
        return Step::Broken;
    m_open.push_back(line.front() == '%' ? *size * 2 : *size);
    return Step::NeedsMore;
}

/// A value is complete, which may also complete the arrays around it.
ReplyCounter::Step ReplyCounter::ended(bool wasError)
{
    while (!m_open.empty()) {
        if (--m_open.back() > 0)
            return Step::NeedsMore;
        m_open.pop_back();
    }
    return wasError ? Step::Error : Step::Reply;
}

} // namespace slotscope
