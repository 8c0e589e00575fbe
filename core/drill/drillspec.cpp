// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/drill/drillspec.h"

#include "core/base/tr.h"
#include "core/cluster/nodestable.h"

#include <QHash>
#include <QJsonArray>
#include <QProcess>
#include <QRegularExpression>

#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array wayNames{"failover", "pause", "debug-sleep", "command"};

QStringList textsIn(const QJsonValue &value)
{
    QStringList list;
    for (const QJsonValue &word : value.toArray())
        list.append(word.toString());
    return list;
}

QString idText(const QByteArray &id)
{
    return QString::fromLatin1(id);
}

QByteArray idIn(const QJsonValue &value)
{
    return value.toString().toLatin1();
}

QJsonObject json(const DrillLane &lane)
{
    return {{u"shard"_s, lane.shard},
            {u"primary"_s, idText(lane.primary)},
            {u"primaryName"_s, lane.primaryName},
            {u"tag"_s, idText(lane.tag)},
            {u"slot"_s, lane.slot},
            {u"replicas"_s, lane.replicas},
            {u"control"_s, lane.control}};
}

QJsonObject json(const DrillTarget &target)
{
    return {{u"id"_s, idText(target.id)}, {u"name"_s, target.name},         {u"primary"_s, target.primary},
            {u"shard"_s, target.shard},   {u"heir"_s, idText(target.heir)}, {u"heirName"_s, target.heirName}};
}

bool isNodeId(const QByteArray &id)
{
    static const QRegularExpression hex(u"\\A[0-9a-fA-F]{40}\\z"_s);
    return hex.match(QString::fromLatin1(id)).hasMatch();
}

} // namespace

QString drillWayName(DrillWay way)
{
    return QString::fromLatin1(wayNames[size_t(way)]);
}

std::optional<DrillWay> drillWayOf(const QString &name)
{
    for (size_t i = 0; i < wayNames.size(); ++i)
        if (name == QLatin1StringView(wayNames[i]))
            return DrillWay(i);
    return {};
}

QJsonObject toJson(const DrillSpec &spec)
{
    QJsonObject object{
        {u"way"_s, drillWayName(spec.way)}, {u"milliseconds"_s, spec.milliseconds}, {u"back"_s, spec.back}};
    if (!spec.nodeId.isEmpty())
        object[u"node"_s] = idText(spec.nodeId);
    if (!spec.host.isEmpty())
        object[u"host"_s] = spec.host;
    if (!spec.stop.isEmpty())
        object[u"stop"_s] = QJsonArray::fromStringList(spec.stop);
    if (!spec.start.isEmpty())
        object[u"start"_s] = QJsonArray::fromStringList(spec.start);
    return object;
}

DrillSpec drillSpecFrom(const QJsonObject &json)
{
    return {.nodeId = idIn(json[u"node"]),
            .host = json[u"host"].toString(),
            .way = drillWayOf(json[u"way"].toString()).value_or(DrillWay::Failover),
            .milliseconds = std::clamp(json[u"milliseconds"].toInt(), 0, mostDrillMs),
            .stop = textsIn(json[u"stop"]),
            .start = textsIn(json[u"start"]),
            .back = json[u"back"].toBool(true)};
}

QStringList localWords(const QString &line)
{
    return QProcess::splitCommand(line);
}

Result<QStringList> localCommandFor(const QStringList &words, const QString &address, const QByteArray &id)
{
    if (words.isEmpty() || words.constFirst().isEmpty())
        return failure(Error::Code::InvalidArgument, tr("the command names no program"));
    const QString host = hostOfAddress(address), port = address.mid(address.lastIndexOf(u':') + 1);
    static const QRegularExpression plainHost(u"\\A[A-Za-z0-9._:][A-Za-z0-9._:-]*\\z"_s),
        plainPort(u"\\A[0-9]{1,5}\\z"_s);
    if (!plainHost.match(host).hasMatch() || !plainPort.match(port).hasMatch() || !isNodeId(id))
        return failure(Error::Code::InvalidArgument,
                       tr("%1 has no host, port and id that could stand in a command").arg(address));
    QStringList done;
    static const QRegularExpression placeholder(u"\\{(host|port|id)\\}"_s);
    for (const QString &word : words) {
        QString made;
        qsizetype from = 0;
        for (auto it = placeholder.globalMatch(word); it.hasNext();) { // what was put in is not looked at again
            const QRegularExpressionMatch match = it.next();
            made += word.mid(from, match.capturedStart() - from);
            made += match.captured(1) == u"host" ? host : match.captured(1) == u"port" ? port : idText(id);
            from = match.capturedEnd();
        }
        done.append(made + word.mid(from));
    }
    return done;
}

