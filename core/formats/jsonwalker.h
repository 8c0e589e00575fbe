// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/decoded.h"
#include "core/formats/limits.h"

#include <QByteArrayView>

#include <vector>

namespace slotscope {

struct JsonEvent
{
    enum class Kind : quint8 { BeginObject, EndObject, BeginArray, EndArray, Name, String, Number, Word };
    Kind kind = Kind::Word;
    QByteArrayView token; ///< as in the text, including quotes
    bool first = true; ///< first element of its array or object
};

/// Reads JSON token by token, unchanged: nothing is rounded, sorted or dropped. Needs one bit per level, so nesting is
/// not limited.
class JsonWalker
{
public:
    enum class Texts : quint8 { One, Several }; ///< Several means JSON lines: several texts in sequence.

    explicit JsonWalker(QByteArrayView text, Texts texts = Texts::One)
        : m_text(text), m_several(texts == Texts::Several)
    { }

    /// Returns the next token; nullopt at the end or after an error.
    std::optional<JsonEvent> next();
    [[nodiscard]] bool hasProblem() const { return m_problem.has_value(); }
    /// The error with line and column.
    [[nodiscard]] std::optional<FormatProblem> problem() const { return m_problem; }
    [[nodiscard]] qsizetype depth() const { return qsizetype(m_inObject.size()); }
    [[nodiscard]] qsizetype at() const { return m_at; }
    /// Whether NaN, Infinity or -Infinity occurred, which is not JSON by RFC 8259.
    [[nodiscard]] bool lenient() const { return m_lenient; }

private:
    enum class Expect : quint8 { Value, ValueOrEnd, Name, NameOrEnd, CommaOrEnd };

    void skipBlanks();
    std::optional<JsonEvent> value(bool first);
    std::optional<JsonEvent> begin(JsonEvent::Kind kind, bool first);
    std::optional<JsonEvent> end(char byte);
    std::optional<JsonEvent> nameAndColon(bool first);
    bool comma();
    qsizetype stringEnd();
    qsizetype numberEnd() const;
    std::optional<JsonEvent> fail(qsizetype at, const QString &words);

    QByteArrayView m_text;
    qsizetype m_at = 0;
    bool m_several;
    bool m_lenient = false;
    Expect m_expect = Expect::Value;
    bool m_began = false;
    std::vector<bool> m_inObject;
    std::optional<FormatProblem> m_problem;
};

/// The content of a string token.
[[nodiscard]] QString jsonStringValue(QByteArrayView token);
/// Makes a string token; lone surrogates become escapes.
[[nodiscard]] QByteArray jsonQuoted(QStringView text);

/// The layout of a JSON text.
struct JsonLayout
{
    QByteArray indent; ///< indentation of one level; empty: all on one line
    bool blankAfterComma = false, blankAfterColon = false;
    QByteArray newLine = "\n";
    QByteArray before, after; ///< byte order mark and white space around the text

    friend bool operator==(const JsonLayout &, const JsonLayout &) = default;
};

[[nodiscard]] JsonLayout prettyLayout();
[[nodiscard]] JsonLayout layoutOf(QByteArrayView text);
/// The same tokens in another layout. Stops slightly above `limit` bytes, with `truncated` set.
struct JsonLaidOut
{
    QByteArray text;
    bool truncated = false;
    bool lenient = false;
    std::optional<FormatProblem> problem; ///< `text` contains what precedes the problem
};
[[nodiscard]] JsonLaidOut layOut(QByteArrayView text, const JsonLayout &layout, JsonWalker::Texts texts,
                                 qsizetype limit, FormatBudget *budget = nullptr);
/// Whether both texts have the same tokens in the same order.
[[nodiscard]] bool sameTokens(QByteArrayView one, QByteArrayView other);
/// The text without byte order mark.
[[nodiscard]] QByteArrayView withoutMark(QByteArrayView text);

} // namespace slotscope
