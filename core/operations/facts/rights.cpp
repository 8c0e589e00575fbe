// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/facts/rights.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <QMap>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray probeKey = "slotscope:rights";
const QByteArray noNode(40, '0');

/// A command that a plan may need on a node, with arguments that the server refuses.
struct Probe
{
    Command command;
    bool harmless = true; ///< false: no arguments are certain to be refused, so only DRYRUN can test it
};

const std::vector<Probe> &probes()
{
    static const std::vector<Probe> list{
        {commandOf("CLUSTER", "SETSLOT", "16384", "STABLE")},
        {commandOf("CLUSTER", "GETKEYSINSLOT", "16384", "1")},
        {commandOf("CLUSTER", "COUNTKEYSINSLOT", "16384")},
        {commandOf("MIGRATE", "127.0.0.1", "1", probeKey, "0", "x")},
        {commandOf("RESTORE-ASKING", probeKey, "0", "x")},
        {commandOf("SELECT", "x")},
        {commandOf("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "16384", "16384", "NODE", noNode)},
        {commandOf("CLUSTER", "MIGRATION", "STATUS", "ID", noNode)},
        {commandOf("CLUSTER", "MEET", "x", "x")},
        {commandOf("CLUSTER", "FORGET", noNode)},
        {commandOf("CLUSTER", "RESET", "x")},
        {commandOf("CLUSTER", "REPLICATE", noNode)},
        {commandOf("CLUSTER", "FAILOVER", "x")},
        {commandOf("CLUSTER", "ADDSLOTS", "16384")},
        {commandOf("CLUSTER", "ADDSLOTSRANGE", "16384", "16384")},
        {commandOf("CLUSTER", "DELSLOTS", "16384")},
        {commandOf("CLUSTER", "SET-CONFIG-EPOCH", "-1")},
        {commandOf("CONFIG", "SET", "slotscope-rights", "x")},
        {commandOf("FUNCTION", "RESTORE", "x")},
        {commandOf("BGSAVE", "x")},
        {commandOf("SET", probeKey, "x", "EX", "x")},
        {commandOf("GET", probeKey, "x")},
        {commandOf("MGET", probeKey)},
        {commandOf("WAIT", "x", "x")},
        {commandOf("CLIENT", "PAUSE", "x")},
        {commandOf("DEBUG", "SLEEP", "0"), false},
        {commandOf("CLUSTER", "BUMPEPOCH"), false},
        {commandOf("CONFIG", "REWRITE"), false},
        {commandOf("FUNCTION", "DUMP"), false},
        {commandOf("UNLINK", probeKey), false},
        {commandOf("BGREWRITEAOF"), false},
        {commandOf("REPLICAOF", "x", "x"), false},
        {commandOf("FAILOVER", "x"), false},
        {commandOf("SYNC"), false},
    };
    return list;
}

QByteArray nameOf(const Command &command)
{
    return commandName(command).toLatin1();
}

/// A command that a step sends to a node.
struct Need
{
    NodeRef node;
    QByteArray command;
};

void addMoves(QList<Need> &needs, const PlanStep &step, const NodeRef &source, const NodeRef &target)
{
    if (step.mode == u"migrateslots") {
        needs.append({source, "CLUSTER MIGRATESLOTS"});
        return;
    }
    if (step.mode == u"import") {
        needs.append({target, "CLUSTER MIGRATION"});
        return;
    }
    for (const char *name : {"CLUSTER SETSLOT", "CLUSTER GETKEYSINSLOT", "CLUSTER COUNTKEYSINSLOT", "MIGRATE"})
        needs.append({source, name});
    // MIGRATE sends SELECT to the target before it restores keys
    for (const char *name : {"CLUSTER SETSLOT", "RESTORE-ASKING", "SELECT"})
        needs.append({target, name});
}

QList<Need> needsOf(const PlanStep &step)
{
    QList<Need> needs;
    for (const SlotMove &move : step.moves)
        addMoves(needs, step, move.source, move.target);
    if (step.kind == PlanStep::Kind::GatherKeys && step.nodes.size() == 2)
        addMoves(needs, step, step.nodes[0], step.nodes[1]);
    if (step.kind == PlanStep::Kind::DeleteKeys)
        for (const char *name : {"CLUSTER GETKEYSINSLOT", "UNLINK"})
            needs.append({step.nodes.value(0), name});
    const bool spelt = step.kind == PlanStep::Kind::GatherKeys || step.kind == PlanStep::Kind::DeleteKeys;
    if (step.kind != PlanStep::Kind::MoveSlots && !spelt)
        for (const StepCommand &one : commandsOf(step, std::numeric_limits<int>::max()))
            needs.append({one.node, nameOf(one.command)});
    return needs;
}

/// A command with the nodes on which the user may not run it.
struct Lack
{
    QByteArrayList commands;
    QByteArray user;
    QString step;
    bool optional = true; ///< the run continues without it
};
/// by names of nodes, and whether the server does not know the command
using Lacks = QMap<std::pair<QString, bool>, Lack>;

void addCheck(OperationPlan &plan, const QString &nodes, bool missing, const Lack &lack)
{
    const QString names = QString::fromLatin1(lack.commands.join(", "));
    QByteArrayList grants;
    for (const QByteArray &name : lack.commands)
        grants.append('+' + QByteArray(name).replace(' ', '|').toLower());
    const QString user = lack.user.isEmpty() ? tr("The user") : tr("The user %1").arg(toDisplay(lack.user));
    plan.checks.append({.verdict = lack.optional ? PlanCheck::Verdict::Warn : PlanCheck::Verdict::Refuse,
                        .title = missing ? tr("There is no %1 on %2").arg(names, nodes)
                                         : tr("%1 may not run %2 on %3").arg(user, names, nodes),
                        .detail = missing
                            ? tr("The command was renamed there, or no user may run it. “%1” needs it.").arg(lack.step)
                            : tr("“%1” needs it. Allow it there (ACL SETUSER %2 %3), or connect as another user.")
                                  .arg(lack.step, lack.user.isEmpty() ? u"…"_s : toDisplay(lack.user),
                                       QString::fromLatin1(grants.join(' ')))});
}

} // namespace

std::vector<Command> rightsQuestions(const QByteArray &user)
{
    std::vector<Command> list;
    for (const Probe &probe : probes())
        list.push_back(commandOf("ACL", "DRYRUN", user) + probe.command);
    return list;
}

std::vector<Command> rightsProbes()
{
    std::vector<Command> list;
    for (const Probe &probe : probes())
        if (probe.harmless)
            list.push_back(probe.command);
    return list;
}

bool takeRights(NodeFacts &facts, const std::vector<Command> &questions, const std::vector<Value> &replies)
{
    using Right = NodeFacts::Right;
    for (size_t i = 0; i < questions.size() && i < replies.size(); ++i) {
        const Value &reply = replies[i];
        const QByteArray &text = reply.bytes();
        const bool dry = questions[i].value(1) == "DRYRUN";
        if (dry && reply.isError() && !text.contains("not found") && !text.contains("wrong number of arguments"))
            return false; // DRYRUN itself failed
        const QByteArray name = nameOf(dry ? questions[i].mid(3) : questions[i]);
        const QByteArray lower = text.toLower();
        const bool refused = dry ? !reply.isError() && text != "OK" : text.startsWith("NOPERM");
        if (reply.isError() && (lower.contains("not found") || lower.contains("unknown command")))
            facts.rights.insert(name, Right::Missing);
        else if (refused && text.contains("to run"))
            facts.rights.insert(name, Right::Denied);
        else if (!dry && reply.isError() && lower.contains("unknown subcommand"))
            facts.rights.insert(name, Right::Missing);
        else
            facts.rights.insert(name, Right::Granted);
        facts.keysLimited = facts.keysLimited || (refused && text.contains("to access"));
    }
    return true;
}

QCoro::Task<NodeFacts> withRights(NodeFacts node, AskNode ask)
{
    if (!node.user.isEmpty()) {
        const std::vector<Command> dryRuns = rightsQuestions(node.user);
        const auto replies = co_await ask(dryRuns);
        if (replies && takeRights(node, dryRuns, *replies))
            co_return NodeFacts(node);
    }
    const std::vector<Command> harmless = rightsProbes();
    const auto replies = co_await ask(harmless);
    if (replies)
        std::ignore = takeRights(node, harmless, *replies);
    co_return NodeFacts(node);
}

namespace {

/// Compares the commands that the steps of a plan need with those permitted.
class RightsCheck
{
public:
    RightsCheck(OperationPlan &checkedPlan, const OperationFacts &known) : plan(checkedPlan), facts(known) { }
    void collect();
    void report();

private:
    void take(const PlanStep &step, const Need &need);
    [[nodiscard]] Lacks lacks() const;

    OperationPlan &plan;
    const OperationFacts &facts;
    /// maps a command, and whether the server does not know it, to names of nodes
    QMap<std::pair<QByteArray, bool>, QStringList> nodesOf;
    QHash<QByteArray, Lack> firstOf; ///< first lack of each command
    QByteArrayList unknown;
    QStringList limited;
};

void RightsCheck::take(const PlanStep &step, const Need &need)
{
    using Right = NodeFacts::Right;
    const NodeFacts *node = facts.about(need.node);
    if (!node || !node->answered)
        return; // another check reports that it does not answer
    const auto right = node->rights.constFind(need.command);
    if (right == node->rights.cend()) {
        if (!unknown.contains(need.command))
            unknown.append(need.command);
        return;
    }
    if (node->keysLimited && step.kind != PlanStep::Kind::Commands && !limited.contains(need.node.address))
        limited.append(need.node.address);
    if (*right == Right::Granted)
        return;
    QStringList &nodes = nodesOf[{need.command, *right == Right::Missing}];
    if (!nodes.contains(need.node.address))
        nodes.append(need.node.address);
    Lack &lack = firstOf[need.command];
    lack.user = node->user;
    lack.step = lack.step.isEmpty() ? step.title : lack.step;
    lack.optional = lack.optional && step.mayFail;
}

void RightsCheck::collect()
{
    for (const PlanStep &step : std::as_const(plan.steps)) {
        const QList<Need> needs = needsOf(step);
        for (const Need &need : needs)
            take(step, need);
    }
}

/// Combines commands lacking on the same nodes into one check.
Lacks RightsCheck::lacks() const
{
    constexpr qsizetype named = 4;
    Lacks list;
    for (auto it = nodesOf.cbegin(); it != nodesOf.cend(); ++it) {
        QString names = it->mid(0, named).join(u", "_s);
        if (it->size() > named)
            names = tr("%1 and %2 more").arg(names).arg(it->size() - named);
        Lack &lack = list[{names, it.key().second}];
        const Lack known = firstOf.value(it.key().first);
        lack.commands.append(it.key().first);
        lack.user = known.user;
        lack.step = lack.step.isEmpty() ? known.step : lack.step;
        lack.optional = lack.optional && known.optional;
    }
    return list;
}

void RightsCheck::report()
{
    const Lacks all = lacks();
    for (auto it = all.cbegin(); it != all.cend(); ++it)
        addCheck(plan, it.key().first, it.key().second, *it);
    if (!limited.isEmpty())
        plan.checks.append({.verdict = PlanCheck::Verdict::Warn,
                            .title = tr("The user may not access all keys of %1").arg(limited.join(u", "_s)),
                            .detail = tr("The operation stops at a key that the user may not access.")});
    const QString unasked = QString::fromLatin1(unknown.join(", "));
    if (all.isEmpty() && limited.isEmpty() && !plan.steps.isEmpty())
        plan.checks.append({.verdict = PlanCheck::Verdict::Pass,
                            .title = unknown.isEmpty()
                                ? tr("The user may run what the steps need")
                                : tr("The user may run what the steps need, as far as the servers reported"),
                            .detail = unknown.isEmpty() ? QString() : tr("Not reported: %1.").arg(unasked)});
}

} // namespace

void checkRights(OperationPlan &plan, const OperationFacts &facts)
{
    RightsCheck check(plan, facts);
    check.collect();
    check.report();
}

} // namespace slotscope
