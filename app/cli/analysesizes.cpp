// SPDX-License-Identifier: GPL-3.0-or-later
// How many keys of which size there are, as the servers count them: no key is read.
#include "analysewords.h"

#include "core/analysis/keysizesreader.h"
#include "core/analysis/reportexport.h"
#include "core/base/bytesjson.h"
#include "core/base/errortext.h"
#include "core/base/text.h"

#include <QJsonArray>

#include <algorithm>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int widestSizeBar = 40; // in terminal columns

QString unitOf(const SizesOfType &type)
{
    return type.isMemory ? u"memory"_s : type.type == "string" ? u"bytes"_s : u"elements"_s;
}

QJsonObject jsonOfSizes(const SizesOfType &type)
{
    QJsonArray bins;
    for (size_t place = 0; place < type.keys.size(); ++place) {
        if (type.keys[place] == 0)
            continue;
        const qint64 from = place == 0 ? 0 : 1LL << (place - 1);
        bins.append(
            QJsonObject{{u"from"_s, from}, {u"to"_s, place == 0 ? 0 : from * 2 - 1}, {u"keys"_s, type.keys[place]}});
    }
    return {
        {u"type"_s, jsonOfBytes(type.type)}, {u"unit"_s, unitOf(type)}, {u"keys"_s, type.sum()}, {u"sizes"_s, bins}};
}

QJsonObject jsonOfSizes(const ClusterKeySizes &sizes, int database)
{
    QJsonArray types, nodes;
    for (const SizesOfType &type : sizes.all.sum(database))
        types.append(jsonOfSizes(type));
    for (const ClusterKeySizes::Node &node : sizes.nodes) {
        QJsonObject object{{u"id"_s, QString::fromLatin1(node.id)},
                           {u"name"_s, node.name},
                           {u"told"_s, node.sizes.isTold},
                           {u"supported"_s, !node.isUnsupported}};
        if (node.error)
            object[u"error"_s] = describe(*node.error);
        nodes.append(object);
    }
    QJsonObject object{{u"readAt"_s, sizes.readAt},
                       {u"primaries"_s, int(sizes.nodes.size())},
                       {u"told"_s, sizes.told()},
                       {u"whole"_s, sizes.isWhole()},
                       {u"types"_s, types},
                       {u"nodes"_s, nodes},
                       {u"notUnderstood"_s, QJsonArray::fromStringList(sizes.all.damaged)}};
    if (database >= 0)
        object[u"database"_s] = database;
    if (const qint64 untold = sizes.all.untold(database); untold >= 0)
        object[u"keysNotCounted"_s] = untold;
    return object;
}

QString sizesText(const SizesOfType &type)
{
    QList<QStringList> rows;
    const qint64 most = *std::max_element(type.keys.begin(), type.keys.end());
    for (size_t place = 0; place < type.keys.size(); ++place)
        if (type.keys[place] > 0)
            rows.append({u"  "_s + powerText(place), groupedNumber(type.keys[place]),
                         shareText(type.keys[place], type.sum()),
                         QString(std::max<qint64>(1, type.keys[place] * widestSizeBar / most), u'#')});
    return u"%1: %2 keys by %3\n%4"_s.arg(toDisplay(type.type), groupedNumber(type.sum()),
                                          type.isMemory ? u"bytes in memory"_s : unitOf(type), tableText(rows, {1, 2}));
}

} // namespace

QCoro::Task<int> tellKeySizes(AnalyseWords words, Context context)
{
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    const int database = words.hasDatabase ? words.request.scan.database : -1;
    const KeySizesReader reader(opened.session.get());
    const auto told = co_await reader.read();
    if (!told) {
        printError(told.error());
        co_return exitFailed;
    }
    const ClusterKeySizes &sizes = **told;
    if (context.json) {
        printJson(jsonOfSizes(sizes, database));
    } else if (sizes.told() > 0) {
        QStringList parts{keySizesSource(sizes)};
        for (const SizesOfType &type : sizes.all.sum(database))
            if (type.sum() > 0)
                parts += sizesText(type);
        printOut(parts.join(u"\n\n"_s));
    }
    const QStringList lacks = keySizesLacks(sizes, opened.target.credentials.user);
    for (const QString &line : lacks)
        printAside(line + u'\n');
    co_return sizes.isWhole() ? exitDone : exitFailed;
}

} // namespace slotscope::cli
