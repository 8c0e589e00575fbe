// SPDX-License-Identifier: GPL-3.0-or-later
// One thing done with many keys: those that match, or those of a file.
#include "command.h"
#include "valuejson.h"

#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/keys/bulkjob.h"
#include "core/keys/keyindex.h"
#include "core/keys/keyscanner.h"
#include "core/protocol/command.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <unistd.h>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype failuresShown = 20;

struct BulkWords
{
    BulkRequest request;
    ScanRequest scan;
    QString file; ///< of names; empty: what matches
    QString act;
    bool dryRun = false, yes = false, help = false, zero = false;
};

QString bulkHelp()
{
    return u"slotscope-cli [options] bulk delete|expire|persist (--match PATTERN | --from FILE) [OPTION]…\n\n"
           "Deletes all keys that match, lets them live for a while, or for ever. They are scanned and counted first, "
           "then it "
           "asks.\nWhat failed is named, and the exit code is 1 then.\n\n"
           "  --match PATTERN   names that match, as SCAN MATCH does; * is every key\n"
           "  --type TYPE       and are of this type\n"
           "  --from FILE       the names of a file instead, one a line as scan prints them; - is standard input\n"
           "  --null            also -0: the names of FILE end with a zero byte each, as scan -0 prints them\n"
           "  --for MS          of expire: how long they live from now on, in milliseconds\n"
           "  --database N      of this database; default: the URI's\n"
           "  --rate N          at most so many keys a second, over all nodes\n"
           "  --dry-run         count only, change nothing\n"
           "  --yes             do not ask"_s;
}

Result<> takeBulkValue(const QString &option, const QByteArray &value, BulkWords &words)
{
    if (option == u"--match") {
        words.scan.pattern = value;
    } else if (option == u"--type") {
        words.scan.type = value;
    } else if (option == u"--from") {
        words.file = QString::fromUtf8(value);
    } else {
        const auto number = toInteger(value);
        if (!number || *number <= 0 - (option == u"--database" ? 1 : 0))
            return failure(Error::Code::InvalidArgument, u"bulk: %1 takes a whole number above zero"_s.arg(option));
        if (option == u"--for")
            words.request.ttlMs = *number;
        else if (option == u"--rate")
            words.request.perSecond = int(std::min<qint64>(*number, INT_MAX));
        else
            words.request.database = int(std::min<qint64>(*number, INT_MAX));
    }
    return {};
}

Result<BulkWords> readBulkWords(const Context &context)
{
    static const QStringList withValue{u"--match"_s, u"--type"_s, u"--from"_s,
                                       u"--for"_s,   u"--rate"_s, u"--database"_s};
    BulkWords words;
    words.request.database = context.target ? context.target->database : 0;
    const bool exact = context.rawArguments.size() == context.arguments.size();
    for (qsizetype i = 0; i < context.arguments.size(); ++i) {
        const QString &word = context.arguments[i];
        if (withValue.contains(word)) {
            if (++i == context.arguments.size())
                return failure(Error::Code::InvalidArgument, u"bulk: %1 needs a value"_s.arg(word));
            const QByteArray value = exact ? context.rawArguments[i] : context.arguments[i].toUtf8();
            if (const Result<> taken = takeBulkValue(word, value, words); !taken)
                return failure(taken.error());
        } else if (word == u"--dry-run") {
            words.dryRun = true;
        } else if (word == u"--yes") {
            words.yes = true;
        } else if (word == u"--null" || word == u"-0") {
            words.zero = true;
        } else if (word == u"--help") {
            words.help = true;
        } else if (words.act.isEmpty() && (word == u"delete" || word == u"expire" || word == u"persist")) {
            words.act = word;
        } else {
            return failure(Error::Code::InvalidArgument, u"bulk: unknown word “%1”"_s.arg(word));
        }
    }
    words.request.act = words.act == u"expire" ? BulkRequest::Act::Expire
        : words.act == u"persist"              ? BulkRequest::Act::Persist
                                               : BulkRequest::Act::Delete;
    words.scan.database = words.request.database;
    if (words.help)
        return words;
    if (words.act.isEmpty())
        return failure(Error::Code::InvalidArgument, u"bulk: say delete, expire or persist"_s);
    if (words.scan.pattern.isEmpty() == words.file.isEmpty())
        return failure(Error::Code::InvalidArgument, u"bulk: --match PATTERN or --from FILE, one of them"_s);
    if (words.act == u"expire" && words.request.ttlMs <= 0)
        return failure(Error::Code::InvalidArgument, u"bulk: expire needs --for MILLISECONDS"_s);
    return words;
}

