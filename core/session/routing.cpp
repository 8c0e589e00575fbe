// SPDX-License-Identifier: GPL-3.0-or-later
// The commanding half of ClusterSession: which node a command goes to, and what a redirect does.
#include "core/session/clustersession.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/cluster/slot.h"
#include "core/session/commandpolicy.h"

#include <QDateTime>
#include <QPointer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int maximumAttempts = 12;
constexpr int redirectWaits = 20; // pauses for a node that a redirect named first
constexpr int tryAgainMs = 100; // the pause before a command is tried again on TRYAGAIN, CLUSTERDOWN, LOADING

bool isTransient(QByteArrayView code)
{
    return code == "TRYAGAIN" || code == "CLUSTERDOWN" || code == "LOADING" || code == "MASTERDOWN";
}

/// Whether the command may have been executed although no reply came.
bool isInDoubt(Error::Code code)
{
    return code == Error::Code::MaybeExecuted || code == Error::Code::Timeout;
}

} // namespace

QByteArray ClusterSession::ownerOf(int slot) const
{
    if (const auto moved = m_moved.constFind(quint16(slot)); moved != m_moved.constEnd())
        return *moved;
    if (!m_view || m_view->owner[size_t(slot)] == ClusterView::noOwner)
        return {};
    return m_view->nodes[size_t(m_view->owner[size_t(slot)])].id;
}

/// Whether the user named this host, or a table that we read announces it.
bool ClusterSession::isKnownHost(const QString &host) const
{
    const auto at = [&](const Endpoint &endpoint) { return endpoint.host == host; };
    return std::any_of(m_target.seeds.cbegin(), m_target.seeds.cend(), at)
        || std::any_of(m_target.addressMap.cbegin(), m_target.addressMap.cend(), at)
        || std::any_of(m_known.cbegin(), m_known.cend(), [&](const KnownNode &node) {
               return node.address.host == host || node.address.hostname == host;
           });
}

/// Node id behind a redirect's address; empty where no table knows it. An address that no table names is tried where
/// the host is known, as a guess: a redirect alone is no reason to hand out credentials.
QByteArray ClusterSession::targetOf(const Redirect &redirect, const QByteArray &answering)
{
    QString host = redirect.host;
    if (host.isEmpty()) { // the host that answered, at another port
        const PeerPtr peer = peerOf(answering);
        host = m_known.value(answering).address.host;
        if (host.isEmpty() && peer)
            host = peer->link->endpoint().host;
    }
    for (auto node = m_known.cbegin(); node != m_known.cend(); ++node) {
        const AnnouncedAddress &address = node->address;
        if (address.port == redirect.port
            && (address.host == host || (!address.hostname.isEmpty() && address.hostname == host)))
            return node.key();
    }
    if (host.isEmpty() || host == u"?" || m_state == SessionState::Closed)
        return {};
    const Endpoint announced{.host = host, .port = redirect.port, .socketPath = {}};
    if (const auto mapped = m_target.addressMap.constFind(announced.toString()); mapped != m_target.addressMap.cend())
        return openPeer(*mapped, Origin::Announced, {})->seen.id; // empty until it answers
    if (const auto open = m_peers.find(announced.toString()); open != m_peers.end())
        return open->second->seen.id;
    return isKnownHost(host) ? openPeer(announced, Origin::Guessed, {})->seen.id : QByteArray();
}

QByteArray ClusterSession::anyReadyNode() const
{
    for (const PeerPtr &peer : nodePeers())
        if (peer->link->isReady())
            return peer->seen.id;
    return {};
}

QCoro::Task<Result<NodeLink *>> ClusterSession::linkTo(QByteArray nodeId)
{
    const PeerPtr peer = peerOf(nodeId);
    if (!peer)
        co_return failure(Error::Code::NoRoute,
                          tr("node %1 is not reachable from here").arg(toDisplay(nodeId.left(8))));
    QPointer<NodeLink> link = m_workLinks.value(nodeId);
    if (link && !link->isReady() && !(link->endpoint() == peer->link->endpoint())) { // it moved
        link->deleteLater();
        link = nullptr;
    }
    if (!link) {
        ConnectionOptions options = connectionOptions(peer->link->endpoint());
        options.commandTimeoutMs = m_options.commandTimeoutMs;
        options.probeFirst = peer->link->options().probeFirst;
        options.database = m_standalone ? m_target.database : 0;
        link = new NodeLink(options, this);
        m_workLinks.insert(nodeId, link);
        link->start();
    }
    link->retryNow();
    if (!link->isReady() && !co_await link->settled())
        co_return failure(
            link ? link->error()
                 : Error{.code = Error::Code::Cancelled, .detail = {}, .serverPrefix = {}, .node = {}, .command = {}});
    co_return link.data();
}

