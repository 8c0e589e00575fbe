// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/subscriptions.h"
#include "core/session/remote.h"
#include "ui/shared/consentedcall.h"

#include <QTimer>

namespace slotscope {

class PageContext;

/// Subscriptions in the core thread, polled four times per second while there are any. GUI thread.
class PubSubFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PubSubFeed)
public:
    explicit PubSubFeed(PageContext &context, QObject *parent = nullptr);
    ~PubSubFeed() override;

    [[nodiscard]] bool hasSession() const { return m_subscriptions != nullptr; }
    void add(const slotscope::SubscriptionOrder &order);
    void remove(int id);
    void setPaused(int id, bool paused);
    void askAgain();
    void setMost(size_t messages);
    void clear();
    void setFilter(const slotscope::PubSubFilter &filter); ///< also polls
    void lookNow();
    void readChannels();
    /// Returns nothing if there is no session.
    [[nodiscard]] std::optional<QFuture<NodeReplies>> publish(const QByteArray &channel, const QByteArray &message,
                                                              bool shard, UserConsent consent);

Q_SIGNALS:
    void looked(const slotscope::PubSubSnapshot &snapshot);
    void added(int id);
    void addFailed(const slotscope::Error &error);
    void channelsRead(const slotscope::ActiveChannels &channels);
    void channelsFailed(const slotscope::Error &error);
    void sessionChanged(); ///< subscriptions of the previous session are gone

private:
    void takeDoor();
    template <typename Work>
    void tell(Work work)
    {
        if (m_subscriptions)
            m_subscriptions->tell(std::move(work));
        lookNow();
    }

    PageContext &m_context;
    std::unique_ptr<Remote<Subscriptions>> m_subscriptions; ///< null without a session
    PubSubFilter m_filter;
    size_t m_most = 0; ///< 0: default of the service
    quint64 m_serial = 0; ///< identifies the service; results of older ones are dropped
    bool m_underway = false, m_again = false, m_isReadingChannels = false;
    QTimer m_timer;
};

} // namespace slotscope
