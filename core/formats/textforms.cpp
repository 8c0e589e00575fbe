// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/charset.h"
#include "core/formats/jsonwalker.h"
#include "core/formats/protobufwire.h"
#include "core/formats/steps.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Limits the bytes converted to text, because each character takes two bytes in addition to the bytes themselves.
QByteArrayView within(QByteArrayView bytes, FormatBudget &budget, Shown &shown)
{
    const qsizetype most = budget.outputLeft() / 2;
    shown.truncated = bytes.size() > most;
    bytes = bytes.first(std::min(bytes.size(), most));
    if (shown.truncated)
        (void)budget.takeOutput(budget.outputLeft() + 1);
    else
        (void)budget.takeOutput(bytes.size() * 2);
    return bytes;
}

} // namespace

Shown showText(const QString &charset, QByteArrayView bytes, FormatBudget &budget)
{
    Shown shown;
    const QByteArrayView part = within(bytes, budget, shown);
    CharsetText text = fromCharset(part, charset);
    shown.text = text.text;
    shown.writable = text.badAt < 0;
    const bool cutCharacter = shown.truncated && text.badAt > part.size() - 4;
    if (text.badAt >= 0 && !cutCharacter) {
        shown.fail(text.badAt, tr("this byte is not valid text in %1").arg(charset.isEmpty() ? u"utf-8"_s : charset));
        shown.whyNotWritable = tr("Not all of it is valid text in this character set: choose another one, or hex.");
        // invalid bytes are shown as replacement characters
        if (charset.isEmpty() || charset == u"utf-8")
            shown.text = QString::fromUtf8(part);
    }
    if (!text.mark.isEmpty())
        shown.note(tr("The value begins with a byte order mark, which is kept."));
    if (const auto time = timeOffered(part); time && charset.isEmpty())
        shown.note(tr("Read as a Unix time in %1, this is %2.").arg(time->first, time->second));
    return shown;
}

Shown showHex(QByteArrayView bytes, FormatBudget &budget)
{
    Shown shown;
    shown.syntax = Syntax::Hex;
    shown.writable = true;
    constexpr qsizetype perLine = 16;
    const qsizetype most = budget.outputLeft() / 10; // a byte takes about five characters
    shown.truncated = bytes.size() > most;
    bytes = bytes.first(std::min(bytes.size(), most));
    if (!budget.takeOutput(bytes.size() * 10))
        shown.truncated = true;
    shown.text.reserve(bytes.size() * 5);
    for (qsizetype at = 0; at < bytes.size(); at += perLine) {
        const QByteArrayView line = bytes.sliced(at, std::min(perLine, bytes.size() - at));
        shown.text += QString::number(at, 16).rightJustified(8, u'0') + u"  "_s
            + QString::fromLatin1(line.toByteArray().toHex(' ')).leftJustified(perLine * 3) + u' ';
        for (const char byte : line)
            shown.text += byte >= ' ' && byte <= '~' ? QLatin1Char(byte) : QLatin1Char('.');
        shown.text += u'\n';
    }
    return shown;
}

Result<QByteArray> writeHex(const QString &text)
{
    QByteArray bytes;
    int number = 0;
    for (const QStringView line : QStringView(text).split(u'\n')) {
        ++number;
        // "00000010  68 65 6c …  |text": the offset and the text at the end are ignored
        const qsizetype offsetEnd = line.indexOf(u"  "_s);
        QString digits = (offsetEnd == 8 ? line.sliced(10).left(48) : line).toString();
        digits.remove(u' ').remove(u'\r').remove(u'\t');
        const auto part = fromHex(digits);
        if (!part)
            return failure(Error::Code::Parse,
                           tr("line %1 contains something that is not a pair of hex digits").arg(number));
        bytes += *part;
    }
    return bytes;
}

Shown showJson(QByteArrayView bytes, bool lines, FormatBudget &budget)
{
    Shown shown;
    shown.syntax = Syntax::Json;
    shown.writable = true;
    const auto texts = lines ? JsonWalker::Texts::Several : JsonWalker::Texts::One;
    const QByteArrayView body = withoutMark(bytes);
    if (body.size() != bytes.size())
        shown.note(tr("The value begins with a byte order mark, which is kept."));
    if (!body.isValidUtf8()) {
        Shown text = showText({}, bytes, budget);
        text.syntax = Syntax::Json;
        return text;
    }
    JsonLaidOut laidOut = layOut(body, lines ? JsonLayout{} : prettyLayout(), texts, budget.outputLeft() / 3, &budget);
    shown.truncated = laidOut.truncated || !budget.takeOutput(laidOut.text.size() * 3);
    shown.problem = laidOut.problem;
    if (shown.problem) {
        shown.problem->offset += bytes.size() - body.size();
        laidOut.text = body.first(std::min(body.size(), budget.outputLeft() / 3))
                           .toByteArray(); // unformatted, because formatting would hide where it is wrong
        shown.writable = false;
        shown.whyNotWritable = tr("The value is not JSON: edit it as text.");
    }
    shown.text = QString::fromUtf8(laidOut.text);
    if (laidOut.lenient)
        shown.warn(
            tr("NaN and Infinity are not JSON (RFC 8259), but some programs write them. They are kept unchanged."));
    bool cut = false;
    if (!shown.truncated)
        shown.tree = jsonTree(body, budget, lines, &cut);
    if (cut)
        shown.note(tr("The tree is cut at a limit of depth or number of members; the text is complete."));
    return shown;
}

