// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QRegularExpression>

namespace slotscope {

/// Which of the keys that were scanned are shown.
struct KeyFilter
{
    enum class Mode : quint8 {
        Substring,
        Glob, ///< as Redis matches names: the whole key
        Regex, ///< anywhere in the key, read as UTF-8
    };
    Mode mode = Mode::Substring;
    QByteArray text; ///< empty: every key
    QByteArray exclude; ///< in the same mode; keys that match it are not shown; empty: none
    bool anyCase = false; ///< A is a: letters of ASCII for Substring and Glob, all for Regex
    [[nodiscard]] bool isEmpty() const { return text.isEmpty() && exclude.isEmpty(); }
    friend bool operator==(const KeyFilter &, const KeyFilter &) = default;
};

/// Redis's own matching: *, ?, [a-z], [^a-z], \x. Takes at most (pattern × key) steps.
[[nodiscard]] bool matchesGlob(QByteArrayView pattern, QByteArrayView key, bool anyCase = false);
/// Whether a pattern holds what Redis reads as more than itself.
[[nodiscard]] bool hasGlob(QByteArrayView pattern);
/// The name that a pattern without *, ? and [ stands for: \x is x.
[[nodiscard]] QByteArray withoutEscapes(QByteArrayView pattern);

/// A pattern that Redis matches as these very bytes.
[[nodiscard]] QByteArray globEscaped(QByteArrayView name);

/// A filter that is ready to be used.
class KeyMatcher
{
public:
    KeyMatcher() = default;
    /// Error::InvalidArgument says what is wrong with a regular expression, and where.
    [[nodiscard]] static Result<KeyMatcher> make(const KeyFilter &filter);
    [[nodiscard]] const KeyFilter &filter() const { return m_filter; }
    [[nodiscard]] bool takesAll() const { return m_filter.isEmpty(); }
    [[nodiscard]] bool takes(QByteArrayView key) const;

private:
    [[nodiscard]] bool matches(const QByteArray &pattern, const QRegularExpression &expression,
                               QByteArrayView key) const;

    KeyFilter m_filter;
    QRegularExpression m_text, m_exclude;
};

} // namespace slotscope
