// SPDX-License-Identifier: GPL-3.0-or-later
// What MIGRATE must know of the two nodes between which keys go.
#include "core/base/tr.h"
#include "core/operations/migration/keymover.h"
#include "core/operations/facts/nodefacts.h"

#include "core/base/text.h"
#include "core/cluster/serverinfo.h"

#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Value of a CONFIG GET setting; nullopt if refused or unknown.
QCoro::Task<std::optional<QByteArray>> setting(std::shared_ptr<NodeLink> link, QByteArray name)
{
    const auto reply = co_await link->send(commandOf("CONFIG", "GET", name));
    const Value *value = reply ? reply->find(name) : nullptr;
    co_return value ? std::optional(value->bytes()) : std::nullopt;
}

/// Whether a harmless probe command was refused because the user lacks permission or the server does not know it
/// (rename-command), not because of its arguments, which it is meant to be.
bool isDenied(const Value &reply)
{
    if (!reply.isError())
        return false;
    const QByteArray text = reply.bytes().toLower();
    return (reply.errorCode() == "NOPERM" && text.contains("to run")) || text.contains("unknown command")
        || text.contains("unknown subcommand");
}

/// Sends probe commands that the server must refuse because of their arguments. If one is refused for lack of
/// permission, the move would fail half-way.
QCoro::Task<Result<>> probeRights(std::shared_ptr<KeyRoute> route)
{
    const QList<Command> source = probesOfSource(route->targetHost, route->targetPort), target = probesOfTarget();
    const std::vector<Command> ofSource(source.begin(), source.end()), ofTarget(target.begin(), target.end());
    const std::array ends{std::pair(route->sourceLink, ofSource), std::pair(route->targetLink, ofTarget)};
    for (const auto &[link, questions] : ends) {
        const auto replies = co_await link->sendAll(questions);
        if (!replies)
            co_return failure(replies.error());
        for (size_t i = 0; i < replies->size(); ++i) {
            const Value &reply = (*replies)[i];
            if (isDenied(reply))
                co_return failure(*errorOf(reply, link->endpoint().toString(), commandName(questions[i])));
        }
    }
    co_return Result<>();
}

} // namespace

QCoro::Task<Result<>> openDatabases(std::shared_ptr<RunContext> context, std::shared_ptr<KeyRoute> route,
                                    Value keyspace)
{
    const auto known = [&route](int number) {
        return std::any_of(route->databases.begin(), route->databases.end(),
                           [number](const KeyRoute::Database &database) { return database.number == number; });
    };
    const auto databases = databasesIn(keyspace, route->source.address);
    if (!databases)
        co_return failure(databases.error());
    const QList<int> numbers = *databases;
    for (const int number : numbers) {
        if (known(number))
            continue;
        const auto link = co_await RunContext::ownLink(context, route->source, number, route->patienceMs);
        if (!link)
            co_return failure(link.error());
        if (!known(number)) // another lane may have opened it meanwhile
            route->databases.push_back({.number = number, .link = *link});
    }
    co_return Result<>();
}

QCoro::Task<Result<std::shared_ptr<KeyRoute>>> openRoute(std::shared_ptr<RunContext> context, NodeRef source,
                                                         NodeRef target, int callTimeoutMs)
{
    auto route = std::make_shared<KeyRoute>();
    route->source = source;
    route->target = target;
    const ClusterViewPtr view = context->session ? context->session->view() : nullptr;
    const NodeState *node = view ? view->node(target.id) : nullptr;
    const auto endpoint = Endpoint::parse(node ? node->address.toString() : target.address);
    if (!endpoint)
        co_return failure(endpoint.error());
    route->targetHost = endpoint->host.toUtf8();
    route->targetPort = QByteArray::number(endpoint->port);
    constexpr int leastPatienceMs = 120000; // a huge key takes long; the link itself notices a dead node
    constexpr int stepsOfCall = 4; // number of I/O steps in a call, each with its own timeout
    const int patienceMs = std::max(leastPatienceMs, stepsOfCall * callTimeoutMs);
    auto link = co_await RunContext::ownLink(context, target, 0, patienceMs);
    if (!link)
        co_return failure(link.error());
    route->targetLink = *link;
    link = co_await RunContext::ownLink(context, source, 0, patienceMs);
    if (!link)
        co_return failure(link.error());
    route->sourceLink = *link;
    route->patienceMs = patienceMs;
    route->databases.push_back({.number = 0, .link = route->sourceLink});
    const auto keyspace = co_await route->sourceLink->send(commandOf("INFO", "keyspace"));
    if (!keyspace)
        co_return failure(keyspace.error());
    const auto opened = co_await openDatabases(context, route, *keyspace);
    if (!opened)
        co_return failure(opened.error());
    const auto server = co_await route->sourceLink->send(commandOf("INFO", "server"));
    if (const auto info = parseServerInfo(server ? server->bytes() : QByteArray()))
        route->sourceRun = info->runId;
    const auto tls = co_await setting(route->sourceLink, "tls-cluster");
    if (tls == QByteArray("yes")) {
        const auto port = co_await setting(route->targetLink, "tls-port");
        if (port && *port != "0")
            route->targetPort = *port;
    }
    const std::array ends{route->sourceLink, route->targetLink};
    for (const std::shared_ptr<NodeLink> &end : ends) {
        const auto text = co_await setting(end, "cluster-node-timeout");
        const int timeout = text ? int(toInteger(*text).value_or(0)) : 0;
        if (timeout > 0 && (route->nodeTimeoutMs == 0 || timeout < route->nodeTimeoutMs))
            route->nodeTimeoutMs = timeout;
    }
    if (route->nodeTimeoutMs > 0 && callTimeoutMs >= route->nodeTimeoutMs)
        co_return failure(Error{
            .code = Error::Code::InvalidArgument,
            .detail =
                tr("the timeout of a MIGRATE call, %1, exceeds cluster-node-timeout, %2: a node busy with the call "
                   "would be failed over, and the key could be lost. Raise cluster-node-timeout on all nodes first")
                    .arg(duration(callTimeoutMs), duration(route->nodeTimeoutMs)),
            .serverPrefix = {},
            .node = source.address,
            .command = u"MIGRATE"_s});
    constexpr int unknownNodeTimeoutMs = 5000; // conservative value if the setting cannot be read
    constexpr int longestStallMs = 3000; // limit, because clients have to wait as well
    const int nodeTimeoutMs = route->nodeTimeoutMs > 0 ? route->nodeTimeoutMs : unknownNodeTimeoutMs;
    route->stallBudgetMs = std::min(nodeTimeoutMs / 2, longestStallMs);
    route->room = std::make_shared<InFlightLimit>(route->stallBudgetMs);
    route->migrateTimeoutMs = callTimeoutMs > 0 ? callTimeoutMs : std::clamp(nodeTimeoutMs * 45 / 100, 100, 5000);
    const auto allowed = co_await probeRights(route);
    if (!allowed)
        co_return failure(allowed.error());
    QStringList probes;
    for (const Command &probe : probesOfSource(route->targetHost, route->targetPort))
        probes.append(commandLine(probe));
    context->log(tr("%1 and %2 may move keys: checked with commands that change nothing (%3; on the target: %4, %5)")
                     .arg(source.address, target.address, probes.join(u", "_s), commandLine(probesOfTarget()[0]),
                          commandLine(probesOfTarget()[1])));
    route->credentials = context->target.credentials;
    co_return Result<std::shared_ptr<KeyRoute>>(route);
}

} // namespace slotscope
