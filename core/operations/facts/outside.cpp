// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes that are not in the cluster yet: what they are, before they are let in.
#include "core/operations/facts/nodefacts.h"
#include "core/operations/facts/rights.h"

#include "core/cluster/clusterinfo.h"
#include "core/cluster/nodestable.h"
#include "core/cluster/serverinfo.h"
#include "core/net/nodelink.h"

#include <QDateTime>
#include <QHostAddress>
#include <QHostInfo>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

enum OutsideQuestion : size_t { Info, MyId, StateOfCluster, Table, Functions, Further };

Awaited<QString> resolve(const QString &host)
{
    if (!QHostAddress(host).isNull())
        return Awaited<QString>::finished(host);
    Awaited<QString>::Completer completer;
    Awaited<QString> awaited = completer.awaited();
    QHostInfo::lookupHost(host, [completer](const QHostInfo &info) mutable {
        const QList<QHostAddress> addresses = info.addresses();
        const auto v4 = std::find_if(addresses.begin(), addresses.end(), [](const QHostAddress &address) {
            return address.protocol() == QAbstractSocket::IPv4Protocol;
        });
        completer.complete(v4 != addresses.end()     ? v4->toString()
                               : addresses.isEmpty() ? QString()
                                                     : addresses.constFirst().toString());
    });
    return awaited;
}

using LinkPtr = std::shared_ptr<NodeLink>;

LinkPtr linkTo(const Endpoint &endpoint, const Access &access)
{
    ConnectionOptions options;
    options.endpoint = endpoint;
    options.credentials = access.credentials;
    options.tls = access.tls;
    options.way = access.way;
    options.renamed = access.renamed;
    LinkPtr link(new NodeLink(options), [](NodeLink *old) { old->deleteLater(); });
    link->start();
    return link;
}

QCoro::Task<Result<std::vector<Value>>> askLink(LinkPtr link, std::vector<Command> questions)
{
    auto replies = co_await link->sendAll(questions);
    co_return replies;
}

void takeOutside(OutsideNode &node, const std::vector<Value> &replies)
{
    if (const auto info = parseServerInfo(replies[Info].bytes())) {
        node.product = info->product;
        node.version = info->version;
        node.keys = info->keys;
        node.runId = info->runId;
        node.maxMemory = info->maxMemory;
        node.usedMemory = info->usedMemory;
    }
    node.clusterEnabled = !replies[StateOfCluster].isError();
    if (!node.clusterEnabled) {
        const auto error = errorOf(replies[StateOfCluster], node.endpoint.toString(), u"CLUSTER INFO"_s);
        node.answered = error->code == Error::Code::ClusterDisabled;
        node.error = *error;
        return;
    }
    node.id = replies[MyId].isError() ? QByteArray() : replies[MyId].bytes();
    if (const auto clusterInfo = parseClusterInfo(replies[StateOfCluster].bytes())) {
        node.knownNodes = clusterInfo->knownNodes;
        node.epoch = std::max(clusterInfo->currentEpoch, clusterInfo->myEpoch);
    }
    const auto table = parseClusterNodes(replies[Table].bytes());
    if (const NodeLine *self = table ? table->self() : nullptr) {
        node.owned = self->slots;
        node.busPort = self->address.busPort;
        node.epoch = std::max(node.epoch, self->configEpoch);
        if (node.id.isEmpty())
            node.id = self->id;
    }
    if (replies[Functions].isAggregate())
        node.functionCount = qint64(replies[Functions].items().size());
    node.facts.functionCount = node.functionCount;
}

QCoro::Task<OutsideNode> gatherOne(Endpoint endpoint, Access access)
{
    OutsideNode node;
    node.endpoint = endpoint;
    if (access.way.isDirect())
        node.ip = co_await resolve(endpoint.host);
    else if (!QHostAddress(endpoint.host).isNull()) // a host name may resolve differently here than at the far end of
                                                    // the tunnel
        node.ip = endpoint.host;
    Access stranger; // access without a password
    stranger.tls = access.tls;
    stranger.way = access.way;
    stranger.renamed = access.renamed;
    LinkPtr link = linkTo(endpoint, stranger);
    bool ready = co_await link->settled();
    node.authRequired = !ready && link->error().code == Error::Code::AuthRequired;
    if (access.credentials.hasSecret() && (ready || node.authRequired)) {
        // also if no password is required, because a user may have more permissions
        LinkPtr known = linkTo(endpoint, access);
        const bool welcome = co_await known->settled();
        if (welcome || !ready) {
            link = std::move(known);
            ready = welcome;
        }
    }
    if (!ready) {
        node.error = link->error();
        co_return OutsideNode(node);
    }
    std::vector<Command> questions;
    questions.push_back(commandOf("INFO"));
    questions.push_back(commandOf("CLUSTER", "MYID"));
    questions.push_back(commandOf("CLUSTER", "INFO"));
    questions.push_back(commandOf("CLUSTER", "NODES"));
    questions.push_back(commandOf("FUNCTION", "LIST"));
    const std::vector<Command> capabilities = capabilityQuestions();
    questions.insert(questions.end(), capabilities.begin(), capabilities.end());
    const auto replies = co_await link->sendAll(questions);
    node.answered = replies.has_value();
    node.error = node.answered ? Error{} : replies.error();
    if (node.answered) {
        node.facts.answered = true;
        takeCapabilities(node.facts, std::vector<Value>(replies->begin() + Further, replies->end()));
        takeOutside(node, *replies);
        const AskNode ask = [link](std::vector<Command> asked) { return askLink(link, std::move(asked)); };
        node.facts = co_await withRights(node.facts, ask);
        const FurtherNeeds needs{.functions = false, .moves = false, .replication = true, .setting = {}};
        const std::vector<Command> further = furtherQuestions(node.facts, needs);
        const auto told = co_await askLink(link, further);
        QHash<QByteArray, QByteArray> none;
        if (told)
            takeFurther(node.facts, needs, further, *told, none);
    }
    co_return OutsideNode(node);
}

} // namespace

QCoro::Task<Result<std::shared_ptr<OperationFacts>>> gatherOutside(QList<Endpoint> endpoints, Access access)
{
    const auto facts = std::make_shared<OperationFacts>();
    std::vector<QCoro::Task<OutsideNode>> tasks;
    for (const Endpoint &endpoint : endpoints)
        tasks.push_back(gatherOne(endpoint, access));
    for (QCoro::Task<OutsideNode> &task : tasks)
        facts->outside.append(co_await task);
    co_return Result<std::shared_ptr<OperationFacts>>(facts);
}

} // namespace slotscope
