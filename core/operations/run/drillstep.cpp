// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a drill: nodes are taken away while a probe measures, and what was written is looked for. How they come
// back: drillreturn.cpp.
#include "core/base/tr.h"
#include "core/operations/run/drillend.h"
#include "core/operations/run/drillreturn.h"
#include "core/operations/run/drillwatch.h"
#include "core/operations/run/localcommand.h"
#include "core/operations/run/steps.h"
#include "core/operations/facts/waiting.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/underway.h"
#include "core/drill/drillwords.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Context = std::shared_ptr<RunContext>;
using Happened = DrillEvent::Kind;

constexpr int lookEveryMs = 50;
constexpr int baselineMs = 1500; // time for which writes must succeed before any node is taken away
constexpr int baselinePatienceMs = 10000;
constexpr int servedForMs = 2000; // time for which a replica that took over is observed
constexpr int afterwardsMs = 500;

Error notReached(const QString &text)
{
    return {.code = Error::Code::NotReached, .detail = text, .serverPrefix = {}, .node = {}, .command = {}};
}

/// Publishes new events in the log, the journal and on the command line at once; the picture follows.
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
        context.log(drillEventText(event), event.kind == Happened::Failed);
    }
    context.state.drill = std::move(report);
    context.changed();
}

void beginMeasuring(const Context &context, const DrillPlan &plan)
{
    const std::weak_ptr<RunContext> weak = context;
    context->drill = std::make_shared<DrillWatch>(plan, context->session, context->state.plan->title);
    context->endDrillWatch = [watch = context->drill] { watch->close(); };
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
            if (target.heir == replica.id && !alive->drill->hasBegun(target.id))
                alive->drill->did(Happened::Begun, target);
            else if (target.id == replica.id)
                alive->drill->did(Happened::HandingBack, target);
        }
    };
}

