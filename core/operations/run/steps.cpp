// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/run/steps.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/migration/slotmover.h"
#include "core/operations/facts/waiting.h"

#include <QDateTime>

#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int conditionPollMs = 150;
constexpr int manyNodesWaitedFor = 100; // from this number on, all nodes are queried less often
constexpr int pollManyMs = 1000;

bool isTolerated(const PlanStep &step, const Error &error)
{
    const QByteArray words = error.detail.toUtf8();
    return std::any_of(step.tolerated.begin(), step.tolerated.end(),
                       [&](const QByteArray &part) { return words.contains(part); });
}

/// Whether the error can be ignored because a drained and forgotten node died before it could be reset.
bool isGoneAnyway(const RunContext &context, const StepCommand &command, const Error &error)
{
    constexpr std::array away{Error::Code::ConnectionRefused, Error::Code::ConnectionLost, Error::Code::Unreachable,
                              Error::Code::Timeout, Error::Code::NoRoute};
    return context.state.plan->operation == Operation::RemoveNode && command.command.value(1) == "RESET"
        && std::find(away.begin(), away.end(), error.code) != away.end();
}

/// Sends one command of a step and logs its result.
QCoro::Task<Result<>> sendOne(std::shared_ptr<RunContext> context, PlanStep step, StepCommand command)
{
    const auto reply = co_await RunContext::send(context, command.node, command.command, step.deadlineMs);
    if (reply || isTolerated(step, reply.error())) {
        context->log(u"%1: %2 → %3"_s.arg(command.node.address, commandLine(command.command),
                                          reply ? u"OK"_s : tr("already done (%1)").arg(reply.error().detail)));
        co_return Result<>();
    }
    context->log(describe(reply.error()), true);
    if (step.mayFail || isGoneAnyway(*context, command, reply.error()))
        co_return Result<>();
    co_return failure(reply.error());
}

/// Returns why a node must not be forgotten, reset or given another primary; empty if it may.
QString whyNotTaken(const ClusterView &view, const NodeState &node, const QByteArray &how)
{
    if (!node.slots.isEmpty() && node.primary)
        return tr("%1 owns %2").arg(node.name, slotsText(node.slots.count()));
    if (how != "FORGET" && !node.primary && PlanDraft::isLastCopy(view, node))
        return tr("%1 has the last copy of its shard's data").arg(node.name);
    if (how == "FORGET" && node.primary && PlanDraft::answers(node) && node.info && node.info->keys.value_or(0) > 0)
        return tr("%1 still contains %2 (see orphans)").arg(node.name, keysText(*node.info->keys));
    return {};
}

/// Returns why a server without cluster mode must not become a replica of another one; empty if it may. If it was a
/// replica in the plan and is a primary now, somebody else promoted it, and its data would be lost.
QString whyNotToFollow(const RunContext &context, const NodeState &node)
{
    const ClusterViewPtr before = context.state.plan->basis.view;
    const NodeState *old = before ? before->node(node.id) : nullptr;
    return node.primary && (!old || !old->primary) ? tr("%1 is a primary now").arg(node.name) : QString();
}

/// Checks again before commands that detach a node from its data, because hours may have passed since the plan was
/// made.
QCoro::Task<Result<>> guard(std::shared_ptr<RunContext> context, PlanStep step)
{
    const auto takes = [](const StepCommand &one) {
        const QByteArray how = one.command.value(1);
        const bool follows = one.command.value(0) == "REPLICAOF" && how != "NO";
        return follows
            || (one.command.value(0) == "CLUSTER" && (how == "FORGET" || how == "RESET" || how == "REPLICATE"));
    };
    const QList<StepCommand> commands = step.commands;
    if (!context->session || !std::any_of(commands.begin(), commands.end(), takes))
        co_return Result<>();
    const auto looked = co_await RunContext::look(context);
    if (!looked)
        co_return failure(looked.error());
    for (const StepCommand &one : commands) {
        if (!takes(one))
            continue;
        const bool follows = one.command[0] == "REPLICAOF";
        const QByteArray how = follows ? one.command[0] : one.command[1];
        const NodeState *node = (*looked)->node(how == "FORGET" ? one.command.value(2) : one.node.id);
        const QString why = !node ? QString()
            : follows             ? whyNotToFollow(*context, *node)
                                  : whyNotTaken(**looked, *node, how);
        if (!why.isEmpty())
            co_return failure(Error{.code = Error::Code::Outdated,
                                    .detail = why,
                                    .serverPrefix = {},
                                    .node = one.node.address,
                                    .command = (follows ? QString() : u"CLUSTER "_s) + QString::fromLatin1(how)});
    }
    co_return Result<>();
}

