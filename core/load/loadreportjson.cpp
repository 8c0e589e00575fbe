// SPDX-License-Identifier: GPL-3.0-or-later
// Reports as JSON: what --json prints, what is stored, what is compared.
#include "core/load/loadreport.h"

#include "core/base/bytesjson.h"
#include "core/base/errortext.h"
#include "core/base/tr.h"

#include <QJsonArray>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype mostRows = 4096;
const QStringList endNames{u"none"_s, u"time"_s, u"count"_s, u"asked"_s, u"failed"_s};

QJsonObject jsonOfTimes(const LoadTimes &times)
{
    return {{u"p50"_s, times.p50},   {u"p90"_s, times.p90},         {u"p99"_s, times.p99},
            {u"p999"_s, times.p999}, {u"longest"_s, times.longest}, {u"mean"_s, times.mean}};
}

LoadTimes timesOf(const QJsonObject &json)
{
    return {.p50 = json[u"p50"_s].toInteger(-1),
            .p90 = json[u"p90"_s].toInteger(-1),
            .p99 = json[u"p99"_s].toInteger(-1),
            .p999 = json[u"p999"_s].toInteger(-1),
            .longest = json[u"longest"_s].toInteger(-1),
            .mean = json[u"mean"_s].toDouble(-1)};
}

QJsonObject jsonOfRow(const LoadRow &row)
{
    QJsonObject errors;
    for (auto each = row.errors.cbegin(); each != row.errors.cend(); ++each)
        errors[QString::fromLatin1(each.key())] = each.value();
    QJsonObject json{
        {u"name"_s, row.name}, {u"ok"_s, row.ok}, {u"errors"_s, errors}, {u"microseconds"_s, jsonOfTimes(row.times)}};
    if (!row.id.isEmpty()) {
        json[u"id"_s] = jsonOfBytes(row.id);
        json[u"replica"_s] = row.isReplica;
        json[u"connections"_s] = row.connections;
    }
    if (!row.problem.isEmpty())
        json[u"problem"_s] = row.problem;
    return json;
}

LoadRow rowOf(const QJsonObject &json)
{
    LoadRow row{.id = bytesOfJson(json[u"id"_s]).value_or(QByteArray()),
                .name = json[u"name"_s].toString(),
                .isReplica = json[u"replica"_s].toBool(),
                .connections = json[u"connections"_s].toInt(),
                .ok = json[u"ok"_s].toInteger(),
                .errors = {},
                .times = timesOf(json[u"microseconds"_s].toObject()),
                .problem = json[u"problem"_s].toString()};
    const QJsonObject errors = json[u"errors"_s].toObject();
    for (auto each = errors.begin(); each != errors.end(); ++each)
        row.errors[each.key().toLatin1()] = each.value().toInteger();
    return row;
}

QJsonArray jsonOfRows(const QList<LoadRow> &rows)
{
    QJsonArray json;
    for (const LoadRow &row : rows)
        json.append(jsonOfRow(row));
    return json;
}

QList<LoadRow> rowsOf(const QJsonValue &json)
{
    QList<LoadRow> rows;
    const QJsonArray array = json.toArray();
    for (qsizetype i = 0; i < std::min(array.size(), mostRows); ++i)
        rows.append(rowOf(array[i].toObject()));
    return rows;
}

QJsonObject jsonOfSecond(const LoadSecond &second)
{
    return {{u"at"_s, second.at},   {u"warmUp"_s, second.isWarmUp}, {u"length"_s, second.length},
            {u"ok"_s, second.ok},   {u"errors"_s, second.errors},   {u"p50"_s, second.p50},
            {u"p99"_s, second.p99}, {u"longest"_s, second.longest}};
}

} // namespace

