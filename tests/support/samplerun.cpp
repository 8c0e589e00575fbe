// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/samplerun.h"

#include "tests/support/sampleview.h"

#include <QDateTime>

using namespace Qt::Literals::StringLiterals;

namespace slotscope::samples {
namespace {

NodeRef primaryOf(const ClusterView &view, int shard)
{
    const NodeState &node = view.nodes.at(size_t(view.shards.at(size_t(shard)).primary));
    return {.id = node.id, .address = node.name};
}

PlanStep step(PlanStep::Kind kind, const QString &title, const QString &risk = {})
{
    PlanStep made;
    made.kind = kind;
    made.title = title;
    made.risk = risk;
    return made;
}

OperationPlan reshardPlan(const ClusterView &view)
{
    const SlotMove move{
        .source = primaryOf(view, 0), .target = primaryOf(view, 1), .slots = SlotSet{{0, 599}, {700, 1099}}};
    OperationPlan plan;
    plan.operation = Operation::Reshard;
    plan.title = u"Move 1,000 slots to "_s + move.target.address;
    plan.checks = {{.verdict = PlanCheck::Verdict::Pass, .title = u"No slot is in migration"_s, .detail = {}}};
    plan.steps = {step(PlanStep::Kind::MoveSlots, u"Move 1,000 slots to "_s + move.target.address,
                       u"a slot in hand stays open when it fails; it can be resumed"_s),
                  step(PlanStep::Kind::Wait, u"Wait until every node reports the new owners"_s)};
    plan.steps[0].moves = {move};
    plan.steps[1].nodes = {move.target};
    plan.moves = {move};
    plan.estimate.keys = 61'000;
    return plan;
}

void fill(RunSnapshot &run, RunState state)
{
    run.state = state;
    run.step = state == RunState::Done ? 1 : 0;
    run.steps[0] = {.state = StepState::State::Running, .note = {}, .startedAt = run.startedAt, .endedAt = 0};
    run.progress.slotsDone = 430;
    run.progress.slotsTotal = 1000;
    run.progress.keysDone = 26'230;
    run.progress.keysTotal = 61'000;
    run.progress.keysPerSecond = 12'400;
    run.progress.leftMs = 8'400;
    run.progress.method = u"classic"_s;
    run.progress.moved = SlotSet{{0, 429}};
    run.progress.moving = SlotSet{{430, 461}};
    run.log = {{.at = run.startedAt, .warning = false, .text = u"32 slots in flight over 1 pair"_s},
               {.at = run.startedAt + 900, .warning = true, .text = u"slot 212: one key of 8.2 MB goes alone"_s}};
    if (!run.isOver())
        return;
    run.endedAt = state == RunState::Interrupted ? 0 : run.startedAt + 42'000;
    if (state == RunState::Interrupted)
        return;
    run.steps[0].endedAt = run.endedAt;
    run.steps[0].state = state == RunState::Failed ? StepState::State::Failed : StepState::State::Done;
    if (state != RunState::Done)
        return;
    run.steps[1] = {.state = StepState::State::Done,
                    .note = u"6 nodes agree"_s,
                    .startedAt = run.startedAt + 41'000,
                    .endedAt = run.endedAt};
    run.progress.slotsDone = 1000;
    run.progress.moved = run.plan->moves.first().slots;
    run.progress.moving = {};
    run.verified = {u"all 16,384 slots have one owner on 6 nodes"_s, u"no slot is in migration"_s};
}

RunSnapshotPtr shared(RunSnapshot run)
{
    return std::make_shared<const RunSnapshot>(std::move(run));
}

RunSnapshotPtr other(const ClusterView &view, Operation operation, const QString &title, int minutesAgo)
{
    RunSnapshot run = reshardRun(view, RunState::Done, minutesAgo);
    OperationPlan plan;
    plan.operation = operation;
    plan.title = title;
    plan.steps = {step(PlanStep::Kind::Commands, title)};
    plan.steps[0].nodes = {primaryOf(view, 0)};
    run.id += operationName(operation);
    run.plan = std::make_shared<const OperationPlan>(plan);
    run.steps.resize(1);
    run.progress = {};
    return shared(run);
}

} // namespace

RunSnapshot reshardRun(const ClusterView &view, RunState state, int minutesAgo)
{
    RunSnapshot run;
    run.plan = std::make_shared<const OperationPlan>(reshardPlan(view));
    run.startedAt = QDateTime::currentMSecsSinceEpoch() - minutesAgo * 60'000 - 6'000;
    run.id = u"run-%1-%2"_s.arg(minutesAgo).arg(stateName(state));
    run.cluster = u"shop"_s;
    run.who = u"ada@workstation"_s;
    run.steps.resize(2);
    fill(run, state);
    if (state != RunState::Failed)
        return run;
    run.leftOpen = SlotSet{{430, 433}};
    run.error = Error{.code = Error::Code::ServerError,
                      .detail = u"IOERR error or timeout writing to target instance"_s,
                      .serverPrefix = "IOERR",
                      .node = run.plan->moves.first().source.address,
                      .command = u"MIGRATE"_s};
    run.steps[0].note = u"IOERR error or timeout writing to target instance"_s;
    return run;
}

RunSnapshot longRun(const ClusterView &view)
{
    RunSnapshot run = reshardRun(view, RunState::Failed, 3);
    OperationPlan plan = *run.plan;
    const QString title =
        u"Move 1,000 slots away from a-very-long-host-name.of-a-data-centre.somewhere.example:6379 to "
        "another-very-long-host-name.of-a-data-centre.elsewhere.example:6380"_s;
    plan.title = title;
    for (int i = 0; i < 30; ++i)
        plan.steps.append(step(PlanStep::Kind::Commands, u"%1. "_s.arg(i + 3) + title));
    run.id = u"run-long"_s;
    run.plan = std::make_shared<const OperationPlan>(plan);
    run.steps.resize(plan.steps.size());
    run.cluster = u"the-shop-in-production.with-a-very-long-name.somewhere.example:6379"_s;
    run.error->detail = u"<b>not bold</b> "_s + QString(u"the server has very much to say about that; "_s).repeated(12);
    for (int i = 0; i < 400; ++i)
        run.log.append({.at = run.startedAt + i * 10,
                        .warning = i % 40 == 0,
                        .text = u"slot %1: "_s.arg(i) + QString(u"word "_s).repeated(i % 60)});
    for (quint16 slot = 440; slot < 600; slot += 2)
        run.leftOpen.add(slot);
    return run;
}

namespace {

DrillLaneReport drillLane(int shard, bool control)
{
    DrillLaneReport lane;
    lane.shard = shard;
    lane.control = control;
    lane.primary = QStringLiteral("10.0.1.11:6379");
    for (qint64 at = -2000; at < 12000; at += DrillBucket::lengthMs) {
        const bool away = !control && at >= 0 && at < 4600;
        const bool refused = control && at >= 3500 && at < 4500;
        const int served = away || refused ? 0 : at == 4600 ? 3 : 5;
        lane.buckets.append({.at = at,
                             .due = 5,
                             .served = served,
                             .failed = 5 - served,
                             .worstMs = served ? int(1 + (at / 100 % 7) + (at == 4600 ? 300 : 0)) : -1,
                             .reads = served,
                             .staleReads = 0});
    }
    lane.away =
        control ? DrillGap{.from = 3490, .to = 4510, .over = true} : DrillGap{.from = -12, .to = 4670, .over = true};
    lane.written = 700;
    lane.acknowledged = control ? 650 : 466;
    lane.byReplicas = control ? 64 : 45;
    lane.failed = control ? 50 : 180;
    lane.uncertain = control ? 0 : 54;
    lane.readBack = true;
    lane.missing = control ? 0 : 1;
    lane.errors = {{control ? QStringLiteral("CLUSTERDOWN") : QStringLiteral("no answer"), control ? 50 : 54}};
    return lane;
}

} // namespace

RunSnapshot drillRun(const ClusterView &view, RunState state)
{
    RunSnapshot run = reshardRun(view, state);
    const NodeState &primary = view.nodes[size_t(view.shards[0].primary)];
    OperationPlan plan;
    plan.operation = Operation::Drill;
    plan.title = QStringLiteral("Drill: %1 becomes unavailable").arg(primary.name);
    const QStringList titles{QStringLiteral("Measure while %1 stalls for 8 s").arg(primary.name),
                             QStringLiteral("Wait until %1 answers").arg(primary.name),
                             QStringLiteral("Check every acknowledged write and delete the probe's keys")};
    for (const QString &title : titles) {
        PlanStep &planned = plan.steps.emplaceBack();
        planned.kind = PlanStep::Kind::Drill;
        planned.title = title;
    }
    run.plan = std::make_shared<const OperationPlan>(plan);
    StepState step;
    step.state = state == RunState::Done ? StepState::State::Done : StepState::State::Pending;
    run.steps.fill(step, 3);
    run.progress = {};
    run.leftOpen = {};
    run.waitingFor.clear();
    DrillReport report;
    report.title = plan.title;
    report.cluster = run.cluster;
    report.way = DrillWay::DebugSleep;
    report.startedAt = run.startedAt;
    report.endedAt = 12000;
    report.over = state == RunState::Done;
    report.keysRemoved = report.over;
    report.observers = {QStringLiteral("10.0.1.11:6379"), QStringLiteral("10.0.1.12:6379")};
    using Kind = DrillEvent::Kind;
    const auto add = [&](Kind kind, qint64 at, const QString &name, const QString &by) {
        report.events.append({.kind = kind,
                              .shard = 1,
                              .at = at,
                              .since = at - (by.isEmpty() ? 0 : 100),
                              .node = {},
                              .name = name,
                              .by = by});
    };
    const QString former = primary.name, heir = QStringLiteral("10.0.1.21:6379"),
                  other = QStringLiteral("10.0.1.12:6379");
    add(Kind::Begun, 0, former, {});
    add(Kind::Suspected, 2770, former, other);
    add(Kind::Failed, 3570, former, other);
    add(Kind::Elected, 4570, heir, heir);
    add(Kind::Follows, 8010, former, former);
    add(Kind::HandingBack, 9200, former, {});
    add(Kind::Restored, 9300, former, other);
    report.lanes = {drillLane(1, false), drillLane(2, true)};
    report.offsets = {
        {.shard = 1, .former = former, .heir = heir, .formerOffset = 5000, .formerAt = -40, .heirOffset = 4872}};
    run.drill = std::make_shared<const DrillReport>(report);
    return run;
}

ClusterViewPtr foreignView()
{
    auto view = std::make_shared<ClusterView>(*healthy());
    view->indexById.clear();
    for (size_t i = 0; i < view->nodes.size(); ++i) {
        view->nodes[i].id[0] = 'x';
        view->nodes[i].name.prepend(u'x');
        view->indexById.insert(view->nodes[i].id, int(i));
    }
    return view;
}

QList<RunSnapshotPtr> runs(const ClusterView &view)
{
    RunSnapshot waiting = reshardRun(view, RunState::Running);
    waiting.waitingFor = u"the replicas of "_s + waiting.plan->moves.first().target.address;
    return {shared(waiting),
            shared(reshardRun(view, RunState::Interrupted, 50)),
            shared(reshardRun(view, RunState::Stopped, 70)),
            shared(reshardRun(view, RunState::Failed, 90)),
            shared(reshardRun(view, RunState::Done, 200)),
            other(view, Operation::Failover, u"Let 10.0.2.12:6379 take over from 10.0.1.12:6379"_s, 260),
            other(view, Operation::AddNode, u"Add 10.0.1.13:6379 as a replica of 10.0.1.11:6379"_s, 300),
            other(view, Operation::Rebalance, u"Rebalance 5 primaries by memory"_s, 1600),
            other(view, Operation::Backup, u"Back up 5 primaries into /var/backups/shop/2026-11-20"_s, 3000),
            other(view, Operation::Config, u"Set maxmemory-policy on 10 nodes"_s, 9000)};
}

} // namespace slotscope::samples