Result<QByteArray> writeJson(const QString &text, QByteArrayView original, bool lines, EncodeOptions options)
{
    const QByteArray edited = text.toUtf8();
    if (!text.isValidUtf16())
        return failure(Error::Code::Parse, tr("the text contains half of a surrogate pair"));
    const auto texts = lines ? JsonWalker::Texts::Several : JsonWalker::Texts::One;
    const JsonLayout layout = lines ? JsonLayout{} : layoutOf(original);
    JsonLaidOut out = layOut(edited, layout, texts, std::numeric_limits<qsizetype>::max());
    if (out.problem)
        return failure(
            Error::Code::Parse,
            tr("line %1, column %2: %3").arg(out.problem->line).arg(out.problem->column).arg(out.problem->words));
    if (!options.keepLayout)
        return lines ? out.text + (original.endsWith('\n') ? "\n" : "") : edited;
    if (options.reuseOriginal && sameTokens(edited, withoutMark(original)))
        return original.toByteArray();
    if (lines) {
        out.text += original.endsWith('\n') ? "\n" : "";
        out.text.prepend(original.first(original.size() - withoutMark(original).size()).toByteArray());
    }
    return out.text;
}

Shown showXml(QByteArrayView bytes, FormatBudget &budget)
{
    Shown shown = showText({}, bytes, budget);
    shown.syntax = Syntax::Xml;
    shown.image = imageFacts(bytes); // SVG is both text and image
    return shown;
}

Shown show(const FormatStep &step, QByteArrayView bytes, FormatBudget &budget, const ProtoSchema *schema)
{
    if (step.id == FormatId::Protobuf && !step.option.isEmpty())
        return showTypedProtobuf(schema, step.option, bytes, budget);
    if (const StructureForm *form = structureFormOf(step.id))
        return showStructure(*form, bytes, budget);
    switch (step.id) {
    case FormatId::Text: return showText(step.option, bytes, budget);
    case FormatId::Json: return showJson(bytes, false, budget);
    case FormatId::NdJson: return showJson(bytes, true, budget);
    case FormatId::Xml: return showXml(bytes, budget);
    case FormatId::Html:
    case FormatId::Yaml: {
        Shown shown = showText({}, bytes, budget);
        shown.syntax = step.id == FormatId::Html ? Syntax::Html : Syntax::Yaml;
        return shown;
    }
    case FormatId::Jwt: return showJwt(bytes, budget);
    case FormatId::Image: return showImage(bytes, budget);
    case FormatId::DotNet: return showDotNet(bytes, budget);
    case FormatId::Hex: return showHex(bytes, budget);
    default: return showNumbers(step, bytes, budget);
    }
}

Result<QByteArray> write(const FormatStep &step, const QString &text, QByteArrayView original, FormatBudget &budget,
                         EncodeOptions options, const ProtoSchema *schema)
{
    if (const StructureForm *form = structureFormOf(step.id)) {
        if (form->write == nullptr)
            return failure(Error::Code::InvalidArgument, tr(form->whyNotWritable));
        const auto tree = textToTree(text, budget);
        if (!tree)
            return failure(tree.error());
        if (step.id == FormatId::Protobuf && !step.option.isEmpty())
            return writeTypedProtobuf(schema, step.option, *tree);
        return form->write(*tree);
    }
    switch (step.id) {
    case FormatId::Text:
    case FormatId::Xml:
    case FormatId::Html:
    case FormatId::Yaml: {
        const QString charset = step.id == FormatId::Text ? step.option : QString();
        auto bytes = toCharset(text, charset);
        if (bytes)
            bytes->prepend(fromCharset(original.first(std::min(original.size(), qsizetype(4))), charset).mark);
        return bytes;
    }
    case FormatId::Hex: return writeHex(text);
    case FormatId::Json: return writeJson(text, original, false, options);
    case FormatId::NdJson: return writeJson(text, original, true, options);
    default: return writeNumbers(step, text);
    }
}

} // namespace slotscope