QJsonObject jsonOf(const LoadReport &report)
{
    QJsonArray timeline, ids;
    for (const LoadSecond &second : report.timeline)
        timeline.append(jsonOfSecond(second));
    for (const QByteArray &id : report.clusterNodes)
        ids.append(jsonOfBytes(id));
    QJsonObject json{{u"slotscopeLoad"_s, loadReportVersion},
                     {u"run"_s, report.runId},
                     {u"cluster"_s, report.cluster},
                     {u"seeds"_s, report.seeds},
                     {u"version"_s, report.version},
                     {u"clusterNodes"_s, ids},
                     {u"spec"_s, jsonOf(report.spec)},
                     {u"startedAt"_s, report.startedAt},
                     {u"seconds"_s, report.seconds},
                     {u"end"_s, endNames.value(int(report.end))},
                     {u"timesCountFrom"_s, report.isScheduled() ? u"due"_s : u"sent"_s},
                     {u"rate"_s, report.rate()},
                     {u"all"_s, jsonOfRow(report.all)},
                     {u"nodes"_s, jsonOfRows(report.nodes)},
                     {u"commands"_s, jsonOfRows(report.commands)},
                     {u"warmUp"_s, report.warmUp},
                     {u"unfinished"_s, report.unfinished},
                     {u"redirects"_s, report.redirects},
                     {u"missed"_s, report.missed},
                     {u"lostConnections"_s, report.lostConnections},
                     {u"longestLate"_s, report.longestLate},
                     {u"generatorBusy"_s, report.generatorBusy},
                     {u"filled"_s, report.filled},
                     {u"removed"_s, report.removed},
                     {u"cleaned"_s, report.cleaned},
                     {u"timeline"_s, timeline}};
    if (report.problem)
        json[u"problem"_s] = describe(*report.problem);
    return json;
}

Result<LoadReport> loadReportOf(const QJsonObject &json)
{
    if (json[u"slotscopeLoad"_s].toInt() != loadReportVersion)
        return failure(Error::Code::Parse,
                       tr("this is not a report of a load test, or it was made by a newer version of Slotscope"));
    LoadReport report;
    report.runId = json[u"run"_s].toString();
    report.cluster = json[u"cluster"_s].toString();
    report.seeds = json[u"seeds"_s].toString();
    report.version = json[u"version"_s].toString();
    const QJsonArray ids = json[u"clusterNodes"_s].toArray();
    for (const QJsonValue &id : ids)
        report.clusterNodes.append(bytesOfJson(id).value_or(QByteArray()));
    report.spec = loadSpecOf(json[u"spec"_s].toObject());
    report.startedAt = json[u"startedAt"_s].toInteger();
    report.seconds = std::max(0.0, json[u"seconds"_s].toDouble());
    report.end = LoadReport::End(std::max<qsizetype>(0, endNames.indexOf(json[u"end"_s].toString())));
    report.all = rowOf(json[u"all"_s].toObject());
    report.nodes = rowsOf(json[u"nodes"_s]);
    report.commands = rowsOf(json[u"commands"_s]);
    report.warmUp = json[u"warmUp"_s].toInteger();
    report.unfinished = json[u"unfinished"_s].toInteger();
    report.redirects = json[u"redirects"_s].toInteger();
    report.missed = json[u"missed"_s].toInteger();
    report.lostConnections = json[u"lostConnections"_s].toInteger();
    report.longestLate = json[u"longestLate"_s].toInteger();
    report.generatorBusy = json[u"generatorBusy"_s].toDouble();
    report.filled = json[u"filled"_s].toInteger();
    report.removed = json[u"removed"_s].toInteger();
    report.cleaned = json[u"cleaned"_s].toBool();
    if (json.contains(u"problem"_s))
        report.problem = Error{.code = Error::Code::InvalidArgument, // the stored text is complete
                               .detail = json[u"problem"_s].toString(),
                               .serverPrefix = {},
                               .node = {},
                               .command = {}};
    const QJsonArray timeline = json[u"timeline"_s].toArray();
    for (qsizetype i = 0; i < std::min(timeline.size(), mostRows); ++i) {
        const QJsonObject each = timeline[i].toObject();
        report.timeline.append({.at = each[u"at"_s].toDouble(),
                                .isWarmUp = each[u"warmUp"_s].toBool(),
                                .length = each[u"length"_s].toDouble(1),
                                .ok = each[u"ok"_s].toInteger(),
                                .errors = each[u"errors"_s].toInteger(),
                                .p50 = each[u"p50"_s].toInteger(-1),
                                .p99 = each[u"p99"_s].toInteger(-1),
                                .longest = each[u"longest"_s].toInteger(-1)});
    }
    return report;
}

} // namespace slotscope
