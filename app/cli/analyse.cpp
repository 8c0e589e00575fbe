// SPDX-License-Identifier: GPL-3.0-or-later
// What all keys of a cluster come to: types, namespaces, times to live, the biggest, what is worth doing.
#include "analysetext.h"
#include "command.h"

#include "core/analysis/analyser.h"
#include "core/analysis/reportjson.h"
#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

struct AnalyseWords
{
    AnalysisRequest request;
    QString node; ///< as it was typed; empty: all
    int depth = 2, top = 10;
    bool hasDelimiters = false; ///< some were given: the standard one goes
    bool help = false;
};

QString analyseHelp()
{
    return u"slotscope-cli [options] analyse [OPTION]…\n\n"
           "Reads all keys and tells what they come to: how many of which type, memory by namespace, times to live,\n"
           "the biggest keys, what is worth doing. Each key costs its node a SCAN's part and five to six short "
           "commands.\n\n"
           "  --match PATTERN   only names that match, as SCAN MATCH does\n"
           "  --type TYPE       only keys of that type: string, list, hash, set, zset, stream, or a module's\n"
           "  --node NODE       only what this node has; an id, the start of one, or HOST:PORT\n"
           "  --replicas        from a replica of each shard\n"
           "  --slots RANGES    only keys of these slots: 0-5460,7000\n"
           "  --database N      of this database; default: the URI's\n"
           "  --ceiling MS      how long a call may hold a server up; default 5. Fewer keys at once where it takes "
           "longer\n"
           "  --samples N       elements of a key that MEMORY USAGE looks at; default 5\n"
           "  --delimiter TEXT  what parts names into namespaces; default “:”. May be given several times\n"
           "  --depth N         how deep namespaces are printed; default 2\n"
           "  --top N           how many namespaces, keys and slots are printed; default 10\n"
           "  --no-idle         do not ask how long a key was not used (how often, under an LFU policy)\n"
           "  --touch           ask for lengths also where that makes keys look used (Redis before 7.2)\n"
           "  --heat SECONDS    how long the work of slots is looked at before; default 3, 0: not\n\n"
           "Ctrl+C ends it early: what was read until then is told, as a part."_s;
}

Result<int> countOf(const QString &option, const QByteArray &word, int least, int most)
{
    const auto number = toInteger(word);
    if (!number || *number < least || *number > most)
        return failure(Error::Code::InvalidArgument,
                       u"analyse: %1 takes a number from %2 to %3"_s.arg(option).arg(least).arg(most));
    return int(*number);
}

/// Takes a number; false where the option has none.
Result<bool> takeCount(const QString &option, const QByteArray &value, AnalyseWords &words)
{
    int *into = nullptr;
    int least = 0, most = 1000, times = 1;
    if (option == u"--database") {
        into = &words.request.scan.database;
        most = 1'000'000;
    } else if (option == u"--ceiling") {
        into = &words.request.scan.ceilingMs;
        least = 1;
        most = 10'000;
    } else if (option == u"--samples") {
        into = &words.request.samples;
        least = 1;
    } else if (option == u"--depth") {
        into = &words.depth;
        least = 1;
    } else if (option == u"--top") {
        into = &words.top;
        least = 1;
        most = 100;
    } else if (option == u"--heat") {
        into = &words.request.heatMs;
        times = 1000;
        most = 3600;
    } else {
        return false;
    }
    const auto number = countOf(option, value, least, most);
    if (!number)
        return failure(number.error());
    *into = *number * times;
    return true;
}

