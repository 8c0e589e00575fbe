// SPDX-License-Identifier: GPL-3.0-or-later
// What a drill will do, and what is likely to happen.
#include "core/base/tr.h"
#include "core/drill/drillforecast.h"
#include "core/operations/planners/failoverchecks.h"

#include "core/base/text.h"

#include <QRandomGenerator>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Verdict = PlanCheck::Verdict;
constexpr qsizetype mostObservers = 12;

/// Plans one drill.
class DrillPlanner
{
    Q_DISABLE_COPY_MOVE(DrillPlanner)
public:
    DrillPlanner(PlanDraft &planDraft, const DrillSpec &wanted)
        : draft(planDraft)
        , view(planDraft.view)
        , spec(withTime(wanted, planDraft.nodeTimeoutMs()))
        , forecast(forecastOf(view, spec, planDraft.nodeTimeoutMs()))
        , isAway(spec.way == DrillWay::DebugSleep || spec.way == DrillWay::OwnCommand)
        , endsEarly(isAway && wanted.milliseconds == 0)
    { }
    void plan();

private:
    [[nodiscard]] const NodeState &node(int index) const { return view.nodes[size_t(index)]; }
    [[nodiscard]] QString nodesText() const;
    [[nodiscard]] QString shardsText() const;
    [[nodiscard]] DrillPlan drillPlan() const;
    bool checkTargets();
    void checkShards();
    void checkQuorum();
    void checkWay();
    void checkCommands();
    void checkTimes();
    void checkCoverage();
    void tellForecast();
    void addSteps(const DrillPlan &drill);
    void addAway(const DrillPlan &drill);

    PlanDraft &draft;
    const ClusterView &view;
    DrillSpec spec;
    DrillForecast forecast;
    bool isAway; ///< the targets stop using the cluster bus, too
    bool endsEarly; ///< no duration was given
};

QString DrillPlanner::nodesText() const
{
    PlanDraft::Nodes list;
    for (const int index : forecast.nodes)
        list.append(&node(index));
    return namesOf(list);
}

QString DrillPlanner::shardsText() const
{
    QStringList list;
    for (const DrillForecast::Shard &shard : forecast.shards)
        list.append(QString::number(view.shards[size_t(shard.shard)].number));
    return list.join(u", "_s);
}

bool DrillPlanner::checkTargets()
{
    if (!forecast.unknown.isEmpty()) {
        draft.refuse(forecast.unknown, tr("Choose a shard, or a host with nodes of this cluster."));
        return false;
    }
    if (forecast.shards.isEmpty()) {
        draft.refuse(tr("No primary with slots is affected"), tr("There would be nothing to measure."));
        return false;
    }
    for (const int index : std::as_const(forecast.nodes))
        if (!PlanDraft::alive(node(index))) {
            draft.refuse(tr("%1 does not answer").arg(node(index).name), tr("Before a drill, the cluster must be ok."));
            return false;
        }
    return true;
}

/// Determines for each shard which replica takes over.
void DrillPlanner::checkShards()
{
    for (const DrillForecast::Shard &one : std::as_const(forecast.shards)) {
        const ShardState &shard = view.shards[size_t(one.shard)];
        const NodeState &primary = node(one.primary);
        if (spec.way == DrillWay::Pause)
            continue;
        if (one.heir < 0) {
            const QString title = tr("No replica can take over shard %1").arg(shard.number);
            const QString slotWords = slotsText(shard.slots.count());
            if (spec.way == DrillWay::DebugSleep)
                draft.warn(title, tr("Its %1 are not served until %2 is back.").arg(slotWords, primary.name));
            else
                draft.refuse(
                    title,
                    spec.way == DrillWay::OwnCommand
                        ? tr("Its %1 would not be served, and writes that %2 has not saved would be lost. Add a "
                             "replica first.")
                              .arg(slotWords, primary.name)
                        : tr("A graceful failover needs a replica that answers and whose replication link is up."));
            continue;
        }
        const NodeState &heir = node(one.heir);
        if (spec.way == DrillWay::Failover)
            FailoverChecks(draft, heir, primary, FailoverRequest::Mode::Graceful).all();
        else
            draft.pass(tr("Shard %1: %2 is likely to take over").arg(QString::number(shard.number), heir.name),
                       one.replicasLeft > 1
                           ? tr("It lags least of the %1 remaining replicas; the servers decide which one is elected.")
                                 .arg(one.replicasLeft)
                           : tr("It is the only remaining replica."));
        if (one.replicasLeft == 1 && isAway)
            draft.warn(tr("Shard %1 has no replica while %2 is away").arg(QString::number(shard.number), primary.name),
                       tr("If %1 fails during that time, its slots are not served.").arg(heir.name));
    }
}

