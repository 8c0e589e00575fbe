// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/answercursors.h"

#include "core/base/bytesjson.h"
#include "core/base/text.h"
#include "core/protocol/command.h"
#include "core/protocol/print.h"
#include "core/protocol/replyjson.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace slotscope {
namespace {

qsizetype digitsOf(size_t number)
{
    qsizetype digits = 1;
    for (; number >= 10; number /= 10)
        ++digits;
    return digits;
}

bool isPairs(const Value &value)
{
    return value.type() == Value::Type::Map || value.type() == Value::Type::Attribute;
}

OpenAggregate opened(const Value &value, qsizetype indent)
{
    const size_t items = value.items().size();
    return {&value, 0, indent, digitsOf(isPairs(value) ? items / 2 : items)};
}

/// Whether redis-cli prints this type without quotes, including line breaks.
bool isPrintedBare(Value::Type type)
{
    return type == Value::Type::SimpleString || type == Value::Type::VerbatimString || type == Value::Type::BigNumber
        || type == Value::Type::Error || type == Value::Type::Double;
}

/// Whether redis-cli needs several lines for the value.
bool isOnLines(const Value &value)
{
    if (!value.isAggregate())
        return isPrintedBare(value.type()) && value.bytes().contains('\n');
    const Value::List &items = value.items();
    if (items.size() > (isPairs(value) ? 2 : 1))
        return true;
    return std::any_of(items.begin(), items.end(), [](const Value &item) { return isOnLines(item); });
}

QByteArray cutNote(qsizetype bytes)
{
    return QStringLiteral("… (%1 bytes)").arg(groupedNumber(bytes)).toUtf8();
}

QByteArray quotedShort(const QByteArray &bytes)
{
    if (bytes.size() <= AnswerLines::longestWord)
        return printForTerminal(Value::bulk(bytes));
    return printForTerminal(Value::bulk(bytes.left(AnswerLines::longestWord))) + cutNote(bytes.size());
}

QByteArray lineOf(QByteArrayView bytes)
{
    const QByteArray shown = bytes.first(std::min(bytes.size(), AnswerLines::longestWord)).toByteArray();
    const QByteArray safe = terminalSafe(shown, LineBreaks::Keep);
    return bytes.size() > shown.size() ? safe + cutNote(bytes.size()) : safe;
}

QByteArray jsonText(const Value &value)
{
    const QJsonArray one{replyToJson(value)};
    const QByteArray text = QJsonDocument(one).toJson(QJsonDocument::Compact);
    return text.sliced(1, text.size() - 2);
}

const char *nameOf(Value::Type type)
{
    switch (type) {
    case Value::Type::Null: return "null";
    case Value::Type::SimpleString: return "simple string";
    case Value::Type::BulkString: return "string";
    case Value::Type::VerbatimString: return "verbatim string";
    case Value::Type::Integer: return "integer";
    case Value::Type::Double: return "double";
    case Value::Type::BigNumber: return "big number";
    case Value::Type::Boolean: return "boolean";
    case Value::Type::Array: return "array";
    case Value::Type::Map: return "map";
    case Value::Type::Set: return "set";
    case Value::Type::Attribute: return "attribute";
    case Value::Type::Push: return "push";
    case Value::Type::Error: return "error";
    }
    return "";
}

} // namespace

QByteArray shortText(const Value &value)
{
    if (value.isAggregate()) {
        const size_t items = value.items().size() / (isPairs(value) ? 2 : 1);
        return '(' + QByteArray(nameOf(value.type())) + " of " + groupedNumber(qint64(items)).toUtf8() + ')';
    }
    if (value.type() == Value::Type::BulkString)
        return quotedShort(value.bytes());
    if (value.bytes().size() > AnswerLines::longestWord)
        return terminalSafe(value.bytes().left(AnswerLines::longestWord), LineBreaks::Quote)
            + cutNote(value.bytes().size());
    return terminalSafe(printForTerminal(value), LineBreaks::Quote);
}

QByteArray cellText(const Value &value)
{
    if (value.isString() || value.type() == Value::Type::BigNumber || value.type() == Value::Type::Double) {
        const QByteArray text =
            toDisplay(QByteArrayView(value.bytes()).first(std::min(value.bytes().size(), qsizetype(512)))).toUtf8();
        return value.bytes().size() > 512 ? text + cutNote(value.bytes().size()) : text;
    }
    if (value.type() == Value::Type::Integer)
        return QByteArray::number(value.toInteger());
    return shortText(value);
}

std::unique_ptr<LineCursor> CliCursor::copy() const
{
    auto other = std::make_unique<CliCursor>(m_begun);
    other->m_open = m_open;
    other->m_leaf = m_leaf;
    other->m_leafAt = m_leafAt;
    return other;
}

