// SPDX-License-Identifier: GPL-3.0-or-later
// How a drill ends: the layout from before, what became of the writes, the report.
#include "core/operations/run/drillend.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/operations/run/drillwatch.h"
#include "core/operations/run/run.h"
#include "core/operations/run/steps.h"

#include <QPointer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Context = std::shared_ptr<RunContext>;

/// Sends a command to the current primary of a shard. Retries until `until` (steadyMs()), or tries only once if the
/// user has stopped the run.
QCoro::Task<Result<Value>> sendToShard(Context context, int shard, Command command, qint64 until)
{
    constexpr int againMs = 100;
    constexpr qint64 undoAnswerMs = 2000;
    Result<Value> reply = failure(Error::Code::Timeout);
    while (context->drill && !context->abandoned) {
        const qint64 left = until - steadyMs();
        if (left <= 0)
            break;
        const QByteArray id = context->drill->recorder().primaryOf(shard);
        const ClusterViewPtr view = context->session->view();
        const NodeState *state = view ? view->node(id) : nullptr;
        const NodeRef node{.id = id, .address = state ? state->name : QString()};
        reply = co_await RunContext::send(context, node, command, int(std::min(left, undoAnswerMs)));
        if (reply || context->stopping || !co_await RunContext::sleep(context, againMs))
            break;
    }
    co_return reply;
}

/// Lists what differs from the layout before the drill, node by node.
QStringList differences(const ClusterView &view, const QList<DrillPlace> &before)
{
    QStringList list;
    for (const DrillPlace &place : before) {
        const NodeState *node = view.node(place.id);
        const auto nameOf = [&](const QByteArray &id) {
            const NodeState *other = view.node(id);
            return other ? other->name : QString::fromLatin1(id.left(8));
        };
        if (!node)
            list.append(tr("%1 is not in the cluster").arg(place.name));
        else if (node->primary && !place.primaryId.isEmpty())
            list.append(tr("%1 is a primary, but was a replica of %2").arg(place.name, nameOf(place.primaryId)));
        else if (!node->primary && place.primaryId.isEmpty())
            list.append(tr("%1 is a replica of %2, but was a primary").arg(place.name, nameOf(node->primaryId)));
        else if (!node->primary && node->primaryId != place.primaryId)
            list.append(tr("%1 is a replica of %2, but was one of %3")
                            .arg(place.name, nameOf(node->primaryId), nameOf(place.primaryId)));
        else if (node->primary && node->slots.toString() != place.slotRanges)
            list.append(tr("%1 has other slots than before").arg(place.name));
    }
    return list;
}

/// Returns a note if missing writes may have been evicted by the servers instead of lost in the drill; empty if nothing
/// suggests that.
QString evictionNote(const ClusterViewPtr &view, const DrillReport &report)
{
    const bool isMissing = std::any_of(report.lanes.cbegin(), report.lanes.cend(),
                                       [](const DrillLaneReport &lane) { return lane.missing > 0; });
    QStringList evicting;
    if (!isMissing || !view)
        return {};
    for (const NodeState &node : view->nodes)
        if (node.info && node.info->evicted.value_or(0) > 0)
            evicting.append(node.name);
    if (evicting.isEmpty())
        return {};
    return tr("%1 keys evicted since the start (maxmemory): some of the lost writes may have been evicted.")
        .arg(evicting.join(u", "_s));
}

/// Removes the remaining keys of one probe lane, some thousands at a time. Other keys in its slot stay.
QCoro::Task<> removeLaneKeys(Context context, DrillLane lane, NodeRef node)
{
    constexpr qsizetype atOnce = 10'000;
    const Command question =
        commandOf("CLUSTER", "GETKEYSINSLOT", QByteArray::number(lane.slot), QByteArray::number(atOnce));
    const QByteArray prefix = drillKeyPrefix + '{' + lane.tag + '}';
    qsizetype removed = 0;
    bool isMore = true;
    while (isMore && !context->abandoned) {
        const auto keys = co_await RunContext::send(context, node, question);
        if (!keys) {
            context->log(describe(keys.error()), true);
            break;
        }
        Command command{"UNLINK"_ba};
        for (const Value &key : keys->items())
            if (key.bytes().startsWith(prefix))
                command.append(key.bytes());
        isMore = qsizetype(keys->items().size()) >= atOnce;
        if (command.size() == 1) {
            if (isMore) // remaining keys of ours may come after other keys
                context->log(
                    tr("keys of the probe may still exist on %1; they expire within an hour").arg(node.address));
            break;
        }
        const auto done = co_await RunContext::send(context, node, command);
        if (!done) {
            context->log(describe(done.error()), true);
            break;
        }
        removed += command.size() - 1;
    }
    if (removed > 0)
        context->log(tr("%1 keys of the probe deleted from %2").arg(removed).arg(node.address));
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
        co_await removeLaneKeys(context, lane, node);
    }
}

