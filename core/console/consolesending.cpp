// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/consoletabparts.h"

#include "core/base/tr.h"
#include "core/cluster/slot.h"
#include "core/protocol/print.h"
#include "core/protocol/redirect.h"
#include "core/session/keyowner.h"

#include <QElapsedTimer>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostRedirects = 5;

Error consoleError(Error::Code code, const QString &detail, const Command &command)
{
    return {.code = code, .detail = detail, .serverPrefix = {}, .node = {}, .command = commandName(command)};
}

bool isWanted(const NodeState &node, ConsoleAim::Kind kind)
{
    if (node.id.isEmpty() || node.condition == NodeCondition::Handshake || node.condition == NodeCondition::NoAddress)
        return false;
    return kind == ConsoleAim::Kind::All || (kind == ConsoleAim::Kind::Primaries && node.primary)
        || (kind == ConsoleAim::Kind::Replicas && node.isReplica());
}

/// Node for a command without keys: the one that answered last, else the first primary that answers.
QByteArray anyNode(const ClusterView &view, const QByteArray &last)
{
    const NodeState *known = view.node(last);
    if (known && known->reach.state == Reach::State::Ready)
        return last;
    QByteArray any;
    for (const NodeState &node : view.nodes) {
        if (node.id.isEmpty() || node.reach.state != Reach::State::Ready)
            continue;
        if (node.primary)
            return node.id;
        any = node.id;
    }
    return any;
}

/// Whether each primary would give or change something else, so that the reply of one could be mistaken for that of the
/// whole cluster.
bool differsByNode(const Command &command)
{
    static const QSet<QByteArray> names{"keys"_ba,    "scan"_ba,    "dbsize"_ba,   "randomkey"_ba,    "flushall"_ba,
                                        "flushdb"_ba, "swapdb"_ba,  "config"_ba,   "slowlog"_ba,      "memory"_ba,
                                        "latency"_ba, "script"_ba,  "function"_ba, "acl"_ba,          "info"_ba,
                                        "save"_ba,    "bgsave"_ba,  "client"_ba,   "bgrewriteaof"_ba, "commandlog"_ba,
                                        "hotkeys"_ba, "lastsave"_ba};
    static const QSet<QByteArray> ofConnection{"client|setname"_ba,  "client|getname"_ba,  "client|id"_ba,
                                               "client|info"_ba,     "client|reply"_ba,    "client|tracking"_ba,
                                               "client|no-touch"_ba, "client|no-evict"_ba, "acl|whoami"_ba,
                                               "acl|cat"_ba,         "acl|genpass"_ba,     "memory|usage"_ba};
    const QByteArray name = command.value(0).toLower();
    return names.contains(name) && !ofConnection.contains(name + '|' + command.value(1).toLower());
}

/// What the user must know of a routed command without keys; empty if there is nothing.
QString oneOfMany(const ConsoleOrder &order, const ClusterView &view, const QString &node)
{
    const bool isRouted = order.aim.kind == ConsoleAim::Kind::Cluster;
    if (!isRouted || !view.cluster || view.shards.size() < 2 || !differsByNode(order.command))
        return {};
    return tr("%1 has no key, so only %2 received it. To send it to every primary, choose “All primaries” as the "
              "target.")
        .arg(commandName(order.command), node);
}

} // namespace