QCoro::Task<Result<std::shared_ptr<const CommandTable>>> ClusterSession::commands()
{
    if (m_commands)
        co_return Result<std::shared_ptr<const CommandTable>>(m_commands);
    const QPointer<ClusterSession> self(this);
    Error last{.code = Error::Code::NoRoute,
               .detail = tr("no node answers"),
               .serverPrefix = {},
               .node = {},
               .command = u"COMMAND"_s};
    for (const PeerPtr &peer : nodePeers()) {
        if (peer->gone || !peer->link->isReady())
            continue;
        const Command command{"COMMAND"_ba};
        const Result<Value> reply = checked(co_await peer->link->send(command), peer->seen.reach.address, u"COMMAND"_s);
        if (!self)
            co_return failure(Error::Code::Cancelled);
        Result<CommandTable> table = reply ? CommandTable::parse(*reply) : Result<CommandTable>(failure(reply.error()));
        if (table) {
            m_commands = std::make_shared<const CommandTable>(std::move(*table));
            co_return Result<std::shared_ptr<const CommandTable>>(m_commands);
        }
        last = table.error();
    }
    co_return failure(last);
}

/// Refuses what must not travel over a shared link, and, where the user wants nothing changed, what might change
/// something.
QCoro::Task<Result<>> ClusterSession::permitted(Command command, QString node)
{
    std::optional<Error> refused = sharedLinkRefusal(command);
    if (!refused && isReadOnly() && readOnlyRefusal(command, nullptr)) {
        const auto table = co_await commands();
        refused = readOnlyRefusal(command, table ? table->get() : nullptr);
    }
    if (!refused)
        co_return Result<>();
    refused->node = node;
    co_return failure(std::move(*refused));
}

/// The slot of a command's first key; -1 where it has none, or slots mean nothing here.
QCoro::Task<int> ClusterSession::slotOf(Command command)
{
    if (m_standalone)
        co_return -1;
    const auto table = co_await commands();
    // without COMMAND's data (refused by an ACL) the first argument is taken as the key: a wrong guess costs one
    // redirect
    const auto keys = table ? (*table)->keysOf(command) : Result<QByteArrayList>(command.mid(1, 1));
    co_return keys && !keys->isEmpty() ? int(slotOfKey(keys->front())) : -1;
}

/// Whom to ask now: where a redirect has led, else the slot's owner, else any primary; empty where nobody is known.
QByteArray ClusterSession::targetFor(const Journey &journey) const
{
    QByteArray target = journey.target;
    if (target.isEmpty() && journey.slot >= 0)
        target = ownerOf(journey.slot);
    if (target.isEmpty() && journey.slot < 0)
        target = selected({.kind = NodeSelection::Kind::Primaries, .nodeId = {}}).value(0);
    if (target.isEmpty() && m_view && m_view->covered.isEmpty()) // no map to see (ACL): any node knows the way
        target = anyReadyNode();
    return target;
}

/// Sends the command to its target, once.
QCoro::Task<Result<Value>> ClusterSession::sendOnce(JourneyPtr journey)
{
    const QPointer<ClusterSession> self(this);
    const bool asking = std::exchange(journey->asking, false);
    const Result<NodeLink *> link = co_await linkTo(journey->target);
    journey->linked = link.has_value();
    if (!self)
        co_return failure(Error::Code::Cancelled);
    if (!link)
        co_return failure(link.error());
    journey->node = (*link)->endpoint().toString();
    if (!asking) {
        Result<Value> reply = co_await (*link)->send(journey->command);
        co_return reply;
    }
    const std::vector<Command> both{{"ASKING"_ba}, journey->command};
    auto replies = co_await (*link)->sendAll(both);
    if (!replies)
        co_return failure(replies.error());
    co_return std::move(replies->back());
}

