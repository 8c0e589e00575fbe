// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QRegularExpression>

namespace slotscope {

/// Determines which of the scanned keys are shown.
struct KeyFilter
{
    enum class Mode : quint8 {
        Substring,
        Glob, ///< Redis glob pattern for the whole key
        Regex, ///< matches anywhere in the key, read as UTF-8
    };
    Mode mode = Mode::Substring;
    QByteArray text; ///< empty: every key
    QByteArray exclude; ///< in the same mode; keys that match it are hidden; empty: none
    bool anyCase = false; ///< ignores case: ASCII letters for Substring and Glob, all letters for Regex
    [[nodiscard]] bool isEmpty() const { return text.isEmpty() && exclude.isEmpty(); }
    friend bool operator==(const KeyFilter &, const KeyFilter &) = default;
};

/// Matches as Redis does: *, ?, [a-z], [^a-z], \x. Takes at most (pattern × key) steps.
[[nodiscard]] bool matchesGlob(QByteArrayView pattern, QByteArrayView key, bool anyCase = false);
/// Whether a pattern contains characters that are special to Redis.
[[nodiscard]] bool hasGlob(QByteArrayView pattern);
/// The literal name for a pattern without *, ? and [: \x becomes x.
[[nodiscard]] QByteArray withoutEscapes(QByteArrayView pattern);

/// A pattern that matches exactly these bytes in Redis.
[[nodiscard]] QByteArray globEscaped(QByteArrayView name);

/// A compiled filter.
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