void DrillPlanner::checkQuorum()
{
    if (!isAway)
        return;
    const QString words = tr("%1 of %2 primaries with slots remain").arg(forecast.votersLeft).arg(forecast.voters);
    if (forecast.hasQuorum())
        draft.pass(tr("A majority can vote: %1").arg(words));
    else
        draft.refuse(tr("Without a majority no replica is elected: only %1").arg(words),
                     tr("The whole cluster would stop serving until the nodes are back. Choose one shard, or a host "
                        "with fewer primaries."));
}

void DrillPlanner::checkTimes()
{
    if (!isAway || forecast.electsByItself || !forecast.hasQuorum())
        return;
    if (forecast.mayElect) {
        draft.warn(
            tr("A replica may or may not take over within %1").arg(duration(spec.milliseconds)),
            tr("With a node timeout of %1, a node is marked as failed after %1 to %2; then the election follows.")
                .arg(duration(forecast.nodeTimeoutMs), duration(forecast.nodeTimeoutMs * 3 / 2)));
        return;
    }
    const bool tooShort = spec.milliseconds < forecast.nodeTimeoutMs;
    if (!tooShort)
        return;
    const QString title = tr("%1 is shorter than the node timeout of %2")
                              .arg(duration(spec.milliseconds), duration(forecast.nodeTimeoutMs));
    if (spec.way == DrillWay::OwnCommand)
        draft.refuse(title,
                     tr("The server would be started before a replica has taken over. Without persistence it would "
                        "come back empty, and its replicas would copy that. Choose a longer time."));
    else
        draft.warn(title, tr("No replica takes over; clients wait until the pause is over."));
}

void DrillPlanner::checkWay()
{
    switch (spec.way) {
    case DrillWay::Failover: return;
    case DrillWay::Pause:
        draft.warn(tr("No replica will take over"),
                   tr("CLIENT PAUSE delays clients, not the cluster bus: the other nodes notice nothing. This "
                      "rehearses clients that wait. The pause cannot be ended early: CLIENT UNPAUSE is delayed too."));
        return;
    case DrillWay::OwnCommand: checkCommands(); return;
    case DrillWay::DebugSleep: break;
    }
    for (const int index : std::as_const(forecast.nodes)) {
        const NodeState &one = node(index);
        const QByteArray allowed = draft.facts.config.value(one.id).value("enable-debug-command");
        const QString host = hostOfAddress(one.name);
        const bool isLocal =
            host.startsWith(u"127.") || host == u"::1" || host == u"localhost" || one.name.startsWith(u'/');
        if (allowed == "no")
            draft.refuse(
                tr("%1 does not permit DEBUG").arg(one.name),
                tr("Its enable-debug-command is no; change it in the configuration file and restart the server."));
        else if (allowed == "local" && !isLocal)
            draft.warn(tr("%1 permits DEBUG only from its own machine").arg(one.name),
                       tr("If Slotscope runs on another machine, the server refuses, and nothing happens."));
        else if (allowed.isEmpty())
            draft.warn(tr("It is not known whether %1 permits DEBUG").arg(one.name),
                       tr("The server did not report enable-debug-command, which exists since version 7.0."));
        else
            draft.pass(tr("%1 permits DEBUG").arg(one.name));
    }
}

