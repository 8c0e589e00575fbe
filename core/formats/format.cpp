// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/format.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/formats/charset.h"
#include "core/formats/protoschema.h"

#include <QStringList>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

const QList<FormatInfo> &allFormats()
{
    using enum FormatId;
    using enum FormatKind;
    static const QList<FormatInfo> all{
        {Gzip, Step, "gzip", "gzip", ""},
        {Zlib, Step, "zlib", "zlib", ""},
        {Deflate, Step, "deflate", "Deflate (raw)", ""},
        {Zstd, Step, "zstd", "Zstandard", ""},
        {Lz4Frame, Step, "lz4", "LZ4 frame", ""},
        {Lz4Block, Step, "lz4-block", "LZ4 block", "le32 be32 raw php msgpack"},
        {Snappy, Step, "snappy", "Snappy", "raw framed java"},
        {Brotli, Step, "brotli", "Brotli", ""},
        {Lzf, Step, "lzf", "LZF", ""},
        {Base64, Step, "base64", "Base64", "std url"},
        {Prefix, Step, "prefix", "Prefix", "1"},
        {Charset, Step, "charset", "Charset", "utf-16-le"},
        {JsonString, Step, "json-string", "JSON string", ""},
        {PhpString, Step, "php-string", "PHP string", ""},
        {Text, Final, "text", "Text", "utf-8"},
        {Hex, Final, "hex", "Hex", ""},
        {Json, Final, "json", "JSON", ""},
        {NdJson, Final, "ndjson", "JSON lines", ""},
        {Xml, Final, "xml", "XML", ""},
        {Html, Final, "html", "HTML", ""},
        {Yaml, Final, "yaml", "YAML", ""},
        {Msgpack, Final, "msgpack", "MessagePack", ""},
        {Cbor, Final, "cbor", "CBOR", ""},
        {Bson, Final, "bson", "BSON", ""},
        {Protobuf, Final, "protobuf", "Protocol Buffers", ""},
        {Avro, Final, "avro", "Avro container", ""},
        {Php, Final, "php-serialize", "PHP serialize", ""},
        {PhpSession, Final, "php-session", "PHP session", ""},
        {Igbinary, Final, "igbinary", "igbinary (PHP)", ""},
        {Java, Final, "java", "Java serialization", ""},
        {Pickle, Final, "pickle", "Python pickle", ""},
        {RubyMarshal, Final, "ruby-marshal", "Ruby Marshal", ""},
        {V8, Final, "v8", "V8 serialize", ""},
        {DotNet, Final, "dotnet", ".NET BinaryFormatter", ""},
        {Jwt, Final, "jwt", "JSON Web Token", ""},
        {Time, Final, "time", "Unix time", "s ms us ns"},
        {Uuid, Final, "uuid", "UUID", ""},
        {Ip, Final, "ip", "IP address", ""},
        {Float32, Final, "float32", "Vector of float32", "le be"},
        {Float64, Final, "float64", "Vector of float64", "le be"},
        {Bitmap, Final, "bitmap", "Bitmap", ""},
        {HyperLogLog, Final, "hyperloglog", "HyperLogLog", ""},
        {GeoScore, Final, "geo-score", "Geo score", ""},
        {Image, Final, "image", "Image", ""},
    };
    return all;
}

const FormatInfo &infoOf(FormatId id)
{
    return allFormats().at(qsizetype(id));
}

QString idOf(FormatId id)
{
    return QString::fromLatin1(infoOf(id).word);
}

QString FormatChain::toString() const
{
    QStringList words;
    for (const FormatStep &step : steps)
        words += step.option.isEmpty() ? idOf(step.id) : idOf(step.id) + u':' + step.option;
    return words.join(u" > "_s);
}

namespace {

bool takesOption(const FormatInfo &info, const QString &option)
{
    if (info.id == FormatId::Text || info.id == FormatId::Charset)
        return knowsCharset(option);
    if (info.id == FormatId::Protobuf)
        return isProtoTypeName(option);
    if (info.id == FormatId::Prefix) {
        const auto length = toInteger(option.toUtf8());
        return length && *length > 0 && *length <= 1024;
    }
    return QString::fromLatin1(info.options).split(u' ', Qt::SkipEmptyParts).contains(option);
}

Result<FormatStep> parseStep(const QString &text)
{
    const qsizetype colon = text.indexOf(u':');
    const QString word = (colon < 0 ? text : text.first(colon)).trimmed();
    const QString option = colon < 0 ? QString() : text.sliced(colon + 1).trimmed();
    for (const FormatInfo &info : allFormats()) {
        if (word != QLatin1String(info.word))
            continue;
        if (!option.isEmpty() && !takesOption(info, option))
            return failure(Error::Code::InvalidArgument, tr("%1 has no option “%2”").arg(word, option));
        return FormatStep{.id = info.id, .option = option};
    }
    return failure(Error::Code::InvalidArgument, tr("no format is named “%1”").arg(word));
}

} // namespace

Result<FormatChain> FormatChain::parse(const QString &text)
{
    FormatChain chain;
    const QStringList words = text.split(u'>');
    if (words.size() > mostSteps)
        return failure(Error::Code::InvalidArgument, tr("a chain has at most %1 steps").arg(mostSteps));
    for (const QString &word : words) {
        auto step = parseStep(word.trimmed());
        if (!step)
            return failure(step.error());
        if (!chain.steps.isEmpty() && infoOf(chain.steps.last().id).kind == FormatKind::Final)
            return failure(Error::Code::InvalidArgument,
                           tr("%1 must be the last step of a chain").arg(idOf(chain.steps.last().id)));
        chain.steps += *step;
    }
    return chain;
}

} // namespace slotscope