QString outcomeNote(const DrillReport &report)
{
    qint64 acknowledged = 0, missing = 0, certain = 0, lost = 0, unread = 0;
    for (const DrillLaneReport &lane : report.lanes) {
        acknowledged += lane.acknowledged;
        missing += lane.missing;
        certain += lane.byReplicas;
        lost += lane.missingByReplicas;
        unread += lane.readBack ? lane.unread : lane.acknowledged;
    }
    if (unread > 0 && unread == acknowledged)
        return tr("none of the %1 acknowledged writes could be read back: it is unknown whether any is lost")
            .arg(groupedNumber(acknowledged));
    const QString found =
        tr("%1 of %2 acknowledged writes are lost; %3 of %4 that the replicas had also acknowledged")
            .arg(groupedNumber(missing), groupedNumber(acknowledged), groupedNumber(lost), groupedNumber(certain));
    return unread > 0 ? found + u"; "_s + tr("%1 could not be read back").arg(groupedNumber(unread)) : found;
}

QCoro::Task<> endDrill(Context context)
{
    const std::shared_ptr<DrillWatch> watch = context->drill;
    if (!watch)
        co_return;
    co_await DrillWatch::stopWriting(watch);
    const DrillWatch::Send send = [context](int shard, Command command, qint64 until) {
        return sendToShard(context, shard, std::move(command), until);
    };
    co_await DrillWatch::readBack(watch, send);
    watch->setOver();
    DrillReport told = watch->report();
    told.notes += context->drillNotes;
    if (const QString evicting = evictionNote(context->session->view(), told); !evicting.isEmpty())
        told.notes.append(evicting);
    const auto report = std::make_shared<const DrillReport>(std::move(told));
    watch->close();
    context->drill = nullptr;
    context->endDrillWatch = {};
    context->failoverSent = [](const NodeRef &) {};
    context->state.drill = report;
    if (const auto written = context->journal.append(journal::drilled(*report), true); !written)
        context->log(describe(written.error()), true);
    if (!report->keysRemoved)
        context->log(tr("keys of the probe still exist; they expire within an hour"), true);
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

/// Restores the layout after a drill was stopped or failed, by running the remaining steps in order. If one fails, only
/// the last step still runs: it ends the probe and reports what it saw.
QCoro::Task<> OperationRun::restoreAfterDrill(Error why)
{
    const std::shared_ptr<RunContext> context = m_context;
    const QPointer<OperationRun> self(this);
    if (!context->journal.isOpen() || context->state.step < 0)
        co_return;
    const int last = int(context->state.plan->steps.size()) - 1;
    context->log(tr("the previous layout is being restored"));
    context->stopping = context->abandoned = false; // stopping the run again ends the waiting
    context->paused = false;
    context->restoring = true;
    context->drillNotes.append(why.code == Error::Code::Cancelled ? tr("The drill was stopped before its end.")
                                                                  : tr("The drill failed: %1").arg(describe(why)));
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
        if (!done) {
            context->log(describe(done.error()), true);
            context->drillNotes.append(
                tr("Not done: %1 (%2)").arg(context->state.plan->steps[index].title, describe(done.error())));
        }
        goesOn = goesOn && done;
    }
    context->restoring = false;
}

namespace {

/// Returns what the drill did not bring back; empty if nothing, or if the run is no drill.
QString notBroughtBack(const RunSnapshot &run)
{
    if (run.plan->operation != Operation::Drill || !run.plan->results.drill || run.step < 0)
        return {};
    QStringList names;
    for (const DrillTarget &target : run.plan->results.drill->targets)
        names.append(target.name);
    for (qsizetype i = 1; i + 1 < run.steps.size(); ++i)
        if (run.steps[i].state != StepState::State::Done) {
            const QString why = run.steps[i].note.isEmpty() ? run.plan->steps[i].title : run.steps[i].note;
            return tr("%1: not as before the drill: %2. To finish restoring: slotscope-cli resume %3")
                .arg(names.join(u", "_s), why, run.id);
        }
    return {};
}

} // namespace

void tellNotBroughtBack(RunSnapshot &run)
{
    const QString left = notBroughtBack(run);
    if (left.isEmpty())
        return;
    const QString reason = run.error ? describe(*run.error) + u". "_s : QString();
    run.error = Error{.code = run.error ? run.error->code : Error::Code::NotWhole,
                      .detail = reason + left,
                      .serverPrefix = {},
                      .node = {},
                      .command = {}};
}

QCoro::Task<bool> isAsBeforeDrill(Context context)
{
    constexpr int patienceMs = 8000, againMs = 200;
    const bool isDrill = context->state.plan->operation == Operation::Drill && context->state.plan->results.drill;
    if (!isDrill || context->abandoned || !context->session || !context->journal.isOpen())
        co_return true;
    const QList<DrillPlace> before = context->state.plan->results.drill->before;
    QStringList found;
    for (const QDeadlineTimer deadline(patienceMs); !before.isEmpty();) {
        const auto looked = co_await RunContext::look(context);
        if (looked)
            found = differences(**looked, before);
        if (found.isEmpty() || deadline.hasExpired() || context->stopping)
            break;
        if (!co_await RunContext::sleep(context, againMs))
            break;
    }
    constexpr qsizetype most = 5;
    if (found.size() > most)
        found = QStringList(found.mid(0, most)) << tr("and %1 more").arg(found.size() - most);
    if (!found.isEmpty())
        context->state.verified.append(u"NOT: "_s + tr("as before: %1").arg(found.join(u"; "_s)));
    co_return found.isEmpty();
}

} // namespace slotscope