void CliCursor::beginItem(QByteArray *line)
{
    OpenAggregate &top = m_open.back();
    if (line) {
        const bool pairs = isPairs(*top.value);
        const char mark = pairs ? '#' : top.value->type() == Value::Type::Set ? '~' : ')';
        line->append(QByteArray::number(qulonglong(top.next / (pairs ? 2 : 1) + 1)).rightJustified(top.width));
        line->append(mark);
        line->append(' ');
    }
    ++top.next;
}

bool CliCursor::next(QByteArray *line)
{
    if (m_leaf)
        return finishLeaf(line);
    if (const Value *begun = std::exchange(m_begun, nullptr)) {
        if (line && !m_open.empty())
            line->append(QByteArray(m_open.back().indent + m_open.back().width + 2, ' '));
        return goDown(begun, line);
    }
    if (m_open.empty())
        return false;
    OpenAggregate &top = m_open.back();
    const Value *item = &top.value->items()[top.next];
    if (line)
        line->append(QByteArray(top.indent, ' '));
    beginItem(line);
    return goDown(item, line);
}

bool CliCursor::goDown(const Value *value, QByteArray *line)
{
    while (value->isAggregate() && !value->items().empty()) {
        const qsizetype indent = m_open.empty() ? 0 : m_open.back().indent + m_open.back().width + 2;
        m_open.push_back(opened(*value, indent));
        value = &value->items().front();
        beginItem(line);
    }
    m_leaf = value;
    m_leafAt = -1; // the leaf's first line continues the current line
    return finishLeaf(line);
}

/// Writes the next line of the leaf; after the last one, continues with the value of a pair.
bool CliCursor::finishLeaf(QByteArray *line)
{
    const Value &leaf = *m_leaf;
    const bool first = m_leafAt < 0;
    if (isPrintedBare(leaf.type())) {
        const qsizetype at = first ? 0 : m_leafAt;
        qsizetype end = leaf.bytes().indexOf('\n', at);
        const bool more = end >= 0;
        end = more ? end : leaf.bytes().size();
        if (line) {
            if (first && leaf.type() == Value::Type::Error)
                line->append("(error) ");
            if (first && leaf.type() == Value::Type::Double)
                line->append("(double) ");
            line->append(lineOf(QByteArrayView(leaf.bytes()).sliced(at, end - at)));
        }
        if (more) {
            m_leafAt = end + 1;
            return true;
        }
    } else if (line) {
        line->append(leaf.type() == Value::Type::BulkString ? quotedShort(leaf.bytes()) : printForTerminal(leaf));
    }
    m_leaf = nullptr;
    while (!m_open.empty() && m_open.back().next == m_open.back().value->items().size())
        m_open.pop_back();
    if (m_open.empty() || !isPairs(*m_open.back().value) || m_open.back().next % 2 == 0)
        return true;
    OpenAggregate &pair = m_open.back();
    const Value *value = &pair.value->items()[pair.next++];
    if (line)
        line->append(" => ");
    if (!value->isAggregate() || !isOnLines(*value))
        return goDown(value, line);
    m_begun = value;
    return true;
}

std::unique_ptr<LineCursor> TextCursor::copy() const
{
    auto other = std::make_unique<TextCursor>(Value());
    other->m_text = m_text;
    other->m_at = m_at;
    return other;
}

bool TextCursor::next(QByteArray *line)
{
    if (m_at >= m_text->size())
        return false;
    qsizetype end = m_text->indexOf('\n', m_at);
    if (end < 0)
        end = m_text->size();
    if (line) {
        QByteArrayView text = QByteArrayView(*m_text).sliced(m_at, end - m_at);
        if (text.endsWith('\r'))
            text.chop(1);
        line->append(lineOf(text));
    }
    m_at = end + 1;
    return true;
}

std::unique_ptr<LineCursor> TreeCursor::copy() const
{
    auto other = std::make_unique<TreeCursor>(m_begun);
    other->m_open = m_open;
    return other;
}

bool TreeCursor::next(QByteArray *line)
{
    while (!m_open.empty() && m_open.back().next >= m_open.back().value->items().size())
        m_open.pop_back();
    const Value *value = std::exchange(m_begun, nullptr);
    const Value *key = nullptr;
    size_t number = 0;
    if (!value) {
        if (m_open.empty())
            return false;
        OpenAggregate &top = m_open.back();
        const Value::List &items = top.value->items();
        if (isPairs(*top.value)) {
            key = &items[top.next];
            value = &items[top.next + 1];
            top.next += 2;
        } else {
            number = ++top.next;
            value = &items[number - 1];
        }
    }
    if (line) {
        line->append(QByteArray(qsizetype(m_open.size()) * 3, ' '));
        if (key)
            line->append((key->isAggregate() ? printForTerminal(*key).replace('\n', ' ') : shortText(*key)) + ": ");
        else if (number > 0)
            line->append('[' + QByteArray::number(qulonglong(number)) + "] ");
        line->append(shortText(*value));
        if (!value->isAggregate() && value->type() != Value::Type::Null && value->type() != Value::Type::Integer
            && value->type() != Value::Type::Double && value->type() != Value::Type::Error)
            line->append("  · " + QByteArray(nameOf(value->type())));
    }
    if (value->isAggregate() && !value->items().empty())
        m_open.push_back(opened(*value, 0));
    return true;
}