/// Goes where MOVED or ASK points, waiting for a node that was not known yet. An error where it will not go there.
QCoro::Task<Result<>> ClusterSession::follow(JourneyPtr journey, Redirect redirect)
{
    const QPointer<ClusterSession> self(this);
    const QByteArray answering = journey->target;
    journey->target = targetOf(redirect, answering);
    const bool strange =
        journey->target.isEmpty() && !redirect.host.isEmpty() && redirect.host != u"?" && !isKnownHost(redirect.host);
    if (redirect.kind == Redirect::Kind::Moved || strange)
        lookAgainAt({answering, journey->target}); // the tables may name the node by now
    for (int wait = 0; journey->target.isEmpty() && wait < redirectWaits; ++wait) {
        if (!co_await pause(tryAgainMs) || !self)
            co_return failure(Error::Code::Cancelled);
        journey->target = targetOf(redirect, answering);
    }
    journey->asking = redirect.kind == Redirect::Kind::Ask && !journey->target.isEmpty();
    if (redirect.kind == Redirect::Kind::Moved && !journey->target.isEmpty())
        m_moved.insert(redirect.slot, journey->target);
    if (!journey->target.isEmpty())
        co_return Result<>();
    if (strange && !isKnownHost(redirect.host))
        co_return failure(Error{
            .code = Error::Code::NoRoute,
            .detail = tr("it sends us to %1, a host that neither you nor any node names; credentials are not sent "
                         "there. Name it as a seed, or map it, if it is yours")
                          .arg(Endpoint{.host = redirect.host, .port = redirect.port, .socketPath = {}}.toString()),
            .serverPrefix = {},
            .node = journey->node,
            .command = commandName(journey->command)});
    if (!co_await pause(tryAgainMs) || !self)
        co_return failure(Error::Code::Cancelled);
    co_return Result<>();
}

QCoro::Task<Result<Value>> ClusterSession::execute(Command command, std::shared_ptr<QByteArray> servedBy)
{
    const QPointer<ClusterSession> self(this);
    const Result<> allowed = co_await permitted(command, m_target.title());
    if (!allowed)
        co_return failure(allowed.error());
    if (!self)
        co_return failure(Error::Code::Cancelled);
    const auto journey = std::make_shared<Journey>();
    journey->command = command;
    journey->slot = co_await slotOf(command);
    if (!self)
        co_return failure(Error::Code::Cancelled);
    const QString name = commandName(command);
    Error last{.code = Error::Code::NoRoute, .detail = {}, .serverPrefix = {}, .node = {}, .command = name};
    for (int attempt = 0; attempt < maximumAttempts; ++attempt) {
        int waitMs = tryAgainMs * (attempt + 1);
        journey->target = targetFor(*journey);
        if (journey->target.isEmpty()) {
            last.detail =
                journey->slot >= 0 ? tr("slot %1 has no owner").arg(journey->slot) : tr("no primary is known");
            lookAgainAt({});
            waitMs = tryAgainMs;
        } else {
            Result<Value> reply = co_await sendOnce(journey);
            if (!self)
                co_return failure(Error::Code::Cancelled);
            if (servedBy)
                *servedBy = journey->target;
            if (reply && !reply->isError())
                co_return reply;
            last = reply ? *errorOf(*reply, journey->node, name) : reply.error();
            if (!reply && journey->linked && isInDoubt(last.code))
                co_return failure(last); // never sent twice
            if (const auto redirect = reply ? parseRedirect(reply->bytes()) : std::nullopt) {
                if (const Result<> followed = co_await follow(journey, *redirect); !followed)
                    co_return failure(followed.error());
                continue;
            }
            if (reply && !isTransient(last.serverPrefix))
                co_return failure(last);
            const QByteArray failed = std::exchange(journey->target, {});
            // not executed: the slot may have a new owner by now; a node that was taken out says CLUSTERDOWN
            if (!reply || last.serverPrefix == "CLUSTERDOWN") {
                m_moved.remove(quint16(std::max(journey->slot, 0)));
                lookAgainAt(shardOf(failed));
            }
        }
        if (!co_await pause(waitMs) || !self)
            co_return failure(Error::Code::Cancelled);
    }
    if (last.serverPrefix == "MOVED" || last.serverPrefix == "ASK" || last.serverPrefix == "TRYAGAIN")
        last.code = Error::Code::TooManyRedirects;
    co_return failure(last);
}

