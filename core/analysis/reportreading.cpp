// SPDX-License-Identifier: GPL-3.0-or-later
// A report from its JSON. A file may be damaged or made by somebody else: each index and number is looked at.
#include "core/analysis/findingrules.h"
#include "core/analysis/reportjson.h"
#include "core/base/bytesjson.h"
#include "core/base/slotcount.h"
#include "core/base/tr.h"

#include <QJsonArray>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

// Limits of the lists, so that reading any file needs about 100 MB at most.
constexpr qsizetype mostRead = 20'000, mostTypesRead = 1000, mostEncodingsRead = 64, mostBiggestRead = 16;
// limit for one number, so that sums of whole lists stay exact, with a factor of a thousand in reserve
constexpr qint64 mostNumber = 1LL << 48;

qint64 partNumber(const QJsonObject &object, const QString &name, qint64 otherwise = 0)
{
    const QJsonValue value = object.value(name);
    return value.isDouble() ? std::clamp<qint64>(value.toInteger(otherwise), -1, mostNumber) : otherwise;
}

QByteArray partBytes(const QJsonObject &object, const QString &name)
{
    return bytesOfJson(object.value(name)).value_or(QByteArray());
}

KeySum sumIn(const QJsonObject &object)
{
    return {std::max<qint64>(0, partNumber(object, u"keys"_s)), std::max<qint64>(0, partNumber(object, u"bytes"_s))};
}

int slotIn(const QJsonObject &object)
{
    return int(std::clamp<qint64>(partNumber(object, u"slot"_s), 0, slotCount - 1));
}

int shardIn(const QJsonObject &object)
{
    return int(std::clamp<qint64>(partNumber(object, u"shard"_s), 0, slotCount));
}

template <typename T, typename Make>
QList<T> listIn(const QJsonObject &object, const QString &name, Make make, qsizetype most = mostRead)
{
    QList<T> list;
    const QJsonArray array = object.value(name).toArray();
    for (const QJsonValue &item : array) {
        if (list.size() >= most)
            break;
        list.append(make(item));
    }
    return list;
}

PowerHistogram histogramIn(const QJsonObject &object, const QString &name)
{
    PowerHistogram histogram{};
    const QJsonArray array = object.value(name).toArray();
    for (qsizetype i = 0; i < std::min<qsizetype>(array.size(), qsizetype(histogram.size())); ++i)
        histogram[size_t(i)] = std::clamp<qint64>(array[i].toInteger(), 0, mostNumber);
    return histogram;
}

ReportKey reportKeyIn(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    ReportKey key;
    key.key = partBytes(object, u"key"_s);
    key.type = partBytes(object, u"type"_s);
    key.encoding = partBytes(object, u"encoding"_s);
    key.bytes = partNumber(object, u"bytes"_s, -1);
    key.elements = partNumber(object, u"elements"_s, -1);
    key.idleSeconds = partNumber(object, u"idleSeconds"_s, -1);
    key.frequency = int(std::min<qint64>(255, partNumber(object, u"frequency"_s, -1)));
    key.shard = shardIn(object);
    key.isSampled = object.value(u"sampled"_s).toBool();
    if (object.contains(u"ttlMs"_s))
        key.ttlMs = partNumber(object, u"ttlMs"_s, -1);
    return key;
}

ReportType reportTypeOf(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    ReportType type;
    type.type = partBytes(object, u"type"_s);
    type.sum = sumIn(object.value(u"sum"_s).toObject());
    type.withoutTtl = sumIn(object.value(u"withoutTtl"_s).toObject());
    type.elements = partNumber(object, u"elements"_s);
    type.mostElements = partNumber(object, u"mostElements"_s);
    type.lengths = histogramIn(object, u"elementsByPowerOf2"_s);
    type.sizes = histogramIn(object, u"bytesByPowerOf2"_s);
    type.encodings = listIn<std::pair<QByteArray, KeySum>>(
        object, u"encodings"_s,
        [](const QJsonValue &item) {
            return std::make_pair(partBytes(item.toObject(), u"encoding"_s), sumIn(item.toObject()));
        },
        mostEncodingsRead);
    return type;
}

