// SPDX-License-Identifier: GPL-3.0-or-later
// A group of slots on its way from one node to another: opened, waited for, handed over.
#include "core/operations/planners/outsidechecks.h"
#include "core/operations/migration/slotgroup.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int replicaDeadlineMs = 15000;
constexpr int replicaPollMs = 5;
constexpr int handOverTries = 40;
constexpr int epochDeadlineMs = 10000;
constexpr int epochPollMs = 20;
constexpr int handOverPauseMs = 250;
constexpr int replicaAnswerMs = 1000; // timeout after a slot was handed over
constexpr int takingAnswerMs = 10000;
constexpr int claimsDeadlineMs = 1000; // a server sends a MEET within 100 ms
constexpr int claimsPollMs = 10;
constexpr QByteArrayView meetsField("cluster_stats_messages_meet_received:");

/// Timeout of SETSLOT for this many slots, after which the cluster is checked, because the node may have failed over.
/// Valkey waits for its replicas with each, up to two seconds.
int limitFor(const SlotPair &pair, qsizetype slotCounter)
{
    constexpr int patienceMs = 10000;
    constexpr int replicasMs = 2100;
    return patienceMs + (pair.tellsOnce ? 0 : replicasMs * int(slotCounter));
}

} // namespace

QCoro::Task<Result<>> setSlots(std::shared_ptr<NodeLink> link, QList<quint16> slotList, QByteArray what, QByteArray id,
                               bool roleMayHaveChanged, int timeoutMs)
{
    std::vector<Command> commands;
    for (const quint16 slot : slotList)
        commands.push_back(id.isEmpty() ? commandOf("CLUSTER", "SETSLOT", QByteArray::number(slot), what)
                                        : commandOf("CLUSTER", "SETSLOT", QByteArray::number(slot), what, id));
    const QString node = link->endpoint().toString();
    const auto replies = co_await link->sendAll(commands, timeoutMs);
    if (!replies)
        co_return failure(replies.error());
    for (const Value &reply : *replies) {
        // after giving its last slot away, the source may already be a replica, and then knows the new owner
        if (roleMayHaveChanged && reply.isError()
            && (reply.bytes().contains("SETSLOT only with") || reply.bytes().contains("not the owner")))
            continue;
        if (const auto error = errorOf(reply, node, u"CLUSTER SETSLOT "_s + QString::fromLatin1(what)))
            co_return failure(*error);
    }
    co_return Result<>();
}

QCoro::Task<Result<>> tellOwner(std::shared_ptr<NodeLink> link, ClusterViewPtr view, NodeRef node, NodeRef owner,
                                SlotSet slotSet)
{
    const NodeObservation *observation = view->observationOf(node.id);
    SlotSet astray;
    if (observation && observation->table) {
        astray = slotSet;
        for (const NodeLine &line : observation->table->lines)
            if (line.id == owner.id || line.id == node.id)
                astray = astray.subtracted(line.slots);
    }
    if (astray.isEmpty())
        co_return Result<>();
    co_return co_await setSlots(link, astray.toList(), "NODE", owner.id, false);
}

bool isAhead(const ClusterInfo &target, const ClusterInfo &source)
{
    const bool takesOne = target.myEpoch == 0 || target.currentEpoch > target.myEpoch;
    return target.myEpoch > source.myEpoch || (takesOne && target.currentEpoch >= source.myEpoch);
}

namespace {

/// Waits until the target has heard of the source's epoch over the bus, which takes no longer than a ping.
QCoro::Task<Result<>> awaitEpoch(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair)
{
    const KeyRoute &route = *pair->route;
    const Command question = commandOf("CLUSTER", "INFO");
    for (const QDeadlineTimer deadline(epochDeadlineMs);;) {
        const auto source = co_await route.sourceLink->send(question);
        const auto target = co_await route.targetLink->send(question);
        if (!source || !target)
            co_return failure(source ? target.error() : source.error());
        const auto here = parseClusterInfo(source->bytes()), there = parseClusterInfo(target->bytes());
        if (!here || !there || isAhead(*there, *here))
            break; // CLUSTER INFO is not available, so there is nothing to wait for
        if (deadline.hasExpired())
            co_return failure(Error{.code = Error::Code::Timeout,
                                    .detail = tr("%1 has not received the epoch %2 of %3: slots that it takes now "
                                                 "could be taken back. Is the cluster bus between the two open?")
                                                  .arg(route.target.address)
                                                  .arg(here->myEpoch)
                                                  .arg(route.source.address),
                                    .serverPrefix = {},
                                    .node = route.target.address,
                                    .command = u"CLUSTER INFO"_s});
        context->waitFor(tr("%1 to receive the epoch of %2").arg(route.target.address, route.source.address));
        if (!co_await RunContext::sleep(context, epochPollMs))
            co_return failure(Error::Code::Cancelled);
    }
    context->waitFor({});
    co_return Result<>();
}

} // namespace

