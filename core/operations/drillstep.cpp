// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a drill: nodes are taken away while a probe measures, come back, and what was written is looked for.
#include "core/base/tr.h"
#include "core/operations/drillend.h"
#include "core/operations/drillwatch.h"
#include "core/operations/localcommand.h"
#include "core/operations/steps.h"
#include "core/operations/waiting.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/underway.h"
#include "core/drill/drillwords.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Context = std::shared_ptr<RunContext>;
using Kind = DrillEvent::Kind;

constexpr int lookEveryMs = 50;
constexpr int baselineMs = 1500; // of writes that are served, before anything is taken away
constexpr int baselinePatienceMs = 10000;
constexpr int servedForMs = 2000; // a replica that took over is watched for so long
constexpr int afterwardsMs = 500;
constexpr int answersMs = 1500;
constexpr int oneMoreLookMs = 300;
constexpr int startsWithinMs = 30000; // a server that was started loads its data first

Error notReached(const QString &text)
{
    return {.code = Error::Code::NotReached, .detail = text, .serverPrefix = {}, .node = {}, .command = {}};
}

/// Told in the log, the journal and on the command line as it comes; the picture follows.
void publishDrill(RunContext &context, qsizetype &told)
{
    if (!context.drill)
        return;
    auto report = std::make_shared<const DrillReport>(context.drill->report());
    const QList<DrillEvent> &events = context.drill->recorder().events();
    const qint64 begun = context.drill->recorder().begunAt();
    for (; told < events.size(); ++told) {
        DrillEvent event = events[told];
        event.at -= begun;
        event.since -= begun;
        context.log(drillEventText(event), event.kind == Kind::Failed);
    }
    context.state.drill = std::move(report);
    context.changed();
}

void beginMeasuring(const Context &context, const DrillPlan &plan)
{
    const std::weak_ptr<RunContext> weak = context;
    context->drill = std::make_shared<DrillWatch>(plan, context->session, context->state.plan->title);
    auto told = std::make_shared<qsizetype>(0);
    DrillWatch::start(context->drill, [weak, told] {
        if (const Context alive = weak.lock())
            publishDrill(*alive, *told);
    });
    context->failoverSent = [weak](const NodeRef &replica) {
        const Context alive = weak.lock();
        if (!alive || !alive->drill)
            return;
        for (const DrillTarget &target : alive->drill->plan().targets) {
            if (target.heir == replica.id && alive->drill->recorder().begunAt() == 0)
                alive->drill->did(Kind::Begun, target);
            else if (target.id == replica.id)
                alive->drill->did(Kind::HandingBack, target);
        }
    };
}

/// The probe writes, everywhere, for a while: else the drill would measure something else.
QCoro::Task<Result<>> waitForBaseline(Context context)
{
    context->waitFor(tr("the probe's first writes"));
    const QDeadlineTimer deadline(baselinePatienceMs);
    while (!context->drill->unserved().isEmpty()) {
        if (deadline.hasExpired())
            co_return failure(notReached(tr("the probe could not write to %1; nothing was taken away")
                                             .arg(context->drill->unserved().join(u", "_s))));
        if (context->stopping || !co_await RunContext::sleep(context, lookEveryMs))
            co_return failure(Error::Code::Cancelled);
    }
    const QDeadlineTimer enough(baselineMs);
    while (!enough.hasExpired())
        if (context->stopping || !co_await RunContext::sleep(context, lookEveryMs))
            co_return failure(Error::Code::Cancelled);
    context->waitFor({});
    co_return Result<>();
}

/// A command that the server may be long in answering, or never answers: DEBUG SLEEP.
QCoro::Task<> sendUnwatched(Context context, StepCommand one, int timeoutMs)
{
    const Underway underway;
    const auto link = co_await RunContext::ownLink(context, one.node, 0, timeoutMs);
    if (!link) {
        context->log(describe(link.error()), true);
        co_return;
    }
    const std::shared_ptr<NodeLink> own = *link;
    const auto reply = checked(co_await own->send(one.command, timeoutMs), one.node.address, commandName(one.command));
    if (!reply)
        context->log(describe(reply.error()), true);
}

/// Every target at once.
QCoro::Task<Result<>> stopAll(Context context, DrillPlan plan)
{
    std::vector<QCoro::Task<Result<>>> tasks;
    for (const DrillTarget &target : plan.targets) {
        const auto words = localCommandFor(plan.spec.stop, target.name, target.id);
        if (!words)
            co_return failure(words.error());
        context->drill->did(Kind::Begun, target);
        tasks.push_back(runLocally(context, *words, localCommandMs));
    }
    std::optional<Error> first;
    for (QCoro::Task<Result<>> &task : tasks) {
        const Result<> done = co_await task;
        if (!done && !first)
            first = done.error();
    }
    if (first)
        co_return failure(*first);
    co_return Result<>();
}

