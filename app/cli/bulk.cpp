// SPDX-License-Identifier: GPL-3.0-or-later
// One thing done with many keys: those that match, or those of a file.
#include "keychoice.h"

#include "core/net/ownuri.h"
#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/keys/bulkjob.h"
#include "core/keys/keyfilter.h"
#include "core/transfer/copyjob.h"
#include "core/transfer/renamejob.h"

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

struct BulkWords
{
    KeyChoice choice;
    QString act;
    qint64 ttlMs = 0;
    int database = -1, perSecond = 0;
    QByteArray prefix; ///< for rename: the current prefix
    std::optional<QByteArray> to; ///< for rename: the new prefix; for copy: the target URI
    bool dryRun = false, yes = false, help = false, replace = false, withoutTtl = false;
};

QString bulkHelp()
{
    return u"slotscope-cli [options] bulk delete|expire|persist|copy|rename (--match PATTERN | --from FILE) "
           "[OPTION]…\n\n"
           "Deletes all keys that match, lets them live for a while or for ever, copies them to another server or "
           "cluster,\n"
           "or renames a prefix. The keys are scanned and counted first, then it asks. Failures are listed,\n"
           "and the exit code is then 1.\n\n"_s
        + KeyChoice::help()
        + u"  --for MS          for expire: time to live from now on, in milliseconds\n"
          "  --without-ttl     for expire: only keys that have no time to live; the others keep theirs\n"
          "  --to URI          for copy: the target; as payloads (DUMP, RESTORE) if the target accepts them, else\n"
          "                    element by element. Each copy is read again and compared\n"
          "  --replace         for copy: replace keys that exist at the target; otherwise they are skipped and listed\n"
          "  --prefix OLD      for rename: the current prefix; --match and --from are not needed then, and\n"
          "  --to NEW          the new prefix. A key whose new name is taken is skipped\n"
          "  --database N      database; default: that of the URI\n"
          "  --rate N          at most this many keys per second, over all nodes\n"
          "  --dry-run         count only, change nothing\n"
          "  --yes             do not ask"_s;
}

Result<> takeBulkValue(const QString &option, const QByteArray &value, BulkWords &words)
{
    if (words.choice.take(option, value))
        return {};
    if (option == u"--prefix") {
        words.prefix = value;
    } else if (option == u"--to") {
        words.to = value;
    } else {
        const auto number = toInteger(value);
        if (!number || *number <= 0 - (option == u"--database" ? 1 : 0))
            return failure(Error::Code::InvalidArgument, u"bulk: %1 needs an integer above zero"_s.arg(option));
        if (option == u"--for")
            words.ttlMs = *number;
        else
            (option == u"--rate" ? words.perSecond : words.database) = int(std::min<qint64>(*number, INT_MAX));
    }
    return {};
}

Result<> checkWords(BulkWords &words)
{
    const auto wrong = [](const QString &what) { return failure(Error::Code::InvalidArgument, u"bulk: "_s + what); };
    if (words.act.isEmpty())
        return wrong(u"use delete, expire, persist, copy or rename"_s);
    if (words.act == u"rename") {
        if (words.prefix.isEmpty() || !words.to)
            return wrong(u"rename needs --prefix OLD and --to NEW"_s);
        if (words.choice.scan.pattern.isEmpty() && words.choice.file.isEmpty())
            words.choice.scan.pattern = globEscaped(words.prefix) + '*';
    } else if (!words.prefix.isEmpty()) {
        return wrong(u"--prefix is only for rename"_s);
    }
    if (!words.choice.isOne())
        return wrong(u"either --match PATTERN or --from FILE is needed"_s);
    if (words.act == u"expire" && words.ttlMs <= 0)
        return wrong(u"expire needs --for MILLISECONDS"_s);
    if (words.act != u"expire" && words.withoutTtl)
        return wrong(u"--without-ttl is only for expire"_s);
    if (words.act == u"copy" && !words.to)
        return wrong(u"copy needs --to URI"_s);
    return {};
}

Result<BulkWords> readBulkWords(const Context &context)
{
    static const QStringList withValue =
        KeyChoice::options() + QStringList{u"--for"_s, u"--rate"_s, u"--database"_s, u"--prefix"_s, u"--to"_s};
    static const QStringList acts{u"delete"_s, u"expire"_s, u"persist"_s, u"copy"_s, u"rename"_s};
    BulkWords words;
    words.database = context.target ? context.target->database : 0;
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
        } else if (word == u"--without-ttl") {
            words.withoutTtl = true;
        } else if (word == u"--replace") {
            words.replace = true;
        } else if (word == u"--null" || word == u"-0") {
            words.choice.zero = true;
        } else if (word == u"--help") {
            words.help = true;
        } else if (words.act.isEmpty() && acts.contains(word)) {
            words.act = word;
        } else {
            return failure(Error::Code::InvalidArgument, u"bulk: unknown argument “%1”"_s.arg(word));
        }
    }
    words.choice.scan.database = words.database;
    if (words.help)
        return words;
    if (const Result<> good = checkWords(words); !good)
        return failure(good.error());
    return words;
}

