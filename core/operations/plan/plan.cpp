// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/plan/plan.h"

#include "core/cluster/nodestable.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/operations/plan/planvalidity.h"

#include <QJsonArray>

#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array kindNames{"commands", "wait",           "move-slots", "gather-keys", "delete-keys",
                               "failover", "copy-functions", "backup",     "background",  "drill"};
constexpr std::array conditionNames{"none",     "joined", "gone",  "primary",    "replica-of",
                                    "links-up", "agreed", "owned", "same-slots", "ban-expired"};
constexpr std::array verdictNames{"pass", "warn", "refuse"};
constexpr std::array methodNames{"automatic", "classic", "atomic"};
constexpr std::array busyNames{"stop", "keep-source", "keep-target"};

template <typename E, size_t n>
E fromName(const std::array<const char *, n> &names, const QString &name)
{
    for (size_t i = 0; i < n; ++i)
        if (name == QLatin1StringView(names[i]))
            return E(i);
    return E(0);
}

template <typename E, size_t n>
QString nameOf(const std::array<const char *, n> &names, E value)
{
    return QString::fromLatin1(names[size_t(value)]);
}

QJsonObject json(const NodeRef &node)
{
    QJsonObject object{{u"address"_s, node.address}};
    if (!node.id.isEmpty())
        object[u"id"_s] = QString::fromLatin1(node.id);
    return object;
}

NodeRef nodeFrom(const QJsonValue &value)
{
    return {.id = value[u"id"].toString().toLatin1(), .address = value[u"address"].toString()};
}

/// Binary arguments are stored quoted as in redis-cli.
QJsonArray json(const Command &command)
{
    QJsonArray words;
    for (const QByteArray &word : command)
        words.append(QString::fromLatin1(quoted(word)));
    return words;
}

Command commandFrom(const QJsonValue &value)
{
    QByteArrayList words;
    for (const QJsonValue &word : value.toArray())
        words.append(word.toString().toLatin1());
    return parseCommandLine(words.join(' ')).value_or(Command{});
}

QJsonObject json(const StepCommand &command)
{
    return {{u"node"_s, json(command.node)}, {u"command"_s, json(command.command)}};
}

QJsonObject json(const SlotMove &move)
{
    const auto words = [](const QByteArrayList &ids) { return QString::fromLatin1(ids.join(' ')); };
    return {{u"source"_s, json(move.source)},
            {u"target"_s, json(move.target)},
            {u"slots"_s, move.slots.toString()},
            {u"sourceHeirs"_s, words(move.sourceHeirs)},
            {u"targetHeirs"_s, words(move.targetHeirs)},
            {u"meet"_s, json(move.meet)}};
}

SlotMove moveFrom(const QJsonValue &value)
{
    const auto ids = [](const QJsonValue &words) {
        return words.toString().isEmpty() ? QByteArrayList() : words.toString().toLatin1().split(' ');
    };
    return {.source = nodeFrom(value[u"source"]),
            .target = nodeFrom(value[u"target"]),
            .slots = SlotSet::parse(value[u"slots"].toString().toLatin1()).value_or(SlotSet{}),
            .sourceHeirs = ids(value[u"sourceHeirs"]),
            .targetHeirs = ids(value[u"targetHeirs"]),
            .meet = commandFrom(value[u"meet"])};
}

QJsonObject json(const MigrationOptions &options)
{
    return {{u"method"_s, nameOf(methodNames, options.method)}, {u"keysPerSecond"_s, options.keysPerSecond},
            {u"latencyCeilingMs"_s, options.latencyCeilingMs},  {u"batchBytes"_s, options.batchBytes},
            {u"callTimeoutMs"_s, options.callTimeoutMs},        {u"busyKeys"_s, nameOf(busyNames, options.busyKeys)},
            {u"waitForReplicas"_s, options.waitForReplicas}};
}

