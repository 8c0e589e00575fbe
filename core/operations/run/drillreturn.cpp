// SPDX-License-Identifier: GPL-3.0-or-later
// How what a drill took away comes back: nobody is started before a replica has taken over.
#include "core/operations/run/drillreturn.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/operations/run/drillwatch.h"
#include "core/operations/run/localcommand.h"
#include "core/operations/facts/waiting.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Context = std::shared_ptr<RunContext>;

constexpr int lookAgainMs = 50;
constexpr int answersMs = 1500;
constexpr int oneMoreLookMs = 300;
constexpr int startsWithinMs = 30000; // a server that was just started loads its data first

Error notReached(const QString &text, const QString &node)
{
    return {.code = Error::Code::NotReached, .detail = text, .serverPrefix = {}, .node = node, .command = {}};
}

/// Whether the server replied; an error reply also shows that it is running.
bool isAnswer(const Result<Value> &reply)
{
    if (reply || !reply.error().serverPrefix.isEmpty())
        return true;
    switch (reply.error().code) {
    case Error::Code::Loading:
    case Error::Code::Busy:
    case Error::Code::AuthRequired:
    case Error::Code::WrongPassword:
    case Error::Code::NoPermission:
    case Error::Code::ClusterDown:
    case Error::Code::TooManyClients: return true;
    default: return false;
    }
}

/// Returns the node that serves the slots of the target's shard instead of it; empty if there is none as far as known.
QCoro::Task<QByteArray> heirNow(Context context, DrillTarget target, int slot)
{
    if (context->drill && context->drill->recorder().begunAt() > 0) {
        const QByteArray seen = context->drill->recorder().primaryOf(target.shard);
        if (!seen.isEmpty() && seen != target.id)
            co_return seen;
    }
    const auto looked = co_await RunContext::look(context);
    if (!looked || slot < 0)
        co_return QByteArray();
    const int owner = (*looked)->owner[size_t(slot)];
    if (owner < 0)
        co_return QByteArray();
    const NodeState &node = (*looked)->nodes[size_t(owner)];
    const bool leads = node.id != target.id && node.primary && node.reach.state == Reach::State::Ready;
    co_return leads ? node.id : QByteArray();
}

/// Waits until a replica has become primary. A server without persistence comes back empty, and its replicas would copy
/// that and lose the data. So the failover must come first, even if the user stops the run.
QCoro::Task<Result<>> waitForHeir(Context context, DrillPlan plan, DrillTarget target)
{
    if (!target.primary)
        co_return Result<>();
    const int slot = plan.slotOf(target);
    const QDeadlineTimer deadline(plan.deadlineMs);
    for (;;) {
        const QByteArray heir = co_await heirNow(context, target, slot);
        if (!heir.isEmpty())
            break;
        context->waitFor(tr("a replica to take over, before the server is started again"));
        if (context->stopping || context->abandoned || deadline.hasExpired())
            co_return failure(
                notReached(tr("%1 is stopped, and was NOT started again: no replica has taken over its slots. Started "
                              "now, it could come back empty, and its replicas would copy that. Resume the operation, "
                              "which waits for a replica first; or start the server yourself if its data is on disk")
                               .arg(target.name),
                           target.name));
        std::ignore = co_await RunContext::sleep(context, lookAgainMs);
    }
    context->waitFor({});
    co_return Result<>();
}

QCoro::Task<Result<>> startOne(Context context, DrillPlan plan, DrillTarget target)
{
    const NodeRef node{.id = target.id, .address = target.name};
    bool runs = co_await answersNow(context, node);
    if (!runs) {
        const auto safe = co_await waitForHeir(context, plan, target);
        if (!safe)
            co_return failure(safe.error());
        runs = co_await answersNow(context, node); // somebody else may have started it meanwhile
    }
    if (runs) {
        context->log(tr("%1 answers: it is not started").arg(target.name));
        co_return Result<>();
    }
    const auto words = localCommandFor(plan.spec.start, target.name, target.id);
    if (!words)
        co_return failure(words.error());
    if (context->drill)
        context->drill->did(DrillEvent::Kind::Starting, target);
    co_return co_await startLocally(context, *words);
}

