// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/plan.h"

#include "core/cluster/nodestable.h"

#include "core/base/text.h"
#include "core/operations/planvalidity.h"

#include <QJsonArray>

#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array kindNames{"commands", "wait",           "move-slots", "gather-keys", "delete-keys",
                               "failover", "copy-functions", "backup",     "background"};
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

/// Bytes that are no text travel as redis-cli's quoted words.
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

/// Host and port of an address, as words of a command.
std::pair<QByteArray, QByteArray> wordsOf(const NodeRef &node)
{
    return {hostOfAddress(node.address).toUtf8(), node.address.mid(node.address.lastIndexOf(u':') + 1).toUtf8()};
}

/// What goes before the first slot of a pair.
void appendBeginning(QList<StepCommand> &list, const NodeRef &source, const NodeRef &target, const Command &meet)
{
    if (!meet.isEmpty())
        list.append({source, meet});
    const auto [host, port] = wordsOf(target);
    for (const Command &probe : probesOfSource(host, port))
        list.append({source, probe});
    for (const Command &probe : probesOfTarget())
        list.append({target, probe});
}

/// Keys of a slot that lie on a node that does not own it.
void appendForeign(QList<StepCommand> &list, const PlanStep &step, int slot)
{
    const QByteArray number = QByteArray::number(slot);
    const NodeRef &holder = step.nodes[0], &owner = step.nodes[1];
    list.append({holder, commandOf("CLUSTER", "SETSLOT", number, "IMPORTING", owner.id)});
    list.append({holder, commandOf("CLUSTER", "GETKEYSINSLOT", number, "1000")});
    const auto [host, port] = wordsOf(owner);
    if (step.kind == PlanStep::Kind::GatherKeys) {
        list.append({holder, commandOf("MIGRATE", host, port, "", "0", "150", "KEYS", "…")});
        return;
    }
    list.append({holder, commandOf("ASKING")});
    list.append({holder, commandOf("UNLINK", "…")});
}

/// The commands of one slot's classic move, in their order.
void appendMove(QList<StepCommand> &list, const SlotMove &move, int slot)
{
    const QByteArray number = QByteArray::number(slot);
    const auto [host, port] = wordsOf(move.target);
    list.append({move.target, commandOf("CLUSTER", "SETSLOT", number, "IMPORTING", move.source.id)});
    list.append({move.source, commandOf("CLUSTER", "SETSLOT", number, "MIGRATING", move.target.id)});
    list.append({move.source, commandOf("CLUSTER", "GETKEYSINSLOT", number, "1000")});
    list.append({move.source, commandOf("MIGRATE", host, port, "", "0", "150", "KEYS", "…")});
    list.append({move.target, commandOf("CLUSTER", "SETSLOT", number, "NODE", move.target.id)});
    list.append({move.source, commandOf("CLUSTER", "SETSLOT", number, "NODE", move.target.id)});
}

StepCommand atomicMove(const SlotMove &move)
{
    Command command = commandOf("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE");
    for (const SlotRange &range : move.slots.ranges())
        command << QByteArray::number(range.first) << QByteArray::number(range.last);
    command << "NODE"_ba << move.target.id;
    return {move.source, command};
}

StepCommand atomicImport(const SlotMove &move)
{
    Command command = commandOf("CLUSTER", "MIGRATION", "IMPORT");
    for (const SlotRange &range : move.slots.ranges())
        command << QByteArray::number(range.first) << QByteArray::number(range.last);
    return {move.target, command};
}

} // namespace

QList<Command> probesOfSource(const QByteArray &targetHost, const QByteArray &targetPort)
{
    return {commandOf("MIGRATE", targetHost, targetPort, "slotscope:rights", "0", "x"),
            commandOf("CLUSTER", "GETKEYSINSLOT", "16384", "1"), commandOf("CLUSTER", "SETSLOT", "16384", "STABLE")};
}

QList<Command> probesOfTarget()
{
    return {commandOf("CLUSTER", "SETSLOT", "16384", "STABLE"),
            commandOf("RESTORE-ASKING", "slotscope:rights", "0", "x")};
}