ReportNamespace reportNamespaceIn(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    ReportNamespace part;
    part.name = partBytes(object, u"name"_s);
    part.parent = int(std::clamp<qint64>(partNumber(object, u"parent"_s, -1), -1, mostRead));
    part.sum = sumIn(object.value(u"sum"_s).toObject());
    part.own = sumIn(object.value(u"own"_s).toObject());
    part.withoutTtl = sumIn(object.value(u"withoutTtl"_s).toObject());
    part.folded = partNumber(object, u"folded"_s);
    part.isFoldedOpen = object.value(u"foldedAtLeast"_s).toBool();
    part.longestIdle = partNumber(object, u"longestIdle"_s, -1);
    part.strings = partNumber(object, u"strings"_s);
    part.stringBytes = partNumber(object, u"stringBytes"_s);
    part.justOver = sumIn(object.value(u"justOver"_s).toObject());
    part.biggest = listIn<ReportKey>(object, u"biggest"_s, reportKeyIn, mostBiggestRead);
    return part;
}

AnalysisScope reportScopeIn(const QJsonObject &object)
{
    const auto bytes = [](const QJsonValue &value) { return bytesOfJson(value).value_or(QByteArray()); };
    AnalysisScope scope;
    scope.cluster = object.value(u"cluster"_s).toString();
    scope.nodes = listIn<QByteArray>(object, u"nodes"_s, bytes);
    scope.source = object.value(u"source"_s).toString();
    scope.only = object.value(u"only"_s).toString();
    scope.pattern = partBytes(object, u"pattern"_s);
    scope.type = partBytes(object, u"type"_s);
    scope.slotsOnly = object.value(u"slots"_s).toString();
    scope.database = int(std::clamp<qint64>(partNumber(object, u"database"_s), 0, 1'000'000));
    scope.hasSlots = object.value(u"hasSlots"_s).toBool(true);
    scope.fromReplicas = object.value(u"fromReplicas"_s).toBool();
    scope.samples = int(std::clamp<qint64>(partNumber(object, u"samples"_s), AnalysisScope::ofAFile, 1'000'000));
    scope.delimiters = listIn<QByteArray>(object, u"delimiters"_s, bytes);
    return scope;
}

AnalysisOutcome reportOutcomeOf(const QJsonObject &object)
{
    AnalysisOutcome outcome;
    outcome.startedAt = partNumber(object, u"startedAt"_s);
    outcome.elapsedMs = partNumber(object, u"elapsedMs"_s);
    outcome.isWhole = object.value(u"whole"_s).toBool();
    outcome.isStopped = object.value(u"stopped"_s).toBool();
    outcome.expected = partNumber(object, u"expected"_s, -1);
    outcome.vanished = partNumber(object, u"vanished"_s);
    outcome.refused = partNumber(object, u"refused"_s);
    outcome.unread = partNumber(object, u"unread"_s);
    outcome.doubtful = partNumber(object, u"doubtful"_s);
    outcome.missing = object.value(u"missingSlots"_s).toString();
    outcome.problems = listIn<QString>(object, u"problems"_s, [](const QJsonValue &value) { return value.toString(); });
    return outcome;
}

ReportHeat heatIn(const QJsonObject &object)
{
    ReportHeat heat;
    heat.isNetwork = object.value(u"network"_s).toBool();
    heat.sum = partNumber(object, u"sum"_s);
    heat.overMs = partNumber(object, u"overMs"_s);
    heat.problem = object.value(u"problem"_s).toString();
    heat.slots_ = listIn<ReportHeat::Slot>(object, u"slots"_s, [](const QJsonValue &value) {
        const QJsonObject slot = value.toObject();
        return ReportHeat::Slot{slotIn(slot), shardIn(slot), partNumber(slot, u"value"_s)};
    });
    return heat;
}