/// Describes the action, such as "delete 12 keys".
QString actText(const BulkWords &words, qsizetype keys)
{
    const QString count = groupedNumber(keys);
    if (words.act == u"expire")
        return (words.withoutTtl ? u"let those of %1 keys that have no time to live expire in %2"_s
                                 : u"let %1 keys expire in %2"_s)
            .arg(count, duration(words.ttlMs));
    if (words.act == u"persist")
        return u"remove the expiry of %1 keys"_s.arg(count);
    if (words.act == u"rename")
        return u"rename %1 keys from %2… to %3…"_s.arg(count, QString::fromUtf8(nameText(words.prefix)),
                                                       QString::fromUtf8(nameText(*words.to)));
    return u"%1 %2 keys"_s.arg(words.act, count);
}

int tellResult(const Result<BulkProgress> &done, const QString &changed, const QString &untouched, bool json)
{
    if (done)
        return tellJob(*done, changed, untouched, json);
    printError(done.error());
    return exitFailed;
}

QCoro::Task<int> changeKeys(BulkWords words, QByteArrayList keys, std::shared_ptr<ClusterSession> session, bool json)
{
    const bool persists = words.act == u"persist";
    const BulkRequest request{.act = words.act == u"expire" ? BulkRequest::Act::Expire
                                  : persists                ? BulkRequest::Act::Persist
                                                            : BulkRequest::Act::Delete,
                              .ttlMs = words.ttlMs,
                              .onlyWithoutTtl = words.withoutTtl,
                              .keys = keys,
                              .database = words.database,
                              .perSecond = words.perSecond};
    BulkJob job(session.get());
    const Signals stops([&job] { job.stop(); });
    std::optional<ProgressLine> line(std::in_place);
    const auto done = co_await job.run(request, line->sink(), UserConsent::NameTyped);
    line.reset();
    const QString untouched = persists ? u"had no expiry or were gone"_s
        : words.withoutTtl             ? u"already have a time to live or were gone"_s
                                       : u"were gone already"_s;
    co_return tellResult(done, u"keys changed ("_s + words.act + u')', untouched, json);
}

QCoro::Task<int> renameKeys(BulkWords words, QByteArrayList keys, std::shared_ptr<ClusterSession> session, bool json)
{
    const RenameRequest request{
        .keys = keys, .from = words.prefix, .to = *words.to, .database = words.database, .perSecond = words.perSecond};
    RenameJob job(session.get());
    const Signals stops([&job] { job.stop(); });
    std::optional<ProgressLine> line(std::in_place);
    const auto done = co_await job.run(request, line->sink(), UserConsent::NameTyped);
    line.reset();
    co_return tellResult(done, u"keys renamed"_s, u"skipped, because the new name is taken"_s, json);
}

QCoro::Task<int> copyKeysTo(BulkWords words, QByteArrayList keys, std::shared_ptr<ClusterSession> session,
                            Opened target, bool json)
{
    CopyRequest request;
    request.keys = keys;
    request.database = words.database;
    request.target = target.session.get();
    request.targetDatabase = target.target.database;
    request.conflict = words.replace ? OnConflict::Replace : OnConflict::Skip;
    request.perSecond = words.perSecond;
    CopyJob job(session.get());
    const Signals stops([&job] { job.stop(); });
    std::optional<ProgressLine> line(std::in_place);
    const auto done = co_await job.run(request, line->sink(), UserConsent::NameTyped);
    line.reset();
    co_return tellResult(done, u"keys copied and compared"_s, u"skipped: already there, or gone in the meantime"_s,
                         json);
}

/// Connects to the target of a copy.
QCoro::Task<Opened> openTarget(Context context, QByteArray uri)
{
    context.target = parseOwnUri(QString::fromUtf8(uri));
    return openSession(context);
}

} // namespace

QCoro::Task<int> runBulk(Context context)
{
    const auto words = readBulkWords(context);
    if (!words)
        co_return usageError(words.error().detail);
    if (words->help) {
        printOut(bulkHelp());
        co_return exitDone;
    }
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    Opened target;
    if (words->act == u"copy") {
        target = co_await openTarget(context, *words->to);
        if (!target.session)
            co_return exitFailed;
    }
    const auto keys = co_await chooseKeys(words->choice, opened.session);
    if (!keys)
        co_return exitFailed;
    QString what = actText(*words, keys->size()) + u" on "_s + whereText(opened);
    if (target.session)
        what += u" to "_s + whereText(target);
    if (words->dryRun) {
        if (target.session) {
            CopyRequest request;
            request.keys = *keys;
            request.database = words->database;
            request.target = target.session.get();
            request.targetDatabase = target.target.database;
            CopyJob trial(opened.session.get());
            const auto form = co_await trial.tryForm(request, UserConsent::NameTyped);
            if (!form) {
                printError(form.error());
                co_return exitFailed;
            }
            what +=
                form->byPayload ? u", as payloads (DUMP, RESTORE)"_s : u", element by element ("_s + form->why + u')';
        }
        printOut(u"it would "_s + what
                 + (words->choice.file.isEmpty() ? QString() : u" at most: not checked which of them exist"_s));
        co_return exitDone;
    }
    if (keys->isEmpty()) {
        printOut(u"no key matches"_s);
        co_return exitDone;
    }
    const QString warning = words->act == u"delete" ? u"This cannot be undone."_s : QString();
    if (!agreesTo(what, warning, words->yes))
        co_return exitUsage;
    if (target.session)
        co_return co_await copyKeysTo(*words, *keys, opened.session, target, context.json);
    if (words->act == u"rename")
        co_return co_await renameKeys(*words, *keys, opened.session, context.json);
    co_return co_await changeKeys(*words, *keys, opened.session, context.json);
}

} // namespace slotscope::cli
