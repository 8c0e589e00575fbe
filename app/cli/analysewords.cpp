// SPDX-License-Identifier: GPL-3.0-or-later
// The words of `slotscope-cli analyse`.
#include "analysewords.h"

#include "core/base/text.h"

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<int> countOf(const QString &option, const QByteArray &word, int least, int most)
{
    const auto number = toInteger(word);
    if (!number || *number < least || *number > most)
        return failure(Error::Code::InvalidArgument,
                       u"analyse: %1 needs a number from %2 to %3"_s.arg(option).arg(least).arg(most));
    return int(*number);
}

/// Reads an option with a number; returns false if `option` is not one of those.
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
    if (option == u"--rdb") {
        words.rdb.paths.append(QString::fromLocal8Bit(value));
    } else if (option == u"--show" || option == u"--compare") {
        if (value.isEmpty())
            return failure(Error::Code::InvalidArgument, u"analyse: %1 needs a file, or “last”"_s.arg(option));
        (option == u"--show" ? words.show : words.compare) = QString::fromLocal8Bit(value);
    } else if (option == u"--match") {
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
        return failure(Error::Code::InvalidArgument, u"analyse: --delimiter needs a text"_s);
    } else {
        if (!std::exchange(words.hasDelimiters, true))
            words.request.delimiters.clear();
        words.request.delimiters.append(value);
    }
    return {};
}

/// Reports options that cannot be combined.
Result<> checkAnalyseWords(const AnalyseWords &words, bool json)
{
    const auto wrong = [](const QString &text) { return failure(Error::Code::InvalidArgument, u"analyse: "_s + text); };
    const ScanRequest &scan = words.request.scan;
    const bool isOfFiles = !words.rdb.paths.isEmpty();
    const bool isOfServers =
        scan.from != ScanRequest::From::Primaries || !scan.pattern.isEmpty() || scan.slotsOnly.has_value();
    const bool isChosen = isOfServers || !scan.type.isEmpty() || isOfFiles;
    if (isOfFiles && isOfServers)
        return wrong(u"--rdb cannot be combined with --match, --node, --replicas and --slots"_s);
    if (words.keySizes && (isChosen || words.html || words.csv || words.save || words.list))
        return wrong(u"--keysizes counts all keys: it can only be combined with --database and --json"_s);
    if (words.keySizes && !(words.show + words.compare).isEmpty())
        return wrong(u"--keysizes makes no report: it cannot be shown or compared"_s);
    if (words.list && (isChosen || words.html || words.csv || words.save || !(words.show + words.compare).isEmpty()))
        return wrong(u"--list can only be combined with --json"_s);
    if (!words.show.isEmpty() && (isChosen || words.save))
        return wrong(u"--show shows a finished report: it cannot be combined with a selection of keys or --save"_s);
    if (isOfFiles && (words.save || words.compare == u"last"))
        return wrong(
            u"the cluster of RDB files is not known: --save is not possible, and --compare only with a file"_s);
    if (!words.compare.isEmpty() && (words.html || words.csv))
        return wrong(u"--compare prints plain text, or JSON with --json"_s);
    if (!words.node.isEmpty() && scan.from == ScanRequest::From::Replicas)
        return wrong(u"--node and --replicas cannot be combined"_s);
    if (words.html + words.csv + json > 1)
        return wrong(u"use only one of --html, --csv, --json"_s);
    return {};
}

} // namespace

