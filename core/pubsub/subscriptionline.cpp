// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pubsub/subscriptionline.h"

#include "core/base/clock.h"

namespace slotscope {
namespace {

constexpr int checksBetweenPings = 4;
constexpr int silentChecksAtLeast = 8; // requires several checks, because our own thread may have been blocked
const QByteArray pingCommand("PING");

} // namespace

SubscriptionLine::SubscriptionLine(QByteArray nodeId, bool resp3, QObject *parent)
    : QObject(parent), m_nodeId(std::move(nodeId)), m_resp3(resp3)
{ }

SubscriptionLine::~SubscriptionLine()
{
    if (m_link)
        m_link->disconnect(this);
}

void SubscriptionLine::open(const QPointer<ClusterSession> &session)
{
    if (session)
        opening(this, session);
}

QCoro::Task<> SubscriptionLine::opening(QPointer<SubscriptionLine> self, QPointer<ClusterSession> session)
{
    LinkPool::LeaseOptions options;
    options.listens = true;
    options.resp3 = self->m_resp3;
    const QByteArray id = self->m_nodeId;
    const Result<std::shared_ptr<DedicatedLink>> link = co_await session->lease(id, options);
    if (!self)
        co_return;
    if (!link) {
        self->takeEnd(link.error());
        co_return;
    }
    self->m_link = *link;
    self->m_pace.setLink(*link);
    connect(self->m_link.get(), &DedicatedLink::messageReceived, self.data(), &SubscriptionLine::take);
    connect(self->m_link.get(), &DedicatedLink::ended, self.data(), &SubscriptionLine::takeEnd);
    Q_EMIT self->opened();
}

void SubscriptionLine::tell(const QByteArray &command, SubscriptionKind kind, const QByteArray &name)
{
    if (!isOpen())
        return;
    const Command words = name.isNull() ? Command(1, command) : commandOf(command, name);
    m_asked.push_back({command, kind, name});
    m_link->tell(words);
}

void SubscriptionLine::subscribe(SubscriptionKind kind, const QByteArray &name)
{
    tell(subscribeCommand(kind), kind, name);
}

void SubscriptionLine::unsubscribe(SubscriptionKind kind, const QByteArray &name)
{
    tell(unsubscribeCommand(kind), kind, name);
}

qint64 SubscriptionLine::heardAt() const
{
    const qint64 silent = m_link ? std::max<qint64>(0, m_link->silentMs()) : 0;
    return steadyMs() - silent;
}

void SubscriptionLine::check()
{
    if (!isOpen())
        return;
    ++m_silentChecks;
    if (m_silentChecks >= silentChecksAtLeast && m_link->silentMs() >= silentMs) {
        const std::shared_ptr<DedicatedLink> held = m_link; // keeps the link alive during its end
        held->end({.code = Error::Code::Timeout,
                   .detail = tr("nothing arrived for %1 s, not even a reply to PING").arg(silentMs / 1000),
                   .serverPrefix = {},
                   .node = held->endpoint().toString(),
                   .command = {}});
        return;
    }
    if (++m_checks % checksBetweenPings == 0)
        tell(pingCommand, SubscriptionKind::Channel, {});
}

bool SubscriptionLine::isAnswered(const QByteArray &command, const QByteArray &name)
{
    if (m_asked.empty() || m_asked.front().command != command || m_asked.front().name != name)
        return false;
    m_asked.pop_front();
    return true;
}

/// Called for each message, up to 100,000 times a second.
void SubscriptionLine::take(const Value &value)
{
    m_silentChecks = 0;
    m_pace.took();
    const PubSubReply reply = readPubSubReply(value);
    using Kind = PubSubReply::Kind;
    switch (reply.what) {
    case Kind::Message: Q_EMIT messageReceived(reply.kind, reply.name, reply.channel, reply.payload); break;
    case Kind::Subscribed:
        isAnswered(subscribeCommand(reply.kind), reply.name);
        Q_EMIT subscribed(reply.kind, reply.name);
        break;
    case Kind::Unsubscribed:
        if (!isAnswered(unsubscribeCommand(reply.kind), reply.name))
            Q_EMIT takenAway(reply.kind, reply.name);
        break;
    case Kind::Pong: isAnswered(pingCommand, {}); break;
    case Kind::Refused: takeRefusal(value); break;
    case Kind::Other: break;
    }
}

void SubscriptionLine::takeRefusal(const Value &value)
{
    if (m_asked.empty()) // sent without a request, such as "-ERR … output buffer limits", before the connection ends
        return;
    const Asked asked = m_asked.front();
    m_asked.pop_front();
    const auto error = errorOf(value, m_link->endpoint().toString(), QString::fromLatin1(asked.command));
    if (error && asked.command == subscribeCommand(asked.kind))
        Q_EMIT refused(asked.kind, asked.name, *error, value.bytes());
}

void SubscriptionLine::takeEnd(const Error &error)
{
    if (!std::exchange(m_hasEnded, true))
        Q_EMIT ended(error);
}

} // namespace slotscope