QString localLine(const QStringList &words)
{
    static const QRegularExpression plain(u"\\A[A-Za-z0-9_./:=@%+,{}-]+\\z"_s);
    QStringList list;
    for (const QString &word : words)
        list.append(plain.match(word).hasMatch() ? word : u'\'' + QString(word).replace(u'\'', u"'\\''"_s) + u'\'');
    return list.join(u' ');
}

QString secretLikeWord(const QStringList &words)
{
    static const QRegularExpression named(u"(pass(word|wd|phrase)?|secret|token|auth|credential|api-?key)"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression inUri(u"://[^/@\\s]*:[^/@\\s]+@"_s);
    for (const QString &word : words) {
        const qsizetype equals = word.indexOf(u'=');
        const bool isOption = word.startsWith(u'-') || equals > 0;
        if (inUri.match(word).hasMatch() || word == u"-a"
            || (isOption && named.match(equals > 0 ? word.left(equals) : word).hasMatch()))
            return equals > 0 ? word.left(equals) : inUri.match(word).hasMatch() ? tr("an address") : word;
    }
    return {};
}

QJsonObject toJson(const DrillPlan &plan)
{
    QJsonArray targets, lanes;
    QJsonObject observers;
    for (const DrillTarget &target : plan.targets)
        targets.append(json(target));
    for (const DrillLane &lane : plan.lanes)
        lanes.append(json(lane));
    for (auto it = plan.observers.cbegin(); it != plan.observers.cend(); ++it)
        observers[idText(it.key())] = it.value();
    return {{u"spec"_s, toJson(plan.spec)},
            {u"targets"_s, targets},
            {u"lanes"_s, lanes},
            {u"observers"_s, observers},
            {u"failsOver"_s, plan.failsOver},
            {u"endsEarly"_s, plan.endsEarly},
            {u"nodeTimeoutMs"_s, plan.nodeTimeoutMs},
            {u"deadlineMs"_s, plan.deadlineMs}};
}

Result<DrillPlan> drillPlanFrom(const QJsonObject &json)
{
    DrillPlan plan;
    plan.spec = drillSpecFrom(json[u"spec"].toObject());
    plan.failsOver = json[u"failsOver"].toBool();
    plan.endsEarly = json[u"endsEarly"].toBool();
    plan.nodeTimeoutMs = json[u"nodeTimeoutMs"].toInteger();
    plan.deadlineMs = json[u"deadlineMs"].toInt();
    for (const QJsonValue &one : json[u"targets"].toArray())
        plan.targets.append({.id = idIn(one[u"id"]),
                             .name = one[u"name"].toString(),
                             .primary = one[u"primary"].toBool(),
                             .shard = one[u"shard"].toInt(),
                             .heir = idIn(one[u"heir"]),
                             .heirName = one[u"heirName"].toString()});
    for (const QJsonValue &one : json[u"lanes"].toArray())
        plan.lanes.append({.shard = one[u"shard"].toInt(),
                           .primary = idIn(one[u"primary"]),
                           .primaryName = one[u"primaryName"].toString(),
                           .tag = idIn(one[u"tag"]),
                           .slot = quint16(one[u"slot"].toInt()),
                           .replicas = one[u"replicas"].toInt(),
                           .control = one[u"control"].toBool()});
    const QJsonObject observers = json[u"observers"].toObject();
    for (auto it = observers.begin(); it != observers.end(); ++it)
        plan.observers.insert(it.key().toLatin1(), it->toString());
    const bool sound = !plan.targets.isEmpty()
        && std::all_of(plan.targets.cbegin(), plan.targets.cend(),
                       [](const DrillTarget &target) { return !target.id.isEmpty() && !target.name.isEmpty(); });
    if (!sound)
        return failure(Error::Code::Parse, tr("it is no drill that this program plans"));
    return plan;
}

} // namespace slotscope