/// Each name once.
class Gatherer final : public KeyOutlet
{
public:
    void put(KeyBatch batch) override
    {
        for (const Value &key : batch.keys)
            if (m_index.insert(key.bytes()))
                m_keys.append(key.bytes());
    }
    [[nodiscard]] const QByteArrayList &keys() const { return m_keys; }

private:
    KeyIndex m_index;
    QByteArrayList m_keys;
};

Error badLine(const QString &path, qint64 line, const QString &why)
{
    return {.code = Error::Code::Parse,
            .detail = u"%1, line %2: %3; nothing was done"_s.arg(path).arg(line).arg(why),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

/// The name of one line, as scan prints them: plain, quoted, or a JSON object with "key".
Result<QByteArray> nameOf(const QByteArray &line, const QString &path, qint64 number)
{
    if (line.contains('\0') || line.endsWith('\r'))
        return failure(badLine(path, number,
                               line.endsWith('\r')
                                   ? u"it ends with a carriage return, which would be part of the name"_s
                                   : u"it holds a zero byte: --null reads names that end with one"_s));
    if (line.startsWith("{\"")) {
        const QJsonValue key = QJsonDocument::fromJson(line).object().value(u"key"_s);
        if (key.isString())
            return key.toString().toUtf8();
        if (const QJsonValue base64 = key.toObject().value(u"base64"_s); base64.isString())
            return QByteArray::fromBase64(base64.toString().toLatin1());
        return failure(badLine(path, number, u"it is no JSON object with a key"_s));
    }
    if (!line.startsWith('"') && !line.startsWith('\'') && !line.contains(' ') && !line.contains('\t'))
        return line;
    const Result<Command> parsed = parseCommandLine(line);
    if (!parsed)
        return failure(badLine(path, number, u"the quotes are not well-formed"_s));
    if (parsed->size() != 1)
        return failure(badLine(path, number, u"it holds more than a name; names with blanks stand in quotes"_s));
    return parsed->front();
}

/// Error names the line.
Result<QByteArrayList> namesOf(const QString &path, bool zero)
{
    QFile file(path);
    const bool open = path == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!open)
        return failure(Error::Code::Io, u"%1: %2"_s.arg(path, file.errorString()));
    QByteArrayList names;
    KeyIndex seen;
    qint64 number = 0;
    const QByteArrayList lines = file.readAll().split(zero ? '\0' : '\n');
    for (const QByteArray &line : lines) {
        ++number;
        if (line.isEmpty() && number == lines.size())
            break;
        const Result<QByteArray> name = zero ? Result<QByteArray>(line) : nameOf(line, path, number);
        if (!name)
            return failure(name.error());
        if (seen.insert(*name))
            names.append(*name);
    }
    return names;
}

QString actText(const BulkWords &words, qsizetype keys)
{
    const QString count = groupedNumber(keys);
    switch (words.request.act) {
    case BulkRequest::Act::Expire: return u"let %1 keys live for %2"_s.arg(count, duration(words.request.ttlMs));
    case BulkRequest::Act::Persist: return u"let %1 keys live for ever"_s.arg(count);
    case BulkRequest::Act::Delete: break;
    }
    return u"delete %1 keys"_s.arg(count);
}

/// False where the user does not want it, or cannot be asked.
bool isAgreed(const BulkWords &words, const Opened &opened)
{
    if (words.yes)
        return true;
    const QString what = actText(words, words.request.keys.size());
    if (!::isatty(STDIN_FILENO)) {
        printError(u"it would %1 on %2. Nothing was changed: without a terminal to ask on, --yes is needed"_s.arg(
            what, opened.target.title()));
        return false;
    }
    printAside(u"This will %1 on %2. It cannot be taken back.\nType yes to do it: "_s.arg(what, opened.target.title()));
    char line[512] = {};
    if (std::fgets(line, sizeof line, stdin) && QString::fromUtf8(line).trimmed() == u"yes")
        return true;
    printError(u"nothing was changed"_s);
    return false;
}

int tellBulk(const BulkProgress &progress, const BulkWords &words, bool json)
{
    if (json) {
        QJsonArray failures;
        for (const BulkFailure &failure : progress.failures)
            failures.append(
                QJsonObject{{u"key"_s, toJson(Value::bulk(failure.key))}, {u"error"_s, describe(failure.error)}});
        printJson({{u"keys"_s, progress.total},
                   {u"changed"_s, progress.changed},
                   {u"untouched"_s, progress.untouched},
                   {u"failed"_s, progress.failed},
                   {u"whole"_s, progress.state == BulkProgress::State::Done},
                   {u"failures"_s, failures}});
    } else {
        for (const BulkFailure &failure : progress.failures.mid(0, failuresShown))
            printError(QString::fromUtf8(nameText(failure.key)) + u": "_s + describe(failure.error));
        if (progress.failed > failuresShown)
            printError(u"… and %1 more"_s.arg(groupedNumber(progress.failed - failuresShown)));
        printOut(u"%1: %2 of %3 keys changed, %4 %5, %6 failed, in %7%8"_s.arg(
            words.act, groupedNumber(progress.changed), groupedNumber(progress.total),
            groupedNumber(progress.untouched),
            words.request.act == BulkRequest::Act::Persist ? u"lived for ever already or were gone"_s
                                                           : u"were gone already"_s,
            groupedNumber(progress.failed), duration(progress.elapsedMs),
            progress.state == BulkProgress::State::Stopped
                ? u" · stopped, %1 not reached"_s.arg(groupedNumber(progress.total - progress.handled()))
                : QString()));
    }
    return progress.state == BulkProgress::State::Done && progress.failed == 0 ? exitDone : exitFailed;
}

} // namespace