std::unique_ptr<LineCursor> JsonCursor::copy() const
{
    auto other = std::make_unique<JsonCursor>(m_begun);
    other->m_open = m_open;
    return other;
}

void JsonCursor::begin(const Value &value, QByteArray *line)
{
    Open open;
    open.at = opened(value, 0);
    if (isPairs(value)) {
        open.isObject = true;
        for (size_t i = 0; open.isObject && i < value.items().size(); i += 2)
            open.isObject = value.items()[i].isString() && jsonOfBytes(value.items()[i].bytes()).isString();
        open.isPairs = !open.isObject;
    }
    if (line)
        line->append(open.isObject ? '{' : '[');
    m_open.push_back(open);
}

void JsonCursor::writePair(const Open &open, QByteArray *line) const
{
    const Value::List &items = open.at.value->items();
    line->append('[' + jsonText(items[open.at.next]) + ',' + jsonText(items[open.at.next + 1]) + ']');
}

bool JsonCursor::next(QByteArray *line)
{
    if (const Value *value = std::exchange(m_begun, nullptr)) {
        if (value->isAggregate() && !value->items().empty())
            begin(*value, line);
        else if (line)
            line->append(jsonText(*value));
        return true;
    }
    if (m_open.empty())
        return false;
    const auto finish = [this, line] {
        const bool last = m_open.empty() || m_open.back().at.next >= m_open.back().at.value->items().size();
        if (line && !last)
            line->append(',');
    };
    Open &top = m_open.back();
    const Value::List &items = top.at.value->items();
    if (top.at.next >= items.size()) {
        const char end = top.isObject ? '}' : ']';
        m_open.pop_back();
        if (line)
            line->append(QByteArray(qsizetype(m_open.size()) * 2, ' ') + end);
        finish();
        return true;
    }
    if (line)
        line->append(QByteArray(qsizetype(m_open.size()) * 2, ' '));
    if (top.isPairs) {
        if (line)
            writePair(top, line);
        top.at.next += 2;
        finish();
        return true;
    }
    if (top.isObject && line)
        line->append(jsonText(items[top.at.next]) + ": ");
    const Value &value = items[top.at.next + (top.isObject ? 1 : 0)];
    top.at.next += top.isObject ? 2 : 1;
    if (value.isAggregate() && !value.items().empty()) {
        begin(value, line); // this may grow the stack, so `top` is invalid afterwards
        return true;
    }
    if (line)
        line->append(jsonText(value));
    finish();
    return true;
}

std::unique_ptr<LineCursor> BytesCursor::copy() const
{
    auto other = std::make_unique<BytesCursor>(m_begun);
    other->m_open = m_open;
    other->m_leaf = m_leaf;
    other->m_leafAt = m_leafAt;
    return other;
}

bool BytesCursor::next(QByteArray *line)
{
    constexpr qsizetype across = 16;
    if (m_leaf && m_leafAt < m_leaf->bytes().size()) {
        const QByteArray row = m_leaf->bytes().mid(m_leafAt, across);
        if (line) {
            QByteArray text = row;
            for (char &c : text)
                c = c >= ' ' && c <= '~' ? c : '.';
            line->append(QByteArray::number(m_leafAt, 16).rightJustified(8, '0') + "  "
                         + row.toHex(' ').leftJustified(across * 3) + ' ' + text);
        }
        m_leafAt += across;
        return true;
    }
    m_leaf = nullptr;
    while (!m_open.empty() && m_open.back().next >= m_open.back().value->items().size())
        m_open.pop_back();
    const Value *value = std::exchange(m_begun, nullptr);
    QByteArray path;
    if (!value) {
        if (m_open.empty())
            return false;
        value = &m_open.back().value->items()[m_open.back().next++];
    }
    if (line) {
        for (const OpenAggregate &open : m_open)
            path += '[' + QByteArray::number(qulonglong(open.next)) + ']';
        line->append(path + (path.isEmpty() ? "" : " "));
        if (value->bytes().isNull())
            line->append(shortText(*value));
        else
            line->append(QByteArray(nameOf(value->type())) + " · "
                         + QStringLiteral("%1 bytes").arg(groupedNumber(value->bytes().size())).toUtf8());
    }
    if (value->isAggregate())
        m_open.push_back(opened(*value, 0));
    else
        m_leaf = value;
    m_leafAt = 0;
    return true;
}

} // namespace slotscope
