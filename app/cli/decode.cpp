// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "output.h"

#include "core/base/tr.h"
#include "core/formats/formats.h"

#include <QCommandLineParser>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<QByteArray> readAll(const QString &name)
{
    QFile file(name);
    const bool opened = name == u"-" ? file.open(0, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!opened)
        return failure(Error::Code::Io, name + u": "_s + file.errorString());
    return file.readAll();
}

QString proofWord(RoundTrip::Proof proof)
{
    switch (proof) {
    case RoundTrip::Proof::SameBytes: return u"same-bytes"_s;
    case RoundTrip::Proof::SameMeaning: return u"same-meaning"_s;
    case RoundTrip::Proof::None: break;
    }
    return u"none"_s;
}

QJsonObject problemJson(const FormatProblem &problem)
{
    return {{u"step"_s, problem.step},
            {u"offset"_s, problem.offset},
            {u"line"_s, problem.line},
            {u"column"_s, problem.column},
            {u"words"_s, problem.words}};
}

QJsonObject toJson(const Decoded &decoded, const RoundTrip &trip)
{
    QJsonArray notes, sizes;
    for (const FormatNote &note : decoded.notes)
        notes += note.text;
    for (const qsizetype size : decoded.sizes)
        sizes += size;
    QJsonObject json{{u"chain"_s, decoded.chain.toString()},
                     {u"sizes"_s, sizes},
                     {u"notes"_s, notes},
                     {u"text"_s, decoded.text},
                     {u"truncated"_s, decoded.truncated},
                     {u"writable"_s, decoded.writable},
                     {u"round_trip"_s, proofWord(trip.proof)},
                     {u"round_trip_words"_s, trip.words}};
    if (!decoded.writable)
        json.insert(u"why_not_writable"_s, decoded.whyNotWritable);
    if (decoded.problem)
        json.insert(u"problem"_s, problemJson(*decoded.problem));
    if (decoded.image)
        json.insert(u"image"_s,
                    QJsonObject{{u"format"_s, decoded.image->format},
                                {u"width"_s, decoded.image->width},
                                {u"height"_s, decoded.image->height}});
    return json;
}

QString problemText(const FormatProblem &problem, const FormatChain &chain)
{
    const QString step = problem.step < chain.steps.size() ? idOf(chain.steps[problem.step].id) : u"text"_s;
    const QString place = problem.line > 0 ? u"line %1, column %2"_s.arg(problem.line).arg(problem.column)
                                           : u"byte %1"_s.arg(problem.offset);
    return step + u", "_s + place + u": "_s + problem.words;
}

void print(const Decoded &decoded, const RoundTrip &trip)
{
    QStringList sizes;
    for (const qsizetype size : decoded.sizes)
        sizes += QString::number(size);
    QStringList words{u"format: %1 (%2 bytes)"_s.arg(decoded.chain.toString(), sizes.join(u" > "_s))};
    for (const FormatNote &note : decoded.notes)
        words += (note.kind == FormatNote::Kind::Warning ? u"warning: "_s : u"note: "_s) + note.text;
    words += u"writing back: "_s + trip.words;
    printAside(words.join(u'\n') + u'\n');
    printOut(decoded.text);
    if (decoded.problem)
        printError(problemText(*decoded.problem, decoded.chain));
}

} // namespace

QCoro::Task<int> runDecode(Context context)
{
    QCommandLineParser parser;
    parser.addOption({u"chain"_s, u"Decode with this chain of formats."_s, u"CHAIN"_s});
    if (!parser.parse(QStringList{u"decode"_s} + context.arguments))
        co_return usageError(parser.errorText());
    if (parser.positionalArguments().size() != 1)
        co_return usageError(u"decode needs one file, or - for standard input"_s);
    const Result<QByteArray> bytes = readAll(parser.positionalArguments().first());
    if (!bytes) {
        printError(bytes.error());
        co_return exitFailed;
    }
    FormatChain chain;
    if (parser.isSet(u"chain"_s)) {
        const Result<FormatChain> parsed = FormatChain::parse(parser.value(u"chain"_s));
        if (!parsed)
            co_return usageError(u"--chain: "_s + parsed.error().detail);
        chain = *parsed;
    } else {
        chain = detect(*bytes);
    }
    const Decoded decoded = decode(*bytes, chain);
    const RoundTrip trip = proveRoundTrip(*bytes, chain);
    if (context.json)
        printJson(toJson(decoded, trip));
    else
        print(decoded, trip);
    co_return decoded.problem || decoded.truncated ? exitFailed : exitDone;
}

} // namespace slotscope::cli