QCoro::Task<Result<std::shared_ptr<KeyMoves>>> openGroup(std::shared_ptr<RunContext> context,
                                                         std::shared_ptr<SlotPair> pair, QList<quint16> group)
{
    const KeyRoute &route = *pair->route;
    const int limit = limitFor(*pair, group.size());
    const std::vector<Command> question{commandOf("CLUSTER", "INFO")};
    Awaited<Connection::Replies> asked = route.targetLink->sendAll(question);
    const auto importing = co_await setSlots(route.targetLink, group, "IMPORTING", route.source.id, false, limit);
    if (!importing)
        co_return failure(importing.error());
    std::vector<Command> commands;
    for (const quint16 slot : group) {
        commands.push_back(commandOf("CLUSTER", "SETSLOT", QByteArray::number(slot), "MIGRATING", route.target.id));
        commands.push_back(
            commandOf("CLUSTER", "GETKEYSINSLOT", QByteArray::number(slot), QByteArray::number(keysPerQuestion)));
    }
    commands.push_back(commandOf("INFO", "keyspace"));
    commands.push_back(question.front());
    const auto replies = co_await route.sourceLink->sendAll(commands);
    if (!replies)
        co_return failure(replies.error());
    for (qsizetype i = 0; i < group.size(); ++i) {
        if (const auto error = errorOf((*replies)[size_t(2 * i)], route.source.address, u"CLUSTER SETSLOT MIGRATING"_s))
            co_return failure(*error);
        if (const auto error = errorOf((*replies)[size_t(2 * i + 1)], route.source.address, u"CLUSTER GETKEYSINSLOT"_s))
            co_return failure(*error); // otherwise the slot would seem to have no keys
    }
    const auto databases = co_await openDatabases(context, pair->route, (*replies)[replies->size() - 2]);
    if (!databases)
        co_return failure(databases.error());
    const Connection::Replies answered = co_await asked;
    const auto there = parseClusterInfo(answered ? answered->front().bytes() : QByteArray());
    const auto here = parseClusterInfo(replies->back().bytes());
    if (there && here && !isAhead(*there, *here)) {
        const auto ahead = co_await awaitEpoch(context, pair);
        if (!ahead)
            co_return failure(ahead.error());
    }
    auto moves = std::make_shared<KeyMoves>();
    moves->slots = group;
    moves->route = pair->route;
    moves->options = pair->options;
    for (qsizetype i = 0; i < group.size(); ++i) {
        QByteArrayList keys;
        for (const Value &key : (*replies)[size_t(2 * i + 1)].items())
            keys.append(key.bytes());
        moves->first.insert(group[i], keys);
    }
    co_return Result<std::shared_ptr<KeyMoves>>(moves);
}

namespace {

std::optional<qint64> offsetIn(const Result<Value> &reply, QByteArrayView field)
{
    if (!reply)
        return {};
    for (const QByteArray &line : reply->bytes().split('\n'))
        if (line.startsWith(field))
            return toInteger(line.mid(field.size()).trimmed());
    return {};
}

} // namespace

QCoro::Task<> tellClaims(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair, AnnouncedAddress target)
{
    pair->meetsBefore.reset();
    const Command meet = greetCommand(target);
    if (meet.isEmpty())
        co_return;
    const NodeRef source = pair->move.source, told = pair->move.target;
    const Command question = commandOf("CLUSTER", "INFO");
    const auto before = co_await RunContext::send(context, told, question);
    const auto met = co_await RunContext::send(context, source, meet);
    context->log(u"%1: %2 → %3"_s.arg(source.address, commandLine(meet),
                                      met ? tr("OK, so %1 learns which slots it owns").arg(told.address)
                                          : describe(met.error())));
    if (before && met && !met->isError())
        pair->meetsBefore = offsetIn(before, meetsField).value_or(0);
}

