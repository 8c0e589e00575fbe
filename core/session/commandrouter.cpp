// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/commandrouter.h"

#include "core/net/commandwatch.h"

#include "core/base/clock.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/cluster/slot.h"
#include "core/protocol/commandnames.h"

#include <QElapsedTimer>
#include <QPointer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int maximumAttempts = 12;
constexpr int failoverPatienceMs = 5000; // how long a command waits until the Sentinels name a primary
constexpr int redirectWaits = 20; // number of pauses while waiting for a node that only a redirect has named so far
constexpr int tryAgainMs = 100; // first pause before retrying on TRYAGAIN, CLUSTERDOWN or LOADING

bool isTransient(QByteArrayView code)
{
    return code == "TRYAGAIN" || code == "CLUSTERDOWN" || code == "LOADING" || code == "MASTERDOWN";
}

/// Whether an error may come from a script that had already written data.
bool mayHaveRun(const Command &command)
{
    const QByteArray name = command.value(0).toLower();
    return name.startsWith("eval") || name.startsWith("fcall") || name == "exec";
}

/// Whether the command may have been executed although no reply arrived.
bool isInDoubt(Error::Code code)
{
    return code == Error::Code::MaybeExecuted || code == Error::Code::Timeout;
}

/// Whether the command ends whatever blocks a server: SCRIPT KILL, FUNCTION KILL, CLIENT KILL.
bool isKill(const Command &command)
{
    return command.size() > 1 && command[1].toLower() == "kill";
}

} // namespace

CommandRouter::CommandRouter(const ConnectionTarget &target, const SessionOptions &, NodeDirectory &directory,
                             LinkPool &pool, Observer &observer, QObject *parent)
    : QObject(parent)
    , m_target(target)
    , m_directory(directory)
    , m_pool(pool)
    , m_observer(observer)
    , m_gate(target.readOnly, target.environment)
{
    connect(&observer, &Observer::viewChanged, this, [this] { m_moved.clear(); });
}

void CommandRouter::unlockWrites(int milliseconds)
{
    m_unlockedUntil = milliseconds > 0 ? steadyMs() + milliseconds : 0;
    m_unlockedUntilWall = milliseconds > 0 ? QDateTime::currentMSecsSinceEpoch() + milliseconds : 0;
}

/// Compares the clocks for each command, so that a late timer cannot leave writes unlocked.
bool CommandRouter::isUnlocked() const
{
    return steadyMs() < m_unlockedUntil && QDateTime::currentMSecsSinceEpoch() < m_unlockedUntilWall;
}

QByteArray CommandRouter::ownerOf(int slot) const
{
    if (const auto moved = m_moved.constFind(quint16(slot)); moved != m_moved.constEnd())
        return *moved;
    const ClusterViewPtr view = m_observer.view();
    if (!view || view->owner[size_t(slot)] == ClusterView::noOwner)
        return {};
    return view->nodes[size_t(view->owner[size_t(slot)])].id;
}

QByteArray CommandRouter::targetOf(const Redirect &redirect, const QByteArray &answering)
{
    const QByteArray target = m_directory.targetOf(redirect, answering);
    m_observer.carryOut();
    return target;
}

QCoro::Task<Result<std::shared_ptr<const CommandTable>>> CommandRouter::commands()
{
    if (m_commands)
        co_return Result<std::shared_ptr<const CommandTable>>(m_commands);
    const QPointer<CommandRouter> self(this);
    Error last{.code = Error::Code::NoRoute,
               .detail = tr("no node answers"),
               .serverPrefix = {},
               .node = {},
               .command = u"COMMAND"_s};
    QList<QPointer<NodeLink>> links;
    for (NodeLink *link : m_observer.readyLinks())
        links.append(link);
    for (const QPointer<NodeLink> &link : std::as_const(links)) {
        if (!link || !link->isReady())
            continue;
        const QString node = link->endpoint().toString();
        const Command command{"COMMAND"_ba};
        const Result<Value> reply = checked(co_await link->send(command), node, u"COMMAND"_s);
        if (!self)
            co_return failure(Error::Code::Cancelled);
        Result<CommandTable> table = reply ? CommandTable::parse(*reply) : Result<CommandTable>(failure(reply.error()));
        if (table) {
            table->addOwnNames(m_target.renamed);
            m_commands = std::make_shared<const CommandTable>(std::move(*table));
            co_return Result<std::shared_ptr<const CommandTable>>(m_commands);
        }
        last = table.error();
    }
    co_return failure(last);
}

