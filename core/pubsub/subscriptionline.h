// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/pubsubreply.h"
#include "core/session/clustersession.h"
#include "core/session/pacedreading.h"

#include <QPointer>

#include <deque>

namespace slotscope {

/// A connection to one node that only subscribes. The server answers commands in order, in RESP2 and RESP3, with
/// messages in between. A PING now and then shows whether a silent node is alive. Does not reconnect. On the session's
/// thread.
class SubscriptionLine final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SubscriptionLine)
public:
    static constexpr qint64 silentMs = 5000; ///< after this silence, the node counts as lost

    SubscriptionLine(QByteArray nodeId, bool resp3, QObject *parent = nullptr);
    ~SubscriptionLine() override;

    void open(const QPointer<ClusterSession> &session);
    [[nodiscard]] bool isOpen() const { return m_link && m_link->isOpen(); }
    [[nodiscard]] const QByteArray &nodeId() const { return m_nodeId; }
    /// Subscribes; key events count as patterns.
    void subscribe(SubscriptionKind kind, const QByteArray &name);
    void unsubscribe(SubscriptionKind kind, const QByteArray &name);
    /// Call several times a second.
    void check();
    /// steadyMs() when data last arrived.
    [[nodiscard]] qint64 heardAt() const;

Q_SIGNALS:
    void opened();
    void subscribed(slotscope::SubscriptionKind kind, const QByteArray &name);
    /// `words` is the server's message.
    void refused(slotscope::SubscriptionKind kind, const QByteArray &name, const slotscope::Error &error,
                 const QByteArray &words);
    void takenAway(slotscope::SubscriptionKind kind, const QByteArray &name); ///< the server ended the subscription
    void messageReceived(slotscope::SubscriptionKind kind, const QByteArray &name, const QByteArray &channel,
                         const QByteArray &payload);
    void ended(const slotscope::Error &error); ///< emitted once, also if the connection could not be opened

private:
    struct Asked
    {
        QByteArray command;
        SubscriptionKind kind = SubscriptionKind::Channel;
        QByteArray name;
    };
    static QCoro::Task<> opening(QPointer<SubscriptionLine> self, QPointer<ClusterSession> session);
    void tell(const QByteArray &command, SubscriptionKind kind, const QByteArray &name);
    void take(const Value &value);
    void takeRefusal(const Value &value);
    void takeEnd(const Error &error);
    /// Whether the oldest unanswered command is this one, which then counts as answered.
    bool isAnswered(const QByteArray &command, const QByteArray &name);

    QByteArray m_nodeId;
    bool m_resp3;
    std::shared_ptr<DedicatedLink> m_link;
    PacedReading m_pace;
    std::deque<Asked> m_asked;
    int m_checks = 0, m_silentChecks = 0;
    bool m_hasEnded = false;
};

} // namespace slotscope