QCoro::Task<Result<QList<QByteArray>>> ConsoleSending::targetsOf(Ptr self, ConsoleOrder order)
{
    using Nodes = Result<QList<QByteArray>>;
    const ClusterViewPtr view = self->session ? self->session->view() : nullptr;
    if (!view)
        co_return failure(consoleError(Error::Code::NoRoute, tr("the cluster is not connected yet"), order.command));
    QList<QByteArray> nodes;
    if (order.aim.kind == ConsoleAim::Kind::Node) {
        nodes.append(order.aim.nodeId);
        co_return Nodes(nodes);
    }
    if (order.aim.isBroadcast()) {
        for (const NodeState &node : view->nodes)
            if (isWanted(node, order.aim.kind))
                nodes.append(node.id);
        if (nodes.isEmpty())
            co_return failure(consoleError(Error::Code::NoRoute, tr("this node does not exist"), order.command));
        co_return Nodes(nodes);
    }
    if (!self->held.isEmpty()) {
        nodes.append(self->held);
        co_return Nodes(nodes);
    }
    const auto table = co_await self->session->commands();
    // without a command table, take the first argument for a key; a wrong guess costs one redirect
    Result<QByteArrayList> keys(order.command.mid(1, 1));
    if (table)
        keys = (*table)->keysOf(order.command);
    QByteArray node;
    if (keys && !keys->isEmpty() && view->cluster) {
        const int slot = slotOfKey(keys->front());
        if (self->movedOf == view->revision)
            node = self->moved.value(slot);
        if (node.isEmpty())
            node = ownerOfKey(*view, keys->front());
    }
    if (node.isEmpty())
        node = anyNode(*view, self->lastNode);
    if (node.isEmpty())
        co_return failure(consoleError(Error::Code::NoRoute, tr("no node answers"), order.command));
    nodes.append(node);
    co_return Nodes(nodes);
}

void ConsoleSending::begin(Shared &shared, const ConsoleOrder &order, const QList<QByteArray> &nodes)
{
    Shared::Entry &entry = shared.entries[order.entry];
    entry = Shared::Entry();
    entry.command = order.command;
    entry.answers.resize(size_t(nodes.size()));
    const ClusterViewPtr view = shared.session ? shared.session->view() : nullptr;
    for (int i = 0; i < nodes.size(); ++i) {
        ConsoleOutcome &outcome = entry.answers[size_t(i)].outcome;
        outcome.nodeId = nodes[i];
        outcome.nodeName = shared.nameOf(nodes[i]);
        const NodeState *node = view ? view->node(nodes[i]) : nullptr;
        outcome.fromReplica = node && node->isReplica();
        shared.tellOutcome(order.entry, i);
    }
}

void ConsoleSending::failWith(Shared &shared, const Way &way, Error error)
{
    const auto entry = shared.entries.find(way.order.entry);
    if (entry == shared.entries.end())
        return;
    ConsoleOutcome &outcome = entry->second.answers[size_t(way.node)].outcome;
    outcome.state = ConsoleOutcome::State::Failed;
    const bool isCut = error.code == Error::Code::MaybeExecuted || error.code == Error::Code::ConnectionLost;
    if (isCut && shared.stops != way.stops) { // the user closed the connection
        const bool isSent = error.code == Error::Code::MaybeExecuted;
        error = consoleError(Error::Code::Cancelled,
                             isSent ? tr("stopped by you; the server may have executed it")
                                    : tr("stopped by you before it was sent"),
                             way.order.command);
    }
    if (error.command.isEmpty())
        error.command = commandName(way.order.command);
    outcome.error = std::move(error);
    shared.tellOutcome(way.order.entry, way.node);
}

std::optional<QString> ConsoleSending::withoutNode(Shared &shared, const ConsoleOrder &order)
{
    const ClusterViewPtr view = shared.session ? shared.session->view() : nullptr;
    if (order.aim.kind != ConsoleAim::Kind::Cluster || !shared.held.isEmpty() || !view || !view->cluster)
        return std::nullopt;
    const LinkEffect effect = linkEffectOf(order.command);
    if (effect == LinkEffect::Multi && !shared.isMultiDue) {
        shared.isMultiDue = true;
        return tr("The transaction begins on the node of its first key.");
    }
    if (effect == LinkEffect::Discard && shared.isMultiDue) {
        shared.isMultiDue = false;
        return tr("No command had been sent.");
    }
    return std::nullopt;
}

