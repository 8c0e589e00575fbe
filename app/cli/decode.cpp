// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "decodedtext.h"
#include "output.h"

#include <QCommandLineParser>
#include <QFile>

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

} // namespace

QCoro::Task<int> runDecode(Context context)
{
    QCommandLineParser parser;
    parser.addOption({u"chain"_s, u"Decode with this chain of formats."_s, u"CHAIN"_s});
    parser.addOption({u"proto"_s, u"Folder of .proto files."_s, u"DIR"_s});
    if (!parser.parse(QStringList{u"decode"_s} + context.arguments))
        co_return usageError(parser.errorText());
    if (parser.positionalArguments().size() != 1)
        co_return usageError(u"decode needs one file, or - for standard input"_s);
    const Result<QByteArray> bytes = readAll(parser.positionalArguments().first());
    if (!bytes) {
        printError(bytes.error());
        co_return exitFailed;
    }
    const QStringList protos = parser.values(u"proto"_s);
    if (!parser.isSet(u"chain"_s) && !protos.isEmpty())
        co_return usageError(u"--proto needs --chain \"… > protobuf:TYPE\""_s);
    FormatChain chain;
    if (parser.isSet(u"chain"_s)) {
        const Result<FormatChain> parsed = chainOf(parser.value(u"chain"_s), protos);
        if (!parsed)
            co_return usageError(u"--chain: "_s + parsed.error().detail);
        chain = *parsed;
    } else {
        chain = detect(*bytes);
    }
    co_return printDecoded(*bytes, chain, context.json, false);
}

} // namespace slotscope::cli
