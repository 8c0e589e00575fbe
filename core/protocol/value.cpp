// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/value.h"

#include <algorithm>

namespace slotscope {

Value Value::verbatim(QByteArray text, QByteArrayView format)
{
    Value value(Type::VerbatimString, std::move(text));
    std::copy_n(format.data(), std::min<qsizetype>(format.size(), 3), value.m_format);
    return value;
}

Value Value::real(double number, QByteArray text)
{
    return {Type::Double, text.isEmpty() ? QByteArray::number(number, 'g', 17) : std::move(text)};
}

const QByteArray &Value::bytes() const
{
    static const QByteArray none;
    const QByteArray *bytes = std::get_if<QByteArray>(&m_data);
    return bytes ? *bytes : none;
}

qint64 Value::toInteger() const
{
    const qint64 *number = std::get_if<qint64>(&m_data);
    return number ? *number : 0;
}

double Value::toDouble() const
{
    return m_type == Type::Double ? bytes().toDouble() : double(toInteger());
}

const Value::List &Value::items() const
{
    static const List none;
    const List *list = std::get_if<List>(&m_data);
    return list ? *list : none;
}

Value::List &Value::items()
{
    Q_ASSERT(isAggregate());
    return std::get<List>(m_data);
}

QByteArray Value::errorCode() const
{
    return m_type == Type::Error ? bytes().left(bytes().indexOf(' ')) : QByteArray();
}

QByteArray Value::verbatimFormat() const
{
    return m_type == Type::VerbatimString ? QByteArray(m_format, 3) : QByteArray();
}

const Value *Value::find(QByteArrayView key) const
{
    const List &list = items();
    for (size_t i = 0; i + 1 < list.size(); i += 2) {
        if (list[i].isString() && list[i].bytes() == key)
            return &list[i + 1];
    }
    return nullptr;
}

bool operator==(const Value &a, const Value &b)
{
    return a.m_type == b.m_type && std::equal(a.m_format, a.m_format + 3, b.m_format) && a.m_data == b.m_data;
}

} // namespace slotscope
