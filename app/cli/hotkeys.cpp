// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that are used most, of all nodes.
#include "command.h"
#include "output.h"

#include "core/base/bytesjson.h"
#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/profiler/hotkeys.h"
#include "core/slowlog/slowlogreader.h"

#include <QCoro/QCoroTask>

#include <QJsonArray>
#include <QJsonObject>

#include <cmath>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int mostHotKeys = 1000;

struct HotKeysRun
{
    Opened opened;
    std::unique_ptr<HotKeysReader> reader;
    HotKeysRequest request;
};

QString hotKeysHelp()
{
    return u"slotscope-cli [options] hotkeys [--node NODE]… [--for SECONDS] [--top N] [--yes]\n\n"
           "The most used keys of each primary. If a server has HOTKEYS (Redis 8.6), CPU time and\n"
           "network bytes are counted for --for seconds (default 10); with an LFU policy the counters of all\n"
           "keys are read (OBJECT FREQ), which cover no fixed interval. The meaning of the numbers is printed\n"
           "on standard error; exit code 1 if a node reports nothing.\n\n"
           "  --node NODE       only of this node (may be repeated): an id, the start of one, or HOST:PORT\n"
           "  --for SECONDS     how long HOTKEYS counts, 1 to 3600\n"
           "  --top N           number of keys per node (default 20, at most 1000)\n"
           "  --yes             does not ask if the connection is marked as production\n\n"
           "With --json each line is an object: node, source of the numbers, and keys."_s;
}

struct HotKeysOptions
{
    QStringList nodes;
    double seconds = 10;
    int top = 20;
    bool yes = false, help = false;
};

Result<HotKeysOptions> readHotKeysOptions(const QStringList &words)
{
    HotKeysOptions options;
    const auto wrong = [](const QString &text) { return failure(Error::Code::InvalidArgument, u"hotkeys: "_s + text); };
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        const bool takesValue = word == u"--node" || word == u"--for" || word == u"--top";
        if (takesValue && ++i == words.size())
            return wrong(u"%1 needs a value"_s.arg(word));
        bool isGood = true;
        if (word == u"--node") {
            options.nodes.append(words[i]);
        } else if (word == u"--for") {
            options.seconds = words[i].toDouble(&isGood);
            isGood = isGood && std::isfinite(options.seconds) && options.seconds >= 1 && options.seconds <= 3600;
        } else if (word == u"--top") {
            options.top = words[i].toInt(&isGood);
            isGood = isGood && options.top > 0 && options.top <= mostHotKeys;
        } else if (word == u"--yes") {
            options.yes = true;
        } else if (word == u"--help" || word == u"-h") {
            options.help = true;
        } else {
            return wrong(u"unknown argument “%1”"_s.arg(word));
        }
        if (!isGood)
            return wrong(u"%1 does not accept “%2”"_s.arg(word, words[i]));
    }
    return options;
}

QJsonValue figureOrNull(qint64 figure)
{
    return figure < 0 ? QJsonValue() : QJsonValue(figure);
}

QJsonObject jsonOfHotKeys(const NodeHotKeys &told)
{
    QJsonArray keys;
    for (const HotKey &key : told.keys) {
        QJsonObject each{{u"key"_s, jsonOfBytes(key.key)}};
        if (told.source == HotKeySource::Measured) {
            each[u"cpuMicroseconds"_s] = figureOrNull(key.cpuMicroseconds);
            each[u"networkBytes"_s] = figureOrNull(key.netBytes);
        } else {
            each[u"frequency"_s] = key.frequency;
        }
        keys.append(each);
    }
    QJsonObject object{{u"node"_s, told.nodeName},
                       {u"source"_s,
                        told.source == HotKeySource::Measured       ? u"HOTKEYS"_s
                            : told.source == HotKeySource::Counters ? u"OBJECT FREQ"_s
                                                                    : QString()},
                       {u"note"_s, hotKeysNote(told)},
                       {u"keys"_s, keys}};
    if (told.source == HotKeySource::Measured) {
        object[u"startedAt"_s] = told.startedAt;
        object[u"milliseconds"_s] = told.durationMs;
        object[u"sampleRatio"_s] = told.sampleRatio;
        object[u"othersSession"_s] = told.isOthers;
    } else if (told.source == HotKeySource::Counters) {
        object[u"keysSeen"_s] = told.seen;
        object[u"whole"_s] = !told.isPart && !told.problem;
    }
    return object;
}