MigrationOptions migrationFrom(const QJsonValue &value)
{
    return {.method = fromName<MigrationMethod>(methodNames, value[u"method"].toString()),
            .keysPerSecond = value[u"keysPerSecond"].toInt(),
            .latencyCeilingMs = value[u"latencyCeilingMs"].toInt(),
            .batchBytes = value[u"batchBytes"].toInteger(),
            .callTimeoutMs = value[u"callTimeoutMs"].toInt(),
            .busyKeys = fromName<BusyKeyPolicy>(busyNames, value[u"busyKeys"].toString()),
            .waitForReplicas = value[u"waitForReplicas"].toBool(true)};
}

QJsonObject json(const PlanStep &step);
QJsonObject json(const PlanCheck &check);

template <typename List>
QJsonArray jsonOf(const List &list)
{
    QJsonArray array;
    for (const auto &item : list)
        array.append(json(item));
    return array;
}

template <typename T>
QList<T> listFrom(const QJsonValue &value, T (*from)(const QJsonValue &))
{
    QList<T> list;
    for (const QJsonValue &item : value.toArray())
        list.append(from(item));
    return list;
}

QStringList stringsFrom(const QJsonValue &value)
{
    QStringList strings;
    for (const QJsonValue &item : value.toArray())
        strings.append(item.toString());
    return strings;
}

QJsonObject json(const PlanStep &step)
{
    QJsonObject object{{u"kind"_s, nameOf(kindNames, step.kind)}, {u"title"_s, step.title}};
    if (!step.risk.isEmpty())
        object[u"risk"_s] = step.risk;
    if (!step.commands.isEmpty())
        object[u"commands"_s] = jsonOf(step.commands);
    if (step.together)
        object[u"together"_s] = true;
    if (step.mayFail)
        object[u"mayFail"_s] = true;
    if (!step.tolerated.isEmpty())
        object[u"tolerated"_s] = json(step.tolerated);
    if (step.condition != PlanStep::Condition::None)
        object[u"condition"_s] = nameOf(conditionNames, step.condition);
    if (!step.nodes.isEmpty())
        object[u"nodes"_s] = jsonOf(step.nodes);
    if (!step.slots.isEmpty())
        object[u"slots"_s] = step.slots.toString();
    if (!step.moves.isEmpty())
        object[u"moves"_s] = jsonOf(step.moves);
    if (step.migration != MigrationOptions{} || !step.moves.isEmpty())
        object[u"migration"_s] = json(step.migration);
    if (!step.mode.isEmpty())
        object[u"mode"_s] = step.mode;
    if (!step.folder.isEmpty())
        object[u"folder"_s] = step.folder;
    object[u"deadlineMs"_s] = step.deadlineMs;
    return object;
}

StepCommand stepCommandFrom(const QJsonValue &value)
{
    return {.node = nodeFrom(value[u"node"]), .command = commandFrom(value[u"command"])};
}

PlanStep stepFrom(const QJsonValue &value)
{
    PlanStep step;
    step.kind = fromName<PlanStep::Kind>(kindNames, value[u"kind"].toString());
    step.title = value[u"title"].toString();
    step.risk = value[u"risk"].toString();
    step.commands = listFrom(value[u"commands"], stepCommandFrom);
    step.together = value[u"together"].toBool();
    step.mayFail = value[u"mayFail"].toBool();
    step.tolerated = commandFrom(value[u"tolerated"]);
    step.condition = fromName<PlanStep::Condition>(conditionNames, value[u"condition"].toString());
    step.nodes = listFrom(value[u"nodes"], nodeFrom);
    step.slots = SlotSet::parse(value[u"slots"].toString().toLatin1()).value_or(SlotSet{});
    step.moves = listFrom(value[u"moves"], moveFrom);
    if (value[u"migration"].isObject())
        step.migration = migrationFrom(value[u"migration"]);
    step.mode = value[u"mode"].toString();
    step.folder = value[u"folder"].toString();
    step.deadlineMs = value[u"deadlineMs"].toInt(step.deadlineMs);
    return step;
}

QJsonObject json(const PlanCheck &check)
{
    return {{u"verdict"_s, verdictName(check.verdict)}, {u"title"_s, check.title}, {u"detail"_s, check.detail}};
}

