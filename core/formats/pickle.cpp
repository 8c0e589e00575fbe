// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/pickle.h"

#include "core/base/text.h"
#include "core/formats/bignumber.h"

// A pickle is a program for a small stack machine. This implementation only records: a call is stored as function and
// arguments, and nothing is ever called, imported or loaded.
namespace slotscope {

using namespace Qt::Literals::StringLiterals;

PickleMachine::PickleMachine(StructureReading &reading) : m(reading), m_graph(reading), m_objects(m_graph, reading) { }

PickleMachine::Id PickleMachine::pop()
{
    if (m_stack.empty() || (!m_marks.empty() && m_stack.size() <= m_marks.back())) {
        m.in.fail(tr("it reads a value from an empty stack"));
        return m_graph.null();
    }
    const Id id = m_stack.back();
    m_stack.pop_back();
    return id;
}

PickleMachine::Id PickleMachine::top()
{
    if (m_stack.empty() || (!m_marks.empty() && m_stack.size() <= m_marks.back())) {
        m.in.fail(tr("it reads a value from an empty stack"));
        return m_graph.null();
    }
    return m_stack.back();
}

std::vector<PickleMachine::Id> PickleMachine::popToMark()
{
    if (m_marks.empty()) {
        m.in.fail(tr("it needs a mark on the stack, but there is none"));
        return {};
    }
    std::vector<Id> values(m_stack.begin() + qptrdiff(m_marks.back()), m_stack.end());
    m_stack.resize(m_marks.back());
    m_marks.pop_back();
    return values;
}

QByteArrayView PickleMachine::line()
{
    const QByteArrayView text = m.in.until('\n');
    return text.endsWith('\r') ? text.chopped(1) : text;
}

void PickleMachine::tuple(const std::vector<Id> &values)
{
    const Id tuple = m_graph.list("tuple");
    for (const Id value : values)
        m_graph.append(tuple, value);
    push(tuple);
}

void PickleMachine::tupleOf(int count)
{
    std::vector<Id> values(size_t(count), 0);
    for (int i = count - 1; i >= 0; --i)
        values[size_t(i)] = pop();
    tuple(values);
}

void PickleMachine::setItems(const std::vector<Id> &items)
{
    const Id target = m_objects.itemsOf(top());
    for (size_t i = 0; i + 1 < items.size() && m.in.ok(); i += 2)
        m_graph.put(target, items[i], items[i + 1]);
}

void PickleMachine::appendAll(const std::vector<Id> &values)
{
    const Id target = m_objects.elementsOf(top());
    for (const Id value : values)
        m_graph.append(target, value);
}

void PickleMachine::remember(quint64 slot)
{
    constexpr quint64 mostSlots = 4'000'000;
    if (slot > mostSlots)
        return m.in.fail(tr("it stores a value in memo slot %1").arg(slot));
    m_memo.insert(slot, top());
}

void PickleMachine::recall(quint64 slot)
{
    const auto found = m_memo.constFind(slot);
    if (found == m_memo.constEnd())
        return m.in.fail(tr("it reads memo slot %1, which is empty").arg(slot));
    push(*found);
}

/// Reads a number; I01 and I00 are booleans, and L numbers end with an L.
void PickleMachine::digits(bool isLong)
{
    const qsizetype at = m.in.at();
    QByteArrayView text = line();
    if (!isLong && (text == "00" || text == "01"))
        return push(m_graph.boolean(text == "01"));
    if (text.endsWith('L'))
        text = text.chopped(1);
    const QByteArrayView bare = text.startsWith('-') ? text.sliced(1) : text;
    const bool whole =
        !bare.isEmpty() && std::all_of(bare.begin(), bare.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!whole)
        return m.in.failAt(at, tr("an integer is missing"));
    push(m_graph.digits(QString::fromLatin1(text)));
}

void PickleMachine::bigNumber(quint64 length)
{
    const QByteArrayView bytes = m.in.take(length);
    if (!m.in.ok())
        return;
    if (bytes.size() > mostBigBytes)
        return push(m_graph.bytes(bytes));
    push(m_graph.digits(bigSigned(bytes.toByteArray(), true)));
}

/// Decodes a Python string literal with quotes and escapes. With `raw`, only \uXXXX is an escape (unicode in protocol
/// 0).
QString PickleMachine::unescaped(QByteArrayView text, bool raw)
{
    QString out;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const char next = at + 1 < text.size() ? text[at + 1] : '\0';
        const int hexDigits = text[at] != '\\' ? 0 : next == 'u' ? 4 : next == 'U' ? 8 : next == 'x' && !raw ? 2 : 0;
        if (hexDigits > 0 && at + 2 + hexDigits <= text.size()) {
            bool ok = false;
            const uint code = text.sliced(at + 2, hexDigits).toByteArray().toUInt(&ok, 16);
            if (!ok || code > 0x10ffff)
                m.in.fail(tr("an escape in a text is wrong"));
            else
                for (const char16_t unit : QChar::fromUcs4(code))
                    out += QChar(unit);
            at += 1 + hexDigits;
        } else if (text[at] == '\\' && !raw && next != '\0') {
            static constexpr QByteArrayView letters("nrtabfv0"), meant("\n\r\t\a\b\f\v\0", 8);
            const qsizetype known = letters.indexOf(next);
            out += QLatin1Char(known >= 0 ? meant[known] : next);
            ++at;
        } else {
            out += QLatin1Char(text[at]);
        }
    }
    return out;
}

void PickleMachine::quotedText()
{
    const qsizetype at = m.in.at();
    const QByteArrayView text = line();
    if (text.size() < 2 || (text.front() != '\'' && text.front() != '"') || text.back() != text.front())
        return m.in.failAt(at, tr("a quoted text is missing"));
    push(m_graph.text(unescaped(text.sliced(1, text.size() - 2), false)));
}

void PickleMachine::global(const QString &module, const QString &name)
{
    push(m_objects.global(module, name));
}

void PickleMachine::call()
{
    const Id arguments = pop(), function = pop();
    push(m_objects.call(function, arguments));
}

void PickleMachine::newObject(bool keywords)
{
    const Id named = keywords ? pop() : FormatGraph::none;
    const Id arguments = pop(), type = pop();
    push(m_objects.object(type, arguments, named));
}

void PickleMachine::build()
{
    const Id state = pop();
    const Id target = top();
    if (m.in.ok())
        m_objects.build(target, state);
}

void PickleMachine::run()
{
    while (m.goesOn()) {
        const qsizetype at = m.in.at();
        const char opcode = char(m.in.u8());
        if (!m.in.ok())
            return;
        if (opcode == '.')
            break;
        if (!simple(opcode) && !text(opcode) && !container(opcode) && !object(opcode))
            return m.in.failAt(at, tr("%1 is not an opcode of pickle").arg(toDisplay({&opcode, 1})));
        if (!m.budget.takeNode())
            return m.in.fail(tr("it is too long"));
    }
    const Id result = pop();
    if (!m.in.ok())
        return;
    for (const QString &name : m_objects.calls())
        m.warn(tr("Python would call %1 when loading this. Slotscope only shows it.").arg(name));
    m_graph.show(result);
}

void readPickle(StructureReading &reading)
{
    PickleMachine(reading).run();
}

} // namespace slotscope