QCoro::Task<GateVerdict> CommandRouter::judge(Command command, GateLink link, const char *from)
{
    // copied because the router may be deleted during the co_await
    const QString cluster = m_target.title(), seeds = m_target.seedsText();
    command = asKnown(command, m_target.renamed);
    std::shared_ptr<const CommandTable> table;
    if (m_gate.needsTable(command, link))
        if (const auto told = co_await commands())
            table = *told;
    GateVerdict verdict = m_gate.judge(command, table.get(), link, isUnlocked());
    if (verdict.kind == GateVerdict::Kind::Refuse)
        if (const auto watch = commandWatch())
            watch->refused(cluster, seeds, command, verdict.error, from);
    co_return verdict;
}

/// Checks whether the gate allows the command with the user's consent.
QCoro::Task<Result<>> CommandRouter::permitted(Command command, QString node, UserConsent consent, const char *from)
{
    const QString cluster = m_target.title(), seeds = m_target.seedsText();
    const GateVerdict verdict = co_await judge(command, GateLink::Shared, from);
    if (verdict.isAllowedWith(consent))
        co_return Result<>();
    Error refused = verdict.error;
    if (verdict.kind != GateVerdict::Kind::Refuse)
        refused = {.code = Error::Code::NeedsConsent,
                   .detail = verdict.why,
                   .serverPrefix = {},
                   .node = {},
                   .command = commandName(command)};
    refused.node = node;
    // judge() has already reported refusals to the watch
    const auto watch = verdict.kind == GateVerdict::Kind::Refuse ? nullptr : commandWatch();
    if (watch)
        watch->refused(cluster, seeds, command, refused, from);
    co_return failure(std::move(refused));
}

/// Returns the slot of the command's first key; -1 if it has no key or the server has no cluster mode.
QCoro::Task<int> CommandRouter::slotOf(Command command)
{
    if (m_directory.isStandalone())
        co_return -1;
    const auto table = co_await commands();
    // without COMMAND data (an ACL refuses it), assume that the first argument is the key: a wrong guess costs one
    // redirect
    const auto keys = table ? (*table)->keysOf(command) : Result<QByteArrayList>(command.mid(1, 1));
    co_return keys && !keys->isEmpty() ? int(slotOfKey(keys->front())) : -1;
}

/// Chooses the node to send to: the redirect's target, else the owner of the slot, else any primary. Empty if no such
/// node is known.
QByteArray CommandRouter::targetFor(const Route &route) const
{
    QByteArray target = route.target;
    if (target.isEmpty() && route.slot >= 0)
        target = ownerOf(route.slot);
    if (target.isEmpty() && route.slot < 0)
        target = selected({.kind = NodeSelection::Kind::Primaries, .nodeId = {}}).value(0);
    // Not with Sentinels: until the primary that they name has taken over, another node may be the old primary, and
    // writes to it would be lost.
    if (target.isEmpty() && !m_target.sentinel.isOn() && m_observer.view()
        && m_observer.view()->covered.isEmpty()) // an ACL hides the slot map: any node can redirect us
        target = m_observer.anyReadyNode();
    return target;
}

/// Sends the command to its target once.
QCoro::Task<Result<Value>> CommandRouter::sendOnce(RoutePtr route)
{
    const QPointer<CommandRouter> self(this);
    const bool asking = std::exchange(route->asking, false);
    const Result<NodeLink *> link = co_await m_pool.linkTo(route->target, route->way.use, false, route->way.database);
    route->linked = link.has_value();
    if (!self)
        co_return failure(Error::Code::Cancelled);
    if (!link)
        co_return failure(link.error());
    route->node = (*link)->endpoint().toString();
    if (!asking) {
        Result<Value> reply = co_await (*link)->send(route->command, 0, route->from);
        co_return reply;
    }
    const std::vector<Command> both{{"ASKING"_ba}, route->command};
    auto replies = co_await (*link)->sendAll(both, 0, route->from);
    if (!replies)
        co_return failure(replies.error());
    co_return std::move(replies->back());
}

/// Follows a MOVED or ASK. Waits if the target node is not known yet. Returns an error if the redirect may not be
/// followed.
QCoro::Task<Result<>> CommandRouter::follow(RoutePtr route, Redirect redirect)
{
    const QPointer<CommandRouter> self(this);
    const QByteArray answering = route->target;
    route->target = targetOf(redirect, answering);
    const bool strange = route->target.isEmpty() && !redirect.host.isEmpty() && redirect.host != u"?"
        && !m_directory.isKnownHost(redirect.host);
    if (redirect.kind == Redirect::Kind::Moved || strange)
        m_observer.lookAgainAt({answering, route->target}); // by now, node tables may contain the new node
    for (int wait = 0; route->target.isEmpty() && wait < redirectWaits; ++wait) {
        if (!co_await m_observer.pause(tryAgainMs) || !self)
            co_return failure(Error::Code::Cancelled);
        route->target = targetOf(redirect, answering);
    }
    route->asking = redirect.kind == Redirect::Kind::Ask && !route->target.isEmpty();
    if (redirect.kind == Redirect::Kind::Moved && !route->target.isEmpty())
        m_moved.insert(redirect.slot, route->target);
    if (!route->target.isEmpty())
        co_return Result<>();
    if (strange && !m_directory.isKnownHost(redirect.host))
        co_return failure(Error{
            .code = Error::Code::NoRoute,
            .detail = tr("it redirects to %1, a host that neither you nor any node named; credentials are not sent "
                         "there. If the host is yours, add it as a seed, or map it")
                          .arg(Endpoint{.host = redirect.host, .port = redirect.port, .socketPath = {}}.toString()),
            .serverPrefix = {},
            .node = route->node,
            .command = commandName(route->command)});
    if (!co_await m_observer.pause(tryAgainMs) || !self)
        co_return failure(Error::Code::Cancelled);
    co_return Result<>();
}