QCoro::Task<Result<>> sendCommands(std::shared_ptr<RunContext> context, PlanStep step)
{
    const auto allowed = co_await guard(context, step);
    if (!allowed)
        co_return failure(allowed.error());
    const QList<StepCommand> commands = step.commands;
    if (!step.together) {
        for (const StepCommand &command : commands) {
            const auto sent = co_await sendOne(context, step, command);
            if (!sent)
                co_return failure(sent.error());
        }
        co_return Result<>();
    }
    std::vector<QCoro::Task<Result<>>> tasks;
    for (const StepCommand &command : commands)
        tasks.push_back(sendOne(context, step, command));
    std::optional<Error> first;
    int good = 0;
    for (QCoro::Task<Result<>> &task : tasks) {
        const Result<> sent = co_await task;
        if (sent)
            ++good;
        else if (!first)
            first = sent.error();
    }
    context->note(tr("%1 of %2 nodes replied OK").arg(good).arg(commands.size()));
    if (first)
        co_return failure(*first);
    co_return Result<>();
}

/// Returns the nodes of a Joined step that do not answer a PING, which explains why they have not joined.
QCoro::Task<QString> whoIsSilent(std::shared_ptr<RunContext> context, PlanStep step)
{
    constexpr int patienceMs = 1000;
    QStringList silent;
    const QList<NodeRef> nodes = step.condition == PlanStep::Condition::Joined ? step.nodes : QList<NodeRef>();
    for (const NodeRef &node : nodes) {
        const auto answer = co_await RunContext::send(context, node, commandOf("PING"), patienceMs);
        if (!answer)
            silent.append(node.address);
    }
    co_return silent.join(u", "_s);
}

/// Returns what the servers report about why the expected state was not reached.
QCoro::Task<QString> whyItStays(std::shared_ptr<RunContext> context, PlanStep step, ClusterViewPtr view)
{
    const QString silent = co_await whoIsSilent(context, step);
    if (!silent.isEmpty())
        co_return tr("%1 does not answer").arg(silent);
    if (step.condition != PlanStep::Condition::LinksUp || !view)
        co_return QString();
    PlanStep one;
    one.condition = step.condition;
    for (const NodeRef &node : step.nodes) {
        one.nodes = {node};
        const NodeState *state = view->node(node.id);
        const NodeState *primary = state ? view->node(state->primaryId) : nullptr;
        if (!primary || missingFor(one, *view).isEmpty())
            continue;
        const NodeRef there{.id = primary->id, .address = primary->name};
        const QString why = co_await whyNotLinked(context, node, there);
        co_return QString(why);
    }
    co_return QString();
}

QCoro::Task<Result<>> waitUntil(std::shared_ptr<RunContext> context, PlanStep step)
{
    QStringList addresses;
    for (const NodeRef &node : step.nodes)
        addresses.append(node.address);
    const auto opened = co_await RunContext::openSession(context, addresses);
    if (!opened)
        co_return failure(opened.error());
    if (step.condition == PlanStep::Condition::BanExpired) {
        context->waitFor(tr("%1 to be let in again after CLUSTER FORGET").arg(step.nodes.value(0).address));
        if (!co_await RunContext::sleep(context, step.deadlineMs))
            co_return failure(Error::Code::Cancelled);
        step.deadlineMs = pollManyMs;
    }
    const QDeadlineTimer deadline(step.deadlineMs);
    QString missing;
    ClusterViewPtr last;
    for (;;) {
        const auto looked = co_await RunContext::look(context);
        last = looked ? *looked : last;
        missing = looked ? missingFor(step, **looked) : describe(looked.error());
        if (missing.isEmpty())
            break;
        context->waitFor(missing);
        if (context->abandoned || context->stopping)
            co_return failure(Error::Code::Cancelled);
        if (deadline.hasExpired()) {
            const QString why = co_await whyItStays(context, step, last);
            co_return failure(Error{.code = Error::Code::NotReached,
                                    .detail = tr("not done within %1: %2").arg(duration(step.deadlineMs), missing)
                                        + (why.isEmpty() ? QString() : u". "_s + why),
                                    .serverPrefix = {},
                                    .node = step.nodes.value(0).address,
                                    .command = {}});
        }
        const bool many = looked && (*looked)->nodes.size() > manyNodesWaitedFor;
        const int pauseMs = many ? pollManyMs : conditionPollMs;
        if (!co_await RunContext::sleep(context, pauseMs))
            co_return failure(Error::Code::Cancelled);
    }
    context->waitFor({});
    co_return Result<>();
}

