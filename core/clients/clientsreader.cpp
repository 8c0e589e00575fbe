// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/clientsreader.h"

#include "core/base/text.h"
#include "core/base/tr.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QString clientsNodeName(const QPointer<ClusterSession> &session, const QByteArray &nodeId)
{
    const ClusterViewPtr view = session ? session->view() : nullptr;
    const NodeState *node = view ? view->node(nodeId) : nullptr;
    return node ? node->name : QString();
}

Error atNode(Error error, const QString &node)
{
    if (error.node.isEmpty())
        error.node = node;
    if (error.command.isEmpty())
        error.command = u"CLIENT LIST"_s;
    return error;
}

void takeInfo(NodeClients &result, const QByteArray &info)
{
    const QList<QByteArray> lines = info.split('\n');
    for (const QByteArray &each : lines) {
        const QByteArray line = each.trimmed();
        const QByteArray value = line.mid(line.indexOf(':') + 1);
        if (line.startsWith("maxclients:"))
            result.maxClients = toInteger(value);
        else if (line.startsWith("paused_actions:") && value != "none")
            result.pausedActions = value;
        else if (line.startsWith("paused_timeout_milliseconds:"))
            result.pausedMs = toInteger(value).value_or(0);
    }
}

} // namespace

QCoro::Task<Result<NodeClients>> ClientsReader::read(QByteArray nodeId)
{
    const QPointer<ClusterSession> session = m_session;
    NodeClients result;
    result.nodeId = nodeId;
    result.nodeName = clientsNodeName(session, nodeId);
    if (!session)
        co_return failure(Error::Code::Cancelled);
    if (result.nodeName.isEmpty())
        co_return failure(Error::Code::NoRoute, tr("this node is not known"));
    const Result<NodeLink *> link = co_await session->linkTo(nodeId);
    if (!link) {
        result.problem = atNode(link.error(), result.nodeName);
        co_return Result<NodeClients>(std::move(result));
    }
    result.runId = (*link)->identity().runId;
    std::vector<Command> commands;
    commands.push_back({"CLIENT"_ba, "LIST"_ba});
    commands.push_back({"INFO"_ba, "clients"_ba});
    const auto replies = co_await (*link)->sendAll(commands);
    if (!replies) {
        result.problem = atNode(replies.error(), result.nodeName);
        co_return Result<NodeClients>(std::move(result));
    }
    takeInfo(result, (*replies)[1].bytes());
    result.problem = errorOf((*replies)[0], result.nodeName, u"CLIENT LIST"_s);
    if (result.problem)
        co_return Result<NodeClients>(std::move(result));
    auto clients = parseClientList((*replies)[0].bytes());
    if (clients)
        result.clients = std::make_shared<const std::vector<ClientLine>>(std::move(*clients));
    else
        result.problem = atNode(clients.error(), result.nodeName);
    co_return Result<NodeClients>(std::move(result));
}

/// Kills a client by id and address, so that the server itself checks that it is the same client. A Unix socket's
/// address is not unique, and has several forms: in that case, the server's run id must be unchanged.
QCoro::Task<KilledClient> ClientsReader::killOne(QPointer<ClusterSession> session, ClientToKill client,
                                                 UserConsent consent)
{
    KilledClient result;
    result.client = client;
    result.nodeName = clientsNodeName(session, client.nodeId);
    Command command = commandOf("CLIENT", "KILL", "ID", QByteArray::number(client.id));
    if (isSocketAddress(client.address)) {
        const Result<NodeLink *> link = co_await session->linkTo(client.nodeId);
        if (link && (*link)->identity().runId != client.runId)
            co_return KilledClient(std::move(result));
        if (!session)
            co_return KilledClient(std::move(result));
    } else {
        command << "ADDR"_ba << client.address;
    }
    NodeSelection to;
    to.kind = NodeSelection::Kind::Node;
    to.nodeId = client.nodeId;
    const Result<QList<NodeReply>> replies = co_await session->call(std::move(command), to, consent);
    if (!replies) {
        result.outcome = KilledClient::Outcome::Refused;
        result.problem = replies.error();
        co_return KilledClient(std::move(result));
    }
    const Result<Value> reply = replies->isEmpty() ? Result<Value>() : replies->front().reply;
    if (!reply) {
        result.outcome = KilledClient::Outcome::Refused;
        result.problem = reply.error();
    } else if (reply->toInteger() > 0) {
        result.outcome = KilledClient::Outcome::Killed;
    }
    co_return KilledClient(std::move(result));
}

QCoro::Task<Result<std::vector<KilledClient>>> ClientsReader::kill(std::vector<ClientToKill> clients,
                                                                   UserConsent consent)
{
    const QPointer<ClusterSession> session = m_session;
    std::vector<KilledClient> results;
    for (const ClientToKill &client : clients) {
        if (!session)
            co_return failure(Error::Code::Cancelled);
        KilledClient result = co_await killOne(session, client, consent);
        const bool isHeld = result.problem
            && (result.problem->code == Error::Code::NeedsConsent || result.problem->code == Error::Code::ReadOnly);
        if (isHeld && results.empty())
            co_return failure(*result.problem);
        results.push_back(std::move(result));
    }
    co_return Result<std::vector<KilledClient>>(std::move(results));
}

QCoro::Task<Result<QList<NodeReply>>> ClientsReader::unpause(QByteArray nodeId, UserConsent consent)
{
    if (!m_session)
        co_return failure(Error::Code::Cancelled);
    NodeSelection to;
    to.kind = nodeId.isEmpty() ? NodeSelection::Kind::All : NodeSelection::Kind::Node;
    to.nodeId = nodeId;
    Command command = commandOf("CLIENT", "UNPAUSE");
    co_return co_await m_session->call(std::move(command), to, consent);
}

} // namespace slotscope
