// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/jsonwalker.h"

namespace slotscope {

namespace {

// limit for indentation levels, because otherwise the output of a deeply nested text would grow with its square
constexpr qsizetype mostIndented = 64;

class LayingOut
{
public:
    LayingOut(const JsonLayout &layout, QByteArray &out) : m_layout(layout), m_out(out) { }

    void add(const JsonEvent &event, qsizetype depth)
    {
        using enum JsonEvent::Kind;
        const bool ends = event.kind == EndObject || event.kind == EndArray;
        if (m_afterName)
            m_out += m_layout.blankAfterColon ? " " : "";
        else if (ends ? !event.first : m_started) {
            if (!ends && !m_opened)
                m_out += ',';
            newLine(depth, !ends && !m_opened);
        }
        m_out += event.token;
        if (event.kind == Name)
            m_out += ':';
        m_afterName = event.kind == Name;
        m_opened = event.kind == BeginObject || event.kind == BeginArray;
        m_started = true;
    }

    void nextText()
    {
        m_started = false;
        m_out += m_layout.newLine;
    }

private:
    void newLine(qsizetype depth, bool comma)
    {
        if (m_layout.indent.isEmpty()) {
            m_out += comma && m_layout.blankAfterComma ? " " : "";
            return;
        }
        m_out += m_layout.newLine;
        for (qsizetype level = 0; level < std::min(depth, mostIndented); ++level)
            m_out += m_layout.indent;
    }

    const JsonLayout &m_layout;
    QByteArray &m_out;
    bool m_afterName = false, m_opened = false, m_started = false;
};

QByteArrayView blanksAt(QByteArrayView text, qsizetype at)
{
    qsizetype end = at;
    while (end < text.size() && QByteArrayView(" \t\r\n").contains(text[end]))
        ++end;
    return text.sliced(at, end - at);
}

} // namespace

QByteArrayView withoutMark(QByteArrayView text)
{
    return text.startsWith("\xef\xbb\xbf") ? text.sliced(3) : text;
}

JsonLayout prettyLayout()
{
    return {
        .indent = "  ", .blankAfterComma = false, .blankAfterColon = true, .newLine = "\n", .before = {}, .after = {}};
}

JsonLayout layoutOf(QByteArrayView text)
{
    JsonLayout layout;
    const QByteArrayView body = withoutMark(text);
    layout.before = text.first(text.size() - body.size() + blanksAt(body, 0).size()).toByteArray();
    JsonWalker walker(body);
    bool sawComma = false, sawColon = false, sawIndent = false;
    qsizetype end = 0;
    while (const auto event = walker.next()) {
        const qsizetype at = event->token.data() - body.data();
        if (event->kind == JsonEvent::Kind::Name) {
            if (!sawColon)
                layout.blankAfterColon = !blanksAt(body, walker.at()).isEmpty();
            sawColon = true;
        }
        const QByteArrayView gap = end == 0 ? QByteArrayView() : body.sliced(end, at - end);
        if (!sawIndent && walker.depth() == 1 && gap.contains('\n')) {
            layout.newLine = gap.contains('\r') ? "\r\n" : "\n";
            layout.indent = gap.sliced(gap.lastIndexOf('\n') + 1).toByteArray();
            sawIndent = true;
        }
        if (!sawComma && gap.startsWith(',')) {
            layout.blankAfterComma = gap.size() > 1 && !gap.contains('\n');
            sawComma = true;
        }
        end = at + event->token.size();
    }
    if (!walker.hasProblem())
        layout.after = body.sliced(end).toByteArray();
    return layout;
}

JsonLaidOut layOut(QByteArrayView text, const JsonLayout &layout, JsonWalker::Texts texts, qsizetype limit,
                   FormatBudget *budget)
{
    constexpr int looksEvery = 4096; // number of tokens between two checks of the limits
    int tokens = 0;
    JsonLaidOut out;
    out.text = layout.before;
    LayingOut laying(layout, out.text);
    JsonWalker walker(text, texts);
    bool ended = false;
    while (const auto event = walker.next()) {
        const bool late = budget != nullptr && ++tokens % looksEvery == 0 && !budget->goesOn();
        if (late || out.text.size() + event->token.size() > limit) {
            out.truncated = true;
            return out;
        }
        if (ended)
            laying.nextText();
        const bool begins = event->kind == JsonEvent::Kind::BeginObject || event->kind == JsonEvent::Kind::BeginArray;
        laying.add(*event, walker.depth() - (begins ? 1 : 0));
        ended = walker.depth() == 0;
    }
    out.lenient = walker.lenient();
    out.problem = walker.problem();
    out.text += layout.after;
    return out;
}

bool sameTokens(QByteArrayView one, QByteArrayView other)
{
    JsonWalker first(one, JsonWalker::Texts::Several), second(other, JsonWalker::Texts::Several);
    while (true) {
        const auto a = first.next(), b = second.next();
        if (!a || !b)
            return !a && !b && !first.hasProblem() && !second.hasProblem();
        if (a->kind != b->kind || a->token != b->token)
            return false;
    }
}

} // namespace slotscope