QCoro::Task<Result<>> copyFunctions(std::shared_ptr<RunContext> context, PlanStep step)
{
    const auto dump = co_await RunContext::send(context, step.nodes[0], commandOf("FUNCTION", "DUMP"));
    if (!dump)
        co_return failure(dump.error());
    const auto restored = co_await RunContext::send(
        context, step.nodes[1], commandOf("FUNCTION", "RESTORE", dump->bytes(), "REPLACE"), step.deadlineMs);
    if (!restored)
        co_return failure(restored.error());
    context->note(tr("%1 copied").arg(byteSize(dump->bytes().size())));
    co_return Result<>();
}

/// State of a background save from INFO persistence: running, and whether the last one succeeded.
struct SaveJob
{
    bool running = false, fine = true, scheduled = false;
};

SaveJob jobIn(const QByteArray &info, bool aof)
{
    SaveJob job;
    for (const QByteArray &raw : info.split('\n')) {
        const QByteArray line = raw.trimmed();
        job.running = job.running || line == (aof ? "aof_rewrite_in_progress:1" : "rdb_bgsave_in_progress:1");
        job.scheduled = job.scheduled || (aof && line == "aof_rewrite_scheduled:1");
        if (line.startsWith(aof ? "aof_last_bgrewrite_status:" : "rdb_last_bgsave_status:"))
            job.fine = line.endsWith(":ok");
    }
    return job;
}

QCoro::Task<Result<>> runBackground(std::shared_ptr<RunContext> context, PlanStep step)
{
    const Command command = step.commands.value(0).command;
    const bool aof = command.value(0).toUpper() == "BGREWRITEAOF";
    const QString name = commandName(command);
    QList<NodeRef> waiting;
    const QList<NodeRef> nodes = step.nodes;
    for (const NodeRef &node : nodes) {
        const auto begun = co_await RunContext::send(context, node, command);
        if (!begun && !begun.error().detail.contains(u"already in progress"))
            co_return failure(begun.error());
        waiting.append(node);
    }
    context->state.progress = {};
    context->state.progress.slotsTotal = 0;
    const QDeadlineTimer deadline(step.deadlineMs);
    while (!waiting.isEmpty()) {
        const QList<NodeRef> asked = waiting;
        for (const NodeRef &node : asked) {
            const auto info = co_await RunContext::send(context, node, commandOf("INFO", "persistence"));
            if (!info)
                co_return failure(info.error());
            const SaveJob job = jobIn(info->bytes(), aof);
            if (job.running || job.scheduled)
                continue;
            if (!job.fine)
                co_return failure(
                    Error{.code = Error::Code::ServerError,
                          .detail = tr("the node reports that it failed; its log shows the reason (disk full?)"),
                          .serverPrefix = {},
                          .node = node.address,
                          .command = name});
            waiting.removeOne(node);
            context->log(u"%1: %2 → %3"_s.arg(node.address, name, tr("written")));
        }
        context->note(tr("%1 of %2 nodes are done").arg(nodes.size() - waiting.size()).arg(nodes.size()));
        if (waiting.isEmpty())
            break;
        context->waitFor(tr("%1 on %2").arg(name, waiting.front().address));
        if (deadline.hasExpired() || !co_await RunContext::sleep(context, conditionPollMs))
            co_return failure(Error{.code = context->abandoned ? Error::Code::Cancelled : Error::Code::Timeout,
                                    .detail = tr("the node is still saving and will finish by itself"),
                                    .serverPrefix = {},
                                    .node = waiting.front().address,
                                    .command = name});
    }
    context->waitFor({});
    co_return Result<>();
}

} // namespace

QCoro::Task<Result<>> doStep(std::shared_ptr<RunContext> context, PlanStep step)
{
    switch (step.kind) {
    case PlanStep::Kind::Commands: return sendCommands(context, step);
    case PlanStep::Kind::Wait: return waitUntil(context, step);
    case PlanStep::Kind::MoveSlots:
        return step.mode.isEmpty() ? moveSlots(context, step) : moveSlotsAtomically(context, step);
    case PlanStep::Kind::GatherKeys: return gatherKeys(context, step);
    case PlanStep::Kind::DeleteKeys: return deleteKeys(context, step);
    case PlanStep::Kind::Failover: return failOver(context, step);
    case PlanStep::Kind::CopyFunctions: return copyFunctions(context, step);
    case PlanStep::Kind::Backup: return backUp(context, step);
    case PlanStep::Kind::Background: return runBackground(context, step);
    case PlanStep::Kind::Drill: return drill(context, step);
    }
    Q_UNREACHABLE();
}

} // namespace slotscope