QCoro::Task<Result<>> failOverAll(Context context, DrillPlan plan, int deadlineMs)
{
    for (const DrillTarget &target : plan.targets) {
        PlanStep step;
        step.kind = PlanStep::Kind::Failover;
        step.nodes = {{.id = target.heir, .address = target.heirName}, {.id = target.id, .address = target.name}};
        step.deadlineMs = deadlineMs;
        const auto done = co_await failOver(context, step);
        if (!done)
            co_return failure(done.error());
    }
    co_return Result<>();
}

QCoro::Task<Result<>> takeAway(Context context, PlanStep step, DrillPlan plan)
{
    if (plan.spec.way == DrillWay::Failover)
        co_return co_await failOverAll(context, plan, step.deadlineMs);
    if (plan.spec.way == DrillWay::OwnCommand)
        co_return co_await stopAll(context, plan);
    for (const DrillTarget &target : plan.targets)
        context->drill->did(Kind::Begun, target);
    std::vector<QCoro::Task<Result<Value>>> tasks;
    for (const StepCommand &one : step.commands) {
        context->log(u"%1: %2"_s.arg(one.node.address, commandLine(one.command)));
        if (plan.spec.way == DrillWay::DebugSleep)
            sendUnwatched(context, one, plan.spec.milliseconds + baselinePatienceMs);
        else
            tasks.push_back(RunContext::send(context, one.node, one.command));
    }
    for (QCoro::Task<Result<Value>> &task : tasks) {
        const Result<Value> done = co_await task;
        if (!done)
            co_return failure(done.error());
    }
    co_return Result<>();
}

/// What keeps the loss from being over; empty: it is.
QString stillAway(const RunContext &context, const DrillPlan &plan, qint64 sinceBegun, qint64 servedSince)
{
    const bool isAway = plan.spec.way == DrillWay::DebugSleep || plan.spec.way == DrillWay::OwnCommand;
    if (plan.failsOver && !context.drill->recorder().isTakenOver())
        return tr("a replica to take over");
    if (!isAway && plan.spec.way == DrillWay::Pause && sinceBegun < plan.spec.milliseconds)
        return tr("the pause to be over");
    if (plan.spec.way == DrillWay::DebugSleep && sinceBegun < plan.spec.milliseconds)
        return tr("%1 to be over").arg(duration(plan.spec.milliseconds));
    if (plan.spec.way == DrillWay::OwnCommand && !plan.endsEarly && sinceBegun < plan.spec.milliseconds)
        return tr("%1 to be over").arg(duration(plan.spec.milliseconds));
    // who is started only afterwards serves nothing before
    const bool servedMeanwhile = plan.failsOver || plan.spec.way != DrillWay::OwnCommand;
    if (servedMeanwhile && servedSince <= 0)
        return tr("writes to be served again");
    if (isAway && plan.endsEarly && plan.failsOver && sinceBegun - servedSince < servedForMs)
        return tr("a moment more of being served");
    return {};
}

QCoro::Task<Result<>> measure(Context context, DrillPlan plan)
{
    const qint64 begun = context->drill->recorder().begunAt();
    qint64 servedAt = 0, mark = begun + lookEveryMs;
    for (;;) {
        const qint64 now = steadyMs();
        const bool takenOver = !plan.failsOver || context->drill->recorder().isTakenOver();
        if (!takenOver)
            mark = now; // what is still served is the last of the former primary
        if (servedAt == 0 && takenOver && context->drill->isServedSince(mark))
            servedAt = now;
        const QString missing = stillAway(*context, plan, now - begun, servedAt > 0 ? servedAt - begun : 0);
        if (missing.isEmpty())
            break;
        context->waitFor(missing);
        if (context->stopping || context->abandoned)
            co_return failure(Error::Code::Cancelled);
        if (now - begun > plan.deadlineMs)
            co_return failure(
                notReached(tr("within %1 it did not come to: %2").arg(duration(plan.deadlineMs), missing)));
        std::ignore = co_await RunContext::sleep(context, lookEveryMs);
    }
    context->waitFor({});
    co_return Result<>();
}