QCoro::Task<bool> ConsoleSending::send(Ptr self, std::shared_ptr<Way> way)
{
    for (int attempt = 0; attempt <= mostRedirects; ++attempt) {
        const auto link = co_await self->links->linkTo(way->nodeId);
        if (self->stops != way->stops) {
            failWith(*self, *way, consoleError(Error::Code::Cancelled, tr("stopped before it was sent"), {}));
            co_return false;
        }
        if (!link) {
            failWith(*self, *way, link.error());
            co_return false;
        }
        const QByteArray before = way->nodeId;
        const bool done = co_await sendOnce(self, way, *link);
        if (way->nodeId == before && !way->isAsking)
            co_return bool(done);
    }
    failWith(*self, *way, consoleError(Error::Code::TooManyRedirects, tr("it was redirected too often"), {}));
    co_return false;
}

/// Sends the command once. If it is redirected, `way` then leads to another node, or has isAsking set.
QCoro::Task<bool> ConsoleSending::sendOnce(Ptr self, std::shared_ptr<Way> way, std::shared_ptr<DedicatedLink> link)
{
    const quint64 entryId = way->order.entry;
    const QByteArray nodeId = way->nodeId;
    Shared::LinkNow &now = self->now[nodeId];
    if (now.running == 0 && !now.isInMulti && now.subscriptions == 0 && now.stream == 0)
        now.isResp3 = link->isResp3() && now.isResp3;
    if (now.isMonitoring && way->effect != LinkEffect::Reset && way->effect != LinkEffect::Quit) {
        failWith(
            *self, *way,
            consoleError(Error::Code::NotShareable, tr("MONITOR is running on this connection: stop it first"), {}));
        co_return false;
    }
    if (wasTold(*self, *way, *link))
        co_return true;
    std::vector<Command> commands;
    if (way->beginsMulti)
        commands.push_back(commandOf("MULTI"));
    if (std::exchange(way->isAsking, false))
        commands.push_back(commandOf("ASKING"));
    commands.push_back(way->order.command);
    now.attributes.clear();
    ++now.running;
    self->tellState();
    QElapsedTimer timer;
    timer.start();
    Replies replies = co_await link->sendAll(commands, -1);
    const qint64 took = timer.nsecsElapsed() / 1000;
    QStringList attributes;
    bool isInMulti = false;
    if (const auto still = self->now.find(nodeId); still != self->now.end()) {
        still->second.running = std::max(0, still->second.running - 1);
        attributes = std::exchange(still->second.attributes, {});
        isInMulti = still->second.isInMulti;
    }
    const auto entry = self->entries.find(entryId);
    if (entry == self->entries.end()) // the entry was removed meanwhile
        co_return replies.has_value();
    ConsoleOutcome &outcome = entry->second.answers[size_t(way->node)].outcome;
    outcome.microseconds += took;
    if (!replies) {
        failWith(*self, *way, replies.error());
        self->tellState();
        co_return false;
    }
    if (way->beginsMulti && replies->front().isError()) // the server refused MULTI itself
        replies->back() = replies->front();
    Value reply = std::move(replies->back());
    if (follow(*self, *way, reply))
        co_return false;
    self->lastNode = nodeId;
    const bool isError = reply.isError();
    for (const QString &line : attributes)
        outcome.note += (outcome.note.isEmpty() ? QString() : u"\n"_s) + line;
    const ClusterViewPtr view = self->session ? self->session->view() : nullptr;
    if (view && !isInMulti)
        if (const QString note = oneOfMany(way->order, *view, outcome.nodeName); !note.isEmpty())
            outcome.note += (outcome.note.isEmpty() ? QString() : u"\n"_s) + note;
    takeEffect(*self, *way, reply);
    self->keep(entryId, way->node, std::move(reply));
    self->tellOutcome(entryId, way->node);
    self->tellState();
    co_return !isError;
}

