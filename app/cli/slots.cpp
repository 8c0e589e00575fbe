// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "core/base/text.h"
#include "core/cluster/slot.h"
#include "core/protocol/command.h"
#include "core/session/keycounting.h"
#include "core/session/slotheat.h"

#include <QCoro/QCoroTimer>
#include <QJsonArray>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

struct Row
{
    SlotRange range;
    int shard = 0;
    QString owner;
    std::optional<qint64> keys;
    QString note;
};

/// Returns one row per contiguous range with the same owner; uncovered ranges are rows too.
QList<Row> rowsOf(const ClusterView &view, const SlotKeyCounts *counts)
{
    QList<Row> rows;
    for (int slot = 0; slot < slotCount; ++slot) {
        const qint16 owner = view.owner[size_t(slot)];
        const bool continues = slot > 0 && view.owner[size_t(slot) - 1] == owner;
        if (!continues) {
            const NodeState *node = owner < 0 ? nullptr : &view.nodes[size_t(owner)];
            const int shard = node && node->shard >= 0 ? view.shards[size_t(node->shard)].number : 0;
            rows.append({.range = {quint16(slot), quint16(slot)},
                         .shard = shard,
                         .owner = node ? node->name : u"no node"_s,
                         .keys = {},
                         .note = {}});
            if (counts)
                rows.back().keys = 0;
        }
        Row &row = rows.back();
        row.range.last = quint16(slot);
        if (counts && row.keys)
            row.keys = counts->keys[size_t(slot)] < 0 ? std::nullopt
                                                      : std::optional<qint64>(*row.keys + counts->keys[size_t(slot)]);
    }
    for (Row &row : rows) {
        QStringList notes;
        const SlotSet disputed = view.disputed.intersected({row.range});
        if (!disputed.isEmpty())
            notes << u"disputed: "_s + disputed.toString(4);
        SlotSet open;
        for (auto it = view.openSlots.cbegin(); it != view.openSlots.cend(); ++it)
            if (it.key() >= row.range.first && it.key() <= row.range.last)
                open.add(it.key());
        if (!open.isEmpty())
            notes << u"open: "_s + open.toString(4);
        row.note = notes.join(u"; "_s);
    }
    return rows;
}

int printKeySlots(const ClusterView &view, const QList<QByteArray> &keys, bool json)
{
    QList<QStringList> rows{{u"SLOT"_s, u"OWNER"_s, u"KEY"_s}};
    QJsonArray array;
    for (const QByteArray &key : keys) {
        const quint16 slot = slotOfKey(key);
        const QString owner = !view.slotsKnown ? u"unknown"_s
            : view.owner[slot] < 0             ? u"no node"_s
                                               : view.nodes[size_t(view.owner[slot])].name;
        rows.append({QString::number(slot), owner, toDisplay(key)});
        array.append(QJsonObject{{u"key"_s, toDisplay(key)}, {u"slot"_s, slot}, {u"owner"_s, owner}});
    }
    if (json)
        printJson({{u"keys"_s, array}});
    else
        printOut(tableText(rows, {0}));
    return exitDone;
}

void printRows(const QList<Row> &rows, bool json)
{
    QList<QStringList> table{{u"SLOTS"_s, u"COUNT"_s, u"SHARD"_s, u"OWNER"_s, u"KEYS"_s, u"NOTE"_s}};
    QJsonArray array;
    for (const Row &row : rows) {
        table.append({u"%1-%2"_s.arg(row.range.first).arg(row.range.last), groupedNumber(row.range.count()),
                      row.shard ? QString::number(row.shard) : u"-"_s, row.owner,
                      row.keys ? groupedNumber(*row.keys) : u"-"_s, row.note});
        QJsonObject object{{u"first"_s, row.range.first},
                           {u"last"_s, row.range.last},
                           {u"shard"_s, row.shard},
                           {u"owner"_s, row.owner},
                           {u"note"_s, row.note}};
        if (row.keys)
            object[u"keys"_s] = *row.keys;
        array.append(object);
    }
    if (json)
        printJson({{u"slots"_s, array}});
    else
        printOut(tableText(table, {1, 4}));
}

