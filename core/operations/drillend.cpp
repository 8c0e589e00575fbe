// SPDX-License-Identifier: GPL-3.0-or-later
// How a drill ends: the layout from before, what became of the writes, the report.
#include "core/operations/drillend.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/operations/drillwatch.h"
#include "core/operations/steps.h"

#include <QPointer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Context = std::shared_ptr<RunContext>;

/// To the primary of a shard as it is now.
QCoro::Task<Result<Value>> sendToShard(Context context, int shard, Command command)
{
    constexpr int tries = 20, againMs = 100;
    Result<Value> reply = failure(Error::Code::NoRoute);
    for (int i = 0; i < tries; ++i) {
        const QByteArray id = context->drill->recorder().primaryOf(shard);
        const ClusterViewPtr view = context->session->view();
        const NodeState *state = view ? view->node(id) : nullptr;
        const NodeRef node{.id = id, .address = state ? state->name : QString()};
        reply = co_await RunContext::send(context, node, command);
        if (reply)
            break;
        std::ignore = co_await RunContext::sleep(context, againMs);
    }
    co_return reply;
}

} // namespace

QCoro::Task<> removeLeftovers(std::shared_ptr<RunContext> context, DrillPlan plan)
{
    const auto looked = co_await RunContext::look(context);
    if (!looked)
        co_return;
    for (const DrillLane &lane : plan.lanes) {
        const int owner = (*looked)->owner[lane.slot];
        if (owner < 0)
            continue;
        const NodeState &primary = (*looked)->nodes[size_t(owner)];
        const NodeRef node{.id = primary.id, .address = primary.name};
        const Command question =
            commandOf("CLUSTER", "GETKEYSINSLOT", QByteArray::number(lane.slot), QByteArray::number(10'000));
        const auto keys = co_await RunContext::send(context, node, question);
        Command command{"UNLINK"_ba};
        const Value::List none;
        for (const Value &key : keys ? keys->items() : none)
            if (key.bytes().startsWith(drillKeyPrefix + '{' + lane.tag + '}'))
                command.append(key.bytes());
        if (command.size() == 1)
            continue;
        const auto removed = co_await RunContext::send(context, node, command);
        context->log(removed ? tr("%1 of the probe's keys removed from %2").arg(command.size() - 1).arg(node.address)
                             : describe(removed.error()),
                     !removed);
    }
}

QString outcomeNote(const DrillReport &report)
{
    qint64 acknowledged = 0, missing = 0, certain = 0, lost = 0;
    for (const DrillLaneReport &lane : report.lanes) {
        acknowledged += lane.acknowledged;
        missing += lane.missing;
        certain += lane.byReplicas;
        lost += lane.missingByReplicas;
    }
    return tr("%1 of %2 acknowledged writes are missing; %3 of %4 that the replicas had acknowledged")
        .arg(groupedNumber(missing), groupedNumber(acknowledged), groupedNumber(lost), groupedNumber(certain));
}

QCoro::Task<> endDrill(Context context)
{
    const std::shared_ptr<DrillWatch> watch = context->drill;
    if (!watch)
        co_return;
    co_await DrillWatch::stopWriting(watch);
    const DrillWatch::Send send = [context](int shard, Command command) {
        return sendToShard(context, shard, std::move(command));
    };
    co_await DrillWatch::readBack(watch, send);
    watch->setOver();
    const auto report = std::make_shared<const DrillReport>(watch->report());
    watch->close();
    context->drill = nullptr;
    context->failoverSent = [](const NodeRef &) {};
    context->state.drill = report;
    if (const auto written = context->journal.append(journal::drilled(*report), true); !written)
        context->log(describe(written.error()), true);
    if (!report->keysRemoved)
        context->log(tr("keys of the probe are still there; they expire within an hour"), true);
    context->log(outcomeNote(*report));
    context->changed();
}

qint64 lostInDrill(const RunSnapshot &run)
{
    qint64 lost = 0;
    if (run.drill)
        for (const DrillLaneReport &lane : run.drill->lanes)
            lost += lane.missingByReplicas;
    return lost;
}

/// A drill that was stopped, or failed, still brings back what it took away: the steps that are left are done in order.
/// One that cannot be done ends that, but for the last: the probe always ends, and tells what it saw.
QCoro::Task<> OperationRun::restoreAfterDrill()
{
    const std::shared_ptr<RunContext> context = m_context;
    const QPointer<OperationRun> self(this);
    if (!context->journal.isOpen() || context->state.step < 0)
        co_return;
    const int last = int(context->state.plan->steps.size()) - 1;
    context->log(tr("the layout from before is made again"));
    context->stopping = context->abandoned = false; // a further stop ends the waiting
    context->paused = false;
    bool goesOn = true;
    for (int index = 1; index <= last; ++index) {
        const StepState::State before = context->state.steps[index].state;
        if (before == StepState::State::Done)
            continue;
        goesOn = goesOn && before != StepState::State::Failed;
        if (!goesOn && index != last)
            continue;
        const auto done = co_await runStep(index);
        if (!self)
            co_return;
        if (!done)
            context->log(describe(done.error()), true);
        goesOn = goesOn && done;
    }
}

} // namespace slotscope
