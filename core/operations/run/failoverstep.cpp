// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/tr.h"
#include "core/operations/facts/facts.h"
#include "core/operations/run/steps.h"
#include "core/operations/facts/waiting.h"

#include "core/base/errortext.h"
#include "core/base/text.h"

#include <QDateTime>
#include <QFileInfo>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int rolePollMs = 30; // a failover takes about 100 ms

constexpr qint64 shortestRestMs = 4000;
constexpr int promotionMs = 10000;
constexpr int serverPatienceMs =
    5000; // after this time, a server gives up a graceful failover (Redis: fixed; Valkey 8.1: a setting)
constexpr int givenUpMs = 2000; // additional time by which it has surely given up

/// The reply to ROLE: "master" or "slave", and for a replica the state of its link.
struct Role
{
    QByteArray role, link;
    qint64 epoch = 0;
};

QCoro::Task<Result<Role>> roleOf(std::shared_ptr<RunContext> context, NodeRef node)
{
    const auto reply = co_await RunContext::send(context, node, commandOf("ROLE"), 2000);
    if (!reply)
        co_return failure(reply.error());
    const Value::List &items = reply->items();
    if (items.empty())
        co_return failure(Error::Code::Parse, tr("the reply of %1 to ROLE is empty").arg(node.address));
    co_return Role{.role = items[0].bytes(), .link = items.size() > 3 ? items[3].bytes() : QByteArray(), .epoch = 0};
}

/// Time of the last failover known on this computer that involved one of these nodes, in ms since 1970; 0: none.
qint64 lastFailover(const RunContext &context, const QList<QByteArray> &ids)
{
    qint64 last = 0;
    const auto look = [&](const RunSnapshot &run) {
        for (qsizetype i = 0; i < run.plan->steps.size() && i < run.steps.size(); ++i) {
            const PlanStep &step = run.plan->steps[i];
            const bool ofDrill = step.kind == PlanStep::Kind::Drill && step.mode == u"away" && run.plan->results.drill
                && run.plan->results.drill->spec.way == DrillWay::Failover;
            const bool names = std::any_of(step.nodes.begin(), step.nodes.end(),
                                           [&](const NodeRef &node) { return ids.contains(node.id); });
            const bool ours = names && (ofDrill || step.kind == PlanStep::Kind::Failover);
            if (ours && (ofDrill || run.steps[i].state == StepState::State::Done)) // a failed one left no votes behind
                last = std::max(last, run.steps[i].endedAt);
        }
    };
    look(context.state);
    constexpr int recent = 20;
    const QList<RunSnapshot> runs = Journal::readAll(QFileInfo(context.journal.path()).path(), nullptr, recent);
    for (const RunSnapshot &run : runs)
        look(run);
    return last;
}

/// Waits before another failover of the same shard. Within four node timeouts, Redis 7 may count the votes of a
/// replica's earlier election again. The replica then becomes primary without a newer epoch, and immediately loses the
/// role.
QCoro::Task<Result<>> rest(std::shared_ptr<RunContext> context, NodeRef replica, NodeRef former)
{
    const auto reply = co_await RunContext::send(context, replica, commandOf("CONFIG", "GET", "cluster-node-timeout"));
    const Value *value = reply ? reply->find("cluster-node-timeout") : nullptr;
    const qint64 nodeTimeout = value ? toInteger(value->bytes()).value_or(defaultNodeTimeoutMs) : defaultNodeTimeoutMs;
    const qint64 last = lastFailover(*context, {replica.id, former.id});
    const qint64 restMs = std::max(shortestRestMs, 4 * nodeTimeout);
    // Uses the wall clock, because the time comes from the journal, perhaps of an earlier process. If the clock was set
    // back since, the wait is limited to one full interval.
    const qint64 ago = std::max<qint64>(0, QDateTime::currentMSecsSinceEpoch() - last);
    if (last == 0 || ago >= restMs)
        co_return Result<>();
    context->waitFor(tr("the votes of this shard's last failover (%1 ago) to expire").arg(duration(ago)));
    if (!co_await RunContext::sleep(context, int(restMs - ago)))
        co_return failure(Error::Code::Cancelled);
    context->waitFor({});
    co_return Result<>();
}

Error notReached(const NodeRef &node, const QString &text)
{
    return {.code = Error::Code::NotReached,
            .detail = text,
            .serverPrefix = {},
            .node = node.address,
            .command = u"CLUSTER FAILOVER"_s};
}

/// Advice for the case that a replica was not promoted.
QString adviceFor(const QString &mode)
{
    return mode.isEmpty()  ? tr("Nothing has changed. The primary may be frozen, or may take writes faster than the "
                                 "replica applies them. Try again under less load, or use FORCE if the primary is lost")
        : mode == u"FORCE" ? tr("A majority of the primaries must be reachable and vote for the replica; TAKEOVER "
                                "needs no votes and is the last resort")
                           : tr("Read the log of the node");
}

