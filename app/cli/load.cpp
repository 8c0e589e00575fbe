// SPDX-License-Identifier: GPL-3.0-or-later
// A load test of the cluster, its report, and the keys that an earlier one left.
#include "command.h"
#include "loadtext.h"

#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/load/loadcommand.h"
#include "core/load/loadgenerator.h"

#include <QCoro/QCoroTimer>

#include <QDateTime>

#include <chrono>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int lookEveryMs = 100;

struct LoadWords
{
    LoadSpec spec;
    QString compare; ///< path of a report, or "last"
    bool clean = false, yes = false, help = false;
    bool hasSeconds = false, hasMix = false, hasKeys = false;
};

QString loadHelp()
{
    return u"slotscope-cli [options] load [OPTION]…\n"
           "slotscope-cli [options] load --clean [--yes]\n\n"
           "Sends requests to all primaries and prints the rate, percentiles of the times, and errors, in total and "
           "for\n"
           "each node. With --rate each request has a due time, whatever the servers do, and is measured from then.\n"
           "Its keys have a prefix of their own and are deleted at the end; keys left by a test that ended early are "
           "deleted by\n"
           "--clean. Keys to be read are written first, each once, and each key is deleted once; with --rate both run "
           "at that\n"
           "rate, but at least at 5,000 per second.\n\n"
           "  --rate N            requests per second; default: as many as possible\n"
           "  --duration SECONDS  default 30, or no limit with --count\n"
           "  --count N           number of requests\n"
           "  --warm-up SECONDS   before that, not counted; default 2\n"
           "  --clients N         connections, all nodes together; default 50\n"
           "  --pipeline N        requests in flight per connection; default 1\n"
           "  --mix LIST          commands with their weights, such as get=9,set=1 (the default); known ones:\n"
           "                      "_s
        + QString::fromLatin1(LoadCommand::knownNames().join(", "))
        + u"\n"
          "                      or lines of your own with {key}, {value}, {number}: 'setrange {key} 0 {value}=1'\n"
          "                      (a comma or = of a line stands in quotes; may be given several times)\n"
          "  --size BYTES        of a value: 64 (the default), or 64-1024, or 4k\n"
          "  --keys N            keys per type; default 100000, or with --rate as many as there are requests\n"
          "  --distribution D    uniform (the default), zipf, zipf:1.2, sequential\n"
          "  --tags N            keys share N hash tags; default: no hash tags\n"
          "  --replicas          reads go to replicas\n"
          "  --no-fill           keys to be read are not written first\n"
          "  --prefix TEXT       of the keys, before the number of the run; default slotscope:load:\n"
          "  --ttl SECONDS       expiry of keys that SET creates; default 86400, 0: none\n"
          "  --threads N         sending threads; default: one per primary, at most one per CPU (or four)\n"
          "  --seed N            the same numbers of keys in the same order\n"
          "  --keep              do not delete the keys; --clean deletes them\n"
          "  --compare FILE      with an earlier report: a file of --json, or last\n"
          "  --clean             deletes keys that earlier tests left on this cluster\n"
          "  --yes               do not ask (production, --clean)\n\n"
          "Ctrl+C ends the test; its report is printed and its keys are deleted. Exit code 1 if there were errors."_s;
}

Result<> takeLoadNumber(const QString &option, const QByteArray &value, LoadWords &words)
{
    const auto number = toInteger(value);
    if (!number || *number < 0)
        return failure(Error::Code::InvalidArgument, u"load: %1 needs an integer"_s.arg(option));
    const int small = int(std::min<qint64>(*number, INT_MAX));
    LoadSpec &spec = words.spec;
    if (option == u"--rate")
        spec.rate = double(*number);
    else if (option == u"--duration")
        spec.seconds = small, words.hasSeconds = true;
    else if (option == u"--count")
        spec.count = *number;
    else if (option == u"--warm-up")
        spec.warmUpSeconds = small;
    else if (option == u"--clients")
        spec.clients = small;
    else if (option == u"--pipeline")
        spec.pipeline = small;
    else if (option == u"--keys")
        spec.keys = *number, words.hasKeys = true;
    else if (option == u"--tags")
        spec.tags = small;
    else if (option == u"--ttl")
        spec.ttlSeconds = small;
    else if (option == u"--threads")
        spec.threads = small;
    else
        spec.seed = quint64(*number);
    return {};
}

