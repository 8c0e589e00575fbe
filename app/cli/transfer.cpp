// SPDX-License-Identifier: GPL-3.0-or-later
// Keys with their values to a file, and back.
#include "keychoice.h"

#include "core/base/errortext.h"
#include "core/base/ownfiles.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/transfer/exportjob.h"
#include "core/transfer/importjob.h"

#include <QFileInfo>

#include <cerrno>
#include <unistd.h>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

struct TransferWords
{
    KeyChoice choice;
    QString path, conflict = u"skip"_s;
    KeyFileFormat format = KeyFileFormat::Lines;
    int database = -1, perSecond = 0;
    bool dryRun = false, yes = false, help = false;
};

QString exportHelp()
{
    return u"slotscope-cli [options] export FILE|- (--match PATTERN | --from FILE) [OPTION]…\n\n"
           "Writes keys with their values and times to live to a file; - is standard output. Failures are listed, and the\nexit code is then 1. Reading does not change the keys' idle times, if the server supports that.\n\n"_s
        + KeyChoice::help()
        + u"  --format FORMAT   lines: one JSON object per line, lossless, can be imported (default); commands: for\n  "
          u"                  redis-cli, each key is deleted before it is created; csv: one element per line, cannot "
          u"be imported\n"
          "  --database N      database; default: that of the URI\n"
          "  --rate N          at most this many keys per second, over all nodes"_s;
}

QString importHelp()
{
    return u"slotscope-cli [options] import FILE|- [OPTION]…\n\n"
           "Writes the keys of a file that export made, or executes a file of commands line by line, as redis-cli\n"
           "does. Each value is stored under its key in one step, once it is complete. A failure is reported with its\n"
           "line, and the exit code is then 1.\n\n"
           "  --on-conflict skip|replace|ask   if a key exists: skip and list it (default), replace it, or ask\n       "
           "             when the others are done\n"
           "  --dry-run         read the whole file and check which keys exist; write nothing\n"
           "  --database N      target database; default: that of the URI\n"
           "  --rate N          at most this many keys per second, over all nodes\n"
           "  --yes             do not ask"_s;
}

Result<> takeTransferValue(const QString &option, const QByteArray &value, TransferWords &words)
{
    const auto wrong = [&](const QString &what) {
        return failure(Error::Code::InvalidArgument, u"%1 takes %2"_s.arg(option, what));
    };
    if (words.choice.take(option, value))
        return {};
    if (option == u"--format") {
        static const QHash<QByteArray, KeyFileFormat> formats{{"lines"_ba, KeyFileFormat::Lines},
                                                              {"commands"_ba, KeyFileFormat::Commands},
                                                              {"csv"_ba, KeyFileFormat::Csv}};
        if (!formats.contains(value))
            return wrong(u"lines, commands or csv"_s);
        words.format = formats.value(value);
    } else if (option == u"--on-conflict") {
        if (value != "skip" && value != "replace" && value != "ask")
            return wrong(u"skip, replace or ask"_s);
        words.conflict = QString::fromUtf8(value);
    } else {
        const auto number = toInteger(value);
        const bool isDatabase = option == u"--database";
        if (!number || *number < (isDatabase ? 0 : 1) || *number > INT_MAX)
            return wrong(u"a whole number"_s);
        (isDatabase ? words.database : words.perSecond) = int(*number);
    }
    return {};
}

Result<TransferWords> readTransferWords(const Context &context, bool exports)
{
    const QStringList withValue = exports
        ? KeyChoice::options() + QStringList{u"--format"_s, u"--database"_s, u"--rate"_s}
        : QStringList{u"--on-conflict"_s, u"--database"_s, u"--rate"_s};
    const auto wrong = [&](const QString &what) {
        return failure(Error::Code::InvalidArgument, u"%1: %2"_s.arg(context.command, what));
    };
    TransferWords words;
    words.database = context.target ? context.target->database : 0;
    const bool exact = context.rawArguments.size() == context.arguments.size();
    for (qsizetype i = 0; i < context.arguments.size(); ++i) {
        const QString &word = context.arguments[i];
        if (withValue.contains(word)) {
            if (++i == context.arguments.size())
                return wrong(u"%1 needs a value"_s.arg(word));
            const QByteArray value = exact ? context.rawArguments[i] : context.arguments[i].toUtf8();
            if (const Result<> taken = takeTransferValue(word, value, words); !taken)
                return wrong(taken.error().detail);
        } else if (exports && (word == u"--null" || word == u"-0")) {
            words.choice.zero = true;
        } else if (!exports && word == u"--dry-run") {
            words.dryRun = true;
        } else if (!exports && word == u"--yes") {
            words.yes = true;
        } else if (word == u"--help") {
            words.help = true;
        } else if (words.path.isEmpty() && (word == u"-" || !word.startsWith(u'-'))) {
            words.path = word;
        } else {
            return wrong(u"unknown argument “%1”"_s.arg(word));
        }
    }
    words.choice.scan.database = words.database;
    if (words.help)
        return words;
    if (words.path.isEmpty())
        return wrong(u"give a file, or - for standard input or output"_s);
    if (exports && !words.choice.isOne())
        return wrong(u"either --match PATTERN or --from FILE is needed"_s);
    if (words.path == u"-" && words.choice.file == u"-")
        return wrong(u"the names and the keys cannot both use standard input or output"_s);
    return words;
}

