// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/steps.h"

#include "core/base/text.h"
#include "core/formats/charset.h"
#include "core/formats/jsonwalker.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

Unwrapped unBase64(const QString &option, QByteArrayView bytes, FormatBudget &budget)
{
    Unwrapped out;
    QByteArray text = bytes.toByteArray();
    text.replace('\n', "").replace('\r', "");
    if (text.size() != bytes.size())
        out.note(tr("base64 with line breaks; saving writes one line"));
    const auto alphabet = option == u"url" ? QByteArray::Base64UrlEncoding : QByteArray::Base64Encoding;
    const auto decoded = QByteArray::fromBase64Encoding(text, alphabet | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        out.fail(0, tr("this base64 text is invalid or incomplete"));
    else
        (void)out.append(decoded.decoded, budget);
    return out;
}

QByteArray toBase64(const QString &option, QByteArrayView inner, QByteArrayView original)
{
    const auto alphabet = option == u"url" ? QByteArray::Base64UrlEncoding : QByteArray::Base64Encoding;
    const bool padded = option != u"url" || original.endsWith('=');
    return inner.toByteArray().toBase64(alphabet
                                        | (padded ? QByteArray::KeepTrailingEquals : QByteArray::OmitTrailingEquals));
}

qsizetype prefixLength(const QString &option)
{
    return option.isEmpty() ? 1 : qsizetype(toInteger(option.toUtf8()).value_or(1));
}

Unwrapped withoutPrefix(const QString &option, QByteArrayView bytes, FormatBudget &budget)
{
    Unwrapped out;
    const qsizetype length = prefixLength(option);
    if (length > bytes.size())
        out.fail(bytes.size(), tr("the value is shorter than the prefix"));
    else
        (void)out.append(bytes.sliced(length), budget);
    return out;
}

QString charsetOf(const QString &option)
{
    return option.isEmpty() ? u"utf-16-le"_s : option;
}

Unwrapped asUtf8(const QString &option, QByteArrayView bytes, FormatBudget &budget)
{
    Unwrapped out;
    const CharsetText text = fromCharset(bytes, charsetOf(option));
    if (text.badAt >= 0)
        out.fail(text.badAt, tr("this is not valid text in %1").arg(charsetOf(option)));
    (void)out.append(text.text.toUtf8(), budget);
    return out;
}

Result<QByteArray> fromUtf8(const QString &option, QByteArrayView inner, QByteArrayView original)
{
    auto bytes = toCharset(utf8Text(inner), charsetOf(option));
    if (bytes)
        bytes->prepend(fromCharset(original, charsetOf(option)).mark);
    return bytes;
}

Unwrapped jsonContent(QByteArrayView bytes, FormatBudget &budget)
{
    Unwrapped out;
    JsonWalker walker(bytes);
    const auto event = walker.next();
    const QString text = event && event->kind == JsonEvent::Kind::String ? jsonStringValue(event->token) : QString();
    if (walker.next() || walker.hasProblem() || !event || event->kind != JsonEvent::Kind::String)
        out.fail(0, tr("this is not a JSON text that consists of one string"));
    else if (!text.isValidUtf16())
        out.fail(0, tr("the string contains half of a surrogate pair"));
    else
        (void)out.append(text.toUtf8(), budget);
    return out;
}

Unwrapped phpContent(QByteArrayView bytes, FormatBudget &budget)
{
    Unwrapped out;
    Cursor in(bytes);
    if (in.take(2) != "s:")
        in.failAt(0, tr("this is not a serialized PHP string"));
    const auto length = toUnsigned(in.until(':'));
    if (!length || in.take(1) != "\"")
        in.fail(tr("the length of the PHP string is missing"));
    const QByteArrayView content = in.take(length.value_or(0));
    if (in.take(2) != "\";" || !in.atEnd())
        in.fail(tr("the PHP string does not end at the length that it states"));
    if (!in.ok())
        out.problem = in.problem();
    else
        (void)out.append(content, budget);
    return out;
}

} // namespace

QString spentWords(const FormatBudget &budget)
{
    switch (budget.spent()) {
    case FormatBudget::Spent::Output:
        return tr("the output is larger than %1: decoding stopped there").arg(byteSize(budget.limits().outputBytes));
    case FormatBudget::Spent::Nodes:
        return tr("the value has more than %1 members: decoding stopped there")
            .arg(groupedNumber(budget.limits().nodes));
    case FormatBudget::Spent::Time:
        return tr("decoding took longer than %1 and was stopped").arg(duration(budget.limits().milliseconds));
    case FormatBudget::Spent::Stopped: return tr("decoding was stopped");
    case FormatBudget::Spent::Nothing: break;
    }
    return {};
}

Unwrapped unwrap(const FormatStep &step, QByteArrayView bytes, FormatBudget &budget)
{
    switch (step.id) {
    case FormatId::Gzip:
    case FormatId::Zlib:
    case FormatId::Deflate: return inflateBytes(step.id, bytes, budget);
    case FormatId::Zstd: return unZstd(bytes, budget);
    case FormatId::Lz4Frame: return unLz4Frame(bytes, budget);
    case FormatId::Lz4Block: return unLz4Block(step.option, bytes, budget);
    case FormatId::Snappy: return unSnappy(step.option, bytes, budget);
    case FormatId::Brotli: return unBrotli(bytes, budget);
    case FormatId::Lzf: return unLzf(bytes, budget);
    case FormatId::Base64: return unBase64(step.option, bytes, budget);
    case FormatId::Prefix: return withoutPrefix(step.option, bytes, budget);
    case FormatId::Charset: return asUtf8(step.option, bytes, budget);
    case FormatId::JsonString: return jsonContent(bytes, budget);
    case FormatId::PhpString: return phpContent(bytes, budget);
    default: break;
    }
    Unwrapped none;
    none.fail(0, tr("%1 is not an unpacking step").arg(idOf(step.id)));
    return none;
}

Result<QByteArray> wrap(const FormatStep &step, QByteArrayView inner, QByteArrayView original)
{
    switch (step.id) {
    case FormatId::Gzip:
    case FormatId::Zlib:
    case FormatId::Deflate: return deflateBytes(step.id, inner, original);
    case FormatId::Zstd: return toZstd(inner, original);
    case FormatId::Lz4Frame: return toLz4Frame(inner);
    case FormatId::Lz4Block: return toLz4Block(step.option, inner);
    case FormatId::Snappy: return toSnappy(step.option, inner);
    case FormatId::Brotli: return toBrotli(inner);
    case FormatId::Lzf: return toLzf(inner);
    case FormatId::Base64: return toBase64(step.option, inner, original);
    case FormatId::Prefix:
        return original.first(std::min(original.size(), prefixLength(step.option))).toByteArray() + inner.toByteArray();
    case FormatId::Charset: return fromUtf8(step.option, inner, original);
    case FormatId::JsonString: return jsonQuoted(utf8Text(inner));
    case FormatId::PhpString: return "s:" + QByteArray::number(inner.size()) + ":\"" + inner.toByteArray() + "\";";
    default: break;
    }
    return failure(Error::Code::InvalidArgument, tr("%1 is not an unpacking step").arg(idOf(step.id)));
}

} // namespace slotscope
