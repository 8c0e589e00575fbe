// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/pickle.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

/// Numbers, constants, the stack and the memo.
bool PickleMachine::simple(char opcode)
{
    switch (opcode) {
    case '\x80': m.in.u8(); return true; // protocol
    case '\x95': m.in.little<quint64>(); return true; // frame, which only helps reading
    case 'N': push(m_graph.null()); return true;
    case '\x88': push(m_graph.boolean(true)); return true;
    case '\x89': push(m_graph.boolean(false)); return true;
    case 'I': digits(false); return true;
    case 'L': digits(true); return true;
    case 'J': push(m_graph.integer(m.in.little<qint32>())); return true;
    case 'K': push(m_graph.integer(m.in.u8())); return true;
    case 'M': push(m_graph.integer(m.in.little<quint16>())); return true;
    case '\x8a': bigNumber(m.in.u8()); return true;
    case '\x8b': bigNumber(m.in.little<quint32>()); return true;
    case 'F': {
        bool ok = false;
        const QByteArray text = line().toByteArray();
        const double value = text.toDouble(&ok);
        if (!ok)
            m.in.fail(tr("a number is missing"));
        push(m_graph.real(value));
        return true;
    }
    case 'G': push(m_graph.real(m.in.bigDouble())); return true;
    case '(': m_marks.push_back(m_stack.size()); return true;
    case '0': m_marks.empty() || m_stack.size() > m_marks.back() ? void(pop()) : m_marks.pop_back(); return true;
    case '1': (void)popToMark(); return true;
    case '2': push(top()); return true;
    case 'p': remember(toUnsigned(line()).value_or(~quint64(0))); return true;
    case 'q': remember(m.in.u8()); return true;
    case 'r': remember(m.in.little<quint32>()); return true;
    case '\x94': remember(quint64(m_memo.size())); return true;
    case 'g': recall(toUnsigned(line()).value_or(~quint64(0))); return true;
    case 'h': recall(m.in.u8()); return true;
    case 'j': recall(m.in.little<quint32>()); return true;
    default: return false;
    }
}

bool PickleMachine::text(char opcode)
{
    switch (opcode) {
    case 'S': quotedText(); return true;
    case 'V': push(m_graph.text(unescaped(line(), true))); return true;
    case 'T': push(m_graph.utf8(m.in.take(m.in.little<quint32>()))); return true;
    case 'U': push(m_graph.utf8(m.in.take(m.in.u8()))); return true;
    case 'X': push(m_graph.utf8(m.in.take(m.in.little<quint32>()))); return true;
    case '\x8c': push(m_graph.utf8(m.in.take(m.in.u8()))); return true;
    case '\x8d': push(m_graph.utf8(m.in.take(m.in.little<quint64>()))); return true;
    case 'B': push(m_graph.bytes(m.in.take(m.in.little<quint32>()))); return true;
    case 'C': push(m_graph.bytes(m.in.take(m.in.u8()))); return true;
    case '\x8e': push(m_graph.bytes(m.in.take(m.in.little<quint64>()))); return true;
    case '\x96': {
        const Id array = m_graph.bytes(m.in.take(m.in.little<quint64>()));
        m_graph.at(array).tag = "bytearray";
        push(array);
        return true;
    }
    default: return false;
    }
}

bool PickleMachine::container(char opcode)
{
    switch (opcode) {
    case ')': tuple({}); return true;
    case '\x85': tupleOf(1); return true;
    case '\x86': tupleOf(2); return true;
    case '\x87': tupleOf(3); return true;
    case 't': tuple(popToMark()); return true;
    case ']': push(m_graph.list()); return true;
    case '}': push(m_graph.map()); return true;
    case '\x8f': push(m_graph.list("set")); return true;
    case 'l': {
        const std::vector<Id> values = popToMark();
        push(m_graph.list());
        appendAll(values);
        return true;
    }
    case 'd': {
        const std::vector<Id> items = popToMark();
        push(m_graph.map());
        setItems(items);
        return true;
    }
    case '\x91': {
        const std::vector<Id> values = popToMark();
        push(m_graph.list("frozenset"));
        appendAll(values);
        return true;
    }
    case 'a': {
        const Id value = pop();
        appendAll({value});
        return true;
    }
    case 'e':
    case '\x90': appendAll(popToMark()); return true;
    case 's': {
        const Id value = pop(), key = pop();
        setItems({key, value});
        return true;
    }
    case 'u': setItems(popToMark()); return true;
    default: return false;
    }
}

/// Functions, classes and objects, which are only recorded.
bool PickleMachine::object(char opcode)
{
    switch (opcode) {
    case 'c': {
        const QString module = QString::fromUtf8(line());
        global(module, QString::fromUtf8(line()));
        return true;
    }
    case '\x93': {
        const Id name = pop(), module = pop();
        global(m_graph.textOf(module), m_graph.textOf(name));
        return true;
    }
    case 'R': call(); return true;
    case '\x81': newObject(false); return true;
    case '\x92': newObject(true); return true;
    case 'b': build(); return true;
    case 'i': {
        const QString module = QString::fromUtf8(line()), name = QString::fromUtf8(line());
        tuple(popToMark());
        const Id arguments = pop();
        push(m_objects.call(m_objects.global(module, name), arguments));
        return true;
    }
    case 'o': {
        std::vector<Id> values = popToMark();
        if (values.empty()) {
            m.in.fail(tr("an object lacks its class"));
            return true;
        }
        const Id type = values.front();
        values.erase(values.begin());
        tuple(values);
        const Id arguments = pop();
        push(m_objects.call(type, arguments));
        return true;
    }
    case 'P': push(m_graph.text(QString::fromUtf8(line()), "persistent_id")); return true;
    case 'Q': {
        const Id inner = pop(), outer = m_graph.object();
        m_graph.put(outer, u"$persistent_id"_s, inner);
        push(outer);
        return true;
    }
    case '\x82': push(m_graph.digits(QString::number(m.in.u8()), "extension")); return true;
    case '\x83': push(m_graph.digits(QString::number(m.in.little<quint16>()), "extension")); return true;
    case '\x84': push(m_graph.digits(QString::number(m.in.little<quint32>()), "extension")); return true;
    case '\x97': push(m_graph.text(u"out of band"_s, "buffer")); return true;
    case '\x98': (void)top(); return true;
    default: return false;
    }
}

} // namespace slotscope
