// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/keyfilter.h"

#include "core/base/tr.h"

#include <algorithm>
#include <utility>

namespace slotscope {

namespace {

char foldedByte(char c, bool anyCase)
{
    return anyCase && c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c;
}

/// Whether a bracket expression matches a byte, and where the pattern continues. As in Redis, an unclosed bracket
/// extends to the end of the pattern.
std::pair<bool, qsizetype> matchClass(QByteArrayView pattern, qsizetype at, char byte, bool anyCase)
{
    ++at; // skips the bracket
    const bool isNot = at < pattern.size() && pattern[at] == '^';
    if (isNot)
        ++at;
    const auto value = [&](qsizetype place) { return quint8(foldedByte(pattern[place], anyCase)); };
    const quint8 wanted = quint8(foldedByte(byte, anyCase));
    bool isIn = false;
    while (at < pattern.size() && pattern[at] != ']') {
        if (pattern[at] == '\\' && at + 1 < pattern.size()) {
            isIn = isIn || value(at + 1) == wanted;
            at += 2;
        } else if (at + 2 < pattern.size() && pattern[at + 1] == '-') {
            const quint8 one = value(at), other = value(at + 2);
            isIn = isIn || (wanted >= std::min(one, other) && wanted <= std::max(one, other));
            at += 3;
        } else {
            isIn = isIn || value(at) == wanted;
            ++at;
        }
    }
    return {isIn != isNot, std::min(at + 1, pattern.size())};
}

/// Whether one element of the pattern (not a star) matches the byte, and where the pattern continues.
std::pair<bool, qsizetype> matchElement(QByteArrayView pattern, qsizetype at, char byte, bool anyCase)
{
    if (pattern[at] == '?')
        return {true, at + 1};
    if (pattern[at] == '[')
        return matchClass(pattern, at, byte, anyCase);
    if (pattern[at] == '\\' && at + 1 < pattern.size())
        ++at;
    return {foldedByte(pattern[at], anyCase) == foldedByte(byte, anyCase), at + 1};
}

bool containsAnyCase(QByteArrayView key, QByteArrayView folded)
{
    return std::search(key.begin(), key.end(), folded.begin(), folded.end(),
                       [](char in, char wanted) { return foldedByte(in, true) == wanted; })
        != key.end();
}

Result<QRegularExpression> expressionOf(const KeyFilter &filter, const QByteArray &text)
{
    QRegularExpression expression(QString::fromUtf8(text), QRegularExpression::UseUnicodePropertiesOption);
    if (filter.anyCase)
        expression.setPatternOptions(expression.patternOptions() | QRegularExpression::CaseInsensitiveOption);
    if (!expression.isValid())
        return failure(Error::Code::InvalidArgument,
                       tr("the regular expression has an error at character %1: %2")
                           .arg(expression.patternErrorOffset() + 1)
                           .arg(expression.errorString()));
    expression.optimize();
    return expression;
}

} // namespace

bool matchesGlob(QByteArrayView pattern, QByteArrayView key, bool anyCase)
{
    // A later star replaces an earlier one, because everything before it has been matched.
    qsizetype p = 0, k = 0, starAt = -1, takenUntil = 0;
    while (k < key.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            starAt = ++p;
            takenUntil = k;
            continue;
        }
        if (p < pattern.size()) {
            const auto [taken, next] = matchElement(pattern, p, key[k], anyCase);
            if (taken) {
                p = next;
                ++k;
                continue;
            }
        }
        if (starAt < 0)
            return false;
        p = starAt;
        k = ++takenUntil;
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

bool hasGlob(QByteArrayView pattern)
{
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\')
            ++i;
        else if (pattern[i] == '*' || pattern[i] == '?' || pattern[i] == '[')
            return true;
    }
    return false;
}

QByteArray globEscaped(QByteArrayView name)
{
    QByteArray escaped;
    for (const char byte : name) {
        if (QByteArrayView("\\*?[]").contains(byte))
            escaped += '\\';
        escaped += byte;
    }
    return escaped;
}

QByteArray withoutEscapes(QByteArrayView pattern)
{
    QByteArray name;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size())
            ++i;
        name.append(pattern[i]);
    }
    return name;
}

Result<KeyMatcher> KeyMatcher::make(const KeyFilter &filter)
{
    KeyMatcher matcher;
    matcher.m_filter = filter;
    if (filter.mode == KeyFilter::Mode::Regex) {
        const auto text = expressionOf(filter, filter.text), exclude = expressionOf(filter, filter.exclude);
        if (!text)
            return failure(text.error());
        if (!exclude)
            return failure(exclude.error());
        matcher.m_text = *text;
        matcher.m_exclude = *exclude;
    } else if (filter.mode == KeyFilter::Mode::Substring && filter.anyCase) {
        for (QByteArray *part : {&matcher.m_filter.text, &matcher.m_filter.exclude})
            for (char &c : *part)
                c = foldedByte(c, true);
    }
    return matcher;
}

bool KeyMatcher::matches(const QByteArray &pattern, const QRegularExpression &expression, QByteArrayView key) const
{
    switch (m_filter.mode) {
    case KeyFilter::Mode::Substring: return m_filter.anyCase ? containsAnyCase(key, pattern) : key.contains(pattern);
    case KeyFilter::Mode::Glob: return matchesGlob(pattern, key, m_filter.anyCase);
    case KeyFilter::Mode::Regex: return expression.match(QString::fromUtf8(key)).hasMatch();
    }
    return false;
}

bool KeyMatcher::takes(QByteArrayView key) const
{
    return (m_filter.text.isEmpty() || matches(m_filter.text, m_text, key))
        && (m_filter.exclude.isEmpty() || !matches(m_filter.exclude, m_exclude, key));
}

} // namespace slotscope
