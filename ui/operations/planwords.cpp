// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/planwords.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "ui/shared/themetokens.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostCommands = 200'000; ///< highest number of commands of a step in the clipboard

QString bullets(const QStringList &lines)
{
    return lines.isEmpty() ? QString() : u"  - "_s + lines.join(u"\n  - "_s) + u'\n';
}

/// Button text for each kind of operation.
struct ActWords
{
    const OperationPlan &plan;

    template <typename Request>
    QString operator()(const Request &) const
    {
        return plan.title;
    }
    QString operator()(const ReshardRequest &) const { return moving(); }
    QString operator()(const RebalanceRequest &) const { return moving(); }
    QString operator()(const CreateRequest &) const { return tr("Create the cluster"); }
    QString operator()(const AddNodeRequest &) const { return tr("Add the node"); }
    QString operator()(const RemoveNodeRequest &) const
    {
        const qint64 count = slotsMoved();
        return count > 0 ? tr("Move %1 slots and remove the node").arg(groupedNumber(count)) : tr("Remove the node");
    }
    QString operator()(const ReplicateRequest &) const { return tr("Change its primary"); }
    QString operator()(const FailoverRequest &request) const
    {
        return request.mode == FailoverRequest::Mode::Graceful ? tr("Fail over")
            : request.mode == FailoverRequest::Mode::Force     ? tr("Fail over with FORCE")
                                                               : tr("Take over without a vote");
    }
    QString operator()(const RollingFailoverRequest &) const
    {
        const auto shards = std::count_if(plan.steps.begin(), plan.steps.end(),
                                          [](const PlanStep &step) { return step.kind == PlanStep::Kind::Failover; });
        return shards == 1 ? tr("Fail over 1 shard") : tr("Fail over %1 shards").arg(shards);
    }
    QString operator()(const OrphansRequest &request) const
    {
        return request.action == OrphansRequest::Action::Delete ? tr("Delete orphan keys") : tr("Move orphan keys");
    }
    QString operator()(const FixRequest &) const { return tr("Fix the slots"); }
    QString operator()(const ForgetRequest &) const { return tr("Forget the node"); }
    QString operator()(const ResetRequest &request) const
    {
        return request.hard ? tr("Reset the node (HARD)") : tr("Reset the node");
    }
    QString operator()(const MeetRequest &) const { return tr("Introduce the node"); }
    QString operator()(const ConfigRequest &) const { return tr("Set it"); }
    QString operator()(const BackupRequest &) const { return tr("Back up"); }
    QString operator()(const SaveRequest &) const { return tr("Save"); }
    QString operator()(const RollBackRequest &) const { return tr("Undo"); }
    QString operator()(const DrillRequest &) const { return tr("Start the drill"); }

private:
    [[nodiscard]] qint64 slotsMoved() const
    {
        qint64 count = 0;
        for (const SlotMove &move : plan.moves)
            count += move.slots.count();
        return count;
    }
    [[nodiscard]] QString moving() const
    {
        const qint64 count = slotsMoved();
        return count == 1 ? tr("Move 1 slot") : tr("Move %1 slots").arg(groupedNumber(count));
    }
};

} // namespace

QString shellText(const OperationPlan &plan, const QList<int> &steps)
{
    QStringList lines;
    for (qsizetype i = 0; i < plan.steps.size(); ++i) {
        if (!steps.isEmpty() && !steps.contains(int(i)))
            continue;
        const PlanStep &step = plan.steps[i];
        // quoted, because an interactive shell may not support comments, and a title contains host names
        lines.append(u"# %1. %2"_s.arg(QString::number(i + 1), shellQuoted(step.title.toUtf8())));
        for (const StepCommand &command : commandsOf(step, mostCommands))
            lines.append(shellLine(command));
    }
    return lines.join(u'\n') + u'\n';
}

QString verdictWord(PlanCheck::Verdict verdict)
{
    switch (verdict) {
    case PlanCheck::Verdict::Pass: return tr("✓ passed");
    case PlanCheck::Verdict::Warn: return tr("▲ warning");
    case PlanCheck::Verdict::Refuse: return tr("✕ refused");
    }
    return {};
}

