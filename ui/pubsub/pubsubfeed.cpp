// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pubsub/pubsubfeed.h"

#include "core/base/whendone.h"
#include "ui/shared/pagecontext.h"

namespace slotscope {
namespace {

constexpr int pubsubLookMs = 250;

MessageBook::Bounds boundsFor(size_t messages)
{
    MessageBook::Bounds bounds;
    bounds.messages = messages;
    return bounds;
}

} // namespace

PubSubFeed::PubSubFeed(PageContext &context, QObject *parent) : QObject(parent), m_context(context)
{
    m_timer.setInterval(pubsubLookMs);
    connect(&m_timer, &QTimer::timeout, this, &PubSubFeed::lookNow);
    connect(&context, &PageContext::doorChanged, this, &PubSubFeed::takeDoor);
    takeDoor();
}

PubSubFeed::~PubSubFeed() = default;

void PubSubFeed::takeDoor()
{
    m_subscriptions.reset();
    m_timer.stop();
    m_underway = m_again = m_isReadingChannels = false;
    ++m_serial;
    if (SessionDoor *door = m_context.door())
        m_subscriptions = std::make_unique<Remote<Subscriptions>>(*door);
    if (m_most > 0)
        setMost(m_most);
    Q_EMIT sessionChanged();
}

void PubSubFeed::add(const SubscriptionOrder &order)
{
    if (!m_subscriptions)
        return;
    whenDone(m_subscriptions->call<int>([order](Subscriptions &subscriptions) { return subscriptions.addNow(order); }),
             this, [this, serial = m_serial](const Result<int> &id) {
                 if (serial != m_serial)
                     return;
                 if (id)
                     Q_EMIT added(*id);
                 else
                     Q_EMIT addFailed(id.error());
                 lookNow();
             });
    m_timer.start();
}

void PubSubFeed::remove(int id)
{
    tell([id](Subscriptions &subscriptions) { subscriptions.remove(id); });
}

void PubSubFeed::setPaused(int id, bool paused)
{
    tell([id, paused](Subscriptions &subscriptions) { subscriptions.setPaused(id, paused); });
}

void PubSubFeed::askAgain()
{
    tell([](Subscriptions &subscriptions) { subscriptions.askAgain(); });
}

void PubSubFeed::setMost(size_t messages)
{
    m_most = messages;
    tell([messages](Subscriptions &subscriptions) { subscriptions.setBounds(boundsFor(messages)); });
}

void PubSubFeed::clear()
{
    tell([](Subscriptions &subscriptions) { subscriptions.clear(); });
}

void PubSubFeed::setFilter(const PubSubFilter &filter)
{
    m_filter = filter;
    lookNow();
}

void PubSubFeed::lookNow()
{
    if (!m_subscriptions)
        return;
    if (std::exchange(m_underway, true)) {
        m_again = true;
        return;
    }
    whenDone(m_subscriptions->call<PubSubSnapshot>(
                 [filter = m_filter](Subscriptions &subscriptions) { return subscriptions.lookNow(filter); }),
             this, [this, serial = m_serial](const Result<PubSubSnapshot> &snapshot) {
                 if (serial != m_serial)
                     return;
                 m_underway = false;
                 if (snapshot) {
                     const bool isIdle = snapshot->subscriptions.empty() && !snapshot->isSearching;
                     if (isIdle)
                         m_timer.stop();
                     else if (!m_timer.isActive()) // an earlier poll found no subscription and stopped the timer
                         m_timer.start();
                     Q_EMIT looked(*snapshot);
                 }
                 if (std::exchange(m_again, false))
                     lookNow();
             });
}

void PubSubFeed::readChannels()
{
    if (!m_subscriptions || std::exchange(m_isReadingChannels, true))
        return;
    whenDone(m_subscriptions->call<ActiveChannels>(
                 [](Subscriptions &subscriptions) { return subscriptions.activeChannels(); }),
             this, [this, serial = m_serial](const Result<ActiveChannels> &channels) {
                 if (serial != m_serial)
                     return;
                 m_isReadingChannels = false;
                 if (channels)
                     Q_EMIT channelsRead(*channels);
                 else if (channels.error().code != Error::Code::Cancelled)
                     Q_EMIT channelsFailed(channels.error());
             });
}

std::optional<QFuture<NodeReplies>> PubSubFeed::publish(const QByteArray &channel, const QByteArray &message,
                                                        bool shard, UserConsent consent)
{
    if (!m_subscriptions)
        return std::nullopt;
    return m_subscriptions->call<QList<NodeReply>>([channel, message, shard, consent](Subscriptions &subscriptions) {
        return subscriptions.publish(channel, message, shard, consent);
    });
}

} // namespace slotscope