QCoro::Task<Result<>> waitForAnswer(Context context, NodeRef node, QDeadlineTimer deadline)
{
    for (;;) {
        const auto answer = co_await RunContext::send(context, node, commandOf("PING"), answersMs);
        if (isAnswer(answer))
            break;
        context->waitFor(tr("%1 to answer").arg(node.address));
        if (deadline.hasExpired())
            co_return failure(notReached(tr("%1 does not answer").arg(node.address), node.address));
        if (context->stopping || !co_await RunContext::sleep(context, lookAgainMs))
            co_return failure(Error::Code::Cancelled, tr("%1 does not answer yet").arg(node.address));
    }
    co_return Result<>();
}

/// Returns what the cluster still lacks to be healthy; empty if nothing.
QString unsettled(const ClusterView &view, const QList<NodeRef> &nodes)
{
    PlanStep agreed, linked;
    agreed.condition = PlanStep::Condition::Agreed;
    linked.condition = PlanStep::Condition::LinksUp;
    for (const NodeRef &node : nodes) {
        const NodeState *state = view.node(node.id);
        if (!state || state->reach.state != Reach::State::Ready || !state->info)
            return tr("%1 does not answer").arg(node.address);
        linked.nodes = {node};
        if (!state->primary || state->slots.isEmpty() || state->info->role != "master")
            if (const QString missing = missingFor(linked, view); !missing.isEmpty())
                return missing;
    }
    return missingFor(agreed, view);
}

} // namespace

QCoro::Task<bool> answersNow(Context context, NodeRef node)
{
    for (int look = 0; look < 2; ++look) {
        const auto answer = co_await RunContext::send(context, node, commandOf("PING"), answersMs);
        if (!isAnswer(answer))
            co_return false;
        if (look == 0)
            std::ignore = co_await RunContext::sleep(context, oneMoreLookMs);
    }
    co_return true;
}

QCoro::Task<Result<>> bringBack(Context context, PlanStep step, DrillPlan plan)
{
    std::optional<Error> first;
    const QList<DrillTarget> targets = plan.spec.way == DrillWay::OwnCommand ? plan.targets : QList<DrillTarget>();
    for (const DrillTarget &target : targets) {
        const auto started = co_await startOne(context, plan, target);
        if (!started) {
            context->log(describe(started.error()), true);
            first = first ? first : started.error();
        }
    }
    const QDeadlineTimer deadline(std::max(step.deadlineMs, startsWithinMs));
    const QList<NodeRef> nodes = step.nodes;
    for (const NodeRef &node : nodes) {
        if (first)
            break;
        const auto answers = co_await waitForAnswer(context, node, deadline);
        if (!answers)
            first = answers.error();
    }
    context->waitFor({});
    if (first)
        co_return failure(*first);
    co_return Result<>();
}

QCoro::Task<Result<>> settleDown(Context context, PlanStep step)
{
    const QDeadlineTimer deadline(step.deadlineMs);
    const QList<NodeRef> nodes = step.nodes;
    for (;;) {
        const auto looked = co_await RunContext::look(context);
        const QString missing = looked ? unsettled(**looked, nodes) : describe(looked.error());
        if (missing.isEmpty())
            break;
        context->waitFor(missing);
        if (deadline.hasExpired())
            co_return failure(notReached(tr("not done within %1: %2").arg(duration(step.deadlineMs), missing), {}));
        if (context->stopping || !co_await RunContext::sleep(context, lookAgainMs))
            co_return failure(Error::Code::Cancelled, missing);
    }
    context->waitFor({});
    co_return Result<>();
}

} // namespace slotscope
