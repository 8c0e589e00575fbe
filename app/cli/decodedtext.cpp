// SPDX-License-Identifier: GPL-3.0-or-later
#include "decodedtext.h"

#include "output.h"

#include "core/formats/protofolders.h"

#include <QJsonArray>
#include <QJsonObject>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype mostNamed = 10; // problems and types in a message

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

/// Message types with the same last name, or else all of them, as a help after a wrong name.
QString typesLike(const ProtoSchema &schema, const QString &type)
{
    const QStringList all = schema.types();
    const QString last = type.mid(type.lastIndexOf(u'.') + 1);
    QStringList same;
    for (const QString &name : all)
        if (name.mid(name.lastIndexOf(u'.') + 1).compare(last, Qt::CaseInsensitive) == 0)
            same += name;
    const QStringList &shown = same.isEmpty() ? all : same;
    const QString rest = shown.size() > mostNamed ? u", …"_s : QString();
    return shown.isEmpty() ? u"they define no message types"_s
                           : u"they define "_s + shown.first(std::min(mostNamed, shown.size())).join(u", "_s) + rest;
}

void tellProblems(const ProtoSchema &schema)
{
    const qsizetype count = schema.problems.size();
    QString text;
    for (const ProtoProblem &problem : schema.problems.first(std::min(mostNamed, count)))
        text += problem.toString() + u'\n';
    if (count > mostNamed)
        text += u"… and %1 more\n"_s.arg(count - mostNamed);
    printAside(text);
}

} // namespace

Result<FormatChain> chainOf(const QString &text, const QStringList &protos)
{
    Result<FormatChain> chain = FormatChain::parse(text);
    if (!chain)
        return chain;
    const FormatStep last = chain->steps.last();
    const bool typed = last.id == FormatId::Protobuf && !last.option.isEmpty();
    if (typed == protos.isEmpty())
        return failure(Error::Code::InvalidArgument,
                       typed ? u"protobuf:%1 needs --proto DIR, the folder of its .proto files"_s.arg(last.option)
                             : u"--proto belongs to the format protobuf:TYPE"_s);
    if (!typed)
        return chain;
    chain->schema = readProtoFolders(protos);
    tellProblems(*chain->schema);
    if (chain->schema->message(last.option) == nullptr)
        return failure(Error::Code::InvalidArgument,
                       u"the .proto files define no message type %1; %2"_s.arg(last.option,
                                                                               typesLike(*chain->schema, last.option)));
    return chain;
}

int printDecoded(const QByteArray &bytes, const FormatChain &chain, bool json, bool inOneLine)
{
    const Decoded decoded = decode(bytes, chain);
    const RoundTrip trip = proveRoundTrip(bytes, chain);
    if (!json)
        print(decoded, trip);
    else if (inOneLine)
        printJsonLine(toJson(decoded, trip));
    else
        printJson(toJson(decoded, trip));
    return decoded.problem || decoded.truncated ? exitFailed : exitDone;
}

} // namespace slotscope::cli
