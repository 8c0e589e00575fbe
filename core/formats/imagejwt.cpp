// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"

#include "core/formats/jsonwalker.h"

#include <QRegularExpression>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

std::optional<ImageFacts> jpegFacts(QByteArrayView bytes)
{
    Cursor in(bytes);
    in.take(2);
    while (in.ok() && in.u8() == 0xff) {
        const quint8 marker = in.u8();
        if (marker == 0xff || (marker >= 0xd0 && marker <= 0xd8)) // fill byte, or a marker without content
            continue;
        const auto length = in.big<quint16>();
        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
            in.take(1);
            const auto height = in.big<quint16>();
            const auto width = in.big<quint16>();
            if (in.ok())
                return ImageFacts{u"jpeg"_s, width, height};
        }
        if (length < 2)
            break;
        in.take(length - 2u);
    }
    return std::nullopt;
}

std::optional<ImageFacts> webpFacts(QByteArrayView bytes)
{
    Cursor in(bytes);
    in.take(12);
    const QByteArrayView kind = in.take(4);
    in.take(4);
    if (kind == "VP8X") {
        in.take(4);
        const QByteArrayView size = in.take(6);
        if (in.ok())
            return ImageFacts{u"webp"_s, 1 + (quint8(size[0]) | quint8(size[1]) << 8 | quint8(size[2]) << 16),
                              1 + (quint8(size[3]) | quint8(size[4]) << 8 | quint8(size[5]) << 16)};
    } else if (kind == "VP8L") {
        in.take(1);
        const auto bits = in.little<quint32>();
        if (in.ok())
            return ImageFacts{u"webp"_s, int(bits & 0x3fff) + 1, int(bits >> 14 & 0x3fff) + 1};
    } else if (kind == "VP8 ") {
        in.take(6);
        const auto width = in.little<quint16>(), height = in.little<quint16>();
        if (in.ok())
            return ImageFacts{u"webp"_s, width & 0x3fff, height & 0x3fff};
    }
    return std::nullopt;
}

std::optional<ImageFacts> svgFacts(QByteArrayView bytes)
{
    constexpr qsizetype looked = 4096;
    const QString head = QString::fromUtf8(bytes.first(std::min(looked, bytes.size())));
    const qsizetype at = head.indexOf(u"<svg"_s);
    if (at < 0 || !head.trimmed().startsWith(u'<'))
        return std::nullopt;
    const QString tag = head.sliced(at, head.indexOf(u'>', at) - at + 1);
    const auto number = [&](const QString &name) {
        const QRegularExpression pattern(u"\\s%1\\s*=\\s*[\"']\\s*([0-9]+)"_s.arg(name));
        return pattern.match(tag).captured(1).toInt();
    };
    return ImageFacts{u"svg"_s, number(u"width"_s), number(u"height"_s)};
}

QByteArray jwtPart(QByteArrayView part)
{
    return QByteArray::fromBase64(part.toByteArray(), QByteArray::Base64UrlEncoding);
}

} // namespace

std::optional<ImageFacts> imageFacts(QByteArrayView bytes)
{
    Cursor in(bytes);
    if (bytes.startsWith({"\x89PNG\r\n\x1a\n", 8})) {
        in.take(16);
        const auto width = in.big<quint32>(), height = in.big<quint32>();
        return in.ok() ? std::optional(ImageFacts{u"png"_s, int(width & 0x7fffffff), int(height & 0x7fffffff)})
                       : std::nullopt;
    }
    if (bytes.startsWith("\xff\xd8\xff"))
        return jpegFacts(bytes);
    if (bytes.startsWith("GIF87a") || bytes.startsWith("GIF89a")) {
        in.take(6);
        const auto width = in.little<quint16>(), height = in.little<quint16>();
        return in.ok() ? std::optional(ImageFacts{u"gif"_s, width, height}) : std::nullopt;
    }
    if (bytes.startsWith("RIFF") && bytes.size() > 12 && bytes.sliced(8).startsWith("WEBP"))
        return webpFacts(bytes);
    if (bytes.startsWith("BM") && bytes.size() >= 26
        && qFromLittleEndian<quint32>(bytes.data() + 2) == quint64(bytes.size())) {
        in.take(18);
        const auto width = in.little<qint32>(), height = in.little<qint32>();
        return ImageFacts{u"bmp"_s, width, height < 0 && height > -0x7fffffff ? -height : height};
    }
    return svgFacts(bytes);
}

Shown showImage(QByteArrayView bytes, FormatBudget &budget)
{
    Shown shown;
    shown.image = imageFacts(bytes);
    if (!shown.image) {
        shown.fail(0, tr("this is not an image of a known format"));
        return shown;
    }
    Shown hex = showHex(bytes, budget);
    hex.image = shown.image;
    hex.writable = false;
    hex.whyNotWritable = tr("Replace an image from a file, or edit it as hex.");
    hex.note(tr("%1 image, %2 × %3").arg(shown.image->format).arg(shown.image->width).arg(shown.image->height));
    return hex;
}

Shown showJwt(QByteArrayView bytes, FormatBudget &budget)
{
    Shown shown;
    shown.syntax = Syntax::Json;
    shown.whyNotWritable = tr("A token is signed: after a change it needs a new signature.");
    const QList<QByteArray> parts = bytes.toByteArray().split('.');
    if (parts.size() != 3) {
        shown.fail(0, tr("a token has three parts separated by dots"));
        return shown;
    }
    const QByteArray header = jwtPart(parts[0]), payload = jwtPart(parts[1]);
    const QByteArray text = "{\"header\":" + header + ",\"payload\":" + payload + ",\"signature\":\""
        + (parts[2].isEmpty() ? "none" : "present, not verified") + "\"}";
    Shown json = showJson(text, false, budget);
    if (json.problem)
        json.problem->words = tr("the header or the payload is not JSON: %1").arg(json.problem->words);
    json.writable = false;
    json.whyNotWritable = shown.whyNotWritable;
    json.warn(tr("The signature was not verified: the token may be forged."));
    for (const QByteArray &claim : {QByteArray("iat"), QByteArray("nbf"), QByteArray("exp")}) {
        const QRegularExpression pattern(u"\"%1\"\\s*:\\s*([0-9]{9,10})\\b"_s.arg(QString::fromLatin1(claim)));
        if (const auto match = pattern.match(QString::fromUtf8(payload)); match.hasMatch())
            json.note(u"%1: %2"_s.arg(QString::fromLatin1(claim), timeText(match.captured(1).toLongLong(), 0, 0)));
    }
    return json;
}

} // namespace slotscope
