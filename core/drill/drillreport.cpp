// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/drill/drillreport.h"

#include "core/base/tr.h"

#include <QJsonArray>

#include <algorithm>
#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array eventNames{"begun",   "silent", "suspected", "failed",       "elected", "answers",
                                "follows", "linked", "starting",  "handing-back", "restored"};
constexpr int reportForm = 1;
constexpr qsizetype mostEvents = 10'000, mostBuckets = 50'000; // the shards of all lanes, by shard number

QJsonObject json(const DrillEvent &event)
{
    return {{u"kind"_s, drillEventName(event.kind)},
            {u"shard"_s, event.shard},
            {u"at"_s, event.at},
            {u"since"_s, event.since},
            {u"id"_s, QString::fromLatin1(event.node)},
            {u"node"_s, event.name},
            {u"by"_s, event.by}};
}

std::optional<DrillEvent> eventFrom(const QJsonValue &json)
{
    for (size_t i = 0; i < eventNames.size(); ++i)
        if (json[u"kind"].toString() == QLatin1StringView(eventNames[i]))
            return DrillEvent{.kind = DrillEvent::Kind(i),
                              .shard = json[u"shard"].toInt(),
                              .at = json[u"at"].toInteger(),
                              .since = json[u"since"].toInteger(),
                              .node = json[u"id"].toString().toLatin1(),
                              .name = json[u"node"].toString(),
                              .by = json[u"by"].toString()};
    return {};
}

/// Writes an array instead of an object, because there are many buckets.
QJsonArray json(const DrillBucket &bucket)
{
    return {bucket.at, bucket.due, bucket.served, bucket.failed, bucket.worstMs, bucket.reads, bucket.staleReads};
}

DrillBucket bucketFrom(const QJsonValue &value)
{
    const QJsonArray row = value.toArray();
    return {.at = row.at(0).toInteger(),
            .due = row.at(1).toInt(),
            .served = row.at(2).toInt(),
            .failed = row.at(3).toInt(),
            .worstMs = row.at(4).toInt(-1),
            .reads = row.at(5).toInt(),
            .staleReads = row.at(6).toInt()};
}

QJsonValue json(const std::optional<DrillGap> &gap)
{
    if (!gap)
        return {};
    return QJsonObject{{u"from"_s, gap->from}, {u"to"_s, gap->to}, {u"over"_s, gap->over}};
}

std::optional<DrillGap> gapFrom(const QJsonValue &json)
{
    if (!json.isObject())
        return {};
    return DrillGap{.from = json[u"from"].toInteger(), .to = json[u"to"].toInteger(), .over = json[u"over"].toBool()};
}

QJsonObject json(const DrillLaneReport &lane)
{
    QJsonArray buckets;
    for (const DrillBucket &bucket : lane.buckets)
        buckets.append(json(bucket));
    QJsonObject errors;
    for (auto it = lane.errors.cbegin(); it != lane.errors.cend(); ++it)
        errors[it.key()] = it.value();
    return {{u"shard"_s, lane.shard},
            {u"control"_s, lane.control},
            {u"primary"_s, lane.primary},
            {u"away"_s, json(lane.away)},
            {u"back"_s, json(lane.back)},
            {u"written"_s, lane.written},
            {u"acknowledged"_s, lane.acknowledged},
            {u"acknowledgedByReplicas"_s, lane.byReplicas},
            {u"failed"_s, lane.failed},
            {u"uncertain"_s, lane.uncertain},
            {u"readBack"_s, lane.readBack},
            {u"missing"_s, lane.missing},
            {u"missingOfReplicas"_s, lane.missingByReplicas},
            {u"unread"_s, lane.unread},
            {u"errors"_s, errors},
            {u"bucketMs"_s, DrillBucket::lengthMs},
            {u"buckets"_s, buckets}};
}

DrillLaneReport laneFrom(const QJsonValue &json)
{
    DrillLaneReport lane{.shard = json[u"shard"].toInt(),
                         .control = json[u"control"].toBool(),
                         .primary = json[u"primary"].toString(),
                         .buckets = {},
                         .away = gapFrom(json[u"away"]),
                         .back = gapFrom(json[u"back"]),
                         .written = json[u"written"].toInteger(),
                         .acknowledged = json[u"acknowledged"].toInteger(),
                         .byReplicas = json[u"acknowledgedByReplicas"].toInteger(),
                         .failed = json[u"failed"].toInteger(),
                         .uncertain = json[u"uncertain"].toInteger(),
                         .readBack = json[u"readBack"].toBool(),
                         .missing = json[u"missing"].toInteger(),
                         .missingByReplicas = json[u"missingOfReplicas"].toInteger(),
                         .unread = json[u"unread"].toInteger(),
                         .errors = {}};
    const QJsonArray buckets = json[u"buckets"].toArray();
    for (const QJsonValue &row : buckets)
        if (lane.buckets.size() < mostBuckets)
            lane.buckets.append(bucketFrom(row));
    const QJsonObject errors = json[u"errors"].toObject();
    for (auto it = errors.begin(); it != errors.end(); ++it)
        lane.errors[it.key()] = it->toInt();
    return lane;
}

