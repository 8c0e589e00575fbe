// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/runwords.h"

#include "core/base/tr.h"
#include "core/models/operationwords.h"
#include "core/operations/planners/staleness.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QSet>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

struct StateWords
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::RunWords)
};

bool isAt(const ClusterView &view, const QString &address)
{
    return !address.isEmpty() && std::any_of(view.nodes.begin(), view.nodes.end(), [&address](const NodeState &known) {
        return known.name == address;
    });
}

bool isKnown(const ClusterView &view, const NodeRef &node)
{
    return node.id.isEmpty() ? isAt(view, node.address) : view.node(node.id) != nullptr;
}

int stepsDone(const RunSnapshot &run)
{
    return int(std::count_if(run.steps.begin(), run.steps.end(), [](const StepState &step) {
        return step.state == StepState::State::Done || step.state == StepState::State::Skipped;
    }));
}

} // namespace

RunWord runWord(const RunSnapshot &run)
{
    if (run.rolledBack)
        return {u"↶"_s, StateWords::tr("Rolled back"), Tone::Muted};
    switch (run.state) {
    case RunState::Running:
        return run.waitingFor.isEmpty() ? RunWord{u"▶"_s, StateWords::tr("Running"), Tone::Accent}
                                        : RunWord{u"◔"_s, StateWords::tr("Waiting"), Tone::Accent};
    case RunState::Paused: return {u"‖"_s, StateWords::tr("Paused"), Tone::Warning};
    case RunState::Stopping: return {u"◼"_s, StateWords::tr("Stopping"), Tone::Warning};
    case RunState::Done: return {u"✓"_s, StateWords::tr("Done"), Tone::Good};
    case RunState::Failed: return {u"✕"_s, StateWords::tr("Failed"), Tone::Bad};
    case RunState::Stopped: return {u"◼"_s, StateWords::tr("Stopped"), Tone::Warning};
    case RunState::Interrupted: return {u"▲"_s, StateWords::tr("Interrupted"), Tone::Warning};
    }
    return {};
}

RunWord stepWord(StepState::State state, const RunSnapshot &run)
{
    const bool runIsOver = run.isOver();
    switch (state) {
    case StepState::State::Pending:
        return {u"○"_s, runIsOver ? StateWords::tr("not done") : StateWords::tr("to do"), Tone::Muted};
    case StepState::State::Running:
        return runIsOver ? RunWord{u"◐"_s, StateWords::tr("started"), Tone::Warning}
                         : RunWord{u"▶"_s, StateWords::tr("running"), Tone::Accent};
    case StepState::State::Done: return {u"✓"_s, StateWords::tr("done"), Tone::Good};
    case StepState::State::Failed:
        if (run.state == RunState::Stopped || run.state == RunState::Interrupted)
            return {u"◼"_s, StateWords::tr("stopped"), Tone::Warning};
        return {u"✕"_s, StateWords::tr("failed"), Tone::Bad};
    case StepState::State::Skipped: return {u"–"_s, StateWords::tr("not needed"), Tone::Muted};
    }
    return {};
}

SlotSet slotsToMove(const OperationPlan &plan)
{
    SlotSet all;
    for (const SlotMove &move : plan.moves)
        all = all.united(move.slots);
    return all;
}

double doneShare(const RunSnapshot &run)
{
    if (run.state == RunState::Done)
        return 1;
    // a create plan has moves that no step executes: the slots of each node
    const bool moves = std::any_of(run.plan->steps.begin(), run.plan->steps.end(),
                                   [](const PlanStep &step) { return step.kind == PlanStep::Kind::MoveSlots; });
    if (const int total = slotsToMove(*run.plan).count(); moves && total > 0)
        return std::clamp(double(run.progress.moved.count()) / total, 0.0, 1.0);
    if (run.plan->steps.isEmpty())
        return 0;
    double done = stepsDone(run);
    const RunProgress &progress = run.progress;
    if (!run.isOver() && progress.bytesTotal > 0)
        done += std::clamp(double(progress.bytesDone) / double(progress.bytesTotal), 0.0, 1.0);
    else if (!run.isOver() && progress.slotsTotal > 0)
        done += std::clamp(double(progress.slotsDone) / progress.slotsTotal, 0.0, 1.0);
    return std::clamp(done / double(run.plan->steps.size()), 0.0, 1.0);
}

