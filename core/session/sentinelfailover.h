// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// What came of a failover that the Sentinels were asked for; addresses as they announce them.
struct SentinelSwitch
{
    QString before, after;
    qint64 milliseconds = 0; ///< until the new primary said that it is one
};

/// Lets the Sentinels promote a replica (SENTINEL FAILOVER; they choose which), and waits until they name another
/// primary and that server says itself that it is one. ReadOnly and NeedsConsent where nothing was sent; NotReached
/// where it did not come within `deadlineMs`, with what is so then. `expected`: the primary that the user was shown;
/// Outdated where another one is it by now; empty: whoever is.
[[nodiscard]] QCoro::Task<Result<SentinelSwitch>> failOverBySentinels(ClusterSession &session, UserConsent consent,
                                                                      QString expected = {}, int deadlineMs = 30000);

/// The same for the window, over Remote.
class SentinelFailover
{
public:
    explicit SentinelFailover(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    [[nodiscard]] QCoro::Task<Result<SentinelSwitch>> run(UserConsent consent, QString expected);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
