// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QPointer>

#include <map>

namespace slotscope {

/// Connections of one user's own to chosen nodes, one a node, opened when they are asked for: what a console's tab, a
/// subscription or a profiler needs. Everything that arrives unasked is told with the node that it came from. None
/// reconnects; one that ended is opened anew when it is asked for again. On the session's thread.
class ConsoleLinks final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConsoleLinks)
public:
    using LinkPtr = std::shared_ptr<DedicatedLink>;

    explicit ConsoleLinks(QPointer<ClusterSession> session, QObject *parent = nullptr);
    ~ConsoleLinks() override;

    /// For links that are opened from now on. A replica serves reads (READONLY) in any case.
    void setResp3(bool resp3) { m_resp3 = resp3; }
    /// Sent over each link that is opened from now on, before anything else; where one is refused, the link is not had.
    void setGreeting(std::vector<Command> commands) { m_greeting = std::move(commands); }
    [[nodiscard]] const std::vector<Command> &greeting() const { return m_greeting; }

    /// The link to a node, open; callers that ask at the same time get the same one.
    [[nodiscard]] QCoro::Task<Result<LinkPtr>> linkTo(QByteArray nodeId);
    [[nodiscard]] LinkPtr openLink(const QByteArray &nodeId) const; ///< null where there is none
    [[nodiscard]] QList<QByteArray> nodes() const; ///< that a link is open to
    /// Ends a link; what waits on it fails with the reason.
    void drop(const QByteArray &nodeId, const Error &reason);
    void dropAll(const Error &reason, const QByteArray &exceptNode = {});

Q_SIGNALS:
    void messageReceived(const QByteArray &nodeId, const slotscope::Value &message);
    void attributeReceived(const QByteArray &nodeId, const slotscope::Value &attribute, size_t place);
    void ended(const QByteArray &nodeId, const slotscope::Error &error);

private:
    [[nodiscard]] static QCoro::Task<Result<LinkPtr>> opened(QPointer<ConsoleLinks> self, QByteArray nodeId);

    QPointer<ClusterSession> m_session;
    bool m_resp3 = true;
    std::vector<Command> m_greeting;
    std::map<QByteArray, LinkPtr> m_links;
    std::map<QByteArray, std::vector<Awaited<bool>::Completer>> m_opening; ///< who waits for one
};

} // namespace slotscope