/// Checks the user's commands as they will be run.
void DrillPlanner::checkCommands()
{
    for (const QStringList &words : {spec.stop, spec.start})
        if (const QString word = secretLikeWord(words); !word.isEmpty()) {
            draft.refuse(tr("A command seems to contain a password (%1)").arg(word),
                         tr("It would be visible in the journal and in the process list. Put it into a script or a "
                            "file that only you can read."));
            return; // do not show the command line
        }
    if (spec.stop.isEmpty() || spec.start.isEmpty()) {
        draft.refuse(tr("Two commands are needed: one that stops the server, one that starts it again"),
                     tr("{host}, {port} and {id} are replaced by those of the node. No shell is used."));
        return;
    }
    for (const QStringList &words : {spec.stop, spec.start})
        if (!isLocalProgram(words))
            draft.refuse(tr("Program “%1” not found on this computer").arg(words.constFirst()),
                         tr("A command begins with the name of a program on this computer; no shell is used."));
    for (const int index : std::as_const(forecast.nodes)) {
        const NodeState &one = node(index);
        const auto stop = localCommandFor(spec.stop, one.name, one.id);
        const auto start = localCommandFor(spec.start, one.name, one.id);
        if (!stop || !start) {
            draft.refuse(tr("The commands cannot be built for %1").arg(one.name),
                         stop ? start.error().detail : stop.error().detail);
            continue;
        }
        draft.warn(
            tr("Runs on this computer, as your user, to stop %1: %2").arg(one.name, localLine(*stop)),
            tr("To start it again after a replica has taken over, even if the drill is stopped or fails: %1. The first "
               "command must end within %2, the second may keep running as the server; no shell is used.")
                .arg(localLine(*start), duration(localCommandMs)));
    }
}

/// If full coverage is required, one shard that nobody serves makes the others stop, too.
void DrillPlanner::checkCoverage()
{
    const bool uncovered = isAway
        && (forecast.electsByItself || forecast.mayElect
            || (spec.milliseconds > forecast.nodeTimeoutMs
                && std::any_of(forecast.shards.cbegin(), forecast.shards.cend(),
                               [](const DrillForecast::Shard &shard) { return !shard.isTakenOver(); })));
    const bool required = std::any_of(
        draft.facts.view->observations.cbegin(), draft.facts.view->observations.cend(),
        [](const NodeObservation &one) { return one.settings.value("cluster-require-full-coverage") == "yes"; });
    if (uncovered && required)
        draft.warn(tr("The other shards stop serving too while this shard is not served"),
                   tr("cluster-require-full-coverage is yes: from the moment when the primary is marked as failed "
                      "until a replica is elected, every node replies CLUSTERDOWN."));
}

void DrillPlanner::tellForecast()
{
    SlotSet concerned;
    for (const DrillForecast::Shard &one : std::as_const(forecast.shards))
        concerned = concerned.united(view.shards[size_t(one.shard)].slots);
    const QString what = tr("%1 of shard %2").arg(slotsText(concerned.count()), shardsText());
    QString text;
    if (spec.way == DrillWay::Failover)
        text = tr("Forecast: writes to %1 are delayed for a moment, usually less than a second.").arg(what);
    else if (forecast.electsByItself)
        text = tr("Forecast: %1 are not served for about %2 to %3 (node timeout %4, then an election).")
                   .arg(what, duration(forecast.leastMs), duration(forecast.mostMs), duration(forecast.nodeTimeoutMs));
    else
        text = tr("Forecast: %1 are not served for about %2.").arg(what, duration(spec.milliseconds));
    draft.plan.notes.append(text);
    draft.plan.notes.append(
        tr("A probe writes 50 small keys per second to each of these shards and, for comparison, to one other shard, "
           "reads them, and deletes them at the end; they expire after an hour in any case."));
    draft.plan.notes.append(
        tr("Times are as exact as the polling interval: ten times per second, with up to 100 nodes."));
    if (isAway)
        draft.plan.dataLoss.append(
            tr("Client writes to %1 that have not been sent to a replica when it becomes unavailable are lost.")
                .arg(nodesText()));
}