QString planText(const OperationPlan &plan)
{
    QString text = plan.title + u"\n\n"_s + tr("Checks") + u'\n';
    for (const PlanCheck &check : plan.checks) {
        text += u"  "_s + verdictWord(check.verdict) + u": "_s + check.title;
        text += check.detail.isEmpty() ? u"\n"_s : u". "_s + check.detail + u'\n';
    }
    text += u'\n' + tr("Steps") + u'\n';
    for (qsizetype i = 0; i < plan.steps.size(); ++i) {
        text += u"  %1. %2\n"_s.arg(i + 1).arg(plan.steps[i].title);
        if (!plan.steps[i].risk.isEmpty())
            text += u"     ▲ "_s + plan.steps[i].risk + u'\n';
    }
    if (!plan.dataLoss.isEmpty())
        text += u'\n' + tr("Data may be lost") + u'\n' + bullets(plan.dataLoss);
    if (!plan.notes.isEmpty())
        text += u'\n' + tr("Notes") + u'\n' + bullets(plan.notes);
    if (!plan.verifies.isEmpty())
        text += u'\n' + tr("Verified at the end") + u'\n' + bullets(plan.verifies);
    return text;
}

QString actText(const OperationRequest &request, const OperationPlan &plan)
{
    return std::visit(ActWords{plan}, request);
}

bool isDestructive(const OperationRequest &request, const OperationPlan &plan)
{
    if (!plan.dataLoss.isEmpty())
        return true;
    if (const auto *failover = std::get_if<FailoverRequest>(&request))
        return failover->mode != FailoverRequest::Mode::Graceful;
    if (const auto *orphans = std::get_if<OrphansRequest>(&request))
        return orphans->action == OrphansRequest::Action::Delete;
    return std::holds_alternative<RemoveNodeRequest>(request) || std::holds_alternative<ResetRequest>(request)
        || std::holds_alternative<ForgetRequest>(request) || std::holds_alternative<FixRequest>(request)
        || std::holds_alternative<DrillRequest>(request) || std::holds_alternative<MeetRequest>(request)
        || std::holds_alternative<ReplicateRequest>(request);
}

ClusterViewPtr afterMoves(const ClusterView &view, const QList<SlotMove> &moves)
{
    auto after = std::make_shared<ClusterView>(view);
    const auto give = [&after](int index, const SlotSet &set, bool taken) {
        if (index < 0)
            return;
        NodeState &node = after->nodes[size_t(index)];
        node.slots = taken ? node.slots.united(set) : node.slots.subtracted(set);
        if (node.shard >= 0)
            after->shards[size_t(node.shard)].slots = node.slots;
    };
    for (const SlotMove &move : moves) {
        const int target = view.indexOf(move.target.id);
        give(view.indexOf(move.source.id), move.slots, false);
        give(target, move.slots, true);
        for (const SlotRange &range : move.slots.ranges())
            std::fill(after->owner.begin() + range.first, after->owner.begin() + range.last + 1, qint16(target));
        after->covered = after->covered.united(move.slots);
        after->uncovered = after->uncovered.subtracted(move.slots);
    }
    after->openSlots.clear();
    after->disputed = {};
    return after;
}

ClusterViewPtr viewOfLayout(const OperationPlan &plan)
{
    if (plan.results.layout.isEmpty())
        return {};
    auto view = std::make_shared<ClusterView>();
    view->owner.fill(ClusterView::noOwner);
    for (const CreatedNode &made : plan.results.layout) {
        if (!made.primary)
            continue;
        NodeState node;
        node.id = made.id;
        node.name = made.address;
        node.primary = node.roleKnown = true;
        node.shard = int(view->shards.size());
        node.condition = NodeCondition::Ok;
        node.slots = made.slots;
        for (const SlotRange &range : node.slots.ranges())
            std::fill(view->owner.begin() + range.first, view->owner.begin() + range.last + 1,
                      qint16(view->nodes.size()));
        ShardState shard;
        shard.number = node.shard + 1;
        shard.colour = node.shard % shardShadeCount;
        shard.primary = int(view->nodes.size());
        shard.slots = node.slots;
        view->shards.push_back(shard);
        view->indexById.insert(node.id, int(view->nodes.size()));
        view->nodes.push_back(node);
    }
    return view;
}

} // namespace slotscope