bool OperationPlan::isRefused() const
{
    return std::any_of(checks.begin(), checks.end(),
                       [](const PlanCheck &check) { return check.verdict == PlanCheck::Verdict::Refuse; });
}

QList<StepCommand> commandsOf(const PlanStep &step, int maximum)
{
    QList<StepCommand> list = step.commands.mid(0, maximum);
    for (const SlotMove &move : step.moves) {
        if (step.mode == u"migrateslots" || step.mode == u"import") {
            list.append(step.mode == u"import" ? atomicImport(move) : atomicMove(move));
            continue;
        }
        appendBeginning(list, move.source, move.target, move.meet);
        for (const SlotRange &range : move.slots.ranges())
            for (int slot = range.first; slot <= range.last && list.size() < maximum; ++slot)
                appendMove(list, move, slot);
    }
    const bool foreign = step.kind == PlanStep::Kind::GatherKeys || step.kind == PlanStep::Kind::DeleteKeys;
    if (foreign && step.nodes.size() == 2) {
        appendBeginning(list, step.nodes[0], step.nodes[1], {});
        for (const SlotRange &range : step.slots.ranges())
            for (int slot = range.first; slot <= range.last && list.size() < maximum; ++slot)
                appendForeign(list, step, slot);
    }
    if (step.kind == PlanStep::Kind::Failover && !step.nodes.isEmpty()) {
        Command command = commandOf("CLUSTER", "FAILOVER");
        if (!step.mode.isEmpty())
            command << step.mode.toLatin1();
        list.append({step.nodes.front(), command});
    }
    if (step.kind == PlanStep::Kind::CopyFunctions && step.nodes.size() == 2) {
        list.append({step.nodes[0], commandOf("FUNCTION", "DUMP")});
        list.append({step.nodes[1], commandOf("FUNCTION", "RESTORE", "…")});
    }
    if (step.kind == PlanStep::Kind::Backup)
        for (const NodeRef &node : step.nodes)
            list.append({node, commandOf("SYNC")});
    return list.mid(0, maximum);
}

qint64 commandCountOf(const PlanStep &step)
{
    if (step.kind == PlanStep::Kind::MoveSlots)
        return step.mode.isEmpty() ? -1 : step.moves.size();
    if (step.kind == PlanStep::Kind::GatherKeys || step.kind == PlanStep::Kind::DeleteKeys)
        return -1;
    return commandsOf(step, std::numeric_limits<int>::max()).size();
}

QString shellQuoted(const QByteArray &word)
{
    static const QByteArray plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,=@%+"_ba;
    if (!word.isEmpty() && std::all_of(word.begin(), word.end(), [](char c) { return plain.contains(c); }))
        return QString::fromLatin1(word);
    if (word == "…"_ba)
        return u"…"_s;
    if (terminalSafe(word, LineBreaks::Quote) == word && !word.contains('\t')) // every character shows itself
        return u'\'' + QString::fromUtf8(QByteArray(word).replace("'", "'\\''")) + u'\'';
    QString text = u"$'"_s;
    for (const char c : word)
        text += u"\\x%1"_s.arg(uint(uchar(c)), 2, 16, QLatin1Char('0'));
    return text + u'\'';
}

QString shellLine(const StepCommand &command)
{
    const QString &address = command.node.address;
    const auto quotedText = [](const QString &text) { return shellQuoted(text.toUtf8()); };
    QString line = address.startsWith(u'/')
        ? u"redis-cli -s "_s + quotedText(address)
        : u"redis-cli -h %1 -p %2"_s.arg(quotedText(hostOfAddress(address)),
                                         quotedText(address.mid(address.lastIndexOf(u':') + 1)));
    for (const QByteArray &word : command.command)
        line += u' ' + shellQuoted(word);
    return line;
}

namespace {

/// An empty list of what an operation looks for says that there is none.
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
        return failure(Error::Code::Parse, u"not a plan"_s);
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
    if (!isPartOf(json, toJson(plan))) // else it would be another one that is shown, and carried out
        return failure(Error::Code::Parse, u"a plan with something that is not understood"_s);
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