QCoro::Task<Result<>> away(Context context, PlanStep step, DrillPlan plan)
{
    if (context->state.resumedAt > 0) {
        context->note(tr("not done again: the drill was broken off, and only the layout from before is made again"));
        co_return Result<>();
    }
    beginMeasuring(context, plan);
    const auto ready = co_await waitForBaseline(context);
    if (!ready)
        co_return failure(ready.error());
    const auto taken = co_await takeAway(context, step, plan);
    if (!taken)
        co_return failure(taken.error());
    const auto measured = co_await measure(context, plan);
    if (!measured)
        co_return failure(measured.error());
    context->note(tr("measured for %1").arg(duration(steadyMs() - context->drill->recorder().begunAt())));
    co_return Result<>();
}

/// Two answers, a moment apart: one that was told to stop may answer once more.
QCoro::Task<bool> answersNow(Context context, NodeRef node)
{
    for (int look = 0; look < 2; ++look) {
        const auto answer = co_await RunContext::send(context, node, commandOf("PING"), answersMs);
        if (!answer && answer.error().code != Error::Code::Loading)
            co_return false;
        if (look == 0)
            std::ignore = co_await RunContext::sleep(context, oneMoreLookMs);
    }
    co_return true;
}

/// A server that saves nothing comes back empty: first a replica must have taken over, where one is expected to.
QCoro::Task<> waitForHeir(Context context, DrillPlan plan)
{
    if (!context->drill || !plan.failsOver || context->drill->recorder().begunAt() == 0)
        co_return;
    const qint64 until = context->drill->recorder().begunAt() + plan.deadlineMs;
    while (!context->drill->recorder().isTakenOver() && steadyMs() < until && !context->stopping) {
        context->waitFor(tr("a replica to take over, before the server is started again"));
        if (!co_await RunContext::sleep(context, lookEveryMs))
            break;
    }
    context->waitFor({});
}

QCoro::Task<Result<>> startOne(Context context, DrillPlan plan, DrillTarget target)
{
    const NodeRef node{.id = target.id, .address = target.name};
    const bool runs = co_await answersNow(context, node);
    if (runs) {
        context->log(tr("%1 answers: it is not started").arg(target.name));
        co_return Result<>();
    }
    const auto words = localCommandFor(plan.spec.start, target.name, target.id);
    if (!words)
        co_return failure(words.error());
    if (context->drill)
        context->drill->did(Kind::Starting, target);
    co_return co_await runLocally(context, *words, localCommandMs);
}

/// Does what brings the targets back; each is tried, whatever became of the others.
QCoro::Task<Result<>> bringBack(Context context, PlanStep step, DrillPlan plan)
{
    if (plan.spec.way == DrillWay::OwnCommand)
        co_await waitForHeir(context, plan);
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
        while (!first) {
            const auto answer = co_await RunContext::send(context, node, commandOf("PING"), answersMs);
            if (answer || answer.error().code == Error::Code::Loading)
                break;
            context->waitFor(tr("%1 to answer").arg(node.address));
            if (deadline.hasExpired())
                first = notReached(tr("%1 does not answer").arg(node.address));
            else if (context->stopping || !co_await RunContext::sleep(context, lookEveryMs))
                co_return failure(Error::Code::Cancelled);
        }
    }
    context->waitFor({});
    if (first)
        co_return failure(*first);
    co_return Result<>();
}

/// What is missing of a whole cluster; empty: nothing.
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
            co_return failure(notReached(tr("not within %1: %2").arg(duration(step.deadlineMs), missing)));
        if (context->stopping || !co_await RunContext::sleep(context, lookEveryMs))
            co_return failure(Error::Code::Cancelled);
    }
    context->waitFor({});
    co_return Result<>();
}

} // namespace

QCoro::Task<Result<>> drill(Context context, PlanStep step)
{
    if (!context->state.plan->results.drill)
        co_return failure(Error::Code::InvalidArgument, tr("it lacks its drill"));
    const DrillPlan plan = *context->state.plan->results.drill;
    if (step.mode == u"away")
        co_return co_await away(context, step, plan);
    if (step.mode == u"return")
        co_return co_await bringBack(context, step, plan);
    if (step.mode == u"settle")
        co_return co_await settleDown(context, step);
    if (!context->drill) {
        co_await removeLeftovers(context, plan);
        co_return Result<>();
    }
    std::ignore = co_await RunContext::sleep(context, afterwardsMs);
    co_await endDrill(context);
    if (context->state.drill)
        context->note(outcomeNote(*context->state.drill));
    co_return Result<>();
}

} // namespace slotscope