QCoro::Task<> awaitClaims(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair)
{
    for (const QDeadlineTimer deadline(claimsDeadlineMs); pair->meetsBefore && !deadline.hasExpired();) {
        const auto info = co_await pair->route->targetLink->send(commandOf("CLUSTER", "INFO"));
        if (!info || !pair->meetsBefore || offsetIn(info, meetsField).value_or(0) > *pair->meetsBefore)
            break;
        if (!co_await RunContext::sleep(context, claimsPollMs))
            co_return;
    }
    pair->meetsBefore.reset();
}

QCoro::Task<Result<>> awaitReplicas(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair)
{
    if (!pair->options.waitForReplicas || pair->replicas.isEmpty())
        co_return Result<>();
    const auto own = co_await pair->route->targetLink->send(commandOf("INFO", "replication"));
    if (!own)
        co_return failure(own.error());
    const auto offset = offsetIn(own, "master_repl_offset:");
    if (!offset || offsetIn(own, "connected_slaves:").value_or(0) == 0)
        co_return Result<>(); // no replica is connected; the plan warned about that
    const QDeadlineTimer deadline(replicaDeadlineMs);
    const QList<NodeRef> replicas = pair->replicas;
    for (const NodeRef &replica : replicas) {
        for (;;) {
            const auto reply = co_await RunContext::send(context, replica, commandOf("INFO", "replication"), 2000);
            if (!reply || !reply->bytes().contains("master_link_status:up"))
                break; // it was disconnected, and will take a full copy when it comes back
            if (offsetIn(reply, "slave_repl_offset:").value_or(*offset) >= *offset)
                break;
            if (deadline.hasExpired())
                co_return failure(Error{
                    .code = Error::Code::ServerError,
                    .detail =
                        tr("replica %1 has not caught up with %2 within %3 s; its slots stay in migration until it has")
                            .arg(replica.address, pair->route->target.address)
                            .arg(replicaDeadlineMs / 1000),
                    .serverPrefix = {},
                    .node = replica.address,
                    .command = u"INFO replication"_s});
            if (!co_await RunContext::sleep(context, replicaPollMs))
                co_return failure(Error::Code::Cancelled);
        }
    }
    co_return Result<>();
}

namespace {

/// Waits after NOREPLICAS, which means that the node has done nothing because too few of its replicas answered. Returns
/// false if there were too many tries.
QCoro::Task<bool> awaitItsReplicas(std::shared_ptr<RunContext> context, Error error, int tries)
{
    if (error.serverPrefix != "NOREPLICAS" || tries >= handOverTries)
        co_return false;
    context->waitFor(tr("%1: %2; trying again").arg(error.node, error.detail));
    const bool goesOn = co_await RunContext::sleep(context, handOverPauseMs);
    context->waitFor({});
    co_return goesOn;
}

/// Makes the target take the slots. Redis 7 broadcasts to all nodes for each slot that it was importing: a thousand
/// slots and a thousand nodes would cause a million packets. So for all but two slots, the importing state is ended a
/// moment before. The first slot makes the target take a higher epoch before it owns any, and the last broadcasts all.
/// If the connection breaks in between, the source still reports MIGRATING, so the slot is found to be open.
QCoro::Task<Result<>> handOverToTarget(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair,
                                       QList<quint16> group)
{
    const KeyRoute &route = *pair->route;
    std::vector<Command> commands;
    for (const quint16 slot : group) {
        if (pair->tellsOnce && slot != group.front() && slot != group.back())
            commands.push_back(commandOf("CLUSTER", "SETSLOT", QByteArray::number(slot), "STABLE"));
        commands.push_back(commandOf("CLUSTER", "SETSLOT", QByteArray::number(slot), "NODE", route.target.id));
    }
    for (int tries = 0;; ++tries) {
        const auto replies = co_await route.targetLink->sendAll(commands, limitFor(*pair, group.size()));
        if (!replies)
            co_return failure(replies.error());
        std::optional<Error> refused;
        for (size_t i = 0; i < replies->size() && !refused; ++i)
            refused = errorOf((*replies)[i], route.target.address, u"CLUSTER SETSLOT NODE"_s);
        if (!refused)
            co_return Result<>();
        const bool again = co_await awaitItsReplicas(context, *refused, tries);
        if (!again)
            co_return failure(*refused);
    }
}

} // namespace

