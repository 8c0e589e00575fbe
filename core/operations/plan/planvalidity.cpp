// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/plan/planvalidity.h"

#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <QJsonArray>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Kind = PlanStep::Kind;
using Condition = PlanStep::Condition;

/// All commands that a plan may contain, each by its first words.
const QList<QByteArrayList> &plannedCommands()
{
    static const QList<QByteArrayList> all{
        {"CLUSTER", "MEET"},
        {"CLUSTER", "FORGET"},
        {"CLUSTER", "REPLICATE"},
        {"CLUSTER", "RESET"},
        {"CLUSTER", "SETSLOT"},
        {"CLUSTER", "ADDSLOTS"},
        {"CLUSTER", "DELSLOTS"},
        {"CLUSTER", "ADDSLOTSRANGE"},
        {"CLUSTER", "FAILOVER"},
        {"CLUSTER", "DELSLOTSRANGE"},
        {"CLUSTER", "BUMPEPOCH"},
        {"CLUSTER", "SET-CONFIG-EPOCH"},
        {"CONFIG", "SET"},
        {"CONFIG", "REWRITE"},
        {"REPLICAOF"},
        {"FAILOVER", "TO"},
        {"CLIENT", "PAUSE"},
        {"DEBUG", "SLEEP"},
        {"BGSAVE"},
        {"BGREWRITEAOF"},
    };
    return all;
}

bool isPlanned(const Command &command)
{
    const auto &all = plannedCommands();
    return std::any_of(all.begin(), all.end(), [&command](const QByteArrayList &words) {
        return std::equal(words.begin(), words.end(), command.begin(),
                          command.begin() + std::min(words.size(), command.size()));
    });
}

bool isNamed(const NodeRef &node)
{
    return !node.id.isEmpty() || !node.address.isEmpty();
}

/// Returns what is wrong with one command of a step; empty if nothing.
QString faultOf(const OperationPlan &plan, const StepCommand &one)
{
    const QString shown = toDisplay(one.command.mid(0, 2).join(' ').left(60));
    if (!isNamed(one.node))
        return tr("the command %1 names no node").arg(shown);
    if (!isPlanned(one.command))
        return tr("“%1” is not a command that a plan may contain").arg(shown);
    if (one.command[0] != "CONFIG" || one.command[1] != "SET")
        return {};
    if (one.command.size() != 4 || isSecretSetting(one.command[2]))
        return tr("“%1” is not a setting that a plan may set").arg(toDisplay(one.command.value(2).left(60)));
    const QByteArray setting = plan.results.setting ? plan.results.setting->name : QByteArray();
    if (plan.operation == Operation::Config && one.command[2] != setting)
        return tr("the plan is for %1, but it sets %2").arg(toDisplay(setting), toDisplay(one.command[2].left(60)));
    return {};
}

/// The minimum number of nodes for a step of this kind.
qsizetype nodesNeeded(const PlanStep &step)
{
    switch (step.kind) {
    case Kind::GatherKeys:
    case Kind::DeleteKeys:
    case Kind::CopyFunctions: return 2;
    case Kind::Drill:
    case Kind::Failover: return 1;
    case Kind::Wait: break;
    case Kind::Commands:
    case Kind::MoveSlots:
    case Kind::Backup:
    case Kind::Background: return 0;
    }
    switch (step.condition) {
    case Condition::ReplicaOf: return 2;
    case Condition::Gone:
    case Condition::Primary:
    case Condition::Owned:
    case Condition::BanExpired: return 1;
    case Condition::None:
    case Condition::Joined:
    case Condition::LinksUp:
    case Condition::Agreed:
    case Condition::SameSlots: return 0;
    }
    return 0;
}

bool isKnownMode(const PlanStep &step)
{
    switch (step.kind) {
    case Kind::Failover: return QStringList{QString(), u"FORCE"_s, u"TAKEOVER"_s}.contains(step.mode);
    case Kind::MoveSlots: return QStringList{QString(), u"migrateslots"_s, u"import"_s}.contains(step.mode);
    case Kind::Drill: return QStringList{u"away"_s, u"return"_s, u"settle"_s, u"end"_s}.contains(step.mode);
    default: return step.mode.isEmpty();
    }
}

