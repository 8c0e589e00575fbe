// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/detecting.h"

#include "core/formats/jsonwalker.h"

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

bool isControl(char byte)
{
    return uchar(byte) < 0x20 && !QByteArrayView("\t\n\r\x1b\a\b\f").contains(byte);
}

/// Recognises JSON, also if it breaks off after some members.
std::optional<FormatId> jsonForm(QByteArrayView text, FormatBudget budget)
{
    const QByteArrayView body = withoutMark(text).trimmed();
    if (body.isEmpty() || !QByteArrayView("{[\"").contains(body.front()))
        return std::nullopt;
    constexpr int enough = 6; // number of tokens that other text does not match by chance
    JsonWalker one(body);
    int tokens = 0;
    constexpr int looksEvery = 4096;
    while (one.next())
        if (++tokens % looksEvery == 0 && !budget.goesOn())
            return std::nullopt;
    if (!one.hasProblem())
        return FormatId::Json;
    JsonWalker several(body, JsonWalker::Texts::Several);
    for (int count = 1; several.next(); ++count)
        if (count % looksEvery == 0 && !budget.goesOn())
            return std::nullopt;
    if (!several.hasProblem() && body.startsWith('{'))
        return FormatId::NdJson;
    const bool names = body.startsWith("{\"") || body.startsWith("[{\"");
    return names && tokens >= enough ? std::optional(FormatId::Json) : std::nullopt;
}

bool isJwt(QByteArrayView text)
{
    const bool characters = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_'
            || c == '.';
    });
    if (!characters || text.count('.') != 2 || !text.startsWith("eyJ"))
        return false;
    const QByteArray header =
        QByteArray::fromBase64(text.first(text.indexOf('.')).toByteArray(), QByteArray::Base64UrlEncoding);
    return jsonForm(header, FormatBudget({})) == FormatId::Json && header.contains("\"alg\"");
}

bool isYamlLine(QByteArrayView line)
{
    const QByteArrayView text = line.trimmed();
    if (text.startsWith("- ") || text.startsWith('#') || text == "---")
        return true;
    const qsizetype colon = text.indexOf(':');
    return colon > 0 && (colon + 1 == text.size() || text[colon + 1] == ' ')
        && std::all_of(text.begin(), text.begin() + colon,
                       [](char c) { return uchar(c) > ' ' && !QByteArrayView(",;{}[]()").contains(c); });
}

/// Recognises YAML by names and values with at least one nested line, which prose lacks. The displayed text is the
/// value itself in any case.
bool isYaml(QByteArrayView text)
{
    constexpr qsizetype looked = 4096;
    int lines = 0, fitting = 0, nested = 0;
    const QByteArray part = text.first(std::min(looked, text.size())).toByteArray();
    for (const QByteArray &line : part.split('\n')) {
        if (line.trimmed().isEmpty())
            continue;
        ++lines;
        if (isYamlLine(line)) {
            ++fitting;
            nested += line.startsWith("  ") || line.startsWith("- ") ? 1 : 0;
        } else if (lines == 1) {
            return false;
        }
    }
    return lines >= 3 && nested > 0 && fitting * 5 >= lines * 4;
}

bool startsAsPhp(QByteArrayView text)
{
    return text == "N;" || (text.size() > 3 && text[1] == ':' && QByteArrayView("aOsibdCErR").contains(text[0]));
}

/// Recognises name|value pairs of PHP's session handler.
bool startsAsPhpSession(QByteArrayView text)
{
    const qsizetype bar = text.first(std::min(text.size(), qsizetype(256))).indexOf('|');
    return bar > 0 && startsAsPhp(text.sliced(bar + 1));
}

bool startsWithTag(QByteArrayView text, const char *tag)
{
    return QString::fromUtf8(text.first(std::min(text.size(), qsizetype(64))))
        .startsWith(QLatin1String(tag), Qt::CaseInsensitive);
}

