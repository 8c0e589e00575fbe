// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/values/wholevalue.h"

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

void flatten(const Value &value, QByteArray &out)
{
    if (!value.isAggregate()) {
        const QByteArray bytes =
            value.type() == Value::Type::Integer ? QByteArray::number(value.toInteger()) : value.bytes();
        out += QByteArray::number(bytes.size()) + ':' + bytes;
        return;
    }
    for (const Value &item : value.items())
        flatten(item, out);
}

} // namespace

Command lengthCommand(ValueType type, const QByteArray &key)
{
    switch (type) {
    case ValueType::String: return {"STRLEN"_ba, key};
    case ValueType::List: return {"LLEN"_ba, key};
    case ValueType::Set: return {"SCARD"_ba, key};
    case ValueType::SortedSet: return {"ZCARD"_ba, key};
    case ValueType::Hash: return {"HLEN"_ba, key};
    case ValueType::Stream: return {"XLEN"_ba, key};
    default: return {};
    }
}

Command wholeValue(ValueType type, const QByteArray &key)
{
    switch (type) {
    case ValueType::Hash: return {"HGETALL"_ba, key};
    case ValueType::Set: return {"SMEMBERS"_ba, key};
    case ValueType::SortedSet: return {"ZRANGE"_ba, key, "0"_ba, "-1"_ba, "WITHSCORES"_ba};
    default: return {"DUMP"_ba, key};
    }
}

std::vector<QByteArray> elementsOf(ValueType type, const Value &value)
{
    std::vector<QByteArray> elements;
    const Value::List &items = value.items();
    const bool paired = type != ValueType::Set && !items.empty() && !items.front().isAggregate();
    if (!value.isAggregate()) {
        elements.push_back(value.bytes());
        return elements;
    }
    for (size_t i = 0; i < items.size(); ++i) {
        QByteArray element;
        flatten(items[i], element);
        if (paired && i + 1 < items.size())
            flatten(items[++i], element);
        elements.push_back(std::move(element));
    }
    std::sort(elements.begin(), elements.end());
    return elements;
}

Command portableValue(ValueType type, const QByteArray &key)
{
    switch (type) {
    case ValueType::String: return {"GET"_ba, key};
    case ValueType::List: return {"LRANGE"_ba, key, "0"_ba, "-1"_ba};
    case ValueType::Stream: return {"XRANGE"_ba, key, "-"_ba, "+"_ba};
    case ValueType::Hash:
    case ValueType::Set:
    case ValueType::SortedSet: return wholeValue(type, key);
    default: return {};
    }
}

std::vector<QByteArray> portableElements(ValueType type, const Value &value)
{
    const bool isOrdered = type == ValueType::List || type == ValueType::Stream;
    if (!isOrdered || !value.isAggregate())
        return elementsOf(type, value);
    std::vector<QByteArray> elements;
    for (const Value &item : value.items()) {
        QByteArray element;
        flatten(item, element);
        elements.push_back(std::move(element));
    }
    return elements;
}

} // namespace slotscope
