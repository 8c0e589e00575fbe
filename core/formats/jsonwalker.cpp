// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/jsonwalker.h"

#include "core/base/tr.h"
#include "core/formats/charset.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

} // namespace

std::optional<JsonEvent> JsonWalker::fail(qsizetype at, const QString &words)
{
    const QByteArrayView before = m_text.first(std::min(at, m_text.size()));
    const qsizetype line = before.lastIndexOf('\n');
    m_problem = FormatProblem{.step = 0,
                              .offset = at,
                              .line = int(before.count('\n')) + 1,
                              .column = int(QString::fromUtf8(before.sliced(line + 1)).toUcs4().size()) + 1,
                              .words = words};
    return std::nullopt;
}

void JsonWalker::skipBlanks()
{
    while (m_at < m_text.size()
           && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\t' || m_text[m_at] == '\r'))
        ++m_at;
}

std::optional<JsonEvent> JsonWalker::next()
{
    if (m_problem)
        return std::nullopt;
    skipBlanks();
    if (m_expect == Expect::CommaOrEnd && m_inObject.empty()) {
        if (m_at == m_text.size())
            return std::nullopt;
        if (!m_several)
            return fail(m_at, tr("there is more text after the end of the JSON value"));
        m_expect = Expect::Value;
    }
    if (m_at == m_text.size())
        return m_began || !m_several
            ? fail(m_at, m_text.isEmpty() ? tr("the text is empty") : tr("the text ends too early"))
            : std::nullopt;
    m_began = true;
    const char byte = m_text[m_at];
    if (m_expect == Expect::CommaOrEnd) {
        if (byte == '}' || byte == ']')
            return end(byte);
        if (!comma())
            return std::nullopt;
    }
    switch (m_expect) {
    case Expect::NameOrEnd:
        if (byte == '}')
            return end(byte);
        return nameAndColon(true);
    case Expect::Name: return nameAndColon(false);
    case Expect::ValueOrEnd:
        if (byte == ']')
            return end(byte);
        return value(true);
    default: return value(m_inObject.empty() || m_inObject.back());
    }
}

bool JsonWalker::comma()
{
    if (m_text[m_at] != ',') {
        fail(m_at, m_inObject.back() ? tr("a comma or } is missing") : tr("a comma or ] is missing"));
        return false;
    }
    ++m_at;
    skipBlanks();
    if (m_at == m_text.size()) {
        fail(m_at, tr("the text ends too early"));
        return false;
    }
    m_expect = m_inObject.back() ? Expect::Name : Expect::Value;
    return true;
}

std::optional<JsonEvent> JsonWalker::end(char byte)
{
    const bool object = m_inObject.back();
    if (object != (byte == '}'))
        return fail(m_at, object ? tr("a } is missing") : tr("a ] is missing"));
    m_inObject.pop_back();
    const JsonEvent event{.kind = object ? JsonEvent::Kind::EndObject : JsonEvent::Kind::EndArray,
                          .token = m_text.sliced(m_at, 1),
                          .first = m_expect != Expect::CommaOrEnd};
    ++m_at;
    m_expect = Expect::CommaOrEnd;
    return event;
}

std::optional<JsonEvent> JsonWalker::nameAndColon(bool first)
{
    if (m_text[m_at] != '"')
        return fail(m_at, tr("the name of a member is missing"));
    const qsizetype start = m_at;
    const qsizetype stop = stringEnd();
    if (stop < 0)
        return std::nullopt;
    m_at = stop;
    skipBlanks();
    if (m_at == m_text.size() || m_text[m_at] != ':')
        return fail(m_at, tr("a colon is missing"));
    ++m_at;
    m_expect = Expect::Value;
    return JsonEvent{.kind = JsonEvent::Kind::Name, .token = m_text.sliced(start, stop - start), .first = first};
}

std::optional<JsonEvent> JsonWalker::begin(JsonEvent::Kind kind, bool first)
{
    const bool object = kind == JsonEvent::Kind::BeginObject;
    m_inObject.push_back(object);
    m_expect = object ? Expect::NameOrEnd : Expect::ValueOrEnd;
    ++m_at;
    return JsonEvent{.kind = kind, .token = m_text.sliced(m_at - 1, 1), .first = first};
}

std::optional<JsonEvent> JsonWalker::value(bool first)
{
    const char byte = m_text[m_at];
    if (byte == '{')
        return begin(JsonEvent::Kind::BeginObject, first);
    if (byte == '[')
        return begin(JsonEvent::Kind::BeginArray, first);
    JsonEvent event{.kind = JsonEvent::Kind::String, .token = {}, .first = first};
    qsizetype stop = -1;
    if (byte == '"') {
        stop = stringEnd();
        if (stop < 0)
            return std::nullopt;
    } else if (isDigit(byte) || (byte == '-' && m_at + 1 < m_text.size() && m_text[m_at + 1] != 'I')) {
        event.kind = JsonEvent::Kind::Number;
        stop = numberEnd();
        if (stop < 0)
            return fail(m_at, tr("this is not a valid JSON number"));
    } else {
        event.kind = JsonEvent::Kind::Word;
        for (const char *word : {"true", "false", "null", "NaN", "Infinity", "-Infinity"})
            if (m_text.sliced(m_at).startsWith(word)) {
                stop = m_at + qsizetype(qstrlen(word));
                m_lenient = m_lenient || QByteArrayView(word).contains('N') || QByteArrayView(word).contains('I');
            }
        if (stop < 0)
            return fail(m_at, tr("a value is missing"));
    }
    event.token = m_text.sliced(m_at, stop - m_at);
    m_at = stop;
    m_expect = Expect::CommaOrEnd;
    return event;
}

qsizetype JsonWalker::stringEnd()
{
    for (qsizetype at = m_at + 1; at < m_text.size(); ++at) {
        const char byte = m_text[at];
        if (byte == '"')
            return at + 1;
        if (uchar(byte) < 0x20) {
            fail(at, tr("a string contains a control character that is not escaped"));
            return -1;
        }
        if (byte != '\\')
            continue;
        ++at;
        const char escaped = at < m_text.size() ? m_text[at] : '\0';
        if (escaped == 'u') {
            for (int i = 1; i <= 4; ++i)
                if (at + i >= m_text.size() || !isHexDigit(m_text[at + i])) {
                    fail(at - 1, tr("\\u needs four hex digits"));
                    return -1;
                }
            at += 4;
        } else if (escaped == '\0' || !QByteArrayView("\"\\/bfnrt").contains(escaped)) {
            fail(at - 1, tr("this is not a valid JSON escape"));
            return -1;
        }
    }
    fail(m_at, tr("the end of a string is missing"));
    return -1;
}

qsizetype JsonWalker::numberEnd() const
{
    qsizetype at = m_at;
    const auto digits = [&] {
        const qsizetype start = at;
        while (at < m_text.size() && isDigit(m_text[at]))
            ++at;
        return at > start;
    };
    if (m_text[at] == '-')
        ++at;
    const bool zero = at < m_text.size() && m_text[at] == '0';
    const qsizetype whole = at;
    if (!digits() || (zero && at > whole + 1))
        return -1;
    if (at < m_text.size() && m_text[at] == '.') {
        ++at;
        if (!digits())
            return -1;
    }
    if (at < m_text.size() && (m_text[at] == 'e' || m_text[at] == 'E')) {
        ++at;
        if (at < m_text.size() && (m_text[at] == '+' || m_text[at] == '-'))
            ++at;
        if (!digits())
            return -1;
    }
    return at;
}

QString jsonStringValue(QByteArrayView token)
{
    const QByteArrayView inner = token.sliced(1, token.size() - 2);
    if (!inner.contains('\\'))
        return utf8Text(inner);
    QString text;
    qsizetype plain = 0;
    for (qsizetype at = 0; at < inner.size(); ++at) {
        if (inner[at] != '\\')
            continue;
        text += utf8Text(inner.sliced(plain, at - plain));
        switch (inner[++at]) {
        case 'b': text += u'\b'; break;
        case 'f': text += u'\f'; break;
        case 'n': text += u'\n'; break;
        case 'r': text += u'\r'; break;
        case 't': text += u'\t'; break;
        case 'u':
            text += QChar(inner.sliced(at + 1, 4).toByteArray().toUShort(nullptr, 16));
            at += 4;
            break;
        default: text += QLatin1Char(inner[at]);
        }
        plain = at + 1;
    }
    return text + utf8Text(inner.sliced(plain));
}

QByteArray jsonQuoted(QStringView text)
{
    QByteArray out("\"");
    qsizetype plain = 0;
    const auto escape = [&](qsizetype at, const QByteArray &with) {
        out += text.sliced(plain, at - plain).toUtf8() + with;
        plain = at + 1;
    };
    for (qsizetype at = 0; at < text.size(); ++at) {
        const QChar c = text[at];
        const bool pair = c.isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate();
        if (pair)
            ++at;
        else if (c == u'"' || c == u'\\')
            escape(at, QByteArray("\\") + char(c.unicode()));
        else if (c == u'\n' || c == u'\r' || c == u'\t')
            escape(at, c == u'\n' ? "\\n" : c == u'\r' ? "\\r" : "\\t");
        else if (c.unicode() < 0x20 || c.unicode() == 0x7f || c.isSurrogate())
            escape(at, "\\u" + QByteArray::number(c.unicode(), 16).rightJustified(4, '0'));
    }
    return out + text.sliced(plain).toUtf8() + '"';
}

} // namespace slotscope