/// Waits until the node for the command is reachable, at most `atMostMs`: right after the start, its connection is
/// still being opened. Returns false if the session ends.
QCoro::Task<bool> CommandRouter::waitForWay(RoutePtr route, int atMostMs)
{
    const QPointer<CommandRouter> self(this);
    QElapsedTimer waited;
    waited.start();
    while (waited.elapsed() < atMostMs) {
        const qint64 left = atMostMs - waited.elapsed();
        const bool goesOn = co_await m_observer.news(int(std::max<qint64>(1, left)));
        if (!goesOn || !self)
            co_return false;
        const QByteArray target = targetFor(*route);
        if (!target.isEmpty() && m_directory.wayTo(target))
            break;
    }
    co_return true;
}

/// Sends the command, following redirects and retrying, until it gets a final reply or cannot be sent on.
QCoro::Task<Result<Value>> CommandRouter::route(RoutePtr route)
{
    const QPointer<CommandRouter> self(this);
    const QString name = commandName(route->command);
    Error last{.code = Error::Code::NoRoute, .detail = {}, .serverPrefix = {}, .node = {}, .command = name};
    int failoverMs = 0; // time spent so far waiting for the Sentinels to name a primary
    for (int attempt = 0; attempt < maximumAttempts; ++attempt) {
        int waitMs = tryAgainMs * (attempt + 1);
        route->target = targetFor(*route);
        bool hasNoWay = route->target.isEmpty();
        if (hasNoWay) {
            last.detail = route->slot >= 0 ? tr("slot %1 has no owner").arg(route->slot) : tr("no primary is known");
            m_observer.lookAgainAt({});
            waitMs = tryAgainMs;
            // a failover takes some seconds, so this does not count as an attempt
            if (m_target.sentinel.isOn() && (failoverMs += waitMs) < failoverPatienceMs)
                --attempt;
        } else {
            Result<Value> reply = co_await sendOnce(route);
            if (!self)
                co_return failure(Error::Code::Cancelled);
            route->servedBy = route->target;
            if (reply && !reply->isError())
                co_return reply;
            last = reply ? *errorOf(*reply, route->node, name) : reply.error();
            if (!reply && route->linked && isInDoubt(last.code))
                co_return failure(last); // it may have been executed, so never send it twice
            if (!reply && last.code == Error::Code::NotRecorded)
                co_return failure(last);
            if (const auto redirect = reply ? parseRedirect(reply->bytes()) : std::nullopt) {
                if (const Result<> followed = co_await follow(route, *redirect); !followed)
                    co_return failure(followed.error());
                continue;
            }
            // the Sentinels have just replaced this primary; it has not executed the command
            const bool isReplaced =
                m_target.sentinel.isOn() && last.serverPrefix == "READONLY" && !mayHaveRun(route->command);
            if (reply && !isReplaced && !isTransient(last.serverPrefix))
                co_return failure(last);
            const QByteArray failed = std::exchange(route->target, {});
            hasNoWay = !reply && !m_directory.wayTo(failed);
            // The command was not executed, and its slot may have a new owner. A node removed from the cluster answers
            // CLUSTERDOWN.
            if (!reply || isReplaced || last.serverPrefix == "CLUSTERDOWN") {
                m_moved.remove(quint16(std::max(route->slot, 0)));
                m_observer.lookAgainAt(m_observer.shardOf(failed));
            }
        }
        bool goesOn = false;
        if (hasNoWay) // no connection: wait for one. A node that is connected but not ready yet only needs time
            goesOn = co_await waitForWay(route, waitMs);
        else
            goesOn = co_await m_observer.pause(waitMs);
        if (!goesOn || !self)
            co_return failure(Error::Code::Cancelled);
    }
    if (last.serverPrefix == "MOVED" || last.serverPrefix == "ASK" || last.serverPrefix == "TRYAGAIN")
        last.code = Error::Code::TooManyRedirects;
    co_return failure(last);
}

