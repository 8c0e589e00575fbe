// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/replyjson.h"

#include "core/base/bytesjson.h"

#include <QJsonArray>
#include <QJsonObject>

#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

QJsonValue ofMap(const Value::List &items)
{
    QJsonObject object;
    QJsonArray pairs;
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
        const QJsonValue key = items[i].isString() ? jsonOfBytes(items[i].bytes()) : QJsonValue();
        if (key.isString())
            object[key.toString()] = replyToJson(items[i + 1]);
        pairs.append(QJsonArray{replyToJson(items[i]), replyToJson(items[i + 1])});
    }
    if (object.size() == pairs.size())
        return object;
    return pairs;
}

} // namespace

QJsonValue replyToJson(const Value &value)
{
    switch (value.type()) {
    case Value::Type::Null: return QJsonValue::Null;
    case Value::Type::Integer: return value.toInteger();
    case Value::Type::Boolean: return value.toInteger() != 0;
    case Value::Type::Double:
        return std::isfinite(value.toDouble()) ? QJsonValue(value.toDouble()) : jsonOfBytes(value.bytes());
    case Value::Type::Error: return QJsonObject{{u"error"_s, QString::fromUtf8(value.bytes())}};
    case Value::Type::Map:
    case Value::Type::Attribute: return ofMap(value.items());
    case Value::Type::Array:
    case Value::Type::Set:
    case Value::Type::Push: {
        QJsonArray array;
        for (const Value &item : value.items())
            array.append(replyToJson(item));
        return array;
    }
    case Value::Type::SimpleString:
    case Value::Type::BulkString:
    case Value::Type::VerbatimString:
    case Value::Type::BigNumber: break;
    }
    return jsonOfBytes(value.bytes());
}

} // namespace slotscope
