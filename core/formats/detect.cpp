// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/detecting.h"

#include "core/formats/jsonwalker.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

struct Magic
{
    QByteArrayView bytes;
    FormatStep step;
};

/// Magic bytes that are unambiguous.
const QList<Magic> &stepMagics()
{
    static const QList<Magic> all{
        {{"\x1f\x8b\x08", 3}, {FormatId::Gzip, {}}},
        {{"\x28\xb5\x2f\xfd", 4}, {FormatId::Zstd, {}}},
        {{"\x04\x22\x4d\x18", 4}, {FormatId::Lz4Frame, {}}},
        {{"\xff\x06\0\0sNaPpY", 10}, {FormatId::Snappy, u"framed"_s}},
        {{"\x82SNAPPY\0", 8}, {FormatId::Snappy, u"java"_s}},
    };
    return all;
}

/// Prefixes written by Cm_Cache and Magento. Although they contain 1f 8b, the data after them is in the format listed,
/// not gzip.
const QList<Magic> &prefixMagics()
{
    static const QList<Magic> all{
        {{"gz:\x1f\x8b", 5}, {FormatId::Zlib, {}}}, {{"zc:\x1f\x8b", 5}, {FormatId::Zlib, {}}},
        {{":gz:\x78", 5}, {FormatId::Zlib, {}}},    {{"sn:\x1f\x8b", 5}, {FormatId::Snappy, u"raw"_s}},
        {{"lf:\x1f\x8b", 5}, {FormatId::Lzf, {}}},  {{"l4:\x1f\x8b", 5}, {FormatId::Lz4Block, u"le32"_s}},
        {{"zs:\x1f\x8b", 5}, {FormatId::Zstd, {}}},
    };
    return all;
}

bool skippableZstd(QByteArrayView bytes)
{
    return bytes.size() > 8 && (quint8(bytes[0]) & 0xf0) == 0x50 && bytes.sliced(1).startsWith("\x2a\x4d\x18");
}

/// Checks zlib's two header bytes: method deflate, and a checksum over both.
bool zlibHeader(QByteArrayView bytes)
{
    return bytes.size() > 6 && (bytes[0] & 0x0f) == 8 && (quint8(bytes[0]) >> 4) <= 7 && (bytes[1] & 0x20) == 0
        && (quint8(bytes[0]) * 256 + quint8(bytes[1])) % 31 == 0;
}

} // namespace

Detector::Detector(const FormatLimits &limits) : m_limits(limits)
{
    m_clock.start();
}

FormatBudget Detector::attempt(qsizetype most) const
{
    FormatLimits limits = m_limits;
    limits.outputBytes = std::min(limits.outputBytes, most);
    limits.milliseconds = int(std::max(qint64(0), m_limits.milliseconds - m_clock.elapsed()));
    return FormatBudget(limits);
}

bool Detector::unwrapsWhole(const FormatStep &step, QByteArrayView bytes) const
{
    FormatBudget budget = attempt(m_limits.outputBytes);
    const Unwrapped out = unwrap(step, bytes, budget);
    return !out.problem && !out.bytes.isEmpty();
}

std::optional<QList<FormatStep>> Detector::sureSteps(QByteArrayView bytes) const
{
    for (const Magic &magic : stepMagics())
        if (bytes.startsWith(magic.bytes))
            return QList<FormatStep>{magic.step};
    for (const Magic &magic : prefixMagics())
        if (const qsizetype length = magic.bytes.startsWith(':') ? 4 : 5;
            bytes.startsWith(magic.bytes) && unwrapsWhole(magic.step, bytes.sliced(length)))
            return QList<FormatStep>{{FormatId::Prefix, QString::number(length)}, magic.step};
    if (skippableZstd(bytes))
        return QList<FormatStep>{{FormatId::Zstd, {}}};
    if (zlibHeader(bytes) && (!bytes.isValidUtf8() || unwrapsWhole({FormatId::Zlib, {}}, bytes))) {
        FormatBudget budget = attempt(m_limits.outputBytes);
        if (!unwrap({FormatId::Zlib, {}}, bytes, budget).bytes.isEmpty())
            return QList<FormatStep>{{FormatId::Zlib, {}}};
    }
    return std::nullopt;
}

std::optional<QList<FormatStep>> Detector::likelySteps(QByteArrayView bytes) const
{
    if (bytes.startsWith("\xff\xfe") && bytes.size() % 2 == 0)
        return charsetSteps(bytes, u"utf-16-le"_s);
    if (bytes.startsWith("\xfe\xff") && bytes.size() % 2 == 0)
        return charsetSteps(bytes, u"utf-16-be"_s);
    if (bytes.size() > 8 && quint8(bytes[0]) == phpredisCrc(bytes.sliced(1, 4)))
        if (const FormatStep step{FormatId::Lz4Block, u"php"_s}; unwrapsWhole(step, bytes))
            return QList<FormatStep>{step};
    if (bytes.size() > 10 && quint8(bytes[0]) >= 0xc7 && quint8(bytes[0]) <= 0xc9)
        if (const FormatStep step{FormatId::Lz4Block, u"msgpack"_s}; unwrapsWhole(step, bytes))
            return QList<FormatStep>{step};
    // the size prefix must match exactly; short data would match by chance
    if (bytes.size() >= 16 && !looksLikeText(bytes))
        if (const FormatStep step{FormatId::Lz4Block, u"le32"_s}; unwrapsWhole(step, bytes))
            return QList<FormatStep>{step};
    return std::nullopt;
}

