// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/steps.h"
#include "core/operations/waiting.h"

#include "core/base/errortext.h"
#include "core/base/text.h"

#include <QCoreApplication>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int pollMs = 30; // a failover takes some 100 ms
constexpr int promotionMs = 10000; // a server gives up after 5 s (Redis: fixed; Valkey 8.1: a setting)

QString tr(const char *text)
{
    return QCoreApplication::translate("slotscope::Failover", text);
}

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

Error notPromoted(const NodeRef &node, const QString &mode, const QString &last)
{
    return {.code = Error::Code::Timeout,
            .detail =
                tr("it was not promoted within %1 s%2. %3")
                    .arg(promotionMs / 1000)
                    .arg(last.isEmpty() ? QString() : u" ("_s + last + u')',
                         mode.isEmpty() ? tr("Its primary may be frozen or too busy to hand over; nothing has changed. "
                                             "Try again, or use FORCE where the primary is lost")
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
    const NodeRef former{.id = state->primaryId, .address = old ? old->name : QString()};
    const SlotSet slotSet = old ? old->slots : SlotSet();
    Command command = commandOf("CLUSTER", "FAILOVER");
    if (!step.mode.isEmpty())
        command << step.mode.toLatin1();
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
        if (!co_await RunContext::sleep(context, pollMs))
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
            context->waitFor(missing);
            last = missing;
        }
        if (deadline.hasExpired())
            co_return failure(Error{.code = Error::Code::Timeout,
                                    .detail = tr("%1 is the primary, but: %2").arg(replica.address, last),
                                    .serverPrefix = {},
                                    .node = replica.address,
                                    .command = u"CLUSTER FAILOVER"_s});
        if (!co_await RunContext::sleep(context, pollMs))
            co_return failure(Error::Code::Cancelled);
    }
    context->waitFor({});
    context->note(tr("primary, and verified on all nodes after %1").arg(duration(clock.elapsed())));
    co_return Result<>();
}

} // namespace slotscope