QCoro::Task<Result<>> giveSlots(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair,
                                QList<quint16> group, qsizetype queued)
{
    const KeyRoute &route = *pair->route;
    const int limit = limitFor(*pair, std::max(group.size(), queued));
    for (int tries = 0;; ++tries) {
        const auto given = co_await setSlots(route.sourceLink, group, "NODE", route.target.id, true, limit);
        if (given)
            co_return given;
        const bool again = co_await awaitItsReplicas(context, given.error(), tries);
        if (!again)
            co_return failure(given.error());
    }
}

QCoro::Task<> tellOthers(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair, QList<quint16> group)
{
    std::vector<Command> commands;
    for (const quint16 slot : group)
        commands.push_back(commandOf("CLUSTER", "SETSLOT", QByteArray::number(slot), "NODE", pair->route->target.id));
    const QList<NodeRef> others = pair->others;
    for (const NodeRef &other : others) {
        const Result<NodeLink *> link = co_await RunContext::link(context, other);
        if (link)
            const Awaited<Connection::Replies> unread = (*link)->sendAll(commands);
    }
}

namespace {

/// Returns the nodes that answer a PING. They have then read earlier packets, assuming that a node handles its two
/// connections in order.
QCoro::Task<QList<NodeRef>> heardBy(std::shared_ptr<RunContext> context, QList<NodeRef> nodes)
{
    const std::vector<Command> question{commandOf("PING")};
    std::vector<std::pair<NodeRef, Awaited<Connection::Replies>>> asked;
    for (const NodeRef &node : nodes) {
        const Result<NodeLink *> link = co_await RunContext::link(context, node);
        if (link)
            asked.emplace_back(node, (*link)->sendAll(question, replicaAnswerMs));
    }
    QList<NodeRef> heard;
    for (auto &[node, awaited] : asked) {
        const auto answer = co_await awaited;
        if (answer)
            heard.append(node);
    }
    co_return heard;
}

/// Hands slots over one at a time. Valkey 8 and later executes SETSLOT on the replicas before the primary. Packets that
/// the target sends them in between say that it does not own the slot, so that a packet of the source that claims it
/// takes it back on the replica. If the target dies before it has corrected that, its successor does not own the slot:
/// version 9.1 then deletes the keys, which exist nowhere else. So the source gives up its claim to each slot at once,
/// even if it is unknown whether the target took it before it was lost (isInHand() finds the slot). The next slot waits
/// until the replicas most likely know this one: the target answers after it has informed them, and they answer after
/// they have read that.
QCoro::Task<Result<>> handOverEach(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair,
                                   QList<quint16> group)
{
    const std::shared_ptr<InFlightLimit> room = pair->handingOver;
    co_await InFlightLimit::enter(room);
    QList<NodeRef> replicas = pair->replicas;
    std::optional<Error> error;
    std::vector<QCoro::Task<Result<>>> giving;
    for (qsizetype i = 0; i < group.size() && !error && !context->abandoned; ++i) {
        const QList<quint16> slotList{group[i]};
        const auto taken = co_await handOverToTarget(context, pair, slotList);
        if (!taken)
            error = taken.error();
        if (!error || error->code == Error::Code::MaybeExecuted || error->code == Error::Code::Timeout)
            giving.push_back(giveSlots(context, pair, slotList, group.size()));
        if (error || replicas.isEmpty())
            continue;
        // on another link, because SETSLOTs of other lanes delay that one
        const auto told = co_await RunContext::send(context, pair->route->target, commandOf("PING"), takingAnswerMs);
        if (told)
            // an unreachable replica cannot become the successor in its present state
            replicas = co_await heardBy(context, replicas);
        else
            error = told.error();
    }
    if (context->abandoned && !error)
        error = Error{.code = Error::Code::Cancelled, .detail = {}, .serverPrefix = {}, .node = {}, .command = {}};
    for (QCoro::Task<Result<>> &task : giving) {
        const auto given = co_await task;
        if (!given && !error)
            error = given.error();
    }
    room->leave();
    if (error)
        co_return failure(*error);
    co_return Result<>();
}

} // namespace

QCoro::Task<Result<>> handOver(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair,
                               QList<quint16> group)
{
    if (!pair->tellsOnce) // without tellsOnce, slots are handed over and broadcast one by one
        co_return co_await handOverEach(context, pair, group);
    const auto taken = co_await handOverToTarget(context, pair, group);
    if (!taken)
        co_return failure(taken.error());
    const auto given = co_await giveSlots(context, pair, group);
    if (!given)
        co_return failure(given.error());
    co_await tellOthers(context, pair, group);
    co_return Result<>();
}

} // namespace slotscope