struct HeatOptions
{
    std::optional<SlotMetric> metric; ///< empty: slot load is not requested
    int seconds = 5;
    int limit = 20;
};

/// Reads "--heat", "--for" or "--limit" with its value. Returns false if the argument is none of these.
Result<bool> readHeatOption(const QStringList &words, qsizetype &at, HeatOptions &options)
{
    static const QHash<QString, SlotMetric> metrics{
        {u"memory"_s, SlotMetric::Memory}, {u"cpu"_s, SlotMetric::Cpu}, {u"network"_s, SlotMetric::Network}};
    const QString &word = words[at];
    if (word != u"--heat" && word != u"--for" && word != u"--limit")
        return false;
    const QString value = words.value(++at);
    if (word == u"--heat") {
        if (!metrics.contains(value))
            return failure(Error::Code::InvalidArgument, u"slots: --heat takes cpu, network or memory"_s);
        options.metric = metrics.value(value);
        return true;
    }
    bool ok = false;
    const int number = value.toInt(&ok);
    if (!ok || number < 1 || number > (word == u"--for" ? 3600 : int(SlotHeat::mostListed)))
        return failure(Error::Code::InvalidArgument,
                       word == u"--for" ? u"slots: --for takes 1 to 3600 seconds"_s
                                        : u"slots: --limit takes 1 to 100"_s);
    (word == u"--for" ? options.seconds : options.limit) = number;
    return true;
}

/// Prints the hottest slots, and which nodes did not report. Returns the exit code.
int printHeat(const ClusterView &view, const SlotUse &use, const SlotHeat &heat, const HeatOptions &options, bool json)
{
    QList<QStringList> table{{u"SLOT"_s, u"SHARD"_s, u"OWNER"_s, u"VALUE"_s, u"SHARE"_s}};
    QJsonArray array;
    for (const int slot : heat.hottest.first(std::min<qsizetype>(options.limit, heat.hottest.size()))) {
        const qint16 owner = view.owner[size_t(slot)];
        const NodeState *node = owner < 0 ? nullptr : &view.nodes[size_t(owner)];
        const int shard = node && node->shard >= 0 ? view.shards[size_t(node->shard)].number : 0;
        const double share = double(heat.values[size_t(slot)]) / double(std::max<qint64>(1, heat.sum));
        table.append({QString::number(slot), shard ? QString::number(shard) : u"-"_s, node ? node->name : u"no node"_s,
                      slotHeatText(heat.metric, heat.values[size_t(slot)]), u"%1 %"_s.arg(100 * share, 0, 'f', 1)});
        array.append(QJsonObject{{u"slot"_s, slot},
                                 {u"shard"_s, shard ? QJsonValue(shard) : QJsonValue()},
                                 {u"owner"_s, node ? QJsonValue(node->name) : QJsonValue()},
                                 {u"value"_s, heat.values[size_t(slot)]},
                                 {u"share"_s, share}});
    }
    for (const QString &error : use.errors)
        printError(error);
    if (!use.unsupported.isEmpty())
        printError(u"no CLUSTER SLOT-STATS (needs Valkey 8.0 or Redis 8.2): %1"_s.arg(use.unsupported.join(u", "_s)));
    const QStringList &uncounted = heat.metric == SlotMetric::Cpu ? use.withoutCpu
        : heat.metric == SlotMetric::Network                      ? use.withoutNetwork
                                                                  : QStringList();
    if (!uncounted.isEmpty())
        printError(
            u"not counted, see cluster-slot-stats-enabled: %1\n  slotscope-cli config cluster-slot-stats-enabled yes"_s
                .arg(uncounted.join(u", "_s)));
    if (json) {
        printJson({{u"metric"_s,
                    heat.metric == SlotMetric::Memory    ? u"memoryBytes"_s
                        : heat.metric == SlotMetric::Cpu ? u"cpuMicrosecondsPerSecond"_s
                                                         : u"networkBytesPerSecond"_s},
                   {u"milliseconds"_s, heat.overMs > 0 ? QJsonValue(heat.overMs) : QJsonValue()},
                   {u"slotsKnown"_s, heat.known},
                   {u"sum"_s, heat.known > 0 ? QJsonValue(heat.sum) : QJsonValue()},
                   {u"hottest"_s, array}});
    } else if (heat.known > 0) {
        printOut(tableText(table, {0, 1, 3, 4}));
        printOut(u"\n%1 of %2 slots have values, %3 in these%4"_s.arg(
            groupedNumber(heat.known), groupedNumber(slotCount), slotHeatText(heat.metric, heat.sum),
            heat.overMs > 0 ? u", over "_s + duration(heat.overMs) : QString()));
    } else if (use.errors.isEmpty() && use.unsupported.isEmpty() && heat.metric == SlotMetric::Memory) {
        printError(
            u"no memory per slot: Valkey has none, newer versions of Redis only with cluster-slot-stats-enabled"_s);
    }
    return heat.known > 0 ? exitDone : exitFailed;
}

