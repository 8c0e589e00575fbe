// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

namespace slotscope {

/// What the bytes of a value may be. An order of meaning only: settings and the command line use idOf().
enum class FormatId : quint8 {
    // steps that unwrap: bytes become bytes
    Gzip,
    Zlib,
    Deflate,
    Zstd,
    Lz4Frame,
    Lz4Block, ///< option: le32, be32 (a size in front), raw, php (phpredis), msgpack (ext 99 of MessagePack-CSharp)
    Snappy, ///< option: raw, framed, java
    Brotli,
    Lzf,
    Base64, ///< option: std, url
    Prefix, ///< option: how many bytes the application puts in front
    Charset, ///< option: a charset; what follows sees UTF-8
    JsonString, ///< a JSON text that is one string: its content
    PhpString, ///< a PHP-serialized string: its content
    // final forms: bytes become something shown
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
    Protobuf,
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
    const char *word; ///< for settings and the command line; never changes
    const char *name; ///< for people; names of formats are not translated
    const char *options; ///< the options it takes, separated by blanks; the first one is the default; "" for none
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

/// The steps from outside to inside; the last one says how the inner bytes are shown (where it is none: as text or
/// hex).
struct FormatChain
{
    QList<FormatStep> steps;

    [[nodiscard]] QString toString() const; ///< "gzip > msgpack", "lz4-block:le32 > text:euc-kr"
    [[nodiscard]] static Result<FormatChain> parse(const QString &text);

    friend bool operator==(const FormatChain &, const FormatChain &) = default;
};

/// Most layers that a chain may have.
inline constexpr int mostSteps = 12;

} // namespace slotscope