bool isContainer(const FormatTree &tree)
{
    using enum FormatNode::Kind;
    if (tree.isEmpty())
        return false;
    const auto holds = [&](quint32 node) {
        const auto kind = tree.at(node).kind;
        return kind == Array || kind == Map || kind == Object;
    };
    if (tree.at(0).tag != nullptr && qstrcmp(tree.at(0).tag, "stream") == 0) {
        const QList<quint32> values = tree.childrenOf(0);
        return std::all_of(values.begin(), values.end(),
                           [&](quint32 value) { return holds(value) && tree.at(value).end > value + 1; });
    }
    return holds(0);
}

bool utf16Without(QByteArrayView bytes, int zeroAt)
{
    if (bytes.size() < 8 || bytes.size() % 2 != 0)
        return false;
    qsizetype zeros = 0;
    for (qsizetype at = 0; at < bytes.size(); at += 2) {
        if (bytes[at + 1 - zeroAt] == 0)
            return false;
        zeros += bytes[at + zeroAt] == 0 ? 1 : 0;
    }
    return zeros * 10 >= bytes.size() / 2 * 7;
}

} // namespace

bool Detector::looksLikeText(QByteArrayView bytes)
{
    if (!bytes.isValidUtf8() || isControl(bytes.front()))
        return false;
    const auto controls = std::count_if(bytes.begin(), bytes.end(), isControl);
    return controls * 4 <= bytes.size();
}

bool Detector::whole(FormatId id, QByteArrayView bytes, FormatTree *tree) const
{
    FormatBudget budget = attempt(m_limits.outputBytes);
    return structureFormOf(id) != nullptr && readsWhole(id, bytes, budget, tree);
}

std::optional<FormatStep> Detector::markedForm(QByteArrayView bytes) const
{
    const auto form = [](FormatId id) { return FormatStep{id, {}}; };
    if (bytes.startsWith({"\xac\xed\0\x05", 4}))
        return form(FormatId::Java);
    if (bytes.startsWith({"Obj\x01", 4}))
        return form(FormatId::Avro);
    if (bytes.startsWith({"\0\0\0\x01", 4}) || bytes.startsWith({"\0\0\0\x02", 4}))
        if (whole(FormatId::Igbinary, bytes))
            return form(FormatId::Igbinary);
    if (bytes.startsWith("HYLL") && bytes.size() >= 16 && quint8(bytes[4]) <= 1)
        return form(FormatId::HyperLogLog);
    if (bytes.startsWith({"\0\x01\0\0\0\xff\xff\xff\xff\x01\0\0\0\0\0\0\0", 17}))
        return form(FormatId::DotNet);
    if (bytes.startsWith("\x04\x08") && whole(FormatId::RubyMarshal, bytes))
        return form(FormatId::RubyMarshal);
    if (bytes.size() > 2 && quint8(bytes[0]) == 0xff && quint8(bytes[1]) >= 0x0d && quint8(bytes[1]) <= 0x0f
        && whole(FormatId::V8, bytes))
        return form(FormatId::V8);
    if (bytes.size() > 2 && quint8(bytes[0]) == 0x80 && quint8(bytes[1]) >= 2 && quint8(bytes[1]) <= 5
        && bytes.back() == '.')
        return form(FormatId::Pickle);
    if (bytes.size() >= 5 && qFromLittleEndian<quint32>(bytes.data()) == quint64(bytes.size()) && bytes.back() == '\0'
        && whole(FormatId::Bson, bytes))
        return form(FormatId::Bson);
    if (bytes.startsWith("\xd9\xd9\xf7") && whole(FormatId::Cbor, bytes))
        return form(FormatId::Cbor);
    if (imageFacts(bytes) && !bytes.isValidUtf8())
        return form(FormatId::Image);
    return std::nullopt;
}

