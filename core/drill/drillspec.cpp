// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/drill/drillspec.h"

#include "core/base/tr.h"
#include "core/cluster/nodestable.h"

#include <QFileInfo>
#include <QHash>
#include <QJsonArray>
#include <QRegularExpression>
#include <QStandardPaths>

#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr quint16 noSlot = 16384; // one more than the last slot
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

/// Reads a slot; returns noSlot for anything else.
quint16 slotIn(const QJsonValue &value)
{
    const int slot = value.toInt(-1);
    return slot >= 0 && slot < noSlot ? quint16(slot) : noSlot;
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
            {u"shard"_s, target.shard},   {u"heir"_s, idText(target.heir)}, {u"heirName"_s, target.heirName},
            {u"slot"_s, target.slot}};
}

QJsonObject json(const DrillPlace &place)
{
    return {{u"id"_s, idText(place.id)},
            {u"name"_s, place.name},
            {u"primary"_s, idText(place.primaryId)},
            {u"slots"_s, place.slotRanges}};
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

Result<QStringList> localWords(const QString &line)
{
    QStringList words;
    QString word;
    QChar quote;
    bool begun = false;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar one = line[i];
        const bool escapes = one == u'\\' && quote != u'\'' && i + 1 < line.size()
            && (quote.isNull() || line[i + 1] == u'"' || line[i + 1] == u'\\');
        if (escapes) {
            word += line[++i];
            begun = true;
        } else if (!quote.isNull()) {
            if (one == quote)
                quote = QChar();
            else
                word += one;
        } else if (one == u'\'' || one == u'"') {
            quote = one;
            begun = true; // quotes start a word, even an empty one
        } else if (!one.isSpace()) {
            word += one;
            begun = true;
        } else if (begun) {
            words.append(std::exchange(word, QString()));
            begun = false;
        }
    }
    if (!quote.isNull())
        return failure(Error::Code::InvalidArgument, tr("a quote (%1) is not closed").arg(quote));
    if (begun)
        words.append(word);
    return words;
}

bool isLocalProgram(const QStringList &words)
{
    const QString program = words.value(0);
    if (program.contains(u'/')) {
        const QFileInfo file(program);
        return file.isFile() && file.isExecutable();
    }
    return !program.isEmpty() && !QStandardPaths::findExecutable(program).isEmpty();
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
                       tr("%1 lacks a host, a port or an id that can be used in a command").arg(address));
    QStringList done;
    static const QRegularExpression placeholder(u"\\{(host|port|id)\\}"_s);
    for (const QString &word : words) {
        QString made;
        qsizetype from = 0;
        for (auto it = placeholder.globalMatch(word); it.hasNext();) { // inserted values are not expanded again
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
    static const QRegularExpression inUri(u"://[^/@\\s]*:[^/@\\s]+@"_s), blank(u"[\\s'\";|&()]+"_s);
    QStringList parts; // split every argument, because a command line for another shell may be a single argument
    for (const QString &word : words)
        parts += word.split(blank, Qt::SkipEmptyParts);
    bool ofSshpass = false;
    for (const QString &part : std::as_const(parts)) {
        if (inUri.match(part).hasMatch())
            return tr("an address");
        if (part == u"-a")
            return part;
        if (ofSshpass && part.startsWith(u"-p"))
            return u"sshpass -p"_s;
        ofSshpass = ofSshpass ? part.startsWith(u'-') : part.section(u'/', -1) == u"sshpass";
        const qsizetype equals = part.indexOf(u'=');
        const QRegularExpressionMatch match = named.match(equals > 0 ? part.left(equals) : part);
        if ((part.startsWith(u'-') || equals > 0) && match.hasMatch())
            return part.left(match.capturedEnd());
    }
    return {};
}

int DrillPlan::slotOf(const DrillTarget &target) const
{
    const auto lane = std::find_if(lanes.cbegin(), lanes.cend(),
                                   [&target](const DrillLane &one) { return one.shard == target.shard; });
    if (target.slot >= 0 || lane == lanes.cend())
        return target.slot;
    return lane->slot; // targets in older journals have no slot: use that of the lane
}

QJsonObject toJson(const DrillPlan &plan)
{
    QJsonArray targets, lanes, before;
    for (const DrillPlace &place : plan.before)
        before.append(json(place));
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
            {u"before"_s, before},
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
                             .heirName = one[u"heirName"].toString(),
                             .slot = one[u"slot"].toInt(-1)});
    for (const QJsonValue &one : json[u"lanes"].toArray())
        plan.lanes.append({.shard = one[u"shard"].toInt(),
                           .primary = idIn(one[u"primary"]),
                           .primaryName = one[u"primaryName"].toString(),
                           .tag = idIn(one[u"tag"]),
                           .slot = slotIn(one[u"slot"]),
                           .replicas = one[u"replicas"].toInt(),
                           .control = one[u"control"].toBool()});
    for (const QJsonValue &one : json[u"before"].toArray())
        plan.before.append({.id = idIn(one[u"id"]),
                            .name = one[u"name"].toString(),
                            .primaryId = idIn(one[u"primary"]),
                            .slotRanges = one[u"slots"].toString()});
    const QJsonObject observers = json[u"observers"].toObject();
    for (auto it = observers.begin(); it != observers.end(); ++it)
        plan.observers.insert(it.key().toLatin1(), it->toString());
    const bool timesAreSound = plan.nodeTimeoutMs >= 0 && plan.deadlineMs >= 0;
    const bool slotsAreSound =
        std::all_of(plan.lanes.cbegin(), plan.lanes.cend(), [](const DrillLane &lane) { return lane.slot < noSlot; })
        && std::all_of(plan.targets.cbegin(), plan.targets.cend(),
                       [](const DrillTarget &target) { return target.slot >= -1 && target.slot < noSlot; });
    const bool sound = timesAreSound && slotsAreSound && !plan.targets.isEmpty()
        && std::all_of(plan.targets.cbegin(), plan.targets.cend(),
                       [](const DrillTarget &target) { return !target.id.isEmpty() && !target.name.isEmpty(); });
    if (!sound)
        return failure(Error::Code::Parse, tr("this is not a drill that this program plans"));
    return plan;
}

} // namespace slotscope