QString shortProgress(const RunSnapshot &run)
{
    const QString title = operationTitle(run.plan->operation);
    const qsizetype steps = run.plan->steps.size();
    if (run.plan->moves.isEmpty() && run.progress.slotsTotal == 0 && run.progress.bytesTotal <= 0 && steps > 0)
        return StateWords::tr("%1 · step %2 of %3").arg(title).arg(std::max(run.step, 0) + 1).arg(steps);
    return StateWords::tr("%1 %2 %").arg(title).arg(int(doneShare(run) * 100));
}

namespace {

/// Whether a stopped or failed drill has restored everything: all steps after the first, which measures, are done.
bool isRestoredDrill(const RunSnapshot &run)
{
    return run.plan->operation == Operation::Drill && !run.steps.isEmpty()
        && std::all_of(run.steps.cbegin() + 1, run.steps.cend(),
                       [](const StepState &step) { return step.state == StepState::State::Done; });
}

} // namespace

bool isUnfinished(const RunSnapshot &run)
{
    if (run.rolledBack || isRestoredDrill(run))
        return false;
    if (run.plan->operation == Operation::Drill && run.state == RunState::Failed && run.step >= 0)
        return true;
    return run.state == RunState::Interrupted || run.state == RunState::Stopped
        || (run.state == RunState::Failed && !run.leftOpen.isEmpty());
}

bool canResume(const RunSnapshot &run)
{
    const bool begun = run.step >= 0 || run.state == RunState::Interrupted; // a run that has not begun has no journal
    return run.isOver() && run.state != RunState::Done && !run.rolledBack && !run.rollingBack && begun && canWait(run)
        && !isRestoredDrill(run);
}

namespace {

/// Whether `is` holds for any node in the plan.
template <typename Predicate>
bool anyNodeOf(const OperationPlan &plan, const Predicate &is)
{
    return std::any_of(plan.moves.begin(), plan.moves.end(),
                       [&is](const SlotMove &move) { return is(move.source) || is(move.target); })
        || std::any_of(plan.steps.begin(), plan.steps.end(), [&is](const PlanStep &step) {
               return std::any_of(step.nodes.begin(), step.nodes.end(), is)
                   || std::any_of(step.commands.begin(), step.commands.end(),
                                  [&is](const StepCommand &command) { return is(command.node); });
           });
}

} // namespace

bool touchesNodesOf(const RunSnapshot &run, const ClusterView &view)
{
    // nodes of a create that was rolled back have new ids
    const bool byAddress = run.plan->operation == Operation::Create && run.rolledBack;
    return anyNodeOf(*run.plan, [&view, byAddress](const NodeRef &node) {
        return isKnown(view, node) || (byAddress && isAt(view, node.address));
    });
}

QStringList addressesOf(const OperationPlan &plan)
{
    QStringList list;
    QSet<QString> seen;
    std::ignore = anyNodeOf(plan, [&list, &seen](const NodeRef &node) {
        if (!node.address.isEmpty() && !seen.contains(node.address)) {
            seen.insert(node.address);
            list.append(node.address);
        }
        return false;
    });
    return list;
}

qint64 ranForMs(const RunSnapshot &run, qint64 now)
{
    if (run.endedAt > 0)
        return std::max<qint64>(0, run.endedAt - run.lastBegunAt());
    return run.isOver() ? -1 : std::max<qint64>(0, now - run.lastBegunAt());
}

QString whenText(qint64 at, qint64 now)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(at), today = QDateTime::fromMSecsSinceEpoch(now);
    if (time.date() == today.date())
        return time.toString(u"HH:mm:ss"_s);
    return time.toString(time.date().year() == today.date().year() ? tr("d MMM HH:mm") : tr("d MMM yyyy HH:mm"));
}

bool movesClassically(const RunSnapshot &run)
{
    return std::any_of(run.plan->steps.begin(), run.plan->steps.end(), [](const PlanStep &step) {
        return step.kind == PlanStep::Kind::MoveSlots && step.mode.isEmpty();
    });
}

bool hasNewEmptyPrimary(const RunSnapshot &run)
{
    if (run.plan->operation != Operation::AddNode || run.state != RunState::Done || !run.plan->moves.isEmpty())
        return false;
    QByteArrayList replicas, joined;
    for (const PlanStep &step : run.plan->steps) {
        if (step.condition == PlanStep::Condition::ReplicaOf)
            replicas.append(step.nodes.value(0).id);
        if (step.condition == PlanStep::Condition::Joined)
            for (const NodeRef &node : step.nodes)
                joined.append(node.id);
    }
    return std::any_of(joined.begin(), joined.end(), [&](const QByteArray &id) {
        return !replicas.contains(id) && run.plan->basis.view && !run.plan->basis.view->node(id);
    });
}

} // namespace slotscope