QCoro::Task<Result<BulkProgress>> importOnce(ImportRequest request, std::shared_ptr<ClusterSession> session)
{
    ImportJob job(session.get());
    const Signals stops([&job] { job.stop(); });
    const ProgressLine line;
    Result<BulkProgress> done = co_await job.run(request, line.sink(), UserConsent::NameTyped);
    co_return done;
}

} // namespace

QCoro::Task<int> runExport(Context context)
{
    const auto words = readTransferWords(context, true);
    if (!words)
        co_return usageError(words.error().detail);
    if (words->help) {
        printOut(exportHelp());
        co_return exitDone;
    }
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    const auto keys = co_await chooseKeys(words->choice, opened.session);
    if (!keys)
        co_return exitFailed;
    const ExportRequest request{.keys = *keys,
                                .database = words->database,
                                .path = words->path,
                                .format = words->format,
                                .perSecond = words->perSecond};
    ExportJob job(opened.session.get());
    const Signals stops([&job] { job.stop(); });
    std::optional<ProgressLine> line(std::in_place);
    const auto done = co_await job.run(request, line->sink());
    line.reset();
    if (!done) {
        printError(done.error());
        co_return exitFailed;
    }
    co_return tellJob(*done, u"keys written"_s, u"were gone already"_s, context.json, words->path == u"-");
}

QCoro::Task<int> runImport(Context context)
{
    const auto words = readTransferWords(context, false);
    if (!words)
        co_return usageError(words.error().detail);
    if (words->help) {
        printOut(importHelp());
        co_return exitDone;
    }
    if (words->conflict == u"ask" && (words->path == u"-" || !::isatty(STDIN_FILENO)))
        co_return usageError(u"import: --on-conflict ask needs a terminal to ask on, and a file"_s);
    if (const QFileInfo file(words->path); words->path != u"-" && (!file.exists() || !file.isReadable())) {
        printError(fileError(words->path, file.exists() ? EACCES : ENOENT));
        co_return exitFailed;
    }
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    ImportRequest request;
    request.path = words->path;
    request.database = words->database;
    request.conflict = words->conflict == u"replace" ? OnConflict::Replace : OnConflict::Skip;
    request.dryRun = words->dryRun;
    request.perSecond = words->perSecond;
    const bool replaces = request.conflict == OnConflict::Replace;
    const QString what = u"write the keys of %1 to %2"_s.arg(words->path, whereText(opened));
    if (!words->dryRun
        && !agreesTo(what, replaces ? u"Keys that already exist are replaced."_s : QString(), words->yes))
        co_return exitUsage;
    const auto done = co_await importOnce(request, opened.session);
    if (!done) {
        printError(done.error());
        co_return exitFailed;
    }
    const QString changed = words->dryRun ? u"would be written"_s : u"written"_s;
    const QString left = u"skipped: already there, or expired"_s;
    const int code = tellJob(*done, changed, left, context.json, false, true);
    if (words->conflict != u"ask" || done->conflicts.isEmpty() || words->dryRun)
        co_return code;
    for (const QByteArray &key : done->conflicts.mid(0, 20))
        printAside(u"  "_s + QString::fromUtf8(nameText(key)) + u'\n');
    if (!agreesTo(u"replace %1 keys that already exist"_s.arg(groupedNumber(done->conflicts.size())),
                  u"Their current values are lost."_s, false))
        co_return code;
    request.conflict = OnConflict::Replace;
    request.onlyKeys = done->conflicts;
    const auto second = co_await importOnce(request, opened.session);
    if (!second) {
        printError(second.error());
        co_return exitFailed;
    }
    const int secondCode = tellJob(*second, u"replaced"_s, left, context.json, false, true);
    co_return code == exitDone ? secondCode : code;
}

} // namespace slotscope::cli