std::optional<QList<FormatStep>> Detector::charsetSteps(QByteArrayView bytes, const QString &charset) const
{
    FormatBudget budget = attempt(m_limits.outputBytes);
    const Unwrapped text = unwrap({FormatId::Charset, charset}, bytes, budget);
    const auto form = text.problem ? std::nullopt : textForm(text.bytes);
    if (form && form->id != FormatId::Text)
        return QList<FormatStep>{{FormatId::Charset, charset}};
    return QList<FormatStep>{{FormatId::Text, charset}};
}

/// Tries compression formats without magic bytes. One is accepted only if the decompressed bytes are recognised as a
/// format other than plain text and YAML.
std::optional<QList<FormatStep>> Detector::markless(QByteArrayView bytes) const
{
    constexpr qsizetype most = 4 * 1024 * 1024;
    for (const FormatStep &step : {FormatStep{FormatId::Brotli, {}}, FormatStep{FormatId::Deflate, {}},
                                   FormatStep{FormatId::Snappy, u"raw"_s}}) {
        FormatBudget budget = attempt(most);
        const Unwrapped out = unwrap(step, bytes, budget);
        if (out.problem || budget.spent() != FormatBudget::Spent::Nothing || out.bytes.size() < 16)
            continue;
        auto form = markedForm(out.bytes);
        if (!form && looksLikeText(out.bytes))
            form = textForm(out.bytes);
        if (form && form->id != FormatId::Text && form->id != FormatId::Yaml)
            return QList<FormatStep>{step};
    }
    return std::nullopt;
}

/// Tries Base64 and the strings of JSON and PHP. One is accepted only if a known format is inside.
std::optional<QList<FormatStep>> Detector::textSteps(QByteArrayView bytes) const
{
    constexpr qsizetype shortest = 24;
    FormatStep step{FormatId::JsonString, {}};
    if (bytes.startsWith("s:"))
        step.id = FormatId::PhpString;
    else if (!bytes.startsWith('"')) {
        if (bytes.size() < shortest)
            return std::nullopt;
        const bool url = bytes.contains('-') || bytes.contains('_');
        step = {FormatId::Base64, url ? u"url"_s : QString()};
        if (!url && bytes.size() % 4 != 0 && !bytes.contains('\n'))
            return std::nullopt;
    }
    FormatBudget budget = attempt(m_limits.outputBytes);
    const Unwrapped out = unwrap(step, bytes, budget);
    if (out.problem || out.bytes.isEmpty())
        return std::nullopt;
    auto form = markedForm(out.bytes);
    if (!form && looksLikeText(out.bytes))
        form = textForm(out.bytes);
    const bool known = sureSteps(out.bytes) || (form && form->id != FormatId::Text && form->id != FormatId::Yaml)
        || textSteps(out.bytes);
    return known ? std::optional(QList<FormatStep>{step}) : std::nullopt;
}

QList<FormatStep> Detector::nextSteps(QByteArrayView bytes) const
{
    if (bytes.isEmpty())
        return {{FormatId::Text, {}}};
    if (const auto steps = sureSteps(bytes))
        return *steps;
    if (const auto prefixed = pickleAfterPrefix(bytes))
        return *prefixed;
    if (const auto form = markedForm(bytes))
        return {*form};
    if (looksLikeText(bytes)) {
        if (const auto steps = textSteps(bytes))
            return *steps;
        return {textForm(bytes).value_or(FormatStep{FormatId::Text, {}})};
    }
    if (const auto steps = likelySteps(bytes))
        return *steps;
    if (const auto form = unmarkedForm(bytes))
        return {*form};
    if (const auto steps = markless(bytes))
        return *steps;
    return {{FormatId::Hex, {}}};
}

FormatChain Detector::detect(QByteArrayView bytes) const
{
    FormatChain chain;
    QByteArray held;
    FormatBudget budget(m_limits);
    while (chain.steps.size() < mostSteps - 2) {
        for (const FormatStep &step : nextSteps(bytes)) {
            chain.steps += step;
            if (infoOf(step.id).kind == FormatKind::Final)
                return chain;
            Unwrapped out = unwrap(step, bytes, budget);
            held = std::move(out.bytes);
            bytes = held;
            if (budget.spent() != FormatBudget::Spent::Nothing || bytes.isEmpty())
                return chain; // do not examine the content of a decompression bomb
        }
    }
    return chain;
}

FormatChain detect(QByteArrayView bytes, const FormatLimits &limits)
{
    return Detector(limits).detect(bytes);
}

} // namespace slotscope