bool ConsoleSending::wasTold(Shared &shared, const Way &way, DedicatedLink &link)
{
    using E = LinkEffect;
    Shared::LinkNow &now = shared.now[way.nodeId];
    const bool silences = way.effect == E::RepliesOff || way.effect == E::SkipReply;
    const bool isSilent = (now.areRepliesOff && way.effect != E::RepliesOn) || now.skipsNext;
    const bool opensStream = way.effect == E::Subscribe || way.effect == E::Monitor;
    const bool isStreamed = opensStream || (way.effect == E::Unsubscribe && (now.isResp3 || now.subscriptions > 0))
        || (!now.isResp3 && now.subscriptions > 0 && way.effect != E::Reset);
    if (!silences && !isSilent && !isStreamed)
        return false;
    if (!link.tell(way.order.command)) {
        failWith(shared, way, consoleError(Error::Code::ConnectionLost, tr("the connection was closed"), {}));
        return true;
    }
    Shared::Answer &answer = shared.entries[way.order.entry].answers[size_t(way.node)];
    if (silences || isSilent) {
        now.skipsNext = way.effect == E::SkipReply;
        now.areRepliesOff = now.areRepliesOff || way.effect == E::RepliesOff;
        answer.outcome.state = ConsoleOutcome::State::Unasked;
        answer.outcome.note = way.effect == E::RepliesOff ? tr("Replies are off: CLIENT REPLY ON turns them on again.")
            : way.effect == E::SkipReply                  ? tr("The next command gets no reply.")
                                                          : tr("Sent without asking for a reply.");
    } else {
        openStream(shared, way);
        answer.outcome.state = opensStream ? ConsoleOutcome::State::Streaming : ConsoleOutcome::State::Unasked;
        if (!opensStream)
            answer.outcome.note = tr("The reply arrives in the stream.");
    }
    shared.tellOutcome(way.order.entry, way.node);
    shared.tellState();
    return true;
}

/// Directs messages to the entry that opened the stream first, until it ends.
void ConsoleSending::openStream(Shared &shared, const Way &way)
{
    Shared::LinkNow &now = shared.now[way.nodeId];
    now.isMonitoring = now.isMonitoring || way.effect == LinkEffect::Monitor;
    if (now.stream == 0 || way.effect == LinkEffect::Subscribe) {
        if (now.stream != 0 && now.stream != way.order.entry)
            shared.endStream(way.nodeId, tr("continues below"));
        shared.now[way.nodeId].stream = way.order.entry;
        shared.now[way.nodeId].streamNode = way.node;
    }
}

void ConsoleSending::takeEffect(Shared &shared, const Way &way, const Value &reply)
{
    using E = LinkEffect;
    Shared::LinkNow &now = shared.now[way.nodeId];
    const bool isAimedAtAll = way.order.aim.kind == ConsoleAim::Kind::Cluster;
    const bool isQueued = reply.type() == Value::Type::SimpleString && reply.bytes() == "QUEUED";
    if (way.beginsMulti && !(reply.isError() && !isQueued && reply.errorCode() == "NOPERM"))
        now.isInMulti = true;
    if (isAimedAtAll && (now.isInMulti || way.effect == E::Multi || way.effect == E::Watch) && !reply.isError())
        shared.held = way.nodeId;
    if (isQueued) {
        ++now.queued;
        return;
    }
    if (way.effect == E::Exec || way.effect == E::Discard) {
        const bool stays = reply.isError() && !reply.bytes().startsWith("EXECABORT") && now.isInMulti;
        if (!stays) {
            now.isInMulti = false;
            now.queued = now.watched = 0;
            shared.held.clear();
        }
    }
    if (reply.isError())
        return;
    takeState(shared, way);
    const bool isOfConnection = way.effect == E::Select || way.effect == E::Auth || way.effect == E::Hello
        || way.effect == E::Setting || way.effect == E::Reset;
    if (isOfConnection)
        greetAlike(shared, way);
}