DrillPlan DrillPlanner::drillPlan() const
{
    DrillPlan drill;
    drill.spec = spec;
    drill.failsOver = spec.way == DrillWay::Failover || forecast.electsByItself;
    drill.endsEarly = endsEarly;
    drill.nodeTimeoutMs = forecast.nodeTimeoutMs;
    drill.deadlineMs = int(std::max<qint64>(spec.milliseconds, forecast.mostMs + forecast.nodeTimeoutMs + 10000));
    for (const int index : forecast.nodes) {
        const NodeState &one = node(index);
        DrillTarget target{.id = one.id,
                           .name = one.name,
                           .primary = one.primary,
                           .shard = one.shard >= 0 ? view.shards[size_t(one.shard)].number : 0,
                           .heir = {},
                           .heirName = {},
                           .slot = one.slots.isEmpty() ? -1 : int(one.slots.ranges().front().first)};
        for (const DrillForecast::Shard &shard : forecast.shards)
            if (shard.primary == index && shard.heir >= 0) {
                target.heir = node(shard.heir).id;
                target.heirName = node(shard.heir).name;
            }
        drill.targets.append(target);
    }
    if (spec.back || spec.way == DrillWay::Pause)
        for (const NodeState &one : view.nodes)
            drill.before.append({.id = one.id,
                                 .name = one.name,
                                 .primaryId = one.primary ? QByteArray() : one.primaryId,
                                 .slotRanges = one.slots.toString()});
    const QByteArray salt = QByteArray::number(QRandomGenerator::global()->generate(), 36) + '-';
    drill.lanes = lanesFor(view, forecast, salt);
    const auto observe = [&drill](const NodeState &one) {
        if (PlanDraft::alive(one) && drill.observers.size() < mostObservers)
            drill.observers.insert(one.id, one.name);
    };
    for (const DrillForecast::Shard &shard : forecast.shards) {
        observe(node(shard.primary));
        for (const int replica : view.shards[size_t(shard.shard)].replicas)
            observe(node(replica));
    }
    for (const int index : forecast.nodes)
        observe(node(index));
    for (const NodeState &one : view.nodes)
        if (one.primary && !one.slots.isEmpty())
            observe(one);
    return drill;
}

void DrillPlanner::addAway(const DrillPlan &drill)
{
    const QString nodes = nodesText();
    const QString title = spec.way == DrillWay::Failover ? tr("Measure while a replica takes over from %1").arg(nodes)
        : spec.way == DrillWay::Pause
        ? tr("Measure while %1 delays its clients for %2").arg(nodes, duration(spec.milliseconds))
        : spec.way == DrillWay::DebugSleep
        ? tr("Measure while %1 stalls for %2").arg(nodes, duration(spec.milliseconds))
        : tr("Measure while %1 is stopped, for at most %2").arg(nodes, duration(drill.deadlineMs));
    PlanStep &away = draft.step(PlanStep::Kind::Drill, title);
    away.mode = u"away"_s;
    away.deadlineMs = drill.deadlineMs;
    for (const DrillLane &lane : drill.lanes)
        away.nodes.append({.id = lane.primary, .address = lane.primaryName});
    for (const DrillTarget &target : drill.targets) {
        const NodeRef there{.id = target.id, .address = target.name};
        if (spec.way == DrillWay::Failover)
            away.commands.append({{.id = target.heir, .address = target.heirName}, commandOf("CLUSTER", "FAILOVER")});
        else if (spec.way == DrillWay::Pause)
            away.commands.append({there, commandOf("CLIENT", "PAUSE", QByteArray::number(spec.milliseconds), "ALL")});
        else if (spec.way == DrillWay::DebugSleep)
            away.commands.append({there, commandOf("DEBUG", "SLEEP", QByteArray::number(spec.milliseconds / 1000.0))});
    }
    away.risk = spec.way == DrillWay::Pause ? tr("The pause cannot be ended early.")
        : isAway ? tr("The nodes are really unavailable. If the election does not succeed, the slots are not served "
                      "until they are back.")
                 : QString();
}