Result<> takeLoadValue(const QString &option, const QByteArray &value, LoadWords &words)
{
    if (option == u"--size")
        return parseLoadSize(value, words.spec);
    if (option == u"--distribution")
        return parseLoadDistribution(value, words.spec);
    if (option == u"--prefix") {
        words.spec.prefix = value;
    } else if (option == u"--compare") {
        words.compare = QString::fromUtf8(value);
    } else if (option == u"--mix") {
        const auto mix = parseLoadMix(value);
        if (!mix)
            return failure(mix.error());
        words.spec.mix = std::exchange(words.hasMix, true) ? words.spec.mix + *mix : *mix;
    } else {
        return takeLoadNumber(option, value, words);
    }
    return {};
}

Result<LoadWords> readLoadWords(const Context &context)
{
    static const QStringList withValue{u"--rate"_s,    u"--duration"_s, u"--count"_s,   u"--warm-up"_s,
                                       u"--clients"_s, u"--pipeline"_s, u"--keys"_s,    u"--tags"_s,
                                       u"--ttl"_s,     u"--threads"_s,  u"--seed"_s,    u"--size"_s,
                                       u"--mix"_s,     u"--prefix"_s,   u"--compare"_s, u"--distribution"_s};
    LoadWords words;
    const bool exact = context.rawArguments.size() == context.arguments.size();
    for (qsizetype i = 0; i < context.arguments.size(); ++i) {
        const QString &word = context.arguments[i];
        if (withValue.contains(word)) {
            if (++i == context.arguments.size())
                return failure(Error::Code::InvalidArgument, u"load: %1 needs a value"_s.arg(word));
            const QByteArray value = exact ? context.rawArguments[i] : context.arguments[i].toUtf8();
            if (const Result<> taken = takeLoadValue(word, value, words); !taken)
                return failure(taken.error());
        } else if (word == u"--replicas") {
            words.spec.replicas = true;
        } else if (word == u"--no-fill") {
            words.spec.fill = false;
        } else if (word == u"--keep") {
            words.spec.keep = true;
        } else if (word == u"--clean") {
            words.clean = true;
        } else if (word == u"--yes") {
            words.yes = true;
        } else if (word == u"--help" || word == u"-h") {
            words.help = true;
        } else {
            return failure(Error::Code::InvalidArgument, u"load: unknown argument “%1”"_s.arg(word));
        }
    }
    if (words.spec.count > 0 && !words.hasSeconds)
        words.spec.seconds = 0;
    // Without this, more keys would be written and deleted than the requests use.
    if (words.spec.rate > 0 && !words.hasKeys) {
        const qint64 requests = words.spec.count > 0
            ? words.spec.count
            : qint64(words.spec.rate * (words.spec.seconds + words.spec.warmUpSeconds));
        words.spec.keys = std::clamp<qint64>(requests, 1, words.spec.keys);
    }
    if (const Result<> good = checkedLoad(words.spec); !good)
        return failure(good.error());
    return words;
}

/// Prints one line per second on a terminal, until the test is over.
QCoro::Task<> tellLoad(std::shared_ptr<LoadGenerator> generator, std::shared_ptr<bool> over)
{
    while (!*over) {
        QTimer wait;
        wait.start(lookEveryMs);
        co_await wait;
        if (*over)
            break;
        const LoadState state = generator->state();
        showProgress(loadProgressText(state));
    }
    clearProgress();
}

/// Shows what would be deleted and asks: production requires its name, everything else a yes.
std::optional<UserConsent> consentToClean(const Opened &opened, const QList<LoadRecord> &records, bool yes)
{
    GateVerdict verdict = opened.session->judgeLoad();
    if (verdict.kind == GateVerdict::Kind::Refuse)
        return consentTo(verdict, opened.target, yes);
    QStringList lines;
    for (const LoadRecord &record : records)
        lines.append(u"%1…, up to %2 keys of the load test of %3%4"_s.arg(
            QString::fromUtf8(nameText(record.prefix)), groupedNumber(record.keys * record.kinds.size()),
            QDateTime::fromMSecsSinceEpoch(record.startedAt).toString(Qt::ISODate),
            record.kept ? u", which were kept on purpose"_s : QString()));
    if (verdict.kind == GateVerdict::Kind::Allow)
        verdict.kind = GateVerdict::Kind::Ask;
    if (!verdict.why.isEmpty())
        lines.append(verdict.why);
    verdict.why = u"This deletes keys on %1:\n"_s.arg(opened.target.title()) + lines.join(u'\n');
    return consentTo(verdict, opened.target, yes);
}