/// One replica takes over from its primary.
struct Succession
{
    NodeRef replica, former;
    QString mode; ///< "" (graceful), "FORCE" or "TAKEOVER"
    SlotSet slotSet; ///< slots for which every node must report the new owner
    int deadlineMs = 0;
};

/// Describes for the log how far the replica is behind; empty if unknown.
QCoro::Task<QString> lagText(std::shared_ptr<RunContext> context, NodeRef replica)
{
    const auto looked = co_await RunContext::look(context);
    const NodeState *state = looked ? (*looked)->node(replica.id) : nullptr;
    if (state && state->info && !state->info->primaryLinkUp.value_or(true))
        co_return tr(": the replication link of %1 is down").arg(replica.address);
    co_return state && state->lagBytes ? tr(": %1 is %2 behind").arg(replica.address, byteSize(*state->lagBytes))
                                       : QString();
}

/// Sends CLUSTER FAILOVER and waits, because OK means only that it is scheduled. Returns false if the replica was not
/// promoted in time.
QCoro::Task<Result<bool>> promote(std::shared_ptr<RunContext> context, Succession shard, int patienceMs)
{
    Command command = commandOf("CLUSTER", "FAILOVER");
    if (!shard.mode.isEmpty())
        command << shard.mode.toLatin1();
    context->failoverSent(shard.replica);
    const auto sent = co_await RunContext::send(context, shard.replica, command);
    if (!sent)
        co_return failure(sent.error());
    context->log(u"%1: %2 → OK"_s.arg(shard.replica.address, QString::fromLatin1(command.join(' '))));
    context->waitFor(tr("%1 to be promoted").arg(shard.replica.address));
    for (const QDeadlineTimer deadline(patienceMs);;) {
        const auto role = co_await roleOf(context, shard.replica);
        if (role && role->role == "master")
            co_return true;
        if (deadline.hasExpired() && !role)
            co_return failure(role.error());
        if (deadline.hasExpired())
            co_return false;
        if (!co_await RunContext::sleep(context, rolePollMs))
            co_return failure(Error::Code::Cancelled);
    }
}

QCoro::Task<int> serverPatience(std::shared_ptr<RunContext> context, NodeRef node)
{
    const QByteArray name = "cluster-manual-failover-timeout";
    const auto reply = co_await RunContext::send(context, node, commandOf("CONFIG", "GET", name));
    const Value *value = reply ? reply->find(name) : nullptr;
    co_return int(value ? toInteger(value->bytes()).value_or(serverPatienceMs) : serverPatienceMs);
}

/// Runs a failover and retries a graceful one once. The server gives it up if the replica does not catch up in time,
/// and the primary continues. The retry starts when the clients' pause, which lasts twice as long, is surely over.
QCoro::Task<Result<>> promoteWithPatience(std::shared_ptr<RunContext> context, Succession shard)
{
    const bool graceful = shard.mode.isEmpty();
    const int patienceMs = co_await serverPatience(context, shard.replica);
    const int mostMs = graceful ? patienceMs + givenUpMs : promotionMs;
    auto promoted = co_await promote(context, shard, mostMs);
    if (!promoted)
        co_return failure(promoted.error());
    if (!*promoted && graceful) {
        const QString why = co_await lagText(context, shard.replica);
        context->log(tr("%1 was not promoted: the servers aborted the failover after %2%3; the next and last attempt "
                        "follows in %2")
                         .arg(shard.replica.address, duration(patienceMs), why),
                     true);
        context->waitFor(tr("the write pause of the aborted failover to end"));
        if (!co_await RunContext::sleep(context, patienceMs))
            co_return failure(Error::Code::Cancelled);
        promoted = co_await promote(context, shard, mostMs);
        if (!promoted)
            co_return failure(promoted.error());
    }
    if (*promoted)
        co_return Result<>();
    const QString why = co_await lagText(context, shard.replica);
    co_return failure(notReached(
        shard.replica,
        tr("it was not promoted within %1%2%3. %4")
            .arg(duration(mostMs), graceful ? tr(", in both attempts") : QString(), why, adviceFor(shard.mode))));
}

/// Returns what is still missing after the promotion; empty if nothing. `away`: the old primary does not answer.
QString missingAfter(const Succession &shard, const ClusterView &view, bool away)
{
    PlanStep owned, linked, follows;
    owned.condition = PlanStep::Condition::Owned;
    owned.nodes = {shard.replica};
    owned.slots = shard.slotSet;
    linked.condition = PlanStep::Condition::LinksUp;
    linked.nodes = {shard.former};
    follows.condition = PlanStep::Condition::ReplicaOf;
    follows.nodes = {shard.former, shard.replica};
    const NodeState *promoted = view.node(shard.replica.id);
    if (promoted && !promoted->primary && promoted->primaryId == shard.former.id)
        return tr("%1 is a replica of %2 again: another node claimed the slots with a newer epoch")
            .arg(shard.replica.address, shard.former.address);
    QString missing = missingFor(owned, view);
    if (missing.isEmpty() && !away)
        missing = missingFor(follows, view);
    return missing.isEmpty() && !away ? missingFor(linked, view) : missing;
}

