// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/charset.h"

#include "core/base/tr.h"

#include <QStringDecoder>

#include <cerrno>
#include <iconv.h>
#include <memory>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Our names and those of iconv. Windows means cp949 by euc-kr, and cp932 by Shift-JIS, in which 5C is a backslash.
struct Charset
{
    const char *name;
    const char *iconvName;
    QByteArrayView mark;
};
constexpr Charset charsets[] = {
    {"utf-8", "UTF-8", "\xef\xbb\xbf"},
    {"utf-16-le", "UTF-16LE", "\xff\xfe"},
    {"utf-16-be", "UTF-16BE", "\xfe\xff"},
    {"latin-1", "ISO-8859-1", {}},
    {"windows-1252", "CP1252", {}},
    {"windows-1251", "CP1251", {}},
    {"euc-kr", "CP949", {}},
    {"shift-jis", "CP932", {}},
    {"euc-jp", "EUC-JP", {}},
    {"gb18030", "GB18030", {}},
    {"big5", "BIG5", {}},
    {"koi8-r", "KOI8-R", {}},
};

const Charset *charsetCalled(const QString &name)
{
    for (const Charset &charset : charsets)
        if (name == QLatin1String(charset.name))
            return &charset;
    return name.isEmpty() ? &charsets[0] : nullptr;
}

struct CloseIconv
{
    void operator()(void *handle) const { iconv_close(handle); }
};
using Iconv = std::unique_ptr<void, CloseIconv>;

Iconv openIconv(const char *to, const char *from)
{
    const iconv_t handle = iconv_open(to, from);
    return Iconv(handle == reinterpret_cast<iconv_t>(-1) ? nullptr : handle); // NOLINT: iconv_open's error value
}

struct Converted
{
    QByteArray bytes;
    qsizetype badAt = -1;
};

Converted convert(QByteArrayView from, const char *fromName, const char *toName)
{
    const Iconv handle = openIconv(toName, fromName);
    if (!handle)
        return {.bytes = {}, .badAt = 0};
    Converted out;
    QByteArray input = from.toByteArray();
    char *in = input.data();
    size_t left = size_t(input.size());
    char buffer[16384];
    while (left > 0) {
        char *end = buffer;
        size_t room = sizeof buffer;
        const size_t done = iconv(handle.get(), &in, &left, &end, &room);
        const int reason = errno;
        out.bytes.append(buffer, end - buffer);
        if (done == size_t(-1) && reason != E2BIG) {
            out.badAt = in - input.data();
            break;
        }
    }
    return out;
}

} // namespace

bool knowsCharset(const QString &charset)
{
    return !charset.isEmpty() && charsetCalled(charset) != nullptr;
}

QStringList knownCharsets()
{
    QStringList names;
    for (const Charset &charset : charsets)
        names += QString::fromLatin1(charset.name);
    return names;
}

QString utf8Text(QByteArrayView utf8)
{
    QStringDecoder decoder(QStringDecoder::Utf8,
                           QStringDecoder::Flag::Stateless | QStringDecoder::Flag::ConvertInitialBom);
    return decoder(utf8);
}

CharsetText fromCharset(QByteArrayView bytes, const QString &charset)
{
    const Charset *known = charsetCalled(charset);
    if (known == nullptr)
        return {.text = {}, .mark = {}, .badAt = 0};
    CharsetText out;
    if (!known->mark.isEmpty() && bytes.startsWith(known->mark))
        out.mark = known->mark.toByteArray();
    const QByteArrayView body = bytes.sliced(out.mark.size());
    if (known == &charsets[0] && body.isValidUtf8()) {
        out.text = utf8Text(body);
        return out;
    }
    const Converted utf16 = convert(body, known->iconvName, "UTF-16LE");
    out.text.resize(utf16.bytes.size() / 2);
    memcpy(out.text.data(), utf16.bytes.constData(), size_t(out.text.size()) * 2);
    if (utf16.badAt >= 0)
        out.badAt = utf16.badAt + out.mark.size();
    return out;
}

Result<QByteArray> toCharset(const QString &text, const QString &charset)
{
    const Charset *known = charsetCalled(charset);
    if (known == nullptr)
        return failure(Error::Code::InvalidArgument, tr("no character set is named “%1”").arg(charset));
    QByteArray utf16(text.size() * 2, Qt::Uninitialized);
    memcpy(utf16.data(), text.constData(), size_t(utf16.size()));
    Converted out = convert(utf16, "UTF-16LE", known->iconvName);
    if (out.badAt >= 0)
        return failure(
            Error::Code::Parse,
            tr("%1 cannot encode “%2” (character %3)")
                .arg(charset, text.sliced(out.badAt / 2).first(std::min(qsizetype(2), text.size() - out.badAt / 2)))
                .arg(out.badAt / 2 + 1));
    return out.bytes;
}

} // namespace slotscope