QString faultOf(const OperationPlan &plan, const PlanStep &step)
{
    if (step.nodes.size() < nodesNeeded(step) || !std::all_of(step.nodes.begin(), step.nodes.end(), isNamed))
        return tr("its nodes are missing");
    const bool moving = step.kind == Kind::MoveSlots;
    if (moving != !step.moves.isEmpty())
        return moving ? tr("it moves no slots") : tr("it moves slots, but is not a step for that");
    for (const SlotMove &move : step.moves)
        if (move.source.id.isEmpty() || move.target.id.isEmpty() || move.slots.isEmpty())
            return tr("a slot move lacks its nodes or its slots");
    if (!isKnownMode(step))
        return tr("its mode “%1” is unknown").arg(step.mode.left(60));
    if (step.kind == Kind::Drill && !plan.results.drill)
        return tr("the details of the drill are missing");
    if (step.kind == Kind::Background && step.commands.isEmpty())
        return tr("its commands are missing");
    if (step.kind == Kind::Backup && step.folder.isEmpty())
        return tr("its folder is missing");
    for (const StepCommand &one : step.commands) {
        const bool ofDrill = one.command.value(0) == "CLIENT" || one.command.value(0) == "DEBUG";
        if (ofDrill && step.kind != Kind::Drill)
            return tr("“%1” is not a command that a plan may contain").arg(toDisplay(one.command.join(' ').left(60)));
        if (const QString fault = faultOf(plan, one); !fault.isEmpty())
            return fault;
    }
    return {};
}

} // namespace

Result<> checkSteps(const OperationPlan &plan)
{
    for (qsizetype i = 0; i < plan.steps.size(); ++i)
        if (const QString fault = faultOf(plan, plan.steps[i]); !fault.isEmpty())
            return failure(Error::Code::InvalidArgument,
                           tr("step %1 (“%2”) is not a step that this program plans: %3")
                               .arg(QString::number(i + 1), plan.steps[i].title.left(80), fault));
    return {};
}

bool isPartOf(const QJsonValue &part, const QJsonValue &whole)
{
    if (part.isArray()) {
        const QJsonArray parts = part.toArray(), wholes = whole.toArray();
        return parts.size() == wholes.size() && std::equal(parts.begin(), parts.end(), wholes.begin(), isPartOf);
    }
    if (!part.isObject())
        return part == whole;
    const QJsonObject parts = part.toObject(), wholes = whole.toObject();
    for (auto it = parts.begin(); it != parts.end(); ++it)
        if (!wholes.contains(it.key()) || !isPartOf(it.value(), wholes.value(it.key())))
            return false;
    return true;
}

bool doTheSame(const OperationPlan &a, const OperationPlan &b)
{
    return std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(),
                      [](PlanStep one, const PlanStep &other) {
                          one.migration = other.migration;
                          return one == other;
                      });
}

namespace {

/// The commands that an aborted drill still has to run on this computer.
QStringList startCommandsOf(const DrillPlan &drill)
{
    QStringList list;
    for (const DrillTarget &target : drill.targets) {
        const auto words = localCommandFor(drill.spec.start, target.name, target.id);
        if (drill.spec.way == DrillWay::OwnCommand && words)
            list.append(tr("If %1 does not answer and a replica has taken over, this command runs on this computer: "
                           "%2. A server without persistence comes back empty.")
                            .arg(target.name, localLine(*words)));
    }
    return list;
}

} // namespace

QStringList destructiveRest(const RunSnapshot &run)
{
    QStringList list;
    for (qsizetype i = 0; i < run.plan->steps.size(); ++i) {
        const PlanStep &step = run.plan->steps[i];
        if (run.steps.value(i).state == StepState::State::Done)
            continue;
        if (step.kind == Kind::DeleteKeys)
            list.append(tr("Step %1 deletes keys: %2.").arg(i + 1).arg(step.title));
        if (step.kind == Kind::Failover && !step.mode.isEmpty())
            list.append(tr("Step %1 promotes a replica by %2: %3.").arg(i + 1).arg(step.mode, step.title));
        if (step.kind == Kind::Drill && step.mode == u"return" && run.plan->results.drill)
            list += startCommandsOf(*run.plan->results.drill);
        for (const StepCommand &one : step.commands) {
            const QByteArray how = one.command.value(1);
            // REPLICAOF replaces the node's data with another server's
            const bool cuts = one.command.value(0) == "REPLICAOF";
            if (cuts || (one.command.value(0) == "CLUSTER" && (how == "RESET" || how.startsWith("DELSLOTS"))))
                list.append(
                    tr("Step %1 sends %2 to %3.")
                        .arg(QString::number(i + 1), toDisplay(one.command.join(' ').left(80)), one.node.address));
        }
    }
    return list;
}

RunSnapshot asResumed(RunSnapshot run)
{
    OperationPlan plan = *run.plan;
    plan.dataLoss += destructiveRest(run);
    run.plan = std::make_shared<const OperationPlan>(std::move(plan));
    return run;
}

} // namespace slotscope
