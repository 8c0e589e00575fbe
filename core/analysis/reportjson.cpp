// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/reportjson.h"

#include "core/base/bytesjson.h"
#include "core/base/tr.h"
#include "core/cluster/slot.h"

#include <QJsonArray>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

const QList<std::pair<AnalysisFinding::Kind, QString>> &kindNames()
{
    static const QList<std::pair<AnalysisFinding::Kind, QString>> names{
        {AnalysisFinding::Kind::WithoutTtl, u"without-ttl"_s},
        {AnalysisFinding::Kind::HugeKey, u"huge-key"_s},
        {AnalysisFinding::Kind::HotSlot, u"hot-slot"_s},
        {AnalysisFinding::Kind::LoadedTag, u"loaded-tag"_s},
        {AnalysisFinding::Kind::Compressible, u"compressible"_s},
        {AnalysisFinding::Kind::JustOver, u"just-over-listpack"_s},
        {AnalysisFinding::Kind::Uneven, u"uneven-shards"_s},
        {AnalysisFinding::Kind::ExpireTogether, u"expire-together"_s}};
    return names;
}

QJsonObject partJson(const KeySum &sum)
{
    return {{u"keys"_s, sum.keys}, {u"bytes"_s, sum.bytes}};
}

template <typename List, typename Make>
QJsonArray jsonArrayOf(const List &list, Make make)
{
    QJsonArray array;
    for (const auto &item : list)
        array.append(make(item));
    return array;
}

/// The places up to the last one that is not 0.
QJsonArray partJson(const PowerHistogram &histogram)
{
    QJsonArray array;
    size_t used = histogram.size();
    while (used > 0 && histogram[used - 1] == 0)
        --used;
    for (size_t i = 0; i < used; ++i)
        array.append(histogram[i]);
    return array;
}

QJsonObject partJson(const ReportKey &key)
{
    QJsonObject object{{u"key"_s, jsonOfBytes(key.key)}, {u"type"_s, jsonOfBytes(key.type)}};
    if (!key.encoding.isEmpty())
        object[u"encoding"_s] = jsonOfBytes(key.encoding);
    const auto put = [&object](const QString &name, qint64 number) {
        if (number >= 0)
            object[name] = number;
    };
    put(u"bytes"_s, key.bytes);
    put(u"elements"_s, key.elements);
    put(u"idleSeconds"_s, key.idleSeconds);
    put(u"frequency"_s, key.frequency);
    put(u"shard"_s, key.shard > 0 ? key.shard : -1);
    if (key.ttlMs)
        object[u"ttlMs"_s] = *key.ttlMs;
    if (key.isSampled)
        object[u"sampled"_s] = true;
    return object;
}

QJsonObject partJson(const ReportType &type)
{
    return {{u"type"_s, jsonOfBytes(type.type)},
            {u"sum"_s, partJson(type.sum)},
            {u"withoutTtl"_s, partJson(type.withoutTtl)},
            {u"elements"_s, type.elements},
            {u"mostElements"_s, type.mostElements},
            {u"elementsByPowerOf2"_s, partJson(type.lengths)},
            {u"bytesByPowerOf2"_s, partJson(type.sizes)},
            {u"encodings"_s, jsonArrayOf(type.encodings, [](const auto &encoding) {
                 QJsonObject object = partJson(encoding.second);
                 object[u"encoding"_s] = jsonOfBytes(encoding.first);
                 return object;
             })}};
}

QJsonObject partJson(const ReportNamespace &part)
{
    QJsonObject object{{u"name"_s, jsonOfBytes(part.name)},
                       {u"parent"_s, part.parent},
                       {u"sum"_s, partJson(part.sum)},
                       {u"own"_s, partJson(part.own)},
                       {u"withoutTtl"_s, partJson(part.withoutTtl)},
                       {u"strings"_s, part.strings},
                       {u"stringBytes"_s, part.stringBytes}};
    if (part.folded > 0 || part.isFoldedOpen) {
        object[u"folded"_s] = part.folded;
        object[u"foldedAtLeast"_s] = part.isFoldedOpen;
    }
    if (part.longestIdle >= 0)
        object[u"longestIdle"_s] = part.longestIdle;
    if (part.justOver.keys > 0)
        object[u"justOver"_s] = partJson(part.justOver);
    if (!part.biggest.isEmpty())
        object[u"biggest"_s] = jsonArrayOf(part.biggest, [](const ReportKey &key) { return partJson(key); });
    return object;
}

QJsonObject partJson(const AnalysisScope &scope)
{
    const auto bytes = [](const QByteArray &one) { return jsonOfBytes(one); };
    return {{u"cluster"_s, scope.cluster},
            {u"nodes"_s, jsonArrayOf(scope.nodes, bytes)},
            {u"source"_s, scope.source},
            {u"only"_s, scope.only},
            {u"pattern"_s, jsonOfBytes(scope.pattern)},
            {u"type"_s, jsonOfBytes(scope.type)},
            {u"slots"_s, scope.slotsOnly},
            {u"database"_s, scope.database},
            {u"fromReplicas"_s, scope.fromReplicas},
            {u"samples"_s, scope.samples},
            {u"hasSlots"_s, scope.hasSlots},
            {u"delimiters"_s, jsonArrayOf(scope.delimiters, bytes)}};
}

