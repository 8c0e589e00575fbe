// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "core/base/text.h"
#include "core/cluster/slot.h"
#include "core/protocol/command.h"
#include "core/session/keycounting.h"

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

/// One row a contiguous range with one owner; uncovered ranges are rows too.
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
                         .owner = node ? node->name : u"nobody"_s,
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
            : view.owner[slot] < 0             ? u"nobody"_s
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

} // namespace

QCoro::Task<int> runSlots(Context context)
{
    bool withKeys = false;
    QList<QByteArray> keys;
    for (qsizetype i = 0; i < context.arguments.size(); ++i) {
        const QString &word = context.arguments[i];
        if (word == u"--keys") {
            withKeys = true;
        } else if (word == u"--key" && i + 1 < context.arguments.size()) {
            keys.append(context.arguments[++i].toUtf8());
        } else {
            co_return usageError(word == u"--key" ? u"slots: --key needs a key"_s
                                                  : u"slots: unknown word “%1”"_s.arg(word));
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