QCoro::Task<int> runBulk(Context context)
{
    auto words = readBulkWords(context);
    if (!words)
        co_return usageError(words.error().detail);
    if (words->help) {
        printOut(bulkHelp());
        co_return exitDone;
    }
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    if (!words->file.isEmpty()) {
        const auto names = namesOf(words->file, words->zero);
        if (!names) {
            printError(names.error());
            co_return exitFailed;
        }
        words->request.keys = *names;
    } else {
        KeyScanner scanner(opened.session.get());
        const Signals stops([&scanner] { scanner.stop(); });
        const auto gatherer = std::make_shared<Gatherer>();
        const auto scanned = co_await scanner.scan(words->scan, gatherer, [&](const ScanProgress &progress) {
            showProgress(summaryOf(progress, words->scan));
        });
        clearProgress();
        if (!scanned) {
            printError(scanned.error());
            co_return exitFailed;
        }
        if (!scanned->isWhole()) {
            printError(
                u"not every key could be read (%1), so nothing was changed"_s.arg(summaryOf(*scanned, words->scan)));
            co_return exitFailed;
        }
        words->request.keys = gatherer->keys();
    }
    if (words->dryRun) {
        printOut(u"it would "_s + actText(*words, words->request.keys.size())
                 + (words->file.isEmpty() ? QString() : u" at most: whether they exist was not asked"_s));
        co_return exitDone;
    }
    if (words->request.keys.isEmpty()) {
        printOut(u"no key matches"_s);
        co_return exitDone;
    }
    if (!isAgreed(*words, opened))
        co_return exitUsage;
    BulkJob job(opened.session.get());
    const Signals stops([&job] { job.stop(); });
    QObject receiver;
    const auto sink = std::make_shared<BatchSink<BulkProgress>>(&receiver, [](const Batch<BulkProgress> &batch) {
        if (!batch.items.empty() && !batch.items.back().isOver())
            showProgress(u"%1 of %2 keys"_s.arg(groupedNumber(batch.items.back().handled()),
                                                groupedNumber(batch.items.back().total)));
    });
    const auto done = co_await job.run(words->request, sink, UserConsent::NameTyped);
    clearProgress();
    if (!done) {
        printError(done.error());
        co_return exitFailed;
    }
    co_return tellBulk(*done, *words, context.json);
}

} // namespace slotscope::cli