/// Waits until the probe's writes succeed everywhere for a while, because otherwise the drill would measure something
/// else.
QCoro::Task<Result<>> waitForBaseline(Context context)
{
    context->waitFor(tr("the probe's first writes"));
    const QDeadlineTimer deadline(baselinePatienceMs);
    while (!context->drill->unserved().isEmpty()) {
        if (deadline.hasExpired())
            co_return failure(notReached(tr("the probe could not write to %1; no node was made unavailable")
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

/// Sends a command that may be answered late or never, such as DEBUG SLEEP. If the server refuses it, the error is
/// stored in `refused`.
QCoro::Task<> sendUnwatched(Context context, std::shared_ptr<NodeLink> own, StepCommand one, int timeoutMs,
                            std::shared_ptr<std::optional<Error>> refused)
{
    const Underway underway;
    const auto reply = checked(co_await own->send(one.command, timeoutMs), one.node.address, commandName(one.command));
    if (reply)
        co_return;
    context->log(describe(reply.error()), true);
    if (!reply.error().serverPrefix.isEmpty() || reply.error().code == Error::Code::NoPermission)
        *refused = reply.error(); // other errors only mean that the server is blocked longer than requested
}

/// Sends the command that stops a node (DEBUG SLEEP or CLIENT PAUSE) to all targets at the same time, over connections
/// opened before. A node counts as away from the moment when its command is sent.
QCoro::Task<Result<>> putToSleep(Context context, PlanStep step, DrillPlan plan,
                                 std::shared_ptr<std::optional<Error>> refused)
{
    const int timeoutMs = plan.spec.milliseconds + baselinePatienceMs;
    std::vector<std::shared_ptr<NodeLink>> links;
    for (const StepCommand &one : step.commands) {
        const auto link = co_await RunContext::ownLink(context, one.node, 0, timeoutMs);
        if (!link)
            co_return failure(link.error());
        links.push_back(*link);
    }
    for (size_t i = 0; i < links.size(); ++i) {
        const StepCommand &one = step.commands[qsizetype(i)];
        context->log(u"%1: %2"_s.arg(one.node.address, commandLine(one.command)));
        for (const DrillTarget &target : plan.targets)
            if (target.id == one.node.id)
                context->drill->did(Happened::Begun, target);
        sendUnwatched(context, links[i], one, timeoutMs, refused);
    }
    co_return Result<>();
}

/// Stops all targets at the same time. A node whose command failed and that still answers does not count as taken away.
QCoro::Task<Result<>> stopAll(Context context, DrillPlan plan)
{
    QList<QStringList> commands;
    for (const DrillTarget &target : plan.targets) {
        const auto words = localCommandFor(plan.spec.stop, target.name, target.id);
        if (!words)
            co_return failure(words.error());
        commands.append(*words);
    }
    std::vector<QCoro::Task<Result<>>> tasks;
    for (qsizetype i = 0; i < commands.size(); ++i) {
        context->drill->did(Happened::Begun, plan.targets[i]);
        tasks.push_back(runLocally(context, commands[i]));
    }
    std::optional<Error> first;
    for (size_t i = 0; i < tasks.size(); ++i) {
        const Result<> done = co_await tasks[i];
        if (done)
            continue;
        first = first ? first : done.error();
        const DrillTarget target = plan.targets[qsizetype(i)];
        const NodeRef node{.id = target.id, .address = target.name};
        const bool answers = co_await answersNow(context, node);
        if (!answers || !context->drill)
            continue;
        context->drill->withdraw(target);
        context->log(tr("%1 answers: it was not made unavailable").arg(target.name), true);
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

QCoro::Task<Result<>> takeAway(Context context, PlanStep step, DrillPlan plan,
                               std::shared_ptr<std::optional<Error>> refused)
{
    if (plan.spec.way == DrillWay::Failover)
        co_return co_await failOverAll(context, plan, step.deadlineMs);
    if (plan.spec.way == DrillWay::OwnCommand)
        co_return co_await stopAll(context, plan);
    if (plan.spec.way == DrillWay::DebugSleep)
        co_return co_await putToSleep(context, step, plan, refused);
    for (const DrillTarget &target : plan.targets)
        context->drill->did(Happened::Begun, target);
    std::vector<QCoro::Task<Result<Value>>> tasks;
    for (const StepCommand &one : step.commands) {
        context->log(u"%1: %2"_s.arg(one.node.address, commandLine(one.command)));
        tasks.push_back(RunContext::send(context, one.node, one.command));
    }
    for (QCoro::Task<Result<Value>> &task : tasks) {
        const Result<Value> done = co_await task;
        if (!done)
            co_return failure(done.error());
    }
    co_return Result<>();
}

/// Returns what still has to happen before the loss is over; empty if it is over.
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
    // if targets are started only after the loss, nobody serves their slots during it
    const bool servedMeanwhile = plan.failsOver || plan.spec.way != DrillWay::OwnCommand;
    if (servedMeanwhile && servedSince <= 0)
        return tr("writes to be served again");
    if (isAway && plan.endsEarly && plan.failsOver && sinceBegun - servedSince < servedForMs)
        return tr("the service to stay stable for a moment");
    return {};
}

QCoro::Task<Result<>> measure(Context context, DrillPlan plan, std::shared_ptr<std::optional<Error>> refused)
{
    const qint64 begun = context->drill->recorder().begunAt();
    qint64 servedAt = 0, mark = begun + lookEveryMs;
    for (;;) {
        const qint64 now = steadyMs();
        const bool takenOver = !plan.failsOver || context->drill->recorder().isTakenOver();
        if (!takenOver)
            mark = now; // until then, writes may still be served by the old primary
        if (servedAt == 0 && takenOver && context->drill->isServedSince(mark))
            servedAt = now;
        const QString missing = stillAway(*context, plan, now - begun, servedAt > 0 ? servedAt - begun : 0);
        if (missing.isEmpty())
            break;
        context->waitFor(missing);
        if (*refused)
            co_return failure(**refused);
        if (context->stopping || context->abandoned)
            co_return failure(Error::Code::Cancelled);
        if (now - begun > plan.deadlineMs)
            co_return failure(notReached(tr("not reached within %1: %2").arg(duration(plan.deadlineMs), missing)));
        std::ignore = co_await RunContext::sleep(context, lookEveryMs);
    }
    context->waitFor({});
    co_return Result<>();
}

QCoro::Task<Result<>> away(Context context, PlanStep step, DrillPlan plan)
{
    if (context->state.resumedAt > 0) {
        context->note(tr("not repeated: the drill was interrupted, and only the previous layout is restored"));
        co_return Result<>();
    }
    beginMeasuring(context, plan);
    const auto ready = co_await waitForBaseline(context);
    if (!ready)
        co_return failure(ready.error());
    const auto refused = std::make_shared<std::optional<Error>>(); // set if a node refused to be paused
    const auto taken = co_await takeAway(context, step, plan, refused);
    if (!taken)
        co_return failure(taken.error());
    const auto measured = co_await measure(context, plan, refused);
    if (*refused) // the node that refused is named in the error
        for (const DrillTarget &target : plan.targets)
            if (target.name == (*refused)->node)
                context->drill->withdraw(target);
    if (!measured)
        co_return failure(measured.error());
    context->note(tr("measured for %1").arg(duration(steadyMs() - context->drill->recorder().begunAt())));
    co_return Result<>();
}

} // namespace

QCoro::Task<Result<>> drill(Context context, PlanStep step)
{
    if (!context->state.plan->results.drill)
        co_return failure(Error::Code::InvalidArgument, tr("the details of the drill are missing"));
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