QList<QByteArray> ClusterSession::selected(const NodeSelection &selection) const
{
    QList<QByteArray> ids;
    if (selection.kind == NodeSelection::Kind::Node)
        return {selection.nodeId};
    if (!m_view)
        return ids;
    for (const NodeState &node : m_view->nodes) {
        const bool part = selection.kind == NodeSelection::Kind::All
            || (selection.kind == NodeSelection::Kind::Primaries && node.primary)
            || (selection.kind == NodeSelection::Kind::Replicas && !node.primary);
        if (part && !node.flags.testFlag(NodeFlag::Handshake))
            ids.append(node.id);
    }
    return ids;
}

QCoro::Task<NodeReply> ClusterSession::callNode(Command command, QByteArray nodeId)
{
    const QPointer<ClusterSession> self(this);
    const QString name = commandName(command);
    const NodeState *node = m_view ? m_view->node(nodeId) : nullptr;
    NodeReply answer{.nodeId = nodeId,
                     .nodeName = node ? node->name : QString::fromLatin1(nodeId),
                     .reply = failure(Error::Code::Cancelled),
                     .microseconds = 0};
    const Result<NodeLink *> link = co_await linkTo(nodeId);
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
    QElapsedTimer clock;
    clock.start();
    auto reply = co_await (*link)->send(std::move(command));
    answer.microseconds = clock.nsecsElapsed() / 1000;
    answer.reply = checked(std::move(reply), answer.nodeName, name);
    co_return answer;
}

QCoro::Task<Result<QList<NodeReply>>> ClusterSession::call(Command command, NodeSelection selection)
{
    const QPointer<ClusterSession> self(this);
    const NodeState *only = m_view ? m_view->node(selection.nodeId) : nullptr;
    const QString where = only ? only->name : m_target.title();
    const Result<> allowed = co_await permitted(command, where);
    if (!allowed)
        co_return failure(allowed.error());
    if (!self)
        co_return failure(Error::Code::Cancelled);
    QList<NodeReply> replies;
    if (selection.kind == NodeSelection::Kind::ByKey) {
        QElapsedTimer clock;
        clock.start();
        const auto servedBy = std::make_shared<QByteArray>();
        auto reply = co_await execute(std::move(command), servedBy);
        const NodeState *node = self && m_view ? m_view->node(*servedBy) : nullptr;
        replies.append({.nodeId = *servedBy,
                        .nodeName = node ? node->name : QString(),
                        .reply = std::move(reply),
                        .microseconds = clock.nsecsElapsed() / 1000});
        co_return replies;
    }
    const QList<QByteArray> ids = selected(selection);
    if (ids.isEmpty())
        co_return failure(Error::Code::NoRoute, tr("no such node is known"));
    std::vector<QCoro::Task<NodeReply>> tasks;
    for (const QByteArray &id : ids)
        tasks.push_back(callNode(command, id));
    for (QCoro::Task<NodeReply> &task : tasks)
        replies.append(co_await task);
    co_return replies;
}

Result<QByteArray> ClusterSession::resolveNode(const QString &name) const
{
    if (!m_view)
        return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
    QList<QByteArray> found;
    for (const NodeState &node : m_view->nodes) {
        const bool exact = node.name == name || node.address.toString() == name || node.reach.address == name
            || (!node.address.hostname.isEmpty()
                && node.address.hostname + u':' + QString::number(node.address.port) == name);
        if (exact || QString::fromLatin1(node.id) == name)
            return node.id;
        if (name.size() >= 2 && node.id.startsWith(name.toLatin1()))
            found.append(node.id);
    }
    if (found.size() == 1)
        return found.front();
    return failure(Error::Code::InvalidArgument,
                   found.isEmpty()
                       ? tr("no node is called “%1”: give an id, the start of one, or HOST:PORT").arg(name)
                       : tr("“%1” is the start of %2 node ids: give more of it").arg(name).arg(found.size()));
}

} // namespace slotscope