Result<> takeAnalyseValue(const QString &option, const QByteArray &value, AnalyseWords &words)
{
    const auto taken = takeCount(option, value, words);
    if (!taken)
        return failure(taken.error());
    if (*taken)
        return {};
    if (option == u"--match") {
        words.request.scan.pattern = value;
    } else if (option == u"--type") {
        words.request.scan.type = value;
    } else if (option == u"--node") {
        words.node = QString::fromUtf8(value);
        words.request.scan.from = ScanRequest::From::OneNode;
    } else if (option == u"--slots") {
        const auto slots_ = SlotSet::parse(value);
        if (!slots_)
            return failure(slots_.error());
        words.request.scan.slotsOnly = *slots_;
    } else if (value.isEmpty()) {
        return failure(Error::Code::InvalidArgument, u"analyse: --delimiter takes a text"_s);
    } else {
        if (!std::exchange(words.hasDelimiters, true))
            words.request.delimiters.clear();
        words.request.delimiters.append(value);
    }
    return {};
}

Result<AnalyseWords> readAnalyseWords(const Context &context)
{
    static const QStringList withValue{u"--match"_s,    u"--type"_s,    u"--node"_s,    u"--slots"_s,
                                       u"--database"_s, u"--ceiling"_s, u"--samples"_s, u"--delimiter"_s,
                                       u"--depth"_s,    u"--top"_s,     u"--heat"_s};
    AnalyseWords words;
    const QStringList &arguments = context.arguments;
    const bool isRaw = context.rawArguments.size() == arguments.size(); // a pattern is not text
    words.request.scan.database = context.target ? std::max(0, context.target->database) : 0;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &word = arguments[i];
        if (withValue.contains(word)) {
            if (++i == arguments.size())
                return failure(Error::Code::InvalidArgument, u"analyse: %1 needs a value"_s.arg(word));
            const QByteArray value = isRaw ? context.rawArguments[i] : arguments[i].toUtf8();
            if (const Result<> taken = takeAnalyseValue(word, value, words); !taken)
                return failure(taken.error());
        } else if (word == u"--replicas") {
            words.request.scan.from = ScanRequest::From::Replicas;
        } else if (word == u"--no-idle") {
            words.request.asksIdle = false;
        } else if (word == u"--touch") {
            words.request.touches = true;
        } else if (word == u"--help" || word == u"-h") {
            words.help = true;
        } else {
            return failure(Error::Code::InvalidArgument, u"analyse: unknown word “%1”"_s.arg(word));
        }
    }
    if (!words.node.isEmpty() && words.request.scan.from == ScanRequest::From::Replicas)
        return failure(Error::Code::InvalidArgument, u"analyse: --node or --replicas, not both"_s);
    return words;
}

QString progressWords(const AnalysisProgress &progress, const ScanRequest &scan)
{
    if (progress.step == AnalysisProgress::Step::Heat)
        return u"looking at the work of slots…"_s;
    return u"%1 keys counted, %2 · %3"_s.arg(groupedNumber(progress.counted), byteSize(progress.bytes),
                                             summaryOf(progress.scan, scan));
}

} // namespace

QCoro::Task<int> runAnalyse(Context context)
{
    auto words = readAnalyseWords(context);
    if (!words)
        co_return usageError(words.error().detail);
    if (words->help) {
        printOut(analyseHelp());
        co_return exitDone;
    }
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    if (!words->node.isEmpty()) {
        const auto id = opened.session->resolveNode(words->node);
        if (!id) {
            printError(id.error());
            co_return exitUsage;
        }
        words->request.scan.nodeId = *id;
    }
    words->request.cluster = opened.target.title();
    Analyser analyser(opened.session.get());
    const Signals signalsSeen([&analyser] { analyser.stop(); });
    const ScanRequest scan = words->request.scan;
    Analyser::Report report = [scan](const AnalysisProgress &progress) { showProgress(progressWords(progress, scan)); };
    const auto made = co_await analyser.analyse(words->request, std::move(report));
    clearProgress();
    if (!made) {
        printError(made.error());
        co_return exitFailed;
    }
    if (context.json)
        printJson(reportToJson(**made));
    else
        printOut(reportText(**made, {.depth = words->depth, .top = words->top}));
    for (const QString &problem : (*made)->outcome.problems)
        printAside(problem + u'\n');
    co_return (*made)->outcome.isPartial() ? exitFailed : exitDone;
}

} // namespace slotscope::cli