ReportCompression compressionOf(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    ReportCompression tried;
    tried.name = partBytes(object, u"name"_s);
    tried.tried = int(std::clamp<qint64>(partNumber(object, u"tried"_s), 0, 100'000));
    tried.smaller = int(std::clamp<qint64>(partNumber(object, u"smaller"_s), 0, 100'000));
    tried.before = partNumber(object, u"before"_s);
    tried.after = partNumber(object, u"after"_s);
    tried.saving = partNumber(object, u"saving"_s);
    return tried;
}

/// Checks that parents precede their children and only the first one has no parent, and sets the depths.
bool hasGoodTree(QList<ReportNamespace> &namespaces)
{
    for (qsizetype i = 0; i < namespaces.size(); ++i) {
        ReportNamespace &part = namespaces[i];
        const bool isGood = i == 0 ? part.parent == -1 : part.parent >= 0 && part.parent < i;
        if (!isGood)
            return false;
        part.depth = i == 0 ? 0 : namespaces[part.parent].depth + 1;
    }
    return !namespaces.isEmpty();
}

void readPlaces(const QJsonObject &object, AnalysisReport &report)
{
    report.tags = listIn<ReportTag>(object, u"tags"_s, [](const QJsonValue &value) {
        const QJsonObject tag = value.toObject();
        return ReportTag{partBytes(tag, u"tag"_s), slotIn(tag), sumIn(tag), partNumber(tag, u"mayLack"_s)};
    });
    report.slots_ = listIn<ReportSlot>(object, u"slots"_s, [](const QJsonValue &value) {
        const QJsonObject slot = value.toObject();
        return ReportSlot{slotIn(slot), shardIn(slot), sumIn(slot)};
    });
    report.slotMean = partNumber(object, u"slotMean"_s);
    report.shards = listIn<std::pair<int, KeySum>>(object, u"shards"_s, [](const QJsonValue &value) {
        return std::make_pair(shardIn(value.toObject()), sumIn(value.toObject()));
    });
}

} // namespace

Result<AnalysisReport> reportFromJson(const QJsonObject &object)
{
    const qint64 version = partNumber(object, u"version"_s);
    if (version < 1)
        return failure(Error::Code::Parse, tr("this is not a report of an analysis"));
    if (version > reportVersion)
        return failure(Error::Code::Parse, tr("a newer version of Slotscope wrote the report"));
    AnalysisReport report;
    report.scope = reportScopeIn(object.value(u"scope"_s).toObject());
    report.outcome = reportOutcomeOf(object.value(u"outcome"_s).toObject());
    report.sum = sumIn(object.value(u"sum"_s).toObject());
    report.withoutTtl = sumIn(object.value(u"withoutTtl"_s).toObject());
    report.sampled = sumIn(object.value(u"sampled"_s).toObject());
    report.sizesUnknown = partNumber(object, u"sizesUnknown"_s);
    report.sampleError = object.value(u"sampleError"_s).toDouble(-1);
    report.samplesChecked = int(std::clamp<qint64>(partNumber(object, u"samplesChecked"_s), 0, mostRead));
    report.ttlUnknown = partNumber(object, u"ttlUnknown"_s);
    const QJsonArray ttl = object.value(u"ttl"_s).toArray();
    for (size_t i = 0; i < report.ttl.size() && qsizetype(i) < ttl.size(); ++i)
        report.ttl[i] = sumIn(ttl[qsizetype(i)].toObject());
    report.types = listIn<ReportType>(object, u"types"_s, reportTypeOf, mostTypesRead);
    report.namespaces = listIn<ReportNamespace>(object, u"namespaces"_s, reportNamespaceIn);
    if (!hasGoodTree(report.namespaces))
        return failure(Error::Code::Parse, tr("the report is damaged: its namespaces are inconsistent"));
    report.byBytes = listIn<ReportKey>(object, u"biggestByBytes"_s, reportKeyIn);
    report.byElements = listIn<ReportKey>(object, u"biggestByElements"_s, reportKeyIn);
    report.hottest = listIn<ReportKey>(object, u"hottestByFrequency"_s, reportKeyIn);
    readPlaces(object, report);
    report.heat = heatIn(object.value(u"heat"_s).toObject());
    report.compression = listIn<ReportCompression>(object, u"compression"_s, compressionOf);
    report.findings = findingsOf(report); // by the present rules, not those when the file was written
    return report;
}

} // namespace slotscope
