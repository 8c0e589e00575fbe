// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytesjson.h"

#include <QJsonObject>
#include <QStringDecoder>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

QJsonValue jsonOfBytes(const QByteArray &bytes)
{
    QStringDecoder decode(QStringDecoder::Utf8,
                          QStringDecoder::Flag::Stateless | QStringDecoder::Flag::ConvertInitialBom);
    const QString text = decode(bytes);
    if (!decode.hasError() && text.toUtf8() == bytes)
        return text;
    return QJsonObject{{u"base64"_s, QString::fromLatin1(bytes.toBase64())}};
}

std::optional<QByteArray> bytesOfJson(const QJsonValue &value)
{
    if (value.isString())
        return value.toString().toUtf8();
    const QJsonValue base64 = value.toObject().value(u"base64"_s);
    if (!base64.isString())
        return std::nullopt;
    const auto decoded =
        QByteArray::fromBase64Encoding(base64.toString().toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? std::optional(*decoded) : std::nullopt;
}

} // namespace slotscope
