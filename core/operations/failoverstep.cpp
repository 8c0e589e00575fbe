// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/tr.h"
#include "core/operations/steps.h"
#include "core/operations/waiting.h"

#include "core/base/errortext.h"
#include "core/base/text.h"

#include <QDateTime>
#include <QFileInfo>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int rolePollMs = 30; // a failover takes some 100 ms

constexpr qint64 shortestRestMs = 4000;
constexpr int promotionMs = 10000; // a server gives up after 5 s (Redis: fixed; Valkey 8.1: a setting)

/// "master" or "slave", and for a replica how its link is: ROLE.
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
        co_return failure(Error::Code::Parse, tr("ROLE of %1 is empty").arg(node.address));
    co_return Role{.role = items[0].bytes(), .link = items.size() > 3 ? items[3].bytes() : QByteArray(), .epoch = 0};
}

/// When one of these nodes last took part in a failover that this machine knows of; ms since 1970, 0: never.
qint64 lastFailover(const RunContext &context, const QList<QByteArray> &ids)
{
    qint64 last = 0;
    const auto look = [&](const RunSnapshot &run) {
        for (qsizetype i = 0; i < run.plan->steps.size() && i < run.steps.size(); ++i) {
            const PlanStep &step = run.plan->steps[i];
            const bool ours = step.kind == PlanStep::Kind::Failover
                && std::any_of(step.nodes.begin(), step.nodes.end(),
                               [&](const NodeRef &node) { return ids.contains(node.id); });
            if (ours && run.steps[i].state == StepState::State::Done) // one that failed left no votes
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

/// Redis 7 may count the votes of a replica's former election again, while no more than four node timeouts have passed:
/// the replica then calls itself primary without a newer epoch, and loses at once. So a shard rests between two.
QCoro::Task<Result<>> rest(std::shared_ptr<RunContext> context, NodeRef replica, NodeRef former)
{
    const auto reply = co_await RunContext::send(context, replica, commandOf("CONFIG", "GET", "cluster-node-timeout"));
    const Value *value = reply ? reply->find("cluster-node-timeout") : nullptr;
    const qint64 nodeTimeout = value ? toInteger(value->bytes()).value_or(defaultNodeTimeoutMs) : defaultNodeTimeoutMs;
    const qint64 last = lastFailover(*context, {replica.id, former.id});
    const qint64 due = last + std::max(shortestRestMs, 4 * nodeTimeout);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (last == 0 || due <= now)
        co_return Result<>();
    context->waitFor(tr("the votes of this shard's last failover, %1 ago, to expire").arg(duration(now - last)));
    if (!co_await RunContext::sleep(context, int(due - now)))
        co_return failure(Error::Code::Cancelled);
    context->waitFor({});
    co_return Result<>();
}

Error notPromoted(const NodeRef &node, const QString &mode, const QString &last)
{
    return {.code = Error::Code::Timeout,
            .detail =
                tr("it was not promoted within %1 s%2. %3")
                    .arg(promotionMs / 1000)
                    .arg(last.isEmpty() ? QString() : u" ("_s + last + u')',
                         mode.isEmpty() ? tr("Its primary may be frozen or too busy to hand over. Try again, or use "
                                             "FORCE where the primary is lost")
                             : mode == u"FORCE"
                             ? tr("A majority of the primaries must be reachable and vote for it; TAKEOVER needs no "
                                  "votes, and is the last resort")
                             : tr("Look at the node's log")),
            .serverPrefix = {},
            .node = node.address,
            .command = u"CLUSTER FAILOVER"_s};
}

} // namespace

QCoro::Task<Result<>> failOver(std::shared_ptr<RunContext> context, PlanStep step)
{
    const NodeRef replica = step.nodes.value(0);
    const auto before = co_await RunContext::look(context);
    if (!before)
        co_return failure(before.error());
    const NodeState *state = (*before)->node(replica.id);
    if (!state)
        co_return failure(Error::Code::NoRoute, tr("%1 is not in the cluster").arg(replica.address));
    if (state->primary) {
        context->note(tr("it is the primary already"));
        co_return Result<>();
    }
    const NodeState *old = (*before)->node(state->primaryId);
    if (const NodeRef planned = step.nodes.value(1);
        !planned.id.isEmpty() && primaryNow(**before, planned, {}).id != state->primaryId)
        co_return failure(Error{.code = Error::Code::Outdated,
                                .detail = tr("it is no replica of %1 any more").arg(planned.address),
                                .serverPrefix = {},
                                .node = replica.address,
                                .command = u"CLUSTER FAILOVER"_s});
    const NodeRef former{.id = state->primaryId, .address = old ? old->name : QString()};
    // who imports one of them hears nothing of its new owner (Redis)
    const SlotSet slotSet = old ? old->slots.subtracted(openIn(**before)) : SlotSet();
    Command command = commandOf("CLUSTER", "FAILOVER");
    if (!step.mode.isEmpty())
        command << step.mode.toLatin1();
    if (step.mode != u"TAKEOVER") { // which needs no votes
        const auto rested = co_await rest(context, replica, former);
        if (!rested)
            co_return failure(rested.error());
    }
    QElapsedTimer clock;
    clock.start();
    const auto sent = co_await RunContext::send(context, replica, command);
    if (!sent)
        co_return failure(sent.error());
    context->waitFor(tr("%1 to be promoted").arg(replica.address));
    QString last;
    for (const QDeadlineTimer deadline(promotionMs);;) { // OK meant only: scheduled
        const auto role = co_await roleOf(context, replica);
        if (role && role->role == "master")
            break;
        if (!role)
            last = describe(role.error());
        if (deadline.hasExpired())
            co_return failure(notPromoted(replica, step.mode, last));
        if (!co_await RunContext::sleep(context, rolePollMs))
            co_return failure(Error::Code::Cancelled);
    }
    context->log(tr("%1 is the primary after %2").arg(replica.address, duration(clock.elapsed())));
    // everybody must know it, the former primary must follow
    const QDeadlineTimer deadline(step.deadlineMs);
    PlanStep owned;
    owned.condition = PlanStep::Condition::Owned;
    owned.nodes = {replica};
    owned.slots = slotSet;
    PlanStep linked;
    linked.condition = PlanStep::Condition::LinksUp;
    linked.nodes = {former};
    PlanStep follows;
    follows.condition = PlanStep::Condition::ReplicaOf;
    follows.nodes = {former, replica};
    for (;;) {
        const auto looked = co_await RunContext::look(context);
        if (looked) {
            const NodeState *follower = (*looked)->node(former.id);
            const bool away = !follower || follower->reach.state != Reach::State::Ready;
            QString missing = missingFor(owned, **looked);
            if (missing.isEmpty() && !away)
                missing = missingFor(linked, **looked);
            if (missing.isEmpty() && !away)
                missing = missingFor(follows, **looked);
            if (missing.isEmpty()) {
                if (away)
                    context->log(tr("%1 does not answer; it will follow when it is back").arg(former.address), true);
                break;
            }
            const NodeState *promoted = (*looked)->node(replica.id);
            if (promoted && !promoted->primary && promoted->primaryId == former.id)
                missing = tr("%1 has become a replica of %2 again: another claim had a newer epoch")
                              .arg(replica.address, former.address);
            context->waitFor(missing);
            last = missing;
        }
        if (deadline.hasExpired())
            co_return failure(Error{.code = Error::Code::Timeout,
                                    .detail = tr("%1 is the primary, but: %2").arg(replica.address, last),
                                    .serverPrefix = {},
                                    .node = replica.address,
                                    .command = u"CLUSTER FAILOVER"_s});
        if (!co_await RunContext::sleep(context, rolePollMs))
            co_return failure(Error::Code::Cancelled);
    }
    context->waitFor({});
    context->note(tr("primary, and verified on all nodes after %1").arg(duration(clock.elapsed())));
    co_return Result<>();
}

} // namespace slotscope
