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
    QByteArrayView token; ///< as it stands in the text, quotes included
    bool first = true; ///< first of its array or object
};

/// Reads JSON token by token, exactly as it stands: nothing is rounded, sorted or dropped. Needs one bit a level, so no
/// depth is too deep for it.
class JsonWalker
{
public:
    enum class Texts : quint8 { One, Several }; ///< JSON lines: texts one after another

    explicit JsonWalker(QByteArrayView text, Texts texts = Texts::One)
        : m_text(text), m_several(texts == Texts::Several)
    { }

    /// The next token, or nothing at the end and at a problem.
    std::optional<JsonEvent> next();
    [[nodiscard]] bool hasProblem() const { return m_problem.has_value(); }
    /// With line and column.
    [[nodiscard]] std::optional<FormatProblem> problem() const { return m_problem; }
    [[nodiscard]] qsizetype depth() const { return qsizetype(m_inObject.size()); }
    [[nodiscard]] qsizetype at() const { return m_at; }
    /// NaN, Infinity or -Infinity stood somewhere: not JSON by RFC 8259.
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
/// A string token; lone surrogates as escapes.
[[nodiscard]] QByteArray jsonQuoted(QStringView text);

/// How a JSON text is laid out.
struct JsonLayout
{
    QByteArray indent; ///< one level; empty: all in one line
    bool blankAfterComma = false, blankAfterColon = false;
    QByteArray newLine = "\n";
    QByteArray before, after; ///< byte order mark and blanks around the text

    friend bool operator==(const JsonLayout &, const JsonLayout &) = default;
};

[[nodiscard]] JsonLayout prettyLayout();
[[nodiscard]] JsonLayout layoutOf(QByteArrayView text);
/// The same tokens in another layout; at most `limit` bytes and a little, `truncated` where that was not enough.
struct JsonLaidOut
{
    QByteArray text;
    bool truncated = false;
    bool lenient = false;
    std::optional<FormatProblem> problem; ///< text holds what stands before it
};
[[nodiscard]] JsonLaidOut layOut(QByteArrayView text, const JsonLayout &layout, JsonWalker::Texts texts,
                                 qsizetype limit, FormatBudget *budget = nullptr);
/// Whether both are the same tokens in the same order.
[[nodiscard]] bool sameTokens(QByteArrayView one, QByteArrayView other);
/// Without a byte order mark.
[[nodiscard]] QByteArrayView withoutMark(QByteArrayView text);

} // namespace slotscope