QJsonObject json(const DrillOffsets &offsets)
{
    QJsonObject object{{u"shard"_s, offsets.shard},       {u"former"_s, offsets.former},
                       {u"heir"_s, offsets.heir},         {u"formerOffset"_s, offsets.formerOffset},
                       {u"formerAt"_s, offsets.formerAt}, {u"heirOffset"_s, offsets.heirOffset}};
    if (const auto missing = offsets.missingBytes())
        object[u"missingBytes"_s] = *missing;
    return object;
}

} // namespace

QString drillEventName(DrillEvent::Kind kind)
{
    return QString::fromLatin1(eventNames[size_t(kind)]);
}

std::optional<qint64> DrillOffsets::missingBytes() const
{
    if (formerOffset < 0 || heirOffset < 0)
        return {};
    return std::max<qint64>(0, formerOffset - heirOffset);
}

std::optional<DrillGap> commonGap(const DrillReport &report)
{
    constexpr qint64 shortestMs = 100; // the time of five writes
    const bool hasControl = std::any_of(report.lanes.cbegin(), report.lanes.cend(),
                                        [](const DrillLaneReport &lane) { return lane.control; });
    if (!hasControl || report.lanes.size() < 2)
        return {};
    for (const auto part : {&DrillLaneReport::away, &DrillLaneReport::back}) {
        std::optional<DrillGap> common = report.lanes.front().*part;
        for (const DrillLaneReport &lane : report.lanes) {
            const std::optional<DrillGap> &own = lane.*part;
            if (!common || !own) {
                common.reset();
                break;
            }
            common->from = std::max(common->from, own->from);
            common->over = own->to < common->to ? own->over : common->over;
            common->to = std::min(common->to, own->to);
        }
        if (common && common->length() > shortestMs)
            return common;
    }
    return {};
}

QJsonObject toJson(const DrillReport &report)
{
    QJsonArray events, lanes, offsets;
    for (const DrillEvent &event : report.events)
        events.append(json(event));
    for (const DrillLaneReport &lane : report.lanes)
        lanes.append(json(lane));
    for (const DrillOffsets &one : report.offsets)
        offsets.append(json(one));
    return {{u"form"_s, reportForm},
            {u"title"_s, report.title},
            {u"cluster"_s, report.cluster},
            {u"way"_s, drillWayName(report.way)},
            {u"startedAt"_s, report.startedAt},
            {u"endedAt"_s, report.endedAt},
            {u"over"_s, report.over},
            {u"pollMs"_s, report.pollMs},
            {u"writesPerSecond"_s, report.writesPerSecond},
            {u"nodeTimeoutMs"_s, report.nodeTimeoutMs},
            {u"observers"_s, QJsonArray::fromStringList(report.observers)},
            {u"events"_s, events},
            {u"lanes"_s, lanes},
            {u"offsets"_s, offsets},
            {u"keysRemoved"_s, report.keysRemoved},
            {u"notes"_s, QJsonArray::fromStringList(report.notes)}};
}

Result<DrillReport> drillReportFrom(const QJsonObject &json)
{
    if (json[u"form"].toInt() != reportForm)
        return failure(Error::Code::Parse, tr("this is not a drill report that this program can read"));
    DrillReport report;
    report.title = json[u"title"].toString();
    report.cluster = json[u"cluster"].toString();
    report.way = drillWayOf(json[u"way"].toString()).value_or(DrillWay::Failover);
    report.startedAt = json[u"startedAt"].toInteger();
    report.endedAt = json[u"endedAt"].toInteger();
    report.over = json[u"over"].toBool();
    report.pollMs = json[u"pollMs"].toInt();
    report.writesPerSecond = json[u"writesPerSecond"].toInt();
    report.nodeTimeoutMs = json[u"nodeTimeoutMs"].toInteger();
    report.keysRemoved = json[u"keysRemoved"].toBool();
    for (const QJsonValue &name : json[u"observers"].toArray())
        report.observers.append(name.toString());
    for (const QJsonValue &note : json[u"notes"].toArray())
        report.notes.append(note.toString());
    for (const QJsonValue &one : json[u"events"].toArray())
        if (const auto event = eventFrom(one); event && report.events.size() < mostEvents)
            report.events.append(*event);
    for (const QJsonValue &one : json[u"lanes"].toArray())
        report.lanes.append(laneFrom(one));
    for (const QJsonValue &one : json[u"offsets"].toArray())
        report.offsets.append({.shard = one[u"shard"].toInt(),
                               .former = one[u"former"].toString(),
                               .heir = one[u"heir"].toString(),
                               .formerOffset = one[u"formerOffset"].toInteger(-1),
                               .formerAt = one[u"formerAt"].toInteger(),
                               .heirOffset = one[u"heirOffset"].toInteger(-1)});
    return report;
}

} // namespace slotscope
