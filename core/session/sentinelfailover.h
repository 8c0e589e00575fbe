// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// Result of a failover by the Sentinels, with the addresses as they announce them.
struct SentinelSwitch
{
    QString before, after;
    qint64 milliseconds = 0; ///< time until the new primary reported its role
};

/// Makes the Sentinels promote a replica of their choice (SENTINEL FAILOVER) and waits until they name another primary
/// and that server reports the role itself. Returns ReadOnly or NeedsConsent if nothing was sent, NotReached with the
/// current state if this took longer than `deadlineMs`. `expected` is the primary that the user saw; Outdated if
/// another server is primary by now. Empty accepts any.
[[nodiscard]] QCoro::Task<Result<SentinelSwitch>> failOverBySentinels(ClusterSession &session, UserConsent consent,
                                                                      QString expected = {}, int deadlineMs = 30000);

/// The same for the window, through Remote.
class SentinelFailover
{
public:
    explicit SentinelFailover(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    [[nodiscard]] QCoro::Task<Result<SentinelSwitch>> run(UserConsent consent, QString expected);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
