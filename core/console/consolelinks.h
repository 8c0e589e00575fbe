// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QPointer>

#include <map>

namespace slotscope {

/// Connections of one owner to chosen nodes, one per node, opened on request: for a console tab, a subscription or a
/// profiler. Unrequested messages are passed on with the node that sent them. Connections do not reconnect; after one
/// has ended, the next request opens a new one. On the session's thread.
class ConsoleLinks final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConsoleLinks)
public:
    using LinkPtr = std::shared_ptr<DedicatedLink>;

    explicit ConsoleLinks(QPointer<ClusterSession> session, QObject *parent = nullptr);
    ~ConsoleLinks() override;

    /// Applies to links opened from now on. A replica serves reads (READONLY) in any case.
    void setResp3(bool resp3) { m_resp3 = resp3; }
    /// Commands sent first over each link opened from now on. If the server refuses one, opening the link fails.
    void setGreeting(std::vector<Command> commands) { m_greeting = std::move(commands); }
    [[nodiscard]] const std::vector<Command> &greeting() const { return m_greeting; }

    /// Returns an open link to a node; concurrent callers get the same one.
    [[nodiscard]] QCoro::Task<Result<LinkPtr>> linkTo(QByteArray nodeId);
    [[nodiscard]] LinkPtr openLink(const QByteArray &nodeId) const; ///< null if there is none
    [[nodiscard]] QList<QByteArray> nodes() const; ///< ids of nodes with an open link
    /// Ends a link; pending requests fail with `reason`.
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
    std::map<QByteArray, std::vector<Awaited<bool>::Completer>> m_opening; ///< callers waiting for a link
};

} // namespace slotscope