QJsonObject partJson(const AnalysisOutcome &outcome)
{
    return {{u"startedAt"_s, outcome.startedAt},
            {u"elapsedMs"_s, outcome.elapsedMs},
            {u"whole"_s, outcome.isWhole},
            {u"stopped"_s, outcome.isStopped},
            {u"expected"_s, outcome.expected},
            {u"vanished"_s, outcome.vanished},
            {u"refused"_s, outcome.refused},
            {u"unread"_s, outcome.unread},
            {u"doubtful"_s, outcome.doubtful},
            {u"missingSlots"_s, outcome.missing},
            {u"problems"_s, QJsonArray::fromStringList(outcome.problems)}};
}

QJsonObject partJson(const ReportHeat &heat)
{
    return {{u"network"_s, heat.isNetwork},
            {u"sum"_s, heat.sum},
            {u"overMs"_s, heat.overMs},
            {u"problem"_s, heat.problem},
            {u"slots"_s, jsonArrayOf(heat.slots_, [](const ReportHeat::Slot &slot) {
                 return QJsonObject{{u"slot"_s, slot.slot}, {u"shard"_s, slot.shard}, {u"value"_s, slot.value}};
             })}};
}

QJsonObject partJson(const AnalysisFinding &finding)
{
    QString name;
    for (const auto &[kind, word] : kindNames())
        if (kind == finding.kind)
            name = word;
    return {{u"kind"_s, name},
            {u"note"_s, finding.isNote},
            {u"act"_s, int(finding.act)},
            {u"name"_s, jsonOfBytes(finding.name)},
            {u"type"_s, jsonOfBytes(finding.type)},
            {u"slot"_s, finding.slot},
            {u"shard"_s, finding.shard},
            {u"keys"_s, finding.keys},
            {u"bytes"_s, finding.bytes},
            {u"elements"_s, finding.elements},
            {u"idleSeconds"_s, finding.idleSeconds},
            {u"share"_s, finding.share},
            {u"title"_s, titleOf(finding)},
            {u"text"_s, textOf(finding)}};
}

} // namespace

QJsonObject reportToJson(const AnalysisReport &report)
{
    const auto keys = [](const QList<ReportKey> &list) {
        return jsonArrayOf(list, [](const ReportKey &key) { return partJson(key); });
    };
    const auto withPlace = [](const KeySum &sum, const QString &name, const QJsonValue &value) {
        QJsonObject object = partJson(sum);
        object[name] = value;
        return object;
    };
    return {
        {u"version"_s, reportVersion},
        {u"scope"_s, partJson(report.scope)},
        {u"outcome"_s, partJson(report.outcome)},
        {u"sum"_s, partJson(report.sum)},
        {u"withoutTtl"_s, partJson(report.withoutTtl)},
        {u"sampled"_s, partJson(report.sampled)},
        {u"sizesUnknown"_s, report.sizesUnknown},
        {u"sampleError"_s, report.sampleError},
        {u"samplesChecked"_s, report.samplesChecked},
        {u"ttlUnknown"_s, report.ttlUnknown},
        {u"ttl"_s, jsonArrayOf(report.ttl, [](const KeySum &sum) { return partJson(sum); })},
        {u"types"_s, jsonArrayOf(report.types, [](const ReportType &type) { return partJson(type); })},
        {u"namespaces"_s, jsonArrayOf(report.namespaces, [](const ReportNamespace &part) { return partJson(part); })},
        {u"biggestByBytes"_s, keys(report.byBytes)},
        {u"biggestByElements"_s, keys(report.byElements)},
        {u"hottestByFrequency"_s, keys(report.hottest)},
        {u"tags"_s,
         jsonArrayOf(report.tags,
                     [&](const ReportTag &tag) {
                         QJsonObject object = withPlace(tag.sum, u"tag"_s, jsonOfBytes(tag.tag));
                         object[u"slot"_s] = tag.slot;
                         object[u"mayLack"_s] = tag.mayLack;
                         return object;
                     })},
        {u"slots"_s,
         jsonArrayOf(report.slots_,
                     [&](const ReportSlot &slot) {
                         QJsonObject object = withPlace(slot.sum, u"slot"_s, slot.slot);
                         object[u"shard"_s] = slot.shard;
                         return object;
                     })},
        {u"slotMean"_s, report.slotMean},
        {u"shards"_s,
         jsonArrayOf(report.shards,
                     [&](const auto &shard) { return withPlace(shard.second, u"shard"_s, shard.first); })},
        {u"heat"_s, partJson(report.heat)},
        {u"compression"_s,
         jsonArrayOf(report.compression,
                     [](const ReportCompression &tried) {
                         return QJsonObject{{u"name"_s, jsonOfBytes(tried.name)},
                                            {u"tried"_s, tried.tried},
                                            {u"smaller"_s, tried.smaller},
                                            {u"before"_s, tried.before},
                                            {u"after"_s, tried.after},
                                            {u"saving"_s, tried.saving}};
                     })},
        {u"findings"_s, jsonArrayOf(report.findings, [](const AnalysisFinding &finding) { return partJson(finding); })},
    };
}

} // namespace slotscope
