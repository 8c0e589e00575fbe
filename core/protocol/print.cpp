// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/print.h"

#include "core/base/text.h"
#include "core/protocol/command.h"

namespace slotscope {

namespace {

QByteArray inQuotes(const QByteArray &bytes)
{
    const QByteArray text = quoted(bytes);
    return text.startsWith('"') ? text : '"' + text + '"';
}

/// redis-cli prints these unchanged, but only line breaks are safe
QByteArray safe(const Value &value)
{
    return terminalSafe(value.bytes(), LineBreaks::Keep);
}

const char *emptyAggregate(Value::Type type)
{
    switch (type) {
    case Value::Type::Map: return "(empty hash)";
    case Value::Type::Set: return "(empty set)";
    case Value::Type::Push: return "(empty push)";
    case Value::Type::Array: return "(empty array)";
    default: return "(empty aggregate type)";
    }
}

void print(const Value &value, const QByteArray &indent, QByteArray &out);

void printAggregate(const Value &value, const QByteArray &indent, QByteArray &out)
{
    const Value::List &items = value.items();
    if (items.empty()) {
        out.append(emptyAggregate(value.type()));
        return;
    }
    const bool pairs = value.type() == Value::Type::Map || value.type() == Value::Type::Attribute;
    const char mark = pairs ? '#' : value.type() == Value::Type::Set ? '~' : ')';
    const size_t step = pairs ? 2 : 1;
    const qsizetype width = QByteArray::number(qulonglong(items.size() / step)).size();
    const QByteArray deeper = indent + QByteArray(width + 2, ' ');
    for (size_t i = 0; i < items.size(); i += step) {
        if (i > 0) {
            out.append('\n');
            out.append(indent);
        }
        out.append(QByteArray::number(qulonglong(i / step + 1)).rightJustified(width));
        out.append(mark);
        out.append(' ');
        print(items[i], deeper, out);
        if (pairs && i + 1 < items.size()) {
            out.append(" => ");
            const qsizetype begin = out.size();
            print(items[i + 1], deeper, out);
            // as in redis-cli since 7.0, a value with several lines starts on a new line
            if (items[i + 1].isAggregate() && QByteArrayView(out).sliced(begin).contains('\n'))
                out.insert(begin, '\n' + deeper);
        }
    }
}

void print(const Value &value, const QByteArray &indent, QByteArray &out)
{
    switch (value.type()) {
    case Value::Type::Null: out.append("(nil)"); break;
    case Value::Type::Integer: out.append("(integer) " + QByteArray::number(value.toInteger())); break;
    case Value::Type::Double: out.append("(double) " + safe(value)); break;
    case Value::Type::Boolean: out.append(value.toInteger() ? "(true)" : "(false)"); break;
    case Value::Type::Error: out.append("(error) " + safe(value)); break;
    case Value::Type::BulkString: out.append(inQuotes(value.bytes())); break;
    case Value::Type::SimpleString:
    case Value::Type::VerbatimString:
    case Value::Type::BigNumber: out.append(safe(value)); break;
    case Value::Type::Array:
    case Value::Type::Map:
    case Value::Type::Set:
    case Value::Type::Attribute:
    case Value::Type::Push: printAggregate(value, indent, out); break;
    }
}

void printRawTo(const Value &value, QByteArray &out)
{
    switch (value.type()) {
    case Value::Type::Null: return;
    case Value::Type::Integer: out.append(QByteArray::number(value.toInteger())); return;
    case Value::Type::Boolean: out.append(value.toInteger() ? "(true)" : "(false)"); return;
    default: break;
    }
    if (!value.isAggregate()) {
        out.append(value.bytes());
        return;
    }
    const bool pairs = value.type() == Value::Type::Map || value.type() == Value::Type::Attribute;
    const Value::List &items = value.items();
    for (size_t i = 0; i < items.size(); ++i) {
        if (i > 0)
            out.append(pairs && i % 2 ? ' ' : '\n');
        printRawTo(items[i], out);
    }
}

} // namespace

QByteArray printForTerminal(const Value &value)
{
    QByteArray out;
    print(value, {}, out);
    return out;
}

QByteArray printRaw(const Value &value)
{
    QByteArray out;
    printRawTo(value, out);
    return out;
}

} // namespace slotscope