void printHotKeys(const NodeHotKeys &told)
{
    QList<QStringList> rows;
    const bool isMeasured = told.source == HotKeySource::Measured;
    rows.append(isMeasured ? QStringList{u"CPU"_s, u"SHARE"_s, u"NETWORK"_s, u"SHARE"_s, u"KEY"_s}
                           : QStringList{u"COUNTER"_s, u"KEY"_s});
    for (const HotKey &key : told.keys) {
        const QString name = QString::fromUtf8(nameText(key.key));
        if (isMeasured)
            rows.append({key.cpuMicroseconds < 0 ? u"–"_s : costText(SlowlogKind::Slow, key.cpuMicroseconds),
                         key.cpuMicroseconds < 0 ? u"–"_s : shareText(key.cpuMicroseconds, told.allMicroseconds),
                         key.netBytes < 0 ? u"–"_s : byteSize(key.netBytes),
                         key.netBytes < 0 ? u"–"_s : shareText(key.netBytes, told.allBytes), name});
        else
            rows.append({QString::number(key.frequency), name});
    }
    printOut(told.nodeName);
    if (rows.size() > 1)
        printOut(tableText(rows, isMeasured ? QList<int>{0, 1, 2, 3} : QList<int>{0}));
}

QCoro::Task<Result<NodeHotKeys>> readHotKeysOf(std::shared_ptr<HotKeysRun> run, QByteArray nodeId)
{
    HotKeysRequest request = run->request;
    request.nodeId = nodeId;
    co_return co_await run->reader->read(request);
}

} // namespace

QCoro::Task<int> runHotKeys(Context context)
{
    const auto options = readHotKeysOptions(context.arguments);
    if (!options)
        co_return usageError(options.error().detail);
    if (options->help) {
        printOut(hotKeysHelp());
        co_return exitDone;
    }
    const auto run = std::make_shared<HotKeysRun>();
    run->opened = co_await openSession(context);
    if (!run->opened.session)
        co_return exitFailed;
    const auto nodes = nodesNamed(run->opened, options->nodes, true);
    if (!nodes) {
        printError(nodes.error());
        co_return exitUsage;
    }
    const auto commands = co_await run->opened.session->commands();
    if (commands && (*commands)->find(commandOf("HOTKEYS", "START"))) {
        const GateVerdict verdict = co_await run->opened.session->judge(commandOf("HOTKEYS", "START"));
        const auto consent = consentTo(verdict, run->opened.target, options->yes);
        if (!consent)
            co_return exitUsage;
        run->request.consent = *consent;
    }
    run->request.milliseconds = std::llround(options->seconds * 1000);
    run->request.most = size_t(options->top);
    run->reader = std::make_unique<HotKeysReader>(run->opened.session.get());
    const Signals signalsSeen([run] { run->reader->stop(); });
    std::vector<QCoro::Task<Result<NodeHotKeys>>> tasks;
    for (const QByteArray &id : *nodes)
        tasks.push_back(readHotKeysOf(run, id)); // all nodes at the same time
    bool isWhole = !nodes->isEmpty();
    for (QCoro::Task<Result<NodeHotKeys>> &task : tasks) {
        const Result<NodeHotKeys> told = co_await std::move(task);
        if (!told) {
            printError(told.error());
            isWhole = false;
            continue;
        }
        isWhole = isWhole && told->source != HotKeySource::None && !told->problem && !told->isPart;
        if (context.json) {
            printJsonLine(jsonOfHotKeys(*told));
            continue;
        }
        printHotKeys(*told);
        printAside(u"%1: %2\n"_s.arg(told->nodeName, hotKeysNote(*told)));
    }
    co_return isWhole ? exitDone : exitFailed;
}

} // namespace slotscope::cli
