// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/consolelinks.h"

namespace slotscope {

ConsoleLinks::ConsoleLinks(QPointer<ClusterSession> session, QObject *parent)
    : QObject(parent), m_session(std::move(session))
{ }

ConsoleLinks::~ConsoleLinks()
{
    blockSignals(true);
    for (auto &[node, waiting] : std::exchange(m_opening, {}))
        for (auto &completer : waiting)
            completer.complete(false);
}

QCoro::Task<Result<ConsoleLinks::LinkPtr>> ConsoleLinks::linkTo(QByteArray nodeId)
{
    const QPointer<ConsoleLinks> self(this);
    if (LinkPtr link = openLink(nodeId))
        co_return Result<LinkPtr>(std::move(link));
    if (const auto opening = m_opening.find(nodeId); opening != m_opening.end()) {
        Awaited<bool> done = opening->second.emplace_back().awaited();
        std::ignore = co_await done;
        LinkPtr link = self ? openLink(nodeId) : nullptr;
        if (link)
            co_return Result<LinkPtr>(std::move(link));
        co_return failure(Error::Code::ConnectionLost, tr("the connection could not be opened"));
    }
    m_opening[nodeId];
    Result<LinkPtr> link = co_await opened(self, nodeId);
    if (!self)
        co_return failure(Error::Code::Cancelled);
    auto waiting = std::move(m_opening[nodeId]);
    m_opening.erase(nodeId);
    for (auto &completer : waiting)
        completer.complete(true);
    co_return Result<LinkPtr>(std::move(link));
}

QCoro::Task<Result<ConsoleLinks::LinkPtr>> ConsoleLinks::opened(QPointer<ConsoleLinks> self, QByteArray nodeId)
{
    if (!self || !self->m_session)
        co_return failure(Error::Code::Cancelled);
    LinkPool::LeaseOptions options;
    options.listens = true;
    options.resp3 = self->m_resp3;
    const ClusterViewPtr view = self->m_session->view();
    const NodeState *node = view ? view->node(nodeId) : nullptr;
    options.readonlyReplica = view && view->cluster && node && node->isReplica();
    Result<LinkPtr> link = co_await self->m_session->lease(nodeId, options);
    if (!self)
        co_return failure(Error::Code::Cancelled);
    if (!link)
        co_return failure(link.error());
    const LinkPtr open = *link;
    const std::vector<Command> greeting = self->m_greeting;
    if (!greeting.empty()) {
        const auto replies = co_await open->sendAll(greeting);
        if (!self)
            co_return failure(Error::Code::Cancelled);
        if (!replies)
            co_return failure(replies.error());
        for (size_t i = 0; i < replies->size(); ++i)
            if (auto refused = errorOf((*replies)[i], open->endpoint().toString(), commandName(greeting[i])))
                co_return failure(std::move(*refused));
    }
    const auto forget = [self, nodeId, raw = open.get()](const Error &error) {
        const auto found = self->m_links.find(nodeId);
        if (found == self->m_links.end() || found->second.get() != raw)
            return;
        const LinkPtr kept = found->second; // keeps the link alive during its own signal
        self->m_links.erase(found);
        Q_EMIT self->ended(nodeId, error);
    };
    connect(open.get(), &DedicatedLink::messageReceived, self.data(),
            [self, nodeId](const Value &message) { Q_EMIT self->messageReceived(nodeId, message); });
    connect(open.get(), &DedicatedLink::attributeReceived, self.data(),
            [self, nodeId](const Value &value, size_t place) { Q_EMIT self->attributeReceived(nodeId, value, place); });
    connect(open.get(), &DedicatedLink::ended, self.data(), forget);
    self->m_links[nodeId] = open;
    co_return Result<LinkPtr>(open);
}

ConsoleLinks::LinkPtr ConsoleLinks::openLink(const QByteArray &nodeId) const
{
    const auto found = m_links.find(nodeId);
    return found != m_links.end() && found->second->isOpen() ? found->second : nullptr;
}

QList<QByteArray> ConsoleLinks::nodes() const
{
    QList<QByteArray> nodes;
    for (const auto &[node, link] : m_links)
        nodes.append(node);
    return nodes;
}

void ConsoleLinks::drop(const QByteArray &nodeId, const Error &reason)
{
    if (const LinkPtr link = openLink(nodeId))
        link->end(reason);
}

void ConsoleLinks::dropAll(const Error &reason, const QByteArray &exceptNode)
{
    const QList<QByteArray> all = nodes();
    for (const QByteArray &node : all)
        if (node != exceptNode)
            drop(node, reason);
}

} // namespace slotscope