QCoro::Task<NodeReply> CommandRouter::execute(Command command, UserConsent consent, Way way, const char *from)
{
    const QPointer<CommandRouter> self(this);
    NodeReply answer{.nodeId = {}, .nodeName = {}, .reply = failure(Error::Code::Cancelled), .microseconds = 0};
    const Result<> allowed = co_await permitted(command, m_target.title(), consent, from);
    if (!allowed) {
        answer.reply = failure(allowed.error());
        co_return answer;
    }
    if (!self)
        co_return answer;
    QElapsedTimer time;
    time.start();
    const auto to = std::make_shared<Route>();
    to->command = command;
    to->way = way;
    to->from = from;
    to->slot = co_await slotOf(command);
    if (!self)
        co_return answer;
    answer.reply = co_await route(to);
    answer.microseconds = time.nsecsElapsed() / 1000;
    answer.nodeId = to->servedBy;
    const ClusterViewPtr view = self ? m_observer.view() : nullptr;
    if (const NodeState *node = view ? view->node(answer.nodeId) : nullptr)
        answer.nodeName = node->name;
    co_return answer;
}

QList<QByteArray> CommandRouter::selected(const NodeSelection &selection) const
{
    QList<QByteArray> ids;
    if (selection.kind == NodeSelection::Kind::Node)
        return {selection.nodeId};
    const ClusterViewPtr view = m_observer.view();
    if (!view)
        return ids;
    for (const NodeState &node : view->nodes) {
        const bool part = selection.kind == NodeSelection::Kind::All
            || (selection.kind == NodeSelection::Kind::Primaries && node.primary)
            || (selection.kind == NodeSelection::Kind::Replicas && !node.primary);
        if (part && !node.flags.testFlag(NodeFlag::Handshake))
            ids.append(node.id);
    }
    return ids;
}

QCoro::Task<NodeReply> CommandRouter::callNode(Command command, QByteArray nodeId, const char *from)
{
    const QPointer<CommandRouter> self(this);
    const QString name = commandName(command);
    const ClusterViewPtr view = m_observer.view();
    const NodeState *node = view ? view->node(nodeId) : nullptr;
    NodeReply answer{.nodeId = nodeId,
                     .nodeName = node ? node->name : QString::fromLatin1(nodeId),
                     .reply = failure(Error::Code::Cancelled),
                     .microseconds = 0};
    // without READONLY, a replica redirects reads to its primary
    answer.fromReplica = node && view->cluster && !node->primary && !node->primaryId.isEmpty();
    const auto use = answer.fromReplica ? LinkPool::Use::ReplicaReads : LinkPool::Use::Commands;
    const Result<NodeLink *> link = co_await m_pool.linkTo(nodeId, use, isKill(command));
    if (!self)
        co_return answer;
    if (!link) {
        Error error = link.error();
        error.command = name;
        if (error.node.isEmpty())
            error.node = answer.nodeName;
        answer.reply = failure(std::move(error));
        co_return answer;
    }
    QElapsedTimer time;
    time.start();
    auto reply = co_await (*link)->send(std::move(command), 0, from);
    answer.microseconds = time.nsecsElapsed() / 1000;
    answer.reply = checked(std::move(reply), answer.nodeName, name);
    co_return answer;
}

QCoro::Task<Result<QList<NodeReply>>> CommandRouter::call(Command command, NodeSelection selection, UserConsent consent,
                                                          const char *from)
{
    const QPointer<CommandRouter> self(this);
    QList<NodeReply> replies;
    if (selection.kind == NodeSelection::Kind::ByKey) {
        NodeReply answer = co_await execute(std::move(command), consent, Way(), from);
        const bool unsent = !answer.reply && answer.nodeId.isEmpty();
        if (unsent && (answer.reply.error().code != Error::Code::NoRoute))
            co_return failure(answer.reply.error());
        replies.append(std::move(answer));
        co_return replies;
    }
    const ClusterViewPtr view = m_observer.view();
    const NodeState *only = view ? view->node(selection.nodeId) : nullptr;
    const QString where = only ? only->name : m_target.title();
    const Result<> allowed = co_await permitted(command, where, consent, from);
    if (!allowed)
        co_return failure(allowed.error());
    if (!self)
        co_return failure(Error::Code::Cancelled);
    const QList<QByteArray> ids = selected(selection);
    if (ids.isEmpty())
        co_return failure(Error::Code::NoRoute, tr("this node is not known"));
    std::vector<QCoro::Task<NodeReply>> tasks;
    for (const QByteArray &id : ids)
        tasks.push_back(callNode(command, id, from));
    for (QCoro::Task<NodeReply> &task : tasks)
        replies.append(co_await task);
    co_return replies;
}

} // namespace slotscope