QString analyseHelp()
{
    return u"slotscope-cli [options] analyse [OPTION]…\n\n"
           "Reads all keys and prints a report: number of keys by type, memory by namespace, times to live,\n"
           "the biggest keys, recommendations. Each key costs its node a share of a SCAN call and five or six short "
           "commands.\n\n"
           "  --match PATTERN   only names that match, as SCAN MATCH does\n"
           "  --type TYPE       only keys of that type: string, list, hash, set, zset, stream, or a module's\n"
           "  --node NODE       only keys of this node: an id, the start of one, or HOST:PORT\n"
           "  --replicas        from one replica of each shard\n"
           "  --slots RANGES    only keys of these slots: 0-5460,7000\n"
           "  --database N      of this database; default: the URI's\n"
           "  --ceiling MS      how long a call may block a server; default 5. Longer calls reduce the keys per call\n"
           "  --samples N       elements of a key that MEMORY USAGE samples; default 5\n"
           "  --delimiter TEXT  text that divides names into namespaces; default “:”. May be repeated\n"
           "  --depth N         how deep namespaces are printed; default 2\n"
           "  --top N           how many namespaces, keys and slots are printed; default 10\n"
           "  --no-idle         do not read how long a key was not used (with an LFU policy: how often)\n"
           "  --no-values       do not test on some strings of each namespace how well they compress\n"
           "  --touch           read lengths even if that marks keys as used (before Redis 7.2)\n"
           "  --html, --csv     print an HTML page, or rows for a spreadsheet; --json contains everything\n"
           "  --heat SECONDS    how long the load of slots is measured first; default 3, 0: not at all\n"
           "  --rdb FILE        from RDB files in place of the servers: no load on them. May be given several times,\n"
           "                    once for each shard; a folder stands for its files *.rdb (a backup). Sizes are "
           "estimates,\n"
           "                    times to live those of the moment when the file was written\n"
           "  --save            save the report, so that the window lists it. By default it is only printed\n"
           "  --list            no analysis: list the saved reports of this cluster, newest first\n"
           "  --show FILE       no analysis: this report; “last” is the newest one of this cluster that is stored, "
           "else a\n"
           "                    path, or a name from --list. Also what --json has written\n"
           "  --compare FILE    what changed since this report, in place of the report: types, namespaces, biggest "
           "keys.\n"
           "                    The other side is an analysis of now, or what --show names\n"
           "  --keysizes        no analysis: how many keys of which size all primaries count now, without reading a "
           "key\n"
           "                    (INFO keysizes: Redis 8.0 and later). Exit code 1 if one of them does not report\n\n"
           "Ctrl+C ends it early: the report then covers only the keys read so far."_s;
}

Result<AnalyseWords> readAnalyseWords(const Context &context)
{
    static const QStringList withValue{u"--match"_s,   u"--type"_s,    u"--node"_s,      u"--slots"_s,  u"--database"_s,
                                       u"--ceiling"_s, u"--samples"_s, u"--delimiter"_s, u"--depth"_s,  u"--top"_s,
                                       u"--heat"_s,    u"--rdb"_s,     u"--show"_s,      u"--compare"_s};
    AnalyseWords words;
    const QStringList &arguments = context.arguments;
    const bool isRaw = context.rawArguments.size() == arguments.size(); // a pattern may be bytes that are not text
    words.request.scan.database = context.target ? std::max(0, context.target->database) : 0;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &word = arguments[i];
        if (withValue.contains(word)) {
            if (++i == arguments.size())
                return failure(Error::Code::InvalidArgument, u"analyse: %1 needs a value"_s.arg(word));
            const QByteArray value = isRaw ? context.rawArguments[i] : arguments[i].toUtf8();
            words.hasDatabase = words.hasDatabase || word == u"--database";
            if (const Result<> taken = takeAnalyseValue(word, value, words); !taken)
                return failure(taken.error());
        } else if (word == u"--replicas") {
            words.request.scan.from = ScanRequest::From::Replicas;
        } else if (word == u"--no-idle") {
            words.request.asksIdle = false;
        } else if (word == u"--no-values") {
            words.request.triesValues = false;
        } else if (word == u"--html" || word == u"--csv") {
            (word == u"--html" ? words.html : words.csv) = true;
        } else if (word == u"--touch") {
            words.request.touches = true;
        } else if (word == u"--list" || word == u"--save") {
            (word == u"--list" ? words.list : words.save) = true;
        } else if (word == u"--keysizes") {
            words.keySizes = true;
        } else if (word == u"--help" || word == u"-h") {
            words.help = true;
        } else {
            return failure(Error::Code::InvalidArgument, u"analyse: unknown argument “%1”"_s.arg(word));
        }
    }
    if (const Result<> good = checkAnalyseWords(words, context.json); !good)
        return failure(good.error());
    return words;
}

} // namespace slotscope::cli
