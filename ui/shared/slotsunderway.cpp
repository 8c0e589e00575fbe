// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/slotsunderway.h"

#include "core/models/runwords.h"
#include "core/operations/run/operationsdoor.h"

#include <QCoreApplication>

#include <algorithm>

namespace slotscope {
namespace {

/// An operation ends when every node was queried; the data that the window shows is a little older.
constexpr qint64 viewLagsMs = 3000;

struct RunNoteWords
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::SlotsUnderWay)
};

/// Whether the finding may be caused by moving slots: slots in migration, and different reports of a slot during its
/// hand-over. Uncovered slots are never caused by it.
bool mayBeMotion(const Finding &finding, const ClusterView &view)
{
    switch (finding.kind) {
    case Finding::Kind::OpenSlots: return true;
    case Finding::Kind::Disagreement:
    case Finding::Kind::SlotClaimedTwice:
        return !finding.slots.isEmpty() && finding.slots.intersected(view.uncovered).isEmpty();
    default: return false;
    }
}

/// Only a finished operation has verified that no slot is left in migration.
bool isAtWork(const RunSnapshot &run, const ClusterView &view)
{
    const bool justDone = run.state == RunState::Done && view.takenAt < run.endedAt + viewLagsMs;
    return (!run.isOver() || justDone) && touchesNodesOf(run, view);
}

SlotSet slotsOf(const OperationPlan &plan)
{
    SlotSet all = slotsToMove(plan);
    for (const PlanStep &step : plan.steps) {
        all = all.united(step.slots);
        for (const SlotMove &move : step.moves)
            all = all.united(move.slots);
    }
    return all;
}

Finding noteOf(const RunSnapshot &run)
{
    Finding note;
    note.kind = Finding::Kind::OpenSlots;
    note.severity = Severity::Note;
    note.title = RunNoteWords::tr("Being moved by Slotscope: %1").arg(run.plan->title);
    note.explanation =
        RunNoteWords::tr("These slots are in migration on purpose. Until they have moved, commands with several keys "
                         "of one slot may fail with TRYAGAIN, and nodes may report different owners.");
    note.advice = RunNoteWords::tr(
        "Wait until the operation ends, or stop it on the Operations page: it then finishes the step in progress.");
    return note;
}

void add(Finding &note, const Finding &finding)
{
    note.slots = note.slots.united(finding.slots);
    for (const QByteArray &node : finding.nodes) {
        if (!note.nodes.contains(node))
            note.nodes.append(node);
    }
}

} // namespace

ClusterViewPtr withRuns(const ClusterViewPtr &view, const QList<RunSnapshotPtr> &ours)
{
    if (!view)
        return view;
    QList<Finding> rest = view->findings;
    QList<Finding> notes;
    for (const RunSnapshotPtr &run : ours) {
        if (!isAtWork(*run, *view))
            continue;
        const SlotSet slotSet = slotsOf(*run->plan);
        Finding note = noteOf(*run);
        const auto taken = rest.removeIf([&](const Finding &finding) {
            const bool its = mayBeMotion(finding, *view) && finding.slots.subtracted(slotSet).isEmpty();
            if (its)
                add(note, finding);
            return its;
        });
        if (taken > 0)
            notes.append(note);
    }
    if (notes.isEmpty())
        return view;
    const auto firstNote = std::find_if(rest.begin(), rest.end(),
                                        [](const Finding &finding) { return finding.severity < Severity::Warning; });
    auto shown = std::make_shared<ClusterView>(*view);
    shown->findings = QList<Finding>(rest.begin(), firstNote) + notes + QList<Finding>(firstNote, rest.end());
    return shown;
}

ClusterViewPtr withRuns(const ClusterViewPtr &view, const OperationsDoor *operations)
{
    if (!operations)
        return view;
    QList<RunSnapshotPtr> ours = operations->runs();
    ours.removeIf([operations](const RunSnapshotPtr &run) { return !operations->isOurs(run->id); });
    return withRuns(view, ours);
}

bool isUnderWay(const Finding &finding)
{
    return finding.kind == Finding::Kind::OpenSlots && finding.severity == Severity::Note;
}

SlotSet slotsUnderWay(const ClusterView &view)
{
    SlotSet slotSet;
    for (const Finding &finding : view.findings) {
        if (isUnderWay(finding))
            slotSet = slotSet.united(finding.slots);
    }
    return slotSet;
}

} // namespace slotscope
