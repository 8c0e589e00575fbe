// SPDX-License-Identifier: GPL-3.0-or-later
#include "valuejson.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QStringDecoder>

#include <cmath>
#include <optional>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

std::optional<QString> asText(const QByteArray &bytes)
{
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decode(bytes);
    return decode.hasError() ? std::nullopt : std::optional(text);
}

QJsonValue ofBytes(const QByteArray &bytes)
{
    if (const auto text = asText(bytes))
        return *text;
    return QJsonObject{{u"base64"_s, QString::fromLatin1(bytes.toBase64())}};
}

QJsonValue ofMap(const Value::List &items)
{
    QJsonObject object;
    QJsonArray pairs;
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
        const auto key = items[i].isString() ? asText(items[i].bytes()) : std::nullopt;
        if (key)
            object[*key] = toJson(items[i + 1]);
        pairs.append(QJsonArray{toJson(items[i]), toJson(items[i + 1])});
    }
    if (object.size() == pairs.size())
        return object;
    return pairs;
}

} // namespace

QJsonValue toJson(const Value &value)
{
    switch (value.type()) {
    case Value::Type::Null: return QJsonValue::Null;
    case Value::Type::Integer: return value.toInteger();
    case Value::Type::Boolean: return value.toInteger() != 0;
    case Value::Type::Double:
        return std::isfinite(value.toDouble()) ? QJsonValue(value.toDouble()) : ofBytes(value.bytes());
    case Value::Type::Error: return QJsonObject{{u"error"_s, QString::fromUtf8(value.bytes())}};
    case Value::Type::Map:
    case Value::Type::Attribute: return ofMap(value.items());
    case Value::Type::Array:
    case Value::Type::Set:
    case Value::Type::Push: {
        QJsonArray array;
        for (const Value &item : value.items())
            array.append(toJson(item));
        return array;
    }
    case Value::Type::SimpleString:
    case Value::Type::BulkString:
    case Value::Type::VerbatimString:
    case Value::Type::BigNumber: break;
    }
    return ofBytes(value.bytes());
}

} // namespace slotscope::cli