/// Waits until all nodes know the new primary and the old one replicates it.
QCoro::Task<Result<>> settle(std::shared_ptr<RunContext> context, Succession shard)
{
    QString last;
    bool follows = false;
    for (const QDeadlineTimer deadline(shard.deadlineMs);;) {
        const auto looked = co_await RunContext::look(context);
        if (looked) {
            const NodeState *follower = (*looked)->node(shard.former.id);
            const bool away = !follower || follower->reach.state != Reach::State::Ready;
            follows = follower && follower->primaryId == shard.replica.id;
            last = missingAfter(shard, **looked, away);
            if (last.isEmpty() && away)
                context->log(
                    tr("%1 does not answer; it will become a replica when it is back").arg(shard.former.address), true);
            if (last.isEmpty())
                co_return Result<>();
            context->waitFor(last);
        }
        if (deadline.hasExpired())
            break;
        if (!co_await RunContext::sleep(context, rolePollMs))
            co_return failure(Error::Code::Cancelled);
    }
    QString why;
    if (follows)
        why = co_await whyNotLinked(context, shard.former, shard.replica);
    co_return failure(notReached(shard.replica,
                                 tr("%1 is the primary now, but: %2%3")
                                     .arg(shard.replica.address, last, why.isEmpty() ? QString() : u". "_s + why)));
}

/// Returns an error text if the primary that a drill took away has come back as a replica of another shard: it may be
/// promoted only in the shard with its own slots. Empty if it may be.
QString notOfItsShard(const RunSnapshot &run, const ClusterView &view, const NodeState &replica)
{
    if (!run.plan->results.drill || run.plan->operation != Operation::Drill)
        return {};
    const DrillPlan &drill = *run.plan->results.drill;
    for (const DrillTarget &target : drill.targets) {
        const int slot = drill.slotOf(target);
        if (target.id != replica.id || slot < 0)
            continue;
        const int owner = view.owner[size_t(slot)];
        const QByteArray serves = owner >= 0 ? view.nodes[size_t(owner)].id : QByteArray();
        const QByteArray leads = replica.primary ? replica.id : replica.primaryId;
        if (serves == leads)
            return {};
        const QString who = owner >= 0 ? view.nodes[size_t(owner)].name : tr("no node");
        return replica.primary ? tr("it is a primary, but %1 serves its slots").arg(who)
                               : tr("it is now a replica in another shard; %1 serves the slots that it had. Make it a "
                                    "replica of that node (CLUSTER REPLICATE), then resume")
                                     .arg(who);
    }
    return {};
}

} // namespace

QCoro::Task<Result<>> failOver(std::shared_ptr<RunContext> context, PlanStep step)
{
    Succession shard{
        .replica = step.nodes.value(0), .former = {}, .mode = step.mode, .slotSet = {}, .deadlineMs = step.deadlineMs};
    const auto before = co_await RunContext::look(context);
    if (!before)
        co_return failure(before.error());
    const NodeState *state = (*before)->node(shard.replica.id);
    if (!state)
        co_return failure(Error::Code::NoRoute, tr("%1 is not in the cluster").arg(shard.replica.address));
    if (const QString why = notOfItsShard(context->state, **before, *state); !why.isEmpty())
        co_return failure(Error{.code = Error::Code::Outdated,
                                .detail = why,
                                .serverPrefix = {},
                                .node = shard.replica.address,
                                .command = u"CLUSTER FAILOVER"_s});
    if (state->primary) {
        context->note(tr("the node is already the primary"));
        co_return Result<>();
    }
    const NodeState *old = (*before)->node(state->primaryId);
    if (const NodeRef planned = step.nodes.value(1);
        !planned.id.isEmpty() && primaryNow(**before, planned, {}).id != state->primaryId)
        co_return failure(Error{.code = Error::Code::Outdated,
                                .detail = tr("the node is no longer a replica of %1").arg(planned.address),
                                .serverPrefix = {},
                                .node = shard.replica.address,
                                .command = u"CLUSTER FAILOVER"_s});
    shard.former = {.id = state->primaryId, .address = old ? old->name : QString()};
    // without open slots, because a node that is importing one does not learn of its new owner (Redis)
    shard.slotSet = old ? old->slots.subtracted(openIn(**before)) : SlotSet();
    if (step.mode != u"TAKEOVER") { // TAKEOVER needs no votes
        const auto rested = co_await rest(context, shard.replica, shard.former);
        if (!rested)
            co_return failure(rested.error());
    }
    QElapsedTimer clock;
    clock.start();
    const auto promoted = co_await promoteWithPatience(context, shard);
    if (!promoted)
        co_return failure(promoted.error());
    context->log(tr("%1 became the primary after %2").arg(shard.replica.address, duration(clock.elapsed())));
    const auto settled = co_await settle(context, shard);
    if (!settled)
        co_return failure(settled.error());
    context->waitFor({});
    context->note(tr("the node is the primary, confirmed by all nodes after %1").arg(duration(clock.elapsed())));
    co_return Result<>();
}

} // namespace slotscope
