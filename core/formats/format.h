// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

#include <memory>

namespace slotscope {

struct ProtoSchema;

/// Formats of a value's bytes. The order is not fixed: settings and the command line use idOf().
enum class FormatId : quint8 {
    // steps that unwrap bytes to other bytes
    Gzip,
    Zlib,
    Deflate,
    Zstd,
    Lz4Frame,
    Lz4Block, ///< option: le32, be32 (with size prefix), raw, php (phpredis), msgpack (ext 99 of MessagePack-CSharp)
    Snappy, ///< option: raw, framed, java
    Brotli,
    Lzf,
    Base64, ///< option: std, url
    Prefix, ///< option: number of bytes that the application puts in front
    Charset, ///< option: a charset; further steps see UTF-8
    JsonString, ///< a JSON text that is a single string: its content
    PhpString, ///< a PHP-serialized string: its content
    // final forms, which display the bytes
    Text, ///< option: a charset, default utf-8
    Hex,
    Json,
    NdJson,
    Xml,
    Html,
    Yaml,
    Msgpack,
    Cbor,
    Bson,
    Protobuf, ///< option: a message type of .proto files; without one, fields are shown by their numbers
    Avro,
    Php,
    PhpSession,
    Igbinary,
    Java,
    Pickle,
    RubyMarshal,
    V8,
    DotNet,
    Jwt,
    Time, ///< option: s, ms, us, ns
    Uuid,
    Ip,
    Float32,
    Float64,
    Bitmap,
    HyperLogLog,
    GeoScore,
    Image,
};

enum class FormatKind : quint8 { Step, Final };

struct FormatInfo
{
    FormatId id;
    FormatKind kind;
    const char *word; ///< name in settings and on the command line; never changes
    const char *name; ///< display name; names of formats are not translated
    const char *options; ///< allowed options, separated by blanks, default first; "" if there are none
};

[[nodiscard]] const QList<FormatInfo> &allFormats();
[[nodiscard]] const FormatInfo &infoOf(FormatId id);
[[nodiscard]] QString idOf(FormatId id);

struct FormatStep
{
    FormatId id = FormatId::Text;
    QString option; ///< empty: the format's default

    friend bool operator==(const FormatStep &, const FormatStep &) = default;
};

/// The steps from outside to inside. The last one may say how the inner bytes are displayed, otherwise they are shown
/// as text or hex.
struct FormatChain
{
    QList<FormatStep> steps;
    std::shared_ptr<const ProtoSchema> schema = {}; ///< .proto files for "protobuf:Type"; not a part of its text

    [[nodiscard]] QString toString() const; ///< such as "gzip > msgpack", "lz4-block:le32 > text:euc-kr"
    [[nodiscard]] static Result<FormatChain> parse(const QString &text);

    friend bool operator==(const FormatChain &one, const FormatChain &other) { return one.steps == other.steps; }
};

/// Largest number of layers in a chain.
inline constexpr int mostSteps = 12;

} // namespace slotscope