std::optional<QList<FormatStep>> Detector::pickleAfterPrefix(QByteArrayView bytes) const
{
    qsizetype prefix = 0;
    if (bytes.startsWith({"!\x80", 2})) // written by cachelib
        prefix = 1;
    else if (const qsizetype bar = bytes.indexOf({"|\x80", 2}); bar > 1 && bytes.startsWith('{')
             && jsonForm(bytes.first(bar), attempt(m_limits.outputBytes)) == FormatId::Json) // written by dogpile.cache
        prefix = bar + 1;
    else if (bytes.size() > 14 && quint8(bytes[0]) == 0x9d && bytes[9] == 0x5f) // written by Symfony's tag-aware cache
        prefix = whole(FormatId::Php, bytes.sliced(10)) || whole(FormatId::Igbinary, bytes.sliced(10)) ? 10 : 13;
    if (prefix == 0 || prefix > 1024)
        return std::nullopt;
    const QByteArrayView rest = bytes.sliced(prefix);
    if (whole(FormatId::Pickle, rest) || whole(FormatId::Php, rest) || whole(FormatId::Igbinary, rest))
        return QList<FormatStep>{{FormatId::Prefix, QString::number(prefix)}};
    return std::nullopt;
}

std::optional<FormatStep> Detector::textForm(QByteArrayView bytes) const
{
    const auto form = [](FormatId id) { return FormatStep{id, {}}; };
    if (bytes.size() > m_limits.outputBytes)
        return std::nullopt;
    if (const auto json = jsonForm(bytes, attempt(m_limits.outputBytes)))
        return form(*json);
    if (startsAsPhp(bytes) && whole(FormatId::Php, bytes))
        return form(FormatId::Php);
    if (startsAsPhpSession(bytes) && whole(FormatId::PhpSession, bytes))
        return form(FormatId::PhpSession);
    if (isJwt(bytes))
        return form(FormatId::Jwt);
    const QByteArrayView body = withoutMark(bytes).trimmed();
    if (startsWithTag(body, "<!doctype html") || startsWithTag(body, "<html"))
        return form(FormatId::Html);
    if (body.startsWith("<?xml")
        || (body.startsWith('<') && body.endsWith('>') && body.size() > 6 && body.contains("</")))
        return form(FormatId::Xml);
    FormatTree tree;
    if (bytes.endsWith('.') && bytes.size() > 3 && whole(FormatId::Pickle, bytes, &tree) && isContainer(tree))
        return form(FormatId::Pickle);
    if (isYaml(bytes))
        return form(FormatId::Yaml);
    return std::nullopt;
}

std::optional<FormatStep> Detector::unmarkedForm(QByteArrayView bytes) const
{
    const auto form = [](FormatId id, const QString &option = {}) { return FormatStep{id, option}; };
    const quint8 first = quint8(bytes.front());
    FormatTree tree;
    const bool msgpackFirst = (first >= 0x80 && first <= 0x9f) || (first >= 0xc0 && first <= 0xdf);
    const auto is = [&](FormatId id) {
        tree = {};
        return bytes.size() > 1 && whole(id, bytes, &tree) && isContainer(tree);
    };
    if (msgpackFirst && is(FormatId::Msgpack))
        return form(FormatId::Msgpack);
    if (first >= 0x80 && is(FormatId::Cbor))
        return form(FormatId::Cbor);
    if (bytes.endsWith('.') && is(FormatId::Pickle)) // protocols 0 and 1 have no magic bytes
        return form(FormatId::Pickle);
    if (startsAsPhp(bytes) && whole(FormatId::Php, bytes)) // its strings need not be UTF-8
        return form(FormatId::Php);
    if (startsAsPhpSession(bytes) && whole(FormatId::PhpSession, bytes))
        return form(FormatId::PhpSession);
    if (utf16Without(bytes, 1))
        return form(FormatId::Text, u"utf-16-le"_s);
    if (utf16Without(bytes, 0))
        return form(FormatId::Text, u"utf-16-be"_s);
    if (bytes.size() >= 4 && whole(FormatId::Protobuf, bytes, &tree) && tree.childrenOf(0).size() >= 2)
        return form(FormatId::Protobuf);
    return std::nullopt;
}

} // namespace slotscope