PlanCheck checkFrom(const QJsonValue &value)
{
    return {.verdict = fromName<PlanCheck::Verdict>(verdictNames, value[u"verdict"].toString()),
            .title = value[u"title"].toString(),
            .detail = value[u"detail"].toString()};
}

} // namespace

bool OperationPlan::isRefused() const
{
    return std::any_of(checks.begin(), checks.end(),
                       [](const PlanCheck &check) { return check.verdict == PlanCheck::Verdict::Refuse; });
}

namespace {

/// An empty list means that the operation looked and found nothing.
QJsonObject factsOf(const OperationPlan &plan)
{
    QJsonObject facts = toJson(plan.results);
    const QString list = plan.operation == Operation::Fix ? u"slots"_s
        : plan.operation == Operation::Orphans            ? u"orphans"_s
        : plan.operation == Operation::Rebalance          ? u"balance"_s
                                                          : QString();
    if (!list.isEmpty() && !facts.contains(list))
        facts[list] = QJsonArray();
    return facts;
}

} // namespace

QJsonObject toJson(const OperationPlan &plan)
{
    return {{u"operation"_s, plan.operation ? operationName(*plan.operation) : QString()},
            {u"title"_s, plan.title},
            {u"checks"_s, jsonOf(plan.checks)},
            {u"steps"_s, jsonOf(plan.steps)},
            {u"verifies"_s, QJsonArray::fromStringList(plan.verifies)},
            {u"dataLoss"_s, QJsonArray::fromStringList(plan.dataLoss)},
            {u"notes"_s, QJsonArray::fromStringList(plan.notes)},
            {u"estimate"_s,
             QJsonObject{{u"slots"_s, plan.estimate.slots},
                         {u"keys"_s, plan.estimate.keys},
                         {u"bytes"_s, plan.estimate.bytes},
                         {u"milliseconds"_s, plan.estimate.milliseconds}}},
            {u"moves"_s, jsonOf(plan.moves)},
            {u"facts"_s, factsOf(plan)}};
}

Result<OperationPlan> planFromJson(const QJsonObject &json)
{
    if (!json[u"operation"].isString() || !json[u"steps"].isArray())
        return failure(Error::Code::Parse, tr("this is not a plan"));
    OperationPlan plan;
    plan.operation = operationOf(json[u"operation"].toString());
    plan.title = json[u"title"].toString();
    plan.checks = listFrom(json[u"checks"], checkFrom);
    plan.steps = listFrom(json[u"steps"], stepFrom);
    plan.verifies = stringsFrom(json[u"verifies"]);
    plan.dataLoss = stringsFrom(json[u"dataLoss"]);
    plan.notes = stringsFrom(json[u"notes"]);
    const QJsonObject estimate = json[u"estimate"].toObject();
    plan.estimate = {.slots = estimate[u"slots"].toInteger(-1),
                     .keys = estimate[u"keys"].toInteger(-1),
                     .bytes = estimate[u"bytes"].toInteger(-1),
                     .milliseconds = estimate[u"milliseconds"].toInteger(-1)};
    plan.moves = listFrom(json[u"moves"], moveFrom);
    plan.results = resultsFromJson(json[u"facts"].toObject());
    if (!isPartOf(json, toJson(plan))) // otherwise the executed plan would differ from the one shown
        return failure(Error::Code::Parse, tr("the plan contains something that this version does not understand"));
    return plan;
}

std::optional<BusyKeyPolicy> busyKeyPolicy(const QString &name)
{
    for (size_t i = 0; i < busyNames.size(); ++i)
        if (name == QLatin1StringView(busyNames[i]))
            return BusyKeyPolicy(i);
    return {};
}

OperationPlan withBusyKeys(OperationPlan plan, BusyKeyPolicy policy)
{
    for (PlanStep &step : plan.steps)
        step.migration.busyKeys = policy;
    return plan;
}

OperationPlan withCallTimeout(OperationPlan plan, int milliseconds)
{
    for (PlanStep &step : plan.steps)
        step.migration.callTimeoutMs = milliseconds;
    return plan;
}

QString verdictName(PlanCheck::Verdict verdict)
{
    return nameOf(verdictNames, verdict);
}

} // namespace slotscope