void DrillPlanner::addSteps(const DrillPlan &drill)
{
    addAway(drill);
    QList<NodeRef> nodes, primaries;
    for (const DrillTarget &target : drill.targets) {
        nodes.append({.id = target.id, .address = target.name});
        if (target.primary)
            primaries.append(nodes.constLast());
    }
    PlanStep &back =
        draft.step(PlanStep::Kind::Drill,
                   spec.way == DrillWay::OwnCommand ? tr("Start %1 again if it does not answer").arg(nodesText())
                                                    : tr("Wait until %1 answers").arg(nodesText()));
    back.mode = u"return"_s;
    back.nodes = nodes;
    // nobody can end a pause or a sleep early
    const qint64 patience = 60000 + 2 * draft.nodeTimeoutMs() + spec.milliseconds;
    back.deadlineMs = int(patience);
    PlanStep &settle =
        draft.step(PlanStep::Kind::Drill, tr("Wait until every node agrees and the replication links are up"));
    settle.mode = u"settle"_s;
    settle.nodes = nodes;
    settle.deadlineMs = int(patience);
    if (spec.back && spec.way != DrillWay::Pause)
        for (const NodeRef &one : std::as_const(primaries)) {
            PlanStep &failover =
                draft.step(PlanStep::Kind::Failover, tr("%1 becomes the primary again").arg(one.address));
            failover.nodes = {one};
            failover.deadlineMs = int(10000 + 2 * draft.nodeTimeoutMs());
            draft.plan.verifies.append(tr("%1 is the primary, as before").arg(one.address));
        }
    PlanStep &end = draft.step(PlanStep::Kind::Drill, tr("Check every acknowledged write and delete the probe's keys"));
    end.mode = u"end"_s;
    end.nodes = draft.plan.steps.constFirst().nodes;
    draft.plan.verifies.append(tr("every write of the probe that the replicas had acknowledged still exists"));
}

void DrillPlanner::plan()
{
    draft.plan.title = spec.host.isEmpty() ? tr("Drill: %1 becomes unavailable").arg(nodesText())
                                           : tr("Drill: host %1 becomes unavailable").arg(spec.host);
    if (spec.way == DrillWay::Failover)
        draft.plan.title = tr("Drill: a replica takes over from %1").arg(nodesText());
    if (spec.way == DrillWay::Pause)
        draft.plan.title = tr("Drill: clients of %1 wait").arg(nodesText());
    if (!checkTargets())
        return;
    draft.checkWhole(Verdict::Refuse);
    checkShards();
    checkQuorum();
    checkTimes();
    checkCoverage();
    checkWay();
    if (draft.plan.isRefused())
        return;
    const DrillPlan drill = drillPlan();
    tellForecast();
    QStringList unmeasured;
    for (const DrillForecast::Shard &shard : std::as_const(forecast.shards)) {
        const int number = view.shards[size_t(shard.shard)].number;
        if (std::none_of(drill.lanes.cbegin(), drill.lanes.cend(),
                         [number](const DrillLane &lane) { return lane.shard == number; }))
            unmeasured.append(QString::number(number));
    }
    if (!unmeasured.isEmpty())
        draft.plan.notes.append(tr("Not measured, because the probe writes to at most eight shards: shard %1.")
                                    .arg(unmeasured.join(u", "_s)));
    addSteps(drill);
    draft.plan.results.drill = drill;
    draft.plan.estimate.milliseconds = forecast.electsByItself || spec.way != DrillWay::Failover
        ? std::max<qint64>(spec.milliseconds, forecast.mostMs) + 10000
        : 10000;
}

} // namespace

Result<OperationPlan> planDrill(const DrillRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Drill);
    DrillPlanner(draft, request.spec).plan();
    return draft.plan;
}

} // namespace slotscope