QCoro::Task<int> runHeat(Context context, Opened opened, HeatOptions options)
{
    const SlotUseReader reader(QPointer<ClusterSession>(opened.session.get()));
    const Result<SlotUse> first = co_await reader.readAll();
    if (!first) {
        printError(first.error());
        co_return exitFailed;
    }
    const bool isRate = *options.metric != SlotMetric::Memory;
    const auto primaries = std::count_if(opened.view->nodes.begin(), opened.view->nodes.end(),
                                         [](const NodeState &node) { return node.primary && !node.slots.isEmpty(); });
    const bool anyTells = first->unsupported.size()
            + (*options.metric == SlotMetric::Cpu ? first->withoutCpu : first->withoutNetwork).size()
        < primaries;
    if (!isRate || !anyTells)
        co_return printHeat(*opened.view, *first, slotHeat(nullptr, *first, *options.metric), options, context.json);
    co_await QCoro::sleepFor(std::chrono::seconds(options.seconds));
    const Result<SlotUse> second = co_await reader.readAll();
    if (!second) {
        printError(second.error());
        co_return exitFailed;
    }
    const SlotHeat heat = slotHeat(&*first, *second, *options.metric);
    co_return printHeat(*opened.view, *second, heat, options, context.json);
}

} // namespace

QCoro::Task<int> runSlots(Context context)
{
    bool withKeys = false;
    QList<QByteArray> keys;
    HeatOptions heat;
    for (qsizetype i = 0; i < context.arguments.size(); ++i) {
        const QString &word = context.arguments[i];
        const auto ofHeat = readHeatOption(context.arguments, i, heat);
        if (!ofHeat)
            co_return usageError(ofHeat.error().detail);
        if (*ofHeat)
            continue;
        if (word == u"--keys") {
            withKeys = true;
        } else if (word == u"--key" && i + 1 < context.arguments.size()) {
            keys.append(context.arguments[++i].toUtf8());
        } else {
            co_return usageError(word == u"--key" ? u"slots: --key needs a key"_s
                                                  : u"slots: unknown argument “%1”"_s.arg(word));
        }
    }
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    if (!opened.view->cluster) {
        printError(u"this server does not run in cluster mode: it has no slots"_s);
        co_return exitFailed;
    }
    if (!opened.view->slotsKnown && keys.isEmpty()) {
        for (const Finding &finding : opened.view->findings)
            if (finding.kind == Finding::Kind::NotLearnt)
                printError(finding.title + u"\n  "_s + finding.advice);
        co_return exitFailed;
    }
    if (heat.metric)
        co_return co_await runHeat(context, opened, heat);
    if (!keys.isEmpty())
        co_return printKeySlots(*opened.view, keys, context.json);
    SlotKeyCountsPtr counts;
    if (withKeys) {
        const auto counted = co_await countKeys(opened.session.get());
        if (!counted) {
            printError(counted.error());
            co_return exitFailed;
        }
        counts = *counted;
        for (const QString &error : counts->errors)
            printError(error);
    }
    printRows(rowsOf(*opened.view, counts.get()), context.json);
    co_return counts && !counts->errors.isEmpty() ? exitFailed : exitDone;
}

} // namespace slotscope::cli