/// Records what a command changed about its connection.
void ConsoleSending::takeState(Shared &shared, const Way &way)
{
    using E = LinkEffect;
    Shared::LinkNow &now = shared.now[way.nodeId];
    switch (way.effect) {
    case E::Multi: now.isInMulti = true; break;
    case E::Watch: now.watched += int(way.order.command.size()) - 1; break;
    case E::Unwatch:
        now.watched = 0;
        if (!now.isInMulti)
            shared.held.clear();
        break;
    case E::RepliesOn: now.areRepliesOff = false; break;
    case E::Select: now.database = way.order.command.value(1).toInt(); break;
    case E::Auth:
        if (way.order.command.size() > 2)
            shared.user = QString::fromUtf8(way.order.command.value(1));
        else
            shared.user = u"default"_s;
        break;
    case E::Hello:
        if (way.order.command.size() > 1)
            now.isResp3 = way.order.command.value(1) == "3";
        break;
    case E::Reset:
        now = Shared::LinkNow();
        now.isResp3 = false;
        shared.held.clear();
        shared.user.clear();
        break;
    default: break;
    }
}

/// Makes connections opened from now on get the same settings as this one.
void ConsoleSending::greetAlike(Shared &shared, const Way &way)
{
    using E = LinkEffect;
    std::vector<Command> greeting = shared.links->greeting();
    const QString name = commandName(way.order.command);
    std::erase_if(greeting, [&](const Command &each) { return way.effect == E::Reset || commandName(each) == name; });
    if (way.effect != E::Reset)
        greeting.push_back(way.order.command);
    shared.links->setGreeting(std::move(greeting));
    // close the others, so that they are opened again with these settings
    if (way.order.aim.kind == ConsoleAim::Kind::Cluster)
        shared.links->dropAll(consoleError(Error::Code::Cancelled, tr("reconnected"), {}), way.nodeId);
}

bool ConsoleSending::follow(Shared &shared, Way &way, const Value &reply)
{
    const auto redirect = reply.isError() ? parseRedirect(reply.bytes()) : std::nullopt;
    const bool isHeld = !shared.held.isEmpty() || shared.now[way.nodeId].isInMulti || way.beginsMulti;
    if (!redirect || !way.order.followsRedirects || isHeld || way.order.aim.isBroadcast() || !shared.session)
        return false;
    const ClusterViewPtr view = shared.session->view();
    const NodeState *answering = view ? view->node(way.nodeId) : nullptr;
    const QString host = redirect->host.isEmpty() && answering ? answering->host() : redirect->host;
    const QString address = Endpoint{.host = host, .port = redirect->port, .socketPath = {}}.toString();
    const Result<QByteArray> node = shared.session->resolveNode(address);
    const bool isAsk = redirect->kind == Redirect::Kind::Ask;
    if (!node || (*node == way.nodeId && !isAsk))
        return false;
    way.nodeId = *node;
    way.isAsking = isAsk;
    if (!way.isAsking) {
        if (std::exchange(shared.movedOf, view->revision) != view->revision)
            shared.moved.clear();
        shared.moved[redirect->slot] = *node;
    }
    ConsoleOutcome &outcome = shared.entries[way.order.entry].answers[size_t(way.node)].outcome;
    outcome.redirects.append(way.isAsking ? tr("%1 redirected it once to %2 (slot %3 is being migrated)")
                                                .arg(outcome.nodeName, shared.nameOf(*node))
                                                .arg(redirect->slot)
                                          : tr("%1 redirected it to %2, which owns slot %3")
                                                .arg(outcome.nodeName, shared.nameOf(*node))
                                                .arg(redirect->slot));
    outcome.nodeId = *node;
    outcome.nodeName = shared.nameOf(*node);
    const NodeState *now = view->node(*node);
    outcome.fromReplica = now && now->isReplica();
    shared.tellOutcome(way.order.entry, way.node);
    return true;
}

} // namespace slotscope
