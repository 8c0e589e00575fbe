// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/pubsubreply.h"
#include "core/session/clustersession.h"
#include "core/session/pacedreading.h"

#include <QPointer>

#include <deque>

namespace slotscope {

/// A connection to one node that only subscribes. A server answers each command that is told here in order, in RESP2
/// and RESP3 alike, with messages in between. A PING now and then tells a node that is silent from one that is gone.
/// Does not reconnect. On the session's thread.
class SubscriptionLine final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SubscriptionLine)
public:
    static constexpr qint64 silentMs = 5000; ///< then the node is taken for gone

    SubscriptionLine(QByteArray nodeId, bool resp3, QObject *parent = nullptr);
    ~SubscriptionLine() override;

    void open(const QPointer<ClusterSession> &session);
    [[nodiscard]] bool isOpen() const { return m_link && m_link->isOpen(); }
    [[nodiscard]] const QByteArray &nodeId() const { return m_nodeId; }
    /// Key events as patterns.
    void subscribe(SubscriptionKind kind, const QByteArray &name);
    void unsubscribe(SubscriptionKind kind, const QByteArray &name);
    /// Called a few times a second.
    void check();
    /// steadyMs() when something came last.
    [[nodiscard]] qint64 heardAt() const;

Q_SIGNALS:
    void opened();
    void subscribed(slotscope::SubscriptionKind kind, const QByteArray &name);
    /// `words` are the server's own.
    void refused(slotscope::SubscriptionKind kind, const QByteArray &name, const slotscope::Error &error,
                 const QByteArray &words);
    void takenAway(slotscope::SubscriptionKind kind, const QByteArray &name); ///< by the server
    void messageReceived(slotscope::SubscriptionKind kind, const QByteArray &name, const QByteArray &channel,
                         const QByteArray &payload);
    void ended(const slotscope::Error &error); ///< once; also where it could not be opened

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
    /// Whether the oldest command that is not answered yet is this one, which is answered then.
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