QCoro::Task<int> cleanLeft(Opened opened, bool yes, bool json)
{
    const auto generator = std::make_shared<LoadGenerator>(QPointer<ClusterSession>(opened.session.get()));
    const auto stopped = std::make_shared<bool>(false);
    const Signals stops([generator, stopped] {
        *stopped = true;
        generator->stop();
    });
    const auto left = co_await generator->left(true);
    if (!left) {
        printError(left.error());
        co_return exitFailed;
    }
    const QStringList unreadable = LoadStore().unreadable();
    if (!unreadable.isEmpty())
        printError(unreadableLoadWords(unreadable));
    bool failed = !unreadable.isEmpty();
    qint64 removed = 0;
    const QList<LoadRecord> records = *left;
    std::optional<UserConsent> consent = UserConsent::None;
    if (!records.isEmpty())
        consent = consentToClean(opened, records, yes);
    if (!consent)
        co_return exitUsage;
    for (const LoadRecord &record : records) {
        if (*stopped) {
            failed = true;
            break;
        }
        const auto done = co_await generator->clean(record, *consent);
        if (!done) {
            failed = true;
            printError(done.error());
            continue;
        }
        removed += *done;
        if (!json)
            printOut(u"%1…: %2 keys deleted\n"_s.arg(QString::fromUtf8(nameText(record.prefix)), groupedNumber(*done)));
    }
    if (json)
        printJson({{u"tests"_s, records.size()}, {u"removed"_s, removed}, {u"failed"_s, failed}});
    else if (records.isEmpty() && !failed)
        printOut(u"no load test has left any keys here\n"_s);
    co_return failed ? exitFailed : exitDone;
}

Result<LoadReport> earlierReport(const QString &name, const QList<StoredLoad> &stored)
{
    if (name != u"last")
        return LoadStore::read(name);
    for (const StoredLoad &each : stored) // a test that was stopped or failed has incomplete results
        if (auto read = LoadStore::read(each.path); read && read->isWhole())
            return read;
    return failure(Error::Code::InvalidArgument,
                   u"there is no earlier load test of this cluster that ran to its end"_s);
}

QCoro::Task<int> runTest(Opened opened, LoadWords words, UserConsent consent, bool json)
{
    const auto generator = std::make_shared<LoadGenerator>(QPointer<ClusterSession>(opened.session.get()));
    const Signals stops([generator] { generator->stop(); });
    std::optional<LoadReport> earlier;
    if (!words.compare.isEmpty()) {
        const auto stored = co_await generator->stored();
        const auto read = earlierReport(words.compare, stored ? *stored : QList<StoredLoad>());
        if (!read) {
            printError(read.error());
            co_return exitFailed;
        }
        earlier = *read;
    }
    const auto left = co_await generator->left(false);
    if (left && !left->isEmpty())
        printError(u"keys of a load test that ended early still exist (%1…): “load --clean” deletes them"_s.arg(
            QString::fromUtf8(nameText(left->front().prefix))));
    const auto over = std::make_shared<bool>(false);
    QCoro::Task<> telling = tellLoad(generator, over);
    const auto done = co_await generator->run(words.spec, consent);
    *over = true;
    co_await telling;
    if (!done) {
        printError(done.error());
        co_return done.error().code == Error::Code::InvalidArgument ? exitUsage : exitFailed;
    }
    const LoadReport &report = **done;
    if (json) {
        QJsonObject document = jsonOf(report);
        if (earlier)
            document[u"compared"_s] = loadChangesJson(*earlier, report);
        printJson(document);
    } else {
        printOut(loadReportText(report));
        if (earlier)
            printOut(loadChangesText(*earlier, report));
    }
    if (report.problem)
        printError(*report.problem);
    co_return report.problem || report.all.errorSum() > 0 ? exitFailed : exitDone;
}

} // namespace

QCoro::Task<int> runLoad(Context context)
{
    const auto words = readLoadWords(context);
    if (!words)
        co_return usageError(words.error().detail);
    if (words->help) {
        printOut(loadHelp());
        co_return exitDone;
    }
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    if (words->clean)
        co_return co_await cleanLeft(opened, words->yes, context.json);
    const GateVerdict verdict = opened.session->judgeLoad();
    const auto consent = consentTo(verdict, opened.target, words->yes);
    if (!consent)
        co_return exitUsage;
    co_return co_await runTest(opened, *words, *consent, context.json);
}

} // namespace slotscope::cli
